"""How far a sentence's words cover a question's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import pytest

from qa.words import WordMatcher, words_of


class PlaneEncoder:
    """Words as unit vectors in a plane, by the cosine with 租金 that is written here."""

    cosines: ClassVar = {"租金": 1.0, "房租": 0.75, "费用": 0.475, "天气": 0.2, "会议": 0.0}

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        self.encoded += texts
        rows = [(self.cosines[text], (1 - self.cosines[text] ** 2) ** 0.5) for text in texts]
        return np.array(rows, dtype=np.float32)

    encode_queries = encode_passages


def cover(words: list[str], texts: list[list[str]], weights: list[float] | None = None) -> np.ndarray:
    shares = np.array(weights or [1 / max(len(words), 1)] * len(words), dtype=np.float32)
    return WordMatcher(PlaneEncoder()).coverage(words, shares, texts)  # type: ignore[arg-type]


def test_words_are_distinct_and_without_marks() -> None:
    assert words_of("会议，会议材料 GDP 90%。") == ("会议", "材料", "gdp", "90%")


def test_words_of_traditional_text_are_simplified() -> None:
    assert words_of("會議") == ("会议",)


@pytest.mark.parametrize(
    ("word", "share"),
    [("租金", 1.0), ("房租", 1.0), ("费用", 0.5), ("天气", 0.0), ("会议", 0.0)],
)  # from cosine 0.2 to 0.75 the share rises from 0 to 1: 0.475 is half-way
def test_a_near_word_counts_in_part(word: str, share: float) -> None:
    assert cover(["租金"], [[word]])[0, 0] == pytest.approx(share, abs=1e-5)


def test_the_nearest_word_of_a_text_counts() -> None:
    assert cover(["租金"], [["会议", "费用", "天气"]])[0, 0] == pytest.approx(0.5, abs=1e-5)


def test_each_words_share_is_its_weight() -> None:
    found = cover(["租金", "会议"], [["租金", "会议"]], [0.75, 0.25])
    assert found.tolist() == [[0.75, 0.25]]


def test_a_text_without_words_covers_nothing() -> None:
    assert cover(["租金"], [[], ["租金"], []]).tolist() == [[0.0], [1.0], [0.0]]
    assert cover(["租金"], [[]]).tolist() == [[0.0]]
    assert cover([], [["租金"]]).shape == (1, 0)


def test_a_word_is_encoded_once() -> None:
    encoder = PlaneEncoder()
    matcher = WordMatcher(encoder)  # type: ignore[arg-type]
    matcher.prepare(["租金，会议"])
    for _ in range(2):
        matcher.coverage(["租金"], np.ones(1, dtype=np.float32), [["会议", "费用"]])
    assert sorted(encoder.encoded) == sorted(["租金", "会议", "费用"])
