"""Token ids of texts -> word vectors from what stands near what: where contrastive training begins.

Counts of pairs within a window, and across a sentence and its translation, as positive pointwise mutual information,
brought to few dimensions by a truncated SVD (Levy and Goldberg 2014, Levy, Goldberg and Dagan 2015).
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from .batches import Bags, Encoded, take

_WINDOW = 6
_ACROSS = ("zh_en", "cedict")  # sources whose query and passage say the same in two languages
_ACROSS_WEIGHT = 3.0
_ACROSS_TOKENS = 30
_ALONE = ("en_zh", "law_title", "docs_title", "gov_title")  # their texts come in by other sources
_LEAST = 1.5  # counts below this are left out
_SMOOTHING = 0.75  # of the frequencies of context words
_SPECTRUM = 0.25  # power of the singular values


def word_vectors(sources: dict[str, Encoded], size: int, dimension: int, seed: int) -> np.ndarray:
    """Return float32 (size, dimension), rows of length 1; a token that was not seen has a row of zeros."""
    counts = sparse.csr_matrix((size, size), dtype=np.float32)
    running = [_texts(source) for name, source in sources.items() if name not in (*_ACROSS, *_ALONE)]
    for distance in range(1, _WINDOW + 1):
        weight = 1 - (distance - 1) / (2 * _WINDOW)
        counts += sum(_near(bags, distance, size) for bags in running) * weight
    counts += sum(_across(sources[name], size) for name in _ACROSS if name in sources)
    counts.data[counts.data < _LEAST] = 0
    counts.eliminate_zeros()
    if counts.nnz == 0:
        return np.zeros((size, dimension), dtype=np.float32)
    left, spectrum, _ = randomized_svd(
        _mutual_information(counts), n_components=dimension, n_iter=2, random_state=seed
    )
    found = left * spectrum**_SPECTRUM
    norms = np.linalg.norm(found, axis=1, keepdims=True)
    return np.where(norms > 1e-6, found / np.maximum(norms, 1e-9), 0).astype(np.float32)


def _texts(source: Encoded) -> Bags:
    """Return each different text of a source once."""
    starts, lengths = source.starts.ravel(), source.lengths.ravel()
    _, first = np.unique(source.numbers.ravel(), return_index=True)
    return take(source.ids, starts[first], lengths[first])


def _near(bags: Bags, distance: int, size: int) -> sparse.csr_matrix:
    """Count the tokens that stand `distance` apart in one text, both ways."""
    owners = bags.owners
    left, right = bags.ids[:-distance], bags.ids[distance:]
    same = (owners[:-distance] == owners[distance:]) & (left != 0) & (right != 0)
    return _counted(left[same], right[same], np.ones(int(same.sum()), dtype=np.float32), size)


def _across(source: Encoded, size: int) -> sparse.csr_matrix:
    """Count each token of a query with each of its passage; a pair of long texts weighs no more than one of short."""
    query = take(source.ids, source.starts[:, 0], np.minimum(source.lengths[:, 0], _ACROSS_TOKENS))
    passage = take(source.ids, source.starts[:, 1], np.minimum(source.lengths[:, 1], _ACROSS_TOKENS))
    times = passage.lengths[query.owners]
    left = np.repeat(query.ids, times)
    first = (np.cumsum(passage.lengths) - passage.lengths)[query.owners]
    within = np.arange(len(left)) - np.repeat(np.cumsum(times) - times, times)
    right = passage.ids[np.repeat(first, times) + within]
    longer = np.maximum(1, np.maximum(query.lengths, passage.lengths))
    weights = np.repeat((2 * _ACROSS_WEIGHT / longer)[query.owners], times).astype(np.float32)
    kept = (left != 0) & (right != 0)
    return _counted(left[kept], right[kept], weights[kept], size)


def _counted(left: np.ndarray, right: np.ndarray, weights: np.ndarray, size: int) -> sparse.csr_matrix:
    counts = sparse.coo_matrix((weights, (left, right)), shape=(size, size)).tocsr()
    return counts + counts.T


def _mutual_information(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return max(0, log(p(a, b) / (p(a) p'(b)))), p' smoothed."""
    rows = np.asarray(counts.sum(axis=1)).ravel()
    smooth = rows**_SMOOTHING
    smooth /= smooth.sum()
    cells = counts.tocoo()
    values = np.log(cells.data / (rows[cells.row] * smooth[cells.col]))
    kept = values > 0
    return sparse.csr_matrix(
        (values[kept].astype(np.float32), (cells.row[kept], cells.col[kept])), shape=counts.shape
    )
