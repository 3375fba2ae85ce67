"""Gold questions and the corpus's documents in, what does not fit between them out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eval.metrics import normalise
from eval.questions import Alternatives, EvalQuestion, Place
from ingest.document import Document, Provision


@dataclass(frozen=True)
class Problem:
    """Something in a gold question that the corpus does not bear out; a mere note does not fail the check."""

    file: str
    id: str
    message: str
    is_note: bool = False

    def __str__(self) -> str:
        return f"{self.file} {self.id}: {'note: ' if self.is_note else ''}{self.message}"


class CorpusPlaces:
    """The provisions of a corpus, by document and exact label."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.by_document: dict[str, dict[str, list[Provision]]] = {}
        self.titles: dict[str, str] = {}
        for document in documents:
            self.titles[document.document_id] = document.title + "\n" + document.notice_title
            labels = self.by_document.setdefault(document.document_id, {})
            for provision in document.provisions:
                labels.setdefault(provision.label, []).append(provision)

    def provisions(self, place: Place) -> list[Provision]:
        """Return the provisions with exactly this label; none when document or label is unknown."""
        return self.by_document.get(place.document_id, {}).get(place.label, [])

    def bears_out(self, place: Place, quote: str) -> bool:
        """True when a provision of this place holds the quote; for label "" also when the title does."""
        if any(holds_quote(provision, quote) for provision in self.provisions(place)):
            return True
        return not place.label and normalise(quote) in normalise(self.titles.get(place.document_id, ""))

    def holding(self, document_id: str, quote: str) -> list[str]:
        """Return the labels of a document's provisions that hold the quote, the shortest text first."""
        found = [
            (len(provision.text), label)
            for label, provisions in self.by_document.get(document_id, {}).items()
            for provision in provisions
            if holds_quote(provision, quote)
        ]
        return list(dict.fromkeys(label for _, label in sorted(found)))


def holds_quote(provision: Provision, quote: str) -> bool:
    """True when the provision's text holds the quote; of a table row, also its cells without field names."""
    wanted = normalise(quote)
    if wanted in normalise(provision.text):
        return True
    cells = [cell.split("：", 1)[-1] for line in provision.text.splitlines() for cell in line.split("；")]
    return provision.kind == "row" and wanted in normalise("".join(cells))


def check_gold(questions: Sequence[EvalQuestion], documents: Iterable[Document]) -> list[Problem]:
    """Return every citation that the corpus lacks and every quote that stands in no cited provision.

    An alternative whose label is unknown is a note as long as another alternative of that citation is known.
    """
    corpus = CorpusPlaces(documents)
    return [problem for question in questions for problem in check_question(question, corpus)]


def check_question(question: EvalQuestion, corpus: CorpusPlaces) -> list[Problem]:
    """Return the problems of one question; for a held-out one they do not repeat its quote."""
    problems = [problem for item in question.citations for problem in _check_citation(question, item, corpus)]
    quote = _check_quote(question, corpus)
    return problems + ([Problem(question.file, question.id, quote)] if quote else [])


def _check_citation(
    question: EvalQuestion, alternatives: Alternatives, corpus: CorpusPlaces
) -> list[Problem]:
    def problem(message: str, *, is_note: bool = False) -> Problem:
        return Problem(question.file, question.id, message, is_note)

    unknown = [place for place in alternatives if place.document_id not in corpus.by_document]
    if unknown:
        return [problem(f"no document {place.document_id!r} in the corpus") for place in unknown]
    missing = [place for place in alternatives if not corpus.provisions(place)]
    some_known = len(missing) < len(alternatives)
    return [
        problem(f"{place.document_id} has no provision {place.label!r}", is_note=some_known)
        for place in missing
    ]


def _check_quote(question: EvalQuestion, corpus: CorpusPlaces) -> str:
    """Return "" when a cited provision holds the quote (white space and width aside), else what does."""
    if not question.quote:
        return ""
    places = [place for alternatives in question.citations for place in alternatives]
    if any(corpus.bears_out(place, question.quote) for place in places):
        return ""
    what = "the quote" if question.held_out else f"the quote {question.quote!r}"
    documents = dict.fromkeys(place.document_id for place in places) or dict.fromkeys(corpus.by_document)
    elsewhere = [
        f"{name} {label!r}" for name in documents for label in corpus.holding(name, question.quote)[:3]
    ]
    where = f"it stands in {', '.join(elsewhere[:4])}" if elsewhere else "nor anywhere in its documents"
    return f"{what} stands in no cited provision; {where}"
