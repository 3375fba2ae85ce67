"""Questions that name what they want: a provision, a document, whether it holds, when it was issued."""

from __future__ import annotations

from datetime import date

import pytest

from qa.answer import Answer
from qa.assistant import Assistant
from tests.small_corpus import NEW_RULES, OLD_RULES, TODAY, YICHUAN_RULES

pytestmark = pytest.mark.slow
CLAUSE = (
    "第七条 本规则自2023年3月1日起施行，《甲山区人民政府关于印发甲山区人民政府工作规则的通知》（甲政发〔2018〕7号）、"
    "《甲山区公文处理办法》（甲政发〔2011〕3号）同时废止。"
)


def ask(small: Assistant, question: str, as_of: date = TODAY) -> Answer:
    return small.ask(question, as_of=as_of)


def cited(answer: Answer) -> list[tuple[str, str]]:
    return [(citation.document_id, citation.label) for citation in answer.citations]


@pytest.mark.parametrize(
    ("question", "label", "text"),
    [
        (f"{NEW_RULES}第四条", "第四条", "区政府常务会议一般每周召开1次，必要时随时召开。"),
        ("甲政发(2023)第2号 第4条讲什么？", "第四条", "区政府常务会议一般每周召开1次，必要时随时召开。"),
        (f"{NEW_RULES}第三条（二）", "第三条（二）", "讨论通过区政府规范性文件；"),
        (f"{NEW_RULES}第三条第二项", "第三条（二）", "讨论通过区政府规范性文件；"),
        (
            "甲山区政府工作规则第五条是怎么规定的？",
            "第五条",
            "会议议题材料应于会议召开前3个工作日报送区政府办公室。",
        ),
        (f"{YICHUAN_RULES}三、（二）", "三、（二）", "会议纪要由区长签发。"),
        (f"{YICHUAN_RULES}第三条（二）", "三、（二）", "会议纪要由区长签发。"),
        (f"{YICHUAN_RULES}第二条", "二", "区政府常务会议一般每月召开2次，由区长召集和主持。"),
        ("甲政办发〔2022〕5号二、（一）2", "二、（一）2", "各学校每学期组织2次垃圾分类主题班会。"),
        (
            "甲政发〔2023〕1号第3项",
            "第3项",
            "新增普惠性学前教育学位800个。\n主责单位：区教委\n完成时限：2023年9月",
        ),
    ],
)
def test_a_provision_asked_for_by_its_number_is_given_whole(
    small: Assistant, question: str, label: str, text: str
) -> None:
    answer = ask(small, question)
    assert answer.status == "answered"
    assert [citation.label for citation in answer.citations] == [label]
    assert answer.text == f"{text}〔1〕"


@pytest.mark.parametrize(
    ("question", "label", "told"),
    [
        (f"{NEW_RULES}第四十一条", "第七条", "没有第四十一条：它共7条，最后一条是第七条。"),
        (f"{YICHUAN_RULES}第六条", "五", "没有第六条：它共5条，最后一条是五。"),
        ("甲政发〔2023〕1号第19项讲什么？", "第3项", "没有第19项：它共3项，最后一项是第3项。"),
        (f"{NEW_RULES}第八章", "第三章", "没有第八章：它共3章，最后一章是第三章。"),
        (f"{NEW_RULES}第三条（九）", "第三条", "第三条没有第9项。"),
    ],
)
def test_a_number_beyond_the_last_is_a_wrong_premise_with_the_real_last_one(
    small: Assistant, question: str, label: str, told: str
) -> None:
    answer = ask(small, question)
    assert answer.status == "wrong_premise"
    assert told in answer.text
    assert [citation.label for citation in answer.citations] == [label]


def test_the_version_in_force_is_the_one_looked_up(small: Assistant) -> None:
    question = "甲山区政府工作规则第三条的内容"
    assert cited(ask(small, question)) == [(NEW_RULES, "第三条")]
    assert cited(ask(small, question, date(2020, 1, 1))) == [(OLD_RULES, "第三条")]
    assert cited(ask(small, "2018年甲山区政府工作规则第三条的内容")) == [(OLD_RULES, "第三条")]


def test_a_bare_number_is_answered_with_what_the_document_is(small: Assistant) -> None:
    answer = ask(small, NEW_RULES)
    assert answer.text.startswith(
        "《甲山区人民政府工作规则》（甲政发〔2023〕2号），甲山区人民政府，2023年2月15日印发，现行有效"
    )
    assert [citation.document_id for citation in answer.citations] == [NEW_RULES]


@pytest.mark.parametrize(
    ("as_of", "words", "proof"),
    [
        (date(2020, 1, 1), "现行有效", (OLD_RULES, "第四条")),
        (date(2023, 2, 28), "现行有效", (OLD_RULES, "第四条")),
        (date(2023, 3, 1), "已废止，自2023年3月1日起，依据甲政发〔2023〕2号", (NEW_RULES, "第七条")),
        (date(2018, 4, 30), "尚未生效，自2018年5月1日起", (OLD_RULES, "第四条")),
    ],
)
def test_whether_a_document_holds_depends_on_the_day(
    small: Assistant, as_of: date, words: str, proof: tuple[str, str]
) -> None:
    answer = ask(small, f"{OLD_RULES}还有效吗？", as_of)
    assert answer.status == "answered"
    assert words in answer.text
    assert cited(answer) == [proof]


@pytest.mark.parametrize(
    "question",
    ["甲政发〔2011〕3号还有效吗？", "《甲山区公文处理办法》还有效吗？", "甲山区公文处理办法废止了吗？"],
)
def test_a_document_only_named_in_a_repeal_clause_is_known_to_be_repealed(
    small: Assistant, question: str
) -> None:
    answer = ask(small, question)
    assert answer.status == "answered"
    assert answer.text.startswith("《甲山区公文处理办法》（甲政发〔2011〕3号）已废止，自2023年3月1日起")
    assert cited(answer) == [(NEW_RULES, "第七条")]
    assert answer.citations[0].quote == CLAUSE


def test_an_article_of_a_document_that_is_only_named_is_a_wrong_premise(small: Assistant) -> None:
    answer = ask(small, "甲政发〔2011〕3号第二条讲什么？")
    assert answer.status == "wrong_premise"
    assert "该文件本身不在语料中，以上依据提到它的文件。" in answer.notes


def test_a_number_that_nothing_names_is_told_with_those_of_its_series(small: Assistant) -> None:
    answer = ask(small, "甲政发〔2030〕3号讲了什么？")
    assert answer.status == "wrong_premise" and answer.citations == ()
    assert answer.text == "语料中没有甲政发〔2030〕3号。"
    (note,) = answer.notes
    for number in (OLD_RULES, NEW_RULES, "甲政发〔2021〕11号"):
        assert number in note
    assert YICHUAN_RULES not in note


def test_a_title_that_the_corpus_does_not_know_is_not_said_to_hold(small: Assistant) -> None:
    answer = ask(small, "《甲山区停车管理办法》还有效吗？")
    assert answer.status == "not_found" and answer.citations == ()


def test_which_of_two_versions_is_to_be_used_is_the_one_in_force(small: Assistant) -> None:
    answer = ask(small, "甲山区2018年和2023年的工作规则，现在该照哪一份办？")
    assert "（甲政发〔2023〕2号）现行有效" in answer.text


def test_what_a_document_repeals_is_listed_from_its_clause(small: Assistant) -> None:
    answer = ask(small, f"{NEW_RULES}废止了哪些文件？")
    assert answer.status == "answered"
    assert OLD_RULES in answer.text and "甲政发〔2011〕3号" in answer.text
    assert cited(answer) == [(NEW_RULES, "第七条")]


def test_the_day_and_the_issuer_come_from_the_signature(small: Assistant) -> None:
    answer = ask(small, f"{YICHUAN_RULES}是什么时候印发的？")
    assert (
        answer.text
        == "《乙川区人民政府工作规则》（乙政发〔2022〕1号）由乙川区人民政府于2022年1月12日印发。〔1〕"
    )
    assert answer.citations[0].quote.endswith("2022年1月12日")


# --- attachments ---

HOUSING, TRAFFIC, RULES_2023 = "京平政发〔2021〕4号", "京平政发〔2021〕11号", "京平政发〔2023〕2号"


@pytest.mark.parametrize(
    ("question", "title"),
    [
        (f"{HOUSING}附件2是什么", "平谷区农村住宅规划建设管控标准"),
        (f"{HOUSING}附件五叫什么名字？", "平谷区腾退宅基地减量指导意见"),
        (f"{HOUSING}附件1-8", "农村宅基地审批结果备案表"),
        (f"What is annex 2 of {TRAFFIC}?", "平谷区货车综合治理工作方案"),
    ],
)
def test_an_attachment_is_told_by_its_number(real: Assistant, question: str, title: str) -> None:
    answer = real.ask(question)
    assert answer.status == "answered" and title in answer.text
    assert answer.citations[0].label.startswith("附件")


def test_an_attachment_that_is_not_there_is_no_other(real: Assistant) -> None:
    beyond, none = real.ask(f"{HOUSING}附件7的内容"), real.ask(f"{RULES_2023}附件1是什么")
    assert beyond.status == "wrong_premise" and "没有附件7，最后一个附件是附件6" in beyond.text
    assert none.status == "not_found" and none.notes[0].endswith("没有附件。")


@pytest.mark.parametrize(
    ("question", "label"),
    [
        (f"{TRAFFIC}附件4里的办公室主任是谁", "附件4 二、（二）"),
        (f"{TRAFFIC}附件3里的办公室主任是谁", "附件3 二、（二）"),
        (f"{TRAFFIC}附件6第3项", "附件6 第3项"),
        (f"{TRAFFIC}附件6的第300项", "附件6 第40项"),
    ],
)
def test_what_is_asked_of_an_attachment_is_looked_for_there(
    real: Assistant, question: str, label: str
) -> None:
    assert real.ask(question).citations[0].label == label


@pytest.mark.parametrize(
    "question", ["平谷县房改房上市出售管理办法第六条怎么规定", "平谷区献血奖励办法第二条"]
)
def test_an_article_of_rules_that_are_not_there_is_none_of_others(real: Assistant, question: str) -> None:
    assert real.ask(question).status == "not_found"


def test_rules_are_known_by_half_their_name(real: Assistant) -> None:
    assert cited(real.ask("平谷加速器管理办法第六条")) == [("京平政发〔2019〕24号", "第六条")]
