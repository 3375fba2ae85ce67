"""What a question takes for granted in figures, against the same thing in the evidence: 25项 against 19项, 周五 against 周一."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.document import Document
from qa.amounts import Amount, amounts_of, readable
from qa.evidence import Evidence
from qa.query import FUNCTION_WORDS, Query
from qa.words import words_of

WHY = re.compile(r"为什么|为何|为啥|因为啥|因为什么|干嘛|干吗|凭什么|凭啥|怎么会|原因|理由|why|reason")
ASKS_AMOUNT = re.compile(r"几|多少|多久|哪|how (?:many|much|often|long)|which")
STRESSED = re.compile(r"上限|下限|最[高多低少长短大迟晚早]|至[多少]|不[得能]?[超少低高]|只|限")
OWN_CASE = re.compile(r"我|假如|假设|如果|要是|倘若|若是|万一|\bmy\b|\bif\b")
ABOUT = re.compile(r"[一二三四五六七八九]{2}(?![十百千万〇零])")  # 三四个, 三四轮: no exact figure
RANGE = re.compile(r"[至到\-—~～―－]+|to|and|until")
COUNTED = frozenset("个项条份件户人辆套处级批类种层次名家方面")  # what is counted stands behind them
HAN = re.compile(r"[\u4e00-\u9fff]")
CLAUSE_END = re.compile(r"[，,。；;？?]")
ENGLISH = re.compile(r"[a-z]{2,} [a-z]{2,}")
FIRST = 3  # evidence looked at
NEAR_WORDS = 2  # content words looked at on each side of an amount


@dataclass(frozen=True)
class Contradiction:
    """Words of the question that the sentence of `evidence` tells otherwise."""

    wrong: str
    evidence: Evidence
    told: str = ""  # a figure that the quotation must hold, as `readable` has it


def told_otherwise(
    query: Query, found: Sequence[Evidence], documents: dict[str, Document]
) -> Contradiction | None:
    """Return the first amount that the question states and the best evidence has otherwise; None where none is.

    An amount counts as the same thing where the words beside it in the question stand in the same part of the sentence;
    in the best sentence any amount of its kind does, but for things counted.
    """
    text = readable(query.text)
    best = amounts_of(readable(_around(found[0])))
    for amount in _stated(query, text):
        if any(amount.agrees(told) for told in best if told.kind == amount.kind):
            continue
        for evidence in found[:FIRST]:
            document = documents[evidence.sentence.document_id]
            if told := _told_instead(amount, text, evidence, document, first=evidence is found[0]):
                return Contradiction(amount.words, evidence, told.words)
    return None


def _around(evidence: Evidence) -> str:
    return f"{evidence.sentence.provision.text}{evidence.hit.chunk.context}"


def amount_besides(query: Query, evidence: Evidence) -> str | None:
    """Return an amount that the question states where the sentence has others of its kind, whatever stands beside them."""
    text = readable(query.text)
    whole = amounts_of(readable(_around(evidence)))
    for amount in _stated(query, text):
        alike = [told for told in whole if told.kind == amount.kind]
        if alike and not any(amount.agrees(told) for told in alike):
            return amount.words
    return None


def _stated(query: Query, text: str) -> Iterable[Amount]:
    """Yield the amounts that the question takes for granted, not those of the asker's own case."""
    if query.intent == "yes_no" or OWN_CASE.search(text):
        return
    stated = amounts_of(text)
    for amount in stated:
        if any(_is_other_case(one, amount, text) for one in stated):
            continue
        before, behind = (
            text[max(0, amount.start - 2) : amount.start],
            CLAUSE_END.split(text[amount.end : amount.end + 6])[0],
        )
        if ABOUT.match(amount.words):
            continue
        one = amount.words.startswith(("一", "1个")) and amount.kind in ("次", "time", "span", "个")
        asks = ASKS_AMOUNT.search(before) or (amount.kind == "rate" and ASKS_AMOUNT.search(behind + before))
        if not (asks or (one and not WHY.search(text))):
            yield amount


def _is_other_case(one: Amount, other: Amount, text: str) -> bool:
    """Say whether a question names both amounts as cases: 一层的和两层的; not the ends of a range (9:00至22:00)."""
    first, last = sorted((one, other), key=lambda amount: amount.start)
    between = text[first.end : last.start]
    return one.kind == other.kind and not one.agrees(other) and not RANGE.fullmatch(between.strip())


def _told_instead(
    amount: Amount, question: str, evidence: Evidence, document: Document, *, first: bool
) -> Amount | None:
    """Return the amount that the sentence has in the place of the question's, None where it has none or the same."""
    sentence = evidence.sentence
    unit = "%" if sentence.provision.kind == "row" and "%" in amount.words and "%" in sentence.text else ""
    told = [t for t in amounts_of(readable(sentence.text), unit=unit) if t.kind == amount.kind]
    whole = amounts_of(readable(_around(evidence)), unit=unit)
    if not told or any(amount.agrees(t) for t in whole if t.kind == amount.kind):
        return None
    if amount.kind == "date":
        return told[0] if first and _is_another_day(amount, document, told) else None
    if ENGLISH.search(question) and not HAN.search(question):  # no word of it stands in the text
        return told[0] if first and amount.kind == "rate" and len(told) == 1 else None
    beside = _beside(question, amount)
    text = readable(sentence.text)
    same = [t for t in told if _same_thing(beside, amount, text, t)]
    if any(_lies_within(amount, question, t) for t in same or told):
        return None
    return same[0] if same else told[0] if first and amount.kind not in COUNTED else None


def _is_another_day(amount: Amount, document: Document, told: Sequence[Amount]) -> bool:
    """A full day of the question that is neither the document's nor near any that the sentence names."""
    assert isinstance(amount.value, tuple)
    own = [d for d in (document.issued_on, document.effective_on) if d]
    known = any(amount.value == (day.year, day.month, day.day) for day in own)
    return (
        None not in amount.value
        and not known
        and all(isinstance(t.value, tuple) and t.value[2] for t in told)
    )


def _beside(question: str, amount: Amount) -> tuple[list[str], list[str]]:
    """Return the content words next to an amount, the nearest first: those before it, those behind it.

    Of an English question these are the last words of the Chinese terms that it quotes.
    """
    if ENGLISH.search(question) and (terms := re.findall(r"[\u4e00-\u9fff]{3,}", question)):
        return [words_of(term)[-1] for term in terms], []
    start = max((question.rfind(mark, 0, amount.start) for mark in "，,。；;？?"), default=-1) + 1
    stop = re.search(r"[，,。；;？?]", question[amount.end :])
    end = amount.end + stop.start() if stop else len(question)
    before = [w for w in words_of(question[start : amount.start]) if _says(w)]
    behind = [w for w in words_of(question[amount.end : end]) if _says(w)]
    return before[::-1][:NEAR_WORDS], behind[:NEAR_WORDS]


def _says(word: str) -> bool:
    return (
        len(word) > 1
        and word not in FUNCTION_WORDS
        and not STRESSED.fullmatch(word)
        and not WHY.search(word)
        and not ASKS_AMOUNT.search(word)
    )


def _same_thing(beside: tuple[list[str], list[str]], amount: Amount, text: str, told: Amount) -> bool:
    start = (
        max(text.rfind("；", 0, told.start), text.rfind(";", 0, told.start), text.rfind("。", 0, told.start))
        + 1
    )
    stop = re.search(r"[；;。]", text[told.end :])
    part = text[start : told.end + stop.start() if stop else len(text)]
    before, behind = beside
    if amount.kind in COUNTED and behind:  # 6个暖心驿站: what is counted must be the same
        return behind[0] in part or (amount.kind == "个" and "方面" in amount.words and "方面" in told.words)
    return any(word in part for word in (*before, *behind))


def _lies_within(amount: Amount, question: str, told: Amount) -> bool:
    """Two years are within 满1年后, three days within 5日内: a case of the rule, unless the question states a limit."""
    if isinstance(amount.value, tuple) or isinstance(told.value, tuple) or WHY.search(question):
        return False
    if STRESSED.search(question[max(0, amount.start - 4) : amount.end + 3]):
        return False
    more, less = told.bound in ("least", "over", "after"), told.bound in ("most", "under")
    return (more and amount.value >= told.value) or (less and amount.value <= told.value)
