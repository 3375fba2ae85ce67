"""The cells of a Word or HTML table in, its lines out: tab-separated rows, or paragraphs where it is mere layout."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.table_heads import number_column

LAYOUT_CELLS = 6  # a table of so few cells that holds whole passages only places them
NUMBER = re.compile(r"[（(]?[\d.．〇零一二三四五六七八九十百①-⑳-]{1,8}[）)]?[、.．]?")  # of a row
EMPTY = "—"  # as people write it in a cell that holds nothing; it is in no record
PASSAGE_LINES = 5
PASSAGE_CHARS = 300


@dataclass(frozen=True)
class Cell:
    """One cell: its paragraphs (rows of a table inside it have tabs), and the columns that it spans.

    A cell inside a vertically merged area has no lines below its first row: it is `covered` there.
    """

    lines: tuple[str, ...] = ()
    span: int = 1
    nested: int = 0  # characters of its lines that stand in tables inside it
    covered: bool = False  # by a cell above it, or no cell at all: the row has fewer

    @property
    def text(self) -> str:
        """The paragraphs in one line, without tabs."""
        out = ""
        for line in self.lines:
            line = re.sub(r"\s+", " ", line).strip()
            parted = bool(out and line) and re.match(r"\w", out[-1]) and re.match(r"[\w（(]", line)
            out += f" {line}" if parted else line
        return out


Row = Sequence[Cell]


def table_lines(rows: Sequence[Row], *, columns_above: int = 0) -> list[str]:
    """Return the lines of a table: its rows, or its cells' paragraphs where it only places them on the page.

    Rows in one cell over the whole width at the top or the bottom are its title and its remarks: paragraphs, too.
    `columns_above`: the columns of a table right above, which a single row may go on with; 0 where there is none.
    """
    rows = [row for row in rows if any(cell.text for cell in row)]
    if is_layout(rows, columns_above=columns_above):
        return [line for row in rows for cell in row for line in cell.lines if line.strip()]
    first, last = 0, len(rows)
    while first < last and _is_one_cell(rows[first]):
        first += 1
    while last > first and _is_one_cell(rows[last - 1]):
        last -= 1
    return [
        *(line for row in rows[:first] for line in row[0].lines if line.strip()),
        *_rows(rows[first:last]),
        *(line for row in rows[last:] for line in row[0].lines if line.strip()),
    ]


def is_layout(rows: Sequence[Row], *, columns_above: int = 0) -> bool:
    """Say whether a table is no data: one column, one row, tables inside it, or whole passages in a few cells."""
    columns = max((_columns(row) for row in rows), default=0)
    filled = [cell for row in rows for cell in row if cell.text]
    if columns <= 1 or (len(rows) == 1 and columns != columns_above):
        return True
    if sum(cell.nested for cell in filled) * 2 > sum(len(cell.text) for cell in filled):
        return True
    return len(filled) <= LAYOUT_CELLS and any(
        len(cell.lines) >= PASSAGE_LINES and len(cell.text) >= PASSAGE_CHARS for cell in filled
    )


def _columns(row: Row) -> int:
    return sum(cell.span for cell in row)


def _is_one_cell(row: Row) -> bool:
    return len(row) == 1


def _rows(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the rows as the table reader expects them: a spanning cell's text in its first column, the others empty.

    In a numbered row an empty cell inherits what stands above it; one that no merged cell covers gets a dash instead.
    """
    column = -1  # of the numbers
    for row in rows:
        texts = _texts(row, empty="")
        if (found := number_column(texts)) >= 0:
            column = found
        elif 0 <= column < len(texts) and NUMBER.fullmatch(texts[column]):
            texts = _texts(row, empty=EMPTY)
        yield "\t".join(texts) if len(texts) > 1 else f"{texts[0]}\t"


def _texts(row: Row, *, empty: str) -> list[str]:
    own = (
        [cell.text or ("" if cell.covered else empty)] + ["" if cell.covered else empty] * (cell.span - 1)
        for cell in row
    )
    return [text for texts in own for text in texts]
