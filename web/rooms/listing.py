"""The list of documents: what a request asks for in, the rows, filters and provisions that its page shows out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from index.backend import Hit
from index.filters import HOLDING, Filter
from ingest.document import Document, Validity
from web.chat.cards import KNOWN_VALIDITY
from web.rooms.links import ROOM, document_url, query_string
from web.rooms.marking import RichText, snippet, spans_of, words_of
from web.rooms.shelf import FILTERS, NO_VALUE, SORTS, Listing, Shelf, Wanted
from web.services import AssistantLike

Mask = Callable[[str], str]
PER_PAGE = 25
PROVISIONS = 12  # shown of a search
LEAST_WORDS = 2  # characters from which provisions are searched
MOST_OPTIONS = 300  # of a filter; the words find the other ones
PAGES_AROUND = 2  # links on either side of the page shown
MARKED_THERE = 3  # words that a link into a document marks


class BadRequest(ValueError):
    """A parameter says what cannot be; `value` is what it says, `reason` the name of the text that explains it."""

    def __init__(self, value: str, reason: str) -> None:
        super().__init__(f"{reason}: {value!r}")
        self.value, self.reason = value, reason


@dataclass(frozen=True)
class Asked:
    """What a request asks of the list; "" where it says nothing."""

    q: str = ""
    issuer: str = ""
    year: str = ""
    kind: str = ""
    status: str = ""
    sort: str = ""
    compare: str = ""
    page: int = 1

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Asked:
        """Read the query of an address. Raises BadRequest for a page that is none."""
        given = {name: parameters.get(name, "").strip() for name in ("q", *FILTERS, "sort", "compare")}
        page = parameters.get("page", "1")
        if not page.isdecimal() or len(page) > 6 or page == "0":
            raise BadRequest(page, "bad_number")
        return cls(**given, page=int(page))

    @property
    def wanted(self) -> Wanted:
        return Wanted(
            search_words(self.q), self.issuer, self.year, self.kind, self.status, self.sort or SORTS[0]
        )

    @property
    def filtered(self) -> bool:
        return any(getattr(self, name) for name in FILTERS)

    def address(self, **changes: str) -> str:
        """Return the address of this list with some of it changed, from its first page on."""
        given = {name: getattr(self, name) for name in ("q", *FILTERS, "sort", "compare")}
        return ROOM + query_string({**given, **changes})


@dataclass(frozen=True)
class Row:
    """A document of the list."""

    document: Document
    number: Markup
    title: Markup
    validity: Validity
    provisions: int


@dataclass(frozen=True)
class Found:
    """A provision that a search found."""

    document: Document
    label: str
    path: tuple[str, ...]
    text: Markup
    href: str
    validity: Validity


@dataclass(frozen=True)
class Option:
    """A value of a filter and how many documents it would leave."""

    value: str
    count: int


@dataclass(frozen=True)
class Shown:
    """One page of the list."""

    rows: tuple[Row, ...]
    total: int
    rough: bool
    page: int
    pages: int
    options: dict[str, tuple[Option, ...]]
    provisions: tuple[Found, ...]

    @property
    def nearby(self) -> Sequence[int]:
        """The pages that are linked, 0 for a gap."""
        near = range(max(2, self.page - PAGES_AROUND), min(self.pages, self.page + PAGES_AROUND + 1))
        middle = [
            *([0] if near and near[0] > 2 else []),
            *near,
            *([0] if near and near[-1] < self.pages - 1 else []),
        ]
        return [1, *middle, self.pages] if self.pages > 1 else [1]


def search_words(q: str) -> tuple[str, ...]:
    """Return the words that a document must hold: brackets as documents have them, in small letters."""
    return tuple(q.lower().translate(str.maketrans("[]［］", "〔〕〔〕")).split())


def shown(asked: Asked, shelf: Shelf, assistant: AssistantLike, *, mask: Mask, day: date) -> Shown:
    """Return the page of the list that is asked for."""
    listing = shelf.find(asked.wanted, day)
    pages = max(1, math.ceil(len(listing.places) / PER_PAGE))
    here = listing.places[(asked.page - 1) * PER_PAGE : asked.page * PER_PAGE]
    words = asked.wanted.words
    rows = [_row(shelf.documents[place], words, shelf, day) for place in here]
    return Shown(
        tuple(rows), len(listing.places), listing.rough, asked.page, pages, _options(listing, asked),
        tuple(_provisions(asked, listing, shelf, assistant, mask=mask, day=day)),
    )  # fmt: skip


def _row(document: Document, words: Sequence[str], shelf: Shelf, day: date) -> Row:
    number, title = document.doc_no or "", document.title
    return Row(
        document,
        RichText(number, spans_of(words, number)).html(0, len(number)),
        RichText(title, spans_of(words, title)).html(0, len(title)),
        shelf.validity.of(document, day),
        sum(1 for provision in document.provisions if provision.label and not provision.is_heading),
    )


def _options(listing: Listing, asked: Asked) -> dict[str, tuple[Option, ...]]:
    """Return the values of each filter: states in their order, years from the last, others by how many there are."""
    return {
        name: tuple(_sorted(name, counts, getattr(asked, name))) for name, counts in listing.counts.items()
    }


def _sorted(name: str, counts: Mapping[str, int], chosen: str) -> Iterable[Option]:
    if name == "status":
        order: list[str] = [state for state in KNOWN_VALIDITY if state in counts]
    elif name == "year":
        order = sorted(counts, reverse=True)  # "-" comes last
    else:
        order = sorted(counts, key=lambda value: (value == NO_VALUE, -counts[value], value))[:MOST_OPTIONS]
    if chosen and chosen not in order:
        order.append(chosen)
    return [Option(value, counts.get(value, 0)) for value in order]


def _provisions(
    asked: Asked, listing: Listing, shelf: Shelf, assistant: AssistantLike, *, mask: Mask, day: date
) -> list[Found]:
    """Return the provisions that the words find, within the filters, each provision once, those that hold first."""
    if len(asked.q) < LEAST_WORDS or asked.compare or asked.page > 1:
        return []
    within = tuple(shelf.documents[place].document_id for place in listing.within) if asked.filtered else ()
    if asked.filtered and not within:
        return []
    hits = {
        hit.chunk.provision_id: hit
        for hit in reversed(assistant.search(asked.q, PROVISIONS, Filter(documents=within)))
    }
    found = [
        _found(hit, document, asked.q, shelf, mask=mask, day=day)
        for hit in reversed(hits.values())
        if (document := shelf.by_id.get(hit.chunk.document_id))  # None when the corpus changed between
    ]
    return sorted(found, key=lambda one: one.validity.status not in HOLDING)


def _found(hit: Hit, document: Document, q: str, shelf: Shelf, *, mask: Mask, day: date) -> Found:
    chunk, text = hit.chunk, mask(document.text)[hit.chunk.start : hit.chunk.end]
    words = words_of(q, text)
    path = next((p.path for p in document.provisions if p.provision_id == chunk.provision_id), ())
    href = document_url(document.document_id, chunk.provision_id, find=" ".join(words[:MARKED_THERE]))
    return Found(document, chunk.label, path, snippet(text, words), href, shelf.validity.of(document, day))
