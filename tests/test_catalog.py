"""Documents and provisions found by what a question calls them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.assistant import Assistant
from qa.catalog import Catalog, title_cores
from tests.small_corpus import NEW_RULES, OLD_RULES, YICHUAN_RULES

pytestmark = pytest.mark.slow
NOTICE = "甲政办发〔2022〕5号"


@pytest.mark.parametrize(
    "text",
    [
        "甲政发〔2023〕2号", "甲政发[2023]2号", "甲政发【2023】2号", "甲政发(2023)2号", "甲政发（2023）第2号",
        "甲政发 2023 年 2 号", "甲政发2023第02号", "请问根据甲政发〔2023〕2号的规定",
    ],
)  # fmt: skip
def test_a_document_number_is_known_in_any_spelling(small: Assistant, text: str) -> None:
    (asked,) = small.catalog.asked_numbers(text)
    assert (asked.doc_no, asked.documents) == (NEW_RULES, (NEW_RULES,))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("甲政发〔2021〕10号和〔2021〕12号", "甲政发〔2021〕10号 甲政发〔2021〕12号"),
        ("甲政发〔2021〕10号、12号和15号", "甲政发〔2021〕10号 甲政发〔2021〕12号 甲政发〔2021〕15号"),
        ("甲政发[2021]10号与[2022]12号", "甲政发〔2021〕10号 甲政发〔2022〕12号"),
        ("甲政发〔2021〕10号和乙政发〔2022〕1号", "甲政发〔2021〕10号 乙政发〔2022〕1号"),
    ],
)
def test_what_stands_before_a_number_is_that_of_those_beside_it(
    small: Assistant, text: str, numbers: str
) -> None:
    assert [asked.doc_no for asked in small.catalog.asked_numbers(text)] == numbers.split()


def test_a_number_that_no_document_has_is_told_with_no_document(small: Assistant) -> None:
    (asked,) = small.catalog.asked_numbers("甲政发〔2030〕99号讲了什么")
    assert (asked.doc_no, asked.documents) == ("甲政发〔2030〕99号", ())


def test_a_number_of_another_series_is_another_document(small: Assistant) -> None:
    (asked,) = small.catalog.asked_numbers("甲政办发〔2022〕5号")
    assert asked.documents == (NOTICE,)
    (other,) = small.catalog.asked_numbers("甲政发〔2022〕5号")
    assert other.documents == ()


def test_a_number_without_the_citys_character_fits_the_districts(real: Assistant) -> None:
    (asked,) = real.catalog.asked_numbers("平政发2023年2号")
    assert asked.doc_no == "京平政发〔2023〕2号"
    (too_short,) = real.catalog.asked_numbers("政发〔2023〕2号")
    assert too_short.documents == ()


def test_several_numbers_stand_in_the_order_of_the_question(small: Assistant) -> None:
    found = small.catalog.asked_numbers("甲政发〔2023〕2号和甲政发〔2018〕7号有什么不同")
    assert [asked.doc_no for asked in found] == [NEW_RULES, OLD_RULES]


@pytest.mark.parametrize("text", ["乙川区怎么规定", "乙川的规定", "yichuan district", "Yi Chuan 的规定"])
def test_a_district_is_known_with_and_without_its_suffix_and_in_pinyin(small: Assistant, text: str) -> None:
    assert small.catalog.asked_places(text) == {"乙川": (YICHUAN_RULES,)}


def test_districts_stand_in_the_order_of_the_question(small: Assistant) -> None:
    assert list(small.catalog.asked_places("乙川和甲山有什么不同")) == ["乙川", "甲山"]
    assert list(small.catalog.asked_places("甲山和乙川有什么不同")) == ["甲山", "乙川"]


def test_a_district_that_issues_nothing_is_no_place_of_the_corpus(small: Assistant) -> None:
    assert small.catalog.asked_places("海淀区怎么规定") == {}


def test_a_document_without_an_issuer_belongs_to_the_place_that_its_title_begins_with(
    small: Assistant,
) -> None:
    stated = small.document(NEW_RULES)
    untold = [
        replace(stated, document_id=title, doc_no=None, issuer=None, title=title)
        for title in (
            "甲山区机关值班办法",
            "北京市甲山区食堂管理办法",
            "关于甲山区的说明",
            "丙水区机关值班办法",
        )
    ]
    catalog = Catalog([stated, *untold])
    assert [catalog.place_of(d.document_id) for d in untold] == ["甲山", "甲山", "", "丙水"]
    assert "甲山区机关值班办法" in catalog.asked_places("甲山区机关值班办法怎么规定")["甲山"]


def test_the_place_of_a_document_is_its_issuers_own(real: Assistant) -> None:
    assert real.catalog.place_of("京平政发〔2023〕2号") == "平谷"  # of 北京市平谷区人民政府
    assert real.catalog.place_of("通政发〔2022〕1号") == "通州"


def test_a_title_is_known_whole_and_by_its_heart(small: Assistant) -> None:
    assert set(small.catalog.asked_titles("甲山区人民政府工作规则")) == {OLD_RULES, NEW_RULES}
    assert small.catalog.asked_titles("2023年重要民生实事项目有几项") == ["甲政发〔2023〕1号"]
    assert small.catalog.asked_titles("做好生活垃圾分类工作的要求") == [NOTICE]


def test_a_quoted_title_is_not_the_one_of_another_district(small: Assistant) -> None:
    assert small.catalog.asked_titles("《丙水区人民政府工作规则》第二条") == []


def test_a_kind_and_a_year_name_an_edition(small: Assistant) -> None:
    assert small.catalog.asked_editions("2018年的规则", [2018], None) == [OLD_RULES]
    assert small.catalog.asked_editions("2018年的会议", [2018], None) == []
    assert small.catalog.asked_editions("规则", [], None) == []


def test_versions_of_an_instrument_are_in_the_order_of_their_days(small: Assistant) -> None:
    new = small.document(NEW_RULES)
    assert [d.document_id for d in small.validity_index.versions(new)] == [OLD_RULES, NEW_RULES]
    assert small.validity_index.versions(small.document(NOTICE)) == (small.document(NOTICE),)


def test_a_provision_is_found_by_exactly_its_label(small: Assistant) -> None:
    found = small.catalog.provision(NEW_RULES, "第三条（二）")
    assert found is not None and found.text == "（二）讨论通过区政府规范性文件；"
    assert small.catalog.provision(NEW_RULES, "第三") is None
    assert small.catalog.provision(NEW_RULES, "") is None  # unnumbered text has no label to ask for


def test_persons_are_known_from_appointments(small: Assistant) -> None:
    assert small.catalog.person_names("周敏现任什么职务") == ["周敏"]
    assert small.catalog.person_names("张伟现任什么职务") == []


@pytest.mark.parametrize(
    ("title", "cores"),
    [
        ("甲山区人民政府关于做好生活垃圾分类工作的通知", "做好生活垃圾分类工作"),
        ("平谷区2023年重要民生实事项目", "重要民生实事项目"),
        ("平谷区创新企业加速器鼓励办法", "创新企业加速器鼓励"),
        ("甲山区国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要", "十四五规划"),
    ],
)
def test_the_heart_of_a_title_is_without_issuer_place_year_and_kind(title: str, cores: str) -> None:
    assert cores in title_cores(title)
    assert title_cores(title)[0] == title
