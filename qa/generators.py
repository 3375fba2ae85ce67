"""Messages in, a model's text out: a local transformers model, or a server that speaks the OpenAI protocol."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as OutOfTime
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from config import Config, ConfigError
from qa.prompt import Message

if TYPE_CHECKING:
    from openai import OpenAI

NO_KEY_NEEDED = "none"  # the client insists on some key; a server on this machine often asks for none


class GeneratorError(RuntimeError):
    """No text came. The message names the setting to look at; `shown` says it to the user of the page, in Chinese."""

    def __init__(self, message: str, *, shown: str) -> None:
        super().__init__(message)
        self.shown = shown


class Generator(Protocol):
    def generate(self, messages: Sequence[Message], *, max_new_tokens: int) -> str: ...


def generator_from_config(config: Config) -> Generator:
    """Return the generator that `config.answerer` names; nothing is loaded or asked yet. Raises ConfigError."""
    settings = config.answerer
    if not settings.model:
        raise ConfigError(f"answerer.model: expected a model for answerer.kind {settings.kind!r}, found ''.")
    if settings.kind == "openai":
        return OpenAIGenerator(
            settings.base_url, settings.model, settings.api_key_env, settings.timeout_seconds
        )
    folder = config.resolve(settings.model)
    name = str(folder) if folder.is_dir() else settings.model
    return TransformersGenerator(name, config.encoder.device, max_seconds=settings.timeout_seconds)


class TransformersGenerator:
    """A local chat model, decoded greedily; loaded on first use, one question at a time. Asks no hub."""

    def __init__(self, model: str, device: str = "cpu", *, max_seconds: float | None = None) -> None:
        self.model, self.device, self.max_seconds = model, device, max_seconds
        self._lock = Lock()

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        """The tokenizer and the model."""
        # A slow import, which only this answerer needs.
        from transformers import AutoModelForCausalLM, AutoTokenizer

        try:
            tokenizer: Any = AutoTokenizer.from_pretrained(self.model, local_files_only=True)
            model: Any = AutoModelForCausalLM.from_pretrained(self.model, local_files_only=True)
            model = model.to(self.device).eval()
        except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
            raise GeneratorError(
                f"answerer.model: {self.model!r} cannot be loaded as a chat model ({str(error).splitlines()[0]}); give the "
                "folder of a model, or the name of one that is in the local cache: nothing is downloaded.",
                shown=f"模型 {Path(self.model).name} 无法加载",
            ) from error
        if not tokenizer.chat_template:
            raise GeneratorError(
                f"answerer.model: the tokenizer of {self.model!r} has no chat template; name a chat (instruct) model.",
                shown=f"模型 {Path(self.model).name} 不是对话模型",
            )
        return tokenizer, model

    def generate(self, messages: Sequence[Message], *, max_new_tokens: int) -> str:
        """Return what the model answers. Raises GeneratorError."""
        import torch

        with self._lock:
            tokenizer, model = self._loaded
            turns = [{"role": message.role, "content": message.content} for message in messages]
            inputs = tokenizer.apply_chat_template(
                turns, add_generation_prompt=True, return_tensors="pt", return_dict=True
            ).to(self.device)
            length = inputs["input_ids"].shape[1]
            self._check_length(
                length + max_new_tokens, getattr(model.config, "max_position_embeddings", None)
            )
            pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id
            try:
                with torch.inference_mode():
                    output = model.generate(
                        input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"], do_sample=False,
                        temperature=None, top_p=None, top_k=None, max_new_tokens=max_new_tokens, pad_token_id=pad,
                        max_time=self.max_seconds,
                    )  # fmt: skip
            except RuntimeError as error:  # out of memory, most often
                raise GeneratorError(
                    f"answerer.model: {self.model!r} failed ({error})", shown="模型运行出错"
                ) from error
            return str(tokenizer.decode(output[0][length:], skip_special_tokens=True))

    def _check_length(self, needed: int, limit: int | None) -> None:
        if limit and needed > limit:
            raise GeneratorError(
                f"answerer.model: {self.model!r} reads {limit} tokens, the question needs {needed}; name a model with a "
                "longer context or lower answerer.max_new_tokens.",
                shown="所需文字超过了模型的长度上限",
            )


class OpenAIGenerator:
    """A server that speaks the OpenAI protocol (vLLM, Ollama, …); the key comes from the environment only."""

    def __init__(self, base_url: str, model: str, api_key_env: str, timeout: float) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError(
                f"answerer.base_url: expected such as http://127.0.0.1:8000/v1, found {base_url!r}."
            )
        key = os.environ.get(api_key_env, "")
        self._local = _is_loopback(parts.hostname)
        if not key and not self._local:
            raise ConfigError(
                f"answerer.api_key_env: the environment has no {api_key_env}, which {base_url} needs."
            )
        self.base_url, self.model, self.timeout = base_url, model, timeout
        self._key = key or NO_KEY_NEEDED

    @cached_property
    def _client(self) -> OpenAI:
        from openai import DefaultHttpxClient, OpenAI

        # A proxy of the environment must not see what is meant for this machine, nor a redirect carry it elsewhere.
        http = DefaultHttpxClient(trust_env=not self._local, follow_redirects=False)
        return OpenAI(
            base_url=self.base_url, api_key=self._key, timeout=self.timeout, max_retries=0, http_client=http
        )

    def generate(self, messages: Sequence[Message], *, max_new_tokens: int) -> str:
        """Return what the server answers, asked once. Raises GeneratorError, also when it takes longer than `timeout`."""
        client = self._client  # its slow import is no part of the server's time
        # The client's own limit is for each read: a dripping server would outlast it.
        pool = ThreadPoolExecutor(max_workers=1)
        try:
            return pool.submit(self._complete, client, messages, max_new_tokens).result(self.timeout)
        except OutOfTime as error:
            raise self._out_of_time() from error
        finally:
            pool.shutdown(wait=False)

    def _complete(self, client: OpenAI, messages: Sequence[Message], max_new_tokens: int) -> str:
        from openai import APIConnectionError, APIStatusError, APITimeoutError, OpenAIError
        from openai.types.chat import ChatCompletion

        turns: Any = [{"role": message.role, "content": message.content} for message in messages]
        try:
            reply = client.chat.completions.create(
                model=self.model, messages=turns, max_tokens=max_new_tokens, temperature=0
            )
        except APITimeoutError as error:
            raise self._out_of_time() from error
        except APIConnectionError as error:
            raise GeneratorError(
                f"answerer.base_url: no connection to {self.base_url} ({error}); is the server running?",
                shown="连接不上模型服务",
            ) from error
        except APIStatusError as error:
            raise GeneratorError(
                f"answerer.base_url: {self.base_url} answered with status {error.status_code}; see its log, "
                f"answerer.model {self.model!r} and the key.",
                shown=f"模型服务返回错误（{error.status_code}）",
            ) from error
        except (OpenAIError, ValueError) as error:
            raise self._unreadable() from error
        message: Any = (
            reply.choices[0].message if isinstance(reply, ChatCompletion) and reply.choices else None
        )
        content = getattr(message, "content", None)  # the client checks no types
        if message is None or not isinstance(content, str | None):
            raise self._unreadable()
        return content or ""

    def _out_of_time(self) -> GeneratorError:
        return GeneratorError(
            f"answerer.timeout_seconds: {self.base_url} gave no answer within {self.timeout:g} s.",
            shown="模型服务超时",
        )

    def _unreadable(self) -> GeneratorError:
        return GeneratorError(
            f"answerer.base_url: what {self.base_url} answered is no chat completion; does the path end in /v1?",
            shown="模型服务的回答无法读取",
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
