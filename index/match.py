"""A question and passages in, figures of how well each matches out: exact words, near words, sentence by sentence.

The figures do not depend on the corpus but for the idf of words, so what is learnt from them on one serves another.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from index.asking import asked_for, asking_places, told_in
from index.lexical import tokenize
from index.words import WordVectors

NEARNESS = (0.3, 0.45, 0.6, 0.8)  # cosines from which on a passage's word counts as near a question's
SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")
MOST_CHARACTERS = 600  # of a passage that are read
MOST_WORDS = 24  # of a question
MAX_IDF = 12.0
REMEMBERED = 14_000  # texts whose tokens and sentences are kept: those of a small corpus
LONG = 120.0  # tokens; a usual passage
EXACT, NEAR = 17, 12 + 2 * len(NEARNESS)  # columns of Figures.whole, in this order; those of the kinds follow
BY_WORD, WORD = 11, 8  # columns of Figures.by_word and Figures.words


@dataclass(frozen=True)
class Passage:
    """What is matched: a text, and the context line it stands under ("" for none)."""

    text: str
    context: str


@dataclass(frozen=True)
class Figures:
    """How passages match a question."""

    whole: np.ndarray  # float32 (passages, figures)
    by_word: (
        np.ndarray
    )  # float32 (passages, words, BY_WORD): how each passage holds each word of the question
    words: np.ndarray  # float32 (words, WORD): what is known of the question's words alone


class Matcher:
    """Measures passages against a question; `idf` tells how rare a token of index.lexical is in the corpus."""

    def __init__(self, words: WordVectors, idf: Callable[[str], float]) -> None:
        self.words, self.idf = words, idf

    def figures(self, question: str, passages: Sequence[Passage]) -> Figures:
        """Return what is known of the match of each passage, and of each word of the question with it."""
        exact, kinds = self._exact(question, passages), _kinds(question, passages)
        numbers, about = self._about(question)
        if not len(numbers):
            nothing = np.zeros((len(passages), NEAR), dtype=np.float32)
            by_word = np.zeros((len(passages), 1, BY_WORD), dtype=np.float32)
            return Figures(np.hstack([exact, nothing, kinds]), by_word, np.zeros((1, WORD), dtype=np.float32))
        near = _Nearness(self.words, numbers, passages)
        return Figures(np.hstack([exact, near.whole(), kinds]), near.by_word(), about)

    def _exact(self, question: str, passages: Sequence[Passage]) -> np.ndarray:
        """Return float32 (passages, EXACT): which tokens of the question a passage holds, rare ones weighing more."""
        order = tokenize(question)
        tokens = list(dict.fromkeys(order))
        if not tokens:
            return np.zeros((len(passages), EXACT), dtype=np.float32)
        here = [_counted(passage.text) for passage in passages]
        above = [_counted(passage.context) for passage in passages]
        text = np.array([[counts.get(token, 0) for token in tokens] for counts in here], dtype=np.float32)
        context = np.array([[counts.get(token, 0) for token in tokens] for counts in above], dtype=np.float32)
        weights = np.array([min(self.idf(token), MAX_IDF) for token in tokens], dtype=np.float32)
        pair = np.array([token.endswith("#") for token in tokens], dtype=bool)
        latin = np.array([token.isascii() for token in tokens], dtype=bool)
        held = (text > 0, context > 0, (text + context) > 0)
        columns = []
        for group in (~pair & ~latin, pair, latin):
            total = weights[group].sum() or 1.0
            columns += [one[:, group] @ weights[group] / total for one in held]
        lengths = np.array([counts.total() for counts in here], dtype=np.float32)
        in_text = text / (text + 1.2 * (0.5 + 0.5 * lengths[:, None] / LONG))
        in_context = context / (context + 1.2)
        rare, missing = weights * ~pair, (np.where(held[2], 0, weights * ~pair)).max(axis=1)
        pairs = [token for token in order if token.endswith("#")]
        columns += [
            in_text @ weights / weights.sum(), in_context @ weights / weights.sum(),
            (in_text + 0.5 * in_context) @ weights / 50, missing / MAX_IDF, (rare.max() - missing) / MAX_IDF,
            np.log1p(lengths) / 6,
            np.array([_longest_run(pairs, counts) for counts in here]) / 8,
            np.array([_longest_run(pairs, counts) for counts in above]) / 8,
        ]  # fmt: skip
        return np.stack(columns, axis=1).astype(np.float32)

    def _about(self, question: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the first known words of the question by number, and float32 (words, WORD): what is known of each."""
        spans, asking = self.words.spans(question), asking_places(question)
        rows = []
        for number, start, end in spans[:MOST_WORDS]:
            piece = question[start:end]
            rarity = max((min(self.idf(token), MAX_IDF) for token in tokenize(piece)), default=0.0)
            distance = min((abs(start - place) for place in asking), default=30)
            rows.append([
                np.log(self.words.weights[number] + 1e-3), rarity / MAX_IDF, start / max(1, len(question)),
                np.exp(-distance / 5), min(end - start, 8) / 4, float(piece.isascii()), float(piece.isdigit()),
                1 / len(spans),
            ])  # fmt: skip
        numbers = np.array([number for number, *_ in spans[:MOST_WORDS]], dtype=np.int64)
        return numbers, np.array(rows, dtype=np.float32).reshape(-1, WORD)


class _Nearness:
    """The words of a question beside those of each sentence and each context line; all arrays have a row a word.

    Texts are the sentences of all passages, then the passages' context lines.
    """

    def __init__(self, words: WordVectors, asked: np.ndarray, passages: Sequence[Passage]) -> None:
        sentences = [_sentences(passage.text) for passage in passages]
        texts = [sentence for several in sentences for sentence in several]
        self.sentences = len(texts)
        read = words.read([*texts, *(passage.context for passage in passages)])
        self.sums = np.stack([one.sum for one in read])
        self.counts = np.array([len(one.ids) for one in read])  # words of each text
        self.starts = np.cumsum(self.counts) - self.counts
        self.sizes = np.array([len(several) for several in sentences])  # sentences of each passage
        self.bounds = np.cumsum(self.sizes) - self.sizes
        every = np.concatenate([one.ids for one in read])
        known, places = np.unique(every, return_inverse=True)
        self.words, self.asked = words, asked
        self.cosines = (words.unit(asked) @ words.unit(known).T)[:, places]
        self.same = (asked[:, None] == every[None, :]).astype(np.float32)
        self.weights = words.weights[asked] / words.weights[asked].sum()
        self.best = np.maximum.reduceat(self.cosines, self.starts, axis=1)  # in each text
        self.here = np.maximum.reduceat(
            self.best[:, : self.sentences], self.bounds, axis=1
        )  # in each passage
        self.above = self.best[:, self.sentences :]  # in each context line
        self.by_sentence = np.clip(self.weights @ self.best[:, : self.sentences], 0, None)

    def whole(self) -> np.ndarray:
        """Return float32 (passages, NEAR)."""
        weights, both = self.weights, np.maximum(self.here, self.above)
        heavy = np.argsort(-weights)[:3]
        under = np.maximum(
            self.best[:, : self.sentences], np.repeat(self.above, self.sizes, axis=1)
        )  # in each sentence or above it
        columns = [
            weights @ self.here, weights @ self.above, weights @ both,
            both[heavy].min(axis=0), both[heavy[0]], self.here[heavy].min(axis=0),
            np.maximum.reduceat(self.by_sentence, self.bounds), np.maximum.reduceat(weights @ under, self.bounds),
            *self._cosines_of_sums(), np.log1p(self.sizes) / 3,
        ]  # fmt: skip
        words = np.sqrt(np.add.reduceat(self.counts[: self.sentences], self.bounds))
        for near in self._counts_near:
            columns += [weights @ np.log1p(near), weights @ (near / words)]
        return np.stack(columns, axis=1).astype(np.float32)

    def by_word(self) -> np.ndarray:
        """Return float32 (passages, words, BY_WORD)."""
        exact = np.add.reduceat(self.same, self.starts, axis=1)
        best_sentence = [
            start + int(np.argmax(self.by_sentence[start : start + size]))
            for start, size in zip(self.bounds, self.sizes, strict=True)
        ]
        with_next = self._with_next()
        with_last = np.vstack([np.zeros((1, with_next.shape[1]), dtype=np.float32), with_next[:-1]])
        layers = [
            self.here, self.above, *(np.log1p(near) for near in self._counts_near),
            np.log1p(np.add.reduceat(exact[:, : self.sentences], self.bounds, axis=1)),
            np.minimum(exact[:, self.sentences :], 1), self.best[:, best_sentence], with_next, with_last,
        ]  # fmt: skip
        return np.stack(layers, axis=2).astype(np.float32).transpose(1, 0, 2)

    @cached_property
    def _counts_near(self) -> list[np.ndarray]:
        """For each of NEARNESS how many words of each passage are so near each word of the question."""
        in_texts = [
            np.add.reduceat((self.cosines > limit).astype(np.float32), self.starts, axis=1)
            for limit in NEARNESS
        ]
        return [np.add.reduceat(near[:, : self.sentences], self.bounds, axis=1) for near in in_texts]

    def _with_next(self) -> np.ndarray:
        """Return (words, passages): 1 where a word and the next one of the question stand side by side."""
        follows = np.zeros_like(self.same)
        follows[:-1, :-1] = self.same[:-1, :-1] * self.same[1:, 1:]
        in_texts = np.maximum.reduceat(follows, self.starts, axis=1)
        return np.maximum.reduceat(in_texts[:, : self.sentences], self.bounds, axis=1)

    def _cosines_of_sums(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the question's cosine with the nearest sentence, the text and the context of each passage."""
        question = self.words.weights[self.asked] @ self.words.unit(self.asked)
        question /= np.linalg.norm(question) or 1.0
        each = self.sums @ question / np.maximum(np.linalg.norm(self.sums, axis=1), 1e-6)
        texts = np.add.reduceat(self.sums[: self.sentences], self.bounds, axis=0)
        whole = texts @ question / np.maximum(np.linalg.norm(texts, axis=1), 1e-6)
        return np.maximum.reduceat(each[: self.sentences], self.bounds), whole, each[self.sentences :]


def _kinds(question: str, passages: Sequence[Passage]) -> np.ndarray:
    """Return float32 (passages, kinds): what is asked for, and what each passage tells."""
    english = len(re.findall("[a-z]", question.lower())) > len(question) / 2
    asked = [*asked_for(question), min(len(question), 60) / 30, float(english)]
    told = [told_in(passage.text[:MOST_CHARACTERS]) for passage in passages]
    return np.array([[*asked, *one] for one in told], dtype=np.float32)


@lru_cache(maxsize=REMEMBERED)
def _counted(text: str) -> Counter[str]:
    return Counter(tokenize(text[:MOST_CHARACTERS]))


@lru_cache(maxsize=REMEMBERED)
def _sentences(text: str) -> tuple[str, ...]:
    return tuple(SENTENCE.findall(text[:MOST_CHARACTERS])) or (text[:MOST_CHARACTERS],)


def _longest_run(pairs: Sequence[str], held: Counter[str]) -> int:
    """Return how many neighbouring character pairs of a question, at most, a passage holds."""
    longest = run = 0
    for pair in pairs:
        run = run + 1 if pair in held else 0
        longest = max(longest, run)
    return longest
