"""Pairs -> token batches: cropped, thinned, spelt out, glossed, all in flat arrays to take milliseconds.

A bag is a run of token ids; bags are handed on as one flat array of ids and the length of each bag.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from .pairs import Pair
from .recipe import Recipe
from .subwords import pieces_of
from .tokenizer import encode_all

Ints = np.ndarray


@dataclass(frozen=True)
class Bags:
    """Token ids of many texts, one after the other."""

    ids: Ints
    lengths: Ints

    @property
    def owners(self) -> Ints:
        """For each token the number of its bag."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)


@dataclass(frozen=True)
class Encoded:
    """One source's pairs as token ids: row i of each array belongs to pair i."""

    ids: Ints  # int32, all different texts one after the other
    starts: Ints  # (pairs, 3): of query, passage and context within `ids`
    lengths: Ints  # (pairs, 3); a query of 0 tokens is to be cut out of the passage
    numbers: Ints  # (pairs, 3): equal where the texts are equal

    def __len__(self) -> int:
        return len(self.starts)


@dataclass(frozen=True)
class Batch:
    """One training step's bags."""

    queries: Bags
    passages: Bags
    alike: Ints  # (pairs, pairs) bool: query i and passage j belong together though i != j


def encode_pairs(tokenizer: Tokenizer, pairs: Iterable[Pair]) -> Encoded:
    """Return the pairs as token ids; pairs with an empty passage are left out."""
    known: dict[str, int] = {}
    rows = [
        [known.setdefault(text, len(known)) for text in (pair.query, pair.passage, pair.context)]
        for pair in pairs
    ]
    numbers = np.array(rows, dtype=np.int64).reshape(-1, 3)
    pieces = [np.asarray(ids, dtype=np.int32) for ids in encode_all(tokenizer, known)]
    sizes = np.array([len(piece) for piece in pieces], dtype=np.int64)
    ids = np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.int32)
    numbers = numbers[sizes[numbers[:, 1]] > 0] if len(numbers) else numbers
    return Encoded(ids, (np.cumsum(sizes) - sizes)[numbers], sizes[numbers], numbers)


def take(ids: Ints, starts: Ints, lengths: Ints) -> Bags:
    """Return the bags ids[start:start+length]."""
    firsts = np.cumsum(lengths) - lengths
    places = np.arange(lengths.sum()) + np.repeat(starts - firsts, lengths)
    return Bags(ids[places], lengths)


def keep(bags: Bags, kept: Ints) -> Bags:
    """Return the bags with only the tokens marked in `kept`; a bag that would lose all keeps its first."""
    left = np.bincount(bags.owners, weights=kept, minlength=len(bags.lengths))
    firsts = np.cumsum(bags.lengths) - bags.lengths
    kept = kept.copy()
    kept[firsts[(left == 0) & (bags.lengths > 0)]] = True
    return Bags(bags.ids[kept], np.bincount(bags.owners[kept], minlength=len(bags.lengths)))


def join(left: Bags, right: Bags) -> Bags:
    """Return bags that hold the tokens of both; their order within a bag does not matter to the encoder."""
    owners = np.concatenate([left.owners, right.owners])
    order = np.argsort(owners, kind="stable")
    return Bags(np.concatenate([left.ids, right.ids])[order], left.lengths + right.lengths)


@dataclass(frozen=True)
class Expansions:
    """For each token id a few sequences of ids that may stand in its place."""

    first: Ints  # (vocabulary,) number of the token's first sequence
    count: Ints  # (vocabulary,) how many it has; 0: it stays as it is
    ids: Ints  # the sequences, one after the other
    starts: Ints  # (sequences,)
    lengths: Ints  # (sequences,)

    def replace(self, bags: Bags, chosen: Ints, chance: np.random.Generator) -> Bags:
        """Return the bags with each chosen token replaced by one of its sequences, drawn at random."""
        chosen = chosen & (self.count[bags.ids] > 0)
        picks = (self.first[bags.ids] + chance.random(len(bags.ids)) * self.count[bags.ids]).astype(np.int64)
        picks = np.where(chosen, picks, 0)
        pool = np.concatenate([self.ids, bags.ids])
        starts = np.where(chosen, self.starts[picks], len(self.ids) + np.arange(len(bags.ids)))
        lengths = np.where(chosen, self.lengths[picks], 1)
        totals = np.bincount(bags.owners, weights=lengths, minlength=len(bags.lengths)).astype(np.int64)
        return Bags(take(pool, starts, lengths).ids, totals)


def expansions(sequences: Sequence[Sequence[Sequence[int]]]) -> Expansions:
    """Return the table for `sequences[token id]`, a list of id sequences; empty sequences are left out."""
    cleaned = [[list(one) for one in several if len(one)] for several in sequences]
    count = np.array([len(several) for several in cleaned])
    flat = [one for several in cleaned for one in several] or [[0]]
    lengths = np.array([len(one) for one in flat])
    return Expansions(
        first=np.cumsum(count) - count,
        count=count,
        ids=np.array([token for one in flat for token in one], dtype=np.int32),
        starts=np.cumsum(lengths) - lengths,
        lengths=lengths,
    )


def spellings(tokenizer: Tokenizer) -> Expansions:
    """For each piece of Chinese the ids of its characters."""
    vocabulary = tokenizer.get_vocab()
    rows: list[list[list[int]]] = []
    for piece in pieces_of(tokenizer):
        characters = [vocabulary.get(character, 0) for character in piece]
        chinese = len(piece) > 1 and all("\u3400" <= character <= "\u9fff" for character in piece)
        rows.append([characters] if chinese and all(characters) else [])
    return expansions(rows)


def translations(tokenizer: Tokenizer, glosses: dict[str, list[str]]) -> Expansions:
    """For each piece that is a word of the dictionary the ids of its glosses."""
    pieces = pieces_of(tokenizer)
    flat = [gloss for piece in pieces for gloss in glosses.get(piece, [])]
    encoded = encode_all(tokenizer, flat)
    return expansions([[next(encoded) for _ in glosses.get(piece, [])] for piece in pieces])


def phrases(tokenizer: Tokenizer, texts: Iterable[str]) -> Bags:
    """Return the texts as bags."""
    pieces = list(encode_all(tokenizer, texts))
    ids = np.array([token for piece in pieces for token in piece], dtype=np.int32)
    return Bags(ids, np.array([len(piece) for piece in pieces], dtype=np.int64))


def ask(bags: Bags, openers: Bags, chosen: Ints, chance: np.random.Generator) -> Bags:
    """Return the bags, those chosen with one of the openers added."""
    picks = chance.integers(0, len(openers.lengths), len(bags.lengths))
    starts = (np.cumsum(openers.lengths) - openers.lengths)[picks]
    return join(bags, take(openers.ids, starts, np.where(chosen, openers.lengths[picks], 0)))


@dataclass(frozen=True)
class BatchMaker:
    """Draws pairs of one source and disguises them, the same way for the same random state."""

    recipe: Recipe
    spelt: Expansions
    glossed: Expansions
    chinese: Bags  # the words with which people ask
    english: Bags

    def draw(self, source: Encoded, size: int, gloss_share: float, chance: np.random.Generator) -> Batch:
        """Return `size` pairs of the source, or all where it has fewer."""
        rows = chance.choice(len(source), size=min(size, len(source)), replace=False, shuffle=False)
        starts, lengths = source.starts[rows], source.lengths[rows]
        passage_start, passage_length = self._window(
            starts[:, 1], lengths[:, 1], self.recipe.passage_tokens, chance
        )
        is_crop = lengths[:, 0] == 0
        crop_start, crop_length = self._crop(passage_start, passage_length, chance)
        query_start = np.where(is_crop, crop_start, starts[:, 0])
        query_length = np.where(is_crop, crop_length, np.minimum(lengths[:, 0], self.recipe.query_tokens))
        queries = take(source.ids, query_start, query_length)
        is_glossed = chance.random(len(rows)) < gloss_share
        queries = self._disguise(queries, is_glossed, chance)
        is_asked = (is_crop | is_glossed) & (chance.random(len(rows)) < self.recipe.asked)
        queries = ask(queries, self.english, is_asked & is_glossed, chance)
        queries = ask(queries, self.chinese, is_asked & ~is_glossed, chance)
        cut = is_crop & (chance.random(len(rows)) < self.recipe.cut_out)
        passages = self._passages(source.ids, passage_start, passage_length, query_start, query_length, cut)
        with_context = chance.random(len(rows)) < self.recipe.context
        context = take(source.ids, starts[:, 2], np.where(with_context, lengths[:, 2], 0))
        return Batch(queries, self._spell(join(context, passages), chance), _alike(source, rows))

    def _window(
        self, starts: Ints, lengths: Ints, most: int, chance: np.random.Generator
    ) -> tuple[Ints, Ints]:
        """Return a window of at most `most` tokens of each text: its beginning, or half the time any part."""
        slack = np.maximum(lengths - most, 0)
        shift = (chance.random(len(starts)) * (slack + 1)).astype(np.int64) * (
            chance.random(len(starts)) < 0.5
        )
        return starts + shift, np.minimum(lengths, most)

    def _crop(self, starts: Ints, lengths: Ints, chance: np.random.Generator) -> tuple[Ints, Ints]:
        """Return a short piece of each window."""
        low, high = self.recipe.crop_tokens
        size = np.minimum(chance.integers(low, high + 1, len(starts)), np.maximum(lengths // 2, 1))
        return starts + (chance.random(len(starts)) * (lengths - size + 1)).astype(np.int64), size

    def _passages(
        self, ids: Ints, starts: Ints, lengths: Ints, cut_starts: Ints, cut_lengths: Ints, cut: Ints
    ) -> Bags:
        """Return the windows, without the tokens of their query where `cut` says so."""
        bags = take(ids, starts, lengths)
        firsts = np.cumsum(lengths) - lengths
        place = np.arange(len(bags.ids)) + np.repeat(starts - firsts, lengths)
        inside = (place >= cut_starts[bags.owners]) & (place < (cut_starts + cut_lengths)[bags.owners])
        return keep(bags, ~(inside & cut[bags.owners]))

    def _disguise(self, bags: Bags, is_glossed: Ints, chance: np.random.Generator) -> Bags:
        """Drop some tokens, spell some out, and put English glosses for words of the bags marked."""
        drop = chance.random(len(bags.lengths)) * self.recipe.thinning
        bags = keep(bags, chance.random(len(bags.ids)) >= drop[bags.owners])
        rate = np.where(chance.random(len(bags.lengths)) < 0.7, 1.0, chance.random(len(bags.lengths)))
        rate *= is_glossed
        bags = self.glossed.replace(bags, chance.random(len(bags.ids)) < rate[bags.owners], chance)
        return self._spell(bags, chance)

    def _spell(self, bags: Bags, chance: np.random.Generator) -> Bags:
        """Spell some words out, so that a word and its characters stay near each other."""
        return self.spelt.replace(bags, chance.random(len(bags.ids)) < self.recipe.splitting, chance)


def _alike(source: Encoded, rows: Ints) -> Ints:
    """Mark the pairs that share a query or a passage: they are no negatives of each other."""
    queries, passages = source.numbers[rows, 0], source.numbers[rows, 1]
    asked = source.lengths[rows, 0] > 0
    same = (queries[:, None] == queries[None, :]) & asked[:, None]
    same |= passages[:, None] == passages[None, :]
    np.fill_diagonal(same, False)
    return same
