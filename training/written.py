"""`training/questions/*.jsonl` -> packs: the documents of a small corpus in chunks, and what was asked about them.

Each line is a question in the format of eval/gold. Which words settle it stands in `quote`, "" where nothing in the
corpus does. The questions were written for training, by reading; none of them is about the documents in corpus/.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from index.match import Passage
from ingest.chunk import make_chunks
from ingest.corpus import read_corpus
from ingest.document import Chunk, Document

from .packs import QUESTIONS, write_packs
from .pairs import FOLDS

NAME = "written"
CHUNK_SIZE = 360  # characters, as in config.yaml
HELD = 0.6  # share of the quoted words that a chunk must hold to be a right one

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Question:
    """A question and where its answer stands; no spans where the corpus holds none."""

    text: str
    answered: bool  # False: the documents do not settle it, or contradict what it takes for granted
    document_id: str
    spans: tuple[tuple[int, int], ...]  # of the words that settle it, in the document's text

    def held_by(self, document_id: str, start: int, end: int, *, share: float = HELD) -> bool:
        """Say whether this stretch of a document holds so much of the words that settle it, or nothing but such words."""
        return document_id == self.document_id and any(
            min(end, e) - max(start, s) >= share * min(end - start, e - s) for s, e in self.spans
        )


@dataclass(frozen=True)
class Pack:
    """A small corpus and the questions on it."""

    number: int
    config: Path  # the file that opens it
    documents: tuple[Document, ...]
    questions: tuple[Question, ...]

    @property
    def name(self) -> str:
        """What its questions are called among those that train."""
        return f"{NAME} {self.number:02d}"

    @property
    def fold(self) -> int:
        """The fold of its questions: models that leave this fold out have seen none of them."""
        return self.number % FOLDS

    @cached_property
    def chunks(self) -> list[Chunk]:
        """The documents as an index cuts them."""
        return [chunk for document in self.documents for chunk in make_chunks(document, size=CHUNK_SIZE)]

    @cached_property
    def passages(self) -> list[Passage]:
        """The chunks as they are matched."""
        return [Passage(chunk.text, chunk.context) for chunk in self.chunks]

    def settled(self) -> list[tuple[str, frozenset[int]]]:
        """Return each question that some chunk settles, also one with a wrong premise, and the numbers of such chunks."""
        right = ((one.text, self.right_chunks(one)) for one in self.questions if one.spans)
        return [(text, chunks) for text, chunks in right if chunks]

    def right_chunks(self, question: Question) -> frozenset[int]:
        """Return the numbers of the chunks that hold what settles a question."""
        return frozenset(
            number for number, chunk in enumerate(self.chunks)
            if question.held_by(chunk.document_id, chunk.start, chunk.end)
        )  # fmt: skip


def read_packs(data: Path, work: Path, *, questions: Path = QUESTIONS, without_fold: int = -1) -> list[Pack]:
    """Return all packs, or those of the other fold; `work` keeps their documents.

    Raises FileNotFoundError and ValueError where `data` does not hold the documents.
    """
    packs = []
    for number, config in enumerate(write_packs(data, work / "packs", questions=questions)):
        file = questions / f"{number:02d}.jsonl"
        if number % FOLDS == without_fold or not file.is_file():
            continue
        documents = read_corpus(config.parent / "corpus", cache=work / "read").documents
        packs.append(Pack(number, config, tuple(documents), tuple(read_questions(file, documents))))
    log.info("%d packs, %d questions", len(packs), sum(len(pack.questions) for pack in packs))
    return packs


def read_questions(file: Path, documents: Sequence[Document]) -> Iterator[Question]:
    """Yield the questions of a file on these documents."""
    by_id = {document.document_id: document for document in documents}
    for line in file.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        cited = cited_in(record)
        spans = tuple(find_words(by_id[cited].text, record["quote"])) if cited else ()
        yield Question(record["question"], record["status"] == "answered", cited, spans)


def cited_in(record: dict[str, Any]) -> str:
    """Return the id of the document that answers a question, "" where none does."""
    return str(record["citations"][0][0]["document"]) if record["citations"] else ""


def is_of_fold(name: str, fold: int) -> bool:
    """Say whether questions of this name are those of a pack of this fold."""
    kind, _, number = name.rpartition(" ")
    return kind == NAME and int(number) % FOLDS == fold


def find_words(text: str, quote: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of a quotation in a text, white space aside."""
    places = [place for place, character in enumerate(text) if not character.isspace()]
    squeezed, wanted = "".join(text[place] for place in places), "".join(quote.split())
    at = squeezed.find(wanted) if wanted else -1
    while at >= 0:
        yield places[at], places[at + len(wanted) - 1] + 1
        at = squeezed.find(wanted, at + 1)
