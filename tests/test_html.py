"""Saved web pages in, the text of their main column out."""

from pathlib import Path

import pytest

from ingest.document import Document
from ingest.readers import SourceText, UnreadableFile, read_source
from ingest.readers.html import decode_page
from ingest.structure import read_documents
from tests.reading import labels, read_one, texts
from tests.word_files import RULES

PARAGRAPHS = "".join(f"<p>{line}</p>" for line in RULES.strip().split("\n")[1:])
TITLE = "北京市某区人民政府工作规则"
MENU = "".join(f"<li><a href='/{n}'>{word}</a></li>" for n, word in enumerate(("首页", "政务公开", "政务服务", "政民互动", "走进本区")))  # fmt: skip


def source(folder: Path, page: str, *, encoding: str = "utf-8") -> SourceText:
    (folder / "page.html").write_text(page, encoding=encoding)
    return read_source(folder / "page.html", name="page.html")


def lines(folder: Path, body: str) -> list[str]:
    return source(folder, f"<html><body>{body}</body></html>").text.split("\n")


def one(found: SourceText) -> Document:
    (document,) = read_documents(found).documents
    return document


# --- the main column ---

MODERN = f"""<!DOCTYPE html><html><head><title>{TITLE}_政策文件_某区人民政府</title><script>var a = "第九条 假";</script></head>
<body><header><ul>{MENU}</ul></header><div class=wrap><div class=path><a href=/>首页</a> &gt; <a href=/zw>政务公开</a></div>
<div class=box><h1>{TITLE}</h1><div class=info>发布时间：2023-02-15</div><div class=text>{PARAGRAPHS}</div></div>
<div class=side><ul>{MENU}</ul></div></div><footer>版权所有：某区人民政府</footer></body></html>"""
OLD = f"""<html><head><title>某区政府网-{TITLE}</title></head><body><form name=f><table width=100%><tr><td><table><tr>
<td><a href=1>首页</a></td><td><a href=2>政务公开</a></td><td><a href=3>政民互动</a></td></tr></table></td></tr>
<tr><td><table><tr><td width=20%><a href=4>领导之窗</a><br><a href=5>机构设置</a><br><a href=6>政策法规</a></td>
<td><font size=3><center><b>{TITLE}</b></center><br>{PARAGRAPHS.replace("<p>", "　　").replace("</p>", "<br>")}</font></td>
</tr></table></td></tr><tr><td align=center>版权所有 某区人民政府办公室 <a href=7>京ICP备1号</a></td></tr></table></form></body></html>"""


@pytest.mark.parametrize("page", [MODERN, OLD], ids=["modern", "old"])
def test_a_page_reads_like_the_rules_that_it_shows(tmp_path: Path, page: str) -> None:
    found, typed = one(source(tmp_path, page)), read_one(RULES)
    assert found.title == TITLE
    assert [label for label in labels(found) if label] == labels(typed)
    assert {label: text for label, text in texts(found).items() if label} == texts(typed)


def test_what_is_left_out_is_told(tmp_path: Path) -> None:
    found = source(tmp_path, MODERN)
    assert "政民互动" not in found.text and "版权所有" not in found.text and "假" not in found.text
    (doubt,) = found.doubts
    assert doubt.kind == "furniture" and "首页 政务公开" in doubt.text


def test_a_page_without_furniture_is_kept_whole_without_a_doubt(tmp_path: Path) -> None:
    page = (
        f"<html><body><h1>{TITLE}</h1>{PARAGRAPHS}<p>某区人民政府办公室</p><p>2023年2月15日</p></body></html>"
    )
    found = source(tmp_path, page)
    assert found.text.split("\n")[-2:] == ["某区人民政府办公室", "2023年2月15日"]
    assert found.doubts == ()


def test_a_numbered_line_outside_the_column_keeps_the_whole_page(tmp_path: Path) -> None:
    page = f"<html><body><div><ul>{MENU}</ul><div><p>第九十条 栏外的条文。</p></div></div><div>{PARAGRAPHS * 3}</div></body></html>"
    assert "第九十条 栏外的条文。" in source(tmp_path, page).text


def test_a_signature_beside_the_text_stays(tmp_path: Path) -> None:
    page = f"<html><body><ul>{MENU}</ul><p>{PARAGRAPHS.replace('<p>', '').replace('</p>', '<br>')}</p><p>某区人民政府</p><p>2023年2月15日</p><div>主办：某办</div></body></html>"
    found = source(tmp_path, page).text.split("\n")
    assert found[-2:] == ["某区人民政府", "2023年2月15日"]


def test_the_stated_title_stands_first_when_the_column_does_not_show_it(tmp_path: Path) -> None:
    page = f"<html><head><meta name=ArticleTitle content='{TITLE}'><title>某区政府网</title></head><body><div>{PARAGRAPHS}</div></body></html>"
    assert source(tmp_path, page).text.split("\n")[:2] == [TITLE, "第一章 总则"]


def test_hidden_elements_stay_out_and_are_told(tmp_path: Path) -> None:
    found = source(
        tmp_path, "<body><p>第一条 甲。</p><p style='display: none'>旧条文</p><p hidden>又</p></body>"
    )
    assert found.text == "第一条 甲。"
    assert [(doubt.kind, doubt.text) for doubt in found.doubts] == [("hidden", "旧条文 又")]


def test_the_number_that_a_site_states_in_a_table_is_the_documents_and_its_title_follows(
    tmp_path: Path,
) -> None:
    stated = (
        "<table><tr><td>索 引 号：<td>000014349/2023-00002<td>发文机关：<td>某区人民政府<tr><td>发文字号：<td>某政发〔2023〕2号"
        "<td>成文日期：<td>2023年2月15日</table>"
    )
    title = "某区人民政府关于印发工作规则的通知"
    page = f"<html><head><title>{title}_信息公开</title></head><body><ul>{MENU}</ul>{stated}<div>{PARAGRAPHS}</div></body></html>"
    found = one(source(tmp_path, page))
    assert (found.doc_no, found.title, found.issuer) == ("某政发〔2023〕2号", title, "某区人民政府")
    assert labels(found) == labels(read_one(RULES))


def test_links_to_attached_files_are_text(tmp_path: Path) -> None:
    page = f"<html><body><ul>{MENU}</ul><div>{PARAGRAPHS}</div><p><a href='a.doc'>附件：任务分工表</a></p><p><a href='/b'>上一篇：某通知</a></p></body></html>"
    found = source(tmp_path, page).text
    assert "附件：任务分工表" in found and "上一篇" not in found


# --- lines ---


def test_blocks_and_breaks_make_lines_inline_tags_do_not(tmp_path: Path) -> None:
    body = (
        "<div>第一条 <b>甲</b><span>乙</span>。<br>丙\n 丁<div>戊</div>己</div><!-- 庚 --><p>A\n B&nbsp;</p>"
    )
    assert lines(tmp_path, body) == ["第一条 甲乙。", "丙丁", "戊", "己", "A B"]


def test_headings_carry_their_level_unless_they_are_numbered(tmp_path: Path) -> None:
    assert lines(tmp_path, "<h2>大气计划</h2><h3>第一章 总则</h3><p>甲</p>") == [
        "## 大气计划",
        "第一章 总则",
        "甲",
    ]


def test_the_numbers_of_a_list_are_text(tmp_path: Path) -> None:
    body = (
        "<ol start=3><li>甲<li>乙</ol><ol style='list-style-type: cjk-ideographic'><li>丙</ol>"
        "<ol><li>一、丁</ol><ol style='list-style:none'><li>戊</ol><ul><li>己</ul>"
    )
    assert lines(tmp_path, body) == ["3. 甲", "4. 乙", "一、丙", "一、丁", "戊", "己"]


def test_raised_digits_are_powers_or_notes(tmp_path: Path) -> None:
    assert lines(tmp_path, "<p>200m<sup>2</sup>，CO<sub>2</sub></p>") == ["200m²，CO2"]


def test_lines_broken_by_hand_are_not_taken_for_paragraphs(tmp_path: Path) -> None:
    found = source(tmp_path, "<body><pre>第一条 为了规范\n工作。</pre></body>")
    assert found.text == "第一条 为了规范\n工作。" and not found.whole_lines


def test_tags_nested_by_the_thousand_lose_nothing(tmp_path: Path) -> None:
    assert lines(tmp_path, "<font>" * 2000 + "<p>第一条 甲。</p>") == ["第一条 甲。"]
    with pytest.raises(UnreadableFile, match="deeply nested"):
        lines(tmp_path, "<font>" * 3000 + "<p>第一条 甲。</p>")


# --- tables ---


def test_spans_of_rows_and_columns(tmp_path: Path) -> None:
    body = (
        "<p>一、任务</p><table><tr><th rowspan=2>序号<th rowspan=2>任务<th colspan=2>责任部门</tr><tr><th>牵头<th>配合</tr>"
        "<tr><td>1<td rowspan=2><p>治理</p><p>河道</p><td>水务局<td>城管委</tr><tr><td>2<td>环保局<td></tr></table>"
    )
    found = source(tmp_path, f"<body>{body}</body>")
    assert found.text.split("\n") == [
        "一、任务", "序号\t任务\t责任部门\t", "\t\t牵头\t配合", "1\t治理 河道\t水务局\t城管委", "2\t\t环保局\t—",
    ]  # fmt: skip
    rows = [item.text for item in one(found).provisions if item.kind == "row"]
    assert rows == [
        "任务：治理 河道；责任部门—牵头：水务局；责任部门—配合：城管委",
        "任务：治理 河道；责任部门—牵头：环保局",
    ]


def test_a_cell_merged_over_the_last_column_ends_where_it_should(tmp_path: Path) -> None:
    body = "<table><tr><td>序号<td>时限</tr><tr><td>1<td rowspan=2>6月</tr><tr><td>2</tr><tr><td>3<td>9月</tr></table>"
    assert lines(tmp_path, body) == ["序号\t时限", "1\t6月", "2\t", "3\t9月"]


def test_a_data_table_within_a_layout_table_stays_a_table(tmp_path: Path) -> None:
    body = "<table><tr><td>左<td><p>右</p><table><tr><td>序号<td>任务<tr><td>1<td>修路</table></table>"
    assert lines(tmp_path, body) == ["左", "右", "序号\t任务", "1\t修路"]


# --- footnotes ---


@pytest.mark.parametrize(
    ("mark", "note"),
    [
        ('<sup><a href="#fn1" id="r1">1</a></sup>', '<ol><li id="fn1">指甲和乙。<a href="#r1">↩</a></li></ol>'),
        ('<a href="#_ftn1" name="_ftnref1">[1]</a>', '<div id="ftn1"><p><a href="#_ftnref1" name="_ftn1">[1]</a> 指甲和乙。</p></div>'),
        ('<a href="#n1"><sup>1</sup></a>', '<p><a name="n1" href="#x">1</a>. 指甲和乙。</p>'),
        ("<sup>1</sup>", "<p><sup>1</sup>指甲和乙。</p>"),
    ],
)  # fmt: skip
def test_footnotes_in_every_form_stand_behind_their_paragraph(tmp_path: Path, mark: str, note: str) -> None:
    page = f"<body><p>第一条 落实“两项”{mark}要求。</p><p>第二条 丙。</p>{note}</body>"
    found = texts(one(source(tmp_path, page)))
    assert found["第一条"] == "第一条 落实“两项”要求。\n〔注：两项〕指甲和乙。"
    assert found["第二条"] == "第二条 丙。"


def test_a_link_to_a_place_in_the_page_is_no_footnote(tmp_path: Path) -> None:
    body = '<p><a href="#a">1</a> 见下。</p><p id="a">第一条 甲。</p>'
    assert lines(tmp_path, body) == ["1 见下。", "第一条 甲。"]


# --- encodings ---


@pytest.mark.parametrize(
    ("encoding", "meta"),
    [
        ("utf-8", "<meta charset=utf-8>"), ("gb18030", "<meta charset=gb2312>"), ("gb18030", ""),
        ("gb18030", "<meta http-equiv=Content-Type content='text/html; charset=gbk'>"), ("utf-8", "<meta charset=gb2312>"),
        ("utf-16", ""), ("utf-8-sig", "<meta charset=gbk>"),
    ],
)  # fmt: skip
def test_simplified_pages_are_decoded(tmp_path: Path, encoding: str, meta: str) -> None:
    page = f"<html><head>{meta}</head><body><p>第一条 为了规范工作，制定本规则。</p></body></html>"
    assert source(tmp_path, page, encoding=encoding).text == "第一条 为了规范工作，制定本规则。"


@pytest.mark.parametrize("meta", ["<meta charset=big5>", ""])
def test_traditional_pages_in_big5_are_decoded(tmp_path: Path, meta: str) -> None:
    page = f"<html><head>{meta}</head><body><p>第一條 為了規範工作，制定本規則，經會議討論通過。</p></body></html>"
    assert source(tmp_path, page, encoding="big5").text == "第一條 為了規範工作，制定本規則，經會議討論通過。"


def test_a_stray_byte_is_told_and_many_are_refused() -> None:
    page = ("<meta charset=gb2312>" + RULES * 20).encode("gb18030")
    text, encoding, undecoded = decode_page(page[:-1] + b"\xff\xff\n")
    assert encoding == "gb18030" and undecoded > 0 and text.count("第一条") == 20
    with pytest.raises(UnreadableFile, match="neither UTF-8"):
        decode_page(page + b"\xff\xff\n" * 500)


def test_a_page_saved_as_one_file_is_read(tmp_path: Path) -> None:
    mail = (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=gb2312\r\n"
        b"Content-Transfer-Encoding: 8bit\r\n\r\n" + "<p>第一条 甲。</p>".encode("gb18030") + b"\r\n--b--\r\n"
    )
    (tmp_path / "page.mht").write_bytes(mail)
    assert read_source(tmp_path / "page.mht", name="page.mht").text == "第一条 甲。"


@pytest.mark.parametrize("page", ["<html></html>", "<html><body><img src=a.png></body></html>", "  "])
def test_a_page_without_text_is_refused(tmp_path: Path, page: str) -> None:
    with pytest.raises(UnreadableFile, match=r"without text|empty"):
        source(tmp_path, page)
