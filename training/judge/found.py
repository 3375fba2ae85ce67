"""A pack -> examples: each written question with the likeliest lines found for it, those marked that settle it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.judge import LINES, JudgeReader, hints
from index.words import WordVectors
from qa.assistant import Assistant
from qa.evidence import Evidence, judged_lines

from ..written import Pack, Question
from .example import Example

HALF = 0.5  # share of the quoted words that a line must hold to settle a question


def examples_of(pack: Pack, vectors: WordVectors) -> list[Example]:
    """Return the examples of a pack; its config must name models that have not seen its questions, and no judge."""
    assistant, reader = Assistant.open(pack.config), JudgeReader(vectors)
    finder, made = assistant.evidence_finder, []
    for asked in pack.questions:
        query = assistant.parse(asked.text)
        if found := finder.find(query, assistant.holds(query.as_of))[:LINES]:
            lines = judged_lines(found)
            made.append(
                Example(
                    reader.question(query.asked_text), reader.lines(lines), hints(lines), _settling(asked, found), asked.answered
                )
            )  # fmt: skip
    return made


def _settling(asked: Question, found: Sequence[Evidence]) -> np.ndarray:
    """Return bool (lines,): which sentences hold the words that settle the question."""
    spans = [(one.sentence.document_id, one.sentence.start, one.sentence.end) for one in found]
    return np.array([asked.held_by(*span, share=HALF) for span in spans], dtype=bool)
