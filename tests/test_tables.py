"""Rows of tables into records that read 字段：值."""

import pytest

from ingest.clean import Block
from ingest.tables import Table, read_table, tell_apart
from tests.reading import labels, read, read_one, texts


def rows(*lines: str, merged: bool = False) -> list[Block]:
    return [Block(line, 0, 0, cells=tuple(line.split("|")), merged=merged) for line in lines]


def table(*lines: str, merged: bool = False) -> Table:
    return read_table(rows(*lines, merged=merged), 0, len(lines))


def records(*lines: str) -> list[tuple[str, list[str]]]:
    return [(record.number, record.lines) for record in table(*lines).records]


def placed(*lines: str) -> list[tuple[str, str]]:
    """Return how each record is cited, and its text."""
    return [(record.place, "\n".join(record.lines)) for record in table(*lines).records]


def doubts(*lines: str) -> list[tuple[int, str]]:
    return [(index, doubt.kind) for index, doubt in table(*lines).doubts]


# --- headers ---


def test_each_cell_is_named_by_its_header() -> None:
    assert records("序号|任务|时限", "1|修路|6月", "2|植树|3月") == [
        ("1", ["任务：修路；时限：6月"]), ("2", ["任务：植树；时限：3月"]),
    ]  # fmt: skip


def test_a_header_in_two_rows_names_each_column_by_both() -> None:
    assert records("序号|任务|经费|", "||预算|决算", "1|修路|10|9") == [
        ("1", ["任务：修路；经费—预算：10；经费—决算：9"])
    ]


def test_the_lower_name_stands_alone_where_it_says_the_upper_one_again() -> None:
    assert records("序号|任务|责任部门|", "||牵头部门|配合部门", "1|修路|交通局|城管委") == [
        ("1", ["任务：修路；牵头部门：交通局；配合部门：城管委"])
    ]


def test_a_header_in_three_rows_names_each_column_by_all() -> None:
    lines = ("序号|项目|投资||||备注", "||中央||地方||", "||预算|决算|预算|决算|", "1|修路|1|2|3|4|无")
    assert records(*lines) == [
        ("1", ["项目：修路；投资—中央—预算：1；投资—中央—决算：2；投资—地方—预算：3；投资—地方—决算：4"])
    ]


def test_the_unit_in_the_line_below_a_name_is_part_of_it() -> None:
    assert records("序号|项目|金额", "||（万元）", "1|修路|5") == [("1", ["项目：修路；金额（万元）：5"])]


def test_a_header_repeated_on_every_page_is_no_record() -> None:
    assert [number for number, _ in records("序号|任务", "1|修路", "序 号|任 务", "2|植树")] == ["1", "2"]
    assert [place for place, _ in placed("项目|标准", "水费|3元", "项 目|标 准", "电费|1元")] == [
        "表 第1行",
        "表 第2行",
    ]


def test_title_unit_continuation_and_remark_rows_are_kept_as_text_around_the_table() -> None:
    found = table(
        "表1 任务|", "单位：万元|", "序号|金额", "1|5", "续表|", "序号|金额", "2|3", "注：不含税。|"
    )
    assert [record.lines for record in found.records] == [["金额：5"], ["金额：3"]]
    assert found.kept == [0, 1, 4, 7]


# --- merged cells ---


def test_a_merged_cell_is_inherited_by_the_rows_below() -> None:
    assert [lines for _, lines in records("类别|序号|任务", "水|1|治河", "|2|节水", "气|3|降尘")] == [
        ["类别：水；任务：治河"], ["类别：水；任务：节水"], ["类别：气；任务：降尘"],
    ]  # fmt: skip


LONG = ("制定全区年度实施方案并组织落实", "组织开展对照标准的专项调研工作", "负责申报资料的汇编和按时上报")


def test_a_department_behind_passages_is_inherited_and_the_one_beside_it_with_it() -> None:
    found = records(
        "序号|任务|牵头|配合|时限",
        f"1|{LONG[0]}|甲局|乙局|1月",
        f"2|{LONG[1]}|||2月",
        f"3|{LONG[2]}|丙局||3月",
    )
    assert [lines[0].split("；", 1)[1] for _, lines in found] == [
        "牵头：甲局；配合：乙局；时限：1月",
        "牵头：甲局；配合：乙局；时限：2月",
        "牵头：丙局；时限：3月",  # another leader: who takes part is not said
    ]


@pytest.mark.parametrize("name", ["备注", "金额", "联系电话"])
def test_an_empty_remark_amount_or_telephone_is_none(name: str) -> None:
    found = records(f"序号|任务|{name}", f"1|{LONG[0]}|100", f"2|{LONG[1]}|")
    assert found[1][1] == [f"任务：{LONG[1]}"]


def test_an_empty_name_is_not_the_name_above() -> None:
    assert records("序号|姓名|职务", "1|张三|组长", "2||组员")[1] == ("2", ["职务：组员"])


def test_a_cell_known_to_be_merged_is_inherited_in_any_column() -> None:
    found = table("序号|任务|牵头|时限", "1|修路|甲局|6月", "2|植树|乙局|", merged=True)
    assert found.records[1].lines == ["任务：植树；牵头：乙局；时限：6月"]


def test_nothing_is_inherited_from_a_sum() -> None:
    assert placed("类别|项目|金额", "水|治河|5", "|节水|3", "小计||8", "|降尘|2") == [
        ("表 第1行", "类别：水；项目：治河；金额：5"),
        ("表 第2行", "类别：水；项目：节水；金额：3"),
        ("小计", "类别：小计；金额：8"),
        ("表 第3行", "项目：降尘；金额：2"),
    ]


# --- rows that go on, groups, sums ---


def test_a_row_without_a_number_goes_on_with_the_row_above_across_a_page() -> None:
    assert records("序号|任务|时限", "1|修路|6月", "序号|任务|时限", "|修桥|", "2|植树|3月") == [
        ("1", ["任务：修路；时限：6月", "任务：修桥"]), ("2", ["任务：植树；时限：3月"]),
    ]  # fmt: skip


def test_a_row_cut_in_mid_sentence_is_joined_cell_by_cell() -> None:
    assert records("序号|任务|单位", "1|修路，并完成路面的|甲局、", "序号|任务|单位", "|养护。|乙局", "2|植树|丙局") == [
        ("1", ["任务：修路，并完成路面的养护；单位：甲局、乙局"]), ("2", ["任务：植树；单位：丙局"]),
    ]  # fmt: skip


def test_a_group_row_is_the_heading_of_the_rows_below() -> None:
    found = table("序号|任务", "一、空气质量||", "1|降尘", "二、水环境|", "2|治河")
    assert [(record.number, record.group) for record in found.records] == [
        ("1", "一、空气质量"),
        ("2", "二、水环境"),
    ]
    assert found.left_out == [(0, "table header"), (1, "table group"), (3, "table group")]


def test_a_chinese_number_with_a_name_heads_the_rows_that_count_in_digits() -> None:
    found = table("序号|项目|金额", "一|市政|", "1|修路|10", "二|绿化|", "1|植树|5", "合计||15")
    assert [(record.place, record.group) for record in found.records] == [
        ("第1项", "一、市政"), ("第1项", "二、绿化"), ("合计", ""),
    ]  # fmt: skip


def test_numbers_that_begin_again_below_each_group_are_told_apart_by_it() -> None:
    text = "一、任务。\n序号\t任务\n一、空气\t\n1\t降尘\n二、水\t\n1\t治河\n"
    assert [label for label in labels(read_one(text)) if "项" in label] == ["一、空气 第1项", "二、水 第1项"]


@pytest.mark.parametrize(
    ("cell", "place"),
    [("1", "第1项"), ("01", "第1项"), ("1、", "第1项"), ("（1）", "第1项"), ("①", "第1项"), ("一", "第一项"), ("1.1", "第1.1项")],
)  # fmt: skip
def test_numbers_are_read_in_any_form(cell: str, place: str) -> None:
    assert placed("序号|任务", f"{cell}|修路") == [(place, "任务：修路")]


def test_a_missing_or_doubled_number_is_doubted() -> None:
    assert doubts("序号|任务", "1|修路", "3|植树", "3|修桥", "4|降尘") == [(2, "gap"), (3, "repeat")]


# --- damaged rows ---


def test_a_shifted_row_is_kept_word_for_word_and_marked() -> None:
    found = table("序号|任务|时限", "1|修路|6月", "修桥|9月|")
    assert found.records[0].lines == ["任务：修路；时限：6月", "修桥；9月"]
    assert [(index, doubt.kind, doubt.text) for index, doubt in found.doubts] == [
        (2, "damaged_row", "修桥；9月")
    ]


def test_a_row_with_too_many_cells_is_kept_word_for_word_and_marked() -> None:
    assert placed("序号|任务|时限", "1|修路|6月", "2|植树|甲局|3月") == [
        ("第1项", "任务：修路；时限：6月"), ("第2项", "2；植树；甲局；3月"),
    ]  # fmt: skip
    assert doubts("事项|单位|时限", "设立|甲局|1天", "变更|乙局|2天", "注销|丙局|丁局|3天") == [
        (3, "damaged_row")
    ]


def test_one_empty_cell_too_many_in_the_grid_of_the_page_is_left_out() -> None:
    assert records("序号|任务|牵头|时限|", "1|修路|甲局|6月|", "2|植树||乙局|3月")[1] == (
        "2",
        ["任务：植树；牵头：乙局；时限：3月"],
    )


def test_a_value_of_the_next_column_shows_that_a_row_is_shifted() -> None:
    body = [f"{n}|任务{n}|甲局|4月" for n in range(1, 5)]
    assert placed("序号|任务|配合|时限", *body, "5|任务5|4月|")[-1] == ("第5项", "5；任务5；4月")


def test_a_figure_in_a_column_that_says_one_of_two_words_is_shifted() -> None:
    body = [f"{n}|指标{n}|达标|{'预期性' if n % 2 else '约束性'}" for n in range(1, 13)]
    assert (
        placed("序号|指标|目标|属性", *body, "13|食品安全|合格率（%）|>98.5")[-1][1]
        == "13；食品安全；合格率（%）；>98.5"
    )


def test_empty_and_dashed_cells_are_left_out() -> None:
    assert records("序号|任务|备注|时限", "1|修路|—|", "2|植树|/|3月") == [
        ("1", ["任务：修路"]),
        ("2", ["任务：植树；时限：3月"]),
    ]


# --- tables without a 序号 column ---


def test_a_row_below_a_header_without_numbers_is_cited_by_its_place() -> None:
    assert placed("项目|标准|依据", "停车费|5元/小时|甲文", "水费|3元/吨|乙文") == [
        ("表 第1行", "项目：停车费；标准：5元/小时；依据：甲文"),
        ("表 第2行", "项目：水费；标准：3元/吨；依据：乙文"),
    ]


def test_codes_in_the_first_column_are_values() -> None:
    assert placed("编号|名称|用途", "A-01|水泵|排水")[0] == ("表 第1行", "编号：A-01；名称：水泵；用途：排水")


def test_a_table_of_names_and_values_has_no_header() -> None:
    assert placed("事项名称|占道许可", "办理时限|5个工作日", "收费标准|不收费")[1] == (
        "表 第2行",
        "办理时限：5个工作日",
    )


def test_in_a_table_of_ticks_nothing_is_inherited() -> None:
    assert [text for _, text in placed("事项|区长|副区长", "百万元以上|√|", "百万元以下||√")] == [
        "事项：百万元以上；区长：√", "事项：百万元以下；副区长：√",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        ("户主姓名|", "性别|年龄"),
        ("姓名||性别|", "住址||电话|", "单位意见|（盖章）||年 月 日"),
        ("申请人|____", "申请事项|____"),
        ("序号|姓名|电话", "|农业人口|"),
        ("四至|东        南", "|西        北", "土地用途|"),
    ],
)
def test_a_form_has_no_records(lines: tuple[str, ...]) -> None:
    assert table(*lines).records == []


def test_a_form_is_kept_as_it_is() -> None:
    assert "户主姓名\n性别 年龄" in read_one("一、申请表\n户主姓名\t\n性别\t年龄\n").text


# --- in a document ---


def test_rows_of_one_table_are_cited_by_number() -> None:
    document = read_one("一、要求。\n附件1\n任务表\n序号\t任务\n1\t修路\n2\t植树\n")
    assert labels(document)[-2:] == ["附件1 第1项", "附件1 第2项"]
    assert texts(document)["附件1 第2项"] == "任务：植树"
    assert document.provisions[-1].kind == "row"


def test_rows_of_several_tables_are_cited_with_the_tables_title() -> None:
    text = "# 通知\n\n一、要求。\n\n## 大气计划\n\n序号\t任务\n1\t降尘\n\n## 水计划\n\n序号\t任务\n1\t治河\n"
    assert [label for label in labels(read_one(text)) if "项" in label] == ["大气计划 第1项", "水计划 第1项"]


def test_a_plain_line_above_a_table_is_its_title() -> None:
    text = "一、要求。\n见下表。\n表1 大气任务\n单位：万元\n序号\t任务\n1\t降尘\n表2 水任务\n序号\t任务\n1\t治河\n"
    document = read_one(text)
    assert [label for label in labels(document) if "项" in label] == ["表1大气任务 第1项", "表2水任务 第1项"]
    assert "单位：万元" in document.text


def test_a_header_is_recorded_as_left_out() -> None:
    assert [skip.reason for skip in read("一、表\n序号\t任务\n1\t修路\n").skips].count("table header") == 1


def test_the_source_span_of_a_row_holds_its_continuation() -> None:
    text = "一、表\n序号\t任务\n1\t修路\n\t修桥\n2\t植树\n"
    row = next(item for item in read_one(text).provisions if item.kind == "row")
    assert text[row.source_start : row.source_end].strip() == "1\t修路\n\t修桥"


def test_a_table_whose_cells_were_cut_line_by_line_is_kept_and_doubted() -> None:
    text = (
        "一、标准如下：\n累计入驻\n企业超\n家\n营收超\n万\n累计入驻\n企业达\n家\n营收超\n万\n二、其他事项。\n"
    )
    document = read_one(text)
    assert "累计入驻\n企业超\n家\n营收超\n万" in document.text
    assert [doubt.line for doubt in document.doubts if doubt.kind == "damaged_row"] == [2]


def test_a_list_of_names_is_no_table() -> None:
    text = "一、名单如下：\n滨河街道\n兴谷街道\n平谷镇\n峪口镇\n马坊镇\n夏各庄镇\n金海湖镇\n大华山镇\n熊儿寨乡\n黄松峪乡\n"
    assert [doubt.kind for doubt in read_one(text).doubts if doubt.kind == "damaged_row"] == []


def test_rows_of_a_second_table_without_numbers_are_told_apart() -> None:
    first, second = (table("项目|标准", "水费|3元", "电费|1元") for _ in range(2))
    tell_apart(second, first.records)
    assert [record.place for record in second.records] == ["表2 第1行", "表2 第2行"]
