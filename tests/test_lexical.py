"""Words of a text, and BM25 over them."""

from pathlib import Path

import numpy as np
import pytest

from index.lexical import CONTEXT_WEIGHT, LexicalIndex, normalise, tokenize


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("常務會議", "常务会议"),
        ("ＡＢＣ１２３", "abc123"),
        ("Public Works", "public works"),
        ("５個工作日", "5个工作日"),
    ],
)
def test_text_is_normalised_to_simplified_half_width_lower_case(text: str, plain: str) -> None:
    assert normalise(text) == plain


def test_tokens_are_words_pairs_numbers_and_latin_words() -> None:
    tokens = tokenize("区政府5个工作日内答复PM2.5指标，增长20%")
    assert {"政府", "区政#", "5个工作日", "pm", "2.5", "20%"} <= set(tokens)
    assert not any("，" in token for token in tokens)


def test_traditional_and_simplified_questions_have_the_same_tokens() -> None:
    assert tokenize("區政府常務會議多久召開一次") == tokenize("区政府常务会议多久召开一次")


@pytest.mark.parametrize("text", ["", "，。！", " \n", "😀"])
def test_a_text_without_words_has_no_tokens(text: str) -> None:
    assert tokenize(text) == []


TEXTS = ["区政府常务会议每周召开一次。", "烟花爆竹禁止燃放区域。", "入驻企业租金补贴标准为75%。"]
CONTEXTS = ["平谷区人民政府工作规则", "燃放通告", "加速器鼓励办法"]


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return LexicalIndex.build(TEXTS, CONTEXTS)


def test_the_text_that_shares_the_words_scores_highest(index: LexicalIndex) -> None:
    for row, question in enumerate(["常务会议多久召开", "哪里禁止燃放烟花", "租金补贴多少"]):
        scores = index.scores(question)
        assert scores.shape == (3,) and scores.dtype == np.float32
        assert int(scores.argmax()) == row


def test_a_word_of_the_context_counts_half(index: LexicalIndex) -> None:
    same = LexicalIndex.build(CONTEXTS, ["无", "无", "无"])
    assert index.scores("加速器")[2] == pytest.approx(CONTEXT_WEIGHT * same.scores("加速器")[2])


@pytest.mark.parametrize("question", ["", "？", "xyzzy", "量子纠缠"])
def test_a_question_without_a_shared_word_scores_nothing(index: LexicalIndex, question: str) -> None:
    assert index.scores(question).tolist() == [0.0, 0.0, 0.0]


def test_a_rare_word_weighs_more_than_a_common_one_and_an_unknown_one_most(index: LexicalIndex) -> None:
    many = LexicalIndex.build(["会议纪要", "会议通知", "会议规则", "烟花"], ["", "", "", ""])
    assert many.idf("会议") < many.idf("烟花") < many.idf("从未出现")
    assert index.knows("烟花") and not index.knows("从未出现")


def test_an_empty_text_is_indexed_and_never_found() -> None:
    index = LexicalIndex.build(["", "会议"], ["", ""])
    assert index.scores("会议")[0] == 0.0


def test_a_saved_index_scores_the_same(index: LexicalIndex, tmp_path: Path) -> None:
    index.save(tmp_path)
    loaded = LexicalIndex.load(tmp_path, 3)
    assert np.array_equal(loaded.scores("租金补贴标准"), index.scores("租金补贴标准"))
    assert loaded.idf("补贴") == index.idf("补贴")
