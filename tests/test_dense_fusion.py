"""Vectors in FAISS, and two score lists into one."""

from pathlib import Path

import numpy as np
import pytest

from index.dense import DenseIndex
from index.fusion import fuse

VECTORS = np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32)
ROWS = 3000


@pytest.fixture(scope="module")
def drawn() -> np.ndarray:
    """Unit rows around a hundred centres, as texts of a hundred subjects are."""
    rng = np.random.default_rng(7)
    rows = rng.normal(size=(100, 32))[rng.integers(0, 100, ROWS)] + 0.5 * rng.normal(size=(ROWS, 32))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def nearest(vectors: np.ndarray, rows: np.ndarray, question: np.ndarray, count: int) -> set[int]:
    return {int(row) for row in rows[np.argsort(-(vectors[rows] @ question), kind="stable")[:count]]}


def test_scores_are_cosines_of_the_rows_asked_for() -> None:
    index, question = DenseIndex.build(VECTORS), np.array([1, 0], dtype=np.float32)
    assert index.scores(question, np.array([2, 0])).tolist() == pytest.approx([0.6, 1.0])
    assert index.scores(question, np.array([], dtype=np.int64)).tolist() == []


@pytest.mark.parametrize("kind", ["flat", "hnsw", "ivf"])
def test_a_saved_index_holds_the_same_vectors_and_is_of_the_same_kind(
    kind: str, drawn: np.ndarray, tmp_path: Path
) -> None:
    DenseIndex.build(drawn, kind).save(tmp_path)
    loaded = DenseIndex.load(tmp_path)
    assert (loaded.size, loaded.dimension, loaded.kind) == (ROWS, 32, kind)
    assert np.array_equal(loaded.vectors(), drawn)
    rows = np.array([7, 2999, 0])
    assert np.allclose(loaded.scores(drawn[5], rows), drawn[rows] @ drawn[5], atol=1e-6)


def test_the_kind_goes_by_size(monkeypatch: pytest.MonkeyPatch, drawn: np.ndarray) -> None:
    assert DenseIndex.build(drawn).kind == "flat"
    monkeypatch.setattr("index.dense.FLAT_ROWS", ROWS - 1)
    assert DenseIndex.build(drawn).kind == "hnsw"


@pytest.mark.parametrize(("kind", "least"), [("flat", 1.0), ("hnsw", 0.98), ("ivf", 0.9)])
def test_nearest_rows_are_found_of_all(kind: str, least: float, drawn: np.ndarray) -> None:
    index, everything = DenseIndex.build(drawn, kind), np.arange(ROWS)
    shares = [
        len(set(index.nearest(drawn[row], 10)) & nearest(drawn, everything, drawn[row], 10)) / 10
        for row in range(0, ROWS, 60)
    ]
    assert float(np.mean(shares)) >= least


@pytest.mark.parametrize("kind", ["flat", "hnsw", "ivf"])
@pytest.mark.parametrize("chosen", [1, 12, 900])
def test_a_selection_is_never_starved(
    kind: str, chosen: int, drawn: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows selected are those farthest from the question."""
    index, question = DenseIndex.build(drawn, kind), drawn[0]
    rows = np.sort(np.argsort(drawn @ question)[:chosen])
    expected = nearest(drawn, rows, question, 10)
    assert set(index.nearest(question, 10, rows)) == expected
    monkeypatch.setattr("index.dense.FLAT_ROWS", 0)  # searched by graph or lists first
    assert len(index.nearest(question, 10, rows)) == min(chosen, 10)
    assert set(index.nearest(question, 10, rows)) <= set(rows)


def test_an_empty_selection_has_no_nearest_row() -> None:
    question = np.array([1, 0], dtype=np.float32)
    assert DenseIndex.build(VECTORS).nearest(question, 5, np.array([], dtype=np.int64)).tolist() == []


def test_a_file_cut_short_is_an_error(drawn: np.ndarray, tmp_path: Path) -> None:
    DenseIndex.build(drawn, "hnsw").save(tmp_path)
    file = tmp_path / "vectors.faiss"
    file.write_bytes(file.read_bytes()[:50_000])
    with pytest.raises(RuntimeError):
        DenseIndex.load(tmp_path)


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
