"""The chunks of a build in a file: each is read when it is asked for, so that a hundred thousand take no memory."""

from __future__ import annotations

import mmap
from collections.abc import Sequence
from pathlib import Path
from typing import overload

import msgspec
import numpy as np

from ingest.document import Chunk

LINES, ENDS = "chunks.jsonl", "chunks.npy"


class StoredChunks(Sequence[Chunk]):
    """What `write_chunks` wrote below a folder. Raises OSError or ValueError where it is missing or cut short."""

    def __init__(self, folder: Path) -> None:
        self._ends = np.load(folder / ENDS)  # int64 (chunks,): where the line of each ends
        with (folder / LINES).open("rb") as file:
            self._lines = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if len(self._lines) != int(self._ends[-1]):
            raise ValueError(f"{LINES} has {len(self._lines)} bytes, expected {int(self._ends[-1])}")

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, row: int) -> Chunk: ...
    @overload
    def __getitem__(self, row: slice) -> list[Chunk]: ...
    def __getitem__(self, row: int | slice) -> Chunk | list[Chunk]:
        if isinstance(row, slice):
            return [self[place] for place in range(*row.indices(len(self)))]
        place = range(len(self))[row]  # IndexError, and from the end
        start = int(self._ends[place - 1]) if place else 0
        return msgspec.json.decode(self._lines[start : int(self._ends[place])], type=Chunk)


def write_chunks(folder: Path, chunks: Sequence[Chunk]) -> None:
    """Write `chunks` (not empty) below `folder`, one line each, and where each line ends."""
    encoder, ends = msgspec.json.Encoder(), np.zeros(len(chunks), dtype=np.int64)
    with (folder / LINES).open("wb") as file:
        for row, chunk in enumerate(chunks):
            file.write(encoder.encode(chunk) + b"\n")
            ends[row] = file.tell()
    np.save(folder / ENDS, ends)
