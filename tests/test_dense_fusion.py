"""Vectors in FAISS, and two score lists into one."""

from pathlib import Path

import numpy as np
import pytest

from index.dense import DenseIndex
from index.fusion import fuse

VECTORS = np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32)


def test_scores_are_cosines_by_row() -> None:
    scores = DenseIndex.build(VECTORS).scores(np.array([1, 0], dtype=np.float32))
    assert scores.tolist() == pytest.approx([1.0, 0.0, 0.6])


def test_a_saved_index_holds_the_same_vectors(tmp_path: Path) -> None:
    DenseIndex.build(VECTORS).save(tmp_path)
    loaded = DenseIndex.load(tmp_path)
    assert (loaded.size, loaded.dimension) == (3, 2)
    assert np.array_equal(loaded.vectors(), VECTORS)


def test_each_list_is_scaled_by_its_maximum_and_weighted() -> None:
    fused = fuse(np.array([0.5, 0.25, -0.5]), np.array([0.0, 8.0, 4.0]), dense_weight=0.25)
    assert fused.tolist() == pytest.approx([0.25, 0.125 + 0.75, 0.375])


@pytest.mark.parametrize(("weight", "best"), [(1.0, 0), (0.0, 1)])
def test_a_weight_of_all_or_nothing_leaves_one_list(weight: float, best: int) -> None:
    assert int(fuse(np.array([0.9, 0.1]), np.array([1.0, 2.0]), dense_weight=weight).argmax()) == best


def test_lists_without_any_score_fuse_to_nothing() -> None:
    assert fuse(np.array([-0.2, 0.0]), np.array([0.0, 0.0]), dense_weight=0.5).tolist() == [0.0, 0.0]


def test_empty_lists_fuse_to_an_empty_list() -> None:
    assert fuse(np.array([]), np.array([]), dense_weight=0.5).tolist() == []
