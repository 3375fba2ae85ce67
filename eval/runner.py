"""An Assistant and gold questions in, one Outcome each out: answer, rankings, time, citations verified."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Protocol

from eval.labels import labels_match
from eval.questions import EvalQuestion, Place, Required
from ingest.document import Chunk, Document

if TYPE_CHECKING:
    from qa.answer import Answer, Citation  # imports the whole assistant, which --check has no need of

SEARCH_DEPTH = 50
FUSED = "fused"
ERROR = "error"  # status of an answer that was never given
MASKED_MOBILE = re.compile(r"(?<=\d{3})\*{4}(?=\d{4})")


class SearchHit(Protocol):
    """What is read of a hit; `parts` holds the score that each retriever gave, higher is better."""

    @property
    def chunk(self) -> Chunk: ...
    @property
    def parts(self) -> Mapping[str, float]: ...


class AssistantLike(Protocol):
    """What is used of qa.assistant.Assistant."""

    def ask(
        self, question: str, *, history: Sequence[tuple[str, str]] = (), as_of: date | None = None
    ) -> Answer: ...
    def search(self, question: str, k: int) -> Sequence[SearchHit]: ...
    def document(self, document_id: str) -> Document: ...


@dataclass(frozen=True)
class Outcome:
    """What one question got. When `error` is not empty, status is "error" and the rest is empty.

    `rankings` holds the provisions as searched: "fused", and each retriever's part by its name.
    """

    question: EvalQuestion
    status: str
    text: str = ""
    cited: tuple[Place, ...] = ()
    quotes: tuple[str, ...] = ()  # one for each citation
    unverified: tuple[str, ...] = ()  # why, one for each citation that the store does not bear out
    rankings: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)
    findable: Required = ()  # the required citations, and what they are items of: a search finds an article whole
    latency_ms: float = 0.0
    answerer: str = ""
    error: str = ""


def run_questions(
    assistant: AssistantLike,
    questions: Sequence[EvalQuestion],
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Outcome]:
    """Return the outcome of every question, in order; a question that raises is an outcome with its error."""
    outcomes: list[Outcome] = []
    for question in questions:
        outcomes.append(run_question(assistant, question))
        progress(len(outcomes), len(questions))
    return outcomes


def run_question(assistant: AssistantLike, question: EvalQuestion) -> Outcome:
    """Search and ask one question, its earlier ones first; only its own asking is timed.

    A question with earlier ones is not searched alone: without them it says too little.
    """
    try:
        rankings = {} if question.history else rank_places(assistant.search(question.question, SEARCH_DEPTH))
        history = _conversation(assistant, question)
        start = time.perf_counter()
        answer = assistant.ask(question.question, history=history, as_of=question.as_of)
        latency_ms = (time.perf_counter() - start) * 1000
    except Exception as error:
        return Outcome(question, ERROR, error=f"{type(error).__name__}: {error}")
    problems = (verify_citation(assistant, citation) for citation in answer.citations)
    return Outcome(
        question,
        answer.status,
        text=answer.text,
        cited=tuple(Place(citation.document_id, citation.label) for citation in answer.citations),
        quotes=tuple(citation.quote for citation in answer.citations),
        unverified=tuple(problem for problem in problems if problem),
        rankings=rankings,
        findable=() if question.history else with_outer(question.citations, assistant.document),
        latency_ms=latency_ms,
        answerer=answer.answerer,
    )


def _conversation(assistant: AssistantLike, question: EvalQuestion) -> list[tuple[str, str]]:
    """Ask the earlier questions in turn; return them with the answers they got."""
    history: list[tuple[str, str]] = []
    for earlier in question.history:
        answer = assistant.ask(earlier, history=tuple(history), as_of=question.as_of)
        history.append((earlier, answer.text))
    return history


def rank_places(hits: Sequence[SearchHit]) -> dict[str, tuple[Place, ...]]:
    """Return the provisions in fused order, and as each retriever's own score would order these same hits.

    A provision counts once, at its best chunk. A hit without a retriever's score is not in its ranking.
    """
    rankings = {FUSED: _places(hits)}
    for name in sorted({name for hit in hits for name in hit.parts}):
        scored = [hit for hit in hits if name in hit.parts]
        rankings[name] = _places(sorted(scored, key=lambda hit: -hit.parts[name]))
    return rankings


def with_outer(required: Required, document: Callable[[str], Document]) -> Required:
    """Return the required places, each with the provisions that it is an item of as further alternatives."""
    return tuple(
        tuple(dict.fromkeys(outer for place in alternatives for outer in _outer(place, document)))
        for alternatives in required
    )


def _outer(place: Place, document: Callable[[str], Document]) -> list[Place]:
    """Return the place itself and, from the inside out, what it stands in."""
    by_id = {provision.provision_id: provision for provision in document(place.document_id).provisions}
    inside = next((p for p in by_id.values() if labels_match(p.label, place.label, lenient=False)), None)
    found = [place]
    while inside is not None and inside.parent is not None:
        inside = by_id[inside.parent]
        found.append(Place(place.document_id, inside.label))
    return found


def _places(hits: Sequence[SearchHit]) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(Place(hit.chunk.document_id, hit.chunk.label) for hit in hits))


def verify_citation(assistant: AssistantLike, citation: Citation) -> str:
    """Return "" when the stored document holds the quote at its offsets, else what was found instead."""
    where = f"〔{citation.marker}〕 {citation.document_id} {citation.label} [{citation.start}:{citation.end}]"
    try:
        text = assistant.document(citation.document_id).text
    except KeyError:
        return f"{where}: no such document in the store"
    found = text[citation.start : citation.end]
    if quote_matches(citation.quote, found):
        return ""
    return f"{where}: quotes {_short(citation.quote)!r}, the store holds {_short(found)!r}"


def quote_matches(quote: str, found: str) -> bool:
    """True when both are the same text, mobile numbers in the quote possibly masked as 138****5678."""
    if quote == found:
        return True
    pieces = MASKED_MOBILE.split(quote)
    return len(pieces) > 1 and re.fullmatch(r"\d{4}".join(map(re.escape, pieces)), found) is not None


def _short(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[:limit] + "…"
