"""How long a piece of work takes, and the most memory that this process and its children hold meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

EVERY = 0.05  # seconds


@dataclass
class Measured:
    """Filled in when the work is done. `bytes`: resident, summed over the processes at one moment."""

    seconds: float = 0.0
    bytes: int = 0


@contextmanager
def measured() -> Iterator[Measured]:
    """Give a Measured of the block's own work."""
    result, done = Measured(), threading.Event()
    watcher = threading.Thread(target=_watch, args=(result, done))
    started = time.perf_counter()
    watcher.start()
    try:
        yield result
    finally:
        result.seconds = time.perf_counter() - started
        done.set()
        watcher.join()


def _watch(result: Measured, done: threading.Event) -> None:
    process = psutil.Process()
    while True:
        result.bytes = max(result.bytes, _resident(process))
        if done.wait(EVERY):
            return


def _resident(process: psutil.Process) -> int:
    total = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            total += one.memory_info().rss
        except psutil.NoSuchProcess:  # it ended meanwhile
            continue
    return total
