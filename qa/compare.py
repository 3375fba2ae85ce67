"""Several districts or versions side by side: a question that compares them, or one that does not say which it means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from ingest.document import Document
from ingest.validity import ValidityIndex
from qa.answer import ANSWERED, UNCLEAR
from qa.catalog import Catalog
from qa.compose import compose
from qa.draft import Draft, Statement
from qa.evidence import Evidence, EvidenceFinder, best_fitting
from qa.query import Query
from qa.support import support_model

RIVAL = 0.92  # another district's evidence this near to the best makes a question without a district unclear
ALL_PLACES = re.compile(r"[三各几]个?区|各区")
VERSIONS = re.compile(r"新旧|新版|旧版|变化|改了|修订|以前")
BELOW = (("number", r"多少|几|多久|多长|频次|次数|天"), ("who", r"谁|签发|主持|审批|哪个部门"))
Group = tuple[str, Sequence[str]]  # a district or version, and the ids of its documents


class Supports(Protocol):
    def __call__(self, query: Query, found: Sequence[Evidence], *, limit: float | None = None) -> bool: ...


class Comparer:
    """Answers a question once for each district or version."""

    def __init__(
        self, catalog: Catalog, finder: EvidenceFinder, validity: ValidityIndex, supports: Supports
    ) -> None:
        self.catalog, self.finder, self.validity, self.supports = catalog, finder, validity, supports

    def compare(self, query: Query) -> Draft | None:
        """Return a line for each district or version that the question compares, None when it names fewer than two."""
        groups = self._groups(query)
        if len(groups) < 2:
            return None
        all_hold = dict.fromkeys(self.catalog.by_id, True)
        limit = support_model().limit / 3  # that there is something to compare is taken for granted
        statements, silent = [], []
        for name, ids in groups:
            found = self.finder.find(query, all_hold, ids)
            if self.supports(query, found, limit=limit):
                statements.append(self._line(query, name, found))
            else:
                silent.append(f"{name}：没有找到相应规定。")
        return Draft(ANSWERED, tuple(statements), notes=tuple(silent)) if statements else None

    def _groups(self, query: Query) -> list[Group]:
        places: list[Group] = list(query.places)
        if not places and ALL_PLACES.search(query.text):
            found = {self.catalog.place_of(d.document_id) for d in self.catalog.documents}
            places = [(place, self.catalog.places[place]) for place in sorted(found) if place]
        if len(places) >= 2:
            return [(place, self._meant(query, ids)) for place, ids in places]
        if len(query.numbers) >= 2:
            return [(number.doc_no, number.documents) for number in query.numbers]
        return self._versions(query)

    def _meant(self, query: Query, ids: Sequence[str]) -> Sequence[str]:
        """Return the documents of the years asked for, else those that hold."""
        holds = self.validity.holding(query.as_of)
        dated = [i for i in ids if (day := self.catalog.by_id[i].issued_on) and day.year in query.years]
        return dated or [i for i in ids if holds[i]] or ids

    def _versions(self, query: Query) -> list[Group]:
        if len(query.years) < 2 and not VERSIONS.search(query.text):
            return []
        for evidence in self.finder.find(query, dict.fromkeys(self.catalog.by_id, True))[:5]:
            versions = self.validity.versions(self.catalog.by_id[evidence.sentence.document_id])
            asked = [v for v in versions if v.issued_on and v.issued_on.year in query.years]
            chosen = asked if len(asked) >= 2 else versions
            if len(chosen) >= 2:
                return [(_version_name(version), (version.document_id,)) for version in chosen]
        return []

    def _line(self, query: Query, name: str, found: Sequence[Evidence]) -> Statement:
        best = best_fitting(query, found)
        document = self.catalog.by_id[best.sentence.document_id]
        intent = next((name for name, pattern in BELOW if re.search(pattern, query.text)), "fact")
        statement = compose(document, best, replace(query, intent=intent), self.finder.terms(query))
        return replace(statement, text=f"{name}：{statement.text}")

    def rivals(self, query: Query, found: Sequence[Evidence]) -> dict[str, list[Evidence]]:
        """Return the evidence by place when the question names none and several places answer it alike, else {}."""
        if query.places or query.numbers or query.titles or query.is_english:
            return {}
        best: dict[str, list[Evidence]] = {}
        kind = self.catalog.by_id[found[0].sentence.document_id].kind
        for evidence in found:
            document = self.catalog.by_id[evidence.sentence.document_id]
            place = self.catalog.place_of(document.document_id)
            near = evidence.score >= found[0].score * RIVAL or place in best
            if place and near and document.kind == kind and self.is_current(document, query):
                best.setdefault(place, []).append(evidence)
        return best if len(best) >= 2 else {}

    def is_current(self, document: Document, query: Query) -> bool:
        """Say whether a document holds on the day asked about, as far as the corpus tells."""
        return self.validity.of(document, query.as_of).status in ("in_force", "unknown")

    def per_place(self, query: Query, rivals: dict[str, list[Evidence]]) -> Draft:
        """Return a line for each place of `rivals`, and the advice to name one."""
        statements = tuple(self._line(query, place, found) for place, found in rivals.items())
        lead = "问题没有说明是哪个区，各区规定如下："
        return Draft(UNCLEAR, statements, lead=lead, notes=("在问题中写明区名，可得到单独的回答。",))


def _version_name(version: Document) -> str:
    return f"{version.issued_on.year}年版" if version.issued_on else version.document_id
