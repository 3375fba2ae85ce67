"""Feedback in, a CSV for a spreadsheet or draft gold questions (JSONL, as eval/README.md describes them) out."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from index.lexical import normalise
from qa.answer import Answer
from web.records.feedback import Feedback, Verdict
from web.review.texts import ReviewTexts

HAN = re.compile("[\u3400-\u9fff]")
FORMULA = tuple("=+-@＝＋－＠\t\r\n")
TYPES = {"not_found": "unanswerable", "wrong_premise": "wrong_premise"}  # by the status of the answer


def gold_lines(feedback: Iterable[Feedback]) -> str:
    """Return a question a line: what was asked, and what the answer gave, for a person to put right."""
    return "".join(json.dumps(gold_question(item), ensure_ascii=False) + "\n" for item in feedback)


def gold_question(feedback: Feedback) -> dict[str, Any]:
    """Return one draft. Its id tells the verdict, since the form has no place for it."""
    answer = feedback.answer
    silent = answer.status == "not_found" or not answer.citations
    citations = [] if silent else [[{"document": c.document_id, "label": c.label}] for c in answer.citations]
    history = [question for question, _ in feedback.history if question.strip()]
    raw: dict[str, Any] = {
        "id": f"feedback-{feedback.feedback_id}-{feedback.verdict}",
        "question": feedback.question,
        "type": _type(answer, history),
        "style": "everyday",
        "language": language_of_question(feedback.question),
        "status": "not_found" if answer.status == "answered" and silent else answer.status,
        "facts": [] if silent or feedback.verdict != Verdict.RIGHT else _facts(answer),
        "citations": citations,
        "quote": "" if silent else answer.citations[0].quote,
    }
    return {**raw, "history": history} if history else raw


def _type(answer: Answer, history: list[str]) -> str:
    if history:
        return "follow_up"
    if answer.comparison:
        return "comparison"
    return TYPES.get(answer.status, "fact")


def _facts(answer: Answer) -> list[list[str]]:
    """Return the answering words of a right answer, each a fact."""
    words = [c.quote[start:end].strip() for c in answer.citations for start, end in c.highlights]
    return [[text] for text in dict.fromkeys(words) if text]


def language_of_question(question: str) -> str:
    """Return zh-Hans, zh-Hant or en."""
    if not HAN.search(question):
        return "en"
    plain = unicodedata.normalize("NFKC", question).lower()
    return "zh-Hans" if normalise(question) == plain else "zh-Hant"


def table(feedback: Iterable[Feedback], texts: ReviewTexts) -> str:
    """Return a CSV that spreadsheets open as it is: with a byte order mark, and no cell that they would run."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(
        [
            "id", texts.made, texts.answered_by, texts.verdict, texts.question, texts.answer, texts.word, texts.citations,
            texts.index, texts.handled_choices["done"],
        ]
    )  # fmt: skip
    for item in feedback:
        cited = "; ".join(f"{c.doc_no or c.title} {c.label}".strip() for c in item.answer.citations)
        handled = item.handled_at.astimezone().strftime("%Y-%m-%d %H:%M") if item.handled_at else ""
        cells = [
            str(item.feedback_id), item.made_at.astimezone().strftime("%Y-%m-%d %H:%M"), item.owner,
            texts.verdicts[item.verdict], item.question, item.text, item.word, cited, item.index_build, handled,
        ]  # fmt: skip
        rows.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    return "\ufeff" + out.getvalue()
