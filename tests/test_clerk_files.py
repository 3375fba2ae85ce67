"""Files as clerks keep them: letterheads, web pages with a site around them, reports, minutes; one text in any format."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from docx import Document as WordFile

from ingest.corpus import read_corpus
from ingest.document import Document
from ingest.readers import SourceText, read_source
from ingest.structure import read_documents
from tests.pdf_files import Page, write_pdf
from tests.reading import labels, read_one, texts

LETTER = """清水市发展和改革委员会
清发改函〔2022〕45号
清水市发展和改革委员会关于同意调整第二水厂建设内容的函
清水市水务集团有限公司：
　　你公司来文收悉。经研究，现函复如下：
　　一、同意将日供水规模调整为15万立方米。
　　二、项目总投资调整为4.1亿元。
　　专此函复。
清水市发展和改革委员会
2022年7月15日
"""
JOINT = """京住建发〔2022〕88号
北京市住房和城乡建设委员会　北京市财政局　北京市规划和自然资源委员会关于加强保障性租赁住房管理的通知
各区人民政府，各有关单位：
　　为加强保障性租赁住房管理，经市政府同意，现通知如下：
　　一、租金标准一般不高于同地段市场租金的90%。
　　二、租赁合同期限原则上不少于1年、不超过5年。
　　　　　　　　　　北京市住房和城乡建设委员会
　　　　　　　　　　北京市财政局
　　　　　　　　　　2022年8月12日
"""
MINUTES = """云台县人民政府常务会议纪要
〔2023〕第7期
　　云台县人民政府办公室　　　　　　2023年3月21日
县政府第23次常务会议纪要
　　2023年3月20日上午，县委副书记、县长李明主持召开县政府第23次常务会议，研究了春耕备耕等工作。现将会议主要内容纪要如下：
　　一、关于春耕备耕工作
　　会议听取了县农业农村局关于春耕备耕情况的汇报。
　　二、关于县人民医院迁建项目
　　会议原则同意县人民医院迁建方案，总投资6.8亿元，由县卫生健康局牵头实施。
　　三、其他事项
　　会议还研究了其他事项。
　　出席：李明、张华、王芳
　　列席：赵刚（县财政局）、钱伟（县发改局）
　　请假：孙丽
　　记录：周敏
"""
REPORT = """2026年某省政府工作报告
——2026年1月26日在某省第十四届人民代表大会第四次会议上
各位代表：
现在，我代表省人民政府，向大会报告政府工作，请予审议。
一、2025年工作回顾
过去一年，经济稳中有进。
二、2026年工作安排
（一）切实增进百姓福祉，保持社会大局稳定
落实落细民生工程。城镇新增就业86万人。
（二）深化改革开放，优化营商环境
落实全国统一大市场建设条例。
"""
REGULATION = """南山市物业管理条例
（2015年3月27日南山市第十四届人民代表大会常务委员会第二十次会议通过　根据2019年9月25日南山市第十五届人民代表大会常务委员会第二十一次会议《关于修改〈南山市物业管理条例〉的决定》修正，自2020年1月1日起施行）
第一条　为了规范物业管理活动，制定本条例。
第二条　本条例适用于本市行政区域内的物业管理。
"""
NOTICE = """北市监规〔2024〕2号
北川省市场监督管理局关于印发北川省食品小作坊登记管理办法的通知
各市（州）市场监督管理局：
　　现将有关办法印发给你们，请遵照执行。
北川省市场监督管理局
2024年1月10日
北川省食品小作坊登记管理办法
第一条　为加强食品小作坊管理，制定本办法。
第二条　登记证有效期为3年。
"""
SITE = """<html><head><title>{title}_某市人民政府</title></head><body>
<div class="top"><a href="/">网站首页</a><a href="/a">政务公开</a><a href="/b">政务服务</a><a href="/c">政民互动</a></div>
<p>当前位置：首页 &gt; 政务公开 &gt; 政策文件</p>
<table><tr><td>索 引 号：</td><td>11110000-2023-00123</td><td>主题分类：</td><td>综合政务</td></tr>
<tr><td>标　　题：</td><td colspan="3">{title}</td></tr><tr><td>发文字号：</td><td>{number}</td><td>发布日期：</td><td></td></tr></table>
<div><h1>{title}</h1><p>发布时间：2023-05-08 10:20　来源：市政府办公室　浏览次数：12　字体：[大 中 小]　打印</p>
<div id="zoom">{body}</div><div class="share">分享到：微信 微博</div></div>
<div><p>主办单位：某市人民政府办公室　承办单位：某市大数据中心</p><p>京ICP备05000001号　网站标识码1101010001</p></div></body></html>"""


def page(text: str, title: str, number: str) -> str:
    body = "".join(f"<p>{line.strip()}</p>" for line in text.splitlines())
    return SITE.format(title=title, number=number, body=body)


def web_page(folder: Path, text: str, title: str, number: str = "") -> Document:
    (folder / "page.html").write_text(page(text, title, number), encoding="utf-8")
    (document,) = read_documents(read_source(folder / "page.html", name="page.html")).documents
    return document


def word_file(path: Path, text: str) -> None:
    file = WordFile()
    for line in text.splitlines():
        file.add_paragraph(line.strip())
    file.save(str(path))


def test_the_issuer_alone_above_the_number_is_a_letterhead_and_the_title_stands_below() -> None:
    found = read_one(LETTER)
    title = "清水市发展和改革委员会关于同意调整第二水厂建设内容的函"
    assert (found.title, found.issuer) == (title, "清水市发展和改革委员会")
    assert labels(found) == ["", "一", "二", ""]


@pytest.mark.parametrize("head", ["某市人民医院请示", "某市人民医院文件", "某市人民医院　某市卫生局"])
def test_a_red_head_is_no_title_and_who_signs_stands_beside_the_number(head: str) -> None:
    number = "某医〔2023〕15号　　　　　　签发人：李四"
    found = read_one(
        f"{head}\n{number}\n某市人民医院关于购置设备的请示\n市卫生健康委员会：\n我院拟购置设备1台，妥否，请批示。\n"
    )
    assert (found.doc_no, found.title) == ("某医〔2023〕15号", "某市人民医院关于购置设备的请示")
    assert found.text.startswith("市卫生健康委员会：")


def test_a_title_below_the_number_is_whole_where_its_first_line_ends_in_a_kind() -> None:
    text = (
        "某政办发〔2023〕1号\n某区人民政府办公室关于印发某区防汛工作方案\n的通知\n各街道办事处：\n现予印发。"
    )
    found = read_documents(SourceText("file.docx", text, "utf-8", whole_lines=True)).documents[0]
    assert found.title == "某区人民政府办公室关于印发某区防汛工作方案的通知"


def test_a_long_title_is_not_joined_with_whom_the_letter_is_to_nor_one_signature_with_the_next() -> None:
    found = read_one(JOINT)
    assert found.title.endswith("关于加强保障性租赁住房管理的通知")
    assert found.text.startswith("各区人民政府，各有关单位：\n")
    assert "\n北京市住房和城乡建设委员会\n北京市财政局\n2022年8月12日" in found.text


def test_short_lines_beside_long_ones_are_paragraphs_and_none_is_joined_with_its_heading() -> None:
    found = texts(read_one(MINUTES))
    assert found["一"] == "一、关于春耕备耕工作\n会议听取了县农业农村局关于春耕备耕情况的汇报。"
    assert found["三"].startswith("三、其他事项\n会议还研究了其他事项。\n出席：李明、张华、王芳\n列席：")


def test_minutes_have_the_day_of_the_line_below_their_number() -> None:
    found = read_one(MINUTES)
    assert (found.title, found.issued_on) == ("云台县人民政府常务会议纪要", date(2023, 3, 21))


def test_a_heading_with_a_comma_is_not_joined_with_the_paragraph_below() -> None:
    found = texts(read_one(REPORT))
    heading = "（一）切实增进百姓福祉，保持社会大局稳定"
    assert found["二、（一）"] == f"{heading}\n落实落细民生工程。城镇新增就业86万人。"


def test_a_numbered_sentence_that_a_page_cuts_is_still_one() -> None:
    found = texts(
        read_one(
            "某区规则\n一、各单位应当按时报告，不得\n迟报。\n二、各单位应当派人值班。\n三、本规则自印发之日起施行。"
        )
    )
    assert found["一"] == "一、各单位应当按时报告，不得迟报。"


def test_a_report_has_the_day_on_which_it_was_given() -> None:
    assert read_one(REPORT).issued_on == date(2026, 1, 26)


def test_a_regulation_has_the_last_day_below_its_title_and_who_passed_it_but_not_the_day_of_effect() -> None:
    found = read_one(REGULATION)
    assert (found.issued_on, found.issuer) == (date(2019, 9, 25), "南山市人民代表大会常务委员会")


def test_what_a_notice_issues_is_found_without_title_marks_where_it_stands_below() -> None:
    found = read_one(NOTICE)
    assert (found.title, found.kind) == ("北川省食品小作坊登记管理办法", "办法")
    assert labels(found) == ["", "第一条", "第二条"]
    alone = read_one(NOTICE.split("北川省食品小作坊登记管理办法\n第一条")[0])
    assert alone.title == "北川省市场监督管理局关于印发北川省食品小作坊登记管理办法的通知"


def test_a_number_in_the_page_s_table_and_again_in_the_text_makes_one_document(tmp_path: Path) -> None:
    found = web_page(tmp_path, LETTER, read_one(LETTER).title, "清发改函〔2022〕45号")
    assert found.text == read_one(LETTER).text
    assert (found.doc_no, found.issued_on) == ("清发改函〔2022〕45号", date(2022, 7, 15))


def test_a_page_without_a_number_has_its_title_and_nothing_that_the_site_adds(tmp_path: Path) -> None:
    text = "问：审查需要多长时间？\n答：区司法局在收到材料之日起七个工作日内出具意见。\n问：合同签订后多久备案？\n答：自签订之日起十五日内报区司法局备案，逾期的应当说明理由。"
    found = web_page(tmp_path, text, "合同管理办法政策问答")
    assert (found.title, found.text) == ("合同管理办法政策问答", text)


def test_a_line_on_who_runs_an_event_is_text_where_no_site_ends(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        "<html><body><p>某某比赛方案</p><p>一、为丰富群众文化生活，决定举办本次比赛，现将有关事项明确如下，请各单位遵照执行。</p>"
        "<p>主办单位：某区教委</p><p>地址：某街1号</p></body></html>",
        encoding="utf-8",
    )
    assert read_source(tmp_path / "a.html", name="a.html").text.endswith("主办单位：某区教委\n地址：某街1号")


def test_attachment_headers_at_the_top_of_each_page_are_no_running_head(tmp_path: Path) -> None:
    pages = [Page() for _ in range(4)]
    for number, one in enumerate(pages[1:], start=1):
        one.text(80, 80, f"附件{number}")
        one.text(230, 120, f"第{'一二三'[number - 1]}类项目清单", 18)
        one.paragraph(160, "本清单所列项目由各单位负责。" * 3)
    pages[0].paragraph(160, "现将三个清单印发给你们，请遵照执行。" * 3)
    write_pdf(tmp_path / "file.pdf", pages)
    lines = read_source(tmp_path / "file.pdf", name="file.pdf").text.split("\n")
    assert [line for line in lines if line.startswith("附件")] == ["附件1", "附件2", "附件3"]


@pytest.mark.parametrize("text", [LETTER, JOINT, MINUTES, REPORT, REGULATION, NOTICE])
def test_one_text_in_three_formats_is_one_document(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(text, encoding="gb18030")
    word_file(tmp_path / "b.docx", text)
    title = read_one(text).notice_title or read_one(text).title
    (tmp_path / "c.html").write_text(page(text, title, ""), encoding="utf-8")
    corpus = read_corpus(tmp_path)
    kinds = [[doubt.kind for doubt in file.doubts] for file in corpus.files]
    assert len(corpus.documents) == 1
    assert ["duplicate" in found for found in kinds] == [False, True, True]
