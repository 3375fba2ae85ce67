"""A question and the lines found for it, as the judge learns from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index.judge import Words


@dataclass(frozen=True)
class Example:
    """A question and the lines found for it."""

    question: Words
    lines: list[Words]
    known: np.ndarray  # float32 (lines, 2): index.judge.hints
    settles: np.ndarray  # bool (lines,): which hold the words that settle the question
    answered: bool  # False: what settles it contradicts what it takes for granted, or nothing does
