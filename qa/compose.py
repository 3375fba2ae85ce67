"""The evidence of one provision in, the words that answer out: a clause, a sentence, a whole list, a table row."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.lexical import tokenize
from ingest.document import Document, Provision
from ingest.numbering import read_mark
from qa.draft import Statement
from qa.evidence import SHAPES, Evidence, Sentence, sentences_of

MAX_ANSWER = 120  # characters of an answer that is a sentence
MAX_STEPS = 260  # of a procedure told in sentences
MAX_ITEM = 70  # of a list item before it is cut to its first sentence
MAX_LIST = 700
CLAUSE = re.compile(r"[^，；。：]*[，；。：]?")


def compose(
    document: Document, evidence: Evidence, intent: str, terms: dict[str, float], others: Sequence[Evidence]
) -> Statement:
    """Return the statement that answers a question of this intent from the best sentence's provision."""
    sentence = evidence.sentence
    if sentence.provision.kind == "row":
        return _row(document, sentence, terms)
    if intent in ("list", "procedure") or sentence.text.rstrip().endswith("："):
        listed = _list(document, sentence)
        if listed:
            return listed
    if intent == "procedure":
        return _passage(document, sentence, others)
    return _sentence(document, sentence, intent, terms)


def _sentence(document: Document, sentence: Sentence, intent: str, terms: dict[str, float]) -> Statement:
    start, end = without_mark(document, sentence.start, sentence.end)
    if end - start > MAX_ANSWER:
        start, end = _best_clauses(document.text, start, end, intent, terms)
    text = document.text[start:end].strip().rstrip("，；：")
    marked = _marks(document.text, start, end, intent)
    return Statement(text + ("" if text.endswith(("。", "！", "？", "”", "）")) else "。"), document.document_id,
                     sentence.start, sentence.end, marked)  # fmt: skip


def without_mark(document: Document, start: int, end: int) -> tuple[int, int]:
    """Return the span without the number that opens it (第四十七条 , （三）) and without spaces around it."""
    text = document.text[start:end]
    mark = read_mark(text)
    if mark and mark.length < len(text):
        start += mark.length
    while start < end and document.text[start].isspace():
        start += 1
    return start, end


def _best_clauses(text: str, start: int, end: int, intent: str, terms: dict[str, float]) -> tuple[int, int]:
    """Return the run of clauses within MAX_ANSWER characters that says most of what was asked."""
    clauses = [(start + m.start(), start + m.end()) for m in CLAUSE.finditer(text[start:end]) if m[0].strip()]
    shape = SHAPES.get(intent)

    def weight(first: int, last: int) -> float:
        piece = text[clauses[first][0] : clauses[last][1]]
        tokens = set(tokenize(piece))
        value = sum(w for t, w in terms.items() if t in tokens)
        return value * (1.15 if shape and shape.search(piece) else 1.0)

    best, best_value = (0, 0), -1.0
    for first in range(len(clauses)):
        for last in range(first, len(clauses)):
            length = clauses[last][1] - clauses[first][0]
            if length > MAX_ANSWER and last > first:
                break
            opens = 1.06 if first == 0 or text[clauses[first][0] - 1] in "；。" else 1.0
            value = weight(first, last) * opens - 0.002 * length
            if value > best_value:
                best, best_value = (first, last), value
    return clauses[best[0]][0], clauses[best[1]][1]


def _marks(text: str, start: int, end: int, intent: str) -> tuple[tuple[int, int], ...]:
    """Return the spans to mark in the quotation: the numbers or dates asked for, else the answering words whole."""
    if intent in ("number", "date"):
        found = [(start + m.start(), start + m.end()) for m in re.finditer(r"[前后内]?\d[\d.,—–-]*(?:[%％]|[\u4e00-\u9fff]{1,3})?", text[start:end])]
        if found:
            return tuple(found)
    return ((start, end),)


def _list(document: Document, sentence: Sentence) -> Statement | None:
    """Return the whole list that the sentence opens or stands in, None where there is none."""
    owner = _list_owner(document, sentence)
    if owner is None:
        return None
    items = children_of(document, owner)
    if len(items) < 2:
        return None
    end = max(owner.end, items[-1].end)
    lead = owner.text.split("\n", 1)[0]
    first, _ = without_mark(document, owner.start, owner.start + len(lead))
    lines = [document.text[first : owner.start + len(lead)].rstrip()]
    short = sum(len(item.text) for item in items) <= MAX_LIST
    lines += [_item_line(item, whole=short) for item in items]
    return Statement("\n".join(lines), document.document_id, owner.start, end,
                     tuple((item.start, item.end) for item in items), owner.label)  # fmt: skip


def _list_owner(document: Document, sentence: Sentence) -> Provision | None:
    by_id = {provision.provision_id: provision for provision in document.provisions}
    provision = sentence.provision
    if children_of(document, provision):
        return provision
    return by_id.get(provision.parent or "")


def children_of(document: Document, owner: Provision) -> list[Provision]:
    """Return the items of a provision, or the units right under a heading, in order."""
    items = [p for p in document.provisions if p.parent == owner.provision_id]
    if items or not owner.is_heading or not owner.heading:
        return items
    inner = (*owner.path, owner.heading)
    return [p for p in document.provisions if p.path == inner and p.parent is None and p.start >= owner.start]


def _item_line(item: Provision, *, whole: bool) -> str:
    text = item.text.split("\n", 1)[0] if not whole else item.text.replace("\n", "")
    if not whole and len(text) > MAX_ITEM:
        text = re.split(r"(?<=。)", text)[0]
        text = text if len(text) <= MAX_ITEM else text[:MAX_ITEM].rstrip("，、；") + "……"
    return text


def _passage(document: Document, sentence: Sentence, others: Sequence[Evidence]) -> Statement:
    """Return the sentence with those that follow it in its provision: steps in their order."""
    provision = sentence.provision
    end = sentence.end
    for following in sentences_of(document, sentence.end, provision.end):
        if following.end - sentence.start > MAX_STEPS or following.end > provision.end:
            break
        end = max(end, following.end)
    start, _ = without_mark(document, sentence.start, end)
    text = document.text[start:end].strip()
    return Statement(text, document.document_id, sentence.start, end, ((start, end),))


def _row(document: Document, sentence: Sentence, terms: dict[str, float]) -> Statement:
    """Return a table row as 字段：值: the line of it that was asked for where the row has several."""
    provision = sentence.provision
    start, end = provision.start, provision.end
    if provision.text.count("\n") and end - start > MAX_STEPS:
        start = document.text.rfind("\n", provision.start, sentence.start) + 1 or provision.start
        stop = document.text.find("\n", sentence.end, provision.end)
        end = stop if stop >= 0 else provision.end
    start = max(start, provision.start)
    text = document.text[start:end].strip()
    return Statement(text, document.document_id, provision.start, provision.end, ((sentence.start, sentence.end),))
