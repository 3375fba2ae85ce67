"""What a page holds besides its text: tables of contents, and the header that each page repeats."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from ingest.numbering import DIVISIONS, read_mark

CONTENTS_ENTRY = re.compile(r"(?:[.．…·]{3,}|\t)\s*[-—]?\s*\d{1,4}\s*[-—]?$")
CONTENTS_HEADS = ("目录", "目次")
BLANKS = re.compile(r"[#*\s]+")
MAX_CONTENTS = 400  # lines
MIN_PAGES = 3  # that repeat a header, before it counts as one


def running_headers(texts: Sequence[str], page_mark: re.Pattern[str]) -> set[int]:
    """Return the indexes of the lines right behind a page mark that say the same on most pages."""
    behind = [
        index
        for index in range(1, len(texts))
        if page_mark.match(texts[index - 1]) and not page_mark.match(texts[index])
    ]
    counts = Counter(texts[index] for index in behind)
    enough = max(MIN_PAGES, len(behind) / 2)
    return {index for index in behind if counts[texts[index]] >= enough and not read_mark(texts[index])}


def contents_lines(texts: Sequence[str]) -> set[int]:
    """Return the indexes of the lines of tables of contents, their heads (目录) among them."""
    inside: set[int] = set()
    places: dict[str, list[int]] | None = None
    index = 0
    while index < len(texts):
        end = index
        if is_contents_head(texts[index]):
            places = places if places is not None else _places(texts)
            end = max(_numbered_end(texts, index), _repeated_end(texts, index, places))
        if end > index + 1:
            inside.update(range(index, end))
        index = max(end, index + 1)
    return inside


def is_contents_head(text: str) -> bool:
    """Say whether a line says 目录 and nothing else."""
    return len(text) < 20 and BLANKS.sub("", text) in CONTENTS_HEADS


def _numbered_end(texts: Sequence[str], start: int) -> int:
    """From 目录 on, as long as one of the next lines still ends in a page number."""
    end, index = start + 1, start + 1
    while index < len(texts) and index - end < 4:
        if CONTENTS_ENTRY.search(texts[index][-24:]):
            end = index + 1
        index += 1
    return end


def _places(texts: Sequence[str]) -> dict[str, list[int]]:
    """Return where each heading of a division (第一章 总则) stands, by its text without spaces."""
    places: dict[str, list[int]] = {}
    for index, text in enumerate(texts):
        if len(text) <= 60 and (mark := read_mark(text.lstrip("#* "))) and mark.scheme in DIVISIONS:
            places.setdefault(BLANKS.sub("", text), []).append(index)
    return places


def _repeated_end(texts: Sequence[str], start: int, places: dict[str, list[int]]) -> int:
    """Without page numbers: 目录 and short lines, the first of which stands again where the text itself begins."""
    if start + 1 >= len(texts):
        return start
    found = places.get(BLANKS.sub("", texts[start + 1]), [])
    position = bisect_right(found, start + 1)
    again = found[position] if position < len(found) else 0
    if not start + 2 < again <= start + MAX_CONTENTS:
        return start
    entries = texts[start + 1 : again]
    return (
        again if all(len(text) <= 60 and not text.endswith(("。", "；", "：")) for text in entries) else start
    )
