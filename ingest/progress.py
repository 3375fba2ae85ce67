"""How far an ingest is: files, provisions, bytes, the time left; and the bar that shows it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """How far an ingest is; `seconds_left` is None until it can be told."""

    name: str  # of the file just done
    files: int
    files_in_all: int
    provisions: int
    bytes: int
    bytes_in_all: int
    seconds_left: float | None


class Meter:
    """Tells `show` how far the reading is; files whose content was kept take no time and say nothing of the rest."""

    def __init__(self, show: Callable[[Progress], None] | None, *, files: int, size: int) -> None:
        self.show, self.files_in_all, self.bytes_in_all = show, files, size
        self.files = self.bytes = self.provisions = self.bytes_read = 0
        self.started = time.monotonic()

    def done(self, name: str, *, size: int, provisions: int, kept: bool) -> None:
        """Count one file of `size` bytes."""
        self.files += 1
        self.bytes += size
        self.provisions += provisions
        self.bytes_read += 0 if kept else size
        if self.show:
            self.show(
                Progress(
                    name, self.files, self.files_in_all, self.provisions, self.bytes, self.bytes_in_all,
                    self._seconds_left(),
                )
            )  # fmt: skip

    def _seconds_left(self) -> float | None:
        if not self.bytes_read:
            return None
        elapsed = time.monotonic() - self.started
        return elapsed / self.bytes_read * (self.bytes_in_all - self.bytes)


@contextmanager
def reading_bar() -> Iterator[Callable[[Progress], None]]:
    """Give a callback that draws files, provisions and the time left on stderr, where that is a terminal."""
    from tqdm import tqdm

    form = "reading {percentage:3.0f}%|{bar:20}| {desc}"
    with tqdm(bar_format=form, disable=None, leave=False) as bar:

        def show(progress: Progress) -> None:
            left = f", {tqdm.format_interval(progress.seconds_left)} left" if progress.seconds_left else ""
            bar.total = progress.bytes_in_all
            bar.set_description_str(
                f"{progress.files}/{progress.files_in_all} files, {progress.provisions} provisions{left}",
                refresh=False,
            )
            bar.update(progress.bytes - bar.n)

        yield show
