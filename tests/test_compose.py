"""From the best sentence to the words shown: a clause, a list, fields, a row, a definition, steps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.reader import lines_of, split_lines
from ingest.document import Document
from qa.assistant import Assistant
from qa.clauses import MAX_ANSWER, plain_note, without_mark
from qa.compose import compose
from qa.draft import Statement
from qa.fields import asked_fields
from qa.listing import children_of
from tests.reading import read_one
from tests.small_corpus import NEW_RULES, TODAY, YICHUAN_RULES, parse

PROJECTS, TABLE = "甲政发〔2023〕1号", "甲政发〔2021〕11号"
slow = pytest.mark.slow


def composed(small: Assistant, question: str) -> Statement:
    query = parse(small, question)
    found = small.evidence_finder.find(query, small.holds(TODAY))
    document = small.document(found[0].sentence.document_id)
    return compose(document, found[0], query, small.evidence_finder.terms(query))


def rests_on(small: Assistant, statement: Statement) -> str:
    return small.document(statement.document_id).text[statement.start : statement.end]


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("第四十七条 议题材料报送。", "议题材料报送。"),
        ("（三）审议预算。", "审议预算。"),
        ("12.加装电梯。", "加装电梯。"),
        ("议题材料报送。", "议题材料报送。"),
    ],
)
def test_the_number_that_opens_a_sentence_is_left_out(text: str, bare: str) -> None:
    source = read_one(f"第一条 甲。\n{text}\n")
    start = source.text.index(text)
    first, end = without_mark(source, start, start + len(text))
    assert source.text[first:end] == bare


def test_the_items_of_an_article_are_its_children_in_order() -> None:
    source = read_one("第一条 任务是：\n（一）传达；\n（二）审议。\n第二条 其他。\n")
    article = next(p for p in source.provisions if p.label == "第一条")
    assert [item.label for item in children_of(source, article)] == ["第一条（一）", "第一条（二）"]


def test_the_articles_of_a_chapter_are_its_children() -> None:
    source = read_one("第一章 总则\n第一条 甲。\n第二条 乙。\n第二章 附则\n第三条 丙。\n")
    chapter = next(p for p in source.provisions if p.label == "第一章")
    assert [item.label for item in children_of(source, chapter)] == ["第一条", "第二条"]


@slow
def test_a_list_is_given_whole_with_what_opens_it(small: Assistant) -> None:
    statement = composed(small, "甲山区政府常务会议的主要任务有哪些？")
    assert statement.text == (
        "区政府常务会议的主要任务是：\n（一）传达上级重要会议精神；\n（二）讨论通过区政府规范性文件；\n（三）审议年度财政预算草案。"
    )
    assert statement.label == "第三条"
    assert [small.document(NEW_RULES).text[s:e] for s, e in statement.marked] == statement.text.split("\n")[
        1:
    ]


@slow
def test_a_list_asked_for_by_one_of_its_items_is_given_whole_too(small: Assistant) -> None:
    statement = composed(small, "乙川区会议纪要的签发程序包括哪些？")
    assert statement.document_id == YICHUAN_RULES and statement.label == "三"
    assert statement.text.count("\n") == 2


@slow
def test_a_sentence_is_given_without_its_number_and_rests_on_it_whole(small: Assistant) -> None:
    statement = composed(small, "甲山区各社区每月开展几次垃圾分类宣传活动？")
    assert statement.text == "各社区每月开展1次垃圾分类宣传活动。"
    assert rests_on(small, statement) == "1.各社区每月开展1次垃圾分类宣传活动。"


@slow
def test_the_clause_with_the_number_asked_for_is_marked(small: Assistant) -> None:
    statement = composed(small, "甲山区政府常务会议多久召开一次？")
    marked = [small.document(NEW_RULES).text[start:end] for start, end in statement.marked]
    assert len(marked) == 1 and "每周召开1次" in marked[0] and "随时召开" not in marked[0]


@slow
def test_a_table_row_reads_field_and_value(small: Assistant) -> None:
    statement = composed(small, "石桥路口的治理措施")
    assert statement.document_id == TABLE
    assert (
        statement.text
        == "点位：石桥路口；存在问题：车辆乱停乱放；治理措施：特勤人员值守疏导；负责人：张三13241522207"
    )


@slow
@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("加装电梯由哪个单位负责？", "为20个老旧小区加装电梯60部。\n主责单位：区住房城乡建设委"),
        ("加装电梯的完成时限？", "为20个老旧小区加装电梯60部。\n完成时限：2023年12月"),
        (
            "加装电梯的主责单位和完成时限？",
            "为20个老旧小区加装电梯60部。\n主责单位：区住房城乡建设委\n完成时限：2023年12月",
        ),
    ],
)
def test_the_field_lines_asked_for_are_given_below_what_they_are_about(
    small: Assistant, question: str, text: str
) -> None:
    statement = composed(small, question)
    assert statement.text == text
    assert statement.label == "第2项"


@slow
def test_no_field_is_asked_for_where_none_is_named(small: Assistant) -> None:
    project = small.catalog.provision(PROJECTS, "第2项")
    assert project is not None
    assert asked_fields(small.document(PROJECTS), project, parse(small, "加装多少部电梯？")) == []


@slow
def test_a_footnotes_definition_is_given_without_its_bracket(small: Assistant) -> None:
    statement = composed(small, "“四个安心”是什么意思？")
    assert statement.text == "四个安心：吃得安心、住得安心、行得安心、学得安心。"
    assert rests_on(small, statement) == f"〔注〕{statement.text}"


LONG = (
    "第一条 各单位应当按照统一部署做好各项准备工作，及时研究解决工作推进中出现的突出矛盾和困难，切实加强队伍建设和经费保障，"
    "保证人员到位、物资到位、责任到位，材料应于会议召开前9个工作日报送区政府办公室，"
    "同时要注意总结推广基层的好经验好做法，营造良好的舆论氛围，调动社会各方面参与的积极性、主动性和创造性，形成工作合力。"
)


@slow
def test_a_long_sentence_is_cut_to_the_clauses_that_answer(small: Assistant) -> None:
    source: Document = read_one(LONG + "\n")
    query = parse(small, "材料应于会议召开前几个工作日报送区政府办公室？")
    (evidence, *_) = small.evidence_finder.find(query, small.holds(TODAY))
    (sentence,) = [p for p in source.provisions if p.label == "第一条"]
    own = replace(
        evidence.sentence, document_id=source.document_id, provision=sentence,
        text=sentence.text, start=sentence.start, end=sentence.end,
    )  # fmt: skip
    spans = list(split_lines(sentence.text))
    read = small.evidence_finder.reader.scores(query.text, lines_of(sentence.text, spans, ""))
    long = replace(evidence, sentence=own, answering=spans[int(read.argmax())])
    statement = compose(source, long, query, small.evidence_finder.terms(query))
    assert "会议召开前9个工作日报送" in statement.text
    assert len(statement.text) <= MAX_ANSWER + 1  # the full stop that closes it
    assert (statement.start, statement.end) == (sentence.start, sentence.end)


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        ("〔注：七下〕是指重心下移。", "“七下”是指重心下移。"), ("〔注：四水〕四水：饮用水。", "“四水”：四水：饮用水。"),
        ("〔注〕五安：生产安全。", "五安：生产安全。"), ("第一条 〔注〕以外。", "第一条 〔注〕以外。"),
    ],
)  # fmt: skip
def test_a_footnote_is_shown_without_its_bracket(note: str, shown: str) -> None:
    assert plain_note(note) == shown
