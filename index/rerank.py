"""Hits in, a score for each out: a small network over the figures of index.match, the way training/rerank trained it.

Each word of the question is looked at with how a passage holds it; a learnt weight says how much the word counts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from index.backend import Hit, Words
from index.match import EXACT, NEAR, Figures, Matcher, Passage
from index.words import WordVectors

WEIGHTS, SETTINGS = "model.safetensors", "reranker.json"
SEARCHED = 6
MATCHED = slice(0, SEARCHED + EXACT + NEAR)  # the figures that tell of the match; the kinds follow
FAR = 6.0  # standardised figures are cut at +-FAR


def searched(dense: np.ndarray, lexical: np.ndarray) -> np.ndarray:
    """Return float32 (n, SEARCHED): what the two retrievers say of n candidates, beside the other candidates.

    Only how they compare: cosines of one encoder are not those of another.
    """
    best = lexical.max(initial=0.0)
    columns = [
        (dense - dense.mean()) / (dense.std() + 1e-6), 1 / (1 + _ranks(dense)),
        lexical / best if best > 0 else np.zeros_like(lexical),
        (lexical - lexical.mean()) / (lexical.std() + 1e-6), 1 / (1 + _ranks(lexical)),
        np.full(len(dense), float(best > 0)),
    ]  # fmt: skip
    return np.stack(columns, axis=1).astype(np.float32)


def _ranks(scores: np.ndarray) -> np.ndarray:
    """Return how many scores are higher than each."""
    return len(scores) - np.searchsorted(np.sort(scores), scores, side="right")


def beside_the_best(whole: np.ndarray) -> np.ndarray:
    """Return (n, figures + matched): the figures, and how far those of the match lie below the best candidate's."""
    matched = whole[:, MATCHED]
    return np.hstack([whole, matched - matched.max(axis=0, keepdims=True)])


class PairModel:
    """The network that training.rerank.fit trains, for one question at a time, without torch."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self._weights = {name: value.astype(np.float32) for name, value in weights.items()}

    def scores(self, whole: np.ndarray, by_word: np.ndarray, words: np.ndarray) -> np.ndarray:
        """Return float32 (n,) from (n, figures), (n, words, BY_WORD) and (words, WORD), all as Matcher gives them."""
        weights = self._weights
        about = (words - weights["words_mean"]) / weights["words_deviation"]
        gates = self._dense("gate.1", silu(self._dense("gate.0", about)))  # (words, heads)
        gates = np.exp(gates - gates.max(axis=0))
        gates /= gates.sum(axis=0)
        held = (by_word - weights["held_mean"]) / weights["held_deviation"]
        repeated = np.broadcast_to(about, (*held.shape[:2], about.shape[1]))
        each = silu(self._dense("word.0", np.concatenate([held, repeated], axis=2)))
        each = self._dense("word.1", each)  # (n, words, width)
        weighed = np.einsum("nwk,wh->nhk", each, gates).reshape(len(each), -1)
        figures = (beside_the_best(whole) - weights["whole_mean"]) / weights["whole_deviation"]
        joined = np.hstack([np.clip(figures, -FAR, FAR), weighed, each.max(axis=1), each.min(axis=1)])
        hidden = silu(self._dense("out.1", silu(self._dense("out.0", joined))))
        return self._dense("out.2", hidden)[:, 0].astype(np.float32)

    def _dense(self, name: str, values: np.ndarray) -> np.ndarray:
        return values @ self._weights[name + ".weight"].T + self._weights[name + ".bias"]


def silu(values: np.ndarray) -> np.ndarray:
    """Return x · sigmoid(x)."""
    return values / (1 + np.exp(-values))


@dataclass(frozen=True)
class Networks:
    """Networks that are averaged, and the words that they read."""

    models: list[PairModel]
    vectors: WordVectors

    @classmethod
    def load(cls, folder: Path, settings: str) -> Networks:
        """Read what training wrote; the file `settings` names the folder of the static embedding whose words are read."""
        named = json.loads((folder / settings).read_text(encoding="utf-8"))
        return cls(read_models(folder), shared_vectors((folder / named["words"]).resolve()))

    def scores(self, whole: np.ndarray, figures: Figures) -> np.ndarray:
        """Return float32 (n,) from float32 (n, figures) and what they were made of."""
        return np.mean([m.scores(whole, figures.by_word, figures.words) for m in self.models], axis=0)


@lru_cache(maxsize=2)
def shared_vectors(folder: Path) -> WordVectors:
    """Return the words of a static embedding, read once for all that need them."""
    return WordVectors.load(folder)


class WordReranker:
    """The reranker that ships: no transformer, a few milliseconds for 64 hits on one core."""

    def __init__(self, networks: Networks, words: Words) -> None:
        """`words` tells how rare a word is in the corpus."""
        self._networks = networks
        self._matcher = Matcher(networks.vectors, words.idf)

    @classmethod
    def load(cls, folder: Path, words: Words) -> WordReranker:
        """Read what training.rerank wrote; its settings name the folder of the static embedding whose words it reads."""
        return cls(Networks.load(folder, SETTINGS), words)

    def over(self, words: Words) -> WordReranker:
        """Return this reranker for a corpus of other words."""
        return WordReranker(self._networks, words)

    def scores(self, question: str, hits: Sequence[Hit]) -> np.ndarray:
        """Return float32 (n,); higher is better, comparable within one question only."""
        passages = [Passage(hit.chunk.text, hit.chunk.context) for hit in hits]
        figures = self._matcher.figures(question, passages)
        parts = (np.array([hit.parts[name] for hit in hits]) for name in ("dense", "lexical"))
        whole = np.hstack([searched(*parts), figures.whole])
        return self._networks.scores(whole, figures)


def read_models(folder: Path) -> list[PairModel]:
    """Return the networks of a folder; their tensors are named `<number>.<layer>.weight`."""
    tensors = load_file(folder / WEIGHTS)
    numbers = sorted({int(name.split(".", 1)[0]) for name in tensors})
    return [
        PairModel({name.split(".", 1)[1]: t for name, t in tensors.items() if name.startswith(f"{number}.")})
        for number in numbers
    ]
