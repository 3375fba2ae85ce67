"""The many ways in which people ask whether, since when and by what a document holds: on the real corpus."""

from __future__ import annotations

import re

import pytest

from qa import Assistant


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("平谷那个加速器的办法现在还能拿来用吗？", "已过有效期"),
        ("以前那个“设立限制燃放烟花爆竹区域”的通告，后来被啥顶替了？", "京平政发〔2019〕26号"),
        ("通州区政府的工作规则，能找到的最新一版是哪年哪号？", "通政发〔2022〕1号"),
        ("2018年平谷村民申请翻建房子，那时候京平政发〔2017〕22号管不管用？", "仍然有效"),
        ("平谷那个加速器的办法（京平政发〔2019〕24号）开始执行了吗？", "已过有效期"),
        ("通州区人民政府工作规则是哪个文号", "通政发〔2022〕1号"),
        ("我手里有本2019年10月印的平谷区政府工作规则，还作数吗？", "京平政发〔2023〕2号"),
    ],
)
def test_everyday_words_ask_whether_it_holds(real: Assistant, question: str, said: str) -> None:
    answer = real.ask(question)
    assert answer.status == "answered"
    assert said in answer.text


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("2021年宣布失效的那批平谷文件里，2009年发的有哪几份？", "18 37 46"),
        ("平谷区2021年宣布失效的22件区政府文件中，文号为“京平政办发”的有几件？", "3 43 9 56 26"),
        ("平谷2021年宣布失效的文件中，名称带“平谷县”的有哪些？", "69 19"),
    ],
)
def test_a_list_of_ended_documents_is_limited_to_those_asked_for(
    real: Assistant, question: str, numbers: str
) -> None:
    told = re.findall(r"〔\d{4}〕(\d+)号", real.ask(question).text)
    assert told == numbers.split()


def test_the_rules_of_a_district_that_nothing_is_known_of_are_not_those_of_another(real: Assistant) -> None:
    assert real.ask("怀柔区政府的工作规则现在执行的是哪一版？").status == "not_found"


def test_of_several_numbers_each_day_of_issue_is_told(real: Assistant) -> None:
    text = real.ask("京平政发〔2019〕23号与京平政发〔2019〕26号的印发日期各为何日？").text
    assert "2019年11月7日" in text and "2019年12月26日" in text


def test_a_number_that_is_only_mentioned_is_shown_where_it_is(real: Assistant) -> None:
    answer = real.ask("京平政发〔2010〕40号修改的是哪份文件？")
    assert answer.status == "wrong_premise"
    assert "社会力量参与办学" in answer.text and answer.citations


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("京平政发〔2017〕18号规定货车在哪些路禁行？", "not_found"),
        ("通州旧规则（通政发〔2018〕10号）里，常务会议多久开一次？", "not_found"),
        ("被废掉的那份京平政发〔2019〕10号，当初是几月几号印发的？", "not_found"),
        ("京平政发〔2021〕28号是谁废止的？", "answered"),
        ("京平政发〔2019〕1号后来几月就被换掉了？", "answered"),
    ],
)
def test_what_a_document_that_is_only_named_said_is_not_known(
    real: Assistant, question: str, status: str
) -> None:
    answer = real.ask(question)
    assert answer.status == status
    assert "废止" in answer.text + "".join(answer.notes)


def test_a_document_issued_later_tells_nothing_of_a_day_before(real: Assistant) -> None:
    answer = real.ask("2022年7月的时候，平谷区政府当时有效的工作规则要求议题材料会前几个工作日送审？")
    assert answer.status == "not_found"
    assert any("2023年2月15日才印发" in note for note in answer.notes)


def test_what_took_the_place_of_a_document_declared_invalid_is_not_known(real: Assistant) -> None:
    answer = real.ask("平谷区城市排水许可管理办法实施细则 失效后 替代文件 文号")
    assert answer.status == "not_found"
    assert any("由什么文件代替" in note for note in answer.notes)


def test_a_version_that_is_only_named_held_on_a_day_between(real: Assistant) -> None:
    answer = real.ask("截至2022年6月1日，平谷区政府工作规则有效的文号是哪个？")
    assert "京平政发〔2021〕28号）在2022年6月1日仍然有效" in answer.text


def test_a_document_taken_to_have_ended_is_put_right(real: Assistant) -> None:
    answer = real.ask("京平政发(2021)4号废止以后，村里建房该用哪份？")
    assert answer.status == "wrong_premise"
    assert "现行有效" in answer.text


def test_the_day_of_its_own_issue_is_told_as_a_date(real: Assistant) -> None:
    answer = real.ask("京平政发〔2021〕9号所列文件从哪天起停止执行？")
    assert answer.text.startswith("“自本通知印发之日起”：2021年4月26日。")


def test_the_article_of_a_plan_whose_items_are_numbered_through_is_found(real: Assistant) -> None:
    answer = real.ask("平谷2021年交通综合治理计划第39条是什么")
    assert "加强外埠小客车管理" in answer.text
    assert answer.citations[0].label == "二、（三）39"


def test_a_list_of_ended_documents_is_found_by_its_year(real: Assistant) -> None:
    assert "22件" in real.ask("平谷区2021年4月宣布失效的区政府文件一共几件").text
