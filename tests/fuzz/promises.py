"""What reading promises of any text at all: one checker for the property tests, the fuzz target and the corpus."""

from __future__ import annotations

import re
from collections import Counter

from ingest.document import Document
from ingest.readers.source import SourceText
from ingest.structure import ReadFile

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
INVISIBLE = "\u200b\ufeff"  # zero width: no more to be seen than a space
ONLY_NAMED = set(
    "无序号编项目"
)  # a cell that says 无, the header of a number column: read, never written out


def check_reading(source: SourceText, read: ReadFile) -> None:
    """Raise AssertionError with the first promise that `read` breaks."""
    for document in read.documents:
        check_document(document, len(source.text))
    assert lost_characters(source.text, read) == []
    assert not lost_words(source.text, read)


def check_document(document: Document, size: int) -> None:
    """Offsets are true, ids unique, parents hold their items, nothing reaches beyond the source of `size`."""
    by_id = {item.provision_id: item for item in document.provisions}
    assert len(by_id) == len(document.provisions), "two provisions of one id"
    assert [item.start for item in document.provisions] == sorted(item.start for item in document.provisions)
    for item in document.provisions:
        assert document.text[item.start : item.end] == item.text, item
        assert 0 <= item.source_start < item.source_end <= size, item
        if item.parent is not None:
            parent = by_id[item.parent]
            assert parent.start <= item.start and item.end <= parent.end, (parent, item)


def lost_characters(text: str, read: ReadFile) -> list[str]:
    """Return what stands around each visible character that is in no provision and no recorded skip."""
    covered = bytearray(len(text))
    spans = [(item.source_start, item.source_end) for d in read.documents for item in d.provisions]
    for start, end in spans + [(skip.start, skip.end) for skip in read.skips]:
        covered[start:end] = b"\1" * (end - start)
    return [
        text[i : i + 20]
        for i, char in enumerate(text)
        if not covered[i] and not char.isspace() and char not in INVISIBLE
    ]


def lost_words(text: str, read: ReadFile) -> Counter[str]:
    """Return the Chinese characters outside the skips that cleaning took out of the documents' texts."""
    left_out = bytearray(len(text))
    for skip in read.skips:
        left_out[skip.start : skip.end] = b"\1" * (skip.end - skip.start)
    wanted = Counter(char for i, char in enumerate(text) if not left_out[i] and HAN.match(char))
    found: Counter[str] = Counter()
    for document in read.documents:
        found.update(HAN.findall(document.text))
    return Counter({char: n for char, n in (wanted - found).items() if char not in ONLY_NAMED})
