"""Unit vectors in FAISS, inner product, which is the cosine: exact up to FLAT_ROWS, by a graph above. Read from the mapped file."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np

KINDS = ("auto", "flat", "hnsw", "ivf")
FLAT_ROWS = 50_000  # up to here every row is compared: some milliseconds
NEIGHBOURS, BUILD_WIDTH, SEARCH_WIDTH = (
    16,
    100,
    400,
)  # HNSW: recall@10 0.995 of 170,000 provisions (eval.scale)
TRAINED_ROWS = 50  # IVF: for each of its lists
SHARE_READ = 3  # IVF: one list in so many is read for a question


class DenseIndex:
    """Vectors by row number; a higher score is nearer."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: np.ndarray, kind: str = "auto") -> DenseIndex:
        """Return the index of float32 (n, dim) unit rows. `kind` is one of KINDS; auto: flat, above FLAT_ROWS hnsw."""
        count, dimension = vectors.shape
        if kind == "auto":
            kind = "flat" if count <= FLAT_ROWS else "hnsw"
        if kind == "hnsw":
            index = faiss.IndexHNSWFlat(dimension, NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
            index.hnsw.efConstruction = BUILD_WIDTH
        elif kind == "ivf":
            index = _trained_lists(vectors)
        else:
            index = faiss.IndexFlatIP(dimension)
        index.add(vectors)
        return cls(index)

    @property
    def size(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    @property
    def kind(self) -> str:
        """What was built: flat, hnsw or ivf."""
        if isinstance(self._index, faiss.IndexHNSWFlat):
            return "hnsw"
        return "ivf" if isinstance(self._index, faiss.IndexIVFFlat) else "flat"

    def nearest(self, vector: np.ndarray, limit: int, rows: np.ndarray | None = None) -> np.ndarray:
        """Return the rows nearest to `vector` (dim,), best first, int64 (up to limit,), of `rows` only when given.

        As many as asked for, or all there are: what hnsw and ivf do not find among `rows` is compared row by row.
        """
        wanted = min(limit, self.size if rows is None else len(rows))
        if not wanted:
            return np.empty(0, dtype=np.int64)
        if rows is None:
            return self._search(vector, wanted, selector=None, exact=False)
        selector = _selector(rows, self.size)
        found = self._search(vector, wanted, selector=selector, exact=len(rows) <= FLAT_ROWS)
        return found if len(found) == wanted else self._search(vector, wanted, selector=selector, exact=True)

    def scores(self, vector: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return float32 (len(rows),): the cosine of `vector` (dim,) with each of `rows`."""
        if not len(rows):
            return np.empty(0, dtype=np.float32)
        vectors = self._index.reconstruct_batch(np.asarray(rows, dtype=np.int64))
        return np.asarray(vectors @ vector, dtype=np.float32)

    def vectors(self) -> np.ndarray:
        """Return all rows, float32 (n, dim)."""
        return np.asarray(self._index.reconstruct_n(0, self.size), dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write the index below `folder`."""
        faiss.write_index(self._index, str(folder / "vectors.faiss"))

    @classmethod
    def load(cls, folder: Path) -> DenseIndex:
        """Open what `save` wrote; vectors are read from the file when they are needed. RuntimeError: it is damaged."""
        return cls(faiss.read_index(str(folder / "vectors.faiss"), faiss.IO_FLAG_MMAP_IFC))

    def _search(
        self, vector: np.ndarray, count: int, *, selector: faiss.IDSelector | None, exact: bool
    ) -> np.ndarray:
        index, options = self._index, faiss.SearchParameters(sel=selector)
        if self.kind == "hnsw" and exact:
            index = index.storage
        elif self.kind == "hnsw":
            options = faiss.SearchParametersHNSW(sel=selector, efSearch=max(SEARCH_WIDTH, count))
        elif self.kind == "ivf":
            lists = index.nlist if exact else max(1, index.nlist // SHARE_READ)
            options = faiss.SearchParametersIVF(sel=selector, nprobe=lists)
        _, found = index.search(vector.reshape(1, -1), count, params=options)
        return found[0][found[0] >= 0]


def _trained_lists(vectors: np.ndarray) -> faiss.IndexIVFFlat:
    """Return an empty IVF index whose lists fit `vectors`: about the root of their number."""
    count, dimension = vectors.shape
    lists = max(1, int(count**0.5))
    index = faiss.IndexIVFFlat(faiss.IndexFlatIP(dimension), dimension, lists, faiss.METRIC_INNER_PRODUCT)
    index.cp.min_points_per_centroid = 1  # a handful of rows is no reason for a warning
    drawn = np.random.default_rng(0).permutation(count)[: lists * TRAINED_ROWS]
    index.train(vectors[np.sort(drawn)])
    index.set_direct_map_type(faiss.DirectMap.Array)  # row number to vector
    return index


def _selector(rows: np.ndarray, size: int) -> faiss.IDSelector:
    chosen = np.zeros(size, dtype=bool)
    chosen[rows] = True
    return faiss.IDSelectorBitmap(np.packbits(chosen, bitorder="little"))
