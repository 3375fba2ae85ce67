"""Pieces of lines in, lines in reading order out: one column, or several with what stands across them."""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.readers.layout import PROSE, PageLine

WIDE_GAP = 2.5  # ems in front of a page number of a contents line
LEAST_LINES = 6  # in each column
PAGE_NUMBER = re.compile(r"^\d{1,4}$")


@dataclass(frozen=True)
class Piece:
    """Text with its place; points, from the upper left corner."""

    text: str
    left: float
    right: float
    y: float
    size: float


def in_reading_order(pieces: Sequence[Piece], *, page: int) -> list[PageLine]:
    """Return the lines of a page in the order in which they are read."""
    ordered = _order(sorted(pieces, key=lambda piece: (piece.y, piece.left)), 0, page)
    return ordered


def _order(pieces: Sequence[Piece], column: int, page: int) -> list[PageLine]:
    gutter = _gutter(pieces)
    if gutter is None:
        return _rows(pieces, column, page)
    out: list[PageLine] = []
    band: list[Piece] = []
    for piece in pieces:
        if piece.left < gutter < piece.right:
            out += _band(band, gutter, column, page)
            out += _rows([piece], column, page)
            band = []
        else:
            band.append(piece)
    return out + _band(band, gutter, column, page)


def _band(pieces: Sequence[Piece], gutter: float, column: int, page: int) -> list[PageLine]:
    """Return what stands between two lines that cross the gutter: the left side, then the right one."""
    left = [piece for piece in pieces if piece.right <= gutter]
    right = [piece for piece in pieces if piece.left >= gutter]
    if not left or not right:
        centred = [piece for piece in pieces if abs((piece.left + piece.right) / 2 - gutter) < piece.size]
        if len(pieces) <= 2 or centred:
            return _rows(pieces, column, page)
    return _order(left, 2 * column + 1, page) + _order(right, 2 * column + 2, page)


def _gutter(pieces: Sequence[Piece]) -> float | None:
    """Return the x of a strip without text between two columns of long lines, None where there is none."""
    if len(pieces) < 2 * LEAST_LINES:
        return None
    left, right = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
    em = statistics.median(piece.size for piece in pieces)
    best: tuple[int, float] | None = None
    for step in range(30, 71):
        x = left + (right - left) * step / 100
        crossing = sum(piece.left < x < piece.right for piece in pieces)
        if best is None or crossing < best[0] or (crossing == best[0] and abs(step - 50) < 3):
            best = (crossing, x)
    if best is None or best[0] > 0.12 * len(pieces):
        return None
    return best[1] if _are_columns(pieces, best[1], em) else None


def _are_columns(pieces: Sequence[Piece], x: float, em: float) -> bool:
    before = [piece for piece in pieces if piece.right <= x]
    behind = [piece for piece in pieces if piece.left >= x]
    if min(len(before), len(behind)) < LEAST_LINES:
        return False
    for side in (before, behind):
        width = max(piece.right for piece in side) - min(piece.left for piece in side)
        long = sum(piece.right - piece.left > 0.7 * width for piece in side)
        if width < 8 * em or long * 2 < len(side):
            return False
    return min(piece.left for piece in behind) - max(piece.right for piece in before) > 0.6 * em


def _rows(pieces: Sequence[Piece], column: int, page: int) -> list[PageLine]:
    """Join the pieces that stand side by side."""
    rows: list[list[Piece]] = []
    for piece in pieces:
        if rows and abs(piece.y - rows[-1][0].y) < 0.35 * min(piece.size, rows[-1][0].size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    lines = [_line(sorted(row, key=lambda piece: piece.left), column, page) for row in rows]
    return lines


def _line(row: Sequence[Piece], column: int, page: int) -> PageLine:
    text = row[0].text
    for before, piece in itertools.pairwise(row):
        numbered = PAGE_NUMBER.match(piece.text) and piece is row[-1]
        far = piece.left - before.right > WIDE_GAP * piece.size
        text += ("\t" if numbered and far else " ") + piece.text
    longest = max(row, key=lambda piece: piece.right - piece.left)
    return PageLine(text, row[0].left, row[-1].right, longest.y, longest.size, page, column, PROSE)
