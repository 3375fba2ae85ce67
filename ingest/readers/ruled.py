"""Ruling lines and glyphs in, the rows of tables out: cells parted by tabs, a merged cell in its first row and column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.readers.layout import join_pieces
from ingest.readers.pdf_page import Glyph, Rule

SNAP = 3.0  # points within which two lines are one, and a line touches another


@dataclass(frozen=True)
class Cell:
    """A cell over rows top..bottom and columns left..right of its grid, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Grid:
    """A table's lines: xs and ys from the outermost in, and the cells between them."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[Cell, ...]

    def holds(self, glyph: Glyph) -> bool:
        x, y = _middle(glyph)
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]


@dataclass(frozen=True)
class TableRow:
    cells: tuple[str, ...]
    y: float  # of its upper edge

    @property
    def spans_all(self) -> bool:
        """One text over the whole width: the table's title, or a note."""
        return bool(self.cells[0]) and not any(self.cells[1:])


def find_grids(rules: Sequence[Rule]) -> list[Grid]:
    """Return the tables that the ruling lines of a page form: at least two columns, not within one another."""
    across = _merged([rule for rule in rules if not rule.upright])
    upright = _merged([rule for rule in rules if rule.upright])
    grids: list[Grid] = []
    for some_across, some_upright in _connected(across, upright):
        grid = _grid(some_across, some_upright)
        if grid:
            grids.append(grid)
    grids.sort(key=lambda grid: -(grid.xs[-1] - grid.xs[0]) * (grid.ys[-1] - grid.ys[0]))
    kept: list[Grid] = []
    for grid in grids:
        if not any(_within(grid, other) for other in kept):
            kept.append(grid)
    return sorted(kept, key=lambda grid: grid.ys[0])


def read_rows(
    grid: Grid, glyphs: Sequence[Glyph], lines_of: Callable[[Sequence[Glyph]], list[str]]
) -> list[TableRow]:
    """Return the table's rows; `lines_of` gives the lines that the glyphs of one cell form."""
    owner = {(r, c): cell for cell in grid.cells for r in range(cell.top, cell.bottom + 1)
             for c in range(cell.left, cell.right + 1)}  # fmt: skip
    inside: dict[Cell, list[Glyph]] = {}
    for glyph in glyphs:
        x, y = _middle(glyph)
        row, column = _slot(grid.ys, y), _slot(grid.xs, x)
        inside.setdefault(owner[row, column], []).append(glyph)
    width = len(grid.xs) - 1
    texts: list[list[str]] = [[""] * width for _ in grid.ys[1:]]
    for cell, held in inside.items():
        texts[cell.top][cell.left] = _cell_text(lines_of(held))
    return [TableRow(tuple(row), y) for row, y in zip(texts, grid.ys, strict=False) if any(row)]


def _cell_text(lines: Sequence[str]) -> str:
    text = ""
    for line in lines:
        text = join_pieces(text, line.replace("\t", " "))
    return text


def _middle(glyph: Glyph) -> tuple[float, float]:
    return (glyph.left + glyph.right) / 2, glyph.y - 0.35 * glyph.size


def _slot(edges: Sequence[float], value: float) -> int:
    return max(0, min(len(edges) - 2, sum(edge <= value for edge in edges) - 1))


def _within(inner: Grid, outer: Grid) -> bool:
    return (
        outer.xs[0] - SNAP <= inner.xs[0]
        and inner.xs[-1] <= outer.xs[-1] + SNAP
        and outer.ys[0] - SNAP <= inner.ys[0]
        and inner.ys[-1] <= outer.ys[-1] + SNAP
    )


def _merged(rules: Sequence[Rule]) -> list[Rule]:
    """Return the lines with those made one that lie on one another or go on from one another."""
    out: list[Rule] = []
    at = {id(rule): place for place, rules_ in _clusters(rules) for rule in rules_}
    for rule in sorted(rules, key=lambda rule: (at[id(rule)], rule.start)):
        place = at[id(rule)]
        last = out[-1] if out else None
        if last and last.at == place and rule.start <= last.end + SNAP:
            out[-1] = last._replace(end=max(last.end, rule.end))
        else:
            out.append(rule._replace(at=place))
    return out


def _clusters(rules: Sequence[Rule]) -> list[tuple[float, list[Rule]]]:
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if groups and rule.at - groups[-1][0].at <= SNAP:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return [(sum(rule.at for rule in group) / len(group), group) for group in groups]


def _connected(across: list[Rule], upright: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Return the groups of lines that hang together by their crossings."""
    rules = across + upright
    parent = list(range(len(rules)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for i, flat in enumerate(across):
        for j, tall in enumerate(upright, start=len(across)):
            if _meet(flat, tall):
                parent[root(i)] = root(j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for index, rule in enumerate(rules):
        groups.setdefault(root(index), ([], []))[rule.upright].append(rule)
    return [group for group in groups.values() if len(group[0]) >= 2 and group[1]]


def _meet(flat: Rule, tall: Rule) -> bool:
    return flat.start - SNAP <= tall.at <= flat.end + SNAP and tall.start - SNAP <= flat.at <= tall.end + SNAP


def _grid(across: list[Rule], upright: list[Rule]) -> Grid | None:
    upright = upright + _open_sides(across, upright)
    xs = sorted({rule.at for rule in upright})
    ys = sorted({rule.at for rule in across})
    if len(xs) < 3 or len(ys) < 2:
        return None
    cells = _cells(xs, ys, across, upright)
    columns = {cell.left for cell in cells}
    return Grid(tuple(xs), tuple(ys), tuple(cells)) if len(columns) > 1 else None


def _open_sides(across: list[Rule], upright: list[Rule]) -> list[Rule]:
    """A table drawn without its outer lines has them where its rows begin and end."""
    top, bottom = min(rule.at for rule in across), max(rule.at for rule in across)
    places = [rule.at for rule in upright]
    ends = (min(rule.start for rule in across), max(rule.end for rule in across))
    return [Rule(True, x, top, bottom) for x in ends if all(abs(x - place) > 2 * SNAP for place in places)]


def _cells(xs: list[float], ys: list[float], across: list[Rule], upright: list[Rule]) -> list[Cell]:
    """Join the fields of the grid that no line parts."""
    rows, columns = len(ys) - 1, len(xs) - 1
    parent = {(r, c): (r, c) for r in range(rows) for c in range(columns)}

    def root(field: tuple[int, int]) -> tuple[int, int]:
        while parent[field] != field:
            field = parent[field]
        return field

    for r in range(rows):
        for c in range(columns):
            y, x = (ys[r] + ys[r + 1]) / 2, (xs[c] + xs[c + 1]) / 2
            if c + 1 < columns and not _covered(upright, xs[c + 1], y):
                parent[root((r, c + 1))] = root((r, c))
            if r + 1 < rows and not _covered(across, ys[r + 1], x):
                parent[root((r + 1, c))] = root((r, c))
    groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for field in parent:
        groups.setdefault(root(field), []).append(field)
    return [
        Cell(min(r for r, _ in group), min(c for _, c in group), max(r for r, _ in group), max(c for _, c in group))
        for group in groups.values()
    ]  # fmt: skip


def _covered(rules: Sequence[Rule], at: float, where: float) -> bool:
    return any(rule.at == at and rule.start <= where <= rule.end for rule in rules)
