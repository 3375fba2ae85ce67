"""The judge: the sentence that answers above the others, what contradicts told apart, the same numbers as in training."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from index.judge import (
    LINES,
    LONGEST,
    AttentiveModels,
    Judge,
    Judged,
    JudgeReader,
    beside,
    hints,
    shown_part,
)
from index.model_files import ModelError
from index.reader import Line, Reader
from index.words import WordVectors
from training.judge.example import Example
from training.judge.network import JudgeRecipe, Network, batch_of, fit

MODELS = Path(__file__).parents[1] / "models"
SENTENCES = (
    "区政府全体会议每半年召开一次，由区长召集和主持。",
    "区政府常务会议原则上每周召开一次。",
    "公文由办公室主任审核后，报分管副区长签发。",
    "印章由专人保管，使用时须登记。",
)
TITLE = "甲区人民政府工作规则"
LINED = [Judged(text, TITLE, 0.0, 1.5) for text in SENTENCES]


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge.load(MODELS / "gongwen-judge")


@pytest.fixture(scope="module")
def vectors() -> WordVectors:
    return WordVectors.load(MODELS / "gongwen-static")


def lined(question: str) -> list[Judged]:
    """Return the sentences with what the reader that ships says of them."""
    reader = Reader.load(MODELS / "gongwen-reader", lambda token: 3.0)
    odds = reader.scores(question, [Line(text, TITLE, "") for text in SENTENCES]).tolist()
    return [Judged(text, TITLE, odd, 1.5 + odd / 20) for text, odd in zip(SENTENCES, odds, strict=True)]


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("全体会议由谁召集？", 0),
        ("区政府常务会议几天开一回", 1),
        ("誰簽發公文？", 2),
        ("公章谁来保管", 3),
        ("Who keeps the seal?", 3),
    ],
)
def test_the_sentence_that_answers_scores_highest(judge: Judge, question: str, place: int) -> None:
    assert int(judge.scores(question, lined(question))[:, 0].argmax()) == place


def test_what_is_not_told_is_doubted_more_than_what_is(judge: Judge) -> None:
    asked, besides = "区政府常务会议多久召开一次？", "区政府常务会议的记录要保存多少年？"
    told, untold = (judge.scores(question, lined(question)) for question in (asked, besides))
    assert told.dtype == np.float32 and told.shape == (4, 2)
    assert told[:, 0].max() > 0 > untold[:, 0].max()


def test_a_wrong_premise_contradicts_and_the_right_one_less(judge: Judge) -> None:
    wrong, right = "常务会议每月召开一次，是由谁定的？", "常务会议多久召开一次？"
    assert judge.scores(wrong, lined(wrong))[1, 1] > judge.scores(right, lined(right))[1, 1]


@pytest.mark.parametrize("question", ["", "？", "zzz", "会议" * 200])
def test_odd_questions_have_finite_scores(judge: Judge, question: str) -> None:
    assert np.isfinite(judge.scores(question, LINED)).all()
    assert np.isfinite(judge.scores(question, [Judged("", "", 0.0, 0.0)])).all()


def test_a_long_sentence_is_shown_around_what_answers() -> None:
    text = "".join(chr(0x4E00 + n) for n in range(400))
    assert shown_part(text[:LONGEST], 0, 5) == text[:LONGEST]
    assert text[200:210] in shown_part(text, 200, 210) and len(shown_part(text, 200, 210)) == LONGEST
    assert text[100:300] in shown_part(text, 100, 300)


def test_a_folder_without_a_judge_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"answerer\.judge: .* holds no judge\.json"):
        Judge.load(tmp_path)


def test_the_network_without_torch_gives_the_numbers_of_the_one_that_is_trained(vectors: WordVectors) -> None:
    torch.manual_seed(1)
    reader = JudgeReader(vectors)
    trained = Network(JudgeRecipe(width=16, hidden=8), vectors).eval()
    plain = AttentiveModels([{name: tensor.numpy() for name, tensor in trained.state_dict().items()}])
    examples = [_example(reader, question, LINED[:many]) for question, many in (("谁签发？", 4), ("多久", 2))]
    with torch.no_grad():
        together = trained(batch_of(examples)).numpy()
    assert together.shape == (2, LINES, 2)
    for scores, one in zip(together, examples, strict=True):
        (alone,) = plain.scores(beside(vectors, one.question, one.lines), one.known)
        assert np.allclose(scores[: len(alone)], alone, atol=1e-4)


def test_it_learns_which_line_answers_and_when_none_does(vectors: WordVectors) -> None:
    reader = JudgeReader(vectors)
    asked = (
        ("常务会议多久召开", 1),
        ("公文由谁签发", 2),
        ("印章由谁保管", 3),
        ("全体会议由谁召集", 0),
        ("食堂几点开饭", -1),
    )
    examples = [
        replace(_example(reader, question, LINED), settles=np.arange(4) == place, answered=place >= 0)
        for question, place in asked
    ] * 8  # fmt: skip
    recipe = JudgeRecipe(
        width=16, hidden=16, epochs=30, questions_per_step=8, learning_rate=5e-3, dropout=0.0
    )
    network = fit(examples, vectors, recipe)
    with torch.no_grad():
        scores = network(batch_of(examples[:5])).numpy()[..., 0]
    assert [int(row[:4].argmax()) for row in scores[:4]] == [1, 2, 3, 0]
    assert scores[4, :4].max() < 0


def _example(reader: JudgeReader, question: str, lines: list[Judged]) -> Example:
    settles = np.zeros(len(lines), dtype=bool)
    return Example(reader.question(question), reader.lines(lines), hints(lines), settles, answered=True)
