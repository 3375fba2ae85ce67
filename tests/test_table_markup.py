"""Markdown and HTML tables in a text: rows like tab-separated ones, and no character lost."""

import pytest

from tests.reading import read, read_one


def row_texts(text: str) -> list[str]:
    return [item.text for item in read_one(text).provisions if item.kind == "row"]


def lost(text: str) -> list[str]:
    """Return the visible characters that are in no provision and no skip."""
    found = read(text)
    covered = {
        i
        for start, end in [(p.source_start, p.source_end) for d in found.documents for p in d.provisions]
        + [(skip.start, skip.end) for skip in found.skips]
        for i in range(start, end)
    }
    return [char for i, char in enumerate(text) if i not in covered and not char.isspace()]


MARKDOWN = [
    "一、表\n\n| 序号 | 任务 | 时限 |\n|:---|:--:|---:|\n| 1 | 修路 | 6月 |\n| 2 | 植树 | |\n\n二、其他。\n",
    "一、表\n序号 | 任务 | 时限\n--- | --- | ---\n1 | 修路 | 6月\n2 | 植树\n\n二、其他。\n",
]
HTML = (
    "一、表\n上文<table border=1>\n<tr><th rowspan='2'>序号</th><th rowspan=2>任务</th><th colspan=2>责任部门</th></tr>\n"
    '<tr><th>牵头部门</th><th>配合部门</th></tr>\n<tr><td>1</td><td>修路</td><td rowspan="2">甲局</td><td></td></tr>'
    "<tr><td>2</td><td>植&amp;树</td><td>乙局</td></tr></table>下文。\n二、其他。\n"
)


@pytest.mark.parametrize("text", MARKDOWN)
def test_a_markdown_table_is_read_with_and_without_outer_pipes(text: str) -> None:
    assert row_texts(text) == ["任务：修路；时限：6月", "任务：植树"]
    assert read_one(text).provisions[-1].text == "二、其他。"


def test_the_line_below_the_header_is_recorded_as_markup() -> None:
    skips = [(MARKDOWN[0][s.start : s.end], s.reason) for s in read(MARKDOWN[0]).skips]
    assert ("|:---|:--:|---:|", "markup") in skips


def test_an_escaped_pipe_is_part_of_its_cell() -> None:
    assert row_texts("一、表\n|序号|任务|\n|-|-|\n|1|修路\\|桥|\n") == ["任务：修路|桥"]


def test_pipes_without_the_line_of_dashes_are_text() -> None:
    assert "甲|乙\n丙|丁" in read_one("一、符号如下：\n甲|乙\n丙|丁\n").text


def test_an_html_table_is_read_with_its_merged_cells_and_an_empty_cell_stays_empty() -> None:
    assert row_texts(HTML) == ["任务：修路；牵头部门：甲局", "任务：植&树；牵头部门：甲局；配合部门：乙局"]


def test_text_beside_an_html_table_in_its_line_is_kept() -> None:
    text = read_one(HTML).text
    assert "上文" in text and "下文。" in text and "<" not in text


def test_a_wide_cell_of_a_row_leaves_the_columns_that_it_covers_without_a_value_of_the_row_above() -> None:
    text = (
        "一、表\n<table><tr><td>序号</td><td>任务</td><td>牵头</td><td>配合</td></tr><tr><td>1</td><td>修路</td><td>甲</td>"
        "<td>乙</td></tr><tr><td>2</td><td>植树</td><td colspan=2>丙</td></tr></table>\n"
    )
    assert row_texts(text)[1] == "任务：植树；牵头：丙"


@pytest.mark.parametrize("text", [*MARKDOWN, HTML])
def test_every_character_is_in_a_provision_or_a_skip(text: str) -> None:
    assert lost(text) == []


def test_the_first_row_of_a_markdown_table_names_the_columns_whatever_its_words() -> None:
    assert row_texts("一、表\n\n功能 | 版本\n--- | ---\n检查点 | 1和2\n复制 | 2\n") == [
        "功能：检查点；版本：1和2",
        "功能：复制；版本：2",
    ]


def test_cells_of_th_name_the_columns_whatever_their_words() -> None:
    text = "一、表\n<table><tr><th>甲</th><th>乙</th></tr><tr><td>一</td><td>二</td></tr></table>\n"
    assert row_texts(text) == ["甲：一；乙：二"]


def test_a_caption_is_text_above_the_rows() -> None:
    text = "一、要求。\n<table><caption>大气任务</caption><tr><th>项目</th><th>标准</th></tr><tr><td>水</td><td>3元</td></tr></table>\n"
    assert "大气任务" in read_one(text).text
    assert lost(text) == []
