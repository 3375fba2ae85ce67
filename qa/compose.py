"""The evidence of one provision in, the words that answer out: a clause, a sentence, a whole list, a table row."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.document import Document
from qa.below import REPLY, best_below, is_question, is_topic, reply_to, under_topic
from qa.clauses import (
    USUAL_ANSWER,
    as_sentence,
    completed,
    longest_answer,
    marks_of,
    plain_note,
    subject_of,
    without_mark,
)  # fmt: skip
from qa.draft import Statement
from qa.evidence import Evidence
from qa.fields import asked_fields, fields_statement, row_statement
from qa.listing import asks_list, lines_below, list_of, opens_list
from qa.query import Query
from qa.sentences import Sentence, sentences_of
from qa.verdict import with_exceptions

MAX_STEPS = 260  # of a procedure told in sentences


def compose(
    document: Document,
    evidence: Evidence,
    query: Query,
    terms: dict[str, float],
    *,
    near: Sequence[Evidence] = (),
) -> Statement:
    """Return the statement that answers the question from the best sentence's provision.

    `near` is the evidence beside it, best first, for where the sentence only opens what answers.
    """
    sentence = evidence.sentence
    if sentence.provision.kind == "row":
        return row_statement(document, sentence)
    if evidence.defines:
        return defining(document, sentence)
    if is_question(sentence.text) and (reply := reply_to(document, sentence, query, near)):
        return reply
    if fields := asked_fields(document, sentence.provision, query):
        return fields_statement(document, sentence, fields)
    if asks_list(query) or opens_list(sentence.text):
        if listed := list_of(document, sentence, query, terms, near) or lines_below(document, sentence):
            return listed
    if query.intent == "procedure":
        return _passage(document, sentence)
    if is_topic(document, sentence, query) and (told := best_below(document, evidence, near)):
        inner = compose(document, told, query, terms, near=near)
        return under_topic(document, sentence, inner)
    return _sentence(document, evidence, query, terms)


def _sentence(document: Document, evidence: Evidence, query: Query, terms: dict[str, float]) -> Statement:
    sentence = evidence.sentence
    start, end = without_mark(document, sentence.start, sentence.end)
    said = (start, end)
    if end - start > USUAL_ANSWER:
        said = (max(start, evidence.answering[0]), min(end, evidence.answering[1]))
    subject = ""
    if end - start > longest_answer(query):
        subject = subject_of(document.text, start, *said, terms)
        start, end = said = completed(document.text, *said, end)
    marked = marks_of(document.text, *said, query)
    text = subject + as_sentence(REPLY.sub("", document.text[start:end]))
    told = Statement(text, document.document_id, sentence.start, sentence.end, marked)
    return with_exceptions(document, sentence, query, told) if query.intent == "yes_no" else told


def defining(document: Document, sentence: Sentence) -> Statement:
    """Return a definition whole; a footnote without its bracket: “七下”是指…."""
    text = plain_note(sentence.text.strip())
    start, _ = without_mark(document, sentence.start, sentence.end)
    text = text if sentence.text.startswith("〔注") else document.text[start : sentence.end].strip()
    return Statement(
        text, document.document_id, sentence.start, sentence.end, ((sentence.start, sentence.end),)
    )


def _passage(document: Document, sentence: Sentence) -> Statement:
    """Return the sentence with those that follow it in its provision: steps in their order."""
    provision = sentence.provision
    end = sentence.end
    for following in sentences_of(document, sentence.end, provision.end):
        if following.end - sentence.start > MAX_STEPS or following.end > provision.end:
            break
        end = max(end, following.end)
    start, _ = without_mark(document, sentence.start, end)
    text = REPLY.sub("", document.text[start:end].strip())
    return Statement(text, document.document_id, sentence.start, end, ((start, end),))
