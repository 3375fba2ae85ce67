"""Unnumbered headings and mentions of an article at a line's beginning, in texts without markup."""

from __future__ import annotations

from tests.reading import labels, read_one, texts

TITLE = "滨江市城市管理典型案例通报\n"
SENTENCE = "当事人在公园内擅自占用绿地，执法人员到场后责令其改正。"


def test_lines_between_sentences_head_what_stands_below_them() -> None:
    document = read_one(
        f"{TITLE}基本案情\n{SENTENCE}\n处理结果\n一、{SENTENCE}\n二、{SENTENCE}\n典型意义\n{SENTENCE}\n"
    )
    assert [(p.path, p.heading, p.text.split("\n")[-1][:2]) for p in document.provisions] == [
        ((), "基本案情", "当事"),
        ((), "处理结果", "处理"),
        (("处理结果",), "", "一、"),
        (("处理结果",), "", "二、"),
        ((), "典型意义", "当事"),
    ]


def test_one_such_line_alone_is_text() -> None:
    document = read_one(f"{TITLE}{SENTENCE}\n基本案情\n{SENTENCE}\n")
    assert {provision.path for provision in document.provisions} == {()}


def test_a_preface_heads_the_text_above_the_chapters() -> None:
    document = read_one(
        f"滨江市公园管理条例\n序言\n{SENTENCE}\n第一章 总则\n第一条 公园应当免费开放。\n第二条 本条例适用于本市公园。\n"
    )
    preface = next(p for p in document.provisions if p.text == SENTENCE or p.text.endswith(SENTENCE))
    assert "序言" in (*preface.path, preface.heading)
    assert [p.path for p in document.provisions if p.label == "第一条"] == [("第一章 总则",)]


def test_captions_do_not_stand_within_numbered_sections() -> None:
    document = read_one(
        f"{TITLE}一、总体要求\n指导思想\n{SENTENCE}\n主要目标\n{SENTENCE}\n二、重点任务\n{SENTENCE}\n"
    )
    assert [label for label in labels(document) if label] == ["一", "二"]


def test_a_line_that_names_an_article_in_mid_sentence_opens_none() -> None:
    document = read_one(
        "滨江市公园管理条例\n第一条 当事人不服的，依照民事诉讼法\n第九条第（二）项的规定申请执行。\n"
        "第二条 公园应当免费开放。\n第三条 本条例自公布之日起施行。\n"
    )
    assert labels(document) == ["第一条", "第二条", "第三条"]
    assert "第九条第（二）项" in texts(document)["第一条"]


def test_a_gap_in_the_articles_stays_a_gap() -> None:
    document = read_one(
        "滨江市公园管理条例\n第一条 公园应当免费开放。\n第九条 设施应当完好。\n第十条 本条例自公布之日起施行。\n"
    )
    assert labels(document) == ["第一条", "第九条", "第十条"]
