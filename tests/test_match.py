"""Figures of a match: exact words, near words, what is asked and told; the static table that ships."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from index.match import BY_WORD, EXACT, MOST_WORDS, NEAR, WORD, Matcher, Passage
from index.words import WordVectors

FOLDER = Path(__file__).parents[1] / "models" / "gongwen-static"
MEETING = Passage("区政府常务会议每周召开一次，由区长召集。", "甲区工作规则 第三章 会议")
FIREWORKS = Passage("禁止燃放烟花爆竹的区域包括滨河街道。", "甲区禁放通告")


@pytest.fixture(scope="module")
def vectors() -> WordVectors:
    return WordVectors.load(FOLDER)


@pytest.fixture(scope="module")
def matcher(vectors: WordVectors) -> Matcher:
    return Matcher(vectors, lambda token: 4.0)


def test_the_words_give_the_vectors_that_the_model_gives(vectors: WordVectors) -> None:
    texts = ["区政府会议每周召开", "Who signs the documents?", "區政府辦公室"]
    model = SentenceTransformer(str(FOLDER), device="cpu")
    assert np.allclose(vectors.encode(texts), model.encode(texts, normalize_embeddings=True), atol=1e-5)
    assert not vectors.encode(["。"]).any()


@pytest.mark.parametrize(
    "question", ["常务会议多久召开一次", "how often is the executive meeting held", "會議由誰召集"]
)
def test_the_passage_that_answers_matches_better_in_sum(matcher: Matcher, question: str) -> None:
    figures = matcher.figures(question, [FIREWORKS, MEETING])
    assert figures.whole.shape[0] == 2 and figures.whole.dtype == np.float32
    assert figures.by_word.shape == (2, figures.words.shape[0], BY_WORD)
    assert figures.words.shape[1] == WORD
    fireworks, meeting = figures.whole[:, : EXACT + NEAR].sum(axis=1)
    assert meeting > fireworks
    assert figures.by_word[1, :, 0].mean() > figures.by_word[0, :, 0].mean()


def test_a_passages_figures_do_not_depend_on_those_beside_it(matcher: Matcher) -> None:
    alone = matcher.figures("会议由谁召集", [MEETING])
    beside = matcher.figures("会议由谁召集", [FIREWORKS, MEETING, FIREWORKS])
    assert np.allclose(alone.whole[0], beside.whole[1], atol=1e-5)
    assert np.allclose(alone.by_word[0], beside.by_word[1], atol=1e-5)


def test_words_are_taken_in_their_order_and_no_more_than_there_is_room_for(matcher: Matcher) -> None:
    long = "区政府常务会议" + "每年每月每周每日召开讨论审议研究决定重大事项" * 8
    figures = matcher.figures(long, [MEETING])
    assert figures.words.shape[0] <= MOST_WORDS
    assert np.all(np.diff(figures.words[:, 2]) > 0)  # where in the question each begins


@pytest.mark.parametrize("question", ["？", "", "ЖЖ", "🎆", "的" * 1000, "第〔2023〕2號"])
def test_odd_questions_and_empty_passages_have_finite_figures(matcher: Matcher, question: str) -> None:
    figures = matcher.figures(question, [Passage("", ""), Passage("。\n\n", ""), MEETING])
    assert (
        np.isfinite(figures.whole).all()
        and np.isfinite(figures.by_word).all()
        and np.isfinite(figures.words).all()
    )


def test_a_missing_rare_word_is_told_from_a_missing_common_one(vectors: WordVectors) -> None:
    rarity = {"区长": 9.0}
    matcher = Matcher(vectors, lambda token: rarity.get(token, 1.0))
    there, absent = matcher.figures("区长 会议", [MEETING, FIREWORKS]).whole[:, 12]
    assert there == 0.0 and absent == pytest.approx(0.75)
