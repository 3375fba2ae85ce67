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


class AttentiveModels:
    """The networks that training.judge.network trains, side by side, for one question at a time and without torch."""

    def __init__(self, networks: Sequence[dict[str, np.ndarray]]) -> None:
        """`networks`: the weights of each by the names of its layers, all of the same sizes."""
        stacked = {name: np.stack([one[name] for one in networks]).astype(np.float32) for name in networks[0]}
        width = stacked["project.weight"].shape[1]
        enter, self._sharpness = stacked["enter.weight"], stacked["sharpness"][:, None, None, None]
        split = {"enter.weight": enter[:, :, :width], "about.weight": enter[:, :, width:]}
        self._weights = stacked | split | {
            f"{name}.weight": stacked[f"{name}.conv.weight"].transpose(0, 1, 3, 2).reshape(len(networks), width, -1)
            for name in ("near", "pairs")
        }  # fmt: skip

    def scores(self, pair: Beside, known: np.ndarray) -> np.ndarray:
        """Return float32 (networks, lines, 2): log odds that each line answers, and that it contradicts what is taken for
        granted."""
        there = pair.there[None]
        one = self._entered(pair.asked[None, None], pair.about_asked, np.ones((1, 1, 1, 1), dtype=np.float32))
        other = self._entered(pair.read[None], pair.about_read, there)
        towards = self._dense("attend", one) @ other.swapaxes(2, 3) / one.shape[3] ** 0.5
        towards += self._sharpness * pair.cosines
        to_line = _softmax(np.where(there.swapaxes(2, 3) == 0, -np.inf, towards)) @ other
        to_question = _softmax(towards.swapaxes(2, 3)) @ one
        pooled = [
            *self._pooled(one, to_line, np.ones_like(one[:1, :1, :, :1])),
            *self._pooled(other, to_question, there),
        ]
        found = silu(self._dense("out", np.concatenate(pooled, axis=2)))
        known = np.broadcast_to(known, (len(found), *known.shape))
        return self._dense("score", np.concatenate([found, known], axis=2))

    def _entered(self, vectors: np.ndarray, about: np.ndarray, there: np.ndarray) -> np.ndarray:
        """Return (networks, lines, words, width)."""
        entered = self._times("enter", self._dense("project", vectors)) + self._times("about", about[None])
        return self._with_neighbours("near", silu(entered + self._bias("enter", 4)), there)

    def _pooled(self, own: np.ndarray, other: np.ndarray, there: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and maximum of what the words are beside their like on the other side."""
        both = np.concatenate([own, other, own - other, own * other], axis=3)
        compared = self._with_neighbours("pairs", silu(self._dense("compare", both)), there)
        mean = (compared * there).sum(axis=2) / there.sum(axis=2)
        return mean, np.where(there == 0, -np.inf, compared).max(axis=2)

    def _with_neighbours(self, name: str, values: np.ndarray, there: np.ndarray) -> np.ndarray:
        """Return each word with what its neighbours add, normalised."""
        padded = np.pad(values * there, ((0, 0), (0, 0), (1, 1), (0, 0)))
        length = values.shape[2]
        windows = np.concatenate([padded[:, :, k : k + length] for k in range(3)], axis=3)
        total = values + silu(self._times(name, windows) + self._bias(f"{name}.conv", 4))
        total -= total.mean(axis=3, keepdims=True)
        total /= np.sqrt(np.square(total).mean(axis=3, keepdims=True) + 1e-5)
        norm = self._weights[f"{name}.norm.weight"][:, None, None]
        return total * norm + self._bias(f"{name}.norm", 4)

    def _dense(self, name: str, values: np.ndarray) -> np.ndarray:
        return self._times(name, values) + self._bias(name, values.ndim)

    def _times(self, name: str, values: np.ndarray) -> np.ndarray:
        """Return values (networks or 1, …, in) times the weights of each network: (networks, …, out)."""
        flat = values.reshape(len(values), -1, values.shape[-1])
        product = flat @ self._weights[f"{name}.weight"].swapaxes(1, 2)
        return product.reshape(len(product), *values.shape[1:-1], -1)

    def _bias(self, name: str, dimensions: int) -> np.ndarray:
        bias = self._weights[f"{name}.bias"]
        return bias.reshape(len(bias), *[1] * (dimensions - 2), -1)


def _softmax(values: np.ndarray) -> np.ndarray:
    raised = np.exp(values - values.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


class Judge:
    """Tells which of the likeliest lines answers a question, or contradicts it, or that none does."""

    def __init__(self, models: AttentiveModels, vectors: WordVectors) -> None:
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
        models = AttentiveModels(
            [
                {n.split(".", 1)[1]: t for n, t in tensors.items() if n.split(".", 1)[0] == number}
                for number in numbers
            ]
        )
        return cls(models, shared_vectors((folder / named["words"]).resolve()))

    def scores(self, question: str, lines: Sequence[Judged]) -> np.ndarray:
        """Return float32 (lines, 2): log odds that each line answers the question, against none of them doing so, and that
        it contradicts what the question takes for granted."""
        pair = beside(self._reader.vectors, self._reader.question(question), self._reader.lines(lines))
        scores: np.ndarray = self._models.scores(pair, hints(lines)).mean(axis=0)
        return scores
