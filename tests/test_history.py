"""qa.history: what a caller may give as history; qa.follow_up: what a follow-up leaves out comes from it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qa.assistant import Assistant
from qa.history import read_turns
from qa.swap import actor_of, subject_of
from tests.small_corpus import TODAY

HOW_OFTEN = "甲山区政府常务会议多久召开一次？"
TASKS = "甲山区政府常务会议的主要任务是什么？"


def test_pairs_and_messages_are_the_same_history() -> None:
    pairs = [("多久一次？", "每周1次。"), ("谁主持？", "")]
    messages = [
        {"role": "system", "content": "你是助手。"},
        {"role": "assistant", "content": "您好！"},
        {"role": "user", "content": "多久一次？"},
        {"role": "assistant", "content": "每周1次。"},
        {"role": "user", "content": "谁主持？"},
    ]
    as_json: Any = [list(pair) for pair in pairs]
    assert read_turns(pairs) == read_turns(as_json) == read_turns(messages) == pairs
    assert read_turns([]) == []


@pytest.mark.parametrize(
    ("history", "said"),
    [
        ("多久一次？", "a list is wanted, found str"),
        ({"role": "user"}, "a list is wanted, found dict"),
        (["多久一次？"], "entry 1"),
        ([("一", "二", "三")], "entry 1"),
        ([("多久一次？", "每周1次。"), ("谁？", None)], "entry 2"),
        ([(" ", "每周1次。")], "entry 1"),
        ([{"role": "boss", "content": "问"}], "message 1 has the role 'boss'"),
        ([{"role": "user", "content": ["问"]}], "message 1 has the content"),
        ([{"role": "user", "content": ""}], "message 1 has the content"),
        ([{"role": "user", "content": "问"}, ("问", "答")], "mixed"),
    ],
)
def test_a_malformed_history_is_an_error_that_says_where(history: Any, said: str) -> None:
    with pytest.raises(ValueError, match=r"^history: ") as error:
        read_turns(history)
    assert said in str(error.value)


def asked(small: Assistant, *questions: str) -> tuple[str, str, str]:
    """Ask in turn; return how the last was understood ("" as it stands), its status and its text."""
    history: list[tuple[str, str]] = []
    for question in questions:
        answer = small.ask(question, history=history, as_of=TODAY)
        history.append((question, answer.text))
    notes = [
        note.removeprefix("按上文理解为：") for note in answer.notes if note.startswith("按上文理解为：")
    ]
    return (notes or [""])[0], answer.status, answer.text


@pytest.mark.parametrize(
    ("questions", "understood", "said"),
    [
        ((HOW_OFTEN, "那乙川呢？"), "乙川区政府常务会议多久召开一次?", "每月召开2次"),
        ((HOW_OFTEN, "乙川区怎么规定的"), "乙川区政府常务会议多久召开一次?", "每月召开2次"),
        ((HOW_OFTEN, "乙川的情況呢？"), "乙川区政府常务会议多久召开一次?", "每月召开2次"),
        ((HOW_OFTEN, "2018年的呢？"), "2018年甲山区政府常务会议多久召开一次?（", "每两周召开1次"),
        ((HOW_OFTEN, "2018年那版呢？"), "2018年甲山区政府常务会议多久召开一次?（", "每两周召开1次"),
        ((HOW_OFTEN, "以前是怎么要求的"), "甲山区政府常务会议多久召开一次?（", "每两周召开1次"),
        ((HOW_OFTEN, "旧版呢"), "甲山区政府常务会议多久召开一次?（", "每两周召开1次"),
        ((HOW_OFTEN, "和乙川一样吗"), "甲山区和乙川区", "乙川：区政府常务会议一般每月召开2次"),
        ((HOW_OFTEN, "那乙川呢？", "由谁召集？"), "政府常务会议由谁召集?（", "由区长召集和主持"),
        ((HOW_OFTEN, "它什么时候生效？"), "该文件什么时候生效?（", "起施行"),
        ((HOW_OFTEN, "这个规则还有效吗"), "这个规则还有效吗（", "现行有效"),
        ((HOW_OFTEN, "谢谢", "那乙川呢？"), "乙川区政府常务会议多久召开一次?", "每月召开2次"),
        ((TASKS, "最后一项是什么？"), "《甲山区人民政府工作规则》（甲政发〔2023〕2号）第三条（", "〔1〕"),
        (
            (TASKS, "第一项是什么？", "那第二项呢"),
            "《甲山区人民政府工作规则》（甲政发〔2023〕2号）第三条（",
            "〔1〕",
        ),
        (
            (TASKS, "第一项是什么？", "下一项"),
            "《甲山区人民政府工作规则》（甲政发〔2023〕2号）第三条（",
            "〔1〕",
        ),
        (("甲政发〔2023〕2号第二条", "下一条讲什么"), "第三条的内容（", "常务会议"),
        ((HOW_OFTEN, "依据是什么？"), "《甲山区人民政府工作规则》（甲政发〔2023〕2号）", "每周召开1次"),
    ],
)
def test_a_follow_up_takes_over_what_it_leaves_out(
    small: Assistant, questions: tuple[str, ...], understood: str, said: str
) -> None:
    note, status, text = asked(small, *questions)
    assert note.startswith(understood)
    assert status == "answered" and said in text


def test_the_item_of_a_list_is_quoted_under_its_own_label(small: Assistant) -> None:
    whole = small.ask(TASKS, as_of=TODAY)
    second = small.ask("第二项是什么？", history=[(TASKS, whole.text)], as_of=TODAY)
    assert second.citations[0].label == "第三条（二）"
    assert second.citations[0].quote in whole.citations[0].quote
    beyond = small.ask("第九项是什么？", history=[(TASKS, whole.text)], as_of=TODAY)
    assert beyond.status == "wrong_premise" and "没有第9项" in beyond.text


@pytest.mark.parametrize(
    "question",
    [
        "乙川区政府常务会议由谁召集和主持？",
        "甲政发〔2018〕7号还有效吗？",
        "甲政发〔2023〕2号第三条",
        "《甲山区人民政府工作规则》第三条是怎么规定的？",
        "食堂几点开饭？",
        "你好",
    ],
)
def test_a_question_with_a_topic_of_its_own_is_left_as_it_is(small: Assistant, question: str) -> None:
    note, status, text = asked(small, HOW_OFTEN, question)
    alone = small.ask(question, as_of=TODAY)
    assert (note, status, text) == ("", alone.status, alone.text)


def test_only_the_questions_of_the_history_count(small: Assistant) -> None:
    told = [(HOW_OFTEN, "胡说：每天一百次，见第九十九条。")]
    alone = small.ask("那乙川呢？", history=[(HOW_OFTEN, "")], as_of=TODAY)
    assert small.ask("那乙川呢？", history=told, as_of=TODAY).text == alone.text


def test_a_day_holds_for_the_earlier_questions_too(small: Assistant) -> None:
    answer = small.ask("那它有什么依据？", history=[(HOW_OFTEN, "")], as_of=date(2020, 1, 1))
    assert all(citation.document_id != "甲政发〔2023〕2号" for citation in answer.citations)


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("常务会议的纪要由谁签发？", "常务会议的纪要"),
        ("议题材料最晚要提前几天报送？", "议题材料"),
        ("谁来批准副区长出差？", "来批准副区长出差"),
        ("who approves the travel of staff?", "approves travel of staff"),
    ],
)
def test_the_subject_stands_before_what_asks(question: str, subject: str) -> None:
    assert subject_of(question) == subject


def test_the_actor_is_what_stands_before_what_it_does() -> None:
    assert actor_of("部门负责人不能出席重要会议") == "部门负责人"
    assert actor_of("不能出席会议") == "不能出席会议"
