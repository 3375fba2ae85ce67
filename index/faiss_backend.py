"""FAISS and BM25 in the folder of a build: nothing to run beside the program."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.backend import Candidates, Selection
from index.dense import DenseIndex
from index.lexical import LexicalIndex
from ingest.document import Chunk


class FaissBackend:
    """Both retrievers in this process."""

    def __init__(self, dense: DenseIndex, words: LexicalIndex) -> None:
        self.dense, self.words = dense, words

    @property
    def size(self) -> int:
        return self.dense.size

    @property
    def dimension(self) -> int:
        return self.dense.dimension

    def candidates(
        self, question: str, vector: np.ndarray, *, limit: int, selection: Selection | None
    ) -> Candidates:
        """As Backend.candidates."""
        allowed = None if selection is None else selection.rows
        lexical = self.words.scores(question)
        nearest = self.dense.nearest(vector, limit, allowed)
        rows = np.union1d(nearest, best_rows(lexical, limit, allowed)).astype(np.int64)
        return Candidates(rows, self.dense.scores(vector, rows), lexical[rows])

    def vectors(self) -> np.ndarray:
        """Return all rows, float32 (n, dim)."""
        return self.dense.vectors()


class FaissEngine:
    """`kind` is one of index.dense.KINDS."""

    def __init__(self, kind: str = "auto") -> None:
        self.kind = kind

    @property
    def name(self) -> str:
        return f"faiss {self.kind}"

    def check(self) -> None:
        """There is no server to miss."""

    def build(
        self, build: Path, vectors: np.ndarray, chunks: Sequence[Chunk], documents: np.ndarray
    ) -> FaissBackend:
        """Write vectors and postings below `build`, and open them from there."""
        DenseIndex.build(vectors, self.kind).save(build)
        LexicalIndex.build([c.text for c in chunks], [c.context for c in chunks]).save(build)
        return self.open(build)

    def publish(self, build: Path) -> None:
        """The folder is all there is."""

    def open(self, build: Path) -> FaissBackend:
        """Open what `build` wrote."""
        dense = DenseIndex.load(build)
        return FaissBackend(dense, LexicalIndex.load(build, dense.size))

    def sweep(self, folder: Path, keep: Path | None) -> None:
        """Nothing lies elsewhere."""


def best_rows(scores: np.ndarray, limit: int, allowed: np.ndarray | None) -> np.ndarray:
    """Return the up to `limit` rows of the highest scores above 0, of `allowed` only where given; ties go to the earlier."""
    rows = np.flatnonzero(scores > 0) if allowed is None else allowed[scores[allowed] > 0]
    if len(rows) <= limit:
        return rows
    held = scores[rows]
    least = np.partition(held, len(held) - limit)[len(held) - limit]
    above = rows[held > least]
    return np.concatenate([above, rows[held == least][: limit - len(above)]])
