"""Gold files in (one JSON object a line), validated EvalQuestions out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

TYPES = (
    "number", "date", "who", "fact", "list", "definition", "yes_no", "procedure", "reason", "table",
    "validity", "comparison", "lookup", "follow_up", "unanswerable", "wrong_premise",
)  # fmt: skip
STYLES = ("close", "everyday", "keywords")
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
STATUSES = ("answered", "not_found", "wrong_premise", "unclear")
CHOICES = {"type": TYPES, "style": STYLES, "language": LANGUAGES, "status": STATUSES}
REQUIRED = ("id", "question", "type", "style", "language", "status", "facts", "citations", "quote")
OPTIONAL = ("history", "as_of")
HELD_OUT_PREFIX = "heldout"


class GoldError(ValueError):
    """A line of a gold file cannot be used; the message names file, line, key and what to do."""


@dataclass(frozen=True)
class Place:
    """Where an answer stands: a document and the label of its provision ("" for unnumbered text)."""

    document_id: str
    label: str


Alternatives = tuple[Place, ...]  # any one of these will do
Required = tuple[Alternatives, ...]  # every one of these is wanted


@dataclass(frozen=True)
class EvalQuestion:
    """One gold pair. `facts` and `citations` are required ones, each with its alternatives.

    A `not_found` question has no facts and no citations; an `answered` one has at least a fact or a citation.
    """

    id: str
    question: str = field(repr=False)  # a failing test must not print what is held out
    type: str
    style: str
    language: str
    status: str  # what a right answer has
    facts: tuple[tuple[str, ...], ...] = field(repr=False)
    citations: Required = field(repr=False)
    quote: str = field(repr=False)  # the source's words that settle the question, "" where none do
    file: str  # name of the gold file
    line: int  # from 1
    history: tuple[str, ...] = ()  # the questions before it, oldest first
    as_of: date | None = None

    @property
    def held_out(self) -> bool:
        """True when its file is scored in aggregate only."""
        return self.file.startswith(HELD_OUT_PREFIX)

    @property
    def answerable(self) -> bool:
        """True when the corpus holds an answer (possibly one per district)."""
        return self.status in ("answered", "unclear")


def read_questions(paths: Iterable[Path]) -> list[EvalQuestion]:
    """Return the questions of all files, in order; raises GoldError, also for an id used twice."""
    questions: list[EvalQuestion] = []
    seen: dict[str, EvalQuestion] = {}
    for path in paths:
        for question in read_file(path):
            first = seen.setdefault(question.id, question)
            if first is not question:
                raise GoldError(
                    f"{question.file} line {question.line}: id {question.id!r} is already used in "
                    f"{first.file} line {first.line}; give each question an id of its own."
                )
            questions.append(question)
    return questions


def read_file(path: Path) -> list[EvalQuestion]:
    """Return the questions of one file, blank lines skipped; raises GoldError."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(
            f"{path}: cannot be read as UTF-8 text ({error}); check the path given to --gold."
        ) from error
    return [parse_line(line, path.name, number) for number, line in enumerate(lines, 1) if line.strip()]


def parse_line(line: str, file: str, number: int) -> EvalQuestion:
    """Return the question that one line holds; raises GoldError."""
    where = f"{file} line {number}"
    try:
        raw = json.loads(line)
    except json.JSONDecodeError as error:
        raise GoldError(f"{where}: not JSON ({error}); write one JSON object a line.") from error
    if not isinstance(raw, dict):
        raise GoldError(f"{where}: expected a JSON object, found {type(raw).__name__}.")
    _check_keys(raw, where)
    question = EvalQuestion(
        **{
            key: _text(raw, key, where, empty=key == "quote")
            for key in REQUIRED
            if key not in ("facts", "citations")
        },
        facts=_facts(raw["facts"], where),
        citations=_citations(raw["citations"], where),
        file=file,
        line=number,
        history=_history(raw.get("history", []), where),
        as_of=_as_of(raw.get("as_of"), where),
    )
    _check_sense(question, where)
    return question


def _check_keys(raw: dict[str, Any], where: str) -> None:
    for key in REQUIRED:
        if key not in raw:
            raise GoldError(f"{where}: key {key!r} is missing; needed: {', '.join(REQUIRED)}.")
    for key in raw:
        if key not in REQUIRED + OPTIONAL:
            raise GoldError(f"{where}: unknown key {key!r}; known: {', '.join(REQUIRED + OPTIONAL)}.")
    for key, known in CHOICES.items():
        if raw[key] not in known:
            raise GoldError(f"{where}: {key} is {raw[key]!r}; use one of {', '.join(known)}.")


def _check_sense(question: EvalQuestion, where: str) -> None:
    if question.status == "not_found" and (question.facts or question.citations):
        raise GoldError(f"{where}: status is 'not_found' but facts or citations are given; leave both empty.")
    if question.status == "answered" and not (question.facts or question.citations):
        raise GoldError(f"{where}: status is 'answered'; give at least one fact or citation.")
    if question.type == "follow_up" and not question.history:
        raise GoldError(f"{where}: type is 'follow_up'; give the earlier questions as history.")


def _text(raw: dict[str, Any], key: str, where: str, *, empty: bool = False) -> str:
    value = raw[key]
    if not isinstance(value, str) or not (empty or value.strip()):
        raise GoldError(f"{where}: {key} must be a {'' if empty else 'non-empty '}string, found {value!r}.")
    return value


def _lists(value: object, key: str, where: str) -> list[list[Any]]:
    """Return a list of non-empty lists, as facts and citations are."""
    if not isinstance(value, list) or not all(isinstance(item, list) and item for item in value):
        raise GoldError(f"{where}: {key} must be a list of lists of alternatives, found {value!r}.")
    return value


def _facts(value: object, where: str) -> tuple[tuple[str, ...], ...]:
    lists = _lists(value, "facts", where)
    for fact in (fact for alternatives in lists for fact in alternatives):
        if not isinstance(fact, str) or not fact.strip():
            raise GoldError(f"{where}: facts must hold non-empty strings, found {fact!r}.")
    return tuple(tuple(alternatives) for alternatives in lists)


def _citations(value: object, where: str) -> Required:
    return tuple(
        tuple(_place(place, where) for place in alternatives)
        for alternatives in _lists(value, "citations", where)
    )


def _place(value: object, where: str) -> Place:
    if not isinstance(value, dict) or set(value) != {"document", "label"}:
        raise GoldError(f'{where}: a citation is {{"document": …, "label": …}}, found {value!r}.')
    if not value["document"] or not all(isinstance(part, str) for part in value.values()):
        raise GoldError(
            f"{where}: a citation's document and label are strings (a label may be empty), found {value!r}."
        )
    return Place(value["document"], value["label"])


def _history(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(asked, str) and asked.strip() for asked in value):
        raise GoldError(f"{where}: history must be a list of earlier questions, found {value!r}.")
    return tuple(value)


def _as_of(value: object, where: str) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise GoldError(f"{where}: as_of must be a day such as '2021-06-30', found {value!r}.") from error
