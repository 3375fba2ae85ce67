"""The cross-encoder: it reads query and passage together and says how likely the one answers the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional
from transformers import BertForSequenceClassification

from ..recipe import Recipe
from .contrast import WITH_CONTEXT, draw_mined
from .loop import Plan, step_seed
from .negatives import Mined, Pool
from .network import by_length, mixed, pad_pairs, select, shorten
from .sizes import Size


@dataclass(frozen=True)
class Cross:
    """The losses of the cross-encoder."""

    model: BertForSequenceClassification
    mined: dict[str, Mined]
    pools: dict[str, Pool]
    recipe: Recipe
    size: Size
    plan: Plan

    def losses(self, step: int) -> Iterator[torch.Tensor]:
        """Yield for each chunk its share of the binary cross-entropy, right and wrong passages weighing the same."""
        chance = np.random.default_rng(step_seed(self.plan, step))
        drawn = draw_mined(self.mined, self.pools, self.recipe, self.size.cross_queries, chance)
        numbers = drawn.passages
        labels = np.zeros(numbers.shape, dtype=np.float32)
        labels[:, 0] = 1
        weights = np.where(labels == 1, 0.5, 0.5 / self.size.negatives).astype(np.float32) / len(numbers)
        queries = select(drawn.queries, np.repeat(np.arange(len(numbers)), numbers.shape[1]))
        queries = shorten(queries, 4 * self.size.query_tokens)  # a glossed word may be several
        passages = drawn.pool.bags(numbers.ravel(), chance.random(numbers.size) < WITH_CONTEXT)
        passages = shorten(passages, self.size.passage_tokens)
        for part in by_length(queries.lengths + passages.lengths, self.size.chunk):
            padded = pad_pairs(select(queries, part), select(passages, part), self.model.device)
            with mixed(self.model.device):
                scores = self.model(
                    input_ids=padded.ids, attention_mask=padded.mask, token_type_ids=padded.types
                ).logits[:, 0]
            wanted, weight = (
                torch.from_numpy(one.ravel()[part]).to(scores.device) for one in (labels, weights)
            )
            yield functional.binary_cross_entropy_with_logits(scores.float(), wanted, weight, reduction="sum")
