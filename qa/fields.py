"""A provision with fields (主责单位：…) or a table row in, the fields that the question asks for out, as 字段：值."""

from __future__ import annotations

import re

from ingest.document import Document, Provision
from qa.clauses import FIELD_LINE, MAX_ANSWER, without_mark
from qa.draft import Statement
from qa.query import INTENTS, Query
from qa.sentences import Sentence
from qa.shapes import SPAN_SHAPE

ASKED = dict(INTENTS)
MAX_FIELD = 400
MAX_ROW = 260  # characters of a row of several lines that is given whole
ROW_NAME = re.compile(r"[^：；]{1,12}：([^；]{4,})")
ASKED_FIELDS = (
    ("who", re.compile(r"单位|部门|责任|牵头|主责|负责|领导|组长|主任|成员|协办")),
    ("date", re.compile(r"时限|时间|期限|日期")),
)


def asked_fields(document: Document, provision: Provision, query: Query) -> list[tuple[int, int]]:
    """Return the spans of the lines 主责单位：…, 完成时限：… of a provision that the question asks for.

    A field named in the question counts, and for who and when those whose name says an office or a time.
    """
    lines = [(m.start(), m[1]) for m in FIELD_LINE.finditer(provision.text)]
    if not lines:
        return []
    wanted = [(start, name) for start, name in lines if name in query.text]
    for intent, names in ASKED_FIELDS:
        named = re.search(ASKED[intent], query.text)  # 归谁管，啥时候弄完: both
        if intent == query.intent or named or (intent == "date" and query.shape is SPAN_SHAPE):
            wanted += [
                (start, name) for start, name in lines if names.search(name) and (start, name) not in wanted
            ]
    starts = [start for start, _ in lines] + [len(provision.text) + 1]
    spans = [
        (provision.start + start, provision.start + min(s for s in starts if s > start) - 1)
        for start, _ in sorted(wanted)
    ]
    return [(s, min(e, s + MAX_FIELD)) for s, e in spans]


def names_row(question: str, sentence: Sentence) -> bool:
    """Say whether a question names a table row by what stands first in it, word for word: 点位：上纸寨老大队路口；…."""
    name = ROW_NAME.match(sentence.text)
    return sentence.provision.kind == "row" and name is not None and name[1].strip() in question


def fields_statement(document: Document, sentence: Sentence, spans: list[tuple[int, int]]) -> Statement:
    provision = sentence.provision
    texts = [document.text[start:end].strip() for start, end in spans]
    first_line = provision.text.split("\n", 1)[0]
    start, end = without_mark(document, provision.start, provision.start + len(first_line))
    about = document.text[start:end]
    lead = [] if FIELD_LINE.match(first_line) or len(about) > MAX_ANSWER else [about]
    return Statement(
        "\n".join([*lead, *texts]),
        document.document_id,
        provision.start,
        provision.end,
        tuple(spans),
        provision.label,
    )


def row_statement(document: Document, sentence: Sentence) -> Statement:
    """Return a table row as 字段：值: the line of it that was asked for where the row has several."""
    provision = sentence.provision
    start, end = provision.start, provision.end
    if provision.text.count("\n") and end - start > MAX_ROW:
        start = document.text.rfind("\n", provision.start, sentence.start) + 1 or provision.start
        stop = document.text.find("\n", sentence.end, provision.end)
        end = stop if stop >= 0 else provision.end
    start = max(start, provision.start)
    text = document.text[start:end].strip()
    return Statement(
        text, document.document_id, provision.start, provision.end, ((sentence.start, sentence.end),)
    )
