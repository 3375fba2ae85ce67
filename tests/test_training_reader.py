"""The reader's training: questions cut out of laws, readings with and without their answer, the whole of it on toy files."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

from index.reader import Reader
from index.words import WordVectors
from training.reader.cloze import KINDS, ClozeMaker
from training.reader.readings import ReadingMaker
from training.reader.train import NearWords, ReaderRecipe, train_reader
from training.rerank.fit import FitRecipe

SENTENCE = "申请人应当自收到决定书之日起十五日内向区住房建设部门提交申请材料。"


def test_what_is_asked_for_is_cut_out_of_the_sentence() -> None:
    days = next(kind for kind in KINDS if kind.name == "days")
    maker = ClozeMaker(random.Random(1), lambda word: "")
    asked = [maker.ask(SENTENCE, days) for _ in range(40)]
    assert sum(bool(question) for question in asked) > 10
    assert not any("十五日" in question for question in asked)
    assert all(
        any(words in question for words in (*days.inline, *days.behind)) for question in asked if question
    )


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        (SENTENCE, "days"),
        ("处五百元以上两千元以下罚款。", "money"),
        ("常务会议每周召开1次。", "times"),
        ("由区城管委负责清运。", "by whom"),
        ("严禁占用消防通道。", "whether"),
        ("本办法所称大户，是指年用水量超过一万立方米的单位。", "meaning"),
        ("补贴比例为百分之三十。", "share"),
    ],
)
def test_what_a_sentence_tells_is_known(sentence: str, name: str) -> None:
    assert name in {kind.name for kind in ClozeMaker(random.Random(1), lambda word: "").kinds_told(sentence)}


def test_a_word_is_exchanged_for_one_of_something_else() -> None:
    maker = ClozeMaker(random.Random(1), lambda word: "")
    changed = maker.with_another("申请材料多少天提交", ["申请", "燃放烟花"], SENTENCE)
    assert "燃放烟花" in changed and changed != "申请材料多少天提交"
    assert maker.with_another("申请材料", ["申请"], SENTENCE) == ""


def test_readings_mark_the_lines_that_answer_or_none(toy_files: Path) -> None:
    kinds = {
        kind.name: kind for kind in ReadingMaker(toy_files, lambda word: "", about_laws=60, seed=1).kinds()
    }
    assert {"spans", "articles", "laws"} <= set(kinds)
    spans = kinds["spans"].readings
    assert all(len(one.lines) == len(one.right) >= 2 or not one.right.any() for one in spans)
    answered = [one for one in spans if one.right.any()]
    assert answered and len(answered) < len(spans)
    for one in answered:
        topic = one.question.split("由谁")[0]
        assert all(topic in one.lines[row].text for row in np.flatnonzero(one.right))
    again = {
        kind.name: kind for kind in ReadingMaker(toy_files, lambda word: "", about_laws=60, seed=1).kinds()
    }
    assert [one.question for one in again["laws"].readings] == [
        one.question for one in kinds["laws"].readings
    ]


def test_near_words_are_those_of_the_embedding() -> None:
    near = NearWords(WordVectors.load(Path(__file__).parents[1] / "models" / "gongwen-static"))
    assert near("房屋") and near("房屋") != "房屋" and near("没有这个词") == ""


def test_the_whole_of_it_learns(
    toy_files: Path, toy_encoder: Path, toy_questions: Path, tmp_path: Path
) -> None:
    fit = FitRecipe(networks=1, epochs=40, questions_per_step=4, nothing=True, share={})
    train_reader(
        toy_files,
        toy_encoder,
        tmp_path / "out",
        tmp_path / "work",
        ReaderRecipe(fold_steps=5, about_laws=60, fit=fit),
        questions=toy_questions,
    )
    record = json.loads((tmp_path / "out" / "training.json").read_text(encoding="utf-8"))
    assert sum(record["readings"].values()) > sum(record["answered"].values()) > 0
    assert record["readings"]["written 01"] > record["answered"]["written 01"] > 0
    reader = Reader.load(tmp_path / "out", lambda token: 3.0)
    maker = ReadingMaker(toy_files, lambda word: "", about_laws=60, seed=1)
    spans = next(kind for kind in maker.kinds() if kind.name == "spans").readings
    answered = [one for one in spans if one.right.any()]
    first = [bool(one.right[int(reader.scores(one.question, one.lines).argmax())]) for one in answered]
    assert np.mean(first) > 0.6
