"""The lines of a file in, the same with the footnotes at the feet of pages marked as such, numbered through."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.readers.layout import NOTE, PROSE, PageLine
from ingest.readers.lines import PLAIN
from ingest.readers.margins import SMALLER, body_size

MARK = re.compile(r"<sup>(\d{1,3})</sup>")
CIRCLES = "".join(PLAIN)
NOTE_START = re.compile(
    rf"^(?:<sup>(\d{{1,3}})</sup>|([{CIRCLES}])|[\[［〔](\d{{1,3}})[\]］〕]|(\d{{1,2}})(?![\d.．、年月日%％]))\s*(?=\S)"
)


def with_notes(lines: Sequence[PageLine], short_rules: Mapping[int, Sequence[float]]) -> list[PageLine]:
    """Return the lines, those of footnotes as notes that begin with <sup>n</sup>; numbers count through the file.

    A footnote stands at the foot of the page in smaller type and begins with a mark that stands in the page's text.
    """
    body = body_size(lines)
    by_page: dict[int, list[PageLine]] = {}
    for line in lines:
        by_page.setdefault(line.page, []).append(line)
    out: list[PageLine] = []
    last = 0  # number of the last note so far
    for page, items in by_page.items():
        first = _first_note(items, body, short_rules.get(page, ()))
        marked = items[:first] + [_as_note(line) for line in items[first:]]
        marked, last = _numbered_through(marked, last)
        out += marked
    return out


def _first_note(items: Sequence[PageLine], body: float, rules: Sequence[float]) -> int:
    """Return the index of the first line of the page's footnotes, the number of lines where it has none."""
    small = len(items)
    while small and items[small - 1].kind == PROSE and items[small - 1].size < SMALLER * body:
        small -= 1
    for index in range(small, len(items)):
        number = _note_number(items[index].text)
        if number is None:
            continue
        above = items[index - 1].y if index else 0.0
        ruled = any(above - 2 < rule < items[index].y for rule in rules)
        marks = {match[1] for line in items[:index] for match in MARK.finditer(line.text)}
        if number in marks and (ruled or items[index].text.startswith("<sup>")):
            return index
    return len(items)


def _note_number(text: str) -> str | None:
    match = NOTE_START.match(text)
    return (match[1] or PLAIN.get(match[2]) or match[3] or match[4]) if match else None


def _as_note(line: PageLine) -> PageLine:
    match = NOTE_START.match(line.text)
    if match is None:
        return replace(line, kind=NOTE)
    return replace(line, kind=NOTE, text=f"<sup>{_note_number(line.text)}</sup>{line.text[match.end() :]}")


def _numbered_through(items: list[PageLine], last: int) -> tuple[list[PageLine], int]:
    """Number a page's notes on from `last` where they begin from 1 again."""
    numbers = [int(match[1]) for line in items if line.kind == NOTE and (match := MARK.match(line.text))]
    if not numbers:
        return items, last
    shift = last if last and min(numbers) <= last else 0

    def moved(match: re.Match[str]) -> str:
        number = int(match[1])
        return f"<sup>{number + shift}</sup>" if number in numbers else match[0]

    shifted = [replace(line, text=MARK.sub(moved, line.text)) for line in items] if shift else items
    return shifted, max(numbers) + shift
