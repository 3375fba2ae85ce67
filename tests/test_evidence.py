"""The sentences that answer: found, weighed and limited to the documents asked for."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.document import Document
from qa.assistant import Assistant
from qa.evidence import Evidence
from qa.sentences import sentences_of, smallest_provision
from tests.fakes import RULES_TEXT, document
from tests.reading import read_one
from tests.small_corpus import NEW_RULES, OLD_RULES, TODAY, YICHUAN_RULES, parse

slow = pytest.mark.slow


def find(small: Assistant, question: str, as_of: date = TODAY) -> list[Evidence]:
    query = parse(small, question, as_of=as_of)
    return small.evidence_finder.find(query, small.holds(as_of))


def cut(source: Document, start: int = 0, end: int | None = None) -> list[str]:
    return [s.text for s in sentences_of(source, start, len(source.text) if end is None else end)]


def test_a_text_is_cut_into_whole_sentences() -> None:
    source = document("甲", text="第一条 会议每周召开。必要时随时召开！\n第二条 由区长主持。")
    assert cut(source) == ["第一条 会议每周召开。", "必要时随时召开！", "第二条 由区长主持。"]


def test_a_sentence_that_a_span_touches_is_given_whole() -> None:
    source = document("甲", text="第一条 会议每周召开。必要时随时召开。\n第二条 由区长主持。")
    inside = source.text.index("随时")
    assert cut(source, inside, inside + 1) == ["必要时随时召开。"]


def test_a_closing_quotation_mark_stays_with_its_sentence() -> None:
    source = document("甲", text="第一条 提出“四个安心。”有关部门落实。")
    assert cut(source) == ["第一条 提出“四个安心。”", "有关部门落实。"]


def test_appointments_joined_by_semicolons_are_one_sentence_each() -> None:
    source = document("甲", text="第一条 陈立同志任区水务局局长；周敏同志任区财政局副局长。")
    assert cut(source) == ["第一条 陈立同志任区水务局局长；", "周敏同志任区财政局副局长。"]


def test_offsets_of_a_sentence_are_those_of_the_document() -> None:
    source = document("甲", text=RULES_TEXT)
    for sentence in sentences_of(source, 0, len(source.text)):
        assert source.text[sentence.start : sentence.end] == sentence.text


def test_the_smallest_provision_is_the_item_and_not_its_article() -> None:
    source = read_one("第一条 任务是：\n（一）传达；\n（二）审议。\n第二条 其他。\n")
    start = source.text.index("审议")
    assert smallest_provision(source, start, start + 2).label == "第一条（二）"
    both = source.text.index("传达")
    assert smallest_provision(source, both, start + 2).label == "第一条"


@slow
def test_the_sentence_that_answers_is_first(small: Assistant) -> None:
    best = find(small, "甲山区全体会议多久召开一次？")[0].sentence
    assert (best.document_id, best.provision.label) == (NEW_RULES, "第六条")
    assert "每季度召开1次" in best.text


@slow
def test_evidence_is_in_the_order_of_its_score(small: Assistant) -> None:
    scores = [evidence.score for evidence in find(small, "常务会议多久召开一次？")]
    assert len(scores) > 3 and scores == sorted(scores, reverse=True)


@slow
def test_evidence_comes_only_from_the_documents_asked_for(small: Assistant) -> None:
    assert {e.sentence.document_id for e in find(small, "乙川区的会议")} == {YICHUAN_RULES}
    assert {e.sentence.document_id for e in find(small, f"{OLD_RULES}的会议")} == {OLD_RULES}


@slow
@pytest.mark.parametrize(("as_of", "first"), [(date(2020, 1, 1), OLD_RULES), (date(2023, 3, 1), NEW_RULES)])
def test_the_version_in_force_on_the_day_goes_first(small: Assistant, as_of: date, first: str) -> None:
    assert find(small, "甲山区常务会议多久召开一次？", as_of)[0].sentence.document_id == first


@slow
def test_a_document_titled_for_one_year_says_nothing_of_another(small: Assistant) -> None:
    assert "甲政发〔2021〕11号" in {e.sentence.document_id for e in find(small, "2021年交通整治行动计划")}
    assert "甲政发〔2021〕11号" not in {e.sentence.document_id for e in find(small, "2022年交通整治行动计划")}


@slow
def test_what_is_said_of_another_person_is_no_evidence(small: Assistant) -> None:
    found = find(small, "周敏同志任什么职务？")
    assert found and all("周敏" in evidence.sentence.text for evidence in found)


@slow
def test_a_sentence_may_be_hidden(small: Assistant) -> None:
    query = parse(small, "甲山区全体会议多久召开一次？")
    hidden = small.catalog.provision(NEW_RULES, "第六条")
    assert hidden is not None
    found = small.evidence_finder.find(
        query, small.holds(TODAY), keep=lambda name, start, end: name != NEW_RULES or end <= hidden.start
    )
    assert found and all("每季度" not in evidence.sentence.text for evidence in found)


@slow
def test_coverage_is_a_share_and_a_sentences_own_is_no_larger(small: Assistant) -> None:
    for evidence in find(small, "甲山区各社区每月开展几次垃圾分类宣传活动？"):
        assert 0 <= evidence.own_coverage <= evidence.coverage <= 1 + 1e-6
        assert evidence.score == pytest.approx(sum(evidence.parts.values()))
        start, end = evidence.answering
        assert evidence.sentence.start <= start < end <= evidence.sentence.end


@slow
def test_a_sentence_fits_when_it_holds_the_unit_asked_for(small: Assistant) -> None:
    found = find(small, "对未按规定分类投放垃圾的单位罚款多少钱？")
    assert found[0].fits and "5000元" in found[0].sentence.text
    assert all(("元" in e.sentence.text) == e.fits for e in found)


@slow
def test_a_definition_of_the_term_asked_for_is_marked(small: Assistant) -> None:
    assert find(small, "“四个安心”是什么意思？")[0].defines
    assert not any(evidence.defines for evidence in find(small, "常务会议多久召开一次？"))


@slow
def test_a_question_in_another_language_rests_on_meaning_more(small: Assistant) -> None:
    finder = small.evidence_finder
    assert finder.weight_of(parse(small, "常务会议多久召开一次？")) == small.config.search.dense_weight
    assert finder.weight_of(parse(small, "How often does the executive meeting take place?")) == 0.8
