"""The sentences of a document, each with the smallest provision that holds it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from index.lexical import tokenize
from ingest.document import Document, Provision

APPOINTMENT = re.compile(r"同志[任的]|职务[；。]|职务$")


@dataclass(frozen=True)
class Sentence:
    """A sentence of a document: offsets into document.text, and the smallest provision that holds it."""

    document_id: str
    provision: Provision
    text: str
    start: int
    end: int

    @property
    def place(self) -> tuple[str, int]:
        """Which sentence of all it is."""
        return self.document_id, self.start


@lru_cache(maxsize=10_000)
def sentence_tokens(text: str) -> frozenset[str]:
    """Return the tokens of a sentence."""
    return frozenset(tokenize(text))


def sentences_of(document: Document, start: int, end: int) -> list[Sentence]:
    """Return the sentences that overlap text[start:end], whole, each with its smallest provision."""
    found = []
    text = document.text
    begin = max(text.rfind("。", 0, start), text.rfind("\n", 0, start)) + 1
    for s, e in _sentence_spans(text, begin, _sentence_end(text, end)):
        if e > start and s < end and text[s:e].strip():
            found.append(Sentence(document.document_id, smallest_provision(document, s, e), text[s:e], s, e))
    return found


def sentence_at(document: Document, start: int, end: int) -> Sentence:
    """Return text[start:end] as a sentence with its smallest provision."""
    text = document.text[start:end]
    return Sentence(document.document_id, smallest_provision(document, start, end), text, start, end)


def _sentence_spans(text: str, begin: int, end: int) -> Iterable[tuple[int, int]]:
    """Yield the spans of sentences; appointments joined by semicolons are one sentence each."""
    for match in re.finditer(r"[^。！？\n]+[。！？]?[”』」]?", text[begin:end]):
        start = begin + match.start()
        if len(APPOINTMENT.findall(match[0])) > 1:
            for part in re.finditer(r"[^；]+；?", match[0]):
                yield start + part.start(), start + part.end()
        else:
            yield start, begin + match.end()


def _sentence_end(text: str, end: int) -> int:
    stops = [
        position
        for position in (text.find("。", max(end - 1, 0)), text.find("\n", max(end - 1, 0)))
        if position >= 0
    ]
    return min(stops) + 1 if stops else len(text)


def smallest_provision(document: Document, start: int, end: int) -> Provision:
    """Return the smallest provision that holds text[start:end]; the nearest before it where none holds it whole."""
    holding = [p for p in document.provisions if p.start <= start and end <= p.end]
    if holding:
        return min(holding, key=lambda p: p.end - p.start)
    return max(
        (p for p in document.provisions if p.start <= start),
        key=lambda p: p.start,
        default=document.provisions[0],
    )
