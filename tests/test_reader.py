"""The reader: a text cut into lines, the line that answers found, a missing folder named."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.model_files import ModelError
from index.reader import LONGEST, Reader, lines_of, split_lines

FOLDER = Path(__file__).parents[1] / "models" / "gongwen-reader"
TEXT = (
    "区政府全体会议每半年召开一次，由区长召集和主持。会议的议题由区长确定。区政府常务会议原则上每周召开一次。"
    "公文由办公室主任审核后，报分管副区长签发。印章由专人保管，使用时须登记。"
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load(FOLDER, lambda token: 3.0)


def answer(reader: Reader, question: str, text: str = TEXT) -> str:
    spans = list(split_lines(text))
    lines = lines_of(text, spans, "甲区人民政府工作规则")
    return lines[int(reader.scores(question, lines).argmax())].text


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("全体会议由谁召集？", "由区长召集"),
        ("常务会议多久开一次", "常务会议原则上每周"),
        ("誰簽發公文？", "分管副区长签发"),
        ("公章谁来保管", "专人保管"),
    ],
)
def test_the_line_that_answers_scores_highest(reader: Reader, question: str, told: str) -> None:
    assert told in answer(reader, question)


def test_a_question_about_something_else_scores_lower_than_one_that_is_answered(reader: Reader) -> None:
    lines = lines_of(TEXT, list(split_lines(TEXT)), "甲区人民政府工作规则")
    asked = reader.scores("区政府常务会议多久召开一次？", lines)
    other = reader.scores("灰熊每天吃多少鱼？", lines)
    assert asked.dtype == np.float32 and asked.shape == (len(lines),)
    assert asked.max() > other.max() + 2


@pytest.mark.parametrize("question", ["", "？", "zzz", "会议" * 200])
def test_odd_questions_and_a_single_line_have_finite_scores(reader: Reader, question: str) -> None:
    assert np.isfinite(reader.scores(question, lines_of(TEXT, [(0, 24)], ""))).all()


@given(st.text(alphabet="会议，；。：！\n 甲1", max_size=400))
def test_lines_lie_in_order_and_hold_every_word(text: str) -> None:
    spans = list(split_lines(text, 30))
    assert all(a < b for a, b in spans) and all(b <= c for (_, b), (c, _) in itertools.pairwise(spans))
    kept = "".join(text[a:b] for a, b in spans)
    assert [c for c in kept if c in "会议甲1"] == [c for c in text if c in "会议甲1"]


def test_long_sentences_are_cut_at_their_clauses_and_short_ones_are_not() -> None:
    long = "，".join(["应当按照规定及时办理有关手续"] * 12) + "。"
    pieces = [long[a:b] for a, b in split_lines(long)]
    assert "".join(pieces) == long and max(map(len, pieces)) <= LONGEST and len(pieces) < 5
    assert len(list(split_lines("一个没有标点的长句" * 30))) == 1


def test_a_folder_without_a_reader_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"answerer\.reader: .* holds no reader\.json"):
        Reader.load(tmp_path, lambda token: 1.0)
