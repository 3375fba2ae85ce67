"""The rows of a table, told as 字段：值, in; its columns and cells out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.document import Provision

FIELD = re.compile(r"(?:^|；)([^：；\n]{1,24})：", re.MULTILINE)
Cell = tuple[int, int]  # offsets into the document's text; (0, 0) where a row says nothing


@dataclass(frozen=True)
class Line:
    """One line of a row: a cell for each column, or, where its cells fit no column, one for the whole line."""

    cells: tuple[Cell, ...]
    whole: bool = False


@dataclass(frozen=True)
class Row:
    """A provision that is a row; a row with several lines goes on with what differs from the line above."""

    provision: Provision
    place: str  # 第7项
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Grid:
    """A table as it is shown."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def grid(provisions: Sequence[Provision]) -> Grid:
    """Return the table of rows that follow each other."""
    columns = _columns(provisions)
    names = "|".join(map(re.escape, sorted(columns, key=len, reverse=True)))
    field = re.compile(rf"(?:^|；)({names})：") if columns else None
    return Grid(columns, tuple(_row(provision, columns, field) for provision in provisions))


def _columns(provisions: Sequence[Provision]) -> tuple[str, ...]:
    """Return the names of the columns: what more than one row, or the only one, calls a field, in the order of the fullest line."""
    lines = [FIELD.findall(line) for p in provisions for line in p.text.split("\n")]
    rows = Counter(name for p in provisions for name in set(FIELD.findall(p.text)))
    least = 1 if len(provisions) < 3 else 2
    known = {name for name, count in rows.items() if count >= least}
    fullest = max(lines, key=lambda names: len(set(names) & known), default=[])
    order = [*fullest, *(name for names in lines for name in names)]
    return tuple(dict.fromkeys(name for name in order if name in known))


def _row(provision: Provision, columns: tuple[str, ...], field: re.Pattern[str] | None) -> Row:
    lines, at = [], provision.start
    for text in provision.text.split("\n"):
        lines.append(_line(text, at, columns, field))
        at += len(text) + 1
    return Row(provision, provision.label.rsplit(" ", 1)[-1], tuple(lines))


def _line(text: str, offset: int, columns: tuple[str, ...], field: re.Pattern[str] | None) -> Line:
    found = list(field.finditer(text)) if field else []
    if not found or found[0].start() > 0:
        return Line(((offset, offset + len(text)),), whole=True)
    ends = [*(match.start() for match in found[1:]), len(text)]
    cells = {match[1]: (offset + match.end(), offset + end) for match, end in zip(found, ends, strict=True)}
    return Line(tuple(cells.get(name, (0, 0)) for name in columns))
