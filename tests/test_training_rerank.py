"""The reranker's training: folds, pools, examples, networks, and the whole of it on toy files."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.match import Passage
from index.rerank import WordReranker
from index.words import WordVectors
from training.bench import fold_tasks
from training.pairs import FOLDED, FOLDS, fold_of, read_pairs
from training.recipe import Recipe, Share
from training.rerank.examples import CANDIDATES, Examples, Searcher, make_examples
from training.rerank.fit import FitRecipe
from training.rerank.pools import Asked, Pool, PoolReader
from training.rerank.train import RerankRecipe, train_reranker
from training.save import save_model, save_record
from training.static import train_vectors, train_vocabulary

TOPICS = ("抽烟", "租房", "工资", "停车", "养狗", "垃圾", "噪音", "河道", "路灯", "烟花", "公园", "学校")
RULES = {topic: f"任何人{topic}应当遵守规定，违反{topic}规定的，由有关部门处以罚款。" for topic in TOPICS}
QUICK = RerankRecipe(fold_steps=5, most=12, fit=FitRecipe(networks=2, epochs=30, questions_per_step=4))


def write_records(folder: Path, name: str, records: list[dict]) -> None:
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    rules = [
        {"law": "甲市条例", "chapter": "第一章", "article": f"第{n}条", "text": text}
        for n, text in enumerate(RULES.values(), 1)
    ]
    write_records(folder, "train_law_articles", rules)
    asked = [
        {
            "question": f"{topic}会被罚款吗？{n}",
            "answer": text,
            "keywords": topic,
            "positives": [{"name": "甲市条例", "text": text}],
        }
        for topic, text in RULES.items()
        for n in range(2)
    ]
    write_records(folder, "train_lecoqa_train", asked)
    read = [
        {
            "question": f"{topic}由谁罚款？",
            "passage": text + "其余事项另行规定。",
            "title": topic,
            "answer_start": 5,
            "answer_starts": [5],
        }
        for topic, text in RULES.items()
    ]
    write_records(folder, "train_cmrc2018", read)
    write_records(folder, "train_cedict", [{"zh": "罚款", "en": ["fine"]}, {"zh": "学校", "en": ["school"]}])
    return folder


@pytest.fixture(scope="module")
def encoder(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encoder")
    recipe = Recipe(
        vocabulary=300,
        dimension=16,
        steps=20,
        pairs_per_step=8,
        mixture=(Share("law_crop", 1.0), Share("cmrc", 1.0)),
    )
    trained = train_vectors(data, recipe, train_vocabulary(data, recipe))
    save_model(trained, folder)
    save_record(trained, recipe, data, folder)
    return folder


def test_a_fold_leaves_out_its_questions_and_no_others(data: Path) -> None:
    every = list(read_pairs(data, "cmrc", longest=400))
    folds = [list(read_pairs(data, "cmrc", longest=400, without_fold=fold)) for fold in range(FOLDS)]
    assert sorted(pair.query for fold in folds for pair in fold) == sorted(pair.query for pair in every)
    assert all(fold_of(pair.passage) != 0 for pair in folds[0]) and folds[0] and folds[1]
    assert "law_crop" not in FOLDED
    assert len(list(read_pairs(data, "law_crop", longest=400, without_fold=0))) == len(RULES)


def test_pools_name_the_passage_that_answers(data: Path) -> None:
    pools = {pool.name: pool for pool in PoolReader(data, most=12, seed=1).pools()}
    assert {"reading", "law", "statutes", "law, keywords"} <= set(pools)
    for one in pools["law"].asked:
        (number,) = one.right
        assert one.question.split("会被")[0] in pools["law"].passages[number].text
    held_out = pools["law, held out"]
    assert held_out.for_choosing and not {one.question for one in held_out.asked} & {
        one.question for one in pools["law"].asked
    }
    again = {pool.name: pool for pool in PoolReader(data, most=12, seed=1).pools()}
    assert [one.question for one in again["law, keywords"].asked] == [
        one.question for one in pools["law, keywords"].asked
    ]


def test_candidates_that_say_the_same_are_not_held_against_a_question(encoder: Path, tmp_path: Path) -> None:
    twin = RULES["抽烟"].replace("罚款", "罚金")
    passages = [Passage(text, "") for text in (RULES["抽烟"], twin, RULES["租房"][:8])]
    words = WordVectors.load(encoder)
    pool = Pool("twins", passages, [Asked("抽烟会被罚款吗", frozenset([0]), 0)])
    (examples,) = make_examples(iter([pool]), {0: words})
    assert examples.counts[0, 0] == 2 and examples.right[0, :2].sum() == 1
    rows, dense, lexical = Searcher(passages, {0: words}).candidates("抽烟会被罚款吗", 0)
    assert len(rows) == len(dense) == len(lexical) == 3 <= CANDIDATES
    examples.save(tmp_path / "twins.npz")
    loaded = Examples.load(tmp_path / "twins.npz")
    assert loaded.name == "twins" and np.array_equal(loaded.whole, examples.whole)


def test_the_whole_of_it_learns_and_uses_again_what_it_made(
    data: Path, encoder: Path, tmp_path: Path
) -> None:
    found = train_reranker(data, encoder, tmp_path / "out", tmp_path / "work", QUICK)
    assert all(0 <= value <= 1 for figures in found.values() for value in figures.values())
    record = json.loads((tmp_path / "out" / "training.json").read_text(encoding="utf-8"))
    assert record["questions"]["reading"] == 12 and "train_cmrc2018.jsonl.gz" in record["data"]
    made = {path: path.stat().st_mtime_ns for path in (tmp_path / "work").rglob("*") if path.is_file()}
    assert train_reranker(data, encoder, tmp_path / "again", tmp_path / "work", QUICK) == found
    assert {path: path.stat().st_mtime_ns for path in made} == made
    first, second = (WordReranker.load(tmp_path / name, _Words()) for name in ("out", "again"))
    weights = [model._weights for model in (*first._models, *second._models)]
    assert len(weights) == 4 and np.array_equal(weights[0]["out.2.weight"], weights[2]["out.2.weight"])
    assert not np.array_equal(weights[0]["out.2.weight"], weights[1]["out.2.weight"])


def test_a_folder_that_no_static_embedding_was_trained_into_is_refused(data: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="python -m training static"):
        train_reranker(data, tmp_path, tmp_path / "out", tmp_path / "work", replace(QUICK, seed=2))


class _Words:
    def knows(self, token: str) -> bool:
        return True

    def idf(self, token: str) -> float:
        return 3.0


def test_a_fold_is_measured_on_its_own_questions(data: Path) -> None:
    tasks = {task.name: task for task in fold_tasks(data, 0)}
    statutes = tasks["statutes, fold 0"]
    assert statutes.questions and all(fold_of(question) == 0 for question in statutes.questions)
    for question, right in zip(statutes.questions, statutes.relevant, strict=True):
        assert all(question.split("会被")[0] in statutes.passages[number] for number in right)
