"""An answer in, the questions that may come next out: only such as the corpus answers, told by its documents alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from index.filters import place_of_issuer
from ingest.document import Document
from qa.answer import Answer, Citation

MOST = 4
MOST_PLACES = 2
ALIKE = 0.35  # of the words of the quotation
MANY_OF_A_NAME = ("通知", "通告", "决定", "公告")
STATES_VALIDITY = ("有效", "失效", "废止")  # a question about it needs no second one


def follow_ups(answer: Answer, documents: Sequence[Document]) -> list[str]:
    """Return what to ask next: the same rule elsewhere and in another version, the next provision, whether it holds."""
    if answer.status != "answered" or not answer.citations:
        return []
    cited = answer.citations[0]
    document = next((item for item in documents if item.document_id == cited.document_id), None)
    if document is None:
        return []
    told = {citation.document_id for citation in answer.citations}
    others = [item for item in documents if item.document_id not in told and same_instrument(document, item)]
    others = [item for item in others if cited.label and says_alike(item, cited.quote)]
    places = {place_of(item) for item in documents if item.document_id in told}
    elsewhere = dict.fromkeys(place for item in others if (place := place_of(item)) not in places)
    years = {
        item.issued_on.year for item in others if item.issued_on and place_of(item) == place_of(document)
    }
    found = [f"那{place}呢？" for place in list(elsewhere)[:MOST_PLACES]]
    found += [f"{year}年版怎么规定？" for year in sorted(years, reverse=True)[:1]]
    found += next_provision(cited, document)
    if not any(word in answer.question for word in STATES_VALIDITY):
        found.append(f"{name_of(document)}现在还有效吗？")
    return [question for question in dict.fromkeys(found) if question != answer.question][:MOST]


def same_instrument(document: Document, other: Document) -> bool:
    """Say whether both are of one name, whatever the place: 区人民政府工作规则. Notices of one title are not."""
    if not document.kind or document.kind in MANY_OF_A_NAME:
        return False
    return (document.kind, bare_title(document)) == (other.kind, bare_title(other))


def says_alike(document: Document, quote: str) -> bool:
    """Say whether a provision of the document shares most of its words, two characters each, with the quotation."""
    wanted = _pairs(quote)
    best = max((len(wanted & _pairs(item.text)) for item in document.provisions if item.label), default=0)
    return best >= ALIKE * len(wanted) > 0


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


@lru_cache(maxsize=10_000)
def _place_of(issuer: str | None) -> str:
    return place_of_issuer(issuer)


def place_of(document: Document) -> str:
    """Return 平谷 for a document of 北京市平谷区人民政府."""
    return _place_of(document.issuer)


def next_provision(cited: Citation, document: Document) -> list[str]:
    """Return the question for the provision behind the cited one, not for an item within it."""
    labels = [item.label for item in document.provisions if item.label and not item.is_heading]
    if cited.label not in labels:
        return []
    whole = cited.label.split("（")[0]
    behind = labels[labels.index(cited.label) + 1 :]
    following = next((label for label in behind if "（" not in label and label != whole), "")
    return [f"{name_of(document)}{following}规定了什么？"] if following else []


def name_of(document: Document) -> str:
    """Return what a question calls the document: its number, else its title and year."""
    year = f"{document.issued_on.year}年" if document.issued_on else ""
    return document.doc_no or f"{year}《{document.title}》"


def bare_title(document: Document) -> str:
    """Return the title without the place: 区人民政府工作规则."""
    place = place_of(document)
    return document.title.partition(place)[2] if place and place in document.title else document.title
