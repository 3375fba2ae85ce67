"""The answer before in, the item of its list out: 第二项是什么？ 最后一项呢？"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.document import Document, Provision
from qa.answer import ANSWERED, WRONG_PREMISE
from qa.clauses import without_mark
from qa.draft import Draft, Statement
from qa.listing import children_of
from qa.sentences import smallest_provision

# Marks of a list inside a sentence or a paragraph: 一是…；二是…, 1.…2.…, ①…②…, （1）…
INLINE_MARKS = (
    re.compile(r"(?:^|(?<=[。；：，\n]))第?[一二三四五六七八九十]{1,2}是"),
    re.compile(r"[（(]\d{1,2}[）)]"),
    re.compile(r"[①②③④⑤⑥⑦⑧⑨⑩]"),
    re.compile(r"(?:^|(?<=[。；：\n]))\d{1,2}[.．、](?!\d)"),
)
ENUMERATED = re.compile(
    r"(?:包括|分为|分别[是为]|即|有|由|：)([^。；：]{2,40}(?:、[^。；：、]{1,40}){1,}[^。；：]*)"
)

ANNEX_ITEM = re.compile(r"附件\d* .*?(?:\d+|[一二三四五六七八九十])项?$")


@dataclass(frozen=True)
class Item:
    """One item of a list: document.text[start:end], with the label to cite."""

    document_id: str
    start: int
    end: int
    label: str | None = None


def items_of(draft: Draft, documents: dict[str, Document]) -> list[Item]:
    """Return the items of the list that an answer gives or stands in: provisions, statements, parts of a sentence."""
    if len(draft.statements) > 1:
        return [Item(s.document_id, s.start, s.end, s.label) for s in draft.statements]
    if not draft.statements:
        return []
    statement = draft.statements[0]
    document = documents[statement.document_id]
    provision = _provision_of(statement, document)
    children = children_of(document, provision)
    if len(children) < 2 and provision.parent:
        owner = next(p for p in document.provisions if p.provision_id == provision.parent)
        children = children_of(document, owner)
    if len(children) > 1:
        return [Item(document.document_id, p.start, p.end, p.label) for p in children]
    whole = Statement("", document.document_id, provision.start, provision.end)
    return _inline(document, statement) or _inline(document, whole) or _annexed(document, provision)


def item_draft(items: list[Item], number: int, documents: dict[str, Document]) -> Draft:
    """Return the item of that number (-1 is the last); that there is none where the list is shorter."""
    document = documents[items[0].document_id]
    if number > len(items):
        first, last = items[0], items[-1]
        text = f"上文所引的内容共{len(items)}项，没有第{number}项。"
        return Draft(
            WRONG_PREMISE, (Statement(text, document.document_id, first.start, max(first.end, last.end)),)
        )
    item = items[number - 1 if number > 0 else number]
    document = documents[item.document_id]
    start, end = without_mark(document, item.start, item.end)
    text = document.text[start:end].strip().rstrip("；;、，,")
    return Draft(
        ANSWERED, (Statement(text, item.document_id, item.start, item.end, ((start, end),), item.label),)
    )


def _annexed(document: Document, provision: Provision) -> list[Item]:
    """Return the items of the first annex that is a list: the numbered provisions of one path."""
    numbered = [p for p in document.provisions if ANNEX_ITEM.match(p.label) and p.start > provision.start]
    first = [p for p in numbered if p.path == numbered[0].path and p.parent == numbered[0].parent]
    return [Item(document.document_id, p.start, p.end, p.label) for p in first] if len(first) > 1 else []


def _provision_of(statement: Statement, document: Document) -> Provision:
    """Return the provision that a statement quotes: the one of its label that begins there, else the smallest around it."""
    labelled = [p for p in document.provisions if p.start == statement.start and p.label == statement.label]
    return labelled[0] if labelled else smallest_provision(document, statement.start, statement.end)


def _inline(document: Document, statement: Statement) -> list[Item]:
    """Return the parts of a list that is written in a sentence."""
    text = document.text[statement.start : statement.end]
    for mark in INLINE_MARKS:
        starts = [match.start() for match in mark.finditer(text)]
        if len(starts) > 1:
            ends = [*starts[1:], len(text)]
            return [_part(document, statement, s, e) for s, e in zip(starts, ends, strict=True)]
    if listed := ENUMERATED.search(text):
        return [
            _part(document, statement, listed.start(1) + part.start(1), listed.start(1) + part.end(1))
            for part in re.finditer(r"(?:和|、)?([^、]+?)(?=、|和(?=[^、]*$)|$)", listed[1])
        ]
    return []


def _part(document: Document, statement: Statement, start: int, end: int) -> Item:
    return Item(document.document_id, statement.start + start, statement.start + end)
