"""Masked-language pre-training: running text in rows of tokens, some of them hidden, to be told from the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional
from transformers import BertForMaskedLM

from ..batches import Encoded, Ints
from ..recipe import Share
from .loop import Plan, step_seed
from .network import mixed
from .sizes import Size
from .vocabulary import CLS, MASK, SEP, SPECIAL

TEXTS = tuple(  # sources whose texts are read: each text once, so none of those that only add a heading
    Share(source, 1.0)
    for source in ("law_crop", "gov_crop", "docs_crop", "wiki_crop", "cmrc", "csl", "lecoqa", "en_zh")
)
CHARACTERS = 4_000  # longer sections are cut here; pairs are cut far earlier
_HIDDEN = 0.15  # share of the tokens that are to be told
_AS_MASK, _AS_OTHER = 0.8, 0.1  # of those, shown as [MASK] and as any other token; the rest is left as it is


def rows_of(sources: dict[str, Encoded], length: int) -> Ints:
    """Return all texts, each ended by [SEP], cut into rows (n, length) that begin with [CLS].

    Raises ValueError where there are not even the tokens of one row.
    """
    ended = [np.insert(one.ids, np.unique(one.starts)[1:], SEP) for one in sources.values()]
    ids = np.concatenate(ended) if ended else np.zeros(0, dtype=np.int32)
    rows = len(ids) // (length - 1)
    if not rows:
        raise ValueError(
            f"the training files hold {len(ids)} tokens of text, fewer than mlm_tokens, {length}"
        )
    return np.insert(ids[: rows * (length - 1)].reshape(rows, length - 1), 0, CLS, axis=1)


def hide(rows: Ints, vocabulary: int, chance: np.random.Generator) -> tuple[Ints, Ints]:
    """Return the rows with some tokens hidden, and which these are (bool)."""
    chosen = (chance.random(rows.shape) < _HIDDEN) & (rows >= len(SPECIAL))
    how = chance.random(rows.shape)
    shown = np.where(chosen & (how < _AS_MASK), MASK, rows)
    others = chance.integers(len(SPECIAL), vocabulary, rows.shape)
    is_other = chosen & (how >= _AS_MASK) & (how < _AS_MASK + _AS_OTHER)
    return np.where(is_other, others, shown), chosen


@dataclass(frozen=True)
class Masked:
    """The losses of masked-language pre-training."""

    model: BertForMaskedLM
    rows: Ints
    size: Size
    plan: Plan

    def losses(self, step: int) -> Iterator[torch.Tensor]:
        """Yield for each chunk of a step's rows its share of the mean cross-entropy of the hidden tokens."""
        chance = np.random.default_rng(step_seed(self.plan, step))
        rows = self.rows[chance.integers(0, len(self.rows), self.size.mlm_rows)]
        shown, chosen = hide(rows, self.model.config.vocab_size, chance)
        total = max(1, int(chosen.sum()))
        for start in range(0, len(rows), self.size.chunk):
            part = slice(start, start + self.size.chunk)
            if chosen[part].any():
                yield self._loss(shown[part], chosen[part], rows[part][chosen[part]]) / total

    def _loss(self, shown: Ints, chosen: Ints, right: Ints) -> torch.Tensor:
        """Return the summed cross-entropy; only hidden places go through the layer over the vocabulary."""
        device = self.model.device
        places = torch.from_numpy(np.flatnonzero(chosen)).to(device)
        with mixed(device):
            hidden = self.model.bert(torch.from_numpy(shown.astype(np.int64)).to(device)).last_hidden_state
            scores = self.model.cls(hidden.flatten(0, 1)[places])
        wanted = torch.from_numpy(right.astype(np.int64)).to(device)
        return functional.cross_entropy(scores.float(), wanted, reduction="sum")
