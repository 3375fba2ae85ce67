"""A sentence and a question in, the words shown out: without its number, cut to the clauses that answer, these marked."""

from __future__ import annotations

import re

from index.lexical import tokenize
from ingest.document import Document
from ingest.numbering import HAN_NUMERAL, read_mark
from qa.query import Query
from qa.shapes import INTENT_SHAPES

MAX_ANSWER = 120  # characters of an answer that is a sentence
USUAL_ANSWER = 80  # where a number, a day or a name is asked for
MAX_SUBJECT = 40
MAX_RULE = 200  # where the rule is told together with its exceptions, or a purpose with all its parts
FITTING = 0.35  # what a clause with the amount asked for is worth, as a share of the whole question
KIND_FITTING = (
    0.25  # the same for the kind of thing asked for, as a share of what the clause says of the question
)
LENGTH = 0.002  # what each character more costs, in shares of the question
FOCUS = 0.2  # what the words next to the question word count again
MORE = 0.08  # share of the question that the beginning of a sentence must add to stand before its clause
OPENS = 1.06  # a run that begins a sentence, or a part of one, reads better
CLAUSE = re.compile(r"[^，；。：]*[，；。：]?")
AMOUNT = re.compile(r"\d\s*(个?工作日|万?元|字|分钟|小时|天|人|次|%|米|公里|平方米|个月|岁)")
CONDITIONS = ("的，", "后，", "时，")  # 确需用餐的，…: a case, without what holds of it
CLOSING = ("。", "！", "？", "”", "）")
FIELD_LINE = re.compile(r"^([\u4e00-\u9fff]{2,8})[：:](.*)$", re.MULTILINE)  # 主责单位：区教委


def without_mark(document: Document, start: int, end: int) -> tuple[int, int]:
    """Return the span without the number that opens it (第四十七条 , （三）) and without spaces around it."""
    text = document.text[start:end]
    mark = read_mark(text)
    if mark and mark.length < len(text):
        start += mark.length
    while start < end and document.text[start].isspace():
        start += 1
    return start, end


def as_sentence(text: str) -> str:
    """Return the words as a sentence of their own: no comma or colon at its end but a full stop."""
    text = plain_note(text.strip()).rstrip("，；：,;:")
    return text if text.endswith(CLOSING) else text + "。"


def plain_note(text: str) -> str:
    """Return a footnote without its bracket: “七下”是指…, “四水三治”：四水：…; any other text as it is."""
    text = re.sub(r"^〔注：([^〕]+)〕(?=是?指|即|是)", r"“\1”", text)
    return re.sub(r"^〔注：([^〕]+)〕", r"“\1”：", text).removeprefix("〔注〕")


def share_of(text: str, terms: dict[str, float]) -> float:
    """Return the share of the question's terms, by weight, that the text names."""
    tokens = set(tokenize(text))
    return sum(weight for term, weight in terms.items() if term in tokens) / (sum(terms.values()) or 1.0)


def best_clauses(
    text: str, start: int, end: int, query: Query, terms: dict[str, float], *, limit: int
) -> tuple[int, int]:  # fmt: skip
    """Return the run of clauses that says most of what was asked, within `limit` characters."""
    spans = [(start + m.start(), start + m.end()) for m in CLAUSE.finditer(text[start:end]) if m[0].strip()]
    shape = query.shape or INTENT_SHAPES.get(query.intent)
    named = _unit_named(query)
    best, best_value = (0, 0), -1.0
    for first, (begin, _) in enumerate(spans):
        for last in range(first, len(spans)):
            stop = spans[last][1]
            if stop - begin > limit and last > first:
                break
            if last + 1 < len(spans) and text[begin:stop].endswith(CONDITIONS):
                continue
            value = share_of(text[begin:stop], terms) + FOCUS * focus_share(text[begin:stop], query)
            if named and named.search(text[begin:stop]):
                value += FITTING
            elif shape is not None and shape.search(text[begin:stop]):
                value += FITTING if query.shape else KIND_FITTING * value
            value *= OPENS if _opens(text, begin, start) else 1.0
            value -= LENGTH * (stop - begin)
            if value > best_value:
                best, best_value = (first, last), value
    return spans[best[0]][0], spans[best[1]][1]


def completed(text: str, start: int, end: int, last: int) -> tuple[int, int]:
    """Return the run of clauses with what holds of the case that it ends in: 经分管副区长同意后， goes on to 报区长审批."""
    while end < last and text[start:end].endswith(CONDITIONS):
        clause = CLAUSE.match(text, end, last)
        end = clause.end() if clause and clause.end() > end else last
    return start, end


def _unit_named(query: Query) -> re.Pattern[str] | None:
    """Return any amount of the unit that the question names an amount of (8000字上限), None where it names none."""
    match = AMOUNT.search(query.text)
    return re.compile(rf"[\d{HAN_NUMERAL[1:-1]}]\s*{match[1]}") if match else None


def focus_share(text: str, query: Query) -> float:
    """Return the share of the words next to the question word that the text names."""
    return sum(word in text for word in query.focus) / (len(query.focus) or 1)


def subject_of(text: str, start: int, begin: int, end: int, terms: dict[str, float]) -> str:
    """Return the first clause of a sentence for the clauses text[begin:end] of it, when that tells more of who or what.

    It is "" where they begin the sentence, or where its first clause is long or names nothing else of the question.
    """
    first = re.match(r"[^，；。：]*[，；：]", text[start:begin])
    if first is None or len(first[0]) > MAX_SUBJECT or len(first[0]) + end - begin > MAX_ANSWER:
        return ""
    more = share_of(first[0] + text[begin:end], terms) - share_of(text[begin:end], terms)
    apart = "" if start + first.end() == begin else "……"
    return first[0] + apart if more >= MORE else ""


def longest_answer(query: Query) -> int:
    """Return the characters that an answer of one sentence may have."""
    if query.intent in ("yes_no", "reason", "list", "procedure"):
        return MAX_RULE
    return USUAL_ANSWER if query.intent in ("number", "date", "who") else MAX_ANSWER


def _opens(text: str, begin: int, start: int) -> bool:
    return begin == start or text[begin - 1] in "；。"


def marks_of(text: str, start: int, end: int, query: Query) -> tuple[tuple[int, int], ...]:
    """Return the spans to mark in the quotation: the clauses that hold what is asked for (a number, a day), else all."""
    shape = query.shape or (INTENT_SHAPES[query.intent] if query.intent in ("number", "date") else None)
    clauses = [
        (start + m.start(), start + len(m[0].rstrip("，；。：")) + m.start())
        for m in CLAUSE.finditer(text[start:end])
    ]
    fitting = tuple((s, e) for s, e in clauses if shape and shape.search(text[s:e]))
    return fitting or ((start, end),)
