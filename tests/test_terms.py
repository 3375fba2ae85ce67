"""The words that a corpus defines, and where."""

from __future__ import annotations

import pytest

from ingest.document import Document
from qa.assistant import Assistant
from qa.terms import DefinedTerms
from tests.fakes import document
from tests.small_corpus import NEW_RULES


def defined_in(text: str) -> tuple[Document, DefinedTerms]:
    source = document("甲政发〔2023〕2号", text=text)
    return source, DefinedTerms([source])


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("第一条 本办法所称小微企业是指职工少于三百人的企业。", "小微企业"),
        ("第一条 推进“两库一单”（检查人员库、对象库、事项清单）建设。", "两库一单"),
        ("第一条 落实要求。“三同时”：同时设计、同时施工、同时投产。", "三同时"),
        ("填写说明\n2. 批准书有效期：指申请批准后必须开工建设的时间。", "批准书有效期"),
        ("第一条 健全机制，落实五防（防火、防水、防盗）措施。", "落实五防"),
    ],
)
def test_a_definition_is_found_by_its_form(text: str, term: str) -> None:
    source, terms = defined_in(text)
    (definition,) = terms.named_in(f"什么是{term}")
    assert definition.term == term
    assert term in source.text[definition.start : definition.end]


def test_a_definition_ends_with_its_sentence() -> None:
    source, terms = defined_in("第一条 总的要求。本办法所称大户是指十人以上的户。大户应当登记。")
    (definition,) = terms.named_in("大户是什么")
    assert source.text[definition.start : definition.end] == "本办法所称大户是指十人以上的户。"


def test_the_longest_term_named_goes_before_the_shorter_one_in_it() -> None:
    _, terms = defined_in("第一条 所称企业是指公司。\n第二条 所称小微企业是指小公司。")
    assert [found.term for found in terms.named_in("小微企业是什么")] == ["小微企业"]
    assert [found.term for found in terms.named_in("企业是什么")] == ["企业"]


def test_a_word_that_nothing_defines_has_no_definition() -> None:
    _, terms = defined_in("第一条 会议每周召开1次。")
    assert terms.named_in("会议是什么意思") == []


@pytest.mark.slow
def test_a_footnote_defines_the_word_of_its_mark(small: Assistant) -> None:
    terms = DefinedTerms(small.documents)
    (definition,) = terms.named_in("“四个安心”是什么意思")
    text = small.document(NEW_RULES).text[definition.start : definition.end]
    assert definition.document_id == NEW_RULES
    assert text == "〔注〕四个安心：吃得安心、住得安心、行得安心、学得安心。"
