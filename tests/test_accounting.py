"""Every character of the corpus is accounted for: in a provision, or left out for a recorded reason."""

from __future__ import annotations

import re
from collections import Counter

from config import PROJECT_ROOT
from ingest.readers.plain import read_text
from ingest.structure import ReadFile, read_documents


def _files() -> list[tuple[str, str, ReadFile]]:
    out = []
    for path in sorted((PROJECT_ROOT / "corpus").glob("*.txt")):
        source = read_text(path, name=path.name)
        out.append((path.name, source.text, read_documents(source)))
    return out


def test_every_visible_character_of_every_file_is_in_a_provision_or_in_a_recorded_skip() -> None:
    for name, text, read in _files():
        covered = bytearray(len(text))
        for span in [(p.source_start, p.source_end) for d in read.documents for p in d.provisions] + [
            (skip.start, skip.end) for skip in read.skips
        ]:
            covered[span[0] : span[1]] = b"\1" * (span[1] - span[0])
        lost = [text[i : i + 20] for i, char in enumerate(text) if not covered[i] and not char.isspace()]
        assert (name, lost) == (name, [])


def test_no_chinese_character_outside_the_skips_is_lost_in_cleaning() -> None:
    for name, text, read in _files():
        skipped = {i for skip in read.skips for i in range(skip.start, skip.end)}
        source = re.findall(
            "[\u4e00-\u9fff]", "".join(char for i, char in enumerate(text) if i not in skipped)
        )
        lost = Counter(source) - Counter("".join(document.text for document in read.documents))
        assert (name, lost) == (name, Counter())


def test_what_is_skipped_is_skipped_for_a_known_reason() -> None:
    reasons = {skip.reason for _, _, read in _files() for skip in read.skips}
    assert reasons <= {
        "page mark",
        "contents",
        "rule",
        "cover",
        "head",
        "title",
        "distribution",
        "table header",
        "table group",
    }


def test_no_sentence_is_skipped() -> None:
    for _, text, read in _files():
        skipped = [(skip.reason, text[skip.start : skip.end]) for skip in read.skips]
        assert [item for item in skipped if "。" in item[1] and item[0] != "distribution"] == []
