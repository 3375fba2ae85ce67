"""A chat model in this process (transformers): loaded from a folder or the local cache, never from a hub."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cached_property, partial
from pathlib import Path
from threading import Event, Lock
from typing import Any

from qa.generation import GeneratorError, Pieces, Put, in_background
from qa.prompt import Message

TURN_WAIT = (
    0.2  # seconds between two looks whether the question is still wanted, while another one is answered
)


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
            folder = _folder(self.model)
            tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            if not tokenizer.chat_template:
                raise self._no_chat_model()
            model: Any = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True)
            model = model.to(self.device).eval()
        except GeneratorError:
            raise
        except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
            raise GeneratorError(
                f"answerer.model: {self.model!r} cannot be loaded as a chat model ({_first_line(error)}); give the "
                "folder of a model, or the name of one that is in the local cache: nothing is downloaded.",
                shown=f"模型 {Path(self.model).name} 无法加载",
            ) from error
        return tokenizer, model

    def stream(self, messages: Sequence[Message], *, max_new_tokens: int) -> Pieces:
        """Yield what the model answers, piece by piece. Raises GeneratorError."""
        return in_background(partial(self._in_turn, messages, max_new_tokens))

    def _in_turn(self, messages: Sequence[Message], max_new_tokens: int, put: Put, stop: Event) -> None:
        while not self._lock.acquire(timeout=TURN_WAIT):
            if stop.is_set():
                return
        try:
            if not stop.is_set():
                self._generate(messages, max_new_tokens, put, stop)
        finally:
            self._lock.release()

    def _generate(self, messages: Sequence[Message], max_new_tokens: int, put: Put, stop: Event) -> None:
        import torch
        from transformers import StoppingCriteriaList, TextStreamer

        class Streamer(TextStreamer):
            def on_finalized_text(self, text: str, stream_end: bool = False) -> None:
                put(text)

        tokenizer, model = self._loaded
        inputs, prompt = self._inputs(tokenizer, messages)
        self._check_length(inputs["input_ids"].shape[1] + max_new_tokens, model.config)
        if prompt.rstrip().endswith("<think>"):  # the template opened it: what comes first is no answer
            put("<think>")
        end = time.monotonic() + self.max_seconds if self.max_seconds else float("inf")
        pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id

        def enough(ids: torch.Tensor, scores: torch.Tensor, **_: Any) -> torch.Tensor:
            ended = stop.is_set() or time.monotonic() > end
            return torch.full((ids.shape[0],), ended, dtype=torch.bool, device=ids.device)

        try:
            with torch.inference_mode():
                model.generate(
                    input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"], do_sample=False,
                    temperature=None, top_p=None, top_k=None, max_new_tokens=max_new_tokens, pad_token_id=pad,
                    stopping_criteria=StoppingCriteriaList([enough]),
                    streamer=Streamer(tokenizer, skip_prompt=True, skip_special_tokens=True),
                )  # fmt: skip
        except RuntimeError as error:  # out of memory, most often
            raise GeneratorError(
                f"answerer.model: {self.model!r} failed ({_first_line(error)})", shown="模型运行出错"
            ) from error
        if time.monotonic() > end:
            raise GeneratorError(
                f"answerer.timeout_seconds: {self.model!r} was not done within {self.max_seconds:g} s.",
                shown="模型超时",
            )

    def _inputs(self, tokenizer: Any, messages: Sequence[Message]) -> tuple[Any, str]:
        """Return the tokens of the messages, and the same as text; what they say is no token of the template."""
        turns = [{"role": m.role, "content": _harmless(m.content, tokenizer)} for m in messages]
        try:
            prompt = tokenizer.apply_chat_template(turns, add_generation_prompt=True, tokenize=False)
        except Exception as error:  # a template may raise whatever it likes, such as "no system role"
            raise GeneratorError(
                f"answerer.model: the chat template of {self.model!r} refuses a system and a user turn ({_first_line(error)}).",
                shown=f"模型 {Path(self.model).name} 的对话模板不能使用",
            ) from error
        return tokenizer(prompt, add_special_tokens=False, return_tensors="pt").to(self.device), prompt

    def _no_chat_model(self) -> GeneratorError:
        return GeneratorError(
            f"answerer.model: the tokenizer of {self.model!r} has no chat template; name a chat (instruct) model.",
            shown=f"模型 {Path(self.model).name} 不是对话模型",
        )

    def _check_length(self, needed: int, config: Any) -> None:
        limit = getattr(config, "max_position_embeddings", None)
        if limit and needed > limit:
            raise GeneratorError(
                f"answerer.model: {self.model!r} reads {limit} tokens, the question needs {needed}; name a model with a "
                "longer context or lower answerer.max_new_tokens.",
                shown="所需文字超过了模型的长度上限",
            )


def _folder(model: str) -> str:
    """Return the folder of a model, or of one that the hub's cache on this machine holds under that name."""
    from huggingface_hub import try_to_load_from_cache

    if Path(model).is_dir():
        return model
    # Only a look at the disk: given the name, transformers would turn to the hub, if only to say who asks.
    config = try_to_load_from_cache(model, "config.json")
    if not isinstance(config, str):
        raise OSError("no such folder, and not in the local cache")
    return str(Path(config).parent)


def _harmless(text: str, tokenizer: Any) -> str:
    """Return `text` with the tokenizer's special tokens broken: as text they would open or close a turn."""
    for token in tokenizer.all_special_tokens:
        text = text.replace(token, f"{token[0]} {token[1:]}") if len(token) > 1 else text
    return text


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
