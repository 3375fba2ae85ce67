"""Documents in, the questions offered on the empty page out: those of examples.yaml that they can answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from ingest.document import Document

EXAMPLES_FILE = Path(__file__).with_name("examples.yaml")
MOST = 6


def example_questions(documents: Sequence[Document], language: str) -> list[str]:
    """Return at most six questions: the written ones that the corpus can answer, then ones made from it."""
    written = [
        str(example["question"])
        for example in yaml.safe_load(EXAMPLES_FILE.read_text(encoding="utf-8"))[language]
        if all(_in_corpus(need, documents) for need in example["needs"])
    ]
    made = [] if len(written) >= 3 else made_questions(documents)
    return list(dict.fromkeys([*written, *made]))[:MOST]


def made_questions(documents: Sequence[Document]) -> list[str]:
    """Return questions that any corpus can answer: a provision by its label, and whether a document holds."""
    questions = []
    for document in documents[:3]:
        name = document.doc_no or f"《{document.title}》"
        labels = [item.label for item in document.provisions if item.label and not item.is_heading]
        if labels:
            questions.append(f"{name}{labels[0]}")
        questions.append(f"《{document.title}》现在还有效吗？")
    return questions


def _in_corpus(need: str, documents: Sequence[Document]) -> bool:
    return any(need in (document.doc_no or "") or need in document.title for document in documents)
