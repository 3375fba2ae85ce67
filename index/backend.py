"""What every back end does: keeps the vectors and postings of a build, and gives the candidates of a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from ingest.document import Chunk


class IndexUnusable(RuntimeError):
    """The index cannot be used; the message says what was found and what to run."""


class IndexNotBuilt(IndexUnusable):
    """There is no index yet."""


class ServerUnreachable(IndexUnusable):
    """The server that holds the index does not answer, or refuses: building again would not help."""


@dataclass(frozen=True)
class Hit:
    """One found chunk; `rank` counts from 1; `parts` holds each retriever's own score.

    `score`, 0..1, is the fused one of the retrievers. With a reranker it is how near the hit comes to the one that this
    gives most, and `parts` holds "rerank" and that one as "search".
    """

    chunk: Chunk
    score: float
    rank: int
    parts: dict[str, float]


class Reranker(Protocol):
    """Reads question and passages together; a higher score is better."""

    def scores(self, question: str, hits: Sequence[Hit]) -> np.ndarray: ...  # float32 (n,)


@dataclass(frozen=True)
class Selection:
    """What a filter leaves of an index: chunk rows, ascending, and the places of their documents."""

    rows: np.ndarray  # int64
    documents: np.ndarray  # int64, ascending: into the documents of the index


@dataclass(frozen=True)
class Candidates:
    """The rows that may answer, ascending, each with the exact score of both retrievers, found by it or not."""

    rows: np.ndarray  # int64 (n,)
    dense: np.ndarray  # float32 (n,): cosines
    lexical: np.ndarray  # float32 (n,): BM25


class Words(Protocol):
    """The words of all chunks."""

    def knows(self, token: str) -> bool: ...  # whether any chunk holds it
    def idf(self, token: str) -> float: ...  # large for a word never seen


class Backend(Protocol):
    """The vectors and postings of one build, by row number."""

    @property
    def size(self) -> int: ...  # rows
    @property
    def dimension(self) -> int: ...  # of the vectors
    @property
    def words(self) -> Words: ...
    def candidates(
        self, question: str, vector: np.ndarray, *, limit: int, selection: Selection | None
    ) -> Candidates:
        """Return each retriever's `limit` best rows of `selection` (None: all), together.

        At least `limit` rows where there are as many. `vector`: float32 (dim,), of length 1.
        """
        ...

    def vectors(self) -> np.ndarray: ...  # all rows, float32 (n, dim)


class Engine(Protocol):
    """Builds and opens back ends of one kind."""

    @property
    def name(self) -> str: ...  # what an index is told by: another name means building it again
    def check(self) -> None: ...  # raises ServerUnreachable; called before the work of a build
    def build(
        self, build: Path, vectors: np.ndarray, chunks: Sequence[Chunk], documents: np.ndarray
    ) -> Backend:
        """Keep a new build, aside from what answers; `documents` (n,) holds the place of each chunk's document."""
        ...

    def publish(self, build: Path) -> None: ...  # called when `build` has become the one that answers
    def open(self, build: Path) -> Backend: ...  # raises IndexUnusable, or what a damaged file raises
    def sweep(self, folder: Path, keep: Path | None) -> None: ...  # removes what killed builds left elsewhere
