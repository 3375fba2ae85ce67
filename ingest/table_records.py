"""Record and Table, what the rows of a table become, and how its header is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.clean import Block
from ingest.document import Doubt
from ingest.table_heads import is_subheader, is_text_row, merge_header

HEADER_LINES = 3


@dataclass
class Record:
    """One row with the rows that go on with it; `lines` are its text, `blocks` theirs, the row's own first."""

    number: str  # digits: of the item, else the count of the row
    lines: list[str]
    blocks: list[int]
    group: str = ""  # the group row above it: 四、推进机动车结构进一步优化
    sign: str = ""  # how it is cited where no plain number does: 第1.1项, 表 第3行, 合计

    @property
    def place(self) -> str:
        """What a label calls the row: 第7项, 第1.1项, 表 第3行, 合计."""
        return self.sign or f"第{int(self.number)}项"


@dataclass
class Table:
    """The records of one table; none where it is a form, or no header was found: it is kept as it is."""

    records: list[Record] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)  # block and reason: header rows, group rows
    kept: list[int] = field(
        default_factory=list
    )  # blocks that are text of the unit around it: 单位：万元, 注：…
    doubts: list[tuple[int, Doubt]] = field(default_factory=list)

    @property
    def restarts(self) -> bool:
        """Say whether rows of several groups have the same number."""
        places = [record.place for record in self.records]
        return len(set(places)) < len(places) and len({record.group for record in self.records}) > 1


def row_kind(block: Block) -> str:
    if not block.cells:
        return "note" if block.is_note else "text"
    return "text" if is_text_row(block.cells) else "row"


def read_header(blocks: Sequence[Block], index: int, last: int, key: int) -> tuple[int, list[str]]:
    """Return the block past a header of one to three lines, and the names of its columns."""
    names = upper = list(blocks[index].cells)
    end = index + 1
    while end < min(last, index + HEADER_LINES) and is_subheader(upper, blocks[end].cells, max(key, 0)):
        below = list(blocks[end].cells)
        names = merge_header(_spread(names, upper, below), below)
        upper = below
        end += 1
    return end, names


def _spread(names: Sequence[str], upper: Sequence[str], below: Sequence[str]) -> list[str]:
    """Return the names, those of a line that spans columns of the next line put over each of these."""
    out = [*names, *[""] * (len(below) - len(names))]
    for index, low in enumerate(below):
        if low and not out[index] and index > 0 and out[index - 1] and below[index - 1]:
            out[index] = out[index - 1]
    return out
