"""What a question takes for granted, against what the evidence says."""

from __future__ import annotations

import pytest

from qa.assistant import Assistant
from qa.evidence import Evidence
from qa.premise import PremiseChecker, place_words
from qa.presumed import _doers
from qa.query import Query
from tests.small_corpus import parse

pytestmark = pytest.mark.slow


def checked(small: Assistant, question: str) -> tuple[PremiseChecker, Query, list[Evidence]]:
    query = parse(small, question)
    finder = small.evidence_finder
    found = finder.find(query, small.holds(query.as_of))
    return PremiseChecker(small.catalog, small.index.lexical, finder.matcher), query, found


def lacking(small: Assistant, question: str) -> str | None:
    checker, query, found = checked(small, question)
    return next(iter(checker.lacking(query, found).values()), None)


def conflict(small: Assistant, question: str) -> str | None:
    checker, query, found = checked(small, question)
    wrong = checker.contradicted(query, found)
    return wrong.wrong if wrong else None


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("海淀区的常务会议多久召开一次？", "海淀区"),
        ("海淀区政府常务会议多久召开一次？", "海淀区"),
        ("上海市的垃圾分类达标率是多少？", "上海市"),
        ("《甲山区停车管理办法》第三条规定了什么？", "《甲山区停车管理办法》的正文"),
        ("《甲山区停车管理办法》要求多久检查一次？", "《甲山区停车管理办法》的正文"),
        ("加装电梯按GB50016标准执行吗？", "GB50016"),
        ("甲山区为什么每月开展1次垃圾分类宣传活动？", "原因"),
        ("新建的3处体育公园在哪里？", "地点"),
        ("区体育局改造健身步道的联系电话是多少？", "电话"),
        ("新建体育公园要花多少钱？", "金额"),
        ("厨余垃圾清运的收费标准是什么？", "金额"),
        ("What is the executive meeting frequency of Qingshui District?", "Qingshui"),
        ("厨余垃圾清运由谁来录像？", "录像"),
    ],
)
def test_what_the_evidence_does_not_speak_of_is_named(small: Assistant, question: str, name: str) -> None:
    assert lacking(small, question) == name


@pytest.mark.parametrize(
    "question",
    [
        "甲山区政府常务会议多久召开一次？",
        "《甲山区人民政府工作规则》第四条规定了什么？",
        "北京市的垃圾分类达标率是多少？",  # the tagger's 北京 stands for the whole corpus
        "甲山区加装多少部电梯？",
    ],
)
def test_a_question_that_takes_nothing_for_granted_lacks_nothing(small: Assistant, question: str) -> None:
    assert lacking(small, question) is None


@pytest.mark.parametrize(
    ("question", "wrong"),
    [
        ("为15个老旧小区加装多少部电梯？", "15个"),
        ("为20个老旧小区加装多少部电梯？", None),
        ("为二十个老旧小区加装多少部电梯？", None),  # the same amount in Chinese numerals
        ("老旧小区加装多少部电梯？", None),
        ("乙川区政府常务会议多久召开一次？", None),  # 每月召开2次: how often, no number taken for granted
        ("新增的500个学前教育学位由谁负责？", "500个"),
        ("为什么甲山区常务会议要每月开一次？", "每月开一次"),
        ("为什么甲山区常务会议要每周开一次？", None),
        ("为什么议题材料要在常务会议召开前10天报送？", "10天"),
        (
            "甲山区常务会议议题材料提前报送是每月一次吗？",
            None,
        ),  # a question whether, not one that takes it for granted
        (
            "甲山区常务会议一个月开两次，都在哪几天？",
            "一个月开两次",
        ),  # what the next clause asks is another thing
        ("Why does 甲山区 hold its executive meeting every month?", None),  # 甲山区: words to go by
        ("我家有2个小区，加装多少部电梯？", None),  # the asker's own case
        ("常务会议材料提前2天的和提前10天的有哪些？", None),  # it names cases
    ],
)
def test_a_quantity_that_the_text_tells_otherwise_is_named(
    small: Assistant, question: str, wrong: str | None
) -> None:
    assert conflict(small, question) == wrong


def test_an_attribute_that_nothing_near_names_is_told(small: Assistant) -> None:
    checker, query, found = checked(small, "区水务局局长的试用期是多长？")
    assert checker.missing_attribute(query, found[0]) == "试用期"


def test_an_attribute_that_the_text_names_is_not_missing(small: Assistant) -> None:
    checker, query, found = checked(small, "全区生活垃圾分类的达标率是多少？")
    assert checker.missing_attribute(query, found[0]) is None


def test_who_does_a_thing_is_told_from_others_in_the_same_sentence() -> None:
    assert _doers("签发", "纪要经常务副区长审核后，由区长签发。") == "区长"
    assert _doers("保管", "纪要由区长签发。") == "纪要由区长签发。"  # it does not say: all of it counts


def test_places_are_told_from_other_words() -> None:
    assert place_words("海淀区和上海的会议") == ("海淀区", "上海")
    assert place_words("朝阳区人民政府的会议") == ("朝阳区",)
    assert place_words("区政府常务会议由区长主持") == ()


@pytest.mark.parametrize(
    ("question", "wrong"),
    [
        ("乙川区的会议纪要由副区长签发，是哪一位？", "由副区长签发"),
        ("乙川区的会议纪要由区长签发，多久之内？", None),
        ("厨余垃圾为啥归区教委管？", "归区教委管"),
        ("厨余垃圾是区教委负责吧，几点清运？", "是区教委负责"),
    ],
)
def test_an_organ_that_the_text_does_not_name_for_it_is_told(
    small: Assistant, question: str, wrong: str | None
) -> None:
    assert conflict(small, question) == wrong


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("乙川区的碰头会多久召开一次？", "碰头会"),
        ("乙川区的常务会多久召开一次？", None),  # 常务会议, shortened
        ("碰头会多久召开一次？", None),  # of no document in particular
    ],
)
def test_a_meeting_that_the_documents_asked_about_do_not_name_is_told(
    small: Assistant, question: str, name: str | None
) -> None:
    checker, query, _ = checked(small, question)
    unnamed = checker.unnamed(query)
    assert (unnamed[0] if unnamed else None) == name
