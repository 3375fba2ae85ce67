"""The documents of one state of the corpus, arranged for browsing; made once and again when the corpus has changed."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from rapidfuzz import fuzz, process

from ingest.document import Document, Relation
from ingest.headers import normalise_doc_no
from ingest.instruments import bare_title
from ingest.validity import ValidityIndex
from web.chat.cards import KNOWN_VALIDITY
from web.rooms.comparing import Comparison, compare

DAYS_KEPT = 4  # of what held on a day: nearly all ask for today
FILTERS = ("issuer", "year", "kind", "status")
SORTS = ("newest", "oldest", "number", "title")
NO_VALUE = "-"  # of a filter: documents without a date, an issuer or a kind
NUMBERS = re.compile(r"\d+")
NEAREST = 6
FEW = 5000  # documents whose texts are looked through at once, without being asked to
LIKE = 50  # from which a name is near to what was asked for, 0..100
COMPARISONS_KEPT = 32


@dataclass(frozen=True)
class Wanted:
    """What a list is limited to, and its order; "" limits nothing."""

    words: tuple[str, ...] = ()
    issuer: str = ""
    year: str = ""
    kind: str = ""
    status: str = ""
    sort: str = "newest"


@dataclass(frozen=True)
class Facet:
    """One property of all documents: its values, and for each document the place of its value among them."""

    values: tuple[str, ...]
    codes: np.ndarray  # int32 (documents,)

    @classmethod
    def of(cls, each: Sequence[str]) -> Facet:
        values = tuple(dict.fromkeys(each))
        places = {value: place for place, value in enumerate(values)}
        return cls(values, np.fromiter((places[value] for value in each), dtype=np.int32, count=len(each)))

    def fits(self, value: str) -> np.ndarray:
        """Return bool (documents,): which have this value; none has one that is not known."""
        place = self.values.index(value) if value in self.values else -1
        return self.codes == place

    def counts(self, left: np.ndarray) -> dict[str, int]:
        """Return how many of the documents `left` have each value, those that none has left out."""
        counted = np.bincount(self.codes[left], minlength=len(self.values))
        return {value: int(count) for value, count in zip(self.values, counted, strict=True) if count}


@dataclass(frozen=True)
class Listing:
    """The documents found, in order, how many each filter would leave, and whether the words only fit roughly."""

    places: np.ndarray  # into Shelf.documents
    within: np.ndarray  # what the filters alone leave, whatever the words
    counts: dict[str, dict[str, int]]  # by filter: issuer, year, kind, status
    rough: bool


class Shelf:
    """The documents of a corpus. Nothing changes after it is made, but what is made on first use."""

    def __init__(self, documents: tuple[Document, ...]) -> None:
        self.documents = documents
        self.by_id = {document.document_id: document for document in documents}
        self.validity = ValidityIndex(documents)
        self._statuses: dict[date, Facet] = {}
        self._mentions: dict[str, tuple[tuple[Document, int], ...]] = {}
        self._compared: dict[tuple[str, str], Comparison] = {}
        self._warm()

    def _warm(self) -> None:
        """Make what most requests need, lest the first of them wait."""
        self.find(Wanted(), date.today())
        assert self._joined

    @property
    def is_small(self) -> bool:
        """Say whether all texts can be read through for each page."""
        return len(self.documents) <= FEW

    def find(self, wanted: Wanted, day: date) -> Listing:
        """Return the documents that `wanted` leaves, with their validity on `day`."""
        facets = {**self._facets, "status": self._status(day)}
        fitting = {
            name: facet.fits(value) for name, facet in facets.items() if (value := getattr(wanted, name))
        }
        worded, rough = self._worded(wanted.words)
        counts = {}
        for name, facet in facets.items():
            left = worded.copy()
            for other in fitting.keys() - {name}:
                left &= fitting[other]
            counts[name] = facet.counts(left)
        filtered = np.logical_and.reduce([np.ones(len(self.documents), dtype=bool), *fitting.values()])
        order = self._order(wanted.sort)
        return Listing(order[(worded & filtered)[order]], np.flatnonzero(filtered), counts, rough)

    def _worded(self, words: Sequence[str]) -> tuple[np.ndarray, bool]:
        """Return which documents hold all words in number, title, issuer or date; else their characters in order."""
        held = np.ones(len(self.documents), dtype=bool)
        if not words:
            return held, False
        text, starts = self._joined
        exact = held.copy()
        for word in words:
            places = [match.start() for match in re.finditer(re.escape(word), text)]
            holding = np.zeros(len(held), dtype=bool)
            holding[np.searchsorted(starts, places, side="right") - 1] = True
            exact &= holding
        if exact.any():
            return exact, False
        pattern = re.compile(".*".join(re.escape(character) for word in words for character in word))
        rough = [pattern.search(text) is not None for text in self._haystacks]
        return np.array(rough, dtype=bool), any(rough)

    def nearest(self, asked: str) -> list[Document]:
        """Return the documents whose id or title is most like what was asked for."""
        found = process.extract(asked, self._names, scorer=fuzz.ratio, limit=NEAREST, score_cutoff=LIKE)
        return list(dict.fromkeys(self.documents[place % len(self.documents)] for _, _, place in found))

    def relations_to(self, document: Document) -> list[tuple[Relation, Document]]:
        """Return what other documents do to this one, with the document that says so."""
        return self._incoming.get(document.document_id, [])

    def mentions_of(self, document: Document) -> tuple[tuple[Document, int], ...]:
        """Return where others name this document by its number, or by a title that is its alone: each once, with the place."""
        if (known := self._mentions.get(document.document_id)) is not None:
            return known
        names = [document.doc_no] if document.doc_no else []
        if len(self.named(document.title)) == 1:
            names += [f"《{document.title}》", f"〈{document.title}〉"]
        found = []
        for other in self.documents:
            places = [other.text.find(name) for name in names] if other is not document else []
            if (place := min((p for p in places if p >= 0), default=-1)) >= 0:
                found.append((other, place))
        return self._mentions.setdefault(document.document_id, tuple(found))

    def compared(self, left: Document, right: Document, mask: Callable[[str], str]) -> Comparison:
        """Return two documents side by side; the last ones asked for are kept."""
        key = (left.document_id, right.document_id)
        if (known := self._compared.get(key)) is not None:
            return known
        if len(self._compared) >= COMPARISONS_KEPT:
            self._compared.clear()
        found = compare(left, right, left_text=mask(left.text), right_text=mask(right.text))
        return self._compared.setdefault(key, found)

    def named(self, name: str) -> Sequence[Document]:
        """Return the documents with this number, however it is spelt, or title."""
        return self._by_name.get(name if name in self._by_name else normalise_doc_no(name) or "", ())

    def _order(self, sort: str) -> np.ndarray:
        return self._orders[sort if sort in SORTS else SORTS[0]]

    def _status(self, day: date) -> Facet:
        if (known := self._statuses.get(day)) is not None:
            return known
        if len(self._statuses) >= DAYS_KEPT:
            self._statuses.clear()
        states = self.validity.statuses(day)
        return self._statuses.setdefault(
            day, Facet.of([s if s in KNOWN_VALIDITY else "unknown" for s in states])
        )

    @cached_property
    def _facets(self) -> dict[str, Facet]:
        def facet(of: Callable[[Document], str | None]) -> Facet:
            return Facet.of([of(document) or NO_VALUE for document in self.documents])

        return {
            "issuer": facet(lambda d: d.issuer),
            "year": facet(lambda d: str(d.issued_on.year) if d.issued_on else None),
            "kind": facet(lambda d: d.kind),
        }

    @cached_property
    def _haystacks(self) -> list[str]:
        return [findable(document) for document in self.documents]

    @cached_property
    def _joined(self) -> tuple[str, np.ndarray]:
        """All of them in one text, and where each begins: a word is found at once."""
        lengths = np.fromiter(
            (len(text) + 1 for text in self._haystacks), dtype=np.int64, count=len(self.documents)
        )
        return "\0".join(self._haystacks), np.cumsum(lengths) - lengths

    @cached_property
    def _names(self) -> list[str]:
        return [d.document_id for d in self.documents] + [d.title for d in self.documents]

    @cached_property
    def _orders(self) -> dict[str, np.ndarray]:
        days = np.fromiter(
            (d.issued_on.toordinal() if d.issued_on else 0 for d in self.documents), dtype=np.int32
        )
        oldest = np.argsort(np.where(days, days, np.iinfo(np.int32).max), kind="stable")
        # The codes of GB 18030 follow the pronunciation for the characters in common use.
        titles = [d.title.encode("gb18030", errors="replace") for d in self.documents]
        numbers = [_number_key(d.doc_no) for d in self.documents]
        return {
            "newest": np.argsort(-days, kind="stable"),
            "oldest": oldest,
            "number": np.array(sorted(range(len(numbers)), key=numbers.__getitem__), dtype=np.int64),
            "title": np.array(sorted(range(len(titles)), key=titles.__getitem__), dtype=np.int64),
        }

    @cached_property
    def _incoming(self) -> dict[str, list[tuple[Relation, Document]]]:
        table: dict[str, list[tuple[Relation, Document]]] = {}
        for document in self.documents:
            for relation in document.relations:
                if relation.target_id and relation.target_id != document.document_id:
                    table.setdefault(relation.target_id, []).append((relation, document))
        return table

    @cached_property
    def _by_name(self) -> dict[str, list[Document]]:
        table: dict[str, list[Document]] = {}
        for document in self.documents:
            for name in {document.doc_no, document.title, document.notice_title, bare_title(document.title)}:
                if name:
                    table.setdefault(name, []).append(document)
        return table


def findable(document: Document) -> str:
    """Return what a document is found by: its number, titles, issuer and day, in lower case."""
    day = str(document.issued_on or "")
    parts = (document.doc_no, document.title, document.notice_title, document.issuer, day)
    return "\n".join(filter(None, parts)).lower()


def matching_documents(documents: Iterable[Document], words: str) -> list[Document]:
    """Return the documents that are found by every one of the words, in their order."""
    wanted = words.lower().replace("[", "〔").replace("]", "〕").split()
    return [document for document in documents if all(word in findable(document) for word in wanted)]


class Shelves:
    """The shelf of what an assistant holds now: made anew when its documents are others."""

    def __init__(self, documents: Callable[[], tuple[Document, ...]]) -> None:
        self._documents, self._making = documents, threading.Lock()
        self._shelf = Shelf(documents())

    def now(self) -> Shelf:
        """Return the newest shelf; while one request makes it, the others read on from the one before."""
        documents = self._documents()
        if self._shelf.documents is not documents and self._making.acquire(blocking=False):
            try:
                self._shelf = Shelf(documents)
            finally:
                self._making.release()
        return self._shelf


def _number_key(doc_no: str | None) -> tuple[bool, str, tuple[int, ...]]:
    """京平政发〔2023〕2号 before 京平政发〔2023〕11号; documents without a number last."""
    number = doc_no or ""
    return (not number, NUMBERS.sub("", number), tuple(int(part) for part in NUMBERS.findall(number)))
