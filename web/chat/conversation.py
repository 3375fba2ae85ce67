"""Turns (a question and what became of it) in, the HTML of the conversation and its evidence out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from ingest.document import Document
from qa.answer import Answer, Citation
from web.chat.cards import citation_line, copy_button, evidence_card, tooltip_attributes
from web.chat.chat_texts import CHAT_TEXTS
from web.chat.explanation import why_html
from web.texts import Texts

MARKER = re.compile(r"〔(\d{1,2})〕(?!\d+号)")  # 〔1〕, not the year of 京平政发〔2023〕2号
LIST_ITEM = re.compile(r"^\s*(?:[-•·]\s+)")
NUMBERED_ITEM = re.compile(r"^（[一二三四五六七八九十]+）")
NAMED_LINE = re.compile(r"^[^：，。；、（〔]{1,12}：")  # 平谷：…, 2019年版：…, 完成时限：…
STATUSES = ("answered", "not_found", "wrong_premise", "unclear", "error")
DocumentOf = Callable[[str], Document | None]


@dataclass(frozen=True)
class Said:
    """What the person who asked said of an answer."""

    verdict: str  # of web.records.feedback.Verdict
    word: str = ""


@dataclass(frozen=True)
class Turn:
    """One question; `answer` is None while it is being looked up and when that failed."""

    number: int  # from 0, unique within a conversation
    question: str
    answer: Answer | None = None
    failed: bool = False
    turn_id: str = ""  # under which it is kept, "" as long as it is not
    said: Said | None = None
    so_far: str = ""  # of a pending answer, what a model wrote and the checks let stand

    @property
    def is_pending(self) -> bool:
        return self.answer is None and not self.failed


def history_of(turns: Sequence[Turn]) -> list[tuple[str, str]]:
    """Return the (question, answer text) pairs of the turns that were answered, the oldest first."""
    return [(turn.question, turn.answer.text) for turn in turns if turn.answer is not None]


def conversation_html(
    turns: Sequence[Turn], texts: Texts, *, conversation_id: str = "", suggestions: Sequence[str] = ()
) -> str:
    """Return the conversation, the oldest turn first, what may be asked next behind the last; "" when there is none."""
    if not turns:
        return ""
    html = "".join(_turn_html(turn, texts) for turn in turns)
    place = f'<div data-conversation="{escape(conversation_id)}">'
    return f"{place}{html}{chips_html(suggestions, CHAT_TEXTS[texts.language].suggestions, css='next')}</div>"


def chips_html(questions: Sequence[str], title: str, *, css: str) -> str:
    """Return questions to ask by a click (chat.js), under a title; "" where there are none."""
    chips = "".join(
        f'<li><button type="button" class="chip" lang="zh-CN" data-ask="{escape(question)}">{escape(question)}</button></li>'
        for question in questions
    )
    if not chips:
        return ""
    return (
        f'<div class="{css}"><p class="chips-title">{escape(title)}</p><ul class="chips">{chips}</ul></div>'
    )


def _turn_html(turn: Turn, texts: Texts) -> str:
    return (
        f'<article class="turn" id="turn-{turn.number}" data-number="{turn.number}"><div class="asked">'
        f'{_edit_button(turn, texts)}<div class="question">'
        f'<span class="sr-only">{escape(texts.asked)}：</span><span class="words">{escape(turn.question)}</span>'
        f"</div></div>{_answer_html(turn, texts)}</article>"
    )


def _edit_button(turn: Turn, texts: Texts) -> str:
    words = CHAT_TEXTS[texts.language].edit
    return "" if turn.is_pending else f'<button type="button" class="act edit">{escape(words)}</button>'


def _answer_html(turn: Turn, texts: Texts) -> str:
    if turn.failed:
        retry = f'<footer class="answer-footer">{_retry_button(texts)}</footer>'
        return _box("error", f"<p>{escape(texts.error_line)}</p>{retry}", texts)
    if turn.answer is None:
        words = f'<span class="dots"></span>{escape(texts.checking if turn.so_far else texts.pending)}'
        # Without cards as yet, its markers lead nowhere.
        lines = "".join(f"<p>{escape(line)}</p>" for line in turn.so_far.splitlines())
        text = f'<div class="answer-text" lang="zh-CN">{lines}</div>' if lines else ""
        return f'<div class="answer pending" role="status">{text}{words}</div>'
    answer = turn.answer
    status = answer.status if answer.status in STATUSES else "error"
    body = answer_text_html(answer, texts, turn=turn.number) + _notes_html(answer, texts)
    return _box(status, body + why_html(texts) + _footer_html(turn, answer, texts), texts)


def _box(status: str, body: str, texts: Texts) -> str:
    title = texts.status_titles[status]
    head = f'<p class="status-title">{escape(title)}</p>' if title else ""
    spoken = f'<span class="sr-only">{escape(texts.answered)}：</span>'
    return f'<div class="answer {status}">{spoken}{head}{body}</div>'


def answer_text_html(answer: Answer, texts: Texts, *, turn: int) -> str:
    """Return the answer's text, a paragraph a line, its markers as links to their cards."""
    citations = {citation.marker: citation for citation in answer.citations}
    text = answer.text
    if answer.comparison:  # its lines stand in the table
        text = text.split(f"{answer.comparison[0].name}：", 1)[0]
    lines = [line for line in text.splitlines() if line.strip()]
    named = sum(1 for line in lines if NAMED_LINE.match(line)) > 1  # a single colon is just a colon
    html = "".join(
        _text_line(line, named, lambda words: _linked(words, citations, texts, turn)) for line in lines
    )
    table = _comparison_html(answer, citations, texts, turn)
    return f'<div class="answer-text" lang="zh-CN">{html}{table}</div>'


def _comparison_html(answer: Answer, citations: dict[int, Citation], texts: Texts, turn: int) -> str:
    """Return the sides of a comparison as a table, each with the marker of its citation."""
    if not answer.comparison:
        return ""
    rows = []
    for side in answer.comparison:
        marker = f"〔{side.marker}〕" if side.marker is not None else ""
        words = _linked(f"{side.text}{marker}", citations, texts, turn).replace("\n", "<br>")
        css = "" if marker else ' class="silent"'
        rows.append(f'<tr{css}><th scope="row">{escape(side.name)}</th><td>{words}</td></tr>')
    head = f'<th scope="col">{escape(texts.compared)}</th><th scope="col">{escape(texts.compared_rule)}</th>'
    return f'<table class="comparison"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _text_line(line: str, named: bool, linked: Callable[[str], str]) -> str:
    """Return one line of an answer: of a list, a numbered item, or named by the words before its colon."""
    if item := LIST_ITEM.match(line):
        return f'<p class="bullet">{linked(line[item.end() :])}</p>'
    if NUMBERED_ITEM.match(line):
        return f'<p class="item">{linked(line)}</p>'
    if named and (name := NAMED_LINE.match(line)):
        return f"<p><strong>{escape(name[0])}</strong>{linked(line[name.end() :])}</p>"
    return f"<p>{linked(line)}</p>"


def _linked(line: str, citations: dict[int, Citation], texts: Texts, turn: int) -> str:
    out, at = [], 0
    for match in MARKER.finditer(line):
        citation = citations.get(int(match.group(1)))
        if citation is not None:
            out += [escape(line[at : match.start()]), _marker_link(citation, texts, turn)]
            at = match.end()
    return "".join(out) + escape(line[at:])


def _marker_link(citation: Citation, texts: Texts, turn: int) -> str:
    number = f"{turn}-{citation.marker}"
    label = texts.marker_label.format(marker=citation.marker, citation=citation_line(citation, texts))
    return (
        f'<a class="marker" href="#card-{number}" data-card="{number}" aria-label="{escape(label)}"'
        f"{tooltip_attributes(citation, texts)}>〔{citation.marker}〕</a>"
    )


def _notes_html(answer: Answer, texts: Texts) -> str:
    if not answer.notes:
        return ""
    items = "".join(f"<li>{escape(note)}</li>" for note in answer.notes)
    return f'<div class="notes"><p class="notes-title">{escape(texts.notes)}</p><ul>{items}</ul></div>'


def _footer_html(turn: Turn, answer: Answer, texts: Texts) -> str:
    facts = [texts.duration(answer.latency_ms)] if answer.latency_ms > 0 else []
    if answer.citations:
        facts.insert(0, texts.answerers.get(answer.answerer, answer.answerer))
    judging = feedback_html(turn.turn_id, turn.said, texts) if turn.turn_id else ""
    return (
        f'<footer class="answer-footer">{copy_button(copied_answer(answer, texts), texts.copy_answer, texts)}'
        f"{_retry_button(texts)}{judging}"
        f'<span class="facts-line">{escape(" · ".join(fact for fact in facts if fact))}</span></footer>'
    )


def _retry_button(texts: Texts) -> str:
    return f'<button type="button" class="act retry">{escape(CHAT_TEXTS[texts.language].retry)}</button>'


def feedback_html(turn_id: str, said: Said | None, texts: Texts, *, opened: bool = False) -> str:
    """Return the form that judges an answer, with what was said of it before."""
    words = CHAT_TEXTS[texts.language]
    summary = words.judged.format(words.verdicts[said.verdict]) if said else words.judge
    choices = "".join(
        f'<label><input type="radio" name="verdict" value="{verdict}" required'
        f"{' checked' if said and said.verdict == verdict else ''}> {escape(label)}</label>"
        for verdict, label in words.verdicts.items()
    )
    withdraw = f'<button type="button" class="act withdraw">{escape(words.withdraw)}</button>' if said else ""
    return (
        f'<details class="feedback{" said" if said else ""}" data-turn="{escape(turn_id)}"{" open" if opened else ""}>'
        f'<summary>{escape(summary)}</summary><form><fieldset><legend class="sr-only">{escape(words.judge)}</legend>'
        f'{choices}</fieldset><label class="remark">{escape(words.remark)}'
        f'<textarea name="word" rows="2" maxlength="2000">{escape(said.word if said else "")}</textarea></label>'
        f'<div class="form-actions"><button type="submit" class="small">{escape(words.submit)}</button>{withdraw}</div>'
        f'<p class="form-error" role="alert"></p></form></details>'
    )


def copied_answer(answer: Answer, texts: Texts) -> str:
    """Return the answer as it is pasted elsewhere: its text, then each citation in its proper form."""
    if not answer.citations:
        return answer.text
    lines = [f"〔{citation.marker}〕{citation_line(citation, texts)}" for citation in answer.citations]
    return "\n".join([answer.text, "", texts.basis, *lines])


def evidence_html(
    turns: Sequence[Turn], texts: Texts, document_of: DocumentOf, *, mask: Callable[[str], str] = str
) -> str:
    """Return the evidence of every turn; the last one's is shown, others when a marker asks (answers.js)."""
    answered = [turn for turn in turns if turn.answer is not None]
    if not answered:
        return f'<p class="empty">{escape(texts.evidence_empty)}</p>'
    groups = []
    for turn in answered:
        hidden = "" if turn is answered[-1] else " hidden"
        groups.append(
            f'<section class="evidence" id="evidence-{turn.number}"{hidden}>'
            f"{_evidence_of(turn, texts, document_of, mask)}</section>"
        )
    return "".join(groups)


def _evidence_of(turn: Turn, texts: Texts, document_of: DocumentOf, mask: Callable[[str], str]) -> str:
    citations = turn.answer.citations if turn.answer is not None else ()
    head = f'<h2 class="evidence-of">{escape(texts.evidence_of.format(question=turn.question))}</h2>'
    if not citations:
        return f'{head}<p class="empty">{escape(texts.evidence_none)}</p>'
    return head + "".join(
        evidence_card(citation, document_of(citation.document_id), texts, turn=turn.number, mask=mask)
        for citation in citations
    )
