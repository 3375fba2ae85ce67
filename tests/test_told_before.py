"""What a follow-up asks of the answer before itself, and follow-ups that put something right: on the real corpus."""

from __future__ import annotations

import pytest

from qa import Assistant
from qa.follow_forms import REST, bare, corrected

TASKS = "平谷区政府全体会议的主要任务第一项是什么"
FIRST, SECOND, THIRD = (
    "学习传达贯彻习近平总书记重要讲话",
    "通报区人民代表大会的重要决议",
    "讨论决定区政府工作中的重大事项",
)


def told(real: Assistant, *turns: str) -> str:
    return real.ask(turns[-1], history=[(turn, "") for turn in turns[:-1]]).text


def test_the_item_of_a_list_that_a_question_names_by_its_number_is_the_answer(real: Assistant) -> None:
    assert told(real, TASKS).startswith(FIRST)
    assert SECOND not in told(real, TASKS)


def test_after_one_item_come_the_next_another_and_the_rest(real: Assistant) -> None:
    assert told(real, TASKS, "下一项呢").startswith(SECOND)
    assert told(real, TASKS, "第三项呢").startswith(THIRD)
    rest = told(real, TASKS, "还有吗？")
    assert SECOND in rest and THIRD in rest and FIRST not in rest


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("打错了，是北京的快递", "北京的快递呢"),
        ("不是聊城，是济南那个规定", "济南那个规定呢"),
        ("是宁波不是北京", "宁波呢"),
        ("我问的是几天内公示，不是审批", "几天内公示"),
        ("sorry, i meant Xicheng", "Xicheng呢"),
        ("是不是要申请", "是不是要申请"),
        ("是区长签吗", "是区长签吗"),
        ("那通州呢", "那通州呢"),
    ],
)
def test_what_puts_the_question_right_asks_it_anew(text: str, asks: str) -> None:
    assert corrected(text) == asks


@pytest.mark.parametrize("text", ["不是平谷，是西城", "说错了，是西城那份规则", "我问的是西城"])
def test_the_place_put_right_is_the_one_asked_about(real: Assistant, text: str) -> None:
    assert "每两周召开1次" in told(real, "平谷区政府常务会议多久开一次？", text)


def test_a_place_and_a_year_are_both_taken_over(real: Assistant) -> None:
    turns = ("通州区政府常务会议要到多少人才能开", "平谷2019年的呢")
    answer = real.ask(turns[1], history=[(turns[0], "")])
    assert any("2019年平谷" in note or ("平谷" in note and "2019年" in note) for note in answer.notes)


def test_after_the_source_was_asked_the_question_before_it_goes_on(real: Assistant) -> None:
    question, source = "通州区政府常务会议多久开一次？", "哪条写的"
    assert told(real, question, source, "西城呢") == told(real, question, "西城呢")


@pytest.mark.parametrize("text", ["还有吗？", "就这些？", "只有这些吗", "其他的呢", "anything else?"])
def test_what_asks_for_the_rest(text: str) -> None:
    assert REST.match(bare(text))


@pytest.mark.parametrize("text", ["还有谁", "还要交什么材料", "这些材料交给谁"])
def test_what_asks_for_something_else(text: str) -> None:
    assert not REST.match(bare(text))
