"""Pairs and a trained encoder -> for each query a few passages that BM25 or the encoder takes for right ones.

What is kept out: passages that some pair of the data calls right for the same question, and those that the
encoder finds nearly as near as the right one, such as an older version of the same article.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, zip_longest
from pathlib import Path

import bm25s
import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from scipy import sparse
from transformers import BertModel

from ..batches import Bags, BatchMaker, Encoded, Ints, join, take
from .network import embed, select, shorten
from .sizes import Size

log = logging.getLogger(__name__)

NOT_MINED = ("cedict",)  # the near meanings of a word are no wrong answers
_LOOKED_AT = 30  # best passages of each method
_NEAREST = 0.95  # a wrong passage is less near to the query than this share of the right one's cosine
_DRAWN_AT_ONCE = 1_000
_DRAWN_PER_PAIR = 4  # a small source is not drawn from more often
_ANY_LENGTH = 1_000_000  # tokens


@dataclass(frozen=True)
class Mined:
    """Queries of one source with passage numbers of its pool."""

    ids: Ints  # of all queries, one after the other
    lengths: Ints  # (queries,)
    right: Ints  # (queries,)
    wrong: Ints  # (queries, negatives)

    def queries(self, rows: Ints) -> Bags:
        """Return the queries of these rows."""
        return select(Bags(self.ids, self.lengths), rows)


@dataclass(frozen=True)
class Pool:
    """The different passages of one source, numbered from 0."""

    source: Encoded

    @cached_property
    def _first_rows(self) -> Ints:
        """For each passage the first pair that has it."""
        return np.unique(self.source.numbers[:, 1], return_index=True)[1]

    def __len__(self) -> int:
        return len(self._first_rows)

    def bags(self, passages: Ints, with_context: Ints) -> Bags:
        """Return the passages with these numbers, those marked with their title in front."""
        rows = self._first_rows[passages]
        starts, lengths = self.source.starts[rows], self.source.lengths[rows]
        contexts = take(self.source.ids, starts[:, 2], np.where(with_context, lengths[:, 2], 0))
        return join(contexts, take(self.source.ids, starts[:, 1], lengths[:, 1]))

    @cached_property
    def _numbers(self) -> dict[bytes, int]:
        """The number of each passage, by its token ids."""
        plain = self.bags(np.arange(len(self)), np.zeros(len(self), dtype=bool))
        return {ids.astype(np.int32).tobytes(): number for number, ids in enumerate(_split(plain))}

    def find(self, bags: Bags) -> Ints:
        """Return the numbers of whole passages; KeyError for another text."""
        return np.array([self._numbers[ids.astype(np.int32).tobytes()] for ids in _split(bags)])

    @cached_property
    def alike(self) -> sparse.csr_matrix:
        """Bool (passages, passages): the same one, or both right for the same question."""
        known, passages = np.unique(self.source.numbers[:, 1], return_inverse=True)
        is_asked = self.source.lengths[:, 0] > 0
        rows, columns = self.source.numbers[is_asked, 0], passages[is_asked]
        shape = (int(rows.max(initial=0)) + 1, len(known))
        answers = sparse.csr_matrix((np.ones(len(rows), dtype=np.int32), (rows, columns)), shape=shape)
        same = sparse.identity(len(known), dtype=np.int32, format="csr")
        return (answers.T @ answers + same).astype(bool).tocsr()


def _split(bags: Bags) -> Iterator[Ints]:
    """Yield each bag's ids."""
    yield from np.split(bags.ids, np.cumsum(bags.lengths)[:-1])


def whole_texts(maker: BatchMaker) -> BatchMaker:
    """Return a maker that leaves words whole and in place: right and wrong passages differ in what they say."""
    whole = replace(
        maker.recipe, passage_tokens=_ANY_LENGTH, cut_out=0.0, context=0.0, splitting=0.0, thinning=0.0
    )
    return replace(maker, recipe=whole)


def draw_queries(
    source: Encoded, pool: Pool, maker: BatchMaker, glossed: float, count: int, chance: np.random.Generator
) -> tuple[Bags, Ints]:
    """Return about `count` disguised queries, at most a few a pair, and the numbers of their passages."""
    count = min(count, _DRAWN_PER_PAIR * len(source))
    at_once = min(_DRAWN_AT_ONCE, count, len(source))
    queries, right = [], []
    for _ in range(0, count, at_once):
        batch = maker.draw(source, at_once, glossed, chance)
        queries.append(batch.queries)
        right.append(pool.find(batch.passages))
    ids, lengths = ([getattr(bags, name) for bags in queries] for name in ("ids", "lengths"))
    return Bags(np.concatenate(ids), np.concatenate(lengths)), np.concatenate(right)


@torch.no_grad()
def vectors(model: BertModel, bags: Bags, size: Size) -> np.ndarray:
    """Return float32 unit vectors (texts, width)."""
    return embed(model, shorten(bags, size.passage_tokens), chunk=size.chunk).cpu().numpy()


def by_words(queries: Bags, passages: Bags, most: int) -> list[list[int]]:
    """Return for each query the rows of passages that BM25 ranks first and that share a word with it."""
    index = bm25s.BM25()
    index.index([list(map(str, ids)) for ids in _split(passages)], show_progress=False)
    rows, scores = index.retrieve(
        [list(map(str, ids)) for ids in _split(queries)], k=most, show_progress=False
    )
    return [list(row[score > 0]) for row, score in zip(rows, scores, strict=True)]


def mine(
    model: BertModel, pool: Pool, queries: Bags, right: Ints, size: Size, chance: np.random.Generator
) -> Mined:
    """Return the queries with `size.negatives` wrong passages each, taken from the right ones of the others.

    A query for which too few can be found is left out.
    """
    candidates = np.unique(right)
    passages = pool.bags(candidates, np.ones(len(candidates), dtype=bool))
    most = min(_LOOKED_AT, len(candidates))
    lexical = by_words(queries, passages, most)
    query_vectors, passage_vectors = vectors(model, queries, size), vectors(model, passages, size)
    right_rows = np.searchsorted(candidates, right)
    kept, wrong = [], []
    for number, row in enumerate(right_rows):
        cosines = passage_vectors @ query_vectors[number]
        nearest = np.argpartition(-cosines, most - 1)[:most]
        nearest = nearest[np.argsort(-cosines[nearest], kind="stable")]
        any_others = chance.integers(0, len(candidates), most)
        ranked = chain(chain.from_iterable(zip_longest(nearest, lexical[number])), any_others)
        barred = set(pool.alike[right[number]].indices)
        limit = _NEAREST * cosines[row]
        usable = (
            one
            for one in dict.fromkeys(ranked)
            if one is not None and candidates[one] not in barred and cosines[one] < limit
        )
        found = [candidates[one] for one, _ in zip(usable, range(size.negatives), strict=False)]
        if len(found) == size.negatives:
            kept.append(number)
            wrong.append(found)
    rows = np.array(kept, dtype=np.int64)
    kept_queries = select(queries, rows)
    wrong_numbers = np.array(wrong, dtype=np.int64).reshape(-1, size.negatives)
    return Mined(kept_queries.ids, kept_queries.lengths, right[rows], wrong_numbers)


def mine_all(
    model: BertModel, sources: dict[str, Encoded], pools: dict[str, Pool], maker: BatchMaker, size: Size
) -> dict[str, Mined]:
    """Return for every source its share of `size.mined_pairs` queries with wrong passages.

    Raises ValueError where the data give none at all.
    """
    shares = [share for share in maker.recipe.mixture if share.source in pools]
    total = sum(share.weight for share in shares)
    chance = np.random.default_rng(size.seed)
    mined: dict[str, Mined] = {}
    for share in shares:
        count = max(1, round(size.mined_pairs * share.weight / total))
        source, pool = sources[share.source], pools[share.source]
        queries, right = draw_queries(source, pool, whole_texts(maker), share.glossed, count, chance)
        found = mine(model, pool, queries, right, size, chance)
        log.info(
            "%s: %d of %d queries with %d negatives",
            share.source,
            len(found.right),
            len(right),
            size.negatives,
        )
        if len(found.right):
            mined[share.source] = found
    if not mined:
        raise ValueError(
            f"no source has {size.negatives} wrong passages for a query; add data or lower `negatives`"
        )
    return mined


def write_mined(mined: dict[str, Mined], path: Path) -> None:
    """Write what was found, so that the file is whole or not there."""
    aside = path.with_suffix(".new")
    save_file(
        {f"{source}/{name}": a for source, one in mined.items() for name, a in vars(one).items()}, aside
    )
    os.replace(aside, path)


def read_mined(path: Path) -> dict[str, Mined]:
    """Return what `write_mined` wrote."""
    fields: dict[str, dict[str, Ints]] = {}
    for name, array in load_file(path).items():
        source, field = name.split("/")
        fields.setdefault(source, {})[field] = array
    return {source: Mined(**arrays) for source, arrays in fields.items()}
