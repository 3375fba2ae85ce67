"""How far the words of a sentence cover the words of a question, near meanings counted in part (房租 ~ 租金补贴)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
import rjieba

from index.encoder import Encoder
from index.lexical import HAN_RUN, normalise

NEAR, SAME = (
    0.2,
    0.75,
)  # cosines of word vectors: below NEAR counts nothing, from SAME on counts as the same word
MAX_CACHED = 80_000


@lru_cache(maxsize=20_000)
def words_of(text: str) -> tuple[str, ...]:
    """Return the distinct words of a text (Chinese words, Latin words, numbers), without single function characters."""
    words = [
        w for w in rjieba.cut(normalise(text)) if re.fullmatch(r"[a-z0-9.%]+", w) or HAN_RUN.fullmatch(w)
    ]
    return tuple(dict.fromkeys(words))


class WordMatcher:
    """Matches words by the cosine of their vectors; vectors are made once a word."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._vectors: dict[str, np.ndarray] = {}

    def prepare(self, texts: Iterable[str]) -> None:
        """Make the vectors of all words of `texts` now, so that the first questions need not wait for them."""
        words = list(dict.fromkeys(word for text in texts for word in words_of(text)))[:MAX_CACHED]
        for start in range(0, len(words), 4096):
            batch = words[start : start + 4096]
            self._vectors.update(zip(batch, self._encoder.encode_passages(batch), strict=True))

    def known(self) -> tuple[list[str], np.ndarray]:
        """Return the words prepared and float32 (words, dim), their vectors."""
        vectors = list(self._vectors.values())
        return list(self._vectors), np.stack(vectors) if vectors else np.empty((0, 0), dtype=np.float32)

    def coverage(
        self, words: Sequence[str], weights: np.ndarray, texts: Sequence[Sequence[str]]
    ) -> np.ndarray:
        """Return float32 (len(texts), len(words)): how far each text holds each question word, 0..1, times its weight.

        `weights` sums to 1 over the words, so a row sums to the text's coverage of the question.
        """
        vocabulary = list(dict.fromkeys(word for text in texts for word in text))
        if not words or not vocabulary:
            return np.zeros((len(texts), len(words)), dtype=np.float32)
        position = {word: i for i, word in enumerate(vocabulary)}
        cosines = self._matrix(words) @ self._matrix(vocabulary).T
        nearness = np.clip((cosines - NEAR) / (SAME - NEAR), 0, 1)
        out = np.zeros((len(texts), len(words)), dtype=np.float32)
        filled = [row for row, text in enumerate(texts) if text]
        columns = [position[word] for row in filled for word in texts[row]]
        starts = np.cumsum([0, *(len(texts[row]) for row in filled[:-1])])
        out[filled] = np.maximum.reduceat(nearness[:, columns], starts, axis=1).T
        return out * weights

    def _matrix(self, words: Sequence[str]) -> np.ndarray:
        missing = [word for word in dict.fromkeys(words) if word not in self._vectors]
        if missing:
            if len(self._vectors) > MAX_CACHED:
                self._vectors = {}
                missing = list(dict.fromkeys(words))
            vectors = self._encoder.encode_passages(missing)
            self._vectors.update(zip(missing, vectors, strict=True))
        return np.stack([self._vectors[word] for word in words])
