"""A question and the likeliest lines in, for each how surely it answers and how surely it contradicts the question out.

A small attentive network that training/judge trained: each word of the question looks for its like in the line and each
word of the line in the question (as in ESIM, Chen et al. 2017), over the vectors of the static embedding.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from index.model_files import ModelError
from index.rerank import WEIGHTS, shared_vectors, silu
from index.words import WordVectors

SETTINGS = "judge.json"
LINES = 6  # the likeliest lines of a question, which are judged together
MOST_ASKED, MOST_READ, MOST_ABOVE = 32, 72, 20  # words of a question, of a line, of what it stands under
LONGEST, BEFORE = 110, 30  # characters of a line, and of those before the part that answers
ABOVE = 60  # characters of what it stands under, the last ones
SIDE = 5  # numbers beside a word's vector: its weight, its nearest word on the other side, whether that is the same, …


@dataclass(frozen=True)
class Judged:
    """A line to be judged, and what is known of it."""

    text: str
    above: str  # title, headings, the words that open its provision
    read: float  # log odds that it answers, by the reader
    score: float  # of the evidence


def shown_part(text: str, start: int, end: int) -> str:
    """Return a sentence, of a long one the part around text[start:end], which answers best."""
    if len(text) <= LONGEST:
        return text
    begin = max(0, start - BEFORE)
    return text[begin : max(end + BEFORE, begin + LONGEST)]


@dataclass(frozen=True)
class Words:
    """A text as the network reads it."""

    ids: np.ndarray  # int64 (words,), at least one
    above: np.ndarray  # float32 (words,): 1 for words of what a line stands under


class JudgeReader:
    """Texts in, their words as numbers out; training and judging read alike."""

    def __init__(self, vectors: WordVectors) -> None:
        self.vectors = vectors

    def question(self, text: str) -> Words:
        """Return the words of a question."""
        ids = self.vectors.read([text])[0].ids[:MOST_ASKED]
        return Words(ids, np.zeros(len(ids), dtype=np.float32))

    def lines(self, lines: Sequence[Judged]) -> list[Words]:
        """Return the words of lines, those of what they stand under first."""
        read = self.vectors.read([*(line.text for line in lines), *(line.above[-ABOVE:] for line in lines)])
        return [
            _words(above.ids[above.ids != 0][:MOST_ABOVE], text.ids[:MOST_READ])
            for text, above in zip(read[: len(lines)], read[len(lines) :], strict=True)
        ]


def _words(above: np.ndarray, text: np.ndarray) -> Words:
    marks = np.zeros(len(above) + len(text), dtype=np.float32)
    marks[: len(above)] = 1.0
    return Words(np.concatenate([above, text]), marks)


def hints(lines: Sequence[Judged]) -> np.ndarray:
    """Return float32 (lines, 2): what is known of each line beside its words."""
    return np.array([[line.read / 5, line.score - 1.5] for line in lines], dtype=np.float32).reshape(-1, 2)


@dataclass(frozen=True)
class Beside:
    """A question beside its lines, all arrays with a row a line but `asked`; lines are filled up to the longest."""

    asked: np.ndarray  # float32 (words of the question, dim): their vectors
    read: np.ndarray  # float32 (lines, words, dim)
    there: np.ndarray  # float32 (lines, words, 1): 1 for a word, 0 for what fills up
    cosines: np.ndarray  # float32 (lines, words of the question, words); -1 for what fills up
    about_asked: np.ndarray  # float32 (lines, words of the question, SIDE)
    about_read: np.ndarray  # float32 (lines, words, SIDE)


def beside(vectors: WordVectors, question: Words, lines: Sequence[Words]) -> Beside:
    """Return what every network reads of a question and its lines."""
    longest = max(len(line.ids) for line in lines)
    ids, above = (
        np.zeros((len(lines), longest), dtype=np.int64),
        np.zeros((len(lines), longest), dtype=np.float32),
    )
    there = np.zeros((len(lines), longest, 1), dtype=np.float32)
    for row, line in enumerate(lines):
        ids[row, : len(line.ids)], above[row, : len(line.ids)], there[row, : len(line.ids)] = (
            line.ids,
            line.above,
            1,
        )
    asked, read = vectors.unit(question.ids), vectors.unit(ids.ravel()).reshape(*ids.shape, -1)
    empty = there[:, None, :, 0] == 0
    cosines = np.where(empty, -1.0, np.matmul(asked[None], read.transpose(0, 2, 1))).astype(np.float32)
    same = np.where(empty, 0.0, question.ids[None, :, None] == ids[:, None, :]).astype(np.float32)
    return Beside(
        asked, read, there, cosines,
        _about(vectors, np.broadcast_to(question.ids, cosines.shape[:2]), cosines.max(axis=2), same.max(axis=2), 0.0),
        _about(vectors, ids, cosines.max(axis=1), same.max(axis=1), above),
    )  # fmt: skip


def _about(
    vectors: WordVectors, ids: np.ndarray, nearest: np.ndarray, same: np.ndarray, above: np.ndarray | float
) -> np.ndarray:
    ones = np.ones_like(nearest)
    return np.stack([np.log(vectors.weights[ids] + 1e-3), nearest, same, above * ones, ones], axis=2)


class AttentiveModel:
    """The network that training.judge.network trains, for one question at a time, without torch."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self._weights = {name: value.astype(np.float32) for name, value in weights.items()}

    def scores(self, pair: Beside, known: np.ndarray) -> np.ndarray:
        """Return float32 (lines, 2): log odds that each line answers, and that it contradicts what is taken for granted."""
        everywhere = np.ones((len(pair.read), len(pair.asked), 1), dtype=np.float32)
        one = self._entered(self._dense("project", pair.asked)[None], pair.about_asked, everywhere)
        other = self._entered(self._dense("project", pair.read), pair.about_read, pair.there)
        towards = np.matmul(self._dense("attend", one), other.transpose(0, 2, 1)) / np.sqrt(one.shape[2])
        towards += self._weights["sharpness"] * pair.cosines
        empty = (pair.there == 0).transpose(0, 2, 1)
        to_line = np.matmul(_softmax(np.where(empty, -np.inf, towards)), other)
        to_question = np.matmul(_softmax(towards.transpose(0, 2, 1)), one)
        pooled = [*self._pooled(one, to_line, everywhere), *self._pooled(other, to_question, pair.there)]
        found = silu(self._dense("out", np.concatenate(pooled, axis=1)))
        return self._dense("score", np.hstack([found, known]))

    def _entered(self, projected: np.ndarray, about: np.ndarray, there: np.ndarray) -> np.ndarray:
        weight, width = self._weights["enter.weight"], projected.shape[2]
        entered = projected @ weight[:, :width].T + about @ weight[:, width:].T + self._weights["enter.bias"]
        return self._with_neighbours("near", silu(entered), there)

    def _pooled(self, own: np.ndarray, other: np.ndarray, there: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and maximum of what the words are beside their like on the other side."""
        both = np.concatenate([own, other, own - other, own * other], axis=2)
        compared = self._with_neighbours("pairs", silu(self._dense("compare", both)), there)
        mean = (compared * there).sum(axis=1) / there.sum(axis=1)
        return mean, np.where(there == 0, -np.inf, compared).max(axis=1)

    def _with_neighbours(self, name: str, values: np.ndarray, there: np.ndarray) -> np.ndarray:
        """Return each word with what its neighbours add, normalised."""
        kernel = self._weights[f"{name}.conv.weight"]  # (out, in, 3)
        padded = np.pad(values * there, ((0, 0), (1, 1), (0, 0)))
        length = values.shape[1]
        added = sum(padded[:, k : k + length] @ kernel[:, :, k].T for k in range(3))
        total = values + silu(added + self._weights[f"{name}.conv.bias"])
        total = total - total.mean(axis=2, keepdims=True)
        total = total / np.sqrt((total**2).mean(axis=2, keepdims=True) + 1e-5)
        return total * self._weights[f"{name}.norm.weight"] + self._weights[f"{name}.norm.bias"]

    def _dense(self, name: str, values: np.ndarray) -> np.ndarray:
        return values @ self._weights[name + ".weight"].T + self._weights[name + ".bias"]


def _softmax(values: np.ndarray) -> np.ndarray:
    raised = np.exp(values - values.max(axis=2, keepdims=True))
    return raised / raised.sum(axis=2, keepdims=True)


class Judge:
    """Tells which of the likeliest lines answers a question, or contradicts it, or that none does."""

    def __init__(self, models: Sequence[AttentiveModel], vectors: WordVectors) -> None:
        self._models, self._reader = models, JudgeReader(vectors)

    @classmethod
    def load(cls, folder: Path) -> Judge:
        """Read what training.judge wrote. Raises ModelError where the folder holds none."""
        if not (folder / SETTINGS).is_file():
            raise ModelError(
                f"answerer.judge: {folder} holds no {SETTINGS}; name a folder that python -m training judge wrote."
            )
        named = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
        tensors = load_file(folder / WEIGHTS)
        numbers = sorted({name.split(".", 1)[0] for name in tensors})
        models = [
            AttentiveModel(
                {n.split(".", 1)[1]: t for n, t in tensors.items() if n.split(".", 1)[0] == number}
            )
            for number in numbers
        ]
        return cls(models, shared_vectors((folder / named["words"]).resolve()))

    def scores(self, question: str, lines: Sequence[Judged]) -> np.ndarray:
        """Return float32 (lines, 2): log odds that each line answers the question, against none of them doing so, and that
        it contradicts what the question takes for granted."""
        pair = beside(self._reader.vectors, self._reader.question(question), self._reader.lines(lines))
        known = hints(lines)
        each = [model.scores(pair, known) for model in self._models]
        return np.mean(each, axis=0).astype(np.float32)
