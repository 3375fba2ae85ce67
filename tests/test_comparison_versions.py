"""Versions of one instrument compared, by the words that staff use for them: on the real corpus."""

from __future__ import annotations

import pytest

from qa import Assistant

OLD, NEW = "2019年版", "2023年版"


@pytest.mark.parametrize(
    "question",
    [
        "会议材料提前几天送，19年的规矩跟现在一样吗？",
        "平谷 会议纪要签发 2019版 2023版 变化",
        "绩效考核结果以前报区委常委会定，平谷新规矩报给谁了？",
        "平谷督查以前有“白蓝橙红”四级响应，现在新版用哪些方式督查？",
        "区政府领导出国审批，2023年版比2019年版多了哪一道审核？",
    ],
)
def test_then_and_now_are_told_side_by_side(real: Assistant, question: str) -> None:
    rows = real.ask(question).comparison
    assert [row.name for row in rows] == [OLD, NEW]


@pytest.mark.parametrize("question", ["平谷区19年以上工龄的怎么办", "2019年平谷的民生实事有哪些"])
def test_a_span_of_years_and_a_single_year_compare_nothing(real: Assistant, question: str) -> None:
    assert not real.ask(question).comparison


def test_a_district_named_beside_all_of_them_is_one_of_them(real: Assistant) -> None:
    rows = real.ask("专题会开完了纪要谁签字，三个区一样不一样？听说西城都得区长签").comparison
    assert {row.name for row in rows} == {"平谷", "西城", "通州"}


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("京平政发〔2021〕10号和〔2021〕12号，分别是第几次常务会议研究决定的？", ("第9次", "第10次")),
        ("平谷2019年的货车禁行通告和烟花爆竹通告，哪个更早开始执行？", ("12月1日", "12月26日")),
        ("平谷2021年取消的和下放的行政执法职权，哪个多？各有多少项？", ("19项", "21项")),
    ],
)
def test_each_side_is_told_of_its_own_document(
    real: Assistant, question: str, sides: tuple[str, str]
) -> None:
    answer = real.ask(question)
    assert all(said in answer.text for said in sides)
    assert len({citation.provision_id for citation in answer.citations}) > 1
