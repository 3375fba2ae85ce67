"""Bags of token ids -> padded arrays -> BERT -> one unit vector a text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional
from torch.utils.checkpoint import checkpoint
from transformers import BertConfig, BertModel

from ..batches import Bags, Ints, join, take
from .sizes import POSITIONS, Size
from .vocabulary import CLS, PAD, SEP


@dataclass(frozen=True)
class Padded:
    """Texts of one length, on the network's device; (texts, length) each."""

    ids: torch.Tensor
    mask: torch.Tensor  # 1 where there is a token, 0 behind a text's end
    types: torch.Tensor  # 0 for the first text and 1 for the second, where two are read together


def new_config(size: Size, vocabulary: int) -> BertConfig:
    """Return the shape of a network for `vocabulary` tokens."""
    return BertConfig(
        vocab_size=vocabulary,
        hidden_size=size.width,
        num_hidden_layers=size.layers,
        num_attention_heads=size.heads,
        intermediate_size=4 * size.width,
        hidden_dropout_prob=size.dropout,
        attention_probs_dropout_prob=size.dropout,
        max_position_embeddings=POSITIONS,
        pad_token_id=PAD,
    )


def mixed(device: torch.device) -> torch.autocast:
    """Return a context in which matrices are multiplied in bfloat16, on CUDA; elsewhere it does nothing."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda")


def select(bags: Bags, numbers: Ints) -> Bags:
    """Return the bags with these numbers, in this order."""
    starts = np.cumsum(bags.lengths) - bags.lengths
    return take(bags.ids, starts[numbers], bags.lengths[numbers])


def shorten(bags: Bags, most: int) -> Bags:
    """Return the bags with at most `most` tokens each."""
    return take(bags.ids, np.cumsum(bags.lengths) - bags.lengths, np.minimum(bags.lengths, most))


def pad(bags: Bags, device: torch.device, *, first_lengths: Ints | None = None) -> Padded:
    """Return [CLS] text [SEP] as arrays; in pairs, `first_lengths` says where the second text begins."""
    rows, longest = len(bags.lengths), int(bags.lengths.max(initial=0)) + 2
    columns = np.arange(longest)
    ids = np.full((rows, longest), PAD)
    ids[:, 0] = CLS
    inside = (columns >= 1) & (columns <= bags.lengths[:, None])
    ids[inside] = bags.ids
    ids[np.arange(rows), bags.lengths + 1] = SEP
    mask = columns <= bags.lengths[:, None] + 1
    begin = np.full(rows, longest) if first_lengths is None else first_lengths + 2
    types = mask & (columns >= begin[:, None])
    arrays = (torch.from_numpy(one.astype(np.int64)).to(device) for one in (ids, mask, types))
    return Padded(*arrays)


def pad_pairs(queries: Bags, passages: Bags, device: torch.device) -> Padded:
    """Return [CLS] query [SEP] passage [SEP] as arrays."""
    rows = len(queries.lengths)
    marks = Bags(np.full(rows, SEP, dtype=queries.ids.dtype), np.ones(rows, dtype=np.int64))
    return pad(join(join(queries, marks), passages), device, first_lengths=queries.lengths)


def by_length(lengths: Ints, chunk: int) -> Iterator[Ints]:
    """Yield the rows' numbers, shortest first, `chunk` at a time: little is padded."""
    order = np.argsort(lengths, kind="stable")
    for start in range(0, len(order), chunk):
        yield order[start : start + chunk]


def embed(bert: BertModel, bags: Bags, *, chunk: int) -> torch.Tensor:
    """Return float32 unit vectors (texts, width): the mean over each text's tokens, normalised.

    Chunks are run again for their gradients, so memory grows with `chunk` and not with the number of texts.
    """
    parts, numbers = [], []
    for part in by_length(bags.lengths, chunk):
        padded = pad(shorten(select(bags, part), POSITIONS - 2), bert.device)
        parts.append(checkpoint(_means, bert, padded.ids, padded.mask, use_reentrant=False))
        numbers.append(part)
    places = torch.from_numpy(np.argsort(np.concatenate(numbers))).to(bert.device)
    return functional.normalize(torch.cat(parts)[places])


def _means(bert: BertModel, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    with mixed(ids.device):
        hidden = bert(input_ids=ids, attention_mask=mask).last_hidden_state
    weights = mask[:, :, None].float()
    return (hidden.float() * weights).sum(dim=1) / weights.sum(dim=1)
