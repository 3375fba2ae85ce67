"""Tables, relations and validity of the corpus: expected values were written by hand from the files themselves."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from ingest.validity import ValidityIndex
from tests.reading import RULES_2019, RULES_2023, corpus, documents, provision

# --- tables ---


@pytest.mark.parametrize(
    ("document_id", "label", "text"),
    [
        ("京平政发〔2021〕5号", "第一章第三节 四 第10项", "类别：绿色发展；指标：森林覆盖率（%）★◇▲；目标：67；属性：约束性"),
        ("京平政发〔2021〕5号", "第一章第三节 四 第8项",
         "类别：协调发展；指标：蔬菜、粮食产能◇ 蔬菜(万亩/万吨)；目标：达到市级要求；属性：约束性\n指标：粮食(万亩/万吨)；目标：达到市级要求；属性：约束性"),
        ("京平政发〔2021〕6号", "附件2 四 第2项",
         "分类：市容环境卫生；标准和工作任务：建成区绿化覆盖率≥36%,人均公共绿地面积≥8.5平方米；牵头部门：区园林绿化局；配合部门：相关乡镇街道；完成时间：3月"),
        ("京平政发〔2021〕6号", "附件2 八 第8项",
         "分类：市容环境卫生；标准和工作任务：认真做好辖区内环境保护；牵头部门：相关乡镇街道；配合部门：区生态环境局；完成时间：全过程"),
    ],
)  # fmt: skip
def test_cells_are_named_and_merged_cells_inherited(document_id: str, label: str, text: str) -> None:
    assert provision(document_id, label).text == text


def test_a_row_that_goes_on_behind_a_repeated_header_is_joined() -> None:
    text = provision("京平政办发〔2021〕3号", "大气污染防治2021年行动计划 第25项").text
    assert (
        text.startswith("重点任务：强化机动车和非道路移动机械排放监管；")
        and "\n工作措施：区交通局、区公安分局" in text
    )
    assert "完成14.5万辆次以上的重型柴油车人工检查" in text


def test_rows_of_the_three_plans_are_numbered_without_gap() -> None:
    found = [item.label for item in documents()["京平政办发〔2021〕3号"].provisions if item.kind == "row"]
    for plan in ("大气", "水", "土壤"):
        pattern = re.compile(f"{plan}污染防治2021年行动计划 第(\\d+)项")
        numbers = [int(match[1]) for label in found if (match := pattern.fullmatch(label))]
        assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) > 5


def test_the_rows_of_a_group_have_it_in_their_path() -> None:
    row = provision("京平政办发〔2021〕3号", "大气污染防治2021年行动计划 第25项")
    assert row.path == ("大气污染防治2021年行动计划", "四、推进机动车结构进一步优化")


# --- relations and validity ---


def test_22_documents_are_declared_invalid_by_the_decision_of_2021() -> None:
    relations = documents()["京平政发〔2021〕9号"].relations
    assert len(relations) == 22 and {relation.kind for relation in relations} == {"invalidates"}
    assert {relation.provision_id for relation in relations} == {
        f"京平政发〔2021〕9号#附件 {n}" for n in range(1, 23)
    }
    assert {relation.target_no for relation in relations} >= {
        "平政发〔1988〕69号",
        "京平政发〔2009〕18号",
        "京平政办发〔2017〕26号",
    }


REPEALS = [
    (RULES_2023, "京平政发〔2021〕28号", "2023-02-15"), (RULES_2019, "京平政发〔2019〕1号", "2019-10-09"),
    ("京平政发〔2019〕23号", "京平政发〔2017〕18号", "2019-12-01"), ("京平政发〔2019〕24号", "京平政发〔2019〕10号", "2019-11-18"),
    ("京平政发〔2019〕26号", "京平政发〔2017〕4号", "2019-12-26"), ("京平政发〔2019〕26号", "京平政发〔2018〕1号", "2019-12-26"),
    ("京平政发〔2021〕4号", "京平政发〔2012〕37号", "2021-07-01"), ("京平政发〔2021〕4号", "京平政发〔2017〕22号", "2021-07-01"),
    ("通政发〔2022〕1号", "通政发〔2018〕10号", "2022-01-12"),
]  # fmt: skip


def test_the_repeals_are_these_nine() -> None:
    found = {
        (d.document_id, r.target_no, str(r.since))
        for d in corpus().documents
        for r in d.relations
        if r.kind == "repeals"
    }
    assert found == set(REPEALS)


def test_25号_invalidates_one_instrument_and_not_the_document_that_issued_it() -> None:
    (relation,) = documents()["京平政发〔2019〕25号"].relations
    assert (relation.kind, relation.target_no, relation.target_title) == (
        "invalidates",
        None,
        "平谷区政府投资小型工程管理暂行规定",
    )


@pytest.mark.parametrize(
    ("document_id", "day", "status"),
    [
        (RULES_2019, "2019-10-08", "not_yet"), (RULES_2019, "2020-01-01", "in_force"), (RULES_2019, "2023-02-14", "in_force"),
        (RULES_2019, "2023-02-15", "superseded"), (RULES_2023, "2023-02-15", "in_force"),
        ("京平政发〔2019〕24号", "2024-11-17", "in_force"), ("京平政发〔2019〕24号", "2024-11-18", "expired"),
        ("京平政发〔2019〕23号", "2019-11-30", "not_yet"), ("京平政发〔2019〕23号", "2019-12-01", "in_force"),
        ("西政发〔2018〕4号", "2024-01-01", "in_force"), ("京平政发〔2019〕21号", "2024-01-01", "in_force"),
    ],
)  # fmt: skip
def test_validity_on_a_day(document_id: str, day: str, status: str) -> None:
    state = ValidityIndex(corpus().documents).of(documents()[document_id], date.fromisoformat(day))
    assert state.status == status


def test_what_is_said_of_documents_outside_the_corpus() -> None:
    validity = ValidityIndex(corpus().documents)
    repealed = validity.of_number("京平政发〔2021〕28号", date(2024, 1, 1))
    invalid = validity.of_number("平政发〔1988〕69号", date(2024, 1, 1))
    assert repealed is not None and (repealed[0].status, repealed[0].by) == ("repealed", RULES_2023)
    assert invalid is not None and (invalid[0].status, invalid[0].by) == (
        "invalidated",
        "京平政发〔2021〕9号",
    )


def test_the_only_doubts_reported_are_these() -> None:
    kinds = Counter(doubt.kind for file in corpus().files for doubt in file.doubts)
    assert kinds["no_number"] == 1
    assert kinds["repeat"] == 1
    assert set(kinds) == {"no_number", "repeat", "damaged_row"}
