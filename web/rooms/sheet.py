"""One document in, what its page shows out: facts, validity, relations both ways, versions, doubts, the text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from ingest.document import Document, Doubt, Provision, Relation, Validity
from ingest.effect import smallest_at
from qa.naming import target_name
from web.chat.cards import KNOWN_VALIDITY, provision_citation, validity_detail
from web.rooms.body import Printer, Unit, links_in
from web.rooms.links import ask_url, compare_url, document_url, fragment_of
from web.rooms.marking import spans_of
from web.rooms.outline import Node, outline, shortened
from web.rooms.shelf import Shelf
from web.rooms.tables import Grid
from web.texts import Texts

MENTIONS_SHOWN = 12
QUOTED = 160  # characters of the words that state a relation
LARGE = 240  # units from which chapters stand closed in the contents


@dataclass(frozen=True)
class Stated:
    """A document that ended another one, or is valid or not: the word, what it says besides, where this leads."""

    status: str
    word: str
    detail: str
    href: str


class State:
    """Tells the validity of documents on a day in the words of a language."""

    def __init__(self, shelf: Shelf, texts: Texts, day: date) -> None:
        self.shelf, self.texts, self.day = shelf, texts, day

    def __call__(self, document: Document, validity: Validity | None = None) -> Stated:
        validity = validity or self.shelf.validity.of(document, self.day)
        status = validity.status if validity.status in KNOWN_VALIDITY else "unknown"
        by = self.shelf.by_id.get(validity.by_id or "")
        if by is None and validity.provision_id:
            by = document  # its own term
        place = validity.provision_id or ""
        href = (
            document_url(by.document_id, place if place.startswith(f"{by.document_id}#") else "")
            if by
            else ""
        )
        return Stated(status, self.texts.validity[status], validity_detail(validity, self.texts), href)


@dataclass(frozen=True)
class Link:
    """One relation: the other document, where it stands, the words that say so."""

    kind: str
    name: str
    href: str  # of the other document, "" where the corpus does not hold it
    part: str
    since: date | None
    quote: str
    says_href: str  # of the provision that says so
    says_label: str
    compare_href: str = ""  # where one of the two ended the other and both are in the corpus: side by side


@dataclass(frozen=True)
class Entry:
    """A line of the contents."""

    title: str
    href: str
    children: tuple[Entry, ...]
    is_open: bool


@dataclass(frozen=True)
class Sheet:
    """What the page of a document shows."""

    document: Document
    day: date
    find: str
    found: int
    name: str  # as it is cited
    ask_href: str
    does: tuple[Link, ...]
    suffers: tuple[Link, ...]
    mentions: tuple[Link, ...]
    mentions_more: int
    mentions_known: bool  # False: they were not looked for
    versions: tuple[Document, ...]
    doubts: tuple[Doubt, ...]
    contents: tuple[Entry, ...]
    units: tuple[Unit | Grid, ...]
    printer: Printer
    fragment: Callable[[Provision], str]
    change_href: Callable[[Relation], str]
    change_name: Callable[[Relation], str]

    @property
    def by_hand(self) -> bool:
        """Whether a person set the validity."""
        return any(correction.field == "validity" for correction in self.document.corrections)

    def corrected(self, nothing: str) -> list[str]:
        """Return what people put right, old → new; the validity is told beside its badge."""
        values = (
            (c.old or nothing, c.new or nothing) for c in self.document.corrections if c.field != "validity"
        )
        return [f"{old} → {new}" for old, new in values]

    @property
    def pages(self) -> int:
        """How many pages of the source the text stands on, 0 where it has none."""
        pages = {provision.page for provision in self.document.provisions if provision.page}
        return len(pages)


def made_sheet(
    document: Document,
    shelf: Shelf,
    texts: Texts,
    *,
    day: date,
    find: str,
    mask: Callable[[str], str],
    mentions: bool,
) -> Sheet:
    """Return what the page of `document` shows: its validity on `day`, the words of `find` marked, who names it if asked."""
    text = mask(document.text)
    marks = spans_of(find.split(), text)
    changes: dict[str, list[Relation]] = {}
    for relation in shelf.validity.changes(document, day):
        changes.setdefault(relation.target_label, []).append(relation)
    printer = Printer(document, text, marks=marks, links=links_in(document, text, shelf), changes=changes)
    nodes = outline(document)
    suffers = tuple(
        _link(relation, source, shelf, texts, mask, incoming=True)
        for relation, source in shelf.relations_to(document)
    )
    named = _mentions(document, shelf, texts, {link.says_href for link in suffers}) if mentions else []
    return Sheet(
        document=document, day=day, find=find, found=len(marks), name=provision_citation(document, None, texts),
        ask_href=ask_url(document, "\0").replace(quote("\0"), "LABEL"),
        does=tuple(_link(relation, document, shelf, texts, mask, incoming=False) for relation in document.relations),
        suffers=suffers, mentions=tuple(named[:MENTIONS_SHOWN]), mentions_more=len(named[MENTIONS_SHOWN:]), mentions_known=mentions,
        versions=_versions(document, shelf), doubts=document.doubts,
        contents=_contents(nodes, document, small=len(document.provisions) < LARGE), units=tuple(printer.units(nodes)),
        printer=printer, fragment=lambda p: fragment_of(p.document_id, p.provision_id),
        change_href=lambda r: document_url(r.document_id, r.provision_id),
        change_name=lambda r: _document_name(shelf.by_id[r.document_id], texts),
    )  # fmt: skip


def _versions(document: Document, shelf: Shelf) -> tuple[Document, ...]:
    versions = shelf.validity.versions(document)
    return versions if len(versions) > 1 else ()


def _link(
    relation: Relation,
    source: Document,
    shelf: Shelf,
    texts: Texts,
    mask: Callable[[str], str],
    *,
    incoming: bool,
) -> Link:
    other = source if incoming else shelf.by_id.get(relation.target_id or "")
    name = _document_name(other, texts) if other else target_name(relation)
    label = next((p.label for p in source.provisions if p.provision_id == relation.provision_id), "")
    return Link(
        relation.kind, name, document_url(other.document_id) if other else "", relation.target_label, relation.since,
        shortened(mask(relation.quote), QUOTED), document_url(source.document_id, relation.provision_id), label,
        compare_url(relation.target_id, source.document_id) if other and relation.target_id and _replaces(relation) else "",
    )  # fmt: skip


def _replaces(relation: Relation) -> bool:
    return relation.kind in ("repeals", "replaces") and not relation.target_label


def _mentions(document: Document, shelf: Shelf, texts: Texts, known: set[str]) -> list[Link]:
    """Return where others name the document, what the relations tell already left out."""
    links = []
    for other, place in shelf.mentions_of(document):
        provision = smallest_at(other, (place, place + 1))
        if provision is None:
            continue
        href = document_url(other.document_id, provision.provision_id)
        if href not in known:
            links.append(
                Link("mentions", _document_name(other, texts), href, "", None, "", href, provision.label)
            )
    return links


def _document_name(document: Document, texts: Texts) -> str:
    return provision_citation(document, None, texts)


def _contents(nodes: Sequence[Node], document: Document, *, small: bool) -> tuple[Entry, ...]:
    return tuple(_entries(nodes, document, small=small))


def _entries(nodes: Iterable[Node], document: Document, *, small: bool) -> Iterable[Entry]:
    for node in nodes:
        provision = node.provision or next((n.provision for n in node.children if n.provision), None)
        if provision is None:
            continue
        is_chapter = node.provision is None or node.provision.is_heading
        href = "#" + quote(fragment_of(document.document_id, provision.provision_id))
        yield Entry(
            node.title, href, tuple(_entries(node.children, document, small=small)), small and is_chapter
        )
