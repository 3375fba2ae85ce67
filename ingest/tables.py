"""A run of tab-separated rows in, records that read 字段：值 out: headers, merged cells and continuation rows.

A row with a number is cited by it (第7项, 第1.1项); in a table without a 序号 column a row is cited by its place (表 第3行,
表2 第3行 in the second such table of a unit), a sum by its name (合计). A table to be filled in is no table of records: it is kept as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.clean import Block
from ingest.document import Doubt
from ingest.numbering import CIRCLED
from ingest.numerals import parse_numeral
from ingest.table_heads import (
    CONTINUED,
    NUMBER_HEADS,
    filled,
    is_grand,
    is_group,
    number_column,
    one_cell,
    squash,
    total_name,
    trimmed,
)  # fmt: skip
from ingest.table_plain import read_unnumbered
from ingest.table_records import Record, Table, read_header, row_kind
from ingest.table_rows import Columns, fit, goes_on, inherit, join, record_line, verbatim

__all__ = [
    "NUMBER_HEADS",
    "Record",
    "Table",
    "read_table",
    "table_end",
    "tell_apart",
    "title_above",
]

NUMBER = re.compile(r"[（(]?\s*(\d{1,5}|[一二三四五六七八九十百]{1,5})\s*[)）]?\s*[、.．]?")
DECIMAL = re.compile(r"\d{1,3}(?:[.．]\d{1,3}){1,3}")
TITLE = re.compile(
    r"附?表\s*[\d一二三四五六七八九十]{1,3}(?:[-—.]\d{1,2})?(?:[\s：:、.]?[^。；，]{0,34})?|[^。；，：]{2,36}(?:表|目录|清单|台账|名单|一览)"
)
UNIT_LINE = re.compile(r"[（(]?\s*(?:计量|金额|面积)?单位\s*[：:]\s*[^。；]{1,20}")


@dataclass
class Section:
    """The rows below one header."""

    names: list[str]
    key: int  # the column of the numbers
    rows: list[tuple[int, str]] = field(default_factory=list)  # block, and what it is: row, text, note, head
    widths: dict[int, int] = field(default_factory=dict)  # of each row: the columns of the page's grid

    def body(self) -> Iterator[int]:
        return (index for index, kind in self.rows if kind == "row")


def read_table(blocks: Sequence[Block], first: int, last: int) -> Table:
    """Return the records of the rows blocks[first:last]."""
    return _read_numbered(blocks, first, last) or read_unnumbered(blocks, first, last) or Table()


def table_end(blocks: Sequence[Block], index: int, last: int) -> int:
    """Return the block past the table at `index`: its rows, notes to them, and 续表 between them."""
    end = index + 1
    while end < last:
        more = end + 1 < last and bool(blocks[end + 1].cells) and bool(CONTINUED.fullmatch(blocks[end].text))
        if not (blocks[end].cells or blocks[end].is_note or more):
            break
        end += 1
    return end


def tell_apart(table: Table, earlier: Sequence[Record]) -> None:
    """Number a table whose rows are cited by place when the unit holds others before it: 表2 第1行."""
    tables = {record.sign.partition(" ")[0] for record in earlier if record.sign.startswith("表")}
    for record in table.records:
        if tables and record.sign.startswith("表 "):
            record.sign = f"表{len(tables) + 1}{record.sign[1:]}"


def title_above(blocks: Sequence[Block], owned: Sequence[int], index: int) -> list[int]:
    """Return the last of a unit's blocks, right above the table at `index`, that are its title: 表1 …, 单位：万元.

    None are where the unit has no text before them: what they would title is the unit itself.
    """
    places = [place for place in (index - 2, index - 1) if place in owned[-2:]]
    if len(places) == 2 and not UNIT_LINE.fullmatch(blocks[places[1]].text):
        places = places[1:]
    if not places or len(places) == len(owned) or places[-1] != index - 1:
        return []
    block = blocks[places[0]]
    return places if not block.cells and len(block.text) <= 40 and TITLE.fullmatch(block.text) else []


def _read_numbered(blocks: Sequence[Block], first: int, last: int) -> Table | None:
    """Return the records of a table with a 序号 column, None where there is none or no row has a number."""
    table, sections, width = Table(), list[Section](), 0
    index = first
    while index < last:
        cells = blocks[index].cells
        key = number_column(cells)
        if key >= 0:
            end, names = read_header(blocks, index, last, key)
            table.left_out += [(position, "table header") for position in range(index, end)]
            width = max(len(blocks[position].cells) for position in range(index, end))
            if not sections or trimmed(names) != trimmed(sections[-1].names):
                sections.append(Section(names, key))
            sections[-1].rows.append((index, "head"))
            index = end
            continue
        kind = row_kind(blocks[index])
        if sections:
            sections[-1].rows.append((index, kind))
            sections[-1].widths[index] = width
        elif kind == "row" and not one_cell(cells) and not _is_caption(cells):
            return None
        else:
            table.kept.append(index)
        index += 1
    for section in sections:
        RowReader(blocks, section, table).read()
    return table if any(not record.sign or "项" in record.sign for record in table.records) else None


def _is_caption(cells: Sequence[str]) -> bool:
    """A row above the header with the table's title and 单位：万元."""
    return len(filled(cells)) == 2 and any(UNIT_LINE.fullmatch(cell) for cell in cells)


class RowReader:
    """Reads the rows of one section into records of the table."""

    def __init__(self, blocks: Sequence[Block], section: Section, table: Table) -> None:
        self.blocks, self.section, self.table = blocks, section, table
        self.fitted = {
            index: fit(blocks[index].cells, section.names, section.widths[index], section.key)
            for index in section.body()
        }
        self.columns = Columns([row for row in self.fitted.values() if row])
        self.arabic = any(
            self._number(index)[0].isascii() for index in section.body() if self._number(index)[0]
        )
        self.record: Record | None = None
        self.above: list[str] = []  # the last numbered row, as inherited; [] where nothing is to be inherited
        self.cells: list[str] = []  # the last row of the record
        self.broken = False  # the record's own row does not fit: what goes on with it may not either
        self.group, self.last_number, self.page = "", 0, False

    def read(self) -> None:
        for position, (index, kind) in enumerate(self.section.rows):
            if kind == "head":
                self.page = True
            elif kind == "text":
                self.table.kept.append(index)
            elif kind == "note":
                self._take_note(index)
            else:
                self._take_row(index, position)
                self.page = False

    def _number(self, index: int) -> tuple[str, str]:
        """Return the number cell of a row and how it is cited, "" and "" where it is none."""
        cells = self.blocks[index].cells
        text = squash(cells[self.section.key]) if self.section.key < len(cells) else ""
        if DECIMAL.fullmatch(text):
            return text.replace("．", "."), f"第{text.replace('．', '.')}项"
        if text and text in CIRCLED:
            return str(CIRCLED.index(text) + 1), ""
        match = NUMBER.fullmatch(text)
        if not match or parse_numeral(match[1]) is None:
            return "", ""
        return match[1], "" if match[1].isascii() else f"第{match[1]}项"

    def _take_row(self, index: int, position: int) -> None:
        cells = self.blocks[index].cells
        number, sign = self._number(index)
        if group := self._group(index, position, number):
            self.group, self.above, self.record = group, [], None
            self.table.left_out.append((index, "table group"))  # it stands in the path of its rows
        elif name := total_name(cells):
            self.group = "" if is_grand(name) else self.group
            self._open(index, "0", name, self._row(index))
            self.above = []
        elif number:
            row = self._row(index)
            if row:
                merged = self.blocks[index].merged
                section = self.section
                row = inherit(row, self.above, section.names, self.columns, section.key, merged=merged)
            self._count(index, number, sign)
            self._open(index, number, sign, row)
            self.above = row or self._leading(self.above)
        elif self.record is None:
            self._damaged(index)
            self.table.kept.append(index)
        else:
            self._continue(index, self.record)

    def _row(self, index: int) -> list[str] | None:
        """Return the cells in their columns, None where they do not fit."""
        row = self.fitted[index]
        return None if row is None or self.columns.is_shifted(row, self.section.key) else row

    def _group(self, index: int, position: int, number: str) -> str:
        """Return the name of a group row, "" where the row is none: 二、水环境, or 二 | 水环境, or a lone cell above a number."""
        cells = self.blocks[index].cells
        if is_group(cells):
            return one_cell(cells)
        if self.arabic and number and not number.isascii() and len(filled(cells)) == 2:
            return f"{number}、{next(cells[i] for i in filled(cells) if i != self.section.key)}"
        text, below = one_cell(cells), self.section.rows[position + 1 : position + 2]
        leads = bool(below) and below[0][1] == "row" and bool(self._number(below[0][0])[0])
        lone = bool(text) and filled(cells)[0] <= self.section.key and not number and not total_name(cells)
        return text if lone and leads and len(text) <= 30 and not re.search("[。；，]", text) else ""

    def _open(self, index: int, number: str, sign: str, row: list[str] | None) -> None:
        line = (
            record_line(self.section.names, row, self.section.key)
            if row
            else verbatim(self.blocks[index].cells)
        )
        digits = number if number.isascii() and number.isdigit() else str(len(self.table.records) + 1)
        self.record = Record(digits, [line], [index], self.group, sign)
        self.table.records.append(self.record)
        self.cells, self.broken = row or [], row is None
        if row is None:
            self._damaged(index)

    def _count(self, index: int, number: str, sign: str) -> None:
        """Doubt a number that does not follow the last one; a count may begin again."""
        value = parse_numeral(number)
        if value is None or (sign and not self.arabic and "." in number):
            return
        if self.last_number and value not in (1, self.last_number + 1):
            kind = "repeat" if value == self.last_number else "gap"
            self.table.doubts.append((index, Doubt(kind, sign or f"第{value}项")))
        self.last_number = value

    def _continue(self, index: int, record: Record) -> None:
        """Add a row without a number to the record above: by its columns, verbatim where they do not fit."""
        row, key = self._row(index), self.section.key
        record.blocks.append(index)
        if row is None or self.broken or (key < len(row) and row[key]):
            record.lines.append(verbatim(self.blocks[index].cells))
            self._damaged(index)
            self.cells = []
        elif goes_on(self.cells, row, page=self.page):
            self.cells = join(self.cells, row)
            record.lines[-1] = record_line(self.section.names, self.cells, self.section.key)
            self.above = self.cells if len(record.lines) == 1 and self.above else self.above
        elif line := record_line(self.section.names, row, self.section.key):
            record.lines.append(line)
            self.cells, self.above = row, self._leading(self.above)

    def _leading(self, row: list[str]) -> list[str]:
        """What stands behind the number differs within the record above: only what stands before it is inherited."""
        return row[: max(self.section.key, 0)]

    def _take_note(self, index: int) -> None:
        if self.record is None:
            self.table.kept.append(index)
        else:
            self.record.lines.append(self.blocks[index].text)
            self.record.blocks.append(index)
            self.cells = []

    def _damaged(self, index: int) -> None:
        self.table.doubts.append((index, Doubt("damaged_row", verbatim(self.blocks[index].cells)[:20])))
