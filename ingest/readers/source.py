"""What every reader returns: the text of one file, with its pages and what is doubtful about it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from ingest.document import Doubt

MAX_BYTES = 200 * 2**20


class UnreadableFile(ValueError):
    """The file holds no text that can be read; the message says what was found and what to do."""


@dataclass(frozen=True)
class SourceText:
    """The text of one file, line ends as \\n; every source offset refers to `text`.

    Table rows are lines whose cells are parted by tabs; a vertically merged cell stands in its first row only.
    """

    path: str
    text: str
    encoding: str  # utf-8-sig, gb18030, …; of other formats their name: docx, html, pdf
    page_starts: tuple[
        int, ...
    ] = ()  # offset of the first character of each page; () where there are no pages
    whole_lines: bool = (
        False  # each line is a whole paragraph or row, as the format says: lines are never joined
    )
    doubts: tuple[Doubt, ...] = ()

    def page(self, offset: int) -> int | None:
        """Return the number of the page that holds the character at `offset`, from 1; None where there are none."""
        return max(1, bisect_right(self.page_starts, offset)) if self.page_starts else None


def check_size(path: Path) -> None:
    """Raise UnreadableFile for an empty or too large file."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise UnreadableFile(f"{size / 2**20:.0f} MB, more than {MAX_BYTES // 2**20} MB; split the file.")
    if not size:
        raise UnreadableFile("the file is empty; remove it or put its text in.")
