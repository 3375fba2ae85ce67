"""What counts as the same fact in two spellings, and where a sentence of a model's text ends."""

from __future__ import annotations

import pytest

from qa.claims import claims_of
from qa.facts import facts_of


@pytest.mark.parametrize(
    "one, other",
    [
        ("每月召开3至4次", "每月召开4至4次"),
        ("8：30至9：00", "8：30至10：00"),
        ("不超过3天", "不少于3天"),
        ("3个工作日内", "3个工作日前"),
        ("1.2万套", "1.2亿套"),
        ("百分之五十", "50元"),
        ("三分之二", "三分之一"),
        ("2023年2月15日", "2023年2月16日"),
        ("第四十一条", "第四十二条"),
    ],
)
def test_what_differs_in_one_number_unit_bound_or_day_has_other_facts(one, other):
    assert facts_of(one) != facts_of(other)


@pytest.mark.parametrize(
    "one, other",
    [
        ("每月召开三至四次", "每月召开3-4次"),
        ("上午8点30分", "上午８：３０"),
        ("两名副区长", "2位副区长"),
        ("百分之五十", "50%"),
        ("二〇二三年二月十五日", "15 February 2023"),
        ("第四十一条", "第41条"),
        ("根据甲政发[2023] 2号", "甲政发〔2023〕2号"),
        ("一般应当进一步统一", "应当"),  # numerals inside words count nothing
    ],
)
def test_other_spellings_of_one_thing_have_the_same_facts(one, other):
    assert facts_of(one) == facts_of(other)


def test_a_full_stop_in_a_quotation_or_behind_a_list_number_ends_no_sentence():
    text = "规定“每周召开1次。”并印发。[1] 治理措施：1. 管控；2. 劝导。[2]\nIt is No. 2. [3] Two “a. B” c.[4]"
    assert [(claim.text, claim.markers) for claim in claims_of(text)] == [
        ("规定“每周召开1次。”并印发。", (1,)),
        ("治理措施：1. 管控；2. 劝导。", (2,)),
        ("It is No. 2.", (3,)),
        ("Two “a. B” c.", (4,)),
    ]
