"""The rows of a table without a 序号 column in, a record a row out; a form, or a table without a header, gives none."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.clean import Block
from ingest.document import Doubt
from ingest.table_heads import (
    heads_columns,
    is_form,
    is_grand,
    is_group,
    names_values,
    one_cell,
    same_header,
    squash,
    total_name,
    trimmed,
)  # fmt: skip
from ingest.table_records import Record, Table, read_header, row_kind
from ingest.table_rows import Columns, fit, goes_on, inherit_leading, join, record_line, verbatim


def read_unnumbered(blocks: Sequence[Block], first: int, last: int) -> Table | None:
    """Return a record for each row of a table whose header, or whose names, are known; None for any other."""
    places = [index for index in range(first, last) if row_kind(blocks[index]) == "row"]
    while places and one_cell(blocks[places[0]].cells):
        places.pop(0)
    rows = [blocks[index].cells for index in places]
    marked = bool(places) and blocks[places[0]].header
    if len(rows) < 2 or is_form(rows, headed=marked):
        return None
    table, data = Table(kept=list(range(first, places[0]))), set(places)
    named = names_values(rows)
    if heads_columns(rows) or (marked and not named):
        end, names = read_header(blocks, places[0], last, 0)
        table.left_out += [(index, "table header") for index in range(places[0], end)]
        PlainRowReader(blocks, names, range(places[0], end), table).read(range(end, last))
    elif named:
        for index in range(places[0], last):
            if index not in data:
                table.kept.append(index)
                continue
            name, value = trimmed(blocks[index].cells)
            count = len(table.records) + 1
            line = f"{squash(name).rstrip('：:')}：{value}"
            table.records.append(Record(str(count), [line], [index], sign=f"表 第{count}行"))
    return table if table.records else None


class PlainRowReader:
    """Reads the rows below a header without a 序号 column: a record a row, but for sums, groups and cut rows."""

    def __init__(self, blocks: Sequence[Block], names: list[str], header: range, table: Table) -> None:
        self.blocks, self.names, self.table = blocks, names, table
        self.heads = [blocks[index].cells for index in header]
        self.width = max(len(cells) for cells in self.heads)
        self.above: list[str] = []
        self.group, self.page, self.count = "", False, 0

    def read(self, places: range) -> None:
        rows = {
            i: fit(self.blocks[i].cells, self.names, self.width, -1)
            for i in places
            if row_kind(self.blocks[i]) == "row"
        }
        self.columns = Columns([row for row in rows.values() if row])
        for index in places:
            kind, cells = row_kind(self.blocks[index]), self.blocks[index].cells
            records = self.table.records
            if kind == "note" and records:
                records[-1].lines.append(self.blocks[index].text)
                records[-1].blocks.append(index)
            elif kind != "row":
                self.table.kept.append(index)
            elif any(same_header(cells, head) for head in self.heads):
                self.table.left_out.append((index, "table header"))
                self.page = True
                continue
            else:
                self._take_row(index, rows[index])
            self.page = False

    def _take_row(self, index: int, row: list[str] | None) -> None:
        cells, records = self.blocks[index].cells, self.table.records
        if row is None or self.columns.is_shifted(row, -1):
            self._open(index, verbatim(cells), [])
            self.table.doubts.append((index, Doubt("damaged_row", verbatim(cells)[:20])))
        elif name := total_name(cells):
            self.group = "" if is_grand(name) else self.group
            records.append(Record("0", [record_line(self.names, row)], [index], self.group, name))
            self.above = []
        elif is_group(cells) or (one_cell(cells) and row[0] and len(row) > 2 and len(row[0]) <= 30):
            self.group, self.above = one_cell(cells), []
            self.table.left_out.append((index, "table group"))
        elif records and self.above and not row[0] and goes_on(self.above, row, page=self.page):
            self.above = join(self.above, row)
            records[-1].lines[-1] = record_line(self.names, self.above)
            records[-1].blocks.append(index)
        else:
            row = inherit_leading(row, self.above)
            self._open(index, record_line(self.names, row), row)

    def _open(self, index: int, line: str, row: list[str]) -> None:
        self.count += 1
        self.table.records.append(
            Record(str(self.count), [line], [index], self.group, f"表 第{self.count}行")
        )
        self.above = row
