"""Statements become citations that stand word for word in the store; mobile numbers are masked everywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ingest.relations import add_relations
from ingest.validity import ValidityIndex
from qa.assistant import Assistant
from qa.catalog import Catalog
from qa.citations import CitationError, CitationMaker, mask_mobile_numbers, verify
from qa.draft import Draft, Statement
from tests.fakes import RULES_TEXT, document
from tests.reading import read_one

DAY = date(2024, 1, 1)
PHONES = "第一条 值班室设两部电话。\n第二条 联系人13812345678，值班电话010-69961234。"


def maker(text: str = RULES_TEXT, *, mask: bool = True, limit: int = 6) -> CitationMaker:
    source = document("甲政发〔2023〕2号", text=text)
    return CitationMaker(Catalog([source]), ValidityIndex((source,)), mask=mask, limit=limit)


def statement(text: str, quote: str, within: str = RULES_TEXT, **changes) -> Statement:
    start = within.index(quote)
    return replace(Statement(text, "甲政发〔2023〕2号", start, start + len(quote)), **changes)


FIRST = statement("自发布之日起施行。", "第一条 本规则自发布之日起施行。")
THIRD = statement("由区长召集。", "第三条 专题会议由区长召集。")


def test_each_statement_gets_a_marker_and_its_quotation() -> None:
    answer = maker().answer("问", Draft("answered", (FIRST, THIRD)), as_of=DAY)
    assert answer.text == "自发布之日起施行。〔1〕\n由区长召集。〔2〕"
    assert [(c.marker, c.label, c.quote) for c in answer.citations] == [
        (1, "第一条", "第一条 本规则自发布之日起施行。"), (2, "第三条", "第三条 专题会议由区长召集。"),
    ]  # fmt: skip


def test_statements_on_the_same_words_share_a_marker() -> None:
    again = replace(FIRST, text="发布之日施行。")
    answer = maker().answer("问", Draft("answered", (FIRST, THIRD, again)), as_of=DAY)
    assert answer.text.split("\n")[2] == "发布之日施行。〔1〕"
    assert len(answer.citations) == 2


def test_statements_over_the_limit_are_left_out() -> None:
    answer = maker(limit=1).answer("问", Draft("answered", (FIRST, THIRD)), as_of=DAY)
    assert answer.text == "自发布之日起施行。〔1〕"
    assert len(answer.citations) == 1
    assert answer.notes == ("另有1处依据未列出。",)


def test_an_article_that_a_later_document_changed_is_quoted_with_a_word_of_that() -> None:
    rules = "甲政发〔2023〕2号\n甲区办法\n2023年2月15日\n第一条 时限为15日。\n第二条 由办公室负责。\n"
    later = (
        "甲政发〔2023〕9号\n甲区人民政府关于修改《甲区办法》的决定\n2023年9月1日\n"
        "一、将《甲区办法》（甲政发〔2023〕2号）第一条修改为：“第一条 时限为10日。”\n本决定自2023年10月1日起施行。\n"
    )
    documents = add_relations([read_one(rules), read_one(later)])
    cites = CitationMaker(Catalog(documents), ValidityIndex(tuple(documents)), mask=True, limit=6)
    first, second = (
        replace(statement("答", quote, documents[0].text), document_id="甲政发〔2023〕2号")
        for quote in ("时限为15日。", "由办公室负责。")
    )
    said = cites.answer("问", Draft("answered", (first, second)), as_of=DAY).notes
    assert said == ("〔1〕所引第一条已由甲政发〔2023〕9号修改，请核对后再用。",)
    assert cites.answer("问", Draft("answered", (first, second)), as_of=date(2023, 9, 15)).notes == ()


def test_a_lead_stands_above_without_a_marker() -> None:
    answer = maker().answer("问", Draft("wrong_premise", (FIRST,), lead="原文为："), as_of=DAY)
    assert answer.text == "原文为：\n自发布之日起施行。〔1〕"


def test_what_document_and_which_validity_are_the_stores_own() -> None:
    (cited,) = maker().answer("问", Draft("answered", (FIRST,)), as_of=DAY).citations
    assert (cited.doc_no, cited.title, cited.issued_on) == (
        "甲政发〔2023〕2号",
        "甲区人民政府工作规则",
        "2023-02-15",
    )
    assert (cited.validity.status, cited.validity.since) == ("in_force", "2023-02-15")
    (early,) = maker().answer("问", Draft("answered", (FIRST,)), as_of=date(2023, 2, 14)).citations
    assert early.validity.status == "not_yet"


def test_marked_words_become_offsets_into_the_quotation() -> None:
    start = RULES_TEXT.index("区长召集")
    marked = ((start, start + 2), (0, 3))  # the second lies outside
    (cited,) = maker().answer("问", Draft("answered", (replace(THIRD, marked=marked),)), as_of=DAY).citations
    assert [cited.quote[s:e] for s, e in cited.highlights] == ["区长"]


@pytest.mark.parametrize(("start", "end"), [(0, 10_000), (-1, 5), (5, 5), (10_000, 10_005)])
def test_a_statement_on_nothing_is_a_defect_and_never_shown(start: int, end: int) -> None:
    with pytest.raises(CitationError):
        maker().answer("问", Draft("answered", (replace(FIRST, start=start, end=end),)), as_of=DAY)


def test_a_quotation_that_differs_from_the_store_is_no_quotation() -> None:
    (cited,) = maker().answer("问", Draft("answered", (FIRST,)), as_of=DAY).citations
    source = document("甲政发〔2023〕2号")
    assert verify(cited, source, mask=True)
    assert not verify(replace(cited, quote=cited.quote.replace("发布", "印发")), source, mask=True)
    assert not verify(replace(cited, start=cited.start + 1), source, mask=True)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("张三13241522207", "张三132****2207"),
        ("132-4152-2207", "132-****-2207"),
        ("132 4152 2207。", "132 **** 2207。"),
        ("13241522207、19810221629", "132****2207、198****1629"),
        ("13331333133", "133****3133"),  # its parts repeat
        ("值班电话010-69961234", "值班电话010-69961234"),
        ("编号213241522207", "编号213241522207"),
        ("身份证110226198001011234", "身份证110226198001011234"),
        ("12345678901", "12345678901"),
    ],
)
def test_the_middle_of_a_mobile_number_is_masked_and_its_length_kept(text: str, masked: str) -> None:
    assert mask_mobile_numbers(text) == masked
    assert len(masked) == len(text)


def test_text_quotation_and_notes_are_masked_alike() -> None:
    draft = Draft(
        "answered",
        (statement("联系人13812345678。", "第二条 联系人13812345678", PHONES),),
        notes=("见13812345678",),
    )
    masked = maker(PHONES).answer("问", draft, as_of=DAY)
    assert masked.text == "联系人138****5678。〔1〕"
    assert masked.citations[0].quote == "第二条 联系人138****5678"
    assert masked.notes == ("见138****5678",)
    source = document("甲政发〔2023〕2号", text=PHONES)
    assert verify(masked.citations[0], source, mask=True)
    assert not verify(masked.citations[0], source, mask=False)


def test_nothing_is_masked_when_that_is_switched_off() -> None:
    draft = Draft(
        "answered",
        (statement("联系人13812345678。", "第二条 联系人13812345678", PHONES),),
        notes=("见13812345678",),
    )
    shown = maker(PHONES, mask=False).answer("问", draft, as_of=DAY)
    assert (shown.text, shown.citations[0].quote, shown.notes) == (
        "联系人13812345678。〔1〕", "第二条 联系人13812345678", ("见13812345678",),
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("mask", [True, False])
def test_mobile_numbers_of_the_corpus_are_masked_unless_switched_off(real: Assistant, mask: bool) -> None:
    privacy = replace(real.config.privacy, mask_mobile_numbers=mask)
    assistant = Assistant(real.index, replace(real.config, privacy=privacy))
    answer = assistant.ask("京平政发〔2021〕11号上纸寨老大队路口的责任人电话是多少？", as_of=DAY)
    assert answer.status == "answered"
    shown = "\n".join([answer.text, *(c.quote for c in answer.citations), *answer.notes])
    assert ("13241522207" in shown) is not mask
    assert ("132****2207" in shown) is mask
