"""Word files in, their lines out: fields, footnotes, tables, contents, tracked changes."""

import zipfile
from pathlib import Path

import docx

from ingest.readers import read_source
from ingest.structure import read_documents
from tests.reading import labels, read_one, texts
from tests.word_files import (
    FOOTNOTES,
    RULES,
    cell,
    document,
    level,
    lines,
    lists,
    numbered,
    para,
    reference,
    run,
    source,
    table,
    write_docx,
)  # fmt: skip

# --- what is in a paragraph ---


def test_inserted_words_stay_deleted_ones_go_and_the_report_says_so(tmp_path: Path) -> None:
    body = para(
        run("会议每") + '<w:del w:id="1"><w:r><w:delText>月</w:delText></w:r></w:del>'
        + f'<w:ins w:id="2">{run("周")}</w:ins>' + run("召开。")
    )  # fmt: skip
    found = source(tmp_path, body)
    assert found.text == "会议每周召开。"
    assert [(doubt.kind, doubt.text) for doubt in found.doubts] == [("tracked", "1 deletions, 1 insertions")]


def test_fields_show_their_result_only(tmp_path: Path) -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF _Ref1 \\h </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("第九条") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )  # fmt: skip
    simple = f'<w:fldSimple w:instr=" DATE ">{run("5月")}</w:fldSimple>'
    assert lines(tmp_path, para(run("依照") + field + run("，") + simple)) == ["依照第九条，5月"]


def test_a_number_in_a_ring_is_made_of_the_code_of_its_field(tmp_path: Path) -> None:
    ring = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>eq \\o\\ac(</w:instrText></w:r>'
        '<w:r><w:instrText>○,3)</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    assert lines(tmp_path, para(ring + run("其他。"))) == ["③其他。"]


def test_a_field_whose_end_is_lost_hides_no_later_paragraph(tmp_path: Path) -> None:
    broken = para('<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>PAGE</w:instrText></w:r>')
    assert lines(tmp_path, broken + para("第一条 甲。")) == ["第一条 甲。"]


def test_links_content_controls_and_tags_are_text(tmp_path: Path) -> None:
    body = (
        para(
            f"<w:hyperlink>{run('甲')}</w:hyperlink><w:smartTag>{run('乙')}</w:smartTag>"
            f"<w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent>{run('丙')}</w:sdtContent></w:sdt>"
        )
        + f"<w:sdt><w:sdtContent>{para('丁')}</w:sdtContent></w:sdt>"
    )
    assert lines(tmp_path, body) == ["甲乙丙", "丁"]


def test_breaks_hyphens_and_symbols(tmp_path: Path) -> None:
    body = para(
        f"{run('甲')}<w:r><w:br/></w:r>{run('A')}<w:r><w:noBreakHyphen/></w:r>{run('B')}<w:r><w:softHyphen/></w:r>"
        '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:sym w:font="Symbol" w:char="F0B3"/><w:sym w:font="Odd" w:char="F0B3"/></w:r>'
    )
    assert lines(tmp_path, body) == ["甲", "A-B☑≥〓"]


def test_a_text_box_is_read_once_and_a_picture_is_told(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{para('附注：框中的话。')}</w:txbxContent>"
    body = para(
        run("正文。")
        + f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        "<w:r><w:drawing><pic:pic/></w:drawing></w:r>"
    )
    found = source(tmp_path, body)
    assert found.text == "正文。\n附注：框中的话。"
    assert [(doubt.kind, doubt.text) for doubt in found.doubts] == [("pictures", "1")]


def test_hidden_text_stays_out_by_itself_and_by_style(tmp_path: Path) -> None:
    styles = (
        '<w:style w:type="character" w:styleId="h"><w:name w:val="h"/><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    body = para(run("甲") + run("密", "<w:vanish/>") + run("隐", '<w:rStyle w:val="h"/>') + run("乙", '<w:vanish w:val="0"/>'))  # fmt: skip
    found = source(tmp_path, body, styles=styles)
    assert found.text == "甲乙"
    assert [(doubt.kind, doubt.text) for doubt in found.doubts] == [("hidden", "密隐")]


def test_a_raised_digit_behind_metres_is_a_square(tmp_path: Path) -> None:
    body = para(run("面积200m") + run("2", '<w:vertAlign w:val="superscript"/>') + run("以下"))
    assert lines(tmp_path, body) == ["面积200m²以下"]


def test_formulas_are_written_in_a_line(tmp_path: Path) -> None:
    def t(text: str) -> str:
        return f"<m:r><m:t>{text}</m:t></m:r>"

    body = para(
        f"<m:oMath>{t('S=')}<m:f><m:num>{t('a+b')}</m:num><m:den>{t('2')}</m:den></m:f>"
        f"<m:sSup><m:e>{t('r')}</m:e><m:sup>{t('2')}</m:sup></m:sSup></m:oMath>"
    )
    assert lines(tmp_path, body) == ["S=(a+b)/2r²"]


# --- contents ---


def test_a_table_of_contents_gives_no_provisions(tmp_path: Path) -> None:
    styles = '<w:style w:type="paragraph" w:styleId="t1"><w:name w:val="toc 1"/></w:style>'
    entry = '<w:pStyle w:val="t1"/>'
    contents = "".join(
        para(run(text) + "<w:r><w:tab/></w:r>" + run(str(page)), entry)
        for text, page in (("第一章 总则", 1), ("第二章 会议制度", 3))
    )
    made = document(tmp_path, para("北京市某区人民政府工作规则") + contents + "".join(para(line) for line in RULES.strip().split("\n")[1:]), styles=styles)  # fmt: skip
    assert labels(made) == labels(read_one(RULES))


def test_typed_contents_below_their_title_are_known_by_tab_and_page(tmp_path: Path) -> None:
    def entry(text: str, page: str) -> str:
        return para(run(text) + "<w:r><w:tab/></w:r>" + run(page))

    body = para("目  录") + entry("第一章 总则", "1") + entry("第二章 会议", "3") + para("第一章 总则") + para("第一条 甲。")  # fmt: skip
    assert labels(document(tmp_path, body)) == ["第一章", "第一条"]


# --- footnotes ---


def test_footnotes_stand_behind_the_paragraph_and_name_their_word(tmp_path: Path) -> None:
    body = (
        para("第一条 甲。")
        + para(
            run("第二条 落实“五安”") + reference(7) + run("要求，各单位") + reference(3) + run("依法履职。")
        )
        + para("第三条 丙。")
    )
    found = texts(document(tmp_path, body, footnotes=FOOTNOTES))
    assert found["第二条"].split("\n") == [
        "第二条 落实“五安”要求，各单位依法履职。",
        "〔注：五安〕指生产安全、生活安全等五个方面。",
        "〔注〕单位：指本区各部门。",
    ]
    assert found["第三条"] == "第三条 丙。"


def test_a_footnote_in_a_cell_stands_behind_its_word(tmp_path: Path) -> None:
    body = table(
        ["序号", "任务", "时限"],
        ["1", cell(para(run("修路") + reference(3))), "6月"],
        ["2", "植树", "3月"],
    )
    found = lines(tmp_path, body, footnotes=FOOTNOTES)
    assert found[1] == "1\t修路（注：单位：指本区各部门。）\t6月"


def test_a_footnote_behind_metres_is_no_square(tmp_path: Path) -> None:
    body = para(run("面积为100平方米") + reference(3) + run("。"))
    assert lines(tmp_path, body, footnotes=FOOTNOTES) == ["面积为100平方米（注：单位：指本区各部门。）。"]


def test_a_note_typed_by_hand_is_tied_on_every_page(tmp_path: Path) -> None:
    up = '<w:vertAlign w:val="superscript"/>'
    body = "".join(
        para(run(f"第{article}条 落实“{word}”") + run("1", up) + run("要求。")) + para(run("1", up) + run(f"{word}：指{word}的事。"))
        for article, word in (("一", "甲乙"), ("二", "丙丁"))
    )  # fmt: skip
    found = texts(document(tmp_path, body))
    assert found["第一条"] == "第一条 落实“甲乙”要求。\n〔注〕甲乙：指甲乙的事。"
    assert found["第二条"] == "第二条 落实“丙丁”要求。\n〔注〕丙丁：指丙丁的事。"


def test_every_character_is_in_a_provision_or_left_out_for_a_reason(tmp_path: Path) -> None:
    contents = para("目录") + para(run("第一章 总则") + "<w:r><w:tab/></w:r>" + run("1"))
    rows = table(["序号", "任务"], ["1", cell(para(run("修路") + reference(3)))], ["2", ""])
    body = (
        para("工作规则")
        + contents
        + para("第一章 总则")
        + para(run("第一条 落实“五安”") + reference(7) + run("。"))
    )
    found = source(tmp_path, body + para("附件1") + para("任务表格") + rows, footnotes=FOOTNOTES)
    made = read_documents(found)
    spans = [(item.source_start, item.source_end) for one in made.documents for item in one.provisions]
    covered = {
        i for start, end in [*spans, *((s.start, s.end) for s in made.skips)] for i in range(start, end)
    }
    lost = "".join(char for i, char in enumerate(found.text) if i not in covered and not char.isspace())
    assert lost == ""
    assert {skip.reason for skip in made.skips} == {"contents", "head", "table header"}


# --- tables ---

MERGE, GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def test_merged_cells_a_header_in_two_rows_and_numbers_by_word(tmp_path: Path) -> None:
    def head(text: str, props: str) -> str:
        return cell(text, props=props)

    body = para("一、任务") + table(
        [head("序号", MERGE), head("任务", MERGE), head("责任部门", '<w:gridSpan w:val="2"/>')],
        [head("", GOES_ON), head("", GOES_ON), "牵头", "配合"],
        [cell(numbered("")), cell("治理", "河道", props=MERGE), "水务局", "城管委"],
        [cell(numbered("")), cell("", props=GOES_ON), "环保局", ""],
    )
    found = source(tmp_path, body, numbering=lists(level(0, "%1.", "decimal")))
    assert found.text.split("\n")[1:] == [
        "序号\t任务\t责任部门\t", "\t\t牵头\t配合", "1\t治理 河道\t水务局\t城管委", "2\t\t环保局\t—",
    ]  # fmt: skip
    (made,) = read_documents(found).documents
    rows = [item.text for item in made.provisions if item.kind == "row"]
    assert rows == [
        "任务：治理 河道；责任部门—牵头：水务局；责任部门—配合：城管委",
        "任务：治理 河道；责任部门—牵头：环保局",
    ]


def test_a_title_over_the_whole_table_and_its_remark_are_paragraphs(tmp_path: Path) -> None:
    wide = '<w:gridSpan w:val="2"/>'
    body = table([cell("任务分工表", props=wide)], ["序号", "任务"], ["1", "修路"], [cell("注：以上由各镇实施。", props=wide)])  # fmt: skip
    assert lines(tmp_path, body) == ["任务分工表", "序号\t任务", "1\t修路", "注：以上由各镇实施。"]


def test_a_table_of_one_column_or_one_row_is_layout(tmp_path: Path) -> None:
    body = table([cell("第一条 甲。", "第二条 乙。")], ["第三条 丙。"]) + para("丁") + table(["京政发〔2023〕2号", "签发人：某"])  # fmt: skip
    assert lines(tmp_path, body) == [
        "第一条 甲。",
        "第二条 乙。",
        "第三条 丙。",
        "丁",
        "京政发〔2023〕2号",
        "签发人：某",
    ]


def test_a_table_within_a_table_of_layout_stays_a_table(tmp_path: Path) -> None:
    inner = table(["序号", "任务"], ["1", "修路"])
    assert lines(tmp_path, table([cell("左"), cell(inner, "末")])) == ["左", "序号\t任务", "1\t修路", "末"]


def test_columns_left_out_before_a_row_are_empty_cells(tmp_path: Path) -> None:
    body = table(["序号", "任务", "时限"], ["1", "修路", "6月"]).replace(
        "</w:tbl>",
        '<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>' + cell("修桥") + cell("9月") + "</w:tr></w:tbl>",
    )
    assert lines(tmp_path, body)[-1] == "\t修桥\t9月"


# --- files made by python-docx ---


def test_a_file_of_python_docx_is_read_with_headings_tabs_and_tables(tmp_path: Path) -> None:
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "内部资料"
    made.add_heading("大气计划", 1)
    made.add_paragraph("第一条\t甲。")
    grid = made.add_table(3, 3)
    for row, values in enumerate((("序号", "任务", "时限"), ("1", "修路", "6月"), ("2", "植树", ""))):
        for column, text in enumerate(values):
            grid.cell(row, column).text = text
    grid.cell(1, 2).merge(grid.cell(2, 2))
    made.save(str(tmp_path / "made.docx"))
    found = read_source(tmp_path / "made.docx", name="made.docx")
    assert found.text == "# 大气计划\n第一条 甲。\n序号\t任务\t时限\n1\t修路\t6月\n2\t植树\t"
    assert found.whole_lines and found.encoding == "docx" and found.doubts == ()


def test_a_file_with_macros_is_read(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "file.docm", para("第一条 甲。"))
    assert read_source(path, name="file.docm").text == "第一条 甲。"


def test_the_strict_variant_is_read(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx", para("第一条 甲。"))
    strict = tmp_path / "strict.docx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(strict, "w") as new:
        for name in old.namelist():
            data = old.read(name).replace(
                b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                b"http://purl.oclc.org/ooxml/wordprocessingml/main",
            ).replace(
                b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                b"http://purl.oclc.org/ooxml/officeDocument/relationships",
            )  # fmt: skip
            new.writestr(name, data)
    assert read_source(strict, name="strict.docx").text == "第一条 甲。"
