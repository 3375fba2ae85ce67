"""Two score lists in, one out: each scaled to 0..1 over the chunks that may answer, then added by weight."""

from __future__ import annotations

import numpy as np


def fuse(dense: np.ndarray, lexical: np.ndarray, *, dense_weight: float) -> np.ndarray:
    """Return float32 (n,): dense_weight x scaled dense + (1 - dense_weight) x scaled lexical.

    Lexical scores are divided by their maximum; cosines below 0 count as 0 and are divided by theirs.
    """
    return dense_weight * _scaled(dense) + (1 - dense_weight) * _scaled(lexical)


def _scaled(scores: np.ndarray) -> np.ndarray:
    top = float(scores.max(initial=0.0))
    return np.clip(scores, 0, None) / top if top > 0 else np.zeros_like(scores)


def proposed(*rankings: np.ndarray) -> np.ndarray:
    """Return int64 (n,): places by the best rank that any of the score lists (n,) gives them, ties by the first list.

    What one retriever is sure of is not lost because the other has never seen it.
    """
    ranks = [np.argsort(np.argsort(-scores, kind="stable"), kind="stable") for scores in rankings]
    return np.lexsort((-rankings[0], np.minimum.reduce(ranks)))
