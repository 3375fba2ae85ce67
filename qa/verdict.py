"""The rule that answers whether something is allowed in, the rule with its exception and 可以 / 不可以 / 视情况 out."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.document import Document
from qa.clauses import CLAUSE
from qa.draft import Statement
from qa.query import Query
from qa.sentences import Sentence, sentences_of
from qa.words import words_of

MAX_TOGETHER = 260  # characters of a rule and its exception
EXCEPTION = re.compile(
    r"\s*(?:但|确[需因有]|因.{0,8}(?:特殊|紧急|需要)|[如若遇]?有?特殊情况|特殊情况|除.{1,30}外|经.{1,20}(?:批准|同意|审批))"
)
CONDITION = re.compile(
    r"除.{1,40}?(?:外|以外)[，,]|但(?!是否)|确[需因有]|特殊情况|紧急|必要时|原则上|未经|委托|授权|除非"
    r"|经.{0,20}(?:批准|同意|审批|审核|许可|备案)|符合.{1,20}(?:条件|规定)"
)
# It holds of some cases only, and the one asked about may be none of them.
CASE = re.compile(r"(?:的|时|后|前|期间|情况下)[，,]")
MAY = re.compile(
    r"能不能|可不可以|可否|能否|是否(?:可以|允许|能够?|准许)|允不允许|准不准|(?<![不许认功职])(?:可以|能够|能|允许|准许|可)(?!力)"
)
MAY_AT_END = re.compile(
    r"(?:可不可以|行不行|是否(?:允许|可以)|可以吗|行吗|允许吗|能行吗|可以么|可行吗|合规吗|行么)[？?\s]*$"
)
NEGATIVE = re.compile(
    r"(?<![能可])不(?:能|可以|可|得|许|准|允许|让|用|需要?|应)|禁止|严禁|必须|应该|需要|要不要"
)
NEVER = re.compile(r"不得|不能|不可以?|严禁|禁止|不予|不准|不允许|不许|不再|一律不|无效")
ALLOWED = re.compile(r"(?<![不许认])(?:可以|可(?!能)|允许|准予|能够)")


def with_exceptions(document: Document, sentence: Sentence, query: Query, told: Statement) -> Statement:
    """Return the rule with the sentence that makes an exception to it, and the verdict in front where the text settles it."""
    for following in sentences_of(document, sentence.end, sentence.provision.end):
        if following.start < told.end:
            continue
        text = f"{told.text}{following.text.strip()}"
        if EXCEPTION.match(following.text) and len(text) <= MAX_TOGETHER:
            marked = (*told.marked, (following.start, following.end))
            told = replace(told, text=text, end=following.end, marked=marked)
        break
    verdict = verdict_of(query, told.text)
    return replace(told, text=f"{verdict}：{told.text}") if verdict else told


def verdict_of(query: Query, rule: str) -> str:
    """Return 可以, 不可以 or 视情况 when the rule says so of the very thing asked about, else "".

    The clause that allows or forbids must name the act in the question's own words, behind 可以 or 不得.
    """
    act = _act(query.text)
    parts = re.findall(r"[^；。]+[；。]?", rule)
    for part, after in zip(parts, [*parts[1:], ""], strict=True):
        clause = next((c for c in CLAUSE.findall(part) if act and _is_of(c, act)), None)
        if clause is None:
            continue
        if CONDITION.search(part) or EXCEPTION.match(after):
            return "视情况"
        if CASE.search(part):
            return ""
        return "不可以" if NEVER.search(clause) else "可以"
    return ""


def _is_of(clause: str, act: tuple[str, ...]) -> bool:
    """Say whether a clause allows or forbids the act: its last word follows there, and half of its words stand there."""
    modal = NEVER.search(clause) or ALLOWED.search(clause)
    named = sum(word in clause for word in act)
    return modal is not None and act[-1] in clause[modal.end() :] and 2 * named >= len(act)


def _act(text: str) -> tuple[str, ...]:
    """Return the words of what the question asks leave for, the last the surest; none where it asks for no leave.

    Before 可以吗 the last word may be any object (我自己递公文行吗): it counts with the word in front of it.
    """
    at_end = MAY_AT_END.search(text)
    if NEGATIVE.search(re.sub(r"能不能|可不可以|行不行|允不允许|准不准", "", text)):
        return ()
    if at_end:
        *_, before, last = ("", "", *words_of(text[: at_end.start()]))
        return (last if len(last) > 2 else before + last,)
    may = MAY.search(text)
    if may is None or not re.search(r"[吗么嘛]|能不能|可不可以|可否|能否|是否|允不允许|准不准", text):
        return ()
    return tuple(word for word in words_of(text[may.end() :]) if len(word) > 1)
