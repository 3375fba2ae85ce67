"""web.chat.cards and web.chat.conversation: how citations, documents and turns look, and that nothing in them runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ingest.document import Validity
from qa.answer import Answer, CitedValidity, ComparedSide
from tests.fakes import ARTICLE, HOSTILE, RULES_TEXT, FakeAssistant, citation, document
from web.chat.cards import (
    KNOWN_VALIDITY,
    NEIGHBOURS,
    citation_line,
    context_html,
    evidence_card,
    marked,
    tooltip_attributes,
    validity_badge,
    validity_detail,
)
from web.chat.conversation import (
    Turn,
    answer_text_html,
    conversation_html,
    copied_answer,
    evidence_html,
    history_of,
)
from web.rooms.shelf import matching_documents
from web.texts import EN, TEXTS, ZH

RULES = document("甲政发〔2023〕2号")
QUOTE = "常务会议一般每周召开1次，必要时随时召开。"


def test_citation_line_is_title_number_label():
    assert citation_line(citation(RULES, QUOTE), ZH) == "《甲区人民政府工作规则》（甲政发〔2023〕2号）第二条"


def test_citation_line_of_an_unnumbered_document_names_issuer_and_date():
    line = citation_line(citation(RULES, QUOTE, doc_no=None, label=""), ZH)
    assert line == "《甲区人民政府工作规则》（甲区人民政府，2023年2月15日）"


def test_title_within_a_title_takes_single_marks():
    line = citation_line(citation(RULES, QUOTE, title="关于印发《工作规则》的通知"), ZH)
    assert line.startswith("《关于印发〈工作规则〉的通知》")


def test_a_card_names_the_page_of_the_original_and_says_that_a_scan_is_one():
    card = evidence_card(citation(RULES, QUOTE, page=12, scanned=True), RULES, ZH, turn=0)
    assert "甲区人民政府 · 2023年2月15日 · 原件第12页 · 扫描件文字识别，请核对原件" in card
    assert "原件" not in evidence_card(citation(RULES, QUOTE), RULES, ZH, turn=0)


def test_marked_escapes_and_marks():
    assert marked("a<b>c", [(1, 2)]) == "a<mark>&lt;</mark>b&gt;c"


@pytest.mark.parametrize("spans", [[(0, 2), (1, 3)], [(1, 3), (0, 2)], [(-5, 2), (2, 99)]])
def test_marked_keeps_every_character_whatever_the_spans(spans):
    assert marked("一二三", spans).replace("<mark>", "").replace("</mark>", "") == "一二三"


def test_card_shows_number_title_label_path_issuer_date_validity_and_quotation():
    card = evidence_card(citation(RULES, QUOTE, answering="每周召开1次"), RULES, ZH, turn=0)
    for words in (
        "甲政发〔2023〕2号",
        "甲区人民政府工作规则",
        "第二条",
        "第一章 会议制度",
        "甲区人民政府",
        "2023年2月15日",
    ):
        assert words in card
    assert '<span class="badge in_force" title="">现行有效</span>' in card
    assert "常务会议一般<mark>每周召开1次</mark>，必要时随时召开。" in card


def test_card_says_by_what_and_since_when_a_document_was_repealed():
    validity = CitedValidity("repealed", "甲政发〔2023〕2号", "2023-02-15")
    card = evidence_card(citation(RULES, QUOTE, validity=validity), RULES, ZH, turn=0)
    assert "已废止" in card
    assert "由甲政发〔2023〕2号废止，自2023年2月15日起" in card


@pytest.mark.parametrize("language", sorted(TEXTS))
@pytest.mark.parametrize("status", KNOWN_VALIDITY)
def test_every_validity_has_its_words_in_both_languages(language, status):
    texts = TEXTS[language]
    assert texts.validity[status] in validity_badge(CitedValidity(status), texts)
    assert "丙号" in validity_detail(CitedValidity(status, "丙号", "2020-01-01"), texts)


def test_a_validity_that_the_page_does_not_know_is_shown_as_unknown():
    assert "效力未明" in validity_badge(CitedValidity("<b>"), ZH)


def test_validity_takes_dates_and_iso_dates_alike():
    by_date = validity_detail(Validity("expired", None, date(2022, 8, 19)), ZH)
    assert (
        by_date
        == validity_detail(CitedValidity("expired", None, "2022-08-19"), ZH)
        == "自2022年8月19日起不再有效"
    )


def test_context_frames_the_whole_provision_with_its_neighbours():
    html = context_html(citation(RULES, QUOTE, answering="每周召开1次"), RULES)
    assert html == (
        "第一条 本规则自发布之日起施行。\n"
        '<span class="cited">第二条 <span class="quoted">常务会议一般'
        "<mark>每周召开1次</mark>，必要时随时召开。</span></span>"
        "（一）讨论通过需提请审议的事项；\n（二）审议重要工作。\n第三条 专题会议由区长召集。"
    )


def test_context_of_a_long_document_is_cut_at_line_ends_on_both_sides():
    line = "各部门要自觉接受监督。" * 5
    text = "\n".join([line] * 20 + [ARTICLE] + [line] * 20)
    long = document("甲政发〔2023〕3号", text=text)
    html = context_html(citation(long, QUOTE), long)
    assert html.startswith(f"……\n{line}\n") and html.endswith(f"\n{line}\n……")
    assert len(html) < 2 * NEIGHBOURS + len(ARTICLE) + 200


def test_context_is_masked_like_the_quotation():
    text = f"第一条 联系电话13812345678。\n{ARTICLE}"
    cited = document("甲政发〔2023〕4号", text=text)
    html = context_html(
        citation(cited, QUOTE), cited, mask=lambda words: words.replace("13812345678", "138****5678")
    )
    assert "138****5678" in html and "13812345678" not in html


def test_context_without_a_known_provision_still_shows_the_quotation():
    html = context_html(citation(RULES, QUOTE, provision_id="gone"), RULES)
    assert f'<span class="cited"><span class="quoted"><mark>{QUOTE}</mark></span></span>' in html


def test_nothing_in_a_document_or_question_reaches_the_page_as_a_tag():
    hostile = document(f"号{HOSTILE}", title=HOSTILE, text=f"{RULES_TEXT}\n第四条 {HOSTILE}", issuer=HOSTILE)
    cited = citation(hostile, f"第四条 {HOSTILE}", label=HOSTILE, path=(HOSTILE,), answering="script")
    cited = replace(cited, validity=CitedValidity("repealed", HOSTILE, HOSTILE))
    answer = Answer(
        HOSTILE, "answered", f"{HOSTILE}〔1〕\n- {HOSTILE}", (cited,), (HOSTILE,), answerer=HOSTILE
    )
    turns = [Turn(0, HOSTILE, answer)]
    html = conversation_html(turns, ZH) + evidence_html(turns, ZH, lambda _: hostile)
    assert "<script" not in html and "<img" not in html
    assert "&lt;script" in html


def test_a_quotation_mark_cannot_leave_an_attribute():
    cited = citation(RULES, QUOTE, title='" onmouseover="x')
    html = answer_text_html(Answer("", "answered", "是。〔1〕", (cited,)), ZH, turn=0)
    assert 'onmouseover="x' not in html and "&quot; onmouseover=" in html


def test_markers_become_links_to_their_cards_and_years_do_not():
    answer = Answer("", "answered", "见京平政发〔2023〕2号。〔1〕", (citation(RULES, QUOTE),))
    html = answer_text_html(answer, ZH, turn=3)
    assert html.count("<a ") == 1
    assert 'href="#card-3-1"' in html and "京平政发〔2023〕2号。" in html
    assert 'id="card-3-1"' in evidence_html([Turn(3, "", answer)], ZH, lambda _: RULES)


def test_a_marker_without_its_citation_stays_text():
    assert "<a " not in answer_text_html(
        Answer("", "answered", "是。〔2〕", (citation(RULES, QUOTE),)), ZH, turn=0
    )


def test_a_marker_brings_its_citation_quotation_and_validity():
    shown = tooltip_attributes(citation(RULES, QUOTE, validity=CitedValidity("repealed", "乙号")), ZH)
    assert 'data-cite="《甲区人民政府工作规则》（甲政发〔2023〕2号）第二条"' in shown
    assert f'data-quote="{QUOTE}" data-holds="已废止，由乙号废止" data-status="repealed"' in shown
    assert "长…" in tooltip_attributes(replace(citation(RULES, QUOTE), quote="长" * 500), ZH)


def test_a_card_leads_to_the_provision_in_the_reading_room():
    cited = citation(RULES, QUOTE)
    address = (
        "/documents/%E7%94%B2%E6%94%BF%E5%8F%91%E3%80%942023%E3%80%952%E5%8F%B7#%E7%AC%AC%E4%BA%8C%E6%9D%A1"
    )
    assert f'href="{address}"' in evidence_card(cited, RULES, ZH, turn=0)
    odd = replace(
        cited, document_id="a/b?c", provision_id="a/b?c#", label=""
    )  # its first text without a label
    assert 'href="/documents/a%2Fb%3Fc#~1"' in evidence_card(odd, RULES, ZH, turn=0)


def test_each_line_of_an_answer_is_set_as_what_it_is():
    html = answer_text_html(Answer("", "unclear", "各区不同。\n- 甲区\n（一）乙区\n\n说明。"), ZH, turn=0)
    assert '<p>各区不同。</p><p class="bullet">甲区</p><p class="item">（一）乙区</p><p>说明。</p>' in html


def test_names_before_colons_stand_out_when_there_are_several():
    several = answer_text_html(Answer("", "answered", "甲区：每周。\n乙区：每月。"), ZH, turn=0)
    assert "<p><strong>甲区：</strong>每周。</p><p><strong>乙区：</strong>每月。</p>" in several
    assert "<strong>" not in answer_text_html(Answer("", "answered", "甲区：每周。"), ZH, turn=0)


@pytest.mark.parametrize("status", ["not_found", "wrong_premise", "unclear"])
def test_each_status_has_a_look_and_a_title_of_its_own(status):
    html = conversation_html([Turn(0, "问", Answer("问", status, "答"))], ZH)
    assert f'class="answer {status}"' in html and ZH.status_titles[status] in html


def test_a_failed_turn_shows_an_error_card_and_a_pending_one_says_so():
    assert 'class="answer error"' in conversation_html([Turn(0, "问", failed=True)], ZH)
    assert ZH.pending in conversation_html([Turn(0, "问")], ZH)


def test_history_holds_the_answered_turns_only():
    turns = [Turn(0, "一", Answer("一", "answered", "甲")), Turn(1, "二", failed=True), Turn(2, "三")]
    assert history_of(turns) == [("一", "甲")]


def test_a_copied_answer_ends_with_its_citations_in_full():
    answer = Answer("", "answered", "每周1次。〔1〕", (citation(RULES, QUOTE),))
    assert copied_answer(answer, ZH) == (
        "每周1次。〔1〕\n\n依据：\n〔1〕《甲区人民政府工作规则》（甲政发〔2023〕2号）第二条"
    )


def test_only_the_last_answers_evidence_is_shown():
    answer = Answer("", "answered", "是。〔1〕", (citation(RULES, QUOTE),))
    html = evidence_html([Turn(0, "一", answer), Turn(1, "二", answer)], ZH, lambda _: RULES)
    assert 'id="evidence-0" hidden>' in html and 'id="evidence-1">' in html


def test_a_document_no_longer_in_the_corpus_still_has_its_card():
    answer = Answer("", "answered", "是。〔1〕", (citation(RULES, QUOTE),))
    html = evidence_html([Turn(0, "一", answer)], ZH, lambda _: None)
    assert QUOTE in html and "<details" not in html


def test_documents_are_found_by_number_title_and_issuer_with_any_brackets():
    documents = FakeAssistant().documents
    assert [item.doc_no for item in matching_documents(documents, "[2023]2号 工作规则")] == [
        "甲政发〔2023〕2号"
    ]
    assert len(matching_documents(documents, "")) == 2
    assert matching_documents(documents, "没有的文件") == []


def test_dates_are_written_as_each_language_writes_them():
    assert ZH.date("2023-02-05") == "2023年2月5日"
    assert EN.date(date(2023, 2, 5)) == "5 February 2023"
    assert ZH.date(None) == "" and ZH.date("2023年") == "2023年"


def test_durations_are_in_milliseconds_below_a_second():
    assert ZH.duration(12.3) == "用时 12 毫秒"
    assert ZH.duration(1340) == "用时 1.3 秒"


def test_a_comparison_is_a_table_with_its_lead_above_and_its_markers_in_the_cells():
    rows = (
        ComparedSide("甲", "每周<b>1次</b>。", 1),
        ComparedSide("乙", "没有找到相应规定。"),
    )
    text = "不一致：\n甲：每周<b>1次</b>。〔1〕\n乙：没有找到相应规定。"
    answer = Answer("", "answered", text, (citation(RULES, QUOTE),), comparison=rows)
    html = answer_text_html(answer, ZH, turn=0)
    assert html.index("不一致：") < html.index("<table") and html.count("每周") == 2  # cell and popover
    assert html.count("<tr") == 3 and '<th scope="row">甲</th>' in html and "<b>" not in html
    cell = html[html.index('<th scope="row">甲</th>') : html.index('<tr class="silent">')]
    assert 'data-card="0-1"' in cell
    assert '<tr class="silent"><th scope="row">乙</th><td>没有找到相应规定。</td></tr>' in html
