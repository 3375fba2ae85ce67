"""Contrastive training: each query must pick its passage among those of the step, each passage its query."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from transformers import BertModel

from ..batches import Bags, BatchMaker, Encoded, Ints, keep
from ..recipe import Recipe
from ..static import contrast, make_batches
from .loop import Plan, step_seed
from .negatives import Mined, Pool
from .network import embed, shorten
from .sizes import Size

_THINNED = 0.5  # share of the mined queries that lose some words
WITH_CONTEXT = 0.5  # share of the passages that open with their title


@dataclass(frozen=True)
class Contrastive:
    """The losses of the first contrastive stage: the other passages of a step are the wrong ones."""

    model: BertModel
    sources: dict[str, Encoded]
    maker: BatchMaker
    size: Size
    plan: Plan

    def losses(self, step: int) -> Iterator[torch.Tensor]:
        """Yield the loss of one step, in one part."""
        chance = np.random.default_rng(step_seed(self.plan, step))
        (batch,) = next(make_batches(self.sources, self.maker, self.maker.recipe.mixture, chance))
        queries = embed(self.model, batch.queries, chunk=self.size.chunk)
        passages = embed(self.model, batch.passages, chunk=self.size.chunk)
        yield contrast(queries, passages, batch.alike, self.size.scale)


@dataclass(frozen=True)
class Drawn:
    """Queries of one source for a step, each with its right passage and then the wrong ones found for it."""

    queries: Bags
    passages: Ints  # numbers, (queries, 1 + negatives); the first is right
    pool: Pool


def draw_mined(
    mined: dict[str, Mined], pools: dict[str, Pool], recipe: Recipe, count: int, chance: np.random.Generator
) -> Drawn:
    """Return `count` queries of one source drawn by weight, or all where it has fewer; half lose some words."""
    shares = [share for share in recipe.mixture if share.source in mined]
    weights = np.array([share.weight for share in shares])
    source = shares[chance.choice(len(shares), p=weights / weights.sum())].source
    found = mined[source]
    rows = chance.choice(len(found.right), min(count, len(found.right)), replace=False)
    queries = found.queries(rows)
    dropped = chance.random(len(rows)) * recipe.thinning * (chance.random(len(rows)) < _THINNED)
    queries = keep(queries, chance.random(len(queries.ids)) >= dropped[queries.owners])
    return Drawn(queries, np.column_stack([found.right[rows], found.wrong[rows]]), pools[source])


@dataclass(frozen=True)
class Hard:
    """The losses of the second contrastive stage: every query also meets the wrong passages found for it."""

    model: BertModel
    mined: dict[str, Mined]
    pools: dict[str, Pool]
    recipe: Recipe
    size: Size
    plan: Plan

    def losses(self, step: int) -> Iterator[torch.Tensor]:
        """Yield the loss of one step, in one part."""
        chance = np.random.default_rng(step_seed(self.plan, step))
        drawn = draw_mined(self.mined, self.pools, self.recipe, self.size.hard_pairs, chance)
        right, wrong = drawn.passages[:, 0], drawn.passages[:, 1:].ravel()
        columns = np.concatenate([right, wrong])
        bags = drawn.pool.bags(columns, chance.random(len(columns)) < WITH_CONTEXT)
        alike = drawn.pool.alike[right][:, columns].toarray()
        np.fill_diagonal(alike, False)
        queries = embed(self.model, drawn.queries, chunk=self.size.chunk)
        passages = embed(self.model, shorten(bags, self.size.passage_tokens), chunk=self.size.chunk)
        yield contrast(queries, passages, alike, self.size.scale)
