"""qa.history: what a follow-up leaves out comes from the question before it."""

from __future__ import annotations

from datetime import date

import pytest

from qa.catalog import Catalog
from qa.history import stand_alone
from tests.fakes import document

ABOUT_PINGGU = [("平谷区2023年政府工作规则规定常务会议多久召开一次？", "每周1次。")]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog(
        [
            document("平政发〔2023〕2号", issuer="北京市平谷区人民政府"),
            document("通政发〔2022〕1号", issuer="北京市通州区人民政府", issued_on=date(2022, 1, 12)),
        ]
    )


@pytest.mark.parametrize(
    ("question", "alone"),
    [
        ("那通州呢？", "通州区2023年政府工作规则规定常务会议多久召开一次?"),
        ("通州区怎么规定的", "通州区2023年政府工作规则规定常务会议多久召开一次?"),
        ("2019年的呢？", "平谷区2019年政府工作规则规定常务会议多久召开一次?"),
    ],
)
def test_a_follow_up_takes_over_the_question_before_it(catalog: Catalog, question: str, alone: str):
    assert stand_alone(question, ABOUT_PINGGU, catalog) == alone


def test_a_pronoun_stands_for_the_document_named_before(catalog: Catalog):
    history = [("京平政发〔2019〕24号讲什么", "……")]
    assert stand_alone("它还有效吗？", history, catalog) == "京平政发〔2019〕24号还有效吗?"


@pytest.mark.parametrize("question", ["常务会议的纪要由谁签发？", "烟花爆竹怎么管呢？", "你好"])
def test_a_new_question_is_left_as_it_is(catalog: Catalog, question: str):
    assert stand_alone(question, ABOUT_PINGGU, catalog) == question


def test_without_turns_before_it_nothing_is_taken_over(catalog: Catalog):
    assert stand_alone("那通州呢？", [], catalog) == "那通州呢？"
