"""The reranker's training: folds, pools, examples, networks, and the whole of it on toy files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.match import Passage
from index.rerank import WordReranker
from index.words import WordVectors
from tests.toy_training import RULES
from training.bench import fold_tasks
from training.pairs import FOLDED, FOLDS, fold_of, read_pairs
from training.rerank.examples import CANDIDATES, Examples, Searcher, make_examples
from training.rerank.fit import FitRecipe
from training.rerank.pools import Asked, Pool, PoolReader
from training.rerank.train import RerankRecipe, train_reranker

QUICK = RerankRecipe(fold_steps=5, most=12, fit=FitRecipe(networks=2, epochs=30, questions_per_step=4))


def test_a_fold_leaves_out_its_questions_and_no_others(toy_files: Path) -> None:
    every = list(read_pairs(toy_files, "cmrc", longest=400))
    folds = [list(read_pairs(toy_files, "cmrc", longest=400, without_fold=fold)) for fold in range(FOLDS)]
    assert sorted(pair.query for fold in folds for pair in fold) == sorted(pair.query for pair in every)
    assert all(fold_of(pair.passage) != 0 for pair in folds[0]) and folds[0] and folds[1]
    assert "law_crop" not in FOLDED
    assert len(list(read_pairs(toy_files, "law_crop", longest=400, without_fold=0))) == len(RULES)


def test_pools_name_the_passage_that_answers(toy_files: Path) -> None:
    pools = {pool.name: pool for pool in PoolReader(toy_files, most=12, seed=1).pools()}
    assert {"reading", "law", "statutes", "law, keywords"} <= set(pools)
    for one in pools["law"].asked:
        (number,) = one.right
        assert one.question.split("会被")[0] in pools["law"].passages[number].text
    held_out = pools["law, held out"]
    assert held_out.for_choosing and not {one.question for one in held_out.asked} & {
        one.question for one in pools["law"].asked
    }
    again = {pool.name: pool for pool in PoolReader(toy_files, most=12, seed=1).pools()}
    assert [one.question for one in again["law, keywords"].asked] == [
        one.question for one in pools["law, keywords"].asked
    ]


def test_candidates_that_say_the_same_are_not_held_against_a_question(
    toy_encoder: Path, tmp_path: Path
) -> None:
    twin = RULES["抽烟"].replace("罚款", "罚金")
    passages = [Passage(text, "") for text in (RULES["抽烟"], twin, RULES["租房"][:8])]
    words = WordVectors.load(toy_encoder)
    pool = Pool("twins", passages, [Asked("抽烟会被罚款吗", frozenset([0]), 0)])
    (examples,) = make_examples(iter([pool]), {0: words})
    assert examples.counts[0, 0] == 2 and examples.right[0, :2].sum() == 1
    rows, dense, lexical = Searcher(passages, {0: words}).candidates("抽烟会被罚款吗", 0)
    assert len(rows) == len(dense) == len(lexical) == 3 <= CANDIDATES
    examples.save(tmp_path / "twins.npz")
    loaded = Examples.load(tmp_path / "twins.npz")
    assert loaded.name == "twins" and np.array_equal(loaded.whole, examples.whole)


def test_the_whole_of_it_learns_and_uses_again_what_it_made(
    toy_files: Path, toy_encoder: Path, toy_questions: Path, tmp_path: Path
) -> None:
    found = train_reranker(
        toy_files, toy_encoder, tmp_path / "out", tmp_path / "work", QUICK, questions=toy_questions
    )
    assert all(0 <= value <= 1 for figures in found.values() for value in figures.values())
    record = json.loads((tmp_path / "out" / "training.json").read_text(encoding="utf-8"))
    assert record["questions"]["reading"] == 12 and "train_cmrc2018.jsonl.gz" in record["data"]
    kept = [*tmp_path.glob("work/examples/*"), *tmp_path.glob("work/fold-?/*.safetensors")]
    made = {path: path.stat().st_mtime_ns for path in kept}
    assert (
        train_reranker(
            toy_files, toy_encoder, tmp_path / "again", tmp_path / "work", QUICK, questions=toy_questions
        )
        == found
    )
    assert {path: path.stat().st_mtime_ns for path in made} == made
    first, second = (WordReranker.load(tmp_path / name, _Words()) for name in ("out", "again"))
    weights = [model._weights for model in (*first._networks.models, *second._networks.models)]
    assert len(weights) == 4 and np.array_equal(weights[0]["out.2.weight"], weights[2]["out.2.weight"])
    assert not np.array_equal(weights[0]["out.2.weight"], weights[1]["out.2.weight"])


def test_a_folder_that_no_static_embedding_was_trained_into_is_refused(
    toy_files: Path, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError, match="python -m training static"):
        train_reranker(toy_files, tmp_path, tmp_path / "out", tmp_path / "work", replace(QUICK, seed=2))


class _Words:
    def knows(self, token: str) -> bool:
        return True

    def idf(self, token: str) -> float:
        return 3.0


def test_a_fold_is_measured_on_its_own_questions(toy_files: Path) -> None:
    tasks = {task.name: task for task in fold_tasks(toy_files, 0)}
    statutes = tasks["statutes, fold 0"]
    assert statutes.questions and all(fold_of(question) == 0 for question in statutes.questions)
    for question, right in zip(statutes.questions, statutes.relevant, strict=True):
        assert all(question.split("会被")[0] in statutes.passages[number] for number in right)
