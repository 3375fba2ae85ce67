"""Questions that name what they want: a provision or a document by its number, the day of issue or of effect."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.document import Document, Provision
from ingest.effect import find_effect
from ingest.numbering import ARTICLE, HAN_NUMERAL, read_mark
from ingest.numerals import parse_numeral
from ingest.validity import ValidityIndex
from qa.answer import ANSWERED, NOT_FOUND, WRONG_PREMISE
from qa.catalog import DOC_NO_ASKED, KIND_WORDS, Catalog
from qa.clauses import without_mark
from qa.draft import Draft, Statement
from qa.naming import day_words, document_name, shortened, state_words
from qa.query import CONTENT_ASKED, Label, Query

MAX_LOOKUP = 600
EFFECT_ASKED = re.compile(
    r"(?:哪一?天|何时|什么时候|几号|几月|哪年)(?:(?!停止|不再|终止|有效).){0,8}(?:施行|实施|实行|执行|生效|算数|作数)|(?:施行|生效|实施|执行)的?(?:日期|时间)|come into (?:force|effect)|take effect"
)
NAMED = "|".join((*KIND_WORDS, "通告", "通知", "方案", "意见", "决定", "计划", "文件"))
# When documents were issued or take effect, or which of them first; not when what they rule on happens.
DAY_OF_DOCUMENTS = re.compile(
    rf"(?:{NAMED}|[版号》])[^，。？]{{0,6}}(?:哪|何时|什么时候|几[月号时]|先|早|晚)[^，。？]{{0,8}}(?P<act>印发|发布|公布|出台|发文|施行|实施|执行|实行|生效)"
    rf"|(?:{NAMED}|[版号》])[^，。？]{{0,10}}(?P<done>印发|发布|公布|出台|发文|施行|实施|执行|实行|生效)[的得]?(?:日期|时间|[更最]?[早晚先])"
)
ATTACHMENT_NUMBER = r"\d{1,2}(?:-\d{1,2})?"  # 2, 1-7
# 附件2, 附件2是什么, 附件1-7的标题: nothing is asked but what the attachment is.
ATTACHMENT_ASKED = re.compile(
    rf"附件\s*(?P<number>{ATTACHMENT_NUMBER}|{HAN_NUMERAL}{{1,2}})\s*的?(?:内容|标题|名称|题目|名字)?\s*(?:是|叫|讲|说|写)?[了的]?(?:什么|啥|哪个|哪一个)?(?:内容|文件|东西|名字)?\s*[？?。]?$"
    rf"|what (?:is|does) (?:annex|appendix|attachment) (?P<english>{ATTACHMENT_NUMBER})\b",
    re.I,
)
ATTACHMENT = re.compile(r"附件\d+(?:-\d+)?")  # at the beginning of a label
ISSUED = ("印发", "发布", "公布", "出台", "发文")
EFFECT_CLAUSE = re.compile(r"自[^。\n]{2,24}起[^。\n]*(?:施行|实施|执行|实行|生效)")


def answer_lookup(
    query: Query, catalog: Catalog, candidates: list[Document], *, under: str = ""
) -> Draft | None:
    """Answer 京平政发〔2023〕2号第四十一条 with the provision, a label that is not there with what is.

    `under`: the table whose items are meant (附件6). None when no label is asked for, or when the question asks something
    about it that evidence must answer.
    """
    if not query.labels or not candidates:
        return None
    label = query.labels[0]
    if not under and (within := re.search(rf"附件\s*{ATTACHMENT_NUMBER}(?=\s*的?第)", query.text)):
        under = re.sub(r"\s", "", within[0])
    for document in candidates:
        for name in label.names():
            provision = catalog.provision(document.document_id, f"{under} {name}".strip()) or (
                None if under else _by_tail(document, label)
            )
            if provision:
                if not _asks_for_content(query):
                    return None
                return Draft(ANSWERED, (_whole(document, provision),))
    return _beyond_last(label, candidates[0], under)


def answer_attachment(query: Query, documents: Sequence[Document]) -> Draft | None:
    """Answer what an attachment of a document is, or that the document has none of this number; None where that is not asked
    of one document."""
    asked = ATTACHMENT_ASKED.search(query.text)
    if not asked or len(documents) != 1:
        return None
    number = asked["number"] or asked["english"]
    label = f"附件{number if number[0].isdigit() else parse_numeral(number)}"
    document = documents[0]
    parts = [(base[0], p) for p in document.provisions if (base := ATTACHMENT.match(p.label))]
    if here := [p for name, p in parts if name == label]:
        return Draft(ANSWERED, (_whole(document, next((p for p in here if p.heading), here[0])),))
    if not parts:
        return no_evidence((f"{document_name(document)}没有附件。",))
    name, last = max(parts, key=lambda part: [int(number) for number in re.findall(r"\d+", part[0])])
    text = f"{document_name(document)}没有{label}，最后一个附件是{name}。"
    return Draft(WRONG_PREMISE, (Statement(text, document.document_id, last.start, last.end),))


def attachment_spans(query: Query, documents: Sequence[Document]) -> list[tuple[str, int, int]]:
    """Return where the attachment that a question names (附件4里的…) stands in these documents, as (document id, start, end)."""
    named = re.search(rf"附件\s*({ATTACHMENT_NUMBER})(?!\d|\s*第)", query.text)
    return [
        (document.document_id, p.start, p.end)
        for document in (documents if named else ())
        for p in document.provisions
        if (base := ATTACHMENT.match(p.label)) and named and base[0] == f"附件{named[1]}"
    ]


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
    """第28项, or 第28条, of a plan whose items are labelled 二、（二）28, when only one ends so."""
    if label.kind == "chapter" or label.item or label.number in numbered_units(document, "article"):
        return None
    row = "" if label.kind == "article" else rf"|第{label.number}项$"
    ends = [p for p in document.provisions if re.search(rf"(?<!\d){label.number}${row}", p.label)]
    return ends[0] if len(ends) == 1 else None


def _whole(document: Document, provision: Provision) -> Statement:
    start, end = without_mark(document, provision.start, provision.end)
    text = document.text[start:end].strip()
    shown = text if len(text) <= MAX_LOOKUP else text[:MAX_LOOKUP].rsplit("。", 1)[0] + "。……"
    return Statement(
        shown, document.document_id, provision.start, provision.end, ((start, end),), provision.label
    )


def _beyond_last(label: Label, document: Document, under: str) -> Draft | None:
    numbered = numbered_units(document, label.kind, under)
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
        text = f"{document_name(document)}{under}没有{asked}：它共{last}{unit}，最后一{unit}是{provision.label}。"
    return Draft(WRONG_PREMISE, (Statement(text, document.document_id, provision.start, provision.end),))


def provision_name(label: Label) -> str:
    """Return the label without its item."""
    return Label(label.kind, label.number).names()[0]


def numbered_units(document: Document, kind: str, under: str = "") -> dict[int, Provision]:
    """Return a document's articles (第…条, or 一、二、… that count through), items (第N项, those of the table `under`) or
    chapters by number."""
    out = {}
    for provision in document.provisions:
        if kind == "chapter":
            if re.fullmatch(r"第[^章节条]+章", provision.label) and (mark := read_mark(provision.text)):
                out[mark.number] = provision
        elif kind == "item":
            if match := re.fullmatch(rf"{re.escape(under)} ?第(\d+)项", provision.label):
                out[int(match[1])] = provision
        elif re.fullmatch(r"第[^章节编]+条|[一二三四五六七八九十百零]+", provision.label):
            mark = read_mark(provision.text)
            if mark and (mark.scheme >= ARTICLE):
                out[mark.number] = provision
    return out


def answer_issue(document: Document) -> Draft | None:
    """Answer when and by whom a document was issued, from its signature."""
    if document.issued_on is None:
        return None
    day = document.issued_on
    written = re.search(rf"{day.year}\s*年\s*{day.month}\s*月\s*{day.day}\s*日", document.text)
    if not written:
        return None
    start = document.text.rfind("\n", 0, max(written.start() - 1, 0)) + 1
    text = f"{document_name(document)}由{document.issuer or '发文机关'}于{day_words(day)}印发。"
    return Draft(ANSWERED, (Statement(text, document.document_id, start, written.end(), (written.span(),)),))


def together(drafts: Sequence[Draft | None]) -> Draft | None:
    """Return one answer of what is answered of several documents, None where one of them has none."""
    told = [draft for draft in drafts if draft]
    if len(told) < len(drafts):
        return None
    return Draft(ANSWERED, tuple(statement for draft in told for statement in draft.statements))


def answer_effect(document: Document) -> Draft | None:
    """Answer from which day a document holds, with the clause that says so; None where it has neither."""
    start, end = starts_to_hold(document)
    if document.effective_on is None or not EFFECT_CLAUSE.search(document.text[start:end]):
        return None
    text = f"{document_name(document)}自{day_words(document.effective_on)}起施行：“{shortened(document.text[start:end].strip())}”"
    return Draft(ANSWERED, (Statement(text, document.document_id, start, end),))


def answer_days(text: str, named: Sequence[tuple[str, Document]]) -> tuple[str, tuple[Statement, ...]] | None:
    """Answer when several documents were issued or take effect: which was first, and a statement of each by its name.

    None where the question asks nothing like it, or one of them does not say.
    """
    if not (asked := DAY_OF_DOCUMENTS.search(text)):
        return None
    issued = (asked["act"] or asked["done"]) in ISSUED
    drafts = [answer_issue(document) if issued else answer_effect(document) for _, document in named]
    days = [document.issued_on if issued else document.effective_on for _, document in named]
    told = [draft.statements[0] for draft in drafts if draft]
    if len(told) < len(named):
        return None
    ordered = sorted((day, name) for day, (name, _) in zip(days, named, strict=True) if day)
    asked_first = re.search(r"[先早晚]", text[asked.start() : asked.end() + 3])
    first = (
        ""
        if not asked_first or len(ordered) < 2 or ordered[0][0] == ordered[1][0]
        else f"{ordered[0][1]}在先。"
    )
    return first, tuple(replace(s, side=name) for s, (name, _) in zip(told, named, strict=True))


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
    state = state_words(validity.of(document, query.as_of))
    issued = f"，{day_words(document.issued_on)}印发" if document.issued_on else ""
    text = f"{document_name(document)}，{document.issuer or '发文机关不详'}{issued}，{state}。"
    return Draft(ANSWERED, (Statement(text, document.document_id, first.start, first.end),))


def _without_numbers(text: str) -> str:
    return DOC_NO_ASKED.sub("", text)


def starts_to_hold(document: Document) -> tuple[int, int]:
    """Return the span of the clause on taking effect, of the first provision where there is none."""
    if span := find_effect(document).start_span:
        return span
    first = document.provisions[0]
    return first.start, first.end


def no_evidence(notes: tuple[str, ...]) -> Draft:
    """Return the refusal: nothing in the corpus supports an answer."""
    return Draft(NOT_FOUND, lead="语料中没有找到能回答这个问题的规定。", notes=notes)
