"""The evidence of one provision in, the words that answer out: a clause, a sentence, a whole list, a table row."""

from __future__ import annotations

import re

from index.lexical import tokenize
from ingest.document import Document, Provision
from ingest.numbering import read_mark
from qa.draft import Statement
from qa.evidence import Evidence, Sentence, sentences_of
from qa.query import Query
from qa.shapes import INTENT_SHAPES, SPAN_SHAPE

MAX_ANSWER = 120  # characters of an answer that is a sentence
FITTING = 0.35  # what a clause with the amount asked for is worth, as a share of the whole question
MAX_FIELD = 400
MAX_STEPS = 260  # of a procedure told in sentences
MAX_ITEM = 70  # of a list item before it is cut to its first sentence
MAX_LIST = 700
CLAUSE = re.compile(r"[^，；。：]*[，；。：]?")


def compose(document: Document, evidence: Evidence, query: Query, terms: dict[str, float]) -> Statement:
    """Return the statement that answers the question from the best sentence's provision."""
    sentence = evidence.sentence
    if sentence.provision.kind == "row":
        return _row(document, sentence)
    if evidence.defines:
        return _defining(document, sentence)
    if fields := asked_fields(document, sentence.provision, query):
        return _fields(document, sentence, fields)
    if query.intent in ("list", "procedure") or sentence.text.rstrip().endswith(("：", ":")):
        if listed := _list(document, sentence, terms) or _lines_below(document, sentence):
            return listed
    if query.intent == "procedure":
        return _passage(document, sentence)
    return _sentence(document, sentence, query, terms)


def _sentence(document: Document, sentence: Sentence, query: Query, terms: dict[str, float]) -> Statement:
    start, end = without_mark(document, sentence.start, sentence.end)
    if end - start > MAX_ANSWER:
        start, end = best_clauses(document.text, start, end, query, terms)
    marked = _marks(document.text, start, end, query)
    return Statement(
        _as_sentence(document.text[start:end]), document.document_id, sentence.start, sentence.end, marked
    )


def _as_sentence(text: str) -> str:
    text = plain_note(text.strip()).rstrip("，；：,;:")
    return text if text.endswith(("。", "！", "？", "”", "）")) else text + "。"


def plain_note(text: str) -> str:
    """Return a footnote without its bracket: “七下”是指…, “四水三治”：四水：…; any other text as it is."""
    text = re.sub(r"^〔注：([^〕]+)〕(?=是?指|即|是)", r"“\1”", text)
    return re.sub(r"^〔注：([^〕]+)〕", r"“\1”：", text).removeprefix("〔注〕")


def _defining(document: Document, sentence: Sentence) -> Statement:
    """Return a definition whole; a footnote without its bracket: “七下”是指…."""
    text = plain_note(sentence.text.strip())
    start, _ = without_mark(document, sentence.start, sentence.end)
    text = text if sentence.text.startswith("〔注") else document.text[start : sentence.end].strip()
    return Statement(
        text, document.document_id, sentence.start, sentence.end, ((sentence.start, sentence.end),)
    )


FIELD_LINE = re.compile(r"^([\u4e00-\u9fff]{2,8})[：:](.*)$", re.MULTILINE)
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
        if intent == query.intent or (intent == "date" and query.shape is SPAN_SHAPE):
            wanted += [
                (start, name) for start, name in lines if names.search(name) and (start, name) not in wanted
            ]
    starts = [start for start, _ in lines] + [len(provision.text) + 1]
    spans = [
        (provision.start + start, provision.start + min(s for s in starts if s > start) - 1)
        for start, _ in sorted(wanted)
    ]
    return [(s, min(e, s + MAX_FIELD)) for s, e in spans]


def _fields(document: Document, sentence: Sentence, spans: list[tuple[int, int]]) -> Statement:
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


def _lines_below(document: Document, sentence: Sentence) -> Statement | None:
    """Return the lines that an unnumbered “…：” opens, up to the next such line: names, appointments."""
    provision = sentence.provision
    if not sentence.text.rstrip().endswith(("：", ":", "任命", "免去", "决定")):
        return None
    end, lines = sentence.end, []
    for line in re.finditer(r"[^\n]+", document.text[sentence.end : provision.end]):
        if line[0].rstrip().endswith(("：", ":")) or not line[0].rstrip().endswith(("；", "。", ";")):
            break
        lines.append(line[0].strip())
        end = sentence.end + line.end()
    if not lines:
        return None
    return Statement(
        "\n".join([sentence.text.strip(), *lines]),
        document.document_id,
        sentence.start,
        end,
        ((sentence.end, end),),
    )


def without_mark(document: Document, start: int, end: int) -> tuple[int, int]:
    """Return the span without the number that opens it (第四十七条 , （三）) and without spaces around it."""
    text = document.text[start:end]
    mark = read_mark(text)
    if mark and mark.length < len(text):
        start += mark.length
    while start < end and document.text[start].isspace():
        start += 1
    return start, end


def best_clauses(
    text: str, start: int, end: int, query: Query, terms: dict[str, float], *, limit: int = MAX_ANSWER
) -> tuple[int, int]:
    """Return the run of clauses within `limit` characters that says most of what was asked."""
    clauses = [(start + m.start(), start + m.end()) for m in CLAUSE.finditer(text[start:end]) if m[0].strip()]
    shape = query.shape or INTENT_SHAPES.get(query.intent)

    total = sum(terms.values())

    def weight(first: int, last: int) -> float:
        piece = text[clauses[first][0] : clauses[last][1]]
        tokens = set(tokenize(piece))
        value = sum(w for t, w in terms.items() if t in tokens)
        fits = shape is not None and bool(shape.search(piece))
        return (value + (FITTING * total if query.shape else 0.25 * value)) if fits else value

    best, best_value = (0, 0), -1.0
    for first in range(len(clauses)):
        for last in range(first, len(clauses)):
            length = clauses[last][1] - clauses[first][0]
            if length > limit and last > first:
                break
            opens = 1.06 if first == 0 or text[clauses[first][0] - 1] in "；。" else 1.0
            value = weight(first, last) * opens - 0.002 * length
            if value > best_value:
                best, best_value = (first, last), value
    return clauses[best[0]][0], clauses[best[1]][1]


def _marks(text: str, start: int, end: int, query: Query) -> tuple[tuple[int, int], ...]:
    """Return the spans to mark in the quotation: the clauses that hold what is asked for (a number, a day), else all."""
    shape = query.shape or (INTENT_SHAPES[query.intent] if query.intent in ("number", "date") else None)
    clauses = [
        (start + m.start(), start + len(m[0].rstrip("，；。：")) + m.start())
        for m in CLAUSE.finditer(text[start:end])
    ]
    fitting = tuple((s, e) for s, e in clauses if shape and shape.search(text[s:e]))
    return fitting or ((start, end),)


def _list(document: Document, sentence: Sentence, terms: dict[str, float]) -> Statement | None:
    """Return the whole list that the sentence opens or stands in, None where there is none."""
    owner = _list_owner(document, sentence, terms)
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


def _list_owner(document: Document, sentence: Sentence, terms: dict[str, float]) -> Provision | None:
    """Return the provision whose list the sentence opens, or stands in when what opens it says more of the question."""
    provision = sentence.provision
    if children_of(document, provision):
        return provision
    by_id = {item.provision_id: item for item in document.provisions}
    parent = by_id.get(provision.parent or "")
    if parent is None:
        return None
    lead, own = set(tokenize(parent.text.split("\n", 1)[0])), set(tokenize(sentence.text))
    by_lead = sum(weight for token, weight in terms.items() if token in lead)
    by_item = sum(weight for token, weight in terms.items() if token in own)
    return parent if by_lead >= by_item else None


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


def _passage(document: Document, sentence: Sentence) -> Statement:
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


def _row(document: Document, sentence: Sentence) -> Statement:
    """Return a table row as 字段：值: the line of it that was asked for where the row has several."""
    provision = sentence.provision
    start, end = provision.start, provision.end
    if provision.text.count("\n") and end - start > MAX_STEPS:
        start = document.text.rfind("\n", provision.start, sentence.start) + 1 or provision.start
        stop = document.text.find("\n", sentence.end, provision.end)
        end = stop if stop >= 0 else provision.end
    start = max(start, provision.start)
    text = document.text[start:end].strip()
    return Statement(
        text, document.document_id, provision.start, provision.end, ((sentence.start, sentence.end),)
    )
