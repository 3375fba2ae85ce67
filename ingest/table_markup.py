"""Lines of a text in, the tables that it holds as markdown or HTML made into tab-separated rows out.

A row keeps the raw span of its line; what is only markup (|---|, <table>) is recorded as a Skip.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.table_heads import NUMBER_HEADS, squash

if TYPE_CHECKING:
    from ingest.clean import Line

Span = tuple[int, int]  # of the raw text
DELIMITER = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?")
PIPE = re.compile(r"(?<!\\)\|")
TABLE = re.compile(r"<table\b[^>]*>.*?</table\s*>", re.IGNORECASE | re.DOTALL)
CAPTION = re.compile(r"<caption\b[^>]*>(.*?)</caption\s*>", re.IGNORECASE | re.DOTALL)
TAG = re.compile(r"<(/?)(tr|td|th)\b([^>]*)>|</table\s*>", re.IGNORECASE)
KEPT_TAGS = re.compile(r"<(?!/?(?:sub|sup|b|i|u|p|br|strong)\b)/?[A-Za-z][^>]*>")  # the others say nothing
SPAN = {
    name: re.compile(rf"{name}\s*=\s*[\"']?\s*(\d{{1,3}})", re.IGNORECASE) for name in ("colspan", "rowspan")
}
EMPTY = "—"  # in a numbered row, a cell that is not covered by a merged one, as every reader hands it over
MOST_SPAN = 100


@dataclass(frozen=True)
class HtmlRow:
    """The cells of one row, None where a merged cell above covers the place, "" behind the first of a wide cell."""

    cells: tuple[str | None, ...]
    start: int
    end: int
    header: bool  # all of its cells are <th>


def markup_tables(raw: str, lines: Sequence[Line]) -> tuple[list[Line], list[Span]]:
    """Return the lines with the rows of markdown and HTML tables as tab-separated ones, and the spans of mere markup."""
    found: list[Line] = list(lines)
    spans: list[Span] = []
    if "<table" in raw or "<TABLE" in raw:
        found, spans = _html_tables(raw, found)
    if any("|" in line.text for line in found):
        found, more = _markdown_tables(found)
        spans += more
    return found, spans


# --- markdown ---


def _markdown_tables(lines: Sequence[Line]) -> tuple[list[Line], list[Span]]:
    out: list[Line] = []
    spans: list[Span] = []
    index = 0
    while index < len(lines):
        if not _heads_markdown(lines, index):
            out.append(lines[index])
            index += 1
            continue
        size = len(_pipe_cells(lines[index].text))
        first = index
        while (
            index < len(lines) and "|" in lines[index].text and (index <= first + 1 or not lines[index].gap)
        ):
            line = _row_line(lines[index], size, header=index == first)
            if DELIMITER.fullmatch(lines[index].text) or line.text.isspace():
                spans.append((line.start, line.end))
            else:
                out.append(line)
            index += 1
    return out, spans


def _heads_markdown(lines: Sequence[Line], index: int) -> bool:
    if index + 1 >= len(lines) or "|" not in lines[index].text or lines[index + 1].gap:
        return False
    rule = lines[index + 1].text
    if "|" not in rule or not DELIMITER.fullmatch(rule) or "\t" in lines[index].text:
        return False
    return len(_pipe_cells(rule)) == len(_pipe_cells(lines[index].text)) >= 1


def _pipe_cells(text: str) -> list[str]:
    parts = PIPE.split(text.strip())
    parts = parts[1:] if parts and not parts[0].strip() and text.startswith("|") else parts
    parts = parts[:-1] if len(parts) > 1 and not parts[-1].strip() and text.rstrip().endswith("|") else parts
    return [part.strip().replace("\\|", "|").replace("\t", " ") for part in parts]


def _row_line(line: Line, size: int, *, header: bool) -> Line:
    cells = _pipe_cells(line.text)
    text = "\t".join(cells + [""] * (size - len(cells)))
    return replace(line, text=text if "\t" in text else f"{text}\t", row=True, header=header)


# --- HTML ---


def _html_tables(raw: str, lines: Sequence[Line]) -> tuple[list[Line], list[Span]]:
    tables = [match.span() for match in TABLE.finditer(raw)]
    out: list[Line] = []
    spans: list[Span] = []
    for line in lines:
        out += _outside(raw, line, tables)
    for start, end in tables:
        made, markup = _table_lines(raw, start, end)
        out += made
        spans += markup
    return sorted(out, key=lambda line: line.start), spans


def _outside(raw: str, line: Line, tables: Sequence[Span]) -> Iterator[Line]:
    """Yield what of a line stands outside the tables."""
    position = line.start
    for start, end in tables:
        if end > position and start < line.end:
            yield from _piece(raw, line, position, min(start, line.end))
            position = max(position, end)
    if position < line.end:
        yield from _piece(raw, line, position, line.end)


def _piece(raw: str, line: Line, start: int, end: int) -> Iterator[Line]:
    """Yield the part raw[start:end] of a line, a whole line as it is."""
    text = raw[start:end].strip() if start < end else ""
    if (start, end) == (line.start, line.end):
        yield line
    elif text:
        first = start + raw[start:end].index(text)
        yield replace(line, text=text, start=first, end=first + len(text))


def _table_lines(raw: str, start: int, end: int) -> tuple[list[Line], list[Span]]:
    from ingest.clean import Line  # the two modules need each other

    rows = list(_html_rows(raw, start, end))
    out: list[Line] = []
    last = start
    if caption := CAPTION.search(raw, start, rows[0].start if rows else end):
        if text := _cell_text(caption[1]):
            out.append(Line(text, caption.start(1), caption.end(1)))
    for row, text in zip(rows, _texts(rows), strict=True):
        if "".join(cell or "" for cell in row.cells):
            out.append(Line(text, row.start, row.end, row=True, merged=True, header=row.header))
    covered = sorted((line.start, line.end) for line in out)
    spans = []
    for left, right in [*covered, (end, end)]:
        if raw[last:left].strip():
            spans.append((last, left))
        last = right
    return out, spans


def _texts(rows: Sequence[HtmlRow]) -> Iterator[str]:
    """Yield the tab-separated rows; in a numbered row only a covered cell is empty."""
    key = -1
    for row in rows:
        heads = [squash(cell or "") for cell in row.cells]
        key = next((i for i, head in enumerate(heads) if head in NUMBER_HEADS), key)
        numbered = 0 <= key < len(heads) and heads[key].isdigit()
        cells = ["" if cell is None else cell or (EMPTY if numbered else "") for cell in row.cells]
        yield "\t".join(cells) if len(cells) > 1 else f"{cells[0] if cells else ''}\t"


def _html_rows(raw: str, start: int, end: int) -> Iterator[HtmlRow]:
    """Yield the rows with merged cells spread over the columns and rows that they span."""
    below: dict[int, int] = {}  # rows that a merged cell still covers, by its column
    cells: list[str | None] = []
    row_start, cell, named = -1, None, True
    for tag in TAG.finditer(raw, start, end):
        name, closes = (tag[2] or "table").lower(), bool(tag[1]) or tag[2] is None
        if cell is not None:
            _put(cells, below, _cell_text(raw[cell.end() : tag.start()]), cell[3])
            cell = None
        if name in ("td", "th") and not closes:
            row_start = tag.start() if row_start < 0 else row_start
            cell, named = tag, named and name == "th"
        elif name in ("tr", "table"):
            if row_start >= 0 and cells:
                _cover(cells, below)
                end_of_row = tag.end() if name == "tr" and closes else tag.start()
                yield HtmlRow(tuple(cells), row_start, end_of_row, named)
            cells, named = [], True
            row_start = -1 if closes else tag.start()


def _put(cells: list[str | None], below: dict[int, int], text: str, attributes: str) -> None:
    _cover(cells, below)
    across, down = (
        min(int(m[1]), MOST_SPAN) if (m := SPAN[n].search(attributes)) else 1 for n in ("colspan", "rowspan")
    )
    for place in range(max(across, 1)):
        if down > 1:
            below[len(cells)] = down - 1
        cells.append("" if place else text)


def _cover(cells: list[str | None], below: dict[int, int]) -> None:
    """Add the places at the end of the row that merged cells above cover."""
    while below.get(len(cells), 0) > 0:
        below[len(cells)] -= 1
        cells.append(None)


def _cell_text(inner: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(KEPT_TAGS.sub("", inner))).strip()
