"""An example -> the same with something left out at random, so that no network learns the lines by heart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.judge import Words

from .example import Example

ASKED = 0.5  # share of the questions whose own words are left out, too
FEWEST = 2  # lines that are kept


@dataclass(frozen=True)
class Variation:
    """What is left out, as shares."""

    words: float = 0.15  # of each text
    lines: float = 0.4  # of the questions: they lose some of their lines, as a small corpus has few
    hints: float = 0.2  # of the questions: their lines come without what is known of them


def varied(one: Example, variation: Variation, chance: np.random.Generator) -> Example:
    """Return the example with words, lines and hints left out."""
    question = one.question
    if chance.random() < ASKED:
        question = _thinned(question, variation.words, chance)
    one = replace(
        one, question=question, lines=[_thinned(line, variation.words, chance) for line in one.lines]
    )
    if chance.random() < variation.hints:
        one = replace(one, known=np.zeros_like(one.known))
    if chance.random() < variation.lines and len(one.lines) > FEWEST:
        many = chance.integers(FEWEST, len(one.lines) + 1)
        one = _with(one, np.sort(chance.choice(len(one.lines), many, replace=False)).tolist())
    return one


def _thinned(words: Words, share: float, chance: np.random.Generator) -> Words:
    kept = chance.random(len(words.ids)) >= share
    return Words(words.ids[kept], words.above[kept]) if kept.any() else words


def _with(one: Example, rows: Sequence[int]) -> Example:
    return replace(
        one, lines=[one.lines[row] for row in rows], known=one.known[rows], settles=one.settles[rows]
    )
