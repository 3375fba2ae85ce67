"""Chunks read from their file one at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.chunks import ENDS, LINES, StoredChunks, write_chunks
from ingest.document import Chunk

CHUNKS = [
    Chunk(f"d#{n}-1", "d", f"d#{n}", f"第{n}条", "甲区 规则", text, start=0, end=len(text))
    for n, text in enumerate(["一行", "两行\n文字", "“引号”与\\反斜线", ""])
]


def test_what_was_written_is_read_back_one_by_one_in_slices_and_in_order(tmp_path: Path) -> None:
    write_chunks(tmp_path, CHUNKS)
    stored = StoredChunks(tmp_path)
    assert list(stored) == CHUNKS and len(stored) == 4
    assert (stored[0], stored[2], stored[-1]) == (CHUNKS[0], CHUNKS[2], CHUNKS[3])
    assert stored[1:3] == CHUNKS[1:3] and stored[::-1] == CHUNKS[::-1]
    assert stored[int(np.int64(1))] == CHUNKS[1]
    with pytest.raises(IndexError):
        stored[4]


@pytest.mark.parametrize("name", [LINES, ENDS])
def test_a_file_that_is_cut_short_or_missing_is_an_error(tmp_path: Path, name: str) -> None:
    write_chunks(tmp_path, CHUNKS)
    path = tmp_path / name
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ValueError):
        StoredChunks(tmp_path)
    path.unlink()
    with pytest.raises(OSError):
        StoredChunks(tmp_path)
