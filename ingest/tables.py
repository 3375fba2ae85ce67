"""A run of tab-separated rows in, records that read 字段：值 out: headers, merged cells and continuation rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.clean import Block

NUMBER_HEADS = ("序号", "编号", "项目序号")
NOTHING = ("", "—", "——", "--", "---", "/", "-", "无")


@dataclass
class Record:
    """One numbered row with the rows that go on with it; `lines` are its text, `first` and `last` its blocks."""

    number: str
    lines: list[str]
    first: int
    last: int
    group: str = ""  # the group row above it: 四、推进机动车结构进一步优化
    damaged: bool = False


@dataclass
class Table:
    """The records of one table; where no header with 序号 is found, `records` is empty: a form, kept as it is."""

    records: list[Record] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)  # block and reason: header rows, group rows


def read_table(blocks: Sequence[Block], first: int, last: int) -> Table:
    """Return the records of the rows blocks[first:last]."""
    header: list[str] = []
    column = -1
    table, group, above = Table(), "", list[str]()
    index = first
    while index < last:
        cells = _fold(blocks[index].cells, header, column)
        if found := _number_column(cells):
            header, column = cells, found - 1
            table.left_out.append((index, "table header"))
            if index + 1 < last and _is_subheader(header, blocks[index + 1].cells, column):
                header = _merge_header(header, blocks[index + 1].cells)
                index += 1
                table.left_out.append((index, "table header"))
        elif not header:
            return Table()
        elif _is_group(cells):
            group = next(cell for cell in cells if cell)
            table.left_out.append((index, "table group"))  # it stands in the path of its rows
        elif column < len(cells) and re.fullmatch(r"\d{1,4}", cells[column]):
            above = _inherit(cells, above, column)
            table.records.append(
                Record(cells[column], [_record_line(header, above)], index, index + 1, group)
            )
        elif table.records:
            _continue_record(table.records[-1], header, cells, index)
        else:
            return Table()
        index += 1
    return table


def _number_column(cells: Sequence[str]) -> int:
    """Return one more than the index of the 序号 column, 0 where the row is no header."""
    bare = [cell.replace(" ", "") for cell in cells]
    return next((index + 1 for index, cell in enumerate(bare) if cell in NUMBER_HEADS), 0)


def _is_subheader(header: Sequence[str], cells: Sequence[str], column: int) -> bool:
    """The second line of a header: short words, some below the empty cells of a spanning head."""
    filled = [index for index, cell in enumerate(cells) if cell]
    short = all(len(cells[index]) <= 8 and not cells[index].isdigit() for index in filled)
    number_empty = column >= len(cells) or not cells[column]
    return bool(filled) and short and number_empty and any(i >= len(header) or not header[i] for i in filled)


def _merge_header(header: Sequence[str], below: Sequence[str]) -> list[str]:
    size = max(len(header), len(below))
    upper = list(header) + [""] * (size - len(header))
    lower = list(below) + [""] * (size - len(below))
    return [low or high for high, low in zip(upper, lower, strict=True)]


def _fold(cells: Sequence[str], header: Sequence[str], column: int) -> list[str]:
    """A row one cell longer than its header splits its first column: 蔬菜、粮食产能 | 蔬菜 | 达标 is two cells, not three."""
    size = len(_trimmed(header))
    found, split = _trimmed(cells), column + 2
    if not all(header[:size]) or len(found) != size + 1 or split >= size:
        return list(cells)
    return [*found[: split - 1], " ".join(filter(None, found[split - 1 : split + 1])), *found[split + 1 :]]


def _trimmed(cells: Sequence[str]) -> Sequence[str]:
    size = max((index + 1 for index, cell in enumerate(cells) if cell), default=0)
    return cells[:size]


def _is_group(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return (
        len(filled) == 1
        and bool(re.match(r"[一二三四五六七八九十]{1,3}、", filled[0]))
        and len(filled[0]) <= 60
    )


def _inherit(cells: Sequence[str], above: Sequence[str], column: int) -> list[str]:
    """A vertically merged cell stands empty below its first row: take the value from above."""
    return [cell or (above[i] if i < len(above) and i != column else "") for i, cell in enumerate(cells)]


def _record_line(header: Sequence[str], cells: Sequence[str]) -> str:
    pairs = []
    for index, cell in enumerate(cells):
        name = header[index].replace(" ", "") if index < len(header) else ""
        if cell in NOTHING or name in NUMBER_HEADS:
            continue
        pairs.append(f"{name}：{cell}" if name else cell)
    return "；".join(pair.rstrip("；。") if i < len(pairs) - 1 else pair for i, pair in enumerate(pairs))


def _continue_record(record: Record, header: Sequence[str], cells: Sequence[str], index: int) -> None:
    """Add a row without a number to the record above: by its columns, verbatim where they do not fit the header."""
    column = next((i for i, name in enumerate(header) if name.replace(" ", "") in NUMBER_HEADS), 0)
    if column < len(cells) and cells[column] and not cells[column].isdigit():
        record.damaged = True
        record.lines.append("；".join(cell for cell in cells if cell))
    elif line := _record_line(header, cells):
        record.lines.append(line)
    record.last = index + 1
