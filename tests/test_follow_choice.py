"""Which reading of a follow-up is chosen: the one that is answered, a new topic by itself."""

from __future__ import annotations

import pytest

from qa.assistant import Assistant
from qa.follow_choice import SIGNS, WAYS, signs_of

FIRST = "平谷区政府常务会议多久召开一次？"


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("由谁召集和主持？", "区长"),
        ("那西城区呢", "每两周"),
        ("全体会议呢？", "每年召开1次"),
        ("平谷区哪些地方全年禁止燃放烟花爆竹？", "禁止燃放"),
    ],
)
def test_the_reading_that_is_meant_is_answered(real: Assistant, question: str, words: str) -> None:
    assert words in real.ask(question, history=[(FIRST, "")]).text


def test_what_names_nothing_of_its_own_is_asked_of_the_question_before(real: Assistant) -> None:
    first = "平谷区2023年民生实事里给老年人装呼叫器的有多少人？"
    answer = real.ask("谁负责？", history=[(first, real.ask(first).text)])
    assert "区民政局" in answer.text and answer.citations[0].label == "第19项"


def test_each_way_to_read_a_follow_up_has_signs_and_no_two_ask_the_same(real: Assistant) -> None:
    query, before, readings = real.readings("那西城区由谁主持", [(FIRST, "")])
    assert before is not None and before.question == FIRST.replace("？", "?")
    assert readings[0].way == "alone" and {one.way for one in readings} <= set(WAYS)
    asked = [(one.resolved.question, one.resolved.within) for one in readings]
    assert all(one not in asked[:place] for place, one in enumerate(asked))
    assert all(set(signs) == set(SIGNS) for signs in signs_of(query, before, readings))


@pytest.mark.parametrize("question", ["平谷区游泳馆的门票多少钱一张？", "西城区游泳馆的门票多少钱一张？"])
def test_something_else_of_a_place_is_not_the_question_before(real: Assistant, question: str) -> None:
    history = [("平谷区农村新建房子，房檐最高能到多少米？", ""), ("那地下室呢", "")]
    asked, alone = real.ask(question, history=history), real.ask(question)
    assert (asked.status, asked.text) == (alone.status, alone.text)


def test_what_names_an_item_or_has_nothing_before_it_has_no_readings(real: Assistant) -> None:
    assert real.readings("第二项是什么", [("平谷区政府常务会议的主要任务有哪些？", "")])[2] == []
    assert real.readings("由谁召集？", [])[1:] == (None, [])
