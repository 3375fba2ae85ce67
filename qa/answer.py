"""The answer's types and their JSON: the one wire format of command line, batch, page and eval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

ANSWERED, NOT_FOUND, WRONG_PREMISE, UNCLEAR = "answered", "not_found", "wrong_premise", "unclear"


@dataclass(frozen=True)
class CitedValidity:
    """Whether the cited document holds on the day asked about (see ingest.document.Validity)."""

    status: str
    by: str | None = None
    since: str | None = None  # ISO date


@dataclass(frozen=True)
class Citation:
    """A verified quotation: the stored document's text[start:end] == quote (mobile numbers masked alike)."""

    marker: int  # from 1, as 〔1〕 in the answer's text
    document_id: str
    doc_no: str | None
    title: str
    issuer: str | None
    issued_on: str | None  # ISO date
    label: str
    path: tuple[str, ...]
    quote: str
    source: str
    start: int
    end: int
    validity: CitedValidity
    page: int | None = None  # of the source file, where it has pages
    scanned: bool = False  # the text comes from character recognition
    provision_id: str = ""
    highlights: tuple[tuple[int, int], ...] = ()  # the answering words, offsets into quote


@dataclass(frozen=True)
class ComparedSide:
    """One side of a comparison: a district, a version, a case. `marker` None: nothing was found of it."""

    name: str
    text: str
    marker: int | None = None


@dataclass(frozen=True)
class Answer:
    """What a question got. `citations` is empty unless status is answered or wrong_premise, or unclear with
    one answer per district."""

    question: str
    status: str  # answered, not_found, wrong_premise, unclear
    text: str  # claims end in markers such as 〔1〕
    citations: tuple[Citation, ...] = ()
    notes: tuple[str, ...] = ()
    answerer: str = "extractive"
    latency_ms: float = 0.0
    id: str = ""
    comparison: tuple[ComparedSide, ...] = ()  # the same as the text's lines, side by side


@dataclass(frozen=True)
class Progress:
    """What a model has written so far and the checks let stand, with its markers; the Answer may say something else."""

    text: str


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """Return the answer as the JSON object of docs/architecture.md."""
    return {
        "id": answer.id,
        "question": answer.question,
        "status": answer.status,
        "text": answer.text,
        "citations": [citation_to_json(citation) for citation in answer.citations],
        "comparison": [
            {"name": side.name, "text": side.text, "marker": side.marker} for side in answer.comparison
        ],
        "notes": list(answer.notes),
        "answerer": answer.answerer,
        "latency_ms": round(answer.latency_ms, 1),
    }


def answer_from_json(kept: dict[str, Any]) -> Answer:
    """Return the answer that `answer_to_json` wrote. Raises msgspec.ValidationError, which names what is wrong."""
    return msgspec.convert(kept, Answer)


def citation_to_json(citation: Citation) -> dict[str, Any]:
    """Return one citation as the JSON object of docs/architecture.md."""
    validity = citation.validity
    return {
        "marker": citation.marker,
        "document_id": citation.document_id,
        "doc_no": citation.doc_no,
        "title": citation.title,
        "issuer": citation.issuer,
        "issued_on": citation.issued_on,
        "label": citation.label,
        "path": list(citation.path),
        "quote": citation.quote,
        "source": citation.source,
        "page": citation.page,
        "scanned": citation.scanned,
        "start": citation.start,
        "end": citation.end,
        "validity": {"status": validity.status, "by": validity.by, "since": validity.since},
        "provision_id": citation.provision_id,
        "highlights": [list(span) for span in citation.highlights],
    }
