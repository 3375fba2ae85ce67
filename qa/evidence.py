"""Hits in, the sentences that answer out: each sentence of the best chunks weighed against the question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache


from index.lexical import LexicalIndex, tokenize
from index.store import Hit, PassageIndex
from ingest.document import Document, Provision
from qa.catalog import Catalog
from qa.query import Query

READ_HITS = 14  # chunks whose sentences are weighed
# What the answer to each kind of question looks like.
SHAPES = {
    "number": re.compile(r"\d|[一二三四五六七八九十百千万两半]+(?:个|次|天|日|年|月|周|倍|分之|人|名|件|家|级|米|元|小时)"),
    "date": re.compile(r"\d{4}年|\d{1,2}月|\d{1,2}日|工作日|小时|[前后]\d|\d[天年]|持续|长期|全过程|之日"),
    "who": re.compile(r"[局委办部院会长组任员队镇府科处]|同志|负责|牵头|签发|审批"),
    "definition": re.compile(r"是指|指的?是|〔注|即：|：|以下简称|是介于|称为"),
    "reason": re.compile(r"为了?|以便|旨在|由于|因|目的"),
    "yes_no": re.compile(r"不得|严禁|禁止|可以?|应当?|必须|须|不予|允许|不|原则上"),
    "list": re.compile(r"、.*、|：$|包括|以下|如下|下列"),
    "procedure": re.compile(r"申请|审核|报|提出|经|程序|办理|批准|后"),
}  # fmt: skip


@dataclass(frozen=True)
class Sentence:
    """A sentence of a document: offsets into document.text, and the smallest provision that holds it."""

    document_id: str
    provision: Provision
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Evidence:
    """A sentence with its weight: `coverage` is the idf share of the question's topic that it and its place name."""

    sentence: Sentence
    score: float
    coverage: float  # 0..1, sentence and context
    own_coverage: float  # 0..1, the sentence alone
    hit: Hit


@dataclass(frozen=True)
class Weights:
    """How much each sign counts; set on the project's own development questions."""

    hit: float = 1.0
    own: float = 0.55
    context: float = 0.25
    shape: float = 0.08
    superseded: float = 0.12
    title: float = 0.15
    year: float = 0.1


class EvidenceFinder:
    """Finds and weighs the sentences that may answer a question."""

    def __init__(self, index: PassageIndex, catalog: Catalog, *, top_k: int, dense_weight: float) -> None:
        self.index, self.catalog = index, catalog
        self.top_k, self.dense_weight = top_k, dense_weight
        self.weights = Weights()

    def find(self, query: Query, holds: dict[str, bool], documents: Sequence[str] | None = None) -> list[Evidence]:
        """Return evidence, best first, from `documents` (default: those the question limits itself to).

        `holds` says of each document whether it is in force on the day asked about.
        """
        limit = documents if documents is not None else query.documents
        search = query.text if query.is_english else (query.topic or query.text)
        hits = self.index.search(search, top_k=self.top_k, dense_weight=self.dense_weight, documents=limit)
        terms = self.terms(query)
        adjusted = sorted(
            ((hit.score + self._document_bonus(query, hit.chunk.document_id, holds), hit) for hit in hits),
            key=lambda pair: -pair[0],
        )
        found = [e for base, hit in adjusted[:READ_HITS] for e in self._weigh(query, base, hit, terms)]
        found.sort(key=lambda evidence: -evidence.score)
        return _distinct(found)

    def _document_bonus(self, query: Query, document_id: str, holds: dict[str, bool]) -> float:
        document = self.catalog.by_id[document_id]
        bonus = self.weights.title if document_id in query.titles else 0.0
        years = {int(y) for y in re.findall(r"(?:19|20)\d\d", f"{document.title} {document.issued_on or ''}"[:120])}
        if query.years and years & set(query.years):
            bonus += self.weights.year
            if document.issued_on and document.issued_on.year in query.years:
                bonus += self.weights.superseded
        elif not holds.get(document_id, True):
            bonus += self.weights.superseded if query.wants_old else -self.weights.superseded
        return bonus

    def terms(self, query: Query) -> dict[str, float]:
        """Return the tokens of the question's topic with their idf."""
        tokens = set(tokenize(query.topic if not query.is_english else query.text))
        lexical: LexicalIndex = self.index.lexical
        return {token: lexical.idf(token) for token in tokens}

    def _weigh(self, query: Query, base: float, hit: Hit, terms: dict[str, float]) -> list[Evidence]:
        document = self.catalog.by_id[hit.chunk.document_id]
        total = sum(terms.values()) or 1.0
        context = set(tokenize(hit.chunk.context))
        lead = set(tokenize(document.text[hit.chunk.start : hit.chunk.end].split("\n", 1)[0]))
        shape = SHAPES.get(query.intent)
        weights, found = self.weights, []
        for sentence in sentences_of(document, hit.chunk.start, hit.chunk.end):
            tokens = sentence_tokens(sentence.text)
            own = sum(weight for token, weight in terms.items() if token in tokens) / total
            around = sum(w for t, w in terms.items() if t not in tokens and (t in context or t in lead)) / total
            fits = weights.shape if shape and shape.search(sentence.text) else 0.0
            score = weights.hit * base + weights.own * own + weights.context * around + fits
            found.append(Evidence(sentence, score, own + around, own, hit))
        return found


@lru_cache(maxsize=20_000)
def sentence_tokens(text: str) -> frozenset[str]:
    """Return the tokens of a sentence."""
    return frozenset(tokenize(text))


def sentences_of(document: Document, start: int, end: int) -> list[Sentence]:
    """Return the sentences that overlap text[start:end], whole, each with its smallest provision."""
    found = []
    text = document.text
    begin = max(text.rfind("。", 0, start), text.rfind("\n", 0, start)) + 1
    for match in re.finditer(r"[^。！？\n]+[。！？]?[”』」]?", text[begin : _sentence_end(text, end)]):
        s, e = begin + match.start(), begin + match.end()
        if e > start and s < end and text[s:e].strip():
            found.append(Sentence(document.document_id, smallest_provision(document, s, e), text[s:e], s, e))
    return found


def _sentence_end(text: str, end: int) -> int:
    stops = [position for position in (text.find("。", max(end - 1, 0)), text.find("\n", max(end - 1, 0))) if position >= 0]
    return min(stops) + 1 if stops else len(text)


def smallest_provision(document: Document, start: int, end: int) -> Provision:
    """Return the smallest provision that holds text[start:end]; the nearest before it where none holds it whole."""
    holding = [p for p in document.provisions if p.start <= start and end <= p.end]
    if holding:
        return min(holding, key=lambda p: p.end - p.start)
    return max((p for p in document.provisions if p.start <= start), key=lambda p: p.start, default=document.provisions[0])


def _distinct(found: Sequence[Evidence]) -> list[Evidence]:
    seen: set[tuple[str, int]] = set()
    out = []
    for evidence in found:
        key = (evidence.sentence.document_id, evidence.sentence.start)
        if key not in seen:
            seen.add(key)
            out.append(evidence)
    return out
