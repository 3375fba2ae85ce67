"""Examples -> the network of index.judge: the right line must gain the highest score, none of them where none is right."""

from __future__ import annotations

import copy
import logging
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from index.judge import LINES, SIDE
from index.words import WordVectors

from .example import Example
from .vary import Variation, varied

log = logging.getLogger(__name__)
_NEVER = -1e4
LENGTH_STEP = 12  # words by which examples of like length are put together
DROPPED_VECTOR = 0.1
CONTRADICTING = 0.5  # what it weighs beside answering
KEPT, WARM = 0.999, 10  # of the average of the weights, a step; steps until it keeps half


@dataclass(frozen=True)
class JudgeRecipe:
    """Sizes and shares of the fit."""

    width: int = 64  # of a word
    hidden: int = 64  # of a line
    dropout: float = 0.3
    epochs: int = 5
    left_out: Variation = field(default_factory=Variation)
    questions_per_step: int = 32
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.05
    seed: int = 30


class Neighbours(nn.Module):
    """Each word with what its neighbours add."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv, self.norm = nn.Conv1d(width, width, 3, padding=1), nn.LayerNorm(width)

    def forward(self, values: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        """Return (texts, words, width) of the same; `there` (texts, words) is 0 for no word."""
        added = self.conv((values * there[..., None]).transpose(1, 2)).transpose(1, 2)
        normed: torch.Tensor = self.norm(values + functional.silu(added))
        return normed


class Network(nn.Module):
    """The network of index.judge.AttentiveModel, with the same layers by the same names."""

    units: torch.Tensor
    weights: torch.Tensor

    def __init__(self, recipe: JudgeRecipe, vectors: WordVectors) -> None:
        super().__init__()
        units = vectors.unit(np.arange(len(vectors.weights)))
        self.register_buffer("units", torch.from_numpy(units), persistent=False)
        self.register_buffer("weights", torch.log(torch.from_numpy(vectors.weights) + 1e-3), persistent=False)
        width = recipe.width
        self.project, self.enter = nn.Linear(units.shape[1], width), nn.Linear(width + SIDE, width)
        self.near, self.pairs = Neighbours(width), Neighbours(width)
        self.attend, self.sharpness = nn.Linear(width, width), nn.Parameter(torch.tensor(5.0))
        self.compare, self.out = nn.Linear(4 * width, width), nn.Linear(4 * width, recipe.hidden)
        self.score = nn.Linear(recipe.hidden + 2, 2)
        self.dropout, self.drop_vector = nn.Dropout(recipe.dropout), nn.Dropout(DROPPED_VECTOR)

    def forward(self, batch: Batch) -> torch.Tensor:
        """Return (questions, LINES, 2)."""
        many, words = batch.question.shape
        asked = batch.question[:, None].expand(-1, LINES, -1).reshape(-1, words)
        asked_there = batch.asked[:, None].expand(-1, LINES, -1).reshape(-1, words)
        lines, there, above = (one.flatten(0, 1) for one in (batch.lines, batch.there, batch.above))
        both = asked_there[:, :, None] * there[:, None, :]
        cosines = torch.bmm(self.units[asked], self.units[lines].transpose(1, 2))
        hidden = cosines.masked_fill(both == 0, -1.0)
        same = (asked[:, :, None] == lines[:, None, :]) * both
        one = self._entered(asked, asked_there, hidden.amax(2), same.amax(2), torch.zeros_like(asked_there))
        other = self._entered(lines, there, hidden.amax(1), same.amax(1), above)
        towards = torch.bmm(self.attend(one), other.transpose(1, 2)) / one.shape[2] ** 0.5
        towards = towards + self.sharpness * cosines
        to_line = torch.softmax(towards.masked_fill(there[:, None] == 0, _NEVER), 2) @ other
        to_question = (
            torch.softmax(towards.masked_fill(asked_there[:, :, None] == 0, _NEVER), 1).transpose(1, 2) @ one
        )
        pooled = torch.cat(
            [*self._pooled(one, to_line, asked_there), *self._pooled(other, to_question, there)], 1
        )
        found = functional.silu(self.out(self.dropout(pooled))).view(many, LINES, -1)
        scores: torch.Tensor = self.score(torch.cat([found, batch.known], 2))
        return scores

    def _entered(
        self,
        ids: torch.Tensor,
        there: torch.Tensor,
        nearest: torch.Tensor,
        same: torch.Tensor,
        above: torch.Tensor,
    ) -> torch.Tensor:
        beside = torch.stack([self.weights[ids], nearest, same, above, torch.ones_like(nearest)], 2)
        projected = self.drop_vector(self.project(self.units[ids]))
        entered: torch.Tensor = self.near(
            functional.silu(self.enter(torch.cat([projected, beside], 2))), there
        )
        return entered

    def _pooled(
        self, own: torch.Tensor, other: torch.Tensor, there: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        pairs = self.dropout(torch.cat([own, other, own - other, own * other], 2))
        compared = self.pairs(functional.silu(self.compare(pairs)), there)
        mean = (compared * there[..., None]).sum(1) / there.sum(1, keepdim=True).clamp(1)
        return mean, compared.masked_fill(there[..., None] == 0, _NEVER).amax(1)


@dataclass(frozen=True)
class Batch:
    """Examples side by side, all float32 but the word numbers; 0 for no word, no line."""

    question: torch.Tensor  # int64 (questions, words)
    asked: torch.Tensor  # (questions, words): 1 for a word
    lines: torch.Tensor  # int64 (questions, LINES, words)
    there: torch.Tensor  # (questions, LINES, words)
    above: torch.Tensor  # (questions, LINES, words)
    known: torch.Tensor  # (questions, LINES, 2)
    answers: torch.Tensor  # (questions, LINES)
    contradicts: torch.Tensor  # (questions, LINES)


def batch_of(examples: Sequence[Example]) -> Batch:
    """Return examples side by side."""
    many = len(examples)
    words = max(len(one.question.ids) for one in examples)
    longest = max(len(line.ids) for one in examples for line in one.lines)
    question, lines = (
        np.zeros((many, words), dtype=np.int64),
        np.zeros((many, LINES, longest), dtype=np.int64),
    )
    asked = np.zeros((many, words), dtype=np.float32)
    there, above = (np.zeros((many, LINES, longest), dtype=np.float32) for _ in range(2))
    known = np.zeros((many, LINES, 2), dtype=np.float32)
    answers, contradicts = (np.zeros((many, LINES), dtype=np.float32) for _ in range(2))
    for row, one in enumerate(examples):
        question[row, : len(one.question.ids)], asked[row, : len(one.question.ids)] = one.question.ids, 1
        for place, line in enumerate(one.lines):
            at = (row, place, slice(0, len(line.ids)))
            lines[at], there[at], above[at] = line.ids, 1, line.above
        known[row, : len(one.lines)] = one.known
        (answers if one.answered else contradicts)[row, : len(one.lines)] = one.settles
    arrays = (question, asked, lines, there, above, known, answers, contradicts)
    return Batch(*map(torch.from_numpy, arrays))


def fit(examples: Sequence[Example], vectors: WordVectors, recipe: JudgeRecipe) -> Network:
    """Return the network trained on the examples: the average of its weights over the steps (Polyak and Juditsky 1992)."""
    torch.manual_seed(recipe.seed)
    chance, network = random.Random(recipe.seed), Network(recipe, vectors)
    leaving, average, steps_done = np.random.default_rng(recipe.seed), copy.deepcopy(network), 0
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay
    )
    steps = recipe.epochs * (len(examples) // recipe.questions_per_step + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, recipe.learning_rate, total_steps=steps, pct_start=0.1
    )
    for epoch in range(recipe.epochs):
        network.train()
        total = 0.0
        for rows in _batches(examples, recipe.questions_per_step, chance):
            batch = [varied(examples[row], recipe.left_out, leaving) for row in rows]
            loss = _loss(network, batch_of(batch))
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            steps_done += 1
            _follow(average, network, steps_done)
            total += float(loss.detach()) * len(rows)
        log.info("epoch %d: loss %.3f", epoch + 1, total / len(examples))
    return average.eval()


@torch.no_grad()
def _follow(average: Network, network: Network, steps: int) -> None:
    """Move the averaged weights towards those of now; the first ones are soon forgotten."""
    kept = min(KEPT, (1 + steps) / (WARM + steps))
    for own, now in zip(average.parameters(), network.parameters(), strict=True):
        own.lerp_(now, 1 - kept)


def _batches(examples: Sequence[Example], size: int, chance: random.Random) -> Iterator[list[int]]:
    """Yield the rows of all examples, those of like length together, in an order of chance."""
    keys = [(max(len(line.ids) for line in one.lines) // LENGTH_STEP, chance.random()) for one in examples]
    order = sorted(range(len(examples)), key=keys.__getitem__)
    batches = [order[at : at + size] for at in range(0, len(order), size)]
    chance.shuffle(batches)
    yield from batches


def _loss(network: Network, batch: Batch) -> torch.Tensor:
    """Return how unlikely the right line is among the lines and none of them, and what contradicts is missed."""
    scores = network(batch)
    some = batch.there.amax(2)
    answers = torch.cat([scores[..., 0].masked_fill(some == 0, _NEVER), scores.new_zeros(len(scores), 1)], 1)
    none = (batch.answers.sum(1, keepdim=True) == 0).float()
    right = torch.cat([batch.answers, none], 1)
    likely = torch.logsumexp(answers.masked_fill(right == 0, _NEVER), 1)
    chosen = (torch.logsumexp(answers, 1) - likely).mean()
    missed = functional.binary_cross_entropy_with_logits(scores[..., 1], batch.contradicts, weight=some)
    return chosen + CONTRADICTING * missed * LINES
