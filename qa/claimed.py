"""What a question claims of a whole document, against its relations and dates: that it ended another, when it was issued."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.document import Document
from ingest.validity import ends
from qa.answer import WRONG_PREMISE
from qa.catalog import DOC_NO_ASKED, AskedNumber, Catalog
from qa.direct import answer_effect, answer_issue
from qa.draft import Draft
from qa.naming import document_name
from qa.query import Query
from qa.validity import ended_by

ENDS = re.compile(r"废止|取代|代替|替代|宣布.{0,12}失效")
ASKS_WHETHER = re.compile(r"吗|是否|是不是|有没有|(?:废止|取代|代替|替代)没有")
ISSUED = r"印发|发布|公布|出台|制定|下发|签发"
HOLDS = r"施行|实施|生效|执行"
DATED = re.compile(
    rf"((?:19|20)\d\d)年(?:(\d{{1,2}})月)?(?:(\d{{1,2}})[日号])?(?:才|就|正式|开始|起|便)*(?P<how>{ISSUED}|{HOLDS})"
)


def answer_wrong_repeal(query: Query, catalog: Catalog) -> Draft | None:
    """Say that one document did not end another that the question has it end, with what it did end; else None."""
    places = list(DOC_NO_ASKED.finditer(query.text))
    if len(query.numbers) != 2 or len(places) != 2 or ASKS_WHETHER.search(query.text):
        return None
    verb = ENDS.search(query.text)
    if not verb:
        return None
    first, second = query.numbers
    passive = re.search(r"被|由|让", query.text[places[0].end() : places[1].start()])
    subject, object_ = (second, first) if passive or verb.start() < places[0].start() else (first, second)
    if len(subject.documents) != 1 or _ends(catalog, subject, object_) or _ends(catalog, object_, subject):
        return None
    document = catalog.by_id[subject.documents[0]]
    statements = ended_by(document)
    tail = "它废止或宣布失效的是：" if statements else "它没有废止或宣布失效任何文件。"
    return Draft(WRONG_PREMISE, statements, lead=f"{document_name(document)}没有废止{object_.doc_no}。{tail}")


def _ends(catalog: Catalog, subject: AskedNumber, object_: AskedNumber) -> bool:
    numbers = {object_.doc_no, *(catalog.by_id[i].doc_no for i in object_.documents)}
    relations = (r for i in subject.documents for r in catalog.by_id[i].relations)
    return any(ends(relation) and relation.target_no in numbers for relation in relations)


def answer_wrong_date(query: Query, catalog: Catalog) -> Draft | None:
    """Say when a document was issued or took effect that the question dates otherwise; None where it does not."""
    claimed = DATED.search(query.text)
    if not claimed or query.intent in ("yes_no", "validity", "comparison") or ASKS_WHETHER.search(query.text):
        return None
    documents = _named(query, catalog)
    takes_effect = re.fullmatch(HOLDS, claimed["how"]) is not None
    if not documents or any(_fits(document, claimed) for document in documents):
        return None
    document = documents[-1]
    draft = (answer_effect(document) if takes_effect else None) or answer_issue(document)
    lead = f"问题中的“{claimed[0]}”与原文不符："
    return replace(draft, status=WRONG_PREMISE, lead=lead) if draft else None


def _named(query: Query, catalog: Catalog) -> list[Document]:
    """Return the documents that the question names by number, or by a title in its place, the newest last."""
    if query.numbers:
        ids = [i for number in query.numbers for i in number.documents] if len(query.numbers) == 1 else []
    else:
        here = query.documents
        ids = [i for i in query.titles if here is None or i in here]
    titles = {catalog.by_id[i].title for i in ids}
    documents = [catalog.by_id[i] for i in ids if catalog.by_id[i].issued_on]
    return sorted(documents, key=lambda d: str(d.issued_on)) if len(titles) == 1 else []


def _fits(document: Document, claimed: re.Match[str]) -> bool:
    """Say whether the day claimed is the day of issue or of taking effect, or stands in the text as it is."""
    year, month, day = (int(part) if part else None for part in claimed.groups()[:3])
    for own in (document.issued_on, document.effective_on):
        if own and own.year == year and month in (None, own.month) and day in (None, own.day):
            return True
    return document.effective_on is None and bool(re.fullmatch(HOLDS, claimed["how"]))
