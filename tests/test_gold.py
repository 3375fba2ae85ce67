"""The repository's gold files: enough of everything, and borne out by the corpus."""

from pathlib import Path

import pytest

from config import load_config
from eval.check import check_gold
from eval.questions import LANGUAGES, STYLES, TYPES, EvalQuestion, read_questions
from ingest.corpus import read_corpus
from ingest.document import Document

GOLD = Path(__file__).resolve().parent.parent / "eval" / "gold"


@pytest.fixture(scope="module")
def questions() -> list[EvalQuestion]:
    return read_questions(sorted(GOLD.glob("*.jsonl")))


@pytest.fixture(scope="session")
def corpus_documents() -> tuple[Document, ...]:
    config = load_config()
    return read_corpus(config.resolve(config.corpus.path)).documents


def test_there_are_enough_pairs_and_a_part_is_held_out(questions: list[EvalQuestion]) -> None:
    held_out = sum(question.held_out for question in questions)
    assert len(questions) >= 150
    assert len(questions) / 5 <= held_out <= len(questions) / 2


@pytest.mark.parametrize("held_out", [False, True])
def test_styles_languages_and_refusals_are_covered(questions: list[EvalQuestion], held_out: bool) -> None:
    part = [question for question in questions if question.held_out is held_out]
    assert {question.style for question in part} == set(STYLES)
    assert {question.language for question in part} == set(LANGUAGES)
    assert {question.status for question in part} >= {"answered", "not_found", "wrong_premise"}


def test_every_type_is_asked(questions: list[EvalQuestion]) -> None:
    assert {question.type for question in questions} == set(TYPES)


def test_types_agree_with_the_status_wanted(questions: list[EvalQuestion]) -> None:
    unanswerable = {question.id for question in questions if question.type == "unanswerable"}
    not_found = {question.id for question in questions if question.status == "not_found"}
    assert unanswerable - not_found == set()


def test_answered_questions_have_facts_citations_and_a_quote(questions: list[EvalQuestion]) -> None:
    answered = [question for question in questions if question.status == "answered"]
    lacking = [q.id for q in answered if not (q.facts and q.citations and q.quote)]
    assert lacking == []


def test_no_question_is_asked_twice(questions: list[EvalQuestion]) -> None:
    assert len({(question.question, question.history) for question in questions}) == len(questions)


def test_every_document_is_cited(
    questions: list[EvalQuestion], corpus_documents: tuple[Document, ...]
) -> None:
    cited = {place.document_id for q in questions for item in q.citations for place in item}
    assert {document.document_id for document in corpus_documents} - cited == set()


def test_the_corpus_bears_the_gold_out(
    questions: list[EvalQuestion], corpus_documents: tuple[Document, ...]
) -> None:
    problems = [str(p) for p in check_gold(questions, corpus_documents) if not p.is_note]
    assert problems == []
