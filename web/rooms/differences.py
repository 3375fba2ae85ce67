"""Two texts in, their words out, with those marked that the other one does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
import rjieba
from rapidfuzz import fuzz, process

ALIKE = 50.0  # from which two texts say the same in other words, 0..100
MANY_CHANGES = 0.35  # likeness of the words below which marking single ones would only confuse
MARK = re.compile(
    r"^\s*(?:第[〇零一二三四五六七八九十百千\d]+[编章节条项](?:之[一二三四五六七八九十])?|"
    r"[（(][一二三四五六七八九十\d]+[）)]|[〇零一二三四五六七八九十百]+、|\d+[.．、](?!\d))\s*"
)
LOOSE = re.compile(r"\W")


@dataclass(frozen=True)
class Piece:
    """Words of one side; `changed` where the other side does not have them."""

    text: str
    changed: bool = False


Pieces = tuple[Piece, ...]


def plain(text: str) -> str:
    """Return a text without the mark that opens it, spaces and points."""
    return LOOSE.sub("", MARK.sub("", text))


def differences(left: str, right: str) -> tuple[Pieces, Pieces]:
    """Return both texts in pieces, those that only one of them has marked; the mark that opens them is not compared.

    Texts of several lines that have little in common are compared line by line.
    """
    heads = [match[0] if (match := MARK.match(text)) else "" for text in (left, right)]
    bodies = [text[len(head) :] for text, head in zip((left, right), heads, strict=True)]
    a, b = (rjieba.cut(body) for body in bodies)
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if matcher.ratio() < MANY_CHANGES:
        one, other = _by_line(*bodies)
    else:
        one, other = _by_word(a, b, matcher)
    return _joined([Piece(heads[0]), *one]), _joined([Piece(heads[1]), *other])


def best_pairs(scores: np.ndarray) -> Iterator[tuple[int, int]]:
    """Yield (row, column), the highest score first, each row and column once; scores below 0 are no pair."""
    rows: set[int] = set()
    columns: set[int] = set()
    for place in np.argsort(-scores, axis=None, kind="stable"):
        row, column = divmod(int(place), scores.shape[1])
        if scores[row, column] < 0:
            return
        if row not in rows and column not in columns:
            yield row, column
            rows.add(row)
            columns.add(column)


def _by_word(
    a: Sequence[str], b: Sequence[str], matcher: SequenceMatcher[str]
) -> tuple[list[Piece], list[Piece]]:
    one, other, steps = [], [], matcher.get_opcodes()
    for place, (tag, i, j, k, m) in enumerate(steps):
        # A point or a single character that happens to stand between two changes is read with them.
        island = 0 < place < len(steps) - 1 and len(LOOSE.sub("", "".join(a[i:j]))) <= 1
        one.append(Piece("".join(a[i:j]), tag != "equal" or island))
        other.append(Piece("".join(b[k:m]), tag != "equal" or island))
    return one, other


def _by_line(left: str, right: str) -> tuple[list[Piece], list[Piece]]:
    """Compare each line with the one most like it; a line that none is like is marked whole."""
    a, b = left.split("\n"), right.split("\n")
    one: list[Pieces] = [(Piece(line, True),) for line in a]
    other: list[Pieces] = [(Piece(line, True),) for line in b]
    if min(len(a), len(b)) > 1:
        scores = process.cdist(
            [plain(line) for line in a], [plain(line) for line in b], scorer=fuzz.ratio, dtype=np.float32
        )
        for i, j in best_pairs(np.where(scores >= ALIKE, scores, -1.0)):
            one[i], other[j] = differences(a[i], b[j])
    return _lines(one), _lines(other)


def _lines(pieces: Sequence[Pieces]) -> list[Piece]:
    return [piece for line in pieces for piece in (*line, Piece("\n"))][:-1]


def _joined(pieces: Sequence[Piece]) -> Pieces:
    """Return the pieces without empty ones; neighbours of one kind are one, spaces are of the kind of what they follow."""
    out: list[Piece] = []
    for piece in pieces:
        between = not piece.text.strip()  # white space goes with what it follows
        changed = out[-1].changed if between and out else piece.changed
        if piece.text and out and out[-1].changed == changed:
            out[-1] = Piece(out[-1].text + piece.text, changed)
        elif piece.text:
            out.append(Piece(piece.text, changed))
    return tuple(out)
