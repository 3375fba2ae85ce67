"""Rows of tables into records that read 字段：值."""

from ingest.clean import Block
from ingest.tables import read_table
from tests.reading import labels, read, read_one, texts


def rows(*lines: str) -> list[Block]:
    return [Block(line, 0, 0, cells=tuple(line.split("|"))) for line in lines]


def records(*lines: str) -> list[tuple[str, list[str]]]:
    table = read_table(rows(*lines), 0, len(lines))
    return [(record.number, record.lines) for record in table.records]


def test_each_cell_is_named_by_its_header() -> None:
    assert records("序号|任务|时限", "1|修路|6月", "2|植树|3月") == [
        ("1", ["任务：修路；时限：6月"]), ("2", ["任务：植树；时限：3月"]),
    ]  # fmt: skip


def test_a_header_in_two_rows_is_one() -> None:
    assert records("序号|任务|责任部门|", "||牵头|配合", "1|修路|交通局|城管委") == [
        ("1", ["任务：修路；牵头：交通局；配合：城管委"])
    ]


def test_a_merged_cell_is_inherited_by_the_rows_below() -> None:
    assert [lines for _, lines in records("类别|序号|任务", "水|1|治河", "|2|节水", "气|3|降尘")] == [
        ["类别：水；任务：治河"], ["类别：水；任务：节水"], ["类别：气；任务：降尘"],
    ]  # fmt: skip


def test_a_header_repeated_on_every_page_is_no_record() -> None:
    assert [number for number, _ in records("序号|任务", "1|修路", "序号|任务", "2|植树")] == ["1", "2"]


def test_a_row_without_a_number_goes_on_with_the_row_above_across_a_page() -> None:
    assert records("序号|任务|时限", "1|修路|6月", "序号|任务|时限", "|修桥|", "2|植树|3月") == [
        ("1", ["任务：修路；时限：6月", "任务：修桥"]), ("2", ["任务：植树；时限：3月"]),
    ]  # fmt: skip


def test_a_group_row_is_the_heading_of_the_rows_below() -> None:
    table = read_table(rows("序号|任务", "一、空气质量||", "1|降尘", "二、水环境|", "2|治河"), 0, 5)
    assert [(record.number, record.group) for record in table.records] == [
        ("1", "一、空气质量"),
        ("2", "二、水环境"),
    ]
    assert table.left_out == [(0, "table header"), (1, "table group"), (3, "table group")]


def test_a_shifted_row_is_kept_word_for_word_and_marked() -> None:
    table = read_table(rows("序号|任务|时限", "1|修路|6月", "修桥|9月|"), 0, 3)
    assert table.records[0].lines == ["任务：修路；时限：6月", "修桥；9月"]
    assert table.records[0].damaged


def test_empty_and_dashed_cells_are_left_out() -> None:
    assert records("序号|任务|备注|时限", "1|修路|—|", "2|植树|/|3月") == [
        ("1", ["任务：修路"]),
        ("2", ["任务：植树；时限：3月"]),
    ]


def test_a_table_without_a_numbered_header_is_a_form_and_kept_as_it_is() -> None:
    assert read_table(rows("户主姓名|", "性别|年龄"), 0, 2).records == []
    assert "户主姓名\n性别 年龄" in read_one("一、申请表\n户主姓名\t\n性别\t年龄\n").text


def test_rows_of_one_table_are_cited_by_number() -> None:
    document = read_one("一、要求。\n附件1\n任务表\n序号\t任务\n1\t修路\n2\t植树\n")
    assert labels(document)[-2:] == ["附件1 第1项", "附件1 第2项"]
    assert texts(document)["附件1 第2项"] == "任务：植树"
    assert document.provisions[-1].kind == "row"


def test_rows_of_several_tables_are_cited_with_the_tables_title() -> None:
    text = "# 通知\n\n一、要求。\n\n## 大气计划\n\n序号\t任务\n1\t降尘\n\n## 水计划\n\n序号\t任务\n1\t治河\n"
    assert [label for label in labels(read_one(text)) if "项" in label] == ["大气计划 第1项", "水计划 第1项"]


def test_a_header_is_recorded_as_left_out() -> None:
    assert [skip.reason for skip in read("一、表\n序号\t任务\n1\t修路\n").skips].count("table header") == 1


def test_the_source_span_of_a_row_holds_its_continuation() -> None:
    text = "一、表\n序号\t任务\n1\t修路\n\t修桥\n2\t植树\n"
    row = next(item for item in read_one(text).provisions if item.kind == "row")
    assert text[row.source_start : row.source_end].strip() == "1\t修路\n\t修桥"
