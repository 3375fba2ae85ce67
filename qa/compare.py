"""Several districts, versions or cases side by side: a question that compares them, or does not say which it means."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from ingest.document import Document
from qa.answer import ANSWERED, UNCLEAR
from qa.catalog import KIND_WORDS, Catalog
from qa.compose import compose
from qa.direct import DAY_OF_DOCUMENTS, answer_days
from qa.draft import Draft, Statement
from qa.evidence import Evidence, EvidenceFinder, best_fitting
from qa.quantities import order_words, quantity_of
from qa.query import Query
from qa.sentences import Sentence
from qa.sides import ALL_PLACES, ORDER_ASKED, Side, Sides, names_side, own_words, places_counted
from qa.support import support_model
from qa.together import who_says
from qa.versions import ALIGNED, Versions
from qa.words import words_of

RIVAL = 0.92  # another district's evidence this near to the best makes a question without a district unclear
ALIKE_RIVAL, MIN_RIVAL = 0.45, 0.7  # or nearly as near and of the same rule
POOL, NEAR_POOL = 8, 0.7  # of each side: the evidence that may answer, as a share of its best
ALIKE = 1.5  # what it is worth that the sides speak of the same matter
APART = 0.9  # share of the score of one sentence for both cases from which two sentences may have it
OWN_WORDS = 0.6  # share of the best coverage of the question's words that a sentence of the same matter has
PIVOTS = 2  # best sentences of each side whose like is looked for in the documents of the others
SAME = 0.9  # likeness from which two provisions say the same
SAME_ASKED = re.compile(
    r"一样|一致|相同|(?:有没有|有无|有)(?:变化|变动|改)|变化[吗么]|the same|\bsame\b|differ"
)
BESIDE = re.compile(
    r"\s*〔注|[^。]*现将[^。]{0,80}印发"
)  # a footnote, the words that a document is sent with


Told = tuple[Side, Sequence[Evidence]]  # a side and the evidence of it, best first


class Supports(Protocol):
    def __call__(self, query: Query, found: Sequence[Evidence], *, limit: float | None = None) -> bool: ...


class Comparer:
    """Answers a question once for each side of a comparison."""

    def __init__(
        self, catalog: Catalog, finder: EvidenceFinder, versions: Versions, supports: Supports
    ) -> None:
        self.catalog, self.finder, self.versions, self.supports = catalog, finder, versions, supports
        self.sides = Sides(catalog, finder, versions.validity)

    def compare(self, query: Query) -> Draft | None:
        """Return a line for each side that the question compares; None where it names fewer than two, or where one
        sentence settles both."""
        sides = self.sides.of(query)
        found = [(side, self._found(side)) for side in sides]
        if len(sides) >= 2 and DAY_OF_DOCUMENTS.search(query.text):
            if days := answer_days(query.text, self._documents(query, found)):
                return Draft(ANSWERED, days[1], lead=days[0])
        limit = support_model().limit / 10  # that there is something to compare is taken for granted
        sure = [
            side.name
            for side, evidence in found
            if self.supports(side.query, _by_fit(side.query, evidence), limit=limit)
        ]
        if len(sides) < 2 or not sure:
            return None
        told = [pair for pair in found if pair[0].name in sure or self._says_the_same(pair[1], found, sure)]
        silent = self._silent(query, sides, told)
        chosen = self._chosen(told)
        if sides[0].documents is None:  # two cases, that one sentence may settle together
            if silent or not (chosen := self._apart([side for side, _ in told], told, chosen)):
                return None
        statements = [
            self._line(side.query, side.name, best) for (side, _), best in zip(told, chosen, strict=True)
        ]
        lead = "" if silent else self._verdict(query, statements)
        return Draft(ANSWERED, tuple(statements), lead=lead, silent=tuple(silent))

    def _documents(self, query: Query, found: Sequence[Told]) -> list[tuple[str, Document]]:
        """Return the document of each side: of the kind that the question names, or that which its best evidence is of."""
        out = []
        for side, evidence in found:
            named = [kind for kind in KIND_WORDS if kind in query.text]
            own = [self.catalog.by_id[i] for i in side.documents or self._titled(side)]
            own = [d for d in own if any(kind in d.title for kind in named)] or own
            if len(own) != 1:
                if not evidence:
                    return []
                own = [self.catalog.by_id[evidence[0].sentence.document_id]]
            out.append((side.name, own[0]))
        return out if len({document.document_id for _, document in out}) == len(out) else []

    def _titled(self, side: Side) -> list[str]:
        """Return the ids of the documents that have all words of a case's name in their title: 烟花爆竹通告."""
        words = [word for word in words_of(side.name) if len(word) > 1]
        return [
            d.document_id for d in self.catalog.documents if words and all(word in d.title for word in words)
        ]

    def _found(self, side: Side) -> list[Evidence]:
        """Return the evidence of a side: of the documents that it names as they are, else of what holds."""
        if side.documents is not None:
            return self.finder.find(side.query, dict.fromkeys(self.catalog.by_id, True), side.documents)
        holds = self.versions.validity.holding(side.query.as_of)
        return self.versions.current(side.query, self.finder.find(side.query, holds))

    def _says_the_same(self, own: Sequence[Evidence], found: Sequence[Told], sure: Sequence[str]) -> bool:
        """Say whether evidence too weak by itself holds the rule that another side surely has."""
        best = [_pool(side.query, e)[0].sentence.text for side, e in found if side.name in sure]
        return any(
            self.versions.likeness(e.sentence.text, text) >= ALIGNED for e in own[:POOL] for text in best
        )

    def _silent(self, query: Query, sides: Sequence[Side], told: Sequence[Told]) -> list[str]:
        """Return the sides of which nothing was found; of all districts those alone that have a document of the kind."""
        silent = [side for side in sides if side.name not in [other.name for other, _ in told]]
        if query.places or not ALL_PLACES.search(query.text):
            return [side.name for side in silent]
        if places_counted(query.text) == len(told):
            return []  # 两个区: the two that speak of it
        kinds = {self.catalog.by_id[found[0].sentence.document_id].kind for _, found in told}
        return [s.name for s in silent if any(self.catalog.by_id[i].kind in kinds for i in s.documents or ())]

    def _apart(self, sides: Sequence[Side], told: Sequence[Told], chosen: list[Evidence]) -> list[Evidence]:
        """Return a sentence for each of two cases, empty where one sentence tells both."""
        first, second = chosen
        if first.sentence.place != second.sentence.place:
            return chosen
        own = [own_words(side, sides) or [side.name] for side in sides]
        if all(any(word in first.sentence.text for word in words) for words in own):
            return []
        pairs = [
            (one.score + other.score, [one, other])
            for one in told[0][1][:POOL]
            for other in told[1][1][:POOL]
            if one.sentence.place != other.sentence.place
        ]
        score, pair = max(pairs, key=lambda item: item[0], default=(0.0, []))
        return pair if score >= APART * (first.score + second.score) else []

    def _chosen(self, told: Sequence[Told]) -> list[Evidence]:
        """Return the evidence of each side: the sentences that answer best and are of the same matter."""
        sides = [side for side, _ in told]
        pools = self._aligned(told, [_pool(side.query, found, side, sides) for side, found in told])
        best: tuple[float, list[Evidence]] = (-math.inf, [])
        for pivot in (evidence for pool in pools for evidence in pool):
            picks = [max(pool, key=lambda e: self._worth(e, pivot)) for pool in pools]
            likeness = min(self._likeness(e, pivot) for e in picks)
            value = sum(e.score for e in picks) + ALIKE * len(picks) * likeness
            best = max(best, (value, picks), key=lambda pair: pair[0])
        return best[1]

    def _aligned(self, told: Sequence[Told], pools: Sequence[list[Evidence]]) -> list[list[Evidence]]:
        """Return the pools, each with the sentences of its documents that say what the best ones of the others say."""
        out = [list(pool) for pool in pools]
        for (side, found), own in zip(told, out, strict=True):
            pivots = [e for pool in pools if pool[0] is not own[0] for e in pool[:PIVOTS]]
            known = {e.sentence.place for e in own}
            for pivot in pivots:
                for sentence in self._counterparts(side, pivot):
                    if sentence.place not in known:
                        known.add(sentence.place)
                        own += self.finder.weigh(side.query, sentence, found[-1].hit)
        return out

    def _counterparts(self, side: Side, pivot: Evidence) -> Iterator[Sentence]:
        """Yield the sentences of a side's documents of the same kind that say what `pivot` says."""
        kind = self.catalog.by_id[pivot.sentence.document_id].kind
        for document in (self.catalog.by_id[i] for i in side.documents or ()):
            if document.kind == kind and (like := self.versions.counterpart(pivot.sentence.text, document)):
                yield like

    def _worth(self, evidence: Evidence, pivot: Evidence) -> float:
        return evidence.score + ALIKE * self._likeness(evidence, pivot)

    def _likeness(self, one: Evidence, other: Evidence) -> float:
        """Return how surely two sentences are of the same matter; those that say it in the same words no more so."""
        return min(self.versions.likeness(one.sentence.text, other.sentence.text), ALIGNED)

    def _line(self, query: Query, name: str, best: Evidence) -> Statement:
        document = self.catalog.by_id[best.sentence.document_id]
        statement = compose(document, best, query, self.finder.terms(query))
        return replace(statement, text=statement.text.removeprefix(f"{name}："), side=name)

    def _verdict(self, query: Query, statements: Sequence[Statement]) -> str:
        """Return whether the sides say the same, or which says more, where the question asks and the words settle it."""
        same, order = SAME_ASKED.search(query.text), ORDER_ASKED.search(query.text)
        if not same and not order:
            return ""
        told = [self._quantity_words(statement) for statement in statements]
        verdict = order_words([s.side for s in statements], [quantity_of(text) for text in told], query.text)
        if verdict or not same:
            return (
                f"不一致：{verdict}" if verdict and same and not verdict.startswith("一致") else verdict or ""
            )
        first = statements[0].text
        alike = all(self.versions.likeness(first, other.text) >= SAME for other in statements[1:])
        return "一致。" if alike else "不完全一致，原文如下："

    def _quantity_words(self, statement: Statement) -> str:
        """Return the words of a statement in which its one quantity stands."""
        text = self.catalog.by_id[statement.document_id].text
        marked = "，".join(text[start:end] for start, end in statement.marked)
        return statement.text if quantity_of(statement.text) or not marked else marked

    # --- a question that names no district ---

    def rivals(self, query: Query, found: Sequence[Evidence]) -> dict[str, list[Evidence]]:
        """Return the evidence by place when the question names none and several places answer it alike, else {}."""
        if query.places or query.numbers or query.titles or query.is_english:
            return {}
        best: dict[str, list[Evidence]] = {}
        first = best_fitting(query, found)
        kind = self.catalog.by_id[first.sentence.document_id].kind
        for evidence in found:
            document = self.catalog.by_id[evidence.sentence.document_id]
            place = self.catalog.place_of(document.document_id)
            current = document.kind == kind and self.versions.holds(document, query.as_of)
            if place and current and (place in best or self._rivals(query, first, evidence)):
                best.setdefault(place, []).append(evidence)
        return best if len(best) >= 2 else {}

    def _rivals(self, query: Query, first: Evidence, other: Evidence) -> bool:
        """Say whether other evidence answers as well as the first, or nearly so and by the same rule."""
        if query.shape is not None and first.fits and not other.fits:
            return False
        alike = self.versions.likeness(first.sentence.text, other.sentence.text) >= ALIKE_RIVAL
        return other.unjudged >= first.unjudged * (MIN_RIVAL if alike else RIVAL)

    def per_place(self, query: Query, rivals: dict[str, list[Evidence]]) -> Draft:
        """Return a line for each place of `rivals`, and the advice to name one."""
        asked = [(Side(place, (), query), found) for place, found in rivals.items()]
        chosen = zip(rivals, self._chosen(asked), strict=True)
        statements = tuple(self._line(query, place, best) for place, best in chosen)
        lead = "问题没有说明是哪个区，各区规定如下："
        return Draft(UNCLEAR, statements, lead=lead, notes=("在问题中写明区名，可得到单独的回答。",))


def _by_fit(query: Query, found: Sequence[Evidence]) -> Sequence[Evidence]:
    """Return the evidence with what may answer before the rest."""
    if not found:
        return found
    pool = _pool(query, found)
    return [*pool, *(e for e in found if e not in pool)]


def _pool(
    query: Query, found: Sequence[Evidence], side: Side | None = None, sides: Sequence[Side] = ()
) -> list[Evidence]:
    """Return the evidence that may answer: near the best and no mere heading or note, naming the case, telling who does
    it, holding the kind of thing asked for where any does."""
    near = [e for e in found if e is found[0] or e.score >= found[0].score * NEAR_POOL][:POOL]
    near = [
        e for e in near if "heading" not in e.parts and (e.defines or not _is_beside(e.sentence.text, side))
    ] or near
    if side is not None:
        near = [e for e in near if names_side(e.sentence.text, side, sides)] or near
    if query.intent == "who" and (said := who_says(query.text)):
        near = [e for e in near if said.search(e.sentence.text)] or near
    near = ([e for e in near if e.fits] if query.shape else []) or near
    most = max(e.own_coverage for e in near)
    return [e for e in near if e is near[0] or e.own_coverage >= most * OWN_WORDS]


def _is_beside(text: str, side: Side | None) -> bool:
    """Say whether a sentence stands beside what is ruled; a footnote on the very case asked about does not."""
    explained = side is not None and side.documents is None and text.startswith("〔注") and side.name in text
    return bool(BESIDE.match(text)) and not explained
