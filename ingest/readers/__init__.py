"""A file in, its SourceText out, whatever its format; `read_source` picks the reader by the file's suffix."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ingest.readers.plain import read_text
from ingest.readers.source import SourceText, UnreadableFile, check_size

__all__ = ["SUFFIXES", "SourceText", "UnreadableFile", "read_source", "read_text"]

READERS: dict[str, Callable[..., SourceText]] = {".txt": read_text, ".md": read_text}
SUFFIXES = frozenset(READERS)


def read_source(path: Path, *, name: str) -> SourceText:
    """Return the text of one file; `name` is its path as reports and citations show it.

    Raises UnreadableFile, saying in one line what was found and what to do, for a file that holds no readable text.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(SUFFIXES))
        raise UnreadableFile(f"{path.suffix or 'no suffix'} is not read; known: {known}.")
    check_size(path)
    return reader(path, name=name)
