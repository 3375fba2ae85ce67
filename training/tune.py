"""A static embedding and the written questions in, the same embedding after it has learnt them out: minutes of training.

In each step the questions of one pack must pick the chunks that answer them from all of the pack, beside a batch of the
mixture that the embedding was trained on, so that it keeps what it knew.
"""

from __future__ import annotations

import json
import logging
import platform
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional

from index.words import WordVectors

from .batches import Bags, BatchMaker, keep, take
from .packs import QUESTIONS
from .recipe import Recipe
from .save import save_model, write_json
from .static import Trained, contrast, make_batch_maker, make_batches, read_glosses, read_sources
from .tokenizer import encode_all
from .written import Pack, read_packs

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TuneRecipe:
    """What decides how far the embedding moves."""

    steps: int = 1_500
    learning_rate: float = 0.001
    questions_per_step: int = 384
    glossed: float = 0.15  # share of the questions turned into English word by word
    question_drop: float = 0.15  # share of a question's words left out
    passage_drop: float = 0.1
    mixture_share: float = 0.5  # of the loss of the mixture's batch
    pairs_per_step: int = 1_024  # of the mixture
    scale: float = 20.0
    seed: int = 22
    without_fold: int = -1  # the packs of this fold are left out


class WordTable(torch.nn.Module):
    """The rows of a static embedding, their weights multiplied in."""

    def __init__(self, vectors: WordVectors) -> None:
        super().__init__()
        numbers = np.arange(len(vectors.weights))
        self.rows = torch.nn.Parameter(torch.from_numpy(vectors.unit(numbers) * vectors.weights[:, None]))

    def forward(self, bags: Bags) -> torch.Tensor:
        """Return unit vectors, float32 (bags, dimension)."""
        offsets = torch.from_numpy(np.cumsum(bags.lengths) - bags.lengths)
        ids = torch.from_numpy(bags.ids.astype(np.int64))
        return functional.normalize(functional.embedding_bag(ids, self.rows, offsets, mode="sum"))


@dataclass(frozen=True)
class Asked:
    """A pack as word numbers: its chunks, its answered questions, and which chunks are right for each."""

    chunks: Bags
    questions: Bags
    right: list[frozenset[int]]


def tune_encoder(
    data: Path, encoder: Path, out: Path, work: Path, recipe: TuneRecipe, *, questions: Path = QUESTIONS
) -> None:
    """Write to `out` the embedding of the folder `encoder` after it has learnt the written questions."""
    tuned = tune(data, encoder, work, recipe, questions=questions)
    save_model(tuned, out)
    record = json.loads((encoder / "training.json").read_text(encoding="utf-8"))
    record["tuned"] = {
        "recipe": asdict(recipe),
        "questions": tuned.pairs,
        "loss_by_tenth": [round(loss, 4) for loss in tuned.losses],
        "minutes": round(tuned.seconds / 60, 1),
        "machine": f"{torch.get_num_threads()} threads of {platform.machine()}, no accelerator",
    }
    write_json(out / "training.json", record)


def tune(
    data: Path, encoder: Path, work: Path, recipe: TuneRecipe, *, questions: Path = QUESTIONS
) -> Trained:
    """Return the embedding of the folder `encoder` after it has learnt the written questions; `work` keeps their documents."""
    started = time.monotonic()
    torch.manual_seed(recipe.seed)
    chance = np.random.default_rng(recipe.seed)
    vectors = WordVectors.load(encoder)
    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    base = Recipe(pairs_per_step=recipe.pairs_per_step, without_fold=recipe.without_fold, seed=recipe.seed)
    read = read_packs(data, work, questions=questions, without_fold=recipe.without_fold)
    packs = [_asked(pack, tokenizer) for pack in read]
    if not packs:
        raise ValueError(f"{questions} holds no questions.")
    maker = make_batch_maker(tokenizer, base, read_glosses(data))
    batches = make_batches(read_sources(data, tokenizer, base), maker, base.mixture, chance)
    log.info("texts encoded after %.0f s", time.monotonic() - started)
    table = WordTable(vectors)
    optimizer = torch.optim.Adam(table.parameters(), lr=recipe.learning_rate, fused=True)
    sizes = np.array([len(pack.right) for pack in packs], dtype=float)
    losses = []
    for step in range(recipe.steps):
        for group in optimizer.param_groups:
            group["lr"] = recipe.learning_rate * (1 - step / recipe.steps)
        pack = packs[chance.choice(len(packs), p=sizes / sizes.sum())]
        loss = _loss(table, pack, maker, recipe, chance)
        (batch,) = next(batches)
        other = contrast(table(batch.queries), table(batch.passages), batch.alike, recipe.scale)
        optimizer.zero_grad()
        (loss + recipe.mixture_share * other).backward()
        optimizer.step()
        losses.append(loss.item())
        if (step + 1) % 50 == 0:
            log.info("step %d of %d: loss %.3f", step + 1, recipe.steps, np.mean(losses[-50:]))
    tenths = [float(np.mean(part)) for part in np.array_split(losses, min(10, len(losses)))]
    rows_of = table.rows.detach().numpy()
    rows_of[0] = 0
    counts = {"written": int(sizes.sum())}
    return Trained(tokenizer, rows_of, tenths, counts, time.monotonic() - started)


def _asked(pack: Pack, tokenizer: Tokenizer) -> Asked:
    found = pack.settled()
    return Asked(
        _bags(tokenizer, [f"{one.context}\n{one.text}" for one in pack.passages]),
        _bags(tokenizer, [text for text, _ in found]),
        [chunks for _, chunks in found],
    )


def _bags(tokenizer: Tokenizer, texts: Sequence[str]) -> Bags:
    pieces = [np.asarray(ids, dtype=np.int32) for ids in encode_all(tokenizer, texts)]
    known = [piece[piece != 0] for piece in pieces]
    filled = [piece if len(piece) else np.zeros(1, dtype=np.int32) for piece in known]
    return Bags(np.concatenate(filled), np.array([len(piece) for piece in filled]))


def _rows(bags: Bags, rows: np.ndarray) -> Bags:
    starts = np.cumsum(bags.lengths) - bags.lengths
    return take(bags.ids, starts[rows], bags.lengths[rows])


def _loss(
    table: WordTable, pack: Asked, maker: BatchMaker, recipe: TuneRecipe, chance: np.random.Generator
) -> torch.Tensor:
    """Return the loss of some questions of a pack, part of them glossed, over all of its chunks."""
    rows = chance.permutation(len(pack.right))[: recipe.questions_per_step]
    asked = _rows(pack.questions, rows)
    glossed = chance.random(len(rows)) < recipe.glossed
    asked = maker.glossed.replace(asked, glossed[asked.owners], chance)
    queries = table(_thinned(asked, recipe.question_drop, chance))
    chunks = table(_thinned(pack.chunks, recipe.passage_drop, chance))
    return _found([pack.right[row] for row in rows], recipe.scale * (queries @ chunks.T))


def _thinned(bags: Bags, share: float, chance: np.random.Generator) -> Bags:
    return keep(bags, chance.random(len(bags.ids)) >= share)


def _found(right: Sequence[frozenset[int]], scores: torch.Tensor) -> torch.Tensor:
    """Return the mean cross-entropy of finding any right chunk of each question."""
    marked = torch.zeros_like(scores, dtype=torch.bool)
    for row, chunks in enumerate(right):
        marked[row, list(chunks)] = True
    chosen = scores.masked_fill(~marked, -torch.inf)
    return (torch.logsumexp(scores, dim=1) - torch.logsumexp(chosen, dim=1)).mean()
