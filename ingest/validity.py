"""What holds on a given day, from the relations and days of all documents of a corpus; versions of one instrument."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from ingest.clauses import ENDING
from ingest.corrections import validity_by_hand
from ingest.document import Document, Relation, Validity
from ingest.effect import find_effect, smallest_at
from ingest.instruments import bare_title, exact_title, names_its_issuer

MIN_TITLE = 3
MAX_DAYS_KEPT = 8  # of what held: a server is asked about today, a batch about few days
HOLDING = ("in_force", "unknown")
ENDED = ("repealed", "invalidated", "expired", "superseded")
STATUS = {"repeals": "repealed", "invalidates": "invalidated", "replaces": "superseded"}
ONE_OFF = re.compile(
    r"(?:通知|决定|通告|公告|通报|报告|批复|答复|函|纪要|决议|命令|令|公报|电报|讲话|要点|计划|任务|项目|安排|名单)$"
)
Stated = tuple[Relation, Document]  # a relation and the document that states it


@dataclass(frozen=True)
class ValidityIndex:
    """Answers whether a document holds on a day. Each look-up goes through a table made once."""

    documents: tuple[Document, ...]

    def of(self, document: Document, as_of: date) -> Validity:
        """Return the validity of `document` on the day `as_of`."""
        state = self._state(document, as_of)
        if state.status == "expired" and state.by_id is None and not state.by_hand:
            return replace(state, provision_id=self._term_place(document))
        return state

    def _state(self, document: Document, as_of: date) -> Validity:
        """The same without the provision that sets an own term, which takes a reading of the text to find."""
        return self._by_hand(document, as_of) or self._computed(document, as_of)

    def _by_hand(self, document: Document, as_of: date) -> Validity | None:
        """What a person set, from its day on; before it, an ended document held from its own day of effect."""
        state, start = validity_by_hand(document), document.effective_on
        if state is None:
            return None
        if state.since is None or state.since <= as_of:
            if state.by is None:
                return state
            by = next((d for d in self.documents if state.by in (d.doc_no, d.title, f"《{d.title}》")), None)
            return replace(state, by_id=by.document_id if by else None)
        if state.status in ENDED and start and start <= as_of:
            return Validity("in_force", since=start, by_hand=True)
        return None

    def _computed(self, document: Document, as_of: date) -> Validity:
        start = document.effective_on
        if start is None:
            return Validity("unknown")
        if start > as_of:
            return Validity("not_yet", since=start)
        ended = self._ended(document, as_of) or self._superseded(document, as_of)
        expired = self._expired(document, as_of)
        if expired and (ended is None or ended.since is None or (expired.since or date.min) < ended.since):
            return expired
        return ended or Validity("in_force", since=start)

    def statuses(self, as_of: date) -> list[str]:
        """Return the status of each document on that day, in their order."""
        return [self._state(document, as_of).status for document in self.documents]

    def holding(self, as_of: date) -> dict[str, bool]:
        """Say of each document, by id, whether nothing replaced it on that day.

        One whose term is over still tells its rule, unless a newer version or what repealed it tells another.
        """
        if as_of not in self._held:
            if len(self._held) >= MAX_DAYS_KEPT:
                self._held.clear()
            self._held[as_of] = {d.document_id: self._tells(d, as_of) for d in self.documents}
        return self._held[as_of]

    def _tells(self, document: Document, as_of: date) -> bool:
        status = self._state(document, as_of).status
        if status == "expired":
            return not (self._ended(document, as_of) or self._superseded(document, as_of))
        return status in HOLDING

    def of_number(self, doc_no: str, as_of: date) -> tuple[Validity, Relation] | None:
        """Return what the corpus says of a document that it does not hold, None when it says nothing."""
        return _first(self._by_number.get(doc_no, ()), as_of)

    def of_title(self, title: str, as_of: date) -> tuple[Validity, Relation] | None:
        """The same by title: 《平谷区农村村民住宅建设管理办法》."""
        return _first(self._by_title.get(exact_title(title), ()), as_of)

    def versions(self, document: Document) -> tuple[Document, ...]:
        """Return the dated documents of the same instrument by the same issuer, oldest first, `document` among them."""
        return self._versions.get(document.document_id, (document,))

    def changes(self, document: Document, as_of: date) -> tuple[Relation, ...]:
        """Return what other documents changed in `document` or ended of its parts by that day, oldest first."""
        stated = self._by_target.get(document.document_id, ())
        found = [r for r, source in stated if _changes(r) and _begun(r, source, as_of)]
        return tuple(sorted(found, key=lambda relation: relation.since or date.min))

    def _ended(self, document: Document, as_of: date) -> Validity | None:
        found = _first(self._by_target.get(document.document_id, ()), as_of)
        return found[0] if found else None

    def _expired(self, document: Document, as_of: date) -> Validity | None:
        """The own term, or that to which a later document prolonged it."""
        stated = self._by_target.get(document.document_id, ())
        longer = [
            (r.until, r)
            for r, source in stated
            if r.kind == "extends" and r.until and _begun(r, source, as_of)
        ]
        last, by = max(longer, key=lambda item: item[0], default=(None, None))
        if last and by and (document.expires_on is None or last > document.expires_on):
            return Validity("expired", None, last, by.document_id, by.provision_id) if last <= as_of else None
        if document.expires_on is None or document.expires_on > as_of:
            return None
        return Validity("expired", since=document.expires_on)

    def _term_place(self, document: Document) -> str | None:
        """Return the id of the provision that sets the document's term."""
        if document.document_id not in self._term_places:
            place = smallest_at(document, find_effect(document).term_span)
            self._term_places[document.document_id] = place.provision_id if place else None
        return self._term_places[document.document_id]

    def _superseded(self, document: Document, as_of: date) -> Validity | None:
        """A newer version in the corpus that had taken effect; no provision says so."""
        day = version_day(document)
        newer = [
            other for other in self.versions(document)
            if day and (version_day(other) or date.min) > day and (other.effective_on or date.max) <= as_of
        ]  # fmt: skip
        if not newer:
            return None
        latest = newer[-1]
        since = max(latest.effective_on or date.min, version_day(latest) or date.min)
        if since > as_of:  # 自2018年1月1日起施行, revised in 2020
            return None
        return Validity("superseded", latest.doc_no or latest.title, latest.effective_on, latest.document_id)

    @cached_property
    def _by_target(self) -> dict[str, list[Stated]]:
        return _grouped(self.documents, lambda relation: relation.target_id)

    @cached_property
    def _by_number(self) -> dict[str, list[Stated]]:
        return _grouped(self.documents, lambda relation: relation.target_no)

    @cached_property
    def _by_title(self) -> dict[str, list[Stated]]:
        return _grouped(self.documents, lambda relation: exact_title(relation.target_title or ""))

    @cached_property
    def _versions(self) -> dict[str, tuple[Document, ...]]:
        """The versions of each document that has others, by its id."""
        by_title: dict[str, list[Document]] = {}
        for document in self.documents:
            title = bare_title(document.title)
            if version_day(document) and len(title) >= MIN_TITLE and not ONE_OFF.search(title):
                by_title.setdefault(title, []).append(document)
        groups = (
            group for title, same in by_title.items() if len(same) > 1 for group in _by_issuer(title, same)
        )
        return {document.document_id: group for group in groups if len(group) > 1 for document in group}

    @cached_property
    def _held(self) -> dict[date, dict[str, bool]]:
        return {}

    @cached_property
    def _term_places(self) -> dict[str, str | None]:
        return {}


def version_day(document: Document) -> date | None:
    """Return the day of this version: of the last revision that its head names, else of issue."""
    revised = [r.since for r in document.relations if r.kind == "amended_by" and r.since]
    days = [day for day in (document.issued_on, *revised) if day]
    return max(days, default=None)


def ended_validity(relation: Relation, source: Document) -> Validity:
    """Return the validity that `relation`, stated in `source`, gives to its target."""
    by = source.doc_no or f"《{source.title}》"
    return Validity(STATUS[relation.kind], by, relation.since, source.document_id, relation.provision_id)


def ends(relation: Relation) -> bool:
    """Whether a relation ends its target as a whole."""
    return relation.kind in ENDING and not relation.target_label


def _changes(relation: Relation) -> bool:
    return relation.kind == "amends" or (relation.kind in ENDING and bool(relation.target_label))


def _by_issuer(title: str, same: Iterable[Document]) -> Iterator[tuple[Document, ...]]:
    """Part documents of one title by issuer. One without an issuer belongs to the only issuer there is, if the title says
    whose instrument it is (甲市公文办法, not 工作规则); else it stands alone."""
    parts: dict[str | None, list[Document]] = {}
    for document in same:
        parts.setdefault(document.issuer, []).append(document)
    unnamed = parts.pop(None, [])
    if unnamed and len(parts) <= 1 and names_its_issuer(title):
        parts.setdefault(next(iter(parts), None), []).extend(unnamed)
    for group in parts.values():
        yield tuple(sorted(group, key=lambda d: (version_day(d) or date.min, d.document_id)))


def _grouped(documents: Iterable[Document], key: Callable[[Relation], str | None]) -> dict[str, list[Stated]]:
    table: dict[str, list[Stated]] = {}
    for source in documents:
        for relation in source.relations:
            if name := key(relation):
                table.setdefault(name, []).append((relation, source))
    return table


def _begun(relation: Relation, source: Document, as_of: date) -> bool:
    """A relation of a document whose own day is left open has not begun; one without any date says only that it is so."""
    if relation.since is None:
        return source.issued_on is None
    return relation.since <= as_of


def _first(stated: Iterable[Stated], as_of: date) -> tuple[Validity, Relation] | None:
    begun = [item for item in stated if ends(item[0]) and _begun(*item, as_of)]
    if not begun:
        return None
    relation, source = min(begun, key=lambda item: item[0].since or date.min)
    return ended_validity(relation, source), relation
