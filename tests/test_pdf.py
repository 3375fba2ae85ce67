"""PDFs with a text layer: paragraphs, pages, notes, tables, and what is no text."""

from pathlib import Path

import numpy as np
import pytest

from ingest.readers import SourceText, UnreadableFile, read_source
from ingest.structure import read_documents
from tests.pdf_files import Page, write_pdf

LONG = "为了规范行政行为，提高行政效率，建设法治政府，根据国务院有关规定，结合本区实际情况，经研究决定，制定本规则，请各单位遵照执行。"
ITEM = "区政府全体会议由区长召集和主持，组成人员参加，一般每半年召开一次，讨论决定政府工作中的重要事项，必要时可以随时召开。"


def _read(folder: Path, *pages: Page, name: str = "file.pdf", password: str | None = None) -> SourceText:
    return read_source(write_pdf(folder / name, pages, user_password=password), name=name)


def _rules(folder: Path) -> tuple[SourceText, str]:
    """Return a file whose second paragraph begins on page 1 and ends on page 2, and that paragraph."""
    first, second = Page(), Page()
    first.paragraph(120, f"第一条　{LONG}")
    long = f"第二条　{ITEM * 3}"
    first.paragraph(740, long[:33], indent=2)  # one full line, the last of its page
    second.paragraph(100, long[33:], indent=0)
    second.paragraph(400, "第三条　本规则自发布之日起施行。")
    return _read(folder, first, second), long.replace("　", " ")


def test_lines_become_paragraphs_by_indent_and_right_edge(tmp_path: Path) -> None:
    page = Page()
    below = page.paragraph(120, f"第一条　{LONG}")
    page.paragraph(below, f"第二条　{ITEM}")
    assert _read(tmp_path, page).text.split("\n") == [f"第一条 {LONG}", f"第二条 {ITEM}"]


def test_a_paragraph_that_goes_on_over_a_page_break_has_the_page_it_begins_on(tmp_path: Path) -> None:
    source, second = _rules(tmp_path)
    assert source.text.split("\n")[1] == second
    start = source.text.index("第二条")
    assert source.page(start) == 1
    assert (
        source.page(start + 32) == 1 and source.page(start + 33) == 2
    )  # 33 characters fill the line of page 1
    (document,) = read_documents(source).documents
    assert [(item.label, item.page) for item in document.provisions] == [
        ("第一条", 1), ("第二条", 1), ("第三条", 2),
    ]  # fmt: skip


def test_page_numbers_and_running_heads_are_left_out_and_nothing_else(tmp_path: Path) -> None:
    pages = []
    for number in range(1, 5):
        page = Page().text(200, 40, "某区人民政府公报 2023年", 9).text(280, 810, f"— {number} —", 10)
        page.text(104, 60, f"第{'一二三四'[number - 1]}条　本条只有一行，在页首。").text(
            104, 780, f"{'甲乙丙丁'[number - 1]}类另行公布，在页末。"
        )
        pages.append(page)
    assert _read(tmp_path, *pages).text.split("\n") == [
        line
        for number, kind in zip("一二三四", "甲乙丙丁", strict=True)
        for line in (f"第{number}条 本条只有一行，在页首。", f"{kind}类另行公布，在页末。")
    ]


def test_the_same_words_at_another_height_of_each_page_are_text(tmp_path: Path) -> None:
    pages = [Page().text(104, 50 + 12 * number, "附件").text(104, 300, LONG[:20]) for number in range(4)]
    assert _read(tmp_path, *pages).text.count("附件") == 4


def test_a_number_that_is_not_the_pages_own_is_text(tmp_path: Path) -> None:
    pages = [Page().text(104, 300, LONG[:20]).text(104, 790, str(number)) for number in (7, 30, 2)]
    assert _read(tmp_path, *pages).text.split("\n")[1::2] == ["7", "30", "2"]


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    page = Page().text(220, 60, "关于双栏的规定", 20)
    y_left = y_right = 120.0
    for number in "一二三四":
        y_left = page.paragraph(y_left, f"第{number}条　{LONG}", left=60, right=280)
    for number in "五六七八":
        y_right = page.paragraph(y_right, f"第{number}条　{ITEM}", left=315, right=535)
    lines = _read(tmp_path, page).text.split("\n")
    assert lines[0] == "关于双栏的规定"
    assert [line[:3] for line in lines[1:]] == [f"第{number}条" for number in "一二三四五六七八"]
    assert lines[1] == f"第一条 {LONG}" and lines[8] == f"第八条 {ITEM}"


def test_a_footnote_is_tied_to_its_word_and_its_numbers_may_begin_again_on_each_page(tmp_path: Path) -> None:
    pages = []
    for number, word in ((1, "三网融合"), (2, "五安一创")):
        page = Page()
        page.text(104, 120, f"第{'一二'[number - 1]}条　推进{word}").text(224, 115, "1", 7).text(
            230, 120, "的各项工作。"
        )
        page.paragraph(140, LONG)
        page.rule(80, 700, 200, 700)
        page.text(80, 715, "1", 6).text(85, 719, f"{word}：指本页脚注所解释的内容。", 9)
        pages.append(page)
    first, second = read_documents(_read(tmp_path, *pages)).documents[0].provisions
    assert first.text == "第一条 推进三网融合的各项工作。\n〔注〕三网融合：指本页脚注所解释的内容。\n" + LONG
    assert second.text == "第二条 推进五安一创的各项工作。\n〔注〕五安一创：指本页脚注所解释的内容。\n" + LONG


def test_a_raised_power_of_a_unit_is_no_footnote_mark(tmp_path: Path) -> None:
    page = Page().text(104, 120, "面积100km").text(158, 115, "2", 7).text(162, 120, "以上的。")
    assert _read(tmp_path, page).text == "面积100km²以上的。"


def test_cells_between_ruling_lines_become_rows_and_merged_ones_stand_in_their_first(tmp_path: Path) -> None:
    page = Page().text(230, 80, "任务分解表", 16)
    xs, ys = (60, 110, 200, 420), (100, 130, 170, 210)
    for y in (100, 130, 210):
        page.rule(60, y, 420, y)
    page.rule(60, 170, 110, 170).rule(200, 170, 420, 170)  # the cell of 类别 goes over two rows
    for x in xs:
        page.rule(x, ys[0], x, ys[-1])
    page.text(65, 120, "序号").text(120, 120, "类别").text(210, 120, "任务")
    page.text(80, 150, "1").text(120, 172, "大气治理").text(210, 145, "推进煤改清洁能源，完成全部平").text(
        210, 160, "原村。"
    )
    page.text(80, 190, "2").text(210, 190, "淘汰老旧车。")
    assert _read(tmp_path, page).text.split("\n") == [
        "任务分解表",
        "序号\t类别\t任务",
        "1\t大气治理\t推进煤改清洁能源，完成全部平原村。",
        "2\t\t淘汰老旧车。",
    ]


def test_a_frame_around_text_is_no_table(tmp_path: Path) -> None:
    page = Page().grid((50, 545), (80, 400))
    page.paragraph(120, LONG)
    assert _read(tmp_path, page).text == LONG


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_a_turned_page_reads_as_an_upright_one(tmp_path: Path, angle: int) -> None:
    page = Page(width=800, height=800, rotate=angle)
    x, y = {0: (100, 100), 90: (100, 700), 180: (700, 700), 270: (700, 100)}[angle]
    for line, text in enumerate(["第一条　本规则适用于区政府。", "第二条　本规则自发布之日起施行。"]):
        step = 30 * line
        at = {0: (x, y + step), 90: (x + step, y), 180: (x, y - step), 270: (x - step, y)}[angle]
        page.text(*at, text, angle=angle)
    assert _read(tmp_path, page).text.split("\n") == [
        "第一条 本规则适用于区政府。",
        "第二条 本规则自发布之日起施行。",
    ]


def test_a_slanted_watermark_is_left_out_and_said(tmp_path: Path) -> None:
    page = Page().text(100, 700, "内部资料请勿外传", 60, angle=40)
    page.paragraph(120, f"第一条　{LONG}")
    source = _read(tmp_path, page)
    assert source.text == f"第一条 {LONG}"
    assert [doubt.kind for doubt in source.doubts] == ["aslant"]


def test_radicals_that_a_font_shares_with_ideographs_are_read_as_those(tmp_path: Path) -> None:
    page = Page().text(80, 120, "⼀、⽤⼈单位⻅附件，Ａ类：１２项")  # U+2F00, U+2F64, U+2F08, U+2EC5
    assert _read(tmp_path, page).text == "一、用人单位见附件，Ａ类：１２项"


def test_spaced_type_is_read_without_the_spaces(tmp_path: Path) -> None:
    page = Page().text(80, 120, "关于加强安全生产工作的通知", 16, spacing=8)
    assert _read(tmp_path, page).text == "关于加强安全生产工作的通知"


def test_a_hyphenated_word_is_made_whole(tmp_path: Path) -> None:
    page = (
        Page()
        .text(80, 120, "Administrative rules of the district govern-")
        .text(80, 140, "ment of Pinggu shall be kept.")
    )
    assert (
        _read(tmp_path, page).text
        == "Administrative rules of the district government of Pinggu shall be kept."
    )


def test_contents_are_dropped_by_ingest(tmp_path: Path) -> None:
    page = Page().text(260, 80, "目　录", 16)
    for index, chapter in enumerate("一二三"):
        page.text(80, 120 + 20 * index, f"第{chapter}章 总则{'.' * 40}{index + 1}")
    page.paragraph(220, f"第一条　{LONG}")
    read = read_documents(_read(tmp_path, page))
    assert [skip.reason for skip in read.skips].count("contents") == 4
    assert [item.label for item in read.documents[0].provisions] == ["第一条"]


def test_writing_from_top_to_bottom_is_said_not_to_be_read(tmp_path: Path) -> None:
    page = Page().text(500, 100, LONG[:40], font="V").text(470, 100, ITEM[:40], font="V")
    with pytest.raises(UnreadableFile, match="top to bottom"):
        _read(tmp_path, page)
    mixed = _read(tmp_path, Page().text(80, 120, "第一条　本规则适用于区政府。"), page)
    assert mixed.text == "第一条 本规则适用于区政府。"
    assert [str(doubt) for doubt in mixed.doubts] == [
        "'page 2' written from top to bottom, which is not read"
    ]


def test_a_password_to_open_is_refused_and_one_to_change_is_not(tmp_path: Path) -> None:
    page = Page().text(80, 120, "第一条　本规则适用于区政府。")
    assert _read(tmp_path, page, password="").text == "第一条 本规则适用于区政府。"
    with pytest.raises(UnreadableFile, match="is protected by a password; save an unprotected copy"):
        _read(tmp_path, page, password="secret")


def test_text_over_a_scan_that_cannot_be_seen_is_used_and_said_to_be_ocr(tmp_path: Path) -> None:
    page = Page().picture(np.full((80, 60), 255), 0, 0, 595, 842)
    for line in range(4):
        page.text(80, 100 + 20 * line, LONG[:34], hidden=True)
    source = _read(tmp_path, page)
    assert source.text.startswith(LONG[:34])
    assert [(doubt.kind, doubt.text) for doubt in source.doubts] == [("ocr_layer", "page 1")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"PK\x03\x04 a zip file", "no PDF"), (b"%PDF-1.4\nnothing", "damaged PDF"), (b"", "empty")],
)
def test_what_is_no_pdf_gets_a_reason(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "file.pdf"
    path.write_bytes(data)
    with pytest.raises(UnreadableFile, match=reason):
        read_source(path, name="file.pdf")


def test_a_pdf_without_pages_or_text_gets_a_reason(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"without pages|damaged"):
        _read(tmp_path)
    with pytest.raises(UnreadableFile, match="no text found on its 2 pages"):
        _read(tmp_path, Page(), Page())


def test_a_truncated_file_is_read_as_far_as_it_goes_or_refused_in_one_line(tmp_path: Path) -> None:
    path = write_pdf(
        tmp_path / "file.pdf", [Page().text(80, 120, f"第{number}条　内容。") for number in "一二三"]
    )
    data = path.read_bytes()
    outcomes = set()
    for share in (0.2, 0.4, 0.6, 0.8, 0.95):
        path.write_bytes(data[: int(len(data) * share)])
        try:
            outcomes.add(read_source(path, name="file.pdf").text[:3])
        except UnreadableFile as error:
            outcomes.add("refused")
            assert "\n" not in str(error)
    assert outcomes <= {"refused", "第一条"}


def test_no_page_is_one_too_many_for_memory(tmp_path: Path) -> None:
    wide = Page(width=283_000, height=600).picture(np.full((10, 2000), 255), 0, 0, 283_000, 600)
    assert (
        _read(tmp_path, wide, Page().text(80, 120, "第一条　本规则适用于区政府。")).text
        == "第一条 本规则适用于区政府。"
    )
