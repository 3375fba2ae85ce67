"""The same rule in another version: which version answers, and what the other one says where it differs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from index.backend import Words
from ingest.document import Document
from ingest.validity import ValidityIndex, version_day
from qa.catalog import Catalog
from qa.clauses import CLAUSE, best_clauses, without_mark
from qa.draft import Statement
from qa.evidence import Evidence
from qa.naming import ENDED_BY, document_name, shortened, version_name
from qa.query import Query
from qa.sentences import Sentence, sentence_tokens, sentences_of

ALIGNED = 0.5  # likeness from which two sentences are the same rule
STRONG = 0.5  # as near as that an old sentence was found, it tells how near what replaced it is
READ = 3  # best sentences that a version in force may stand in for
MAX_QUOTE = 80  # characters of what another version says
HOLDING = ("in_force", "unknown")
MAX_CHAIN = 4
MAX_CACHED = 50_000  # tokens whose rarity is kept


class Versions:
    """Finds what the other versions of a document say of the same matter."""

    def __init__(self, catalog: Catalog, validity: ValidityIndex, lexical: Words) -> None:
        self.catalog, self.validity = catalog, validity
        self._idf = lru_cache(maxsize=MAX_CACHED)(lexical.idf)
        self._weight = lru_cache(maxsize=MAX_CACHED)(self._weight_of)
        self._sentences: dict[
            str, list[Sentence]
        ] = {}  # of documents that others replaced, or that replaced others

    def holds(self, document: Document, as_of: date) -> bool:
        """Say whether a document holds on a day, as far as the corpus tells."""
        return self.validity.of(document, as_of).status in HOLDING

    def likeness(self, one: str, other: str) -> float:
        """Return how much two sentences say the same, 0..1: shared tokens by their rarity, over those of the shorter mean."""
        both = sum(map(self._idf, sentence_tokens(one) & sentence_tokens(other)))
        return 2 * both / ((self._weight(one) + self._weight(other)) or 1.0)

    def _weight_of(self, text: str) -> float:
        return sum(map(self._idf, sentence_tokens(text)))

    def counterpart(self, text: str, document: Document) -> Sentence | None:
        """Return the sentence of `document` that says what `text` says elsewhere, None where none is alike enough."""
        if document.document_id not in self._sentences:
            self._sentences[document.document_id] = sentences_of(document, 0, len(document.text))
        candidates = self._sentences[document.document_id]
        scored = [(self.likeness(text, sentence.text), sentence) for sentence in candidates]
        best, sentence = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        return sentence if best >= ALIGNED else None

    def current(self, query: Query, found: Sequence[Evidence]) -> list[Evidence]:
        """Return the evidence with the sentences in force in the place of those that they replaced.

        Not where the question asks for a version by its number, its year or as the old one.
        """
        if query.numbers or query.years or query.wants_old:
            return list(found)
        by_place = {evidence.sentence.place: evidence for evidence in reversed(found)}
        replaced: dict[
            tuple[str, int], Evidence
        ] = {}  # the nearest old evidence, by the place of what replaced it
        out: dict[tuple[str, int], Evidence] = {}
        for rank, evidence in enumerate(found):
            counts = rank < READ or evidence.hit.score >= STRONG
            if counts and (newer := self._newer(evidence.sentence, query.as_of)):
                others = (replaced.get(newer.place, evidence), evidence)
                replaced[newer.place] = max(others, key=lambda old: old.hit.score)
                evidence = by_place.get(newer.place) or replace(evidence, sentence=newer)
            out.setdefault(evidence.sentence.place, evidence)
        return [
            _in_place_of(replaced[place], evidence) if place in replaced else evidence
            for place, evidence in out.items()
        ]

    def _newer(self, sentence: Sentence, as_of: date) -> Sentence | None:
        document = self.catalog.by_id[sentence.document_id]
        if self.holds(document, as_of):
            return None
        successor = self.successor(document, as_of)
        return self.counterpart(sentence.text, successor) if successor else None

    def successor(self, document: Document, as_of: date) -> Document | None:
        """Return the document that holds in the place of one that does not: a newer version, or what repealed it."""
        for _ in range(MAX_CHAIN):
            newer = [d for d in self.validity.versions(document) if _is_after(d, document)]
            holding = [d for d in newer if self.holds(d, as_of)]
            if holding:
                return holding[-1]
            state = self.validity.of(document, as_of)
            if state.by_id is None or state.by_id == document.document_id:
                return None
            document = self.catalog.by_id[state.by_id]
            if self.holds(document, as_of):
                return document
        return None

    def predecessor(self, document: Document, as_of: date) -> Document | None:
        """Return the version that `document` replaced, or what it repealed."""
        older = [d for d in self.validity.versions(document) if _is_after(document, d)]
        ended = [self.catalog.by_id[r.target_id] for r in document.relations
                 if r.target_id and r.kind in ("repeals", "replaces") and not r.target_label]  # fmt: skip
        known = [d for d in (*older, *ended) if not self.holds(d, as_of)]
        return max(known, key=lambda d: version_day(d) or date.min, default=None)

    def notes(
        self, query: Query, statements: Sequence[Statement], terms: dict[str, float]
    ) -> tuple[str, ...]:
        """Return what a reader must know of the version that answers: that it has ended, what another one says instead."""
        first = statements[0]
        document = self.catalog.by_id[first.document_id]
        if self.holds(document, query.as_of):
            older = self.predecessor(document, query.as_of)
            told = self._differing(query, first, older, terms) if older else None
            if not older or not told:
                return ()
            state = self.validity.of(older, query.as_of)
            word = ENDED_BY.get(state.status, "代替")
            return (
                f"{self._name(older, document)}规定为“{told}”，已由{document.doc_no or version_name(document)}{word}。",
            )
        newer = self.successor(document, query.as_of)
        told = self._differing(query, first, newer, terms) if newer else None
        now = (f"现行的{document_name(newer)}规定为“{told}”。",) if newer and told else ()
        return (*self._ended(document, query.as_of), *now)

    def _ended(self, document: Document, as_of: date) -> tuple[str, ...]:
        state, source = self.validity.of(document, as_of), f"以上出自{document_name(document)}，该文件"
        if state.status == "superseded":
            return (f"{source}已有新版：{state.by}。",)
        if state.status in ENDED_BY:
            return (f"{source}已由{state.by}{ENDED_BY[state.status]}。",)
        if state.status == "expired" and state.since:
            return (f"{source}已过有效期，自{state.since.isoformat()}起不再有效。",)
        return ()

    def _name(self, older: Document, newer: Document) -> str:
        same = any(d is newer for d in self.validity.versions(older)) and older.issued_on
        return version_name(older) if same and not _same_year(older, newer) else document_name(older)

    def _differing(
        self, query: Query, statement: Statement, other: Document, terms: dict[str, float]
    ) -> str | None:
        """Return what another version says of the statement's matter, None where it says the same or nothing alike."""
        document = self.catalog.by_id[statement.document_id]
        here = document.text[statement.start : statement.end]
        marked = [document.text[start:end] for start, end in statement.marked]
        sentence = self.counterpart(here, other)
        if sentence is None or any(_plain(part) in _plain(sentence.text) for part in (here, statement.text)):
            return None
        if marked and all(_plain(part) in _plain(sentence.text) for part in marked):
            return None  # what answers the question is the same; the words around it have changed
        start, end = without_mark(other, sentence.start, sentence.end)
        if end - start > MAX_QUOTE:
            start, end = _changed_clauses(other.text, start, end, here)
        if end - start > MAX_QUOTE:
            start, end = best_clauses(other.text, start, end, query, terms, limit=MAX_QUOTE)
        return shortened(other.text[start:end].strip().rstrip("。，；："), MAX_QUOTE)


def _changed_clauses(text: str, start: int, end: int, other: str) -> tuple[int, int]:
    """Return text[start:end] from the first to the last of its clauses that `other` does not hold; whole where it holds all."""
    said = _plain(other)
    changed = [
        clause.span() for clause in CLAUSE.finditer(text, start, end)
        if (words := _plain(clause[0])) and words not in said
    ]  # fmt: skip
    return (changed[0][0], changed[-1][1]) if changed else (start, end)


def _is_after(one: Document, other: Document) -> bool:
    return (version_day(one) or date.min) > (version_day(other) or date.min)


def _same_year(one: Document, other: Document) -> bool:
    return bool(one.issued_on and other.issued_on and one.issued_on.year == other.issued_on.year)


def _plain(text: str) -> str:
    return re.sub(r"\W", "", text)


def _in_place_of(old: Evidence, new: Evidence) -> Evidence:
    """Return the evidence in force, found as surely as what it replaced: both were looked for among each other."""
    search = max(e.hit.parts.get("search", e.hit.score) for e in (old, new))
    hit = replace(new.hit, score=max(old.hit.score, new.hit.score), parts={**new.hit.parts, "search": search})
    return replace(new, hit=hit)
