"""A question and the lines that may answer it in, how well each does out: a small network that training/reader trained.

Scores can be compared between questions: 0 is as likely an answer as not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.match import Figures, Matcher, Passage
from index.model_files import ModelError
from index.rerank import SEARCHED, Networks

SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]*[”』」]?")
CUTS = (
    re.compile(r"[^；;]+[；;]?"),
    re.compile(r"[^，,：:；;]+[，,：:；;]?"),
)  # a long sentence is cut at these
LONGEST = 80  # characters of a line, where a sentence can be cut
SETTINGS = "reader.json"
USUAL = 50.0  # characters of a line


@dataclass(frozen=True)
class Line:
    """A sentence or a part of a long one, with what it stands under and behind, and which of how many lines of its passage it is."""

    text: str
    context: str  # title, headings, the line that opens its list
    before: str  # the line before it
    place: int = 0
    of: int = 1


def split_lines(text: str, longest: int = LONGEST) -> Iterator[tuple[int, int]]:
    """Yield the spans of the sentences of a text; those longer than `longest` are cut at their clauses."""
    for match in SENTENCE.finditer(text):
        if match[0].strip():
            yield from _cut(text, *match.span(), longest, 0)


def _cut(text: str, start: int, end: int, longest: int, level: int) -> Iterator[tuple[int, int]]:
    """Yield text[start:end] in runs of clauses, as few as will do; clauses longer than `longest` are cut finer."""
    if end - start <= longest or level == len(CUTS):
        yield start, end
        return
    begin = start
    clauses = [match.span() for match in CUTS[level].finditer(text, start, end)]
    for place, (_, last) in enumerate(clauses):
        behind = clauses[place + 1][1] if place + 1 < len(clauses) else end + longest
        if behind - begin > longest:
            yield from _cut(text, begin, last, longest, level + 1)
            begin = last


def lines_of(text: str, spans: Sequence[tuple[int, int]], context: str) -> list[Line]:
    """Return the lines of a text at these spans."""
    pieces = [text[start:end] for start, end in spans]
    return [
        Line(piece, context, pieces[place - 1] if place else "", place, len(spans))
        for place, piece in enumerate(pieces)
    ]


def figures_of(question: str, lines: Sequence[Line], matcher: Matcher) -> tuple[np.ndarray, Figures]:
    """Return float32 (lines, figures) of each line as a whole, and the figures of the match it was made of."""
    passages = [Passage(line.text, f"{line.context} {line.before}".strip()) for line in lines]
    figures = matcher.figures(question, passages)
    places = np.array(
        [
            [line.place / line.of, 1 / (1 + line.place), np.log1p(line.of) / 3, len(line.text) / USUAL,
             float(bool(line.context)), float(line.text.rstrip().endswith(("：", ":", "？", "?")))]
            for line in lines
        ],
        dtype=np.float32,
    )  # fmt: skip
    assert places.shape[1] == SEARCHED  # where index.rerank has what the searches say
    return np.hstack([places, figures.whole]), figures


class Reader:
    """Tells how likely each line is to answer a question."""

    def __init__(self, networks: Networks, idf: Callable[[str], float]) -> None:
        """`idf` tells how rare a token of index.lexical is in the corpus."""
        self._networks, self._matcher = networks, Matcher(networks.vectors, idf)

    @classmethod
    def load(cls, folder: Path, idf: Callable[[str], float]) -> Reader:
        """Read what training.reader wrote. Raises ModelError where the folder holds none."""
        if not (folder / SETTINGS).is_file():
            raise ModelError(
                f"answerer.reader: {folder} holds no {SETTINGS}; name a folder that python -m training reader wrote."
            )
        return cls(Networks.load(folder, SETTINGS), idf)

    def scores(self, question: str, lines: Sequence[Line]) -> np.ndarray:
        """Return float32 (lines,): log odds that each line answers the question, against none of them doing so."""
        whole, figures = figures_of(question, lines, self._matcher)
        return self._networks.scores(whole, figures)
