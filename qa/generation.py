"""What every generator is: messages in, the pieces of a model's text out, for so long and until it is told to stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from collections.abc import Generator as Closable
from queue import Empty, Queue
from threading import Event, Thread
from typing import Protocol

from qa.prompt import Message

HEARTBEAT = 0.2  # seconds: as long as no piece comes, an empty one is given, at which the caller may stop

Put = Callable[[str], None]
Pieces = Closable[str, None, None]


class GeneratorError(RuntimeError):
    """No text came. The message names the setting to look at; `shown` says it to the user of the page, in Chinese."""

    def __init__(self, message: str, *, shown: str) -> None:
        super().__init__(message)
        self.shown = shown


class Generator(Protocol):
    def stream(self, messages: Sequence[Message], *, max_new_tokens: int) -> Pieces:
        """Yield the text piece by piece, "" now and then; closing the iterator stops the model. Raises GeneratorError."""
        ...


def in_background(
    work: Callable[[Put, Event], None], *, seconds: float | None = None, late: GeneratorError | None = None
) -> Pieces:
    """Yield what `work(put, stop)` puts, run in a thread of its own; after `seconds` in all, raise `late`.

    `stop` is set as soon as the iterator is closed, out of time or at its end: the work then has to end by itself.
    """
    pieces: Queue[str | BaseException | None] = Queue()
    stop = Event()

    def run() -> None:
        try:
            work(pieces.put, stop)
        except BaseException as error:  # it is raised again where the pieces are read
            pieces.put(error)
        else:
            pieces.put(None)

    Thread(target=run, daemon=True, name="generator").start()
    end = time.monotonic() + seconds if seconds is not None else float("inf")
    try:
        while True:
            left = end - time.monotonic()
            if left <= 0 and late:
                raise late
            try:
                piece = pieces.get(timeout=max(min(HEARTBEAT, left), 0.001))
            except Empty:
                piece = ""
            if piece is None:
                return
            if isinstance(piece, BaseException):
                raise piece
            yield piece
    finally:
        stop.set()
