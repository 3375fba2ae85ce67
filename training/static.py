"""Pairs -> a static embedding: one vector and one weight a token, summed and normalised, trained by contrast.

A token's vector is its own, begun from what stands near it in the texts, and those of its characters. In each step every query must pick its own passage among those of the step, and every passage its query.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from scipy import sparse
from tokenizers import Tokenizer
from torch.nn import functional

from .batches import Bags, Batch, BatchMaker, Encoded, encode_pairs, phrases, spellings, translations
from .cooccurrence import word_vectors
from .glosses import gloss_table
from .openers import CHINESE, ENGLISH
from .pairs import SOURCES, file_path, read_pairs
from .recipe import Recipe, Share
from .records import read_records
from .subwords import SumOfParts, as_torch, part_matrix, pieces_of
from .tokenizer import train_tokenizer

log = logging.getLogger(__name__)

_CHARACTERS_PER_SOURCE = 3_000_000  # enough of each for the vocabulary to settle
_CHARACTERS_PER_TEXT = 200
_SMOOTHING = 1e-3  # a token's first weight is a / (a + its frequency)
_WARM_UP = 0.05  # share of the steps in which the learning rate rises


@dataclass(frozen=True)
class Trained:
    """A trained static embedding and how it got there."""

    tokenizer: Tokenizer
    vectors: np.ndarray  # float32 (vocabulary, dimension), the token's weight multiplied in; row 0 is zero
    losses: list[float]  # mean over each tenth of the steps
    pairs: dict[str, int]  # how many each source gave
    seconds: float


def sample_texts(folder: Path, recipe: Recipe) -> Iterator[str]:
    """Yield the texts that the vocabulary is taken from: as much of each source as there is room for."""
    chance = random.Random(recipe.seed)
    for share in recipe.mixture:
        if share.source in (
            "zh_en",
            "law_title",
            "docs_title",
            "gov_title",
        ):  # their texts come in by other sources
            continue
        pairs = list(read_pairs(folder, share.source, longest=_CHARACTERS_PER_TEXT))
        room = _CHARACTERS_PER_SOURCE
        for pair in chance.sample(pairs, len(pairs)):
            yield from (text for text in (pair.query, pair.passage, pair.context) if text)
            room -= len(pair.query) + len(pair.passage) + len(pair.context)
            if room < 0:
                break


def read_sources(folder: Path, tokenizer: Tokenizer, recipe: Recipe) -> dict[str, Encoded]:
    """Return every source of the mixture that the folder holds, as token ids."""
    sources: dict[str, Encoded] = {}
    for share in recipe.mixture:
        pairs = read_pairs(
            folder, share.source, longest=recipe.section_characters, without_fold=recipe.without_fold
        )
        encoded = encode_pairs(tokenizer, pairs)
        if len(encoded):
            sources[share.source] = encoded
        log.info("%s: %d pairs", share.source, len(encoded))
    if not sources:
        raise ValueError(f"{folder} holds no training file; expected {sorted(known_files())}")
    return sources


def known_files() -> set[str]:
    """The names of the files that may train, without the folder."""
    return {file_path(Path(), name).name for files in SOURCES.values() for name, _ in files}


def make_batches(
    sources: dict[str, Encoded], maker: BatchMaker, mixture: Sequence[Share], chance: np.random.Generator
) -> Iterator[list[Batch]]:
    """Yield without end what one step learns from: batches of `sources_per_step` sources drawn by weight."""
    shares = [share for share in mixture if share.source in sources]
    weights = np.array([share.weight for share in shares])
    size = maker.recipe.pairs_per_step // maker.recipe.sources_per_step
    while True:
        drawn = chance.choice(len(shares), maker.recipe.sources_per_step, p=weights / weights.sum())
        picks = [shares[number] for number in drawn]
        yield [maker.draw(sources[share.source], size, share.glossed, chance) for share in picks]


class TokenTable(torch.nn.Module):
    """A vector and a weight for each token; the vector of a bag is their weighted sum, normalised."""

    def __init__(
        self, frequencies: np.ndarray, start: np.ndarray, parts: sparse.csr_matrix, recipe: Recipe
    ) -> None:
        """`start` holds the first vectors, float32 (vocabulary, dimension), `parts` what each token consists of."""
        super().__init__()
        generator = torch.Generator().manual_seed(recipe.seed)
        size, self.dropped = (len(frequencies), recipe.dimension), recipe.token_drop
        noise = torch.randn(size, generator=generator) / recipe.dimension**0.5
        known = torch.from_numpy(start)
        has_parts = torch.from_numpy(np.diff(parts.indptr) > 0)[:, None]
        vectors = torch.where(known.any(dim=1, keepdim=True), known, noise)
        weights = torch.from_numpy(np.log(_SMOOTHING / (_SMOOTHING + frequencies))).float()
        self.vectors = torch.nn.Parameter(torch.where(has_parts, recipe.own_share * vectors, vectors))
        self.parts = torch.nn.Parameter(
            torch.randn((parts.shape[1], recipe.dimension), generator=generator) / recipe.dimension**0.5
        )
        self.log_weights = torch.nn.Parameter(weights - weights.mean())
        self._matrix, self._transposed = as_torch(parts), as_torch(parts.T.tocsr())

    def rows(self) -> torch.Tensor:
        """Return the tokens' vectors without their weights, float32 (vocabulary, dimension)."""
        return self.vectors + SumOfParts.apply(self.parts, self._matrix, self._transposed)

    def forward(self, rows: torch.Tensor, bags: Bags) -> torch.Tensor:
        """Return unit vectors, float32 (bags, dimension), of what `token_drop` leaves of each bag."""
        ids = torch.from_numpy(bags.ids.astype(np.int64))
        offsets = torch.from_numpy(np.cumsum(bags.lengths) - bags.lengths)
        weights = torch.exp(self.log_weights)[ids] * (ids != 0)
        if self.dropped:
            weights = weights * (torch.rand(len(ids)) >= self.dropped)
        summed = functional.embedding_bag(ids, rows, offsets, mode="sum", per_sample_weights=weights)
        return functional.normalize(summed)

    @torch.no_grad()
    def folded(self) -> np.ndarray:
        """Return the vectors times their weights, with the unknown token's row at zero."""
        rows = self.rows() * torch.exp(self.log_weights)[:, None]
        rows[0] = 0
        return rows.numpy()


def contrast(queries: torch.Tensor, passages: torch.Tensor, alike: np.ndarray, scale: float) -> torch.Tensor:
    """Return the mean cross-entropy of finding passage i for query i, and query i for passage i.

    There may be more passages than queries: the further ones are wrong for all. `alike`, bool (queries,
    passages), marks what is not to be held against each other though i != j.
    """
    scores = scale * queries @ passages.T
    scores = scores.masked_fill(torch.from_numpy(alike).to(scores.device), -torch.inf)
    right = torch.arange(len(queries), device=scores.device)
    back = scores[:, : len(queries)].T
    return (functional.cross_entropy(scores, right) + functional.cross_entropy(back, right)) / 2


def _step_loss(table: TokenTable, batches: list[Batch], scale: float) -> torch.Tensor:
    """Return the loss of one step; pairs of different sources are negatives of each other."""
    rows = table.rows()
    queries = torch.cat([table(rows, batch.queries) for batch in batches])
    passages = torch.cat([table(rows, batch.passages) for batch in batches])
    alike = np.zeros((len(queries), len(queries)), dtype=bool)
    start = 0
    for batch in batches:
        stop = start + len(batch.alike)
        alike[start:stop, start:stop] = batch.alike
        start = stop
    return contrast(queries, passages, alike, scale)


def fit(table: TokenTable, batches: Iterator[list[Batch]], recipe: Recipe) -> list[float]:
    """Train the table in place; return the loss of each step."""
    rates = {
        table.vectors: recipe.learning_rate, table.parts: recipe.parts_rate, table.log_weights: recipe.weights_rate
    }  # fmt: skip
    optimizer = torch.optim.Adam([{"params": [one], "lr": rate} for one, rate in rates.items()], fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, _rate_of(recipe.steps))
    losses = []
    for step, batch in enumerate(islice(batches, recipe.steps), 1):
        loss = _step_loss(table, batch, recipe.scale)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if step % 100 == 0:
            log.info("step %d of %d: loss %.3f", step, recipe.steps, np.mean(losses[-100:]))
    return losses


def _rate_of(steps: int) -> Callable[[int], float]:
    """Return the share of the full learning rate at a step: up to all of it, then down to a hundredth."""
    warm = max(1, int(steps * _WARM_UP))
    return lambda step: min((step + 1) / warm, max(0.01, (steps - step) / max(1, steps - warm)))


def token_frequencies(sources: dict[str, Encoded], size: int) -> np.ndarray:
    """Return each token's share of all tokens."""
    counts = np.zeros(size)
    for source in sources.values():
        counts += np.bincount(source.ids, minlength=size)
    return counts / max(1.0, counts.sum())


def train_vocabulary(folder: Path, recipe: Recipe) -> Tokenizer:
    """Train the tokenizer on a sample of the folder's training files."""
    started = time.monotonic()
    texts = sample_texts(folder, recipe)
    tokenizer = train_tokenizer(texts, size=recipe.vocabulary, dictionary=read_glosses(folder))
    log.info("vocabulary of %d after %.0f s", tokenizer.get_vocab_size(), time.monotonic() - started)
    return tokenizer


def read_glosses(folder: Path) -> dict[str, list[str]]:
    """Return the dictionary's English glosses of Chinese words; none where the folder has no dictionary."""
    path = file_path(folder, "train_cedict")
    return gloss_table(read_records(path)) if path.exists() else {}


def make_batch_maker(tokenizer: Tokenizer, recipe: Recipe, glosses: dict[str, list[str]]) -> BatchMaker:
    """Return what draws the batches, with the tables that a vocabulary needs."""
    return BatchMaker(
        recipe,
        spelt=spellings(tokenizer),
        glossed=translations(tokenizer, glosses),
        chinese=phrases(tokenizer, CHINESE),
        english=phrases(tokenizer, ENGLISH),
    )


def train_vectors(folder: Path, recipe: Recipe, tokenizer: Tokenizer) -> Trained:
    """Train on the folder's training files; the same recipe gives the same vectors on the same machine."""
    started = time.monotonic()
    torch.manual_seed(recipe.seed)
    sources = read_sources(folder, tokenizer, recipe)
    log.info("texts encoded after %.0f s", time.monotonic() - started)
    maker = make_batch_maker(tokenizer, recipe, read_glosses(folder))
    frequencies = token_frequencies(sources, tokenizer.get_vocab_size())
    size = tokenizer.get_vocab_size()
    start = word_vectors(sources, size, recipe.dimension, recipe.seed)
    log.info("first vectors after %.0f s", time.monotonic() - started)
    table = TokenTable(frequencies, start, part_matrix(pieces_of(tokenizer)), recipe)
    batches = make_batches(sources, maker, recipe.mixture, np.random.default_rng(recipe.seed))
    losses = fit(table, batches, recipe)
    tenths = [float(np.mean(part)) for part in np.array_split(losses, min(10, len(losses)))]
    counts = {name: len(source) for name, source in sources.items()}
    return Trained(tokenizer, table.folded(), tenths, counts, time.monotonic() - started)
