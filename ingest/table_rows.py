"""The rows below one header in, each cell in its column out; a row whose cells do not fit is told apart, never mended.

Nothing is invented: a cell is inherited only where a merged cell is known or all else speaks for one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest.table_heads import FIGURE, NOTHING, TOTAL, squash, trimmed

# Columns of each row's own: an empty 备注 says that there is none, an empty 姓名 is not the name above.
OWN = re.compile(r"备注|附注|注|说明|其他|签[字名]|.*(?:姓名|名称|编号|号码|电话|证号|[地住]址|联系方式)")
ENDED = "。；！？;!?”）)》…"
GOES_ON = ("，", "、", "（", "(", "《", "“", "和", "及", "与", "的")
DAY = re.compile(r"(?:19|20)\d\d[.年/-]\d|\d月")
LEAST = 5  # other cells of a column, before it can tell what does not belong there
PASSAGE = 24  # characters that no name of a group or a place has
LONG = 12  # characters, on average, of a column that tells one row from another


def fit(cells: Sequence[str], header: Sequence[str], width: int, key: int) -> list[str] | None:
    """Return the cells, one a column of the header; None where they are too many to say which is whose.

    `width`: the columns of the page's grid; `key`: the column of the numbers, -1 where there is none. Where the grid
    has one more column than the header names, the one empty cell too many is left out, or the first column is one cut
    in two (蔬菜、粮食产能 | 蔬菜 | 达标).
    """
    size, row = len(trimmed(header)), trimmed(cells)
    if len(row) <= size:
        return row + [""] * (size - len(row))
    if len(row) > size + 1 or width < len(row) or not all(header[:size]):
        return None
    shorter = {(*row[:i], *row[i + 1 :]) for i in range(key + 1, len(row)) if not row[i]}
    if len(shorter) == 1:
        return list(shorter.pop())
    split = key + 2
    if shorter or split >= len(row):
        return None
    return [*row[: split - 1], f"{row[split - 1]} {row[split]}".strip(), *row[split + 1 :]]


class Column:
    """What the cells of one column hold, white space aside; each question leaves the cell asked about out."""

    def __init__(self, cells: Sequence[str]) -> None:
        self.values = Counter(map(squash, cells))
        self.total = len(cells)
        self.lengths = sorted(map(len, cells))
        self.with_digits = sum(map(_has_digit, cells))
        self.figures = sum(bool(FIGURE.fullmatch(squash(cell))) for cell in cells)
        self.common = {value: count for value, count in self.values.items() if count >= 3}
        self.is_closed = len(self.common) <= 3 and sum(self.common.values()) * 5 >= (self.total - 1) * 4

    @property
    def is_key(self) -> bool:
        """Passages, one a row: what stands behind them depends on none."""
        return len(self.values) == self.total and sum(self.lengths) >= LONG * max(1, self.total)

    def says_else(self, value: str) -> bool:
        """Nearly all other cells say one of three things, and this one does not."""
        return self.total > 2 * LEAST and self.is_closed and value not in self.common

    def is_odd_figure(self, value: str) -> bool:
        """>98.5 in a column that else says 约束性 or 预期性."""
        if not FIGURE.fullmatch(value) or DAY.search(value):
            return False
        return self.says_else(value) and self.with_digits - _has_digit(value) == 0

    def is_foreign(self, value: str) -> bool:
        """A cell that is unlike all others of its column: in what it says, in length, by having no figure."""
        if self.total <= LEAST:
            return False
        place = 4 if len(value) >= self.lengths[-3] else 3
        too_long = len(value) > max(PASSAGE, 2 * self.lengths[-min(place, self.total)])
        no_figure = self.with_digits == self.total - 1 and not _has_digit(value)
        return too_long or no_figure or self.says_else(value)


class Columns:
    """What the rows below one header hold, column by column: tells which cell stands in the wrong one."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        size = max((len(row) for row in rows), default=0)
        self.rows = len(rows)
        self.columns = [
            Column([row[i] for row in rows if i < len(row) and row[i] not in NOTHING]) for i in range(size)
        ]

    def is_shifted(self, row: Sequence[str], key: int) -> bool:
        """Say whether the cells of a row stand in their neighbours' columns."""
        places = [i for i, cell in enumerate(row) if cell not in NOTHING and i != key]
        if row and row[-1] == "" and any(self._is_neighbours(i, row) for i in places):
            return True
        if any(self.columns[i].is_odd_figure(squash(row[i])) for i in places):
            return True
        lacks = any(self._is_full(i) and row[i] == "" for i in range(len(row)) if i != key)
        return lacks and any(self.columns[i].is_foreign(squash(row[i])) for i in places)

    def is_key(self, index: int) -> bool:
        """Say whether a column's cells are passages that tell one row from another."""
        return self.columns[index].is_key

    def holds_figures(self, index: int) -> bool:
        """Say whether a column mostly holds amounts."""
        return self.columns[index].figures * 2 > self.columns[index].total

    def _is_full(self, index: int) -> bool:
        return self.rows > LEAST and self.columns[index].total * 5 >= self.rows * 4

    def _is_neighbours(self, index: int, row: Sequence[str]) -> bool:
        """A value that belongs to the next column, which is empty or has lost its own to the one behind it."""
        if index + 1 >= len(self.columns):
            return False
        value, own, following = squash(row[index]), self.columns[index], self.columns[index + 1]
        if own.values[value] == 1 and following.values[value] >= 3:
            return True
        figures = following.total >= LEAST and following.with_digits * 5 >= following.total * 4
        words = own.total > 4 * LEAST and (own.with_digits - 1) * 10 <= own.total
        return row[index + 1] == "" and figures and words and _has_digit(value)


def _has_digit(text: str) -> bool:
    return bool(re.search(r"\d", text))


def inherit(
    row: Sequence[str],
    above: Sequence[str],
    header: Sequence[str],
    columns: Columns,
    key: int,
    *,
    merged: bool,
) -> list[str]:
    """Return a numbered row with the merged cells that stand above it.

    `merged`: an empty cell is known to be covered by the one above. Otherwise one left of the number is; behind it,
    one is where the cell on its left goes on from the row above, too, or is a passage of the row's own.
    """
    out = list(row)
    for index, cell in enumerate(row):
        value = above[index] if index < len(above) else ""
        if cell or index == key or not value:
            continue
        free = merged or index < key
        if free or (_may_inherit(index, header, columns) and _goes_on(out, above, index, columns, key)):
            out[index] = value
    return out


def _may_inherit(index: int, header: Sequence[str], columns: Columns) -> bool:
    name = squash(header[index]) if index < len(header) else ""
    return not OWN.fullmatch(name) and not columns.holds_figures(index)


def _goes_on(row: Sequence[str], above: Sequence[str], index: int, columns: Columns, key: int) -> bool:
    left = index - 1
    return (
        left == key or columns.is_key(left) or (bool(row[left]) and squash(row[left]) == squash(above[left]))
    )


def inherit_leading(row: Sequence[str], above: Sequence[str]) -> list[str]:
    """Return a row without a number with the group columns before its first own cell as they stand above."""
    first = next((index for index, cell in enumerate(row) if cell), len(row))
    return [above[i] if i < first and i < len(above) else cell for i, cell in enumerate(row)]


def goes_on(above: Sequence[str], row: Sequence[str], *, page: bool) -> bool:
    """Say whether a row without a number is the rest of the one above, cut off in mid-sentence.

    `page`: a repeated header stands between, so that a page ended there.
    """
    places = [i for i, cell in enumerate(row) if cell not in NOTHING]
    if not places or any(i >= len(above) or not above[i] for i in places):
        return False
    if any(_is_open(above[i]) for i in places):
        return True
    return page and all(_is_cut(above[i]) for i in places)


def _is_open(text: str) -> bool:
    text = text.rstrip()
    brackets = any(text.count(left) > text.count(right) for left, right in ("（）", "《》", "“”", "()"))
    return text.endswith(GOES_ON[:6]) or brackets


def _is_cut(text: str) -> bool:
    text = text.rstrip()
    sentence = bool(re.search(r"[，。；]", text)) and len(text) >= 15
    return sentence and not text.endswith(tuple(ENDED))


def join(above: Sequence[str], row: Sequence[str]) -> list[str]:
    """Return the cells of a row with those of its rest behind them."""
    size = max(len(above), len(row))
    one, two = [*above, *[""] * (size - len(above))], [*row, *[""] * (size - len(row))]
    return [a if b in NOTHING else a + b for a, b in zip(one, two, strict=True)]


def record_line(header: Sequence[str], cells: Sequence[str], key: int = -1) -> str:
    """Return a row as it reads: 字段：值；字段：值; the number in column `key` and cells that hold nothing are left out."""
    pairs = []
    for index, cell in enumerate(cells):
        name = squash(header[index]).rstrip("：:") if index < len(header) else ""
        if cell in NOTHING or (index == key and not TOTAL.fullmatch(squash(cell))):
            continue
        pairs.append(f"{name}：{cell}" if name and index != key else cell)
    return "；".join(pair.rstrip("；。") if i < len(pairs) - 1 else pair for i, pair in enumerate(pairs))


def verbatim(cells: Sequence[str]) -> str:
    """Return the cells of a damaged row one behind the other."""
    return "；".join(cell for cell in cells if cell)
