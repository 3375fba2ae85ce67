"""Examples -> the networks of index.rerank: each question's right passages must gain the highest scores."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from index.match import BY_WORD, WORD
from index.rerank import FAR, beside_the_best

from .examples import Examples

log = logging.getLogger(__name__)
_NEVER = -1e9
_MASKED = -1e4  # the weight of a word that is not there, before the softmax


@dataclass(frozen=True)
class FitRecipe:
    """Sizes and shares of the fit."""

    networks: int = 3  # averaged, each from its own seed
    epochs: int = 8
    questions_per_step: int = 64
    learning_rate: float = 2e-3
    weight_decay: float = 1e-2
    dropout: float = 0.1
    heads: int = 2
    width: int = 16  # of a word's figures
    hidden: int = 64
    nothing: bool = False  # whether "none of them" is a candidate too, of score 0; right where no other is
    seed: int = 20
    share: Mapping[str, float] = field(
        default_factory=lambda: {"law": 2.0, "statutes": 2.0}
    )  # how often a pool is read in an epoch; 1 where it is not named


class Network(nn.Module):
    """The network of index.rerank.PairModel, with the same layers by the same names."""

    whole_mean: torch.Tensor
    whole_deviation: torch.Tensor
    held_mean: torch.Tensor
    held_deviation: torch.Tensor
    words_mean: torch.Tensor
    words_deviation: torch.Tensor

    def __init__(self, recipe: FitRecipe, whole: np.ndarray, by_word: np.ndarray, words: np.ndarray) -> None:
        """The last three hold figures (n, …) from which mean and deviation are taken."""
        super().__init__()
        for name, values in (("whole", whole), ("held", by_word), ("words", words)):
            self.register_buffer(f"{name}_mean", torch.from_numpy(values.mean(axis=0)).float())
            self.register_buffer(f"{name}_deviation", torch.from_numpy(values.std(axis=0) + 1e-3).float())
        width, heads = recipe.width, recipe.heads
        self.gate = nn.ModuleList([nn.Linear(WORD, 16), nn.Linear(16, heads)])
        self.word = nn.ModuleList([nn.Linear(BY_WORD + WORD, 2 * width), nn.Linear(2 * width, width)])
        joined = whole.shape[1] + (heads + 2) * width
        self.out = nn.ModuleList(
            [nn.Linear(joined, recipe.hidden), nn.Linear(recipe.hidden, recipe.hidden // 2), nn.Linear(recipe.hidden // 2, 1)]
        )  # fmt: skip
        self.dropout = nn.Dropout(recipe.dropout)

    def forward(
        self, whole: torch.Tensor, by_word: torch.Tensor, words: torch.Tensor, held: torch.Tensor
    ) -> torch.Tensor:
        """Return scores (questions, candidates); `held` (questions, words) marks the words that there are."""
        about = (words - self.words_mean) / self.words_deviation
        gates = self.gate[1](functional.silu(self.gate[0](about)))
        gates = torch.softmax(gates.masked_fill(~held[..., None], _MASKED), dim=1)
        each = (by_word - self.held_mean) / self.held_deviation
        repeated = about[:, None].expand(-1, each.shape[1], -1, -1)
        each = self.word[1](functional.silu(self.word[0](torch.cat([each, repeated], dim=3))))
        weighed = torch.einsum("qnwk,qwh->qnhk", each, gates).flatten(2)
        absent = ~held[:, None, :, None]
        most = each.masked_fill(absent, -torch.inf).amax(dim=2)
        least = each.masked_fill(absent, torch.inf).amin(dim=2)
        figures = ((whole - self.whole_mean) / self.whole_deviation).clamp(-FAR, FAR)
        joined = self.dropout(torch.cat([figures, weighed, most, least], dim=2))
        hidden = functional.silu(self.out[1](functional.silu(self.out[0](joined))))
        return self.out[2](hidden)[..., 0]


@dataclass(frozen=True)
class Tensors:
    """The examples of one pool, ready to be read."""

    whole: torch.Tensor
    by_word: torch.Tensor
    words: torch.Tensor
    held: torch.Tensor  # bool (questions, words)
    there: torch.Tensor  # bool (questions, candidates)
    right: torch.Tensor  # bool (questions, candidates)

    def rows(self, rows: np.ndarray) -> tuple[torch.Tensor, ...]:
        """Return what the network reads of some questions, and which candidates there are, and are right."""
        picked = torch.from_numpy(rows)
        read = (
            self.whole[picked],
            self.by_word[picked].float(),
            self.words[picked].float(),
            self.held[picked],
        )
        return (*read, self.there[picked], self.right[picked])


def tensors_of(examples: Examples) -> Tensors:
    """Return the examples as tensors, each candidate's figures beside the best's."""
    whole = np.stack([
        np.pad(beside_the_best(rows[:count]), ((0, len(rows) - count), (0, 0)))
        for rows, count in zip(examples.whole, examples.counts[:, 0], strict=True)
    ])  # fmt: skip
    there = np.arange(examples.whole.shape[1]) < examples.counts[:, :1]
    held = np.arange(examples.words.shape[1]) < np.maximum(examples.counts[:, 1:], 1)
    arrays = (whole, examples.by_word, examples.words, held, there, examples.right)
    return Tensors(*(torch.from_numpy(array) for array in arrays))


def fit(examples: Sequence[Examples], recipe: FitRecipe) -> tuple[list[Network], dict[str, dict[str, float]]]:
    """Train the networks; return them and the figures of the pools for choosing, before and after."""
    pools = {one.name: tensors_of(one) for one in examples}
    training = {one.name: pools[one.name] for one in examples if not one.for_choosing}
    networks = [_train(training, recipe, recipe.seed + number) for number in range(recipe.networks)]
    choosing = {one.name: pools[one.name] for one in examples if one.for_choosing}
    return networks, {name: figures(networks, tensors) for name, tensors in choosing.items()}


def _train(pools: Mapping[str, Tensors], recipe: FitRecipe, seed: int) -> Network:
    torch.manual_seed(seed)
    chance = np.random.default_rng(seed)
    network = Network(recipe, *_sample(pools))
    optimizer = torch.optim.AdamW(
        network.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay
    )
    epochs = [list(_batches(pools, recipe, chance)) for _ in range(recipe.epochs)]
    steps, step = sum(map(len, epochs)), 0
    for number, epoch in enumerate(epochs, 1):
        losses = []
        for name, rows in epoch:
            *read, there, right = pools[name].rows(rows)
            scores = network(*read).masked_fill(~there, _NEVER)
            if recipe.nothing:
                scores = functional.pad(scores, (0, 1))
                right = torch.cat([right, ~right.any(dim=1, keepdim=True)], dim=1)
            chosen = scores.masked_fill(~right, _NEVER)
            loss = (torch.logsumexp(scores, dim=1) - torch.logsumexp(chosen, dim=1)).mean()
            for group in optimizer.param_groups:
                group["lr"] = recipe.learning_rate * (1 - step / steps)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
            losses.append(loss.item())
        log.info("network %d, epoch %d of %d: loss %.3f", seed, number, recipe.epochs, np.mean(losses))
    return network.eval()


def _batches(
    pools: Mapping[str, Tensors], recipe: FitRecipe, chance: np.random.Generator
) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the batches of an epoch in a random order: (pool, rows)."""
    found = []
    for name, tensors in pools.items():
        size = len(tensors.right)
        count = round(size * recipe.share.get(name, 1.0))
        rows = np.concatenate([chance.permutation(size) for _ in range(-(-count // max(1, size)))])[:count]
        found += [(name, part) for part in np.array_split(rows, max(1, count // recipe.questions_per_step))]
    for place in chance.permutation(len(found)):
        yield found[place]


def _sample(pools: Mapping[str, Tensors]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return figures of candidates and words that there are, of each pool the first questions."""
    whole = [t.whole[:500][t.there[:500]] for t in pools.values()]
    by_word = [t.by_word[:100][t.there[:100]][:, :4].flatten(0, 1).float() for t in pools.values()]
    words = [t.words[:500][t.held[:500]].float() for t in pools.values()]
    first, second, third = (torch.cat(parts).numpy() for parts in (whole, by_word, words))
    return first, second, third


@torch.no_grad()
def figures(networks: Sequence[Network], tensors: Tensors) -> dict[str, float]:
    """Return recall@1 and @10 over all questions: of the search (its order), and of the networks."""
    size = len(tensors.right)
    parts = np.array_split(np.arange(size), max(1, size // 64))
    scored = [sum(network(*tensors.rows(rows)[:4]) for network in networks) for rows in parts]
    scores = torch.cat(scored).masked_fill(~tensors.there, _NEVER)
    ranked = torch.take_along_dim(tensors.right, torch.argsort(-scores, dim=1, stable=True), dim=1)
    return {
        f"{name} @{k}": float(found[:, :k].any(dim=1).float().mean())
        for name, found in (("search", tensors.right), ("reranked", ranked))
        for k in (1, 10)
    }
