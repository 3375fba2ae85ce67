"""Pools -> examples: for each question the first candidates of the search, measured, with the right ones marked.

Each question is searched with an encoder that was trained without its fold: one that has seen the question would find
its passage by heart, and the reranker would learn to trust it more than it may.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from index.fusion import fuse
from index.lexical import LexicalIndex
from index.match import BY_WORD, MOST_WORDS, WORD, Matcher, Passage
from index.rerank import searched
from index.words import WordVectors

from .pools import Asked, Pool

CANDIDATES = 40
DENSE_WEIGHTS = (0.35, 0.65)  # the candidates are the first of both fusions
ALIKE = 0.75  # share of its character pairs that a wrong candidate may have in common with a right passage


@dataclass(frozen=True)
class Examples:
    """The questions of one pool; places beyond a question's candidates or words are zero."""

    name: str
    for_choosing: bool
    whole: np.ndarray  # float32 (questions, candidates, figures)
    by_word: np.ndarray  # float16 (questions, candidates, words, BY_WORD)
    words: np.ndarray  # float16 (questions, words, WORD)
    counts: np.ndarray  # int (questions, 2): candidates, words
    right: np.ndarray  # bool (questions, candidates)

    def save(self, path: Path) -> None:
        """Write the examples to one file."""
        arrays: dict[str, Any] = {key: np.asarray(value) for key, value in vars(self).items()}
        np.savez(path, **arrays)

    @classmethod
    def load(cls, path: Path) -> Examples:
        """Read what `save` wrote."""
        with np.load(path) as saved:
            arrays = {key: saved[key] for key in saved.files}
        return cls(str(arrays.pop("name")), bool(arrays.pop("for_choosing")), **arrays)


class Searcher:
    """The two retrievers over the passages of one pool, with one encoder for each fold and one for choosing."""

    def __init__(self, passages: list[Passage], encoders: Mapping[int, WordVectors]) -> None:
        """`encoders`: by fold the one trained without it, -1 for the one that ships."""
        self.passages = passages
        self.lexical = LexicalIndex.build([p.text for p in passages], [p.context for p in passages])
        self._encoders = encoders
        self._matchers = {fold: Matcher(words, self.lexical.idf) for fold, words in encoders.items()}
        self._vectors: dict[int, np.ndarray] = {}

    def candidates(self, question: str, fold: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the rows of the candidates, best first, with their cosines and BM25 scores."""
        if fold not in self._vectors:
            texts = [f"{p.context}\n{p.text}" for p in self.passages]
            self._vectors[fold] = self._encoders[fold].encode(texts)
        dense = self._vectors[fold] @ self._encoders[fold].encode([question])[0]
        lexical = self.lexical.scores(question)
        orders = [
            np.argsort(-fuse(dense, lexical, dense_weight=weight), kind="stable")[:CANDIDATES]
            for weight in DENSE_WEIGHTS
        ]
        rows = np.array(list(dict.fromkeys(np.stack(orders, axis=1).ravel().tolist()))[:CANDIDATES])
        return rows, dense[rows], lexical[rows]

    def matcher(self, fold: int) -> Matcher:
        """Return what measures passages with the words of a fold's encoder."""
        return self._matchers[fold]


def make_examples(pools: Iterator[Pool], encoders: Mapping[int, WordVectors]) -> Iterator[Examples]:
    """Yield the examples of each pool; questions whose right passages the search misses train nothing."""
    searcher: Searcher | None = None
    for pool in pools:
        if searcher is None or searcher.passages is not pool.passages:
            searcher = Searcher(pool.passages, encoders)
        measured = [_measure(searcher, asked, pool.for_choosing) for asked in pool.asked]
        found = [one for one in measured if pool.for_choosing or one[3].any()]
        yield stack(pool.name, found, for_choosing=pool.for_choosing)


def _measure(searcher: Searcher, asked: Asked, for_choosing: bool) -> tuple[np.ndarray, ...]:
    fold = -1 if for_choosing else asked.fold
    rows, dense, lexical = searcher.candidates(asked.question, fold)
    right = np.isin(rows, list(asked.right))
    if not for_choosing:
        kept = np.flatnonzero([_is_fair(searcher, int(row), asked) for row in rows])
        rows, dense, lexical, right = rows[kept], dense[kept], lexical[kept], right[kept]
    figures = searcher.matcher(fold).figures(asked.question, [searcher.passages[int(row)] for row in rows])
    return np.hstack([searched(dense, lexical), figures.whole]), figures.by_word, figures.words, right


def _is_fair(searcher: Searcher, row: int, asked: Asked) -> bool:
    """Say whether a candidate is right, or says something else than the right ones: another version of an article."""
    if row in asked.right:
        return True
    held = _pairs(searcher.passages[row].text)
    rights = (_pairs(searcher.passages[number].text) for number in asked.right)
    return all(len(held & right) < ALIKE * min(len(held), len(right)) for right in rights)


@lru_cache(maxsize=50_000)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))


def stack(name: str, measured: list[tuple[np.ndarray, ...]], *, for_choosing: bool = False) -> Examples:
    """Return as examples what was measured of each question: whole, by_word, words, right."""
    count, most = len(measured), max((len(one[3]) for one in measured), default=CANDIDATES)
    figures = measured[0][0].shape[1] if measured else 0
    whole = np.zeros((count, most, figures), dtype=np.float32)
    by_word = np.zeros((count, most, MOST_WORDS, BY_WORD), dtype=np.float16)
    words = np.zeros((count, MOST_WORDS, WORD), dtype=np.float16)
    counts = np.zeros((count, 2), dtype=int)
    right = np.zeros((count, most), dtype=bool)
    for row, (one, each, about, is_right) in enumerate(measured):
        candidates, size = each.shape[:2]
        whole[row, :candidates], by_word[row, :candidates, :size] = one, each
        words[row, :size], counts[row], right[row, :candidates] = about, (candidates, size), is_right
    return Examples(name, for_choosing, whole, by_word, words, counts, right)
