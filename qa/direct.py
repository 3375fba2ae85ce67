"""Questions that name what they want: a provision by its number, a document by its number, whether it still holds."""

from __future__ import annotations

import re
from datetime import date

from ingest.document import Document, Provision, Relation, Validity
from ingest.effect import find_effect
from ingest.numbering import ARTICLE, read_mark
from ingest.validity import ValidityIndex, ended_validity, ends
from qa.answer import ANSWERED, NOT_FOUND, WRONG_PREMISE
from qa.catalog import DOC_NO_ASKED, Catalog
from qa.clauses import without_mark
from qa.draft import Draft, Statement
from qa.query import CONTENT_ASKED, Label, Query

MAX_LOOKUP = 600
EFFECT_ASKED = re.compile(
    r"(?:哪一?天|何时|什么时候|几号|几月|哪年).{0,8}(?:施行|实施|执行|生效|算数|作数)|(?:施行|生效|实施|执行)的?(?:日期|时间)|come into (?:force|effect)|take effect"
)
EFFECT_CLAUSE = re.compile(r"自[^。\n]{2,24}起[^。\n]*(?:施行|实施|执行|实行|生效)")
REPEALS_WHAT = re.compile(r"(?:废止|取代|代替|替代|宣布失效)了?(?:的是)?(?:哪|什么|几|多少)")
STATUS_WORDS = {
    "in_force": "现行有效（语料中没有废止或宣布失效它的文件）",
    "repealed": "已废止",
    "invalidated": "已宣布失效",
    "expired": "已过有效期",
    "superseded": "已有新版",
    "not_yet": "尚未生效",
    "unknown": "效力未明（原文没有写明施行日期）",
}
CHANGE_WORDS = {"amends": "修改", "repeals": "废止", "invalidates": "宣布失效", "replaces": "代替"}


def document_name(document: Document) -> str:
    """Return 《title》（number）, with the year where there is no number."""
    tail = document.doc_no or (f"{document.issued_on.year}年" if document.issued_on else "")
    return f"《{document.title}》" + (f"（{tail}）" if tail else "")


def answer_lookup(query: Query, catalog: Catalog, candidates: list[Document]) -> Draft | None:
    """Answer 京平政发〔2023〕2号第四十一条 with the provision, a label that is not there with what is.

    None when no label is asked for, or when the question asks something about it that evidence must answer.
    """
    if not query.labels or not candidates:
        return None
    label = query.labels[0]
    for document in candidates:
        for name in label.names():
            provision = catalog.provision(document.document_id, name) or _by_tail(document, label)
            if provision:
                if not _asks_for_content(query):
                    return None
                return Draft(ANSWERED, (_whole(document, provision),))
    return _beyond_last(label, candidates[0])


def _asks_for_content(query: Query) -> bool:
    """京平政发〔2023〕2号第四十一条, …第四十一条讲什么: nothing but the place is named."""
    rest = re.sub(r"《[^》]*》", "", _without_numbers(query.text))
    rest = re.sub(
        r"第[^条项]{1,6}[条项](?:[（(].{1,3}[）)]项?)?|(?:19|20)\d\d年?版?|(?:人民)?政府|工作规则|规则|办法|北京市|区|的|是|请|查|看",
        "",
        rest,
    )
    for place, _ in query.places:
        rest = rest.replace(place, "")
    return bool(CONTENT_ASKED.search(query.text)) or len(re.sub(r"\W", "", rest)) <= 6


def _by_tail(document: Document, label: Label) -> Provision | None:
    """第28项 of a plan whose items are labelled 二、（二）28, when only one ends so."""
    if label.kind != "item":
        return None
    ends = [
        p for p in document.provisions if re.search(rf"(?<!\d){label.number}$|第{label.number}项$", p.label)
    ]
    return ends[0] if len(ends) == 1 else None


def _whole(document: Document, provision: Provision) -> Statement:
    start, end = without_mark(document, provision.start, provision.end)
    text = document.text[start:end].strip()
    shown = text if len(text) <= MAX_LOOKUP else text[:MAX_LOOKUP].rsplit("。", 1)[0] + "。……"
    return Statement(
        shown, document.document_id, provision.start, provision.end, ((start, end),), provision.label
    )


def _beyond_last(label: Label, document: Document) -> Draft | None:
    numbered = numbered_units(document, label.kind)
    if not numbered:
        return None
    last = max(numbered)
    provision = numbered[last]
    if label.number <= last and (not label.item or label.sub):
        return None
    asked = label.names()[0]
    if label.number <= last:
        text = f"{document_name(document)}{provision_name(label)}没有第{label.item}项。"
        provision = numbered[label.number]
    else:
        unit = {"article": "条", "item": "项", "chapter": "章"}[label.kind]
        text = f"{document_name(document)}没有{asked}：它共{last}{unit}，最后一{unit}是{provision.label}。"
    return Draft(WRONG_PREMISE, (Statement(text, document.document_id, provision.start, provision.end),))


def provision_name(label: Label) -> str:
    """Return the label without its item."""
    return Label(label.kind, label.number).names()[0]


def numbered_units(document: Document, kind: str) -> dict[int, Provision]:
    """Return a document's articles (第…条, or 一、二、… that count through), items (第N项) or chapters by number."""
    out = {}
    for provision in document.provisions:
        if kind == "chapter":
            if re.fullmatch(r"第[^章节条]+章", provision.label) and (mark := read_mark(provision.text)):
                out[mark.number] = provision
        elif kind == "item":
            if match := re.fullmatch(r"第(\d+)项", provision.label):
                out[int(match[1])] = provision
        elif re.fullmatch(r"第[^章节编]+条|[一二三四五六七八九十百零]+", provision.label):
            mark = read_mark(provision.text)
            if mark and (mark.scheme >= ARTICLE):
                out[mark.number] = provision
    return out


def answer_unknown_number(query: Query, catalog: Catalog, validity: ValidityIndex) -> Draft | None:
    """Say that a document number is not in the corpus, and what other documents say of it."""
    missing = [number for number in query.numbers if not number.documents]
    if not missing:
        return None
    known = validity.of_number(missing[0].doc_no, query.as_of)
    if known:
        state, relation = known
        name = (
            f"{_title_words(relation.target_title)}（{missing[0].doc_no}）"
            if relation.target_title
            else missing[0].doc_no
        )
        statement = _ended_statement(name, state, relation, catalog)
        status = WRONG_PREMISE if query.labels else ANSWERED
        return Draft(status, (statement,), notes=("该文件本身不在语料中，以上依据提到它的文件。",))
    same_year = [
        d.doc_no
        for d in catalog.documents
        if d.doc_no and d.doc_no.split("〔")[0] == missing[0].doc_no.split("〔")[0]
    ]
    notes = ("语料中同一发文字号的文件：" + "、".join(same_year[:12]),) if same_year else ()
    return Draft(WRONG_PREMISE, lead=f"语料中没有{missing[0].doc_no}。", notes=notes)


def answer_validity(
    query: Query, catalog: Catalog, validity: ValidityIndex, best: Document | None
) -> Draft | None:
    """Answer 还有效吗 from the relations and dates of the corpus, citing the provision that says so."""
    named = [
        catalog.by_id[i] for i in (query.documents if query.numbers else query.titles or query.editions) or ()
    ]
    holding = [d for d in named if validity.of(d, query.as_of).status == "in_force"]
    if len(query.years) > 1 and holding:  # 2019年的和2023年的，该照哪一份办
        return validity_draft(holding[0], catalog, validity, query.as_of)
    if not named:
        for title in re.findall(r"《([^》]+)》", query.text):
            if found := validity.of_title(title, query.as_of):
                state, relation = found
                return Draft(
                    ANSWERED, (_ended_statement(f"《{relation.target_title}》", state, relation, catalog),)
                )
    document = _version_asked(query, named) if named else best
    if document is None:
        return None
    if REPEALS_WHAT.search(query.text):
        repealed = repealed_by(document)
        return Draft(ANSWERED, repealed) if repealed else None
    return validity_draft(document, catalog, validity, query.as_of)


def _version_asked(query: Query, named: list[Document]) -> Document:
    dated = [d for d in named if d.issued_on and d.issued_on.year in query.years]
    return (dated or sorted(named, key=lambda d: str(d.issued_on)))[-1]


def validity_draft(document: Document, catalog: Catalog, validity: ValidityIndex, as_of: date) -> Draft:
    """Return whether `document` holds on `as_of`, with what says so."""
    state = validity.of(document, as_of)
    text = f"{document_name(document)}{_state_words(state)}。"
    statement = Statement(text, *_proof(document, state, catalog))
    changed = _changed(document, catalog, validity, as_of) if state.status in ("in_force", "not_yet") else ()
    return Draft(ANSWERED, (statement, *changed))


def _changed(
    document: Document, catalog: Catalog, validity: ValidityIndex, as_of: date
) -> tuple[Statement, ...]:
    """Return what others amended in the document or ended of its parts, a statement for each sentence that says so."""
    by_quote: dict[tuple[str, str], list[Relation]] = {}
    for relation in validity.changes(document, as_of):
        by_quote.setdefault((relation.document_id, relation.quote), []).append(relation)
    out = []
    for (source_id, quote), relations in by_quote.items():
        source = catalog.by_id[source_id]
        labels = "、".join(dict.fromkeys(r.target_label for r in relations if r.target_label))
        text = f"其中{labels or '部分内容'}已由{document_name(source)}{CHANGE_WORDS[relations[0].kind]}：“{_clause(quote)}”"
        out.append(Statement(text, source_id, *_span(source, quote)))
    return tuple(out)


def repealed_by(document: Document) -> tuple[Statement, ...]:
    """Return what a document repeals or invalidates, a statement for each sentence that says so."""
    by_quote: dict[str, list[str]] = {}
    for relation in filter(ends, document.relations):
        by_quote.setdefault(relation.quote, []).append(
            _relation_words(relation.target_title, relation.target_no)
        )
    return tuple(
        Statement(f"{'、'.join(names)}：{_clause(quote)}", document.document_id, *_span(document, quote))
        for quote, names in by_quote.items()
    )


def answer_relation(relation: Relation, catalog: Catalog) -> Draft:
    """Return what a relation says of its target: 《…》已宣布失效，自…起，依据…."""
    state = ended_validity(relation, catalog.by_id[relation.document_id])
    name = _relation_words(relation.target_title, relation.target_no)
    return Draft(ANSWERED, (_ended_statement(name, state, relation, catalog),))


def _clause(quote: str) -> str:
    return quote if len(quote) <= 160 else quote[:160] + "……"


def _ended_statement(name: str, state: Validity, relation: Relation, catalog: Catalog) -> Statement:
    """Return 《…》已废止，自…起，依据…：“…同时废止。”, resting on the sentence that says so."""
    source = catalog.by_id[relation.document_id]
    text = f"{name}{_ended_words(state)}：“{_clause(relation.quote)}”"
    return Statement(text, source.document_id, *_span(source, relation.quote))


def answer_issue(document: Document) -> Draft | None:
    """Answer when and by whom a document was issued, from its signature."""
    if document.issued_on is None:
        return None
    day = document.issued_on
    written = re.search(rf"{day.year}\s*年\s*{day.month}\s*月\s*{day.day}\s*日", document.text)
    if not written:
        return None
    start = document.text.rfind("\n", 0, max(written.start() - 1, 0)) + 1
    text = f"{document_name(document)}由{document.issuer or '发文机关'}于{_day(day)}印发。"
    return Draft(ANSWERED, (Statement(text, document.document_id, start, written.end(), (written.span(),)),))


def answer_effect(document: Document) -> Draft | None:
    """Answer from which day a document holds, with the clause that says so; None where it has neither."""
    start, end = _starts_to_hold(document)
    if document.effective_on is None or not EFFECT_CLAUSE.search(document.text[start:end]):
        return None
    text = f"{document_name(document)}自{_day(document.effective_on)}起施行：“{_clause(document.text[start:end].strip())}”"
    return Draft(ANSWERED, (Statement(text, document.document_id, start, end),))


def answer_document(query: Query, catalog: Catalog, validity: ValidityIndex) -> Draft | None:
    """Answer a question that is nothing but a document's number: what it is, by whom, when, whether it holds."""
    if (
        len(query.numbers) != 1
        or len(query.documents or ()) != 1
        or re.search(r"\w", _without_numbers(query.text))
    ):
        return None
    document = catalog.by_id[(query.documents or ("",))[0]]
    first = next(p for p in document.provisions if p.text)
    state = _state_words(validity.of(document, query.as_of))
    issued = f"，{_day(document.issued_on)}印发" if document.issued_on else ""
    text = f"{document_name(document)}，{document.issuer or '发文机关不详'}{issued}，{state}。"
    return Draft(ANSWERED, (Statement(text, document.document_id, first.start, first.end),))


def _without_numbers(text: str) -> str:
    return DOC_NO_ASKED.sub("", text)


def _proof(document: Document, state: Validity, catalog: Catalog) -> tuple[str, int, int]:
    """Return the place that says so: the provision of the validity, else the clause from which the document holds."""
    source = catalog.by_id[state.by_id] if state.by_id else document
    if state.provision_id:
        provision = next(p for p in source.provisions if p.provision_id == state.provision_id)
        return source.document_id, provision.start, provision.end
    return source.document_id, *_starts_to_hold(source)


def _starts_to_hold(document: Document) -> tuple[int, int]:
    """Return the span of the clause on taking effect, of the first provision where there is none."""
    if span := find_effect(document).start_span:
        return span
    first = document.provisions[0]
    return first.start, first.end


def _span(document: Document, quote: str) -> tuple[int, int]:
    start = document.text.find(quote)
    return start, start + len(quote)


def _state_words(state: Validity) -> str:
    if state.status == "in_force":
        since = f"，自{_day(state.since)}起施行" if state.since else ""
        return f"{STATUS_WORDS['in_force']}{since}"
    return _ended_words(state)


def _ended_words(state: Validity) -> str:
    word = STATUS_WORDS[state.status]
    by = (
        f"，依据{state.by}"
        if state.by and state.status != "superseded"
        else f"：{state.by}"
        if state.by
        else ""
    )
    since = f"，自{_day(state.since)}起" if state.since else ""
    return f"{word}{since}{by}"


def _relation_words(title: str | None, number: str | None) -> str:
    return (f"《{title}》" if title else "") + (f"（{number}）" if number and title else number or "")


def _title_words(title: str | None) -> str:
    return f"《{title}》" if title else ""


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def no_evidence(notes: tuple[str, ...]) -> Draft:
    """Return the refusal: nothing in the corpus supports an answer."""
    return Draft(NOT_FOUND, lead="语料中没有找到能回答这个问题的规定。", notes=notes)
