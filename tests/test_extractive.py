"""Which evidence answers, for which district and version; what is refused, and what the refusal says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from qa.answer import Answer
from qa.assistant import Assistant
from tests.small_corpus import NEW_RULES, OLD_RULES, TODAY, YICHUAN_RULES

pytestmark = pytest.mark.slow
WEEKLY = "区政府常务会议一般每周召开1次，必要时随时召开。〔1〕"
TWICE_A_MONTH = "区政府常务会议一般每月召开2次，由区长召集和主持。〔1〕"


def ask(small: Assistant, question: str, as_of: date = TODAY) -> Answer:
    return small.ask(question, as_of=as_of)


def cited(answer: Answer) -> list[tuple[str, str]]:
    return [(citation.document_id, citation.label) for citation in answer.citations]


def at_home(small: Assistant, issuer: str) -> Assistant:
    return Assistant(small.index, replace(small.config, qa=replace(small.config.qa, home_issuer=issuer)))


@pytest.mark.parametrize(
    "question",
    [
        "甲山区政府常务会议多久召开一次？",
        "甲山區政府常務會議多久召開一次？",
        "jiashan 区政府常务会议多久召开一次？",
        "请问一下，甲山的区政府常务会议一般多久开一次呀？",
    ],
)
def test_a_question_in_any_dress_gets_the_article_in_force(small: Assistant, question: str) -> None:
    answer = ask(small, question)
    assert (answer.status, answer.text) == ("answered", WEEKLY)
    assert cited(answer) == [(NEW_RULES, "第四条")]
    assert answer.notes == (
        "2018年版规定为“区政府常务会议一般每两周召开1次，必要时随时召开”，已由甲政发〔2023〕2号废止。",
    )


@pytest.mark.parametrize(
    ("as_of", "source"),
    [(date(2020, 1, 1), OLD_RULES), (date(2023, 2, 28), OLD_RULES), (date(2023, 3, 1), NEW_RULES)],
)
def test_the_answer_is_that_of_the_day(small: Assistant, as_of: date, source: str) -> None:
    (citation,) = ask(small, "甲山区政府常务会议多久召开一次？", as_of).citations
    assert (citation.document_id, citation.validity.status) == (source, "in_force")


def test_an_answer_from_a_repealed_version_says_so(small: Assistant) -> None:
    answer = ask(small, "2018年的规则规定甲山区政府常务会议多久召开一次？")
    assert answer.text == "区政府常务会议一般每两周召开1次，必要时随时召开。〔1〕"
    (citation,) = answer.citations
    assert (citation.validity.status, citation.validity.by, citation.validity.since) == (
        "repealed", NEW_RULES, "2023-03-01",
    )  # fmt: skip
    assert answer.notes == (
        "以上出自《甲山区人民政府工作规则》（甲政发〔2018〕7号），该文件已由甲政发〔2023〕2号废止。",
        "现行的《甲山区人民政府工作规则》（甲政发〔2023〕2号）规定为“区政府常务会议一般每周召开1次，必要时随时召开”。",
    )


def test_an_answer_from_a_superseded_version_says_so(real: Assistant) -> None:
    answer = real.ask("平谷区2019年的工作规则规定，区政府午例会在星期几召开？", as_of=TODAY)
    assert "原则于每周一中午召开" in answer.text
    (citation,) = answer.citations
    assert (citation.label, citation.validity.status, citation.validity.by) == (
        "第四十八条", "superseded", "京平政发〔2023〕2号",
    )  # fmt: skip
    assert answer.notes == (
        "以上出自《北京市平谷区人民政府工作规则》（2019年），该文件已有新版：京平政发〔2023〕2号。",
    )


@pytest.mark.parametrize(
    ("question", "text", "label"),
    [
        (
            "甲山区各社区每月开展几次垃圾分类宣传活动？",
            "各社区每月开展1次垃圾分类宣传活动。〔1〕",
            "二、（一）1",
        ),
        (
            "甲山区对未按规定分类投放垃圾的单位罚款多少钱？",
            "对未按规定分类投放垃圾的单位，处5000元罚款。〔1〕",
            "三",
        ),
        ("全区生活垃圾分类达标率是多少？", "全区生活垃圾分类达标率不低于90%。〔1〕", "一"),
        ("陈立同志任什么职务？", "陈立同志任区水务局局长。〔1〕", ""),
        (
            "加装电梯由哪个单位负责？",
            "为20个老旧小区加装电梯60部。\n主责单位：区住房城乡建设委〔1〕",
            "第2项",
        ),
        ("“四个安心”是什么意思？", "四个安心：吃得安心、住得安心、行得安心、学得安心。〔1〕", "第二条"),
    ],
)
def test_answers_are_the_provisions_own_words(small: Assistant, question: str, text: str, label: str) -> None:
    answer = ask(small, question)
    assert (answer.status, answer.text) == ("answered", text)
    assert [citation.label for citation in answer.citations] == [label]


@pytest.mark.parametrize(
    ("question", "deadline"),
    [("加装电梯的完成时限？", "2023年12月"), ("新增学前教育学位的完成时限是什么时候？", "2023年9月")],
)
def test_a_deadline_is_that_of_the_project_asked_about(
    small: Assistant, question: str, deadline: str
) -> None:
    answer = ask(small, question)
    assert answer.status == "answered"
    assert answer.text.endswith(f"完成时限：{deadline}〔1〕")


def test_a_table_row_is_answered_as_field_and_value(small: Assistant) -> None:
    answer = ask(small, "石桥路口存在什么问题？")
    assert "点位：石桥路口；存在问题：车辆乱停乱放；治理措施：特勤人员值守疏导" in answer.text
    assert cited(answer) == [("甲政发〔2021〕11号", "附件 第1项")]


@pytest.mark.parametrize(
    "question",
    ["甲山区和乙川区政府常务会议召开频次有什么不同？", "甲山、乙川的区政府常务会议分别多久召开一次？"],
)
def test_a_comparison_gives_a_line_for_each_district_and_cites_both(small: Assistant, question: str) -> None:
    answer = ask(small, question)
    assert answer.status == "answered"
    first, second = answer.text.split("\n")
    assert first.startswith("甲山：") and "每周召开1次" in first and first.endswith("〔1〕")
    assert second.startswith("乙川：") and "每月召开2次" in second and second.endswith("〔2〕")
    assert cited(answer) == [(NEW_RULES, "第四条"), (YICHUAN_RULES, "二")]


def test_two_versions_are_compared_by_their_years(small: Assistant) -> None:
    answer = ask(small, "甲山区2018年和2023年的规则对常务会议多久召开一次的规定有什么变化？")
    assert [document for document, _ in cited(answer)] == [OLD_RULES, NEW_RULES]
    assert "每两周召开1次" in answer.text.split("\n")[0] and "每周召开1次" in answer.text.split("\n")[1]


def test_without_a_district_each_gets_its_line_and_the_answer_asks_back(small: Assistant) -> None:
    answer = ask(small, "区政府常务会议多久召开一次？")
    assert answer.status == "unclear"
    lead, *lines = answer.text.split("\n")
    assert lead == "问题没有说明是哪个区，各区规定如下："
    assert sorted(line[:3] for line in lines) == ["乙川：", "甲山："]
    assert {document for document, _ in cited(answer)} == {NEW_RULES, YICHUAN_RULES}  # not the repealed one
    assert answer.notes == ("在问题中写明区名，可得到单独的回答。",)


@pytest.mark.parametrize(("issuer", "text"), [("甲山区人民政府", WEEKLY), ("乙川区人民政府", TWICE_A_MONTH)])
def test_the_home_issuer_makes_one_answer_of_it(small: Assistant, issuer: str, text: str) -> None:
    answer = at_home(small, issuer).ask("区政府常务会议多久召开一次？", as_of=TODAY)
    assert (answer.status, answer.text) == ("answered", text)


def test_our_district_is_that_of_the_home_issuer(small: Assistant) -> None:
    answer = at_home(small, "乙川区人民政府").ask("咱们区的常务会议多久召开一次？", as_of=TODAY)
    assert (answer.status, answer.text) == ("answered", TWICE_A_MONTH)


def test_another_district_named_goes_before_the_home_issuer(small: Assistant) -> None:
    answer = at_home(small, "乙川区人民政府").ask("甲山区政府常务会议多久召开一次？", as_of=TODAY)
    assert answer.text == WEEKLY


@pytest.mark.parametrize(
    ("question", "lacking"),
    [
        ("海淀区政府常务会议多久召开一次？", "海淀区"),
        ("《甲山区停车管理办法》第三条规定了什么？", "《甲山区停车管理办法》的正文"),
        ("甲山区加装电梯按GB50016标准执行吗？", "GB50016"),
        ("甲山区为什么要取消全体会议？", "原因"),
        ("甲山区改造健身步道要花多少钱？", "金额"),
    ],
)
def test_a_refusal_says_what_is_lacking_and_where_to_look(
    small: Assistant, question: str, lacking: str
) -> None:
    answer = ask(small, question)
    assert (answer.status, answer.citations) == ("not_found", ())
    assert answer.text == "语料中没有找到能回答这个问题的规定。"
    assert answer.notes[0] == f"相关规定没有说明：{lacking}。"
    assert answer.notes[1].startswith("最接近的规定（未必相关）：《")


@pytest.mark.parametrize("question", ["红烧肉怎么做？", "月球离地球多远？", "阿根廷队哪年拿过世界杯冠军？"])
def test_what_the_corpus_says_nothing_of_is_refused_with_the_nearest_provisions(
    small: Assistant, question: str
) -> None:
    answer = ask(small, question)
    assert (answer.status, answer.citations) == ("not_found", ())
    assert answer.notes[-1].startswith("最接近的规定（未必相关）：《")
    assert len(answer.notes[-1].split("；")) <= 3


def test_a_quantity_that_the_text_tells_otherwise_is_corrected(small: Assistant) -> None:
    answer = ask(small, "甲山区重要民生实事项目为15个老旧小区加装多少部电梯？")
    assert answer.status == "wrong_premise"
    assert answer.text == "问题中的“15个”与原文不符，原文为：\n为20个老旧小区加装电梯60部。〔1〕"
    assert cited(answer) == [("甲政发〔2023〕1号", "第2项")]


def test_a_greeting_is_returned_and_cites_nothing(small: Assistant) -> None:
    answer = ask(small, "你好")
    assert (answer.status, answer.citations) == ("not_found", ())
    assert answer.text.startswith("您好")
