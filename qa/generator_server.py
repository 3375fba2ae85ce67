"""A server that speaks the OpenAI protocol (vLLM, Ollama, …): asked for a stream, within time, and tried again when busy."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property, partial
from ipaddress import ip_address
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from config import ConfigError
from qa.generation import GeneratorError, Pieces, Put, in_background
from qa.prompt import Message

if TYPE_CHECKING:
    from openai import APIStatusError, OpenAI

NO_KEY_NEEDED = "none"  # the client insists on some key; a server on this machine often asks for none
FIRST_PAUSE = 0.25  # seconds before the second try; twice as long before each further one
BUSY = (408, 429, 500, 502, 503, 504)
CHARS_A_TOKEN = (
    20  # more than any tokenizer packs into one, on average: beyond it, a server ignores max_tokens
)


class OpenAIGenerator:
    """Asks one server; the key comes from the environment only. `timeout` seconds are for all of an answer."""

    def __init__(
        self, base_url: str, model: str, api_key_env: str, timeout: float, *, connect: float = 5, retries: int = 2
    ) -> None:  # fmt: skip
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
        self.base_url, self.model, self.api_key_env = base_url, model, api_key_env
        self.timeout, self.connect, self.retries = timeout, connect, retries
        self._key = key or NO_KEY_NEEDED

    @cached_property
    def _client(self) -> OpenAI:
        from openai import DefaultHttpxClient, OpenAI, Timeout

        # A proxy of the environment must not see what is meant for this machine, nor a redirect carry it elsewhere.
        http = DefaultHttpxClient(trust_env=not self._local, follow_redirects=False)
        limits = Timeout(self.timeout, connect=self.connect)
        return OpenAI(
            base_url=self.base_url, api_key=self._key, timeout=limits, max_retries=0, http_client=http
        )

    def stream(self, messages: Sequence[Message], *, max_new_tokens: int) -> Pieces:
        """Yield what the server answers, piece by piece. Raises GeneratorError."""
        client = self._client  # its slow import is no part of the server's time
        # The client's own limit is for each read: a dripping server would outlast it.
        work = partial(self._ask, client, messages, max_new_tokens)
        return in_background(work, seconds=self.timeout, late=self._out_of_time())

    def _ask(
        self, client: OpenAI, messages: Sequence[Message], max_new_tokens: int, put: Put, stop: Event
    ) -> None:
        from openai import APIConnectionError, APITimeoutError, OpenAIError

        try:
            reply = self._opened(client, messages, max_new_tokens, stop)
            with reply:
                Thread(target=_hang_up, args=(reply.response, stop), daemon=True, name="hang-up").start()
                self._read(reply, max_new_tokens, put, stop)
        except APITimeoutError as error:
            raise self._out_of_time() from error
        except APIConnectionError as error:
            raise self._cut() from error
        except (OpenAIError, ValueError) as error:  # an error inside the stream, or no JSON
            raise self._unreadable() from error

    def _opened(self, client: OpenAI, messages: Sequence[Message], max_new_tokens: int, stop: Event) -> Any:
        """Return the server's stream; a server that is busy or away is asked again, `retries` times."""
        from openai import APIConnectionError, APIStatusError

        turns: Any = [{"role": message.role, "content": message.content} for message in messages]
        for tried in range(self.retries + 1):
            pause = FIRST_PAUSE * 2**tried
            try:
                return client.chat.completions.create(
                    model=self.model, messages=turns, max_tokens=max_new_tokens, temperature=0, stream=True
                )
            except APIStatusError as error:
                failure = self._refused(error)
                asked = error.response.headers.get("retry-after", "")
                pause = max(pause, float(asked) if asked.isdecimal() else 0)
                again = error.status_code in BUSY and pause < self.timeout
                cause: Exception = error
            except APIConnectionError as error:
                failure, again, cause = self._not_connected(error), not _took_too_long(error), error
            if not again or tried == self.retries or stop.wait(pause):
                raise failure from cause
        raise AssertionError("unreachable")

    def _read(self, reply: Any, max_new_tokens: int, put: Put, stop: Event) -> None:
        ended, length = False, 0
        for chunk in reply:
            if stop.is_set():
                return
            choices = getattr(chunk, "choices", None)  # the client checks no types
            if not isinstance(choices, list):
                raise self._unreadable()
            for choice in choices[:1]:
                piece = getattr(getattr(choice, "delta", None), "content", None)
                if not isinstance(piece, str | None):
                    raise self._unreadable()
                length += len(piece or "")
                ended = ended or bool(getattr(choice, "finish_reason", None))
                put(piece or "")
            if length > max_new_tokens * CHARS_A_TOKEN:
                raise self._endless()
        if not ended and not stop.is_set():
            raise self._cut() if length else self._unreadable()

    # --- what went wrong ---

    def _refused(self, error: APIStatusError) -> GeneratorError:
        status = error.status_code
        where = f"{self.base_url} answered with status {status}"
        said = " ".join(str(error).split())[:200]
        if status in (401, 403):
            hint, shown = (
                f"answerer.api_key_env: {where}; see the key in {self.api_key_env}",
                "模型服务不接受密钥",
            )
        elif status == 404:
            hint = f"answerer.model: {where}; is there a model {self.model!r}, and does answerer.base_url end in /v1?"
            shown = "模型服务没有这个模型或地址"
        elif status == 429:
            hint, shown = f"answerer.retries: {where}, too many requests", "模型服务繁忙"
        else:
            hint, shown = f"answerer.base_url: {where}; see its log", "模型服务返回错误"
        return GeneratorError(f"{hint} ({said})", shown=f"{shown}（{status}）")

    def _not_connected(self, error: Exception) -> GeneratorError:
        if _took_too_long(error):
            return self._out_of_time()
        return GeneratorError(
            f"answerer.base_url: no connection to {self.base_url} within {self.connect:g} s ({error}); is the server "
            "running?",
            shown="连接不上模型服务",
        )  # fmt: skip

    def _out_of_time(self) -> GeneratorError:
        return GeneratorError(
            f"answerer.timeout_seconds: {self.base_url} gave no whole answer within {self.timeout:g} s.",
            shown="模型服务超时",
        )

    def _cut(self) -> GeneratorError:
        return GeneratorError(
            f"answerer.base_url: {self.base_url} broke off in the middle of its answer; see its log.",
            shown="模型服务的回答中断",
        )

    def _endless(self) -> GeneratorError:
        return GeneratorError(
            f"answerer.max_new_tokens: {self.base_url} wrote on beyond the number of tokens that it was asked for.",
            shown="模型服务的回答过长",
        )

    def _unreadable(self) -> GeneratorError:
        return GeneratorError(
            f"answerer.base_url: what {self.base_url} answered is no stream of chat completions; does the path end in "
            "/v1?",
            shown="模型服务的回答无法读取",
        )  # fmt: skip


def _took_too_long(error: Exception) -> bool:
    """Say whether a server that was reached did not answer in time; one that is out of reach is another matter."""
    from openai import APITimeoutError

    return isinstance(error, APITimeoutError) and type(error.__cause__).__name__ != "ConnectTimeout"


def _hang_up(response: Any, stop: Event) -> None:
    """Shut the connection as soon as `stop` is set: a reader that waits on it wakes, the server stops its model."""
    stop.wait()
    line = response.extensions.get("network_stream")
    connection = line.get_extra_info("socket") if line else None
    if connection:
        with suppress(OSError):  # it is closed
            connection.shutdown(socket.SHUT_RDWR)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
