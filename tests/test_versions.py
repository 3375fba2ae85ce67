"""Versions of one rule, chains of repeals, comparisons: over a corpus of a city, two districts and a company."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.build import update_index
from qa.answer import Answer, answer_to_json
from qa.assistant import Assistant
from tests.small_corpus import config_of
from tests.versions_corpus import write_versions_corpus

pytestmark = pytest.mark.slow
TODAY = date(2026, 1, 1)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    root: Path = tmp_path_factory.mktemp("versions")
    write_versions_corpus(root / "corpus")
    config = config_of(root)
    return Assistant(update_index(config, report=lambda line: None), config)


def cited(answer: Answer) -> list[tuple[str, str]]:
    return [(citation.document_id, citation.label) for citation in answer.citations]


@pytest.mark.parametrize(
    "question",
    ["丙州市发改〔2009〕3号现在还有效吗？", "丙州市固定资产投资项目节能登记办法，现在还能按它办吗？"],
)
def test_a_repealed_document_is_followed_to_the_end_of_the_chain(assistant: Assistant, question: str) -> None:
    first, second, third = assistant.ask(question, as_of=TODAY).text.split("\n")
    assert first.startswith(
        "《丙州市固定资产投资项目节能登记办法》（丙州市发改〔2009〕3号）已废止，自2015年4月1日起"
    )
    assert second.startswith("《丙州市节能评估管理办法》（丙州市发改〔2015〕8号）已废止，自2020年7月1日起")
    assert third.startswith(
        "《丙州市节能审查管理办法》（丙州市发改〔2020〕15号）已过有效期，自2025年7月1日起"
    )


def test_on_an_earlier_day_what_was_repealed_later_still_holds(assistant: Assistant) -> None:
    answer = assistant.ask("丙州市节能评估管理办法还有效吗？", as_of=date(2018, 5, 5))
    assert "（丙州市发改〔2015〕8号）现行有效" in answer.text and "\n" not in answer.text


@pytest.mark.parametrize(
    "question", ["丙州市发改〔2020〕15号第二条还有效吗？", "节能审查办法第二条改过没有？"]
)
def test_an_article_that_was_amended_is_said_to_be(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question, as_of=date(2023, 1, 1))
    assert "其中第二条已由" in answer.text and "10个工作日" in answer.text
    assert cited(answer)[1] == ("丙州市发改〔2022〕4号", "一")


def test_an_article_that_was_not_amended_has_no_such_line(assistant: Assistant) -> None:
    answer = assistant.ask("丙州市发改〔2020〕15号第一条还有效吗？", as_of=date(2023, 1, 1))
    assert "现行有效" in answer.text and "修改" not in answer.text


def test_a_term_that_runs_is_told_with_its_end(assistant: Assistant) -> None:
    answer = assistant.ask("戊江区养老服务补贴办法什么时候到期？", as_of=TODAY)
    assert "现行有效" in answer.text and "自2027年8月8日起失效" in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "戊江区小微企业贴息办法还有效吗？",
        "戊江区政发〔2014〕12号还管用不？",
        "戊江区那个小微企业贴息的办法现在还能用吗",
    ],
)
def test_a_document_named_in_a_list_alone_is_known_to_have_ended(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question, as_of=TODAY)
    assert answer.text.startswith(
        "《戊江区小微企业贴息办法》（戊江区政发〔2014〕12号）已宣布失效，自2024年1月10日起"
    )
    assert cited(answer)[0] == ("戊江区政发〔2024〕1号", "2")


def test_how_many_were_declared_invalid_is_the_sentence_that_counts_them(assistant: Assistant) -> None:
    answer = assistant.ask("戊江区一共宣布失效了几件文件？", as_of=TODAY)
    assert answer.text.startswith("经清理，决定对下列3件文件宣布失效")


def test_the_version_in_force_answers_and_the_old_one_is_quoted_where_it_differs(
    assistant: Assistant,
) -> None:
    answer = assistant.ask("出差回来多少天内报销？", as_of=TODAY)
    assert cited(answer) == [("丁川公司办〔2024〕2号", "第四条")]
    assert answer.notes == (
        "2021年版规定为“出差人员应当在返回后10个工作日内办理报销”，已由丁川公司办〔2024〕2号代替。",
    )


def test_the_old_version_is_not_mentioned_where_it_says_the_same(assistant: Assistant) -> None:
    answer = assistant.ask("丁川集团的伙食补助费每人每天多少元？", as_of=TODAY)
    assert cited(answer) == [("丁川公司办〔2024〕2号", "第三条")]
    assert answer.notes == ()


def test_an_old_version_asked_for_comes_with_what_holds_now(assistant: Assistant) -> None:
    answer = assistant.ask("丁川公司办〔2021〕6号规定出差回来多少天内报销？", as_of=TODAY)
    assert cited(answer) == [("丁川公司办〔2021〕6号", "第四条")]
    assert "现行的《丁川集团差旅费管理办法》（丁川公司办〔2024〕2号）规定为“" in answer.notes[-1]


def test_versions_are_compared_as_rows_that_say_whether_they_agree(assistant: Assistant) -> None:
    answer = assistant.ask("差旅费管理办法新旧两版的伙食补助一样吗？", as_of=TODAY)
    assert answer.text.split("\n")[0] == "一致：均为100元。"
    rows = answer_to_json(answer)["comparison"]
    assert [(row["name"], row["marker"]) for row in rows] == [("2021年版", 1), ("2024年版", 2)]
    assert all(f"{row['name']}：{row['text']}〔{row['marker']}〕" in answer.text for row in rows)


def test_documents_of_two_years_keep_their_own_rules(assistant: Assistant) -> None:
    answer = assistant.ask("2015年和2020年的节能办法，评审意见分别几个工作日出？", as_of=TODAY)
    assert cited(answer) == [("丙州市发改〔2015〕8号", "第二条"), ("丙州市发改〔2020〕15号", "第二条")]


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("戊江和己山审核养老补贴申请的时限，谁的更长？", "己山更长：己山为20日，戊江为15日。"),
        (
            "《戊江区养老服务补贴办法》和《己山区养老服务补贴办法》的审核时限一样吗？",
            "不一致：己山更长：己山为20日，戊江为15日。",
        ),
    ],
)
def test_which_of_two_is_longer_is_said_in_words(assistant: Assistant, question: str, verdict: str) -> None:
    answer = assistant.ask(question, as_of=TODAY)
    assert answer.text.split("\n")[0] == verdict
    assert sorted(cited(answer)) == [("己山区政发〔2023〕4号", "第二条"), ("戊江区政发〔2022〕9号", "第二条")]


def test_what_only_one_side_says_is_said(assistant: Assistant) -> None:
    answer = assistant.ask("戊江区和己山区对独居老年人上门探访的规定有何不同？", as_of=TODAY)
    assert answer.text.split("\n")[1] == "戊江：没有找到相应规定。"
    assert [(side.name, side.marker) for side in answer.comparison] == [("己山", 1), ("戊江", None)]


def test_what_one_district_alone_rules_needs_no_district(assistant: Assistant) -> None:
    answer = assistant.ask("对独居老年人多久上门探访1次？", as_of=TODAY)
    assert (answer.status, cited(answer)) == ("answered", [("己山区政发〔2023〕4号", "第四条")])


def test_two_cases_in_two_articles_get_a_line_each(assistant: Assistant) -> None:
    answer = assistant.ask("丁川集团的住宿费标准和伙食补助费分别是多少？", as_of=TODAY)
    assert [side.name for side in answer.comparison] == ["住宿费标准", "伙食补助费"]
    assert cited(answer) == [("丁川公司办〔2024〕2号", "第二条"), ("丁川公司办〔2024〕2号", "第三条")]


def test_two_cases_in_one_sentence_are_answered_by_it(assistant: Assistant) -> None:
    answer = assistant.ask("丁川集团部门经理和普通员工的住宿费标准分别是多少？", as_of=TODAY)
    assert answer.comparison == () and "600元" in answer.text and "400元" in answer.text


def test_a_pass_that_has_expired_is_no_matter_of_validity(assistant: Assistant) -> None:
    assert assistant.ask("居住证过期了还能用吗？", as_of=TODAY).status == "not_found"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("截至2016年5月1日，丙州市发改〔2015〕8号是否仍然有效？", "现行有效"),
        ("Was 丙州市发改〔2015〕8号 still in force on May 1, 2021?", "已废止"),
        ("2010年底丙州市发改〔2009〕3号失效了没有", "尚未废止，自2015年4月1日起才废止"),
        ("丙州市节能审查管理办法的有效期到哪天为止", "有效期5年"),
    ],
)
def test_the_day_a_question_names_is_the_day_that_counts(
    assistant: Assistant, question: str, told: str
) -> None:
    assert told in assistant.ask(question).text


def test_which_of_two_documents_came_first_is_told_by_their_days(assistant: Assistant) -> None:
    answer = assistant.ask("戊江区和己山区的养老服务补贴办法哪个印发得早？")
    assert answer.text.startswith("戊江在先。")
    assert [citation.doc_no for citation in answer.citations] == [
        "戊江区政发〔2022〕9号",
        "己山区政发〔2023〕4号",
    ]
