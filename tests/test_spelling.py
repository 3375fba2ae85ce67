"""A slip of the pen is put right only when it sounds like one word of the corpus and stands nowhere in it."""

from __future__ import annotations

import pytest

from qa.assistant import Assistant

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("加装电剃由谁负责", "加装电梯由谁负责"),
        ("议题才料提前几天报", "议题材料提前几天报"),
        ("垃圾分累达标率", "垃圾分类达标率"),
        ("体育公圆几处", "体育公园几处"),
    ],
)
def test_a_homophone_is_put_right(small: Assistant, wrong: str, right: str) -> None:
    assert small.catalog.speller.corrected(wrong) == right


@pytest.mark.parametrize(
    "text",
    [
        "常务会议多久召开一次",
        "公积金怎么提取",
        "孩子上学得找谁报名",
        "五险一金怎么交",
        "去办居住证要请假吗",
        "张伟的电话",
        "股票涨了没有",
    ],
)
def test_words_that_are_none_of_the_corpus_are_left_alone(small: Assistant, text: str) -> None:
    assert small.catalog.speller.corrected(text) == text
