"""BM25 over pairs of neighbouring characters: the yardstick that an encoder must add something to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy import sparse

_RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")


def terms_of(text: str) -> list[str]:
    """Return pairs of Han characters (a lone one by itself) and whole Latin words and numbers, lower case."""
    terms: list[str] = []
    for run in _RUNS.findall(text.lower()):
        if run[0] < "\u3400" or len(run) == 1:
            terms.append(run)
        else:
            terms += [run[start : start + 2] for start in range(len(run) - 1)]
    return terms


class CharacterPairBM25:
    """BM25 scores of a fixed list of passages."""

    def __init__(self, passages: Sequence[str], *, k1: float = 1.5, b: float = 0.75) -> None:
        bags = [Counter(terms_of(passage)) for passage in passages]
        self.columns = {
            term: number for number, term in enumerate(dict.fromkeys(t for bag in bags for t in bag))
        }
        lengths = np.array([bag.total() for bag in bags], dtype=float)
        shares = 1 - b + b * lengths / max(1.0, lengths.mean())
        seen = Counter(term for bag in bags for term in bag)
        entries = [
            (row, self.columns[term], _idf(seen[term], len(bags)) * n * (k1 + 1) / (n + k1 * shares[row]))
            for row, bag in enumerate(bags)
            for term, n in bag.items()
        ]
        rows, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
        self.matrix = sparse.csr_matrix(
            (values, (rows, columns)), shape=(len(bags), max(1, len(self.columns)))
        )

    def scores(self, question: str) -> np.ndarray:
        """Return each passage's score, float64 (passages,)."""
        vector = np.zeros(self.matrix.shape[1])
        for term in terms_of(question):
            if term in self.columns:
                vector[self.columns[term]] += 1
        return self.matrix @ vector


def _idf(documents: int, total: int) -> float:
    return float(np.log(1 + (total - documents + 0.5) / (documents + 0.5)))
