"""The sentence that opens a list, or stands in one, in; the whole list out: items, headings, lines, bracketed terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ingest.document import Document, Provision
from ingest.numbering import HAN_NUMERAL
from ingest.numerals import parse_numeral
from qa.clauses import share_of, without_mark
from qa.draft import Statement
from qa.evidence import Evidence
from qa.query import Query
from qa.sentences import Sentence, sentences_of

MAX_LIST = 700  # characters of the items that are given whole
MAX_ITEM = 70  # of a list item before it is cut to its first sentence
MAX_HEADING = 40
MANY = 4  # items with headings of their own, of which the headings are enough
COUNTED = 12  # best sentences among which the list of as many items as the question says is looked for
LIST_ASKED = re.compile(r"哪些|哪几|哪\d|有什么|都有啥|清单|目录|名单|what are|which .*s\b")
MEASURE = r"[大个项条类种方位名家件处步包级点]"
# Those after 哪, else those of bare keywords: 门前三包 三项内容.
COUNT_ASKED = (
    re.compile(rf"哪({HAN_NUMERAL}{{1,3}}|\d{{1,2}})\s*{MEASURE}"),
    re.compile(rf"[的，\s]({HAN_NUMERAL}{{1,3}}|\d{{1,2}})\s*{MEASURE}"),
)


def asks_list(query: Query) -> bool:
    """Say whether a list, whatever else it is taken for, would answer the question."""
    return query.intent in ("list", "procedure") or bool(LIST_ASKED.search(query.text))


def opens_list(text: str) -> bool:
    """Say whether a sentence ends as one that others follow: …主要任务是："""
    return text.rstrip().endswith(("：", ":"))


def list_of(
    document: Document,
    sentence: Sentence,
    query: Query,
    terms: dict[str, float],
    near: Sequence[Evidence] = (),
) -> Statement | None:
    """Return the whole list that the sentence opens or stands in, None where there is none.

    `near` is further evidence: where the question says how many it asks for (哪三包), the list of so many is meant.
    """
    owner = _of_count(document, sentence, query, near) or _owner(document, sentence, query, terms)
    if owner is None:
        return None
    items = children_of(document, owner)
    if len(items) < 2:
        return None
    opening = owner.text.split("\n", 1)[0]
    start, _ = without_mark(document, owner.start, owner.start + len(opening))
    lead = document.text[start : owner.start + len(opening)].rstrip()
    text = "\n".join([lead, *item_lines(items, whole=query.intent == "procedure")])
    marked = tuple((item.start, item.end) for item in items)
    end = max(owner.end, items[-1].end)
    return Statement(text, document.document_id, owner.start, end, marked, owner.label)


def _owner(document: Document, sentence: Sentence, query: Query, terms: dict[str, float]) -> Provision | None:
    """Return the provision whose list the sentence opens, or stands in when what opens it says more of the question."""
    provision = sentence.provision
    if items := children_of(document, provision):
        lead = document.text[_lead_start(document, provision, items[0]) : items[0].start]
        beside = sentence.start < items[0].start and lead.strip() not in sentence.text
        # 会议由区长召集。会议的主要任务是：… who attends is not asked of the list.
        return None if beside and _says_less(lead, sentence.text, query, terms) else provision
    parent = next((p for p in document.provisions if p.provision_id == provision.parent), None)
    if parent is None or not parent.text:
        return None
    by_lead = share_of(parent.text.split("\n", 1)[0], terms)
    opens = by_lead > 0 or query.intent == "list"
    return parent if opens and by_lead >= share_of(sentence.text, terms) else None


def _says_less(lead: str, sentence: str, query: Query, terms: dict[str, float]) -> bool:
    """Say whether the words that open a list name less of what is asked for than the sentence beside it."""
    by_lead, by_sentence = (sum(word in text for word in query.focus) for text in (lead, sentence))
    if by_lead != by_sentence:
        return by_lead < by_sentence
    return share_of(lead, terms) < share_of(sentence, terms)


def _of_count(
    document: Document, sentence: Sentence, query: Query, near: Sequence[Evidence]
) -> Provision | None:
    """Return the list of as many items as the question asks for, the nearest to what was found; None without a count."""
    count = asked_count(query.text)
    if count < 2:
        return None
    by_id = {p.provision_id: p for p in document.provisions}
    sentences = [sentence, *(e.sentence for e in near[:COUNTED])]
    for provision in (s.provision for s in sentences if s.document_id == document.document_id):
        parent = by_id.get(provision.parent or "")
        for owner in (provision, *([parent] if parent else []), *children_of(document, provision)):
            if len(children_of(document, owner)) == count:
                return owner
    return None


def asked_count(text: str) -> int:
    """Return how many things the question says it asks for (哪三包: 3), 0 where it does not say."""
    match = next((m for pattern in COUNT_ASKED if (m := pattern.search(text))), None)
    return (int(match[1]) if match[1].isdigit() else parse_numeral(match[1]) or 0) if match else 0


def _lead_start(document: Document, owner: Provision, first: Provision) -> int:
    """Return where the words begin that open the items: the last sentence before them."""
    if owner.is_heading or first.start >= owner.end:
        return owner.start
    before = [s for s in sentences_of(document, owner.start, first.start) if s.start < first.start]
    return max((s.start for s in before), default=owner.start)


def children_of(document: Document, owner: Provision) -> list[Provision]:
    """Return the items of a provision, or the units right under a heading, in order."""
    items = [p for p in document.provisions if p.parent == owner.provision_id]
    if items or not owner.is_heading or not owner.heading:
        return items
    inner = (*owner.path, owner.heading)
    return [p for p in document.provisions if p.path == inner and p.parent is None and p.start >= owner.start]


def item_lines(items: Sequence[Provision], *, whole: bool = False) -> list[str]:
    """Return a line for each item: whole where they are short together, else its heading or first sentence."""
    total = sum(len(item.text) for item in items)
    headings = all(_headed(item) for item in items)
    if total > MAX_LIST or (headings and not whole and len(items) >= MANY and total > MAX_LIST // 2):
        return [_short(item) for item in items]
    joint = "：" if headings else ""
    return [item.text.replace("\n", joint, 1).replace("\n", "") for item in items]


def _headed(item: Provision) -> bool:
    first, _, rest = item.text.partition("\n")
    return bool(rest) and len(first) <= MAX_HEADING and not first.rstrip().endswith(("。", "；", "：", "，"))


def _short(item: Provision) -> str:
    text = item.text.split("\n", 1)[0]
    if len(text) <= MAX_ITEM:
        return text
    text = re.split(r"(?<=。)", text)[0]
    return text if len(text) <= MAX_ITEM else text[:MAX_ITEM].rstrip("，、；") + "……"


def lines_below(document: Document, sentence: Sentence) -> Statement | None:
    """Return the lines that an unnumbered “…：” opens, up to the next such line: names, appointments."""
    provision = sentence.provision
    if not sentence.text.rstrip().endswith(("：", ":", "任命", "免去", "决定")):
        return None
    lines, end = [], sentence.end
    for start, stop in _lines(document.text, sentence.end, provision.end):
        line = document.text[start:stop].rstrip()
        if line.endswith(("：", ":")) or not line.endswith(("；", "。", ";")):
            break
        lines.append(line.strip())
        end = stop
    if not lines:
        return None
    text = "\n".join([sentence.text.strip(), *lines])
    return Statement(text, document.document_id, sentence.start, end, ((sentence.end, end),))


def _lines(text: str, start: int, end: int) -> Iterable[tuple[int, int]]:
    for match in re.finditer(r"[^\n]+", text[start:end]):
        yield start + match.start(), start + match.end()
