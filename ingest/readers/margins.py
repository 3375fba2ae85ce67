"""The lines of all pages in, the same without page numbers and running heads out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from ingest.readers.layout import PROSE, TAGS, PageLine

DEPTH = 0.13  # of the page's height: where heads and feet stand
OUTERMOST = 3  # lines at the top and at the bottom
LEAST_PAGES = 3
SMALLER = 0.93  # of the body's type
DASHES = r"[-—–－―─_~·•.．\s]*"
PAGE_MARK = re.compile(
    rf"^{DASHES}(?:第\s*)?(\d{{1,4}})\s*(?:页)?{DASHES}(?:[/／共,，of]+\s*共?\s*\d{{1,4}}\s*页?)?{DASHES}$|"
    r"^Page\s+(\d{1,4})(?:\s+of\s+\d{1,4})?$",
    re.IGNORECASE,
)

COUNTED_HEAD = re.compile(
    r"^附[件表录图]#?(?:[-—－]#)?[：:]?$"
)  # 附件1, 附件2: each opens what stands below it


def without_margins(
    lines: Sequence[PageLine], heights: Mapping[int, float], *, noise: float = 3.0
) -> list[PageLine]:
    """Return the lines that are no running head, running foot or page number.

    A head is left out where the same words, digits aside, stand at the same height (`noise` points apart at most) of
    most pages (of two pages: in smaller type), a page number where it counts on from page to page.
    """
    outer = _outermost(lines, heights)
    running = _running(outer, lines, heights, noise)
    numbers = _page_numbers(outer, heights)
    dropped = running | numbers
    return [line for index, line in enumerate(lines) if index not in dropped]


def _outermost(lines: Sequence[PageLine], heights: Mapping[int, float]) -> dict[int, PageLine]:
    """Return, by index, the prose lines at the upper and lower edge of each page."""
    by_page: dict[int, list[tuple[int, PageLine]]] = {}
    for index, line in enumerate(lines):
        by_page.setdefault(line.page, []).append((index, line))
    out: dict[int, PageLine] = {}
    for page, items in by_page.items():
        ordered = sorted(items, key=lambda item: item[1].y)
        height = heights[page]
        top = [item for item in ordered[:OUTERMOST] if item[1].y < DEPTH * height]
        bottom = [item for item in ordered[-OUTERMOST:] if item[1].y > (1 - DEPTH) * height]
        out.update({index: line for index, line in top + bottom if line.kind == PROSE})
    return out


def _running(
    outer: Mapping[int, PageLine], lines: Sequence[PageLine], heights: Mapping[int, float], noise: float
) -> set[int]:
    pages = len(heights)
    if pages < 2:
        return set()
    body = body_size(lines)
    found: dict[str, list[tuple[float, int, int]]] = {}  # words -> height, page, index
    for index, line in outer.items():
        found.setdefault(_words(line.text), []).append((line.y, line.page, index))
    out: set[int] = set()
    for words, places in found.items():
        for y, _, _ in () if not words.strip("#") or COUNTED_HEAD.match(words) else places:
            near = [place for place in places if abs(place[0] - y) <= noise]
            small = all(outer[index].size < SMALLER * body for _, _, index in near)
            if pages < LEAST_PAGES and not small:
                continue  # of two pages, only in smaller type
            if len({page for _, page, _ in near}) >= max(min(LEAST_PAGES, pages), 0.4 * pages):
                out.update(index for _, _, index in near)
    return out


def body_size(lines: Sequence[PageLine]) -> float:
    """Return the size in which most of the text is set."""
    weighed = sorted((line.size, len(TAGS.sub("", line.text))) for line in lines)
    half = sum(length for _, length in weighed) / 2
    for size, length in weighed:
        half -= length
        if half <= 0:
            return size
    return 0.0


def _words(text: str) -> str:
    return re.sub(r"\d+", "#", re.sub(r"\s", "", text))


def _page_numbers(outer: Mapping[int, PageLine], heights: Mapping[int, float]) -> set[int]:
    """Return the lines that are only a number and count on from or to a page beside theirs."""
    marks: dict[int, tuple[int, int]] = {}  # index -> page, number
    for index, line in outer.items():
        match = PAGE_MARK.match(unicodedata.normalize("NFKC", line.text))
        if match:
            marks[index] = (line.page, int(match[1] or match[2]))
    places = set(marks.values())
    return {
        index
        for index, (page, number) in marks.items()
        if any((page + step, number + step) in places for step in (-2, -1, 1, 2))
        or (len(heights) <= 2 and page == number)
    }
