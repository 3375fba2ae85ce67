"""Two true facts of one text that change places, and truths in other words that must not be taken for that."""

from __future__ import annotations

import pytest

from qa.names import strange_names
from qa.swapped import swapped

PERIODS = "一般材料应提前3日报送，紧急材料应提前1日报送；会议纪要应在会后5个工作日内印发。"
AGES = "男性年满60周岁、女性年满55周岁可以申请。"
DATES = "办法自2023年3月1日起施行，有效期至2028年2月29日，申报材料于2023年5月10日前提交。"
POSTS = "陈立同志任区水务局局长；周敏同志任区财政局副局长。"
SIGNS = "会议纪要由承办部门起草，区政府办公室主任审核，由区长签发；专题会议纪要由分管副区长签发。"


@pytest.mark.parametrize(
    "claim, source",
    [
        ("一般材料应提前1日报送。", PERIODS),
        ("紧急材料须提前3日报送。", PERIODS),
        ("会议纪要应提前3日印发。", PERIODS),
        ("女性年满60周岁可以申请。", AGES),
        ("有效期至2023年3月1日。", DATES),
        ("申报材料须在2028年2月29日前提交。", DATES),
        ("陈立任区财政局副局长。", POSTS),
        ("X材料为3天。", "X材料为5天，Y材料为3天。"),
        ("不符合条件的可以申请。", "符合条件的可以申请。"),
        ("申请人可以转让补贴资格。", "申请人不得转让补贴资格。"),
    ],
)
def test_a_fact_that_is_said_of_another_matter_is_caught(claim, source):
    assert swapped(claim, source)


@pytest.mark.parametrize(
    "claim, source",
    [
        ("紧急材料提前1天报送。", PERIODS),
        ("一般材料要提前3日报送，紧急的提前1日。", PERIODS),
        ("会后5个工作日内印发会议纪要。", PERIODS),
        ("男60岁以上、女55岁以上可以申请。", AGES),
        ("该办法2023年3月1日起施行。", DATES),
        ("周敏任区财政局副局长。", POSTS),
        ("会议纪要由区长签发。", SIGNS),
        ("会议纪要先由承办部门起草。", SIGNS),
        ("申请人转让补贴资格是不允许的。", "申请人不得转让补贴资格。"),
        ("It takes 3 days.", PERIODS),
    ],
)
def test_the_same_in_other_words_is_not(claim, source):
    assert swapped(claim, source) == ""


def test_where_the_claim_says_too_little_the_question_tells_what_it_is_said_of():
    assert swapped("3日。", PERIODS, "紧急材料提前几天报送？")
    assert swapped("1日。", PERIODS, "紧急材料提前几天报送？") == ""


@pytest.mark.parametrize(
    "claim, strange",
    [
        ("由副区长签发。", ["副区长"]),
        ("由区财政局签发。", ["财政局"]),
        ("张伟审核后由区长签发。", ["张伟"]),
        ("由ABC公司签发。", ["abc"]),
        ("由区长签发，区政府办公室起草。", []),
    ],
)
def test_names_that_the_source_does_not_hold_are_strange(claim, strange):
    source = "会议纪要由区政府办公室起草，由区长签发，该公司执行。"
    assert strange_names(claim, source) == strange
