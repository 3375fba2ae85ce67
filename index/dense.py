"""Unit vectors in FAISS: exact inner product, which is the cosine."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np


class DenseIndex:
    """Vectors by row number; a higher score is nearer."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: np.ndarray) -> DenseIndex:
        """Return the index of float32 (n, dim) unit rows."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        return cls(index)

    @property
    def size(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    def scores(self, vector: np.ndarray) -> np.ndarray:
        """Return float32 (size,): the cosine of `vector` (dim,) with every row."""
        found, rows = self._index.search(vector.reshape(1, -1), self.size)
        out = np.zeros(self.size, dtype=np.float32)
        out[rows[0]] = found[0]
        return out

    def vectors(self) -> np.ndarray:
        """Return all rows, float32 (n, dim)."""
        return np.asarray(self._index.reconstruct_n(0, self.size), dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write the index below `folder`."""
        faiss.write_index(self._index, str(folder / "vectors.faiss"))

    @classmethod
    def load(cls, folder: Path) -> DenseIndex:
        """Read what `save` wrote."""
        return cls(faiss.read_index(str(folder / "vectors.faiss")))
