"""What an answerer hands over: statements, each resting on a span of a document, before citations are made."""

from __future__ import annotations

from dataclasses import dataclass, field

from qa.evidence import Evidence


@dataclass(frozen=True)
class Statement:
    """One claim. `text` is shown; it rests on document.text[start:end]; `marked` are spans of the answering words."""

    text: str
    document_id: str
    start: int
    end: int
    marked: tuple[tuple[int, int], ...] = ()  # offsets into document.text
    label: str | None = None  # where the span is more than one provision: the label to cite
    side: str = ""  # of a comparison: the district, version or case that it speaks of


@dataclass(frozen=True)
class Weighed:
    """How surely the best evidence answers: what the judge says, and the evidence it says it of."""

    probability: float
    score: float
    read: float  # log odds, by the reader
    document_id: str


@dataclass(frozen=True)
class Draft:
    """An answer before its citations: `lead` stands above the statements, `notes` below them."""

    status: str
    statements: tuple[Statement, ...] = ()
    lead: str = ""
    notes: tuple[str, ...] = field(default_factory=tuple)
    answerer: str = "extractive"  # or "generative": whose words the statements are
    evidence: tuple[Evidence, ...] = ()  # what a generator may put into words instead
    partial: bool = False  # the generator is still at it
    silent: tuple[str, ...] = ()  # sides of a comparison of which nothing was found
    weighed: Weighed | None = None  # None where no evidence was
