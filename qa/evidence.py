"""Hits in, the sentences that answer out: each sentence of the best chunks weighed against the question."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from index.filters import Filter
from index.judge import LINES, Judge, Judged, shown_part
from index.lexical import tokenize
from index.reader import Line, Reader, lines_of, split_lines
from index.store import Hit, PassageIndex
from ingest.outline import is_heading_text
from qa.catalog import Catalog, romanised
from qa.gloss import Glosser
from qa.names import acting_posts
from qa.query import Query
from qa.sentences import Sentence, sentence_at, sentence_tokens, sentences_of
from qa.shapes import INTENT_SHAPES
from qa.terms import DefinedTerms, Definition
from qa.words import WordMatcher

FOREIGN_DENSE_WEIGHT = 0.8
NEARLY = 0.75  # of the best score: evidence that may stand in for the best
NEARLY_STRICT = 0.5  # the same where nothing else can answer
TERM_SHARE = 0.3  # of the topic that a defined term must make up to be what a bare topic asks for
PREPARED_CHUNKS = 20_000  # a larger corpus makes its word vectors as questions come
JUDGED_OPENING = 40  # characters of it that the judge reads
FURTHEST = 3.0  # log odds of the judge that count
UNJUDGED = -12.0  # log odds of what the judge did not read: less likely than anything it did
BEFORE, OPENING = 80, 80  # characters read of what stands before a sentence, and of what opens its provision
ODDS_SCALE = 4.0  # of the reader's log odds, before they become a share
READ_HITS = 14  # chunks whose sentences are weighed
READ_ANYHOW = 0.5  # score of a chunk that is read however little it weighs as superseded
FIELD_NAME = re.compile(r"([\u4e00-\u9fff]{2,4}(?:单位|部门|时限|时间|期限|人))[：:]")
DATE_LINE = re.compile(r"(?:19|20)?\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日[。]?$")  # below a signature
DECIDED = re.compile(r"会议|开会|研究|任命|免去|免职|任职|上任|当[上选]")  # on another day than that below
ATTACHMENT_LINE = re.compile(
    r"附\s*件|\d{1,2}\s*[.．、]\s*[^。；，]{4,40}(?:方案|细则|标准|指引|意见|流程|台账|目录|名单|表)$"
)


Candidate = tuple[
    Sentence, float, Hit, bool
]  # sentence, weight of its chunk, chunk, whether it defines a term asked for


Keep = Callable[
    [str, int, int], bool
]  # told a document id and a span of its text, says whether it may be found


class ReadLine(NamedTuple):
    """A line as the reader reads it: the number of its candidate, its span in the document's text, the line."""

    candidate: int
    span: tuple[int, int]
    line: Line


@dataclass(frozen=True)
class Evidence:
    """A sentence with its weight. Coverage is the idf share of the question's topic, 0..1."""

    sentence: Sentence
    score: float
    coverage: float  # of the topic, by the sentence and its place
    own_coverage: float  # of the topic, by the sentence alone
    read: float  # log odds that it answers, by the reader
    answering: tuple[int, int]  # span of the part of it that answers best, in the document's text
    fits: bool  # it looks like what is asked for: a number with its unit, an office, a list
    hit: Hit
    defines: bool  # the sentence defines a term that the question names
    parts: dict[str, float]  # what the score is the sum of
    answers: float = 0.0  # log odds that it answers, by the judge, who reads the likeliest alone
    contradicts: float = 0.0  # log odds that it tells otherwise what is taken for granted, by the judge

    @property
    def unjudged(self) -> float:
        """The score without what the judge says: how near it is, whichever place or version it is of."""
        return self.score - self.parts.get("judged", 0.0)


@dataclass(frozen=True)
class Weights:
    """How much each sign counts, against it where below 0; set on the project's own development questions."""

    hit: float = 0.8
    read: float = 2.0
    own: float = 0.55
    context: float = 0.25
    shape: float = 0.1
    unit: float = 0.22
    superseded: float = 1.2
    title: float = 0.15
    year: float = 0.1
    definition: float = 0.6
    heading: float = -0.15
    attachment: float = -0.5
    field: float = -0.15
    other_post: float = -0.25
    judged: float = 0.25  # of log odds


class EvidenceFinder:
    """Finds and weighs the sentences that may answer a question."""

    def __init__(
        self, index: PassageIndex, catalog: Catalog, reader: Reader, judge: Judge | None = None,
        *, top_k: int, dense_weight: float,
    ) -> None:  # fmt: skip
        self.index, self.catalog, self.reader, self.judge = index, catalog, reader, judge
        self.top_k, self.dense_weight = top_k, dense_weight
        self.weights = Weights()
        self.defined = DefinedTerms(catalog.documents)
        self.matcher = WordMatcher(index.encoder)
        if len(index.chunks) <= PREPARED_CHUNKS:
            self.matcher.prepare(chunk.text for chunk in index.chunks)
        self._glosser = Glosser(index.encoder, *self.matcher.known())

    def glossed(self, query: Query) -> Query:
        """Return an English query with its gloss, any other as it is; a corpus whose words were not prepared gives none."""
        if not query.is_english:
            return query
        names = " ".join(spelt for place, _ in query.places for spelt in romanised(place)).split()
        return replace(query, gloss=self._glosser.gloss(query.text, without=names))

    def find(
        self, query: Query, holds: dict[str, bool], documents: Sequence[str] | None = None,
        *, keep: Keep | None = None,
    ) -> list[Evidence]:  # fmt: skip
        """Return evidence, best first, from `documents` (default: those the question limits itself to).

        `holds` says of each document whether it is in force on the day asked about; `keep`, told a document id and a span
        of its text, may hide what it holds.
        """
        candidates = self._candidates(query, holds, documents, keep)
        found = sorted(self._weigh(query, candidates), key=lambda evidence: -evidence.score)
        return self._judged(query, found)

    def _judged(self, query: Query, found: list[Evidence]) -> list[Evidence]:
        """Return the evidence with what the judge says of the first, these in a new order."""
        if self.judge is None or not found:
            return found
        first, rest = found[:LINES], found[LINES:]
        scores = self.judge.scores(query.asked_text, judged_lines(first)).tolist()
        judged = [self._with_verdict(one, *said) for one, said in zip(first, scores, strict=True)]
        judged += [
            self._with_verdict(one, UNJUDGED, UNJUDGED) for one in rest
        ]  # no likelier than the unlikeliest
        return sorted(judged, key=lambda evidence: -evidence.score)

    def _with_verdict(self, evidence: Evidence, answers: float, contradicts: float) -> Evidence:
        worth = self.weights.judged * max(-FURTHEST, min(FURTHEST, answers))
        return replace(
            evidence, score=evidence.score + worth, parts=evidence.parts | {"judged": worth},
            answers=answers, contradicts=contradicts,
        )  # fmt: skip

    def lines(self, query: Query, holds: dict[str, bool]) -> list[tuple[str, ReadLine]]:
        """Return the lines that are read for a question, each with its document's id, those of the best hits first."""
        candidates = self._candidates(query, holds, None, None)
        return [(candidates[one.candidate][0].document_id, one) for one in self._lines(candidates)]

    def _candidates(
        self, query: Query, holds: dict[str, bool], documents: Sequence[str] | None,
        keep: Keep | None,
    ) -> list[Candidate]:  # fmt: skip
        """Return the sentences that may answer, those of the best hits first."""
        limit = documents if documents is not None else query.documents
        hits = self.index.search(
            query.index_text,
            asked=query.asked_text,
            words=query.lexical_text,
            top_k=self.top_k,
            dense_weight=self.weight_of(query),
            filter=Filter(documents=tuple(limit or ())),
        )
        hits = [h for h in hits if not self._of_another_year(query, h)]
        hits = [h for h in hits if keep is None or keep(h.chunk.document_id, h.chunk.start, h.chunk.end)]
        if not hits:
            return []
        adjusted = sorted(
            ((hit.score + self._document_bonus(query, hit.chunk.document_id, holds), hit) for hit in hits),
            key=lambda pair: -pair[0],
        )
        candidates = _distinct(
            (sentence, base, hit, False)
            for rank, (base, hit) in enumerate(adjusted)
            if rank < READ_HITS or hit.score >= READ_ANYHOW
            for sentence in sentences_of(
                self.catalog.by_id[hit.chunk.document_id], hit.chunk.start, hit.chunk.end
            )
        )
        defined = [
            candidate for candidate in self._definitions(query, adjusted, limit, holds)
            if keep is None or keep(candidate[0].document_id, candidate[0].start, candidate[0].end)
        ]  # fmt: skip
        candidates = _distinct([*defined, *candidates])
        if names := self.catalog.person_names(query.text):  # what is said of another person answers nothing
            candidates = [c for c in candidates if any(name in c[0].text for name in names)]
        if query.intent not in ("date", "issue") or DECIDED.search(query.text):
            candidates = [c for c in candidates if not DATE_LINE.match(c[0].text.strip())]
        return candidates

    def _of_another_year(self, query: Query, hit: Hit) -> bool:
        """A document titled for 2021 says nothing of 2022, unless the passage itself names that year."""
        titled = {
            int(year)
            for year in re.findall(r"(?:19|20)\d\d(?=年)", self.catalog.by_id[hit.chunk.document_id].title)
        }
        asked = set(query.years)
        named = {int(year) for year in re.findall(r"(?:19|20)\d\d", hit.chunk.text)}
        issued = self.catalog.by_id[hit.chunk.document_id].issued_on
        return bool(titled and asked) and not asked & (titled | named | ({issued.year} if issued else set()))

    def weight_of(self, query: Query) -> float:
        """Return the share of the dense ranking: words of another language than the corpus' match by accident."""
        return max(self.dense_weight, FOREIGN_DENSE_WEIGHT) if query.is_foreign else self.dense_weight

    def _definitions(
        self,
        query: Query,
        adjusted: Sequence[tuple[float, Hit]],
        limit: Sequence[str] | None,
        holds: dict[str, bool],
    ) -> Iterable[Candidate]:
        """Yield the sentences that define a term which a question for a meaning or a list names."""
        if query.intent not in ("definition", "list", "fact", "number", "comparison") or (
            query.is_english and not query.quoted
        ):
            return
        for definition in self._defined(query):
            if limit and definition.document_id not in limit:
                continue
            document = self.catalog.by_id[definition.document_id]
            near = next(
                (hit for _, hit in adjusted if hit.chunk.document_id == document.document_id), adjusted[0][1]
            )
            sentence = sentence_at(document, definition.start, definition.end)
            yield sentence, near.score + self._document_bonus(query, document.document_id, holds), near, True

    def _defined(self, query: Query) -> list[Definition]:
        """Return the definitions of the term asked for: a quoted one, the question's longest, or the bare topic."""
        if quoted := self.defined.named_in(query.quoted):
            return [d for d in quoted if d.document_id in query.titles] or quoted
        named = self.defined.named_in(query.text)
        topic = len(query.topic.replace(" ", "")) or 1
        return [d for d in named if query.intent == "definition" or len(d.term) / topic >= TERM_SHARE]

    def _document_bonus(self, query: Query, document_id: str, holds: dict[str, bool]) -> float:
        document = self.catalog.by_id[document_id]
        bonus = self.weights.title if document_id in query.titles else 0.0
        years = {
            int(y) for y in re.findall(r"(?:19|20)\d\d", f"{document.title} {document.issued_on or ''}"[:120])
        }
        if query.years and years & set(query.years):
            bonus += self.weights.year
            if document.issued_on and document.issued_on.year in query.years:
                bonus += self.weights.superseded
        elif not holds.get(document_id, True):
            bonus += self.weights.superseded if query.wants_old else -self.weights.superseded
        return bonus

    def terms(self, query: Query) -> dict[str, float]:
        """Return the tokens of the question's topic with their idf."""
        lexical = self.index.lexical
        return {token: lexical.idf(token) for token in set(tokenize(query.search_text))}

    def weigh(self, query: Query, sentence: Sentence, hit: Hit) -> list[Evidence]:
        """Return a sentence that no search found as evidence, weighed as one of the chunk `hit`."""
        found = self._weigh(query, [(sentence, hit.score, hit, False)])
        return self._judged(query, found)

    def _weigh(self, query: Query, candidates: Sequence[Candidate]) -> list[Evidence]:
        if not candidates:
            return []
        terms = self.terms(query)
        total = sum(terms.values()) or 1.0
        read = self._read(query, candidates)
        shape = query.shape or INTENT_SHAPES.get(query.intent)
        posts = acting_posts(query.text)
        w, out = self.weights, []
        for (sentence, base, hit, defines), (odds, answering) in zip(candidates, read, strict=True):
            tokens = sentence_tokens(sentence.text)
            beyond = terms.keys() - tokens
            around = [beyond & sentence_tokens(part) for part in _place_of(sentence, hit)]
            own = max(0.0, total - sum(map(terms.__getitem__, beyond))) / total
            near = sum(map(terms.__getitem__, set().union(*around))) / total
            fits = shape is not None and bool(shape.search(sentence.text))
            other_field = query.intent not in ("who", "date") and _is_other_field(sentence, query)
            signs = {
                "hit": base, "read": 1 / (1 + math.exp(-odds / ODDS_SCALE)), "own": own, "context": near, "unit" if query.shape else "shape": fits,
                "definition": defines, "year": any(str(year) in sentence.text for year in query.years),
                "heading": _says_nothing(sentence), "field": other_field,
                "other_post": bool(posts and (told := acting_posts(sentence.text)) and not posts & told),
                "attachment": bool(ATTACHMENT_LINE.match(sentence.text.strip())),
            }  # fmt: skip
            parts = {name: getattr(w, name) * float(sign) for name, sign in signs.items() if sign}
            out.append(
                Evidence(
                    sentence, sum(parts.values()), own + near, own, odds, answering, fits, hit, defines, parts
                )
            )
        return out

    def _read(self, query: Query, candidates: Sequence[Candidate]) -> list[tuple[float, tuple[int, int]]]:
        """Return for each candidate how likely it answers, and where: the best of its lines."""
        lines = self._lines(candidates)
        scores = self.reader.scores(query.asked_text, [line for _, _, line in lines])
        best: dict[int, int] = {}
        for row, (owner, _, _) in enumerate(lines):
            if owner not in best or scores[row] > scores[best[owner]]:
                best[owner] = row
        return [(float(scores[best[n]]), lines[best[n]][1]) for n in range(len(candidates))]

    def _lines(self, candidates: Sequence[Candidate]) -> list[ReadLine]:
        """Return the lines of the candidates, long sentences in pieces, each with what it stands under and behind."""
        found: list[ReadLine] = []
        for number, (sentence, _, hit, _) in enumerate(candidates):
            cut = list(split_lines(sentence.text)) or [(0, len(sentence.text))]
            first = sentence.provision.text.split("\n", 1)[0]
            context = (
                hit.chunk.context
                if first.startswith(sentence.text)
                else f"{hit.chunk.context} {first[:OPENING]}"
            )
            text = self.catalog.by_id[sentence.document_id].text
            start = max(sentence.provision.start, sentence.start - BEFORE)
            made = lines_of(sentence.text, cut, context)
            made[0] = replace(made[0], before=text[start : sentence.start])
            spans = [(sentence.start + s, sentence.start + e) for s, e in cut]
            found += [ReadLine(number, span, line) for span, line in zip(spans, made, strict=True)]
        return found


def judged_lines(found: Sequence[Evidence]) -> list[Judged]:
    """Return evidence as the judge reads it."""
    lines = []
    for evidence in found:
        sentence, (start, end) = evidence.sentence, evidence.answering
        opening = sentence.provision.text.split("\n", 1)[0][:JUDGED_OPENING]
        part = shown_part(sentence.text, start - sentence.start, end - sentence.start)
        lines.append(Judged(part, f"{evidence.hit.chunk.context} {opening}", evidence.read, evidence.score))
    return lines


def _place_of(sentence: Sentence, hit: Hit) -> tuple[str, str, str]:
    """Return what a sentence stands under: the context and first line of its chunk, the first line of its provision."""
    return hit.chunk.context, hit.chunk.text.split("\n", 1)[0], sentence.provision.text.split("\n", 1)[0]


def _is_other_field(sentence: Sentence, query: Query) -> bool:
    """完成时限：… is no answer to a question for anything else."""
    field = FIELD_NAME.match(sentence.text)
    return field is not None and sentence.provision.kind == "text" and field[1] not in query.text


def _says_nothing(sentence: Sentence) -> bool:
    """A bare heading, or a line of the list of attachments, answers nothing by itself."""
    bare = sentence.text.strip()
    return sentence.provision.kind == "text" and (
        (is_heading_text(bare) and "：" not in bare and not bare.endswith("〕"))
        or bool(ATTACHMENT_LINE.match(bare))
    )


def _distinct(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Keep the first candidate of each sentence."""
    seen: dict[tuple[str, int], Candidate] = {}
    for candidate in candidates:
        seen.setdefault(candidate[0].place, candidate)
    return list(seen.values())


def best_fitting(query: Query, found: Sequence[Evidence]) -> Evidence:
    """Return the best evidence, or one nearly as good that holds the kind of thing asked for, which the best lacks."""
    best = found[0]
    if query.shape is None or best.fits:
        return best
    same = [e for e in found if e.fits and e.sentence.provision == best.sentence.provision]
    share = NEARLY_STRICT if query.is_strict else NEARLY
    near = [e for e in found if e.fits and e.score >= best.score * share]
    return (same or near or [best])[0]
