"""The four stages in their order: each takes the weights of an earlier one and leaves its own as a checkpoint."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from transformers import BertForMaskedLM, BertForSequenceClassification, BertModel

from ..batches import BatchMaker, Encoded, Ints
from ..static import make_batch_maker, read_glosses, read_sources, train_vocabulary
from .contrast import Contrastive, Hard
from .cross import Cross
from .loop import Keeper, Plan, fit, read
from .masked import CHARACTERS, TEXTS, Masked, rows_of
from .negatives import NOT_MINED, Mined, Pool, mine_all, read_mined, write_mined
from .network import new_config
from .sizes import Size
from .vocabulary import as_bert_tokenizer

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Workshop:
    """What the stages share; each thing is read or made when it is first asked for."""

    data: Path
    size: Size
    device: torch.device
    keeper: Keeper

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """The vocabulary: the one in the checkpoints' folder, or a new one that is put there."""
        path = self.keeper.folder / "tokenizer.json"
        if not path.exists():
            tokenizer = as_bert_tokenizer(train_vocabulary(self.data, self.size.recipe()))
            aside = path.with_suffix(".new")
            tokenizer.save(str(aside), pretty=False)
            aside.replace(path)
        return Tokenizer.from_file(str(path))

    @cached_property
    def text_rows(self) -> Ints:
        """The running text, in rows for masked-language pre-training."""
        recipe = replace(self.size.recipe(), mixture=TEXTS, section_characters=CHARACTERS)
        rows = rows_of(read_sources(self.data, self.tokenizer, recipe), self.size.mlm_tokens)
        log.info("%d rows of %d tokens", *rows.shape)
        return rows

    @cached_property
    def sources(self) -> dict[str, Encoded]:
        """The pairs of the mixture."""
        return read_sources(self.data, self.tokenizer, self.size.recipe())

    @cached_property
    def pools(self) -> dict[str, Pool]:
        """The passages of those sources for which negatives are sought."""
        return {name: Pool(source) for name, source in self.sources.items() if name not in NOT_MINED}

    @cached_property
    def maker(self) -> BatchMaker:
        """What draws and disguises pairs."""
        return make_batch_maker(self.tokenizer, self.size.recipe(), read_glosses(self.data))

    @cached_property
    def mined(self) -> dict[str, Mined]:
        """Queries with wrong passages that look right to BM25 and to the encoder of the contrastive stage."""
        path = self.keeper.folder / "negatives.safetensors"
        if not path.exists():
            bert = self.encoder()
            bert.load_state_dict(self.weights("contrastive", for_stage="hard and cross"))
            write_mined(mine_all(bert.eval(), self.sources, self.pools, self.maker, self.size), path)
        return read_mined(path)

    def encoder(self) -> BertModel:
        """Return a new BERT, the same one each time."""
        torch.manual_seed(self.size.seed)
        with self.device:
            return BertModel(new_config(self.size, self.tokenizer.get_vocab_size()))

    def cross_encoder(self) -> BertForSequenceClassification:
        """Return a new BERT with one score on top, the same one each time."""
        torch.manual_seed(self.size.seed)
        config = new_config(self.size, self.tokenizer.get_vocab_size())
        config.num_labels = 1
        with self.device:
            return BertForSequenceClassification(config)

    def weights(self, stage: str, *, for_stage: str) -> dict[str, Any]:
        """Return the weights that a stage left; FileNotFoundError where it is not finished."""
        path = self.keeper.finished(stage)
        if not path.exists():
            raise FileNotFoundError(
                f"{for_stage} needs the weights of {stage}, and {path} is not there: run --stage {stage} first"
            )
        return read(path)["model"]

    def load_pretrained(self, bert: BertModel, *, for_stage: str) -> None:
        """Give a new BERT the weights of masked-language pre-training; its pooler, which had no part, stays."""
        weights = self.weights("mlm", for_stage=for_stage)
        own = {
            name.removeprefix("bert."): value for name, value in weights.items() if name.startswith("bert.")
        }
        bert.load_state_dict(bert.state_dict() | own)


def train_mlm(shop: Workshop) -> None:
    """Hidden words of running text, told from the words around them."""
    plan = Plan("mlm", shop.size.mlm_steps, shop.size.mlm_rate, shop.size.seed)
    torch.manual_seed(shop.size.seed)
    config = new_config(shop.size, shop.tokenizer.get_vocab_size())
    with shop.device:
        model = BertForMaskedLM(config)
    fit(model, Masked(model, shop.text_rows, shop.size, plan).losses, plan, shop.keeper)


def train_contrastive(shop: Workshop) -> None:
    """Queries and passages, from the pre-trained weights."""
    plan = Plan("contrastive", shop.size.contrastive_steps, shop.size.contrastive_rate, shop.size.seed)
    model = shop.encoder()
    shop.load_pretrained(model, for_stage="contrastive")
    losses = Contrastive(model, shop.sources, shop.maker, shop.size, plan).losses
    fit(model, losses, plan, shop.keeper)


def train_hard(shop: Workshop) -> None:
    """The same with hard negatives, from the contrastive weights."""
    plan = Plan("hard", shop.size.hard_steps, shop.size.hard_rate, shop.size.seed)
    model = shop.encoder()
    model.load_state_dict(shop.weights("contrastive", for_stage="hard"))
    losses = Hard(model, shop.mined, shop.pools, shop.size.recipe(), shop.size, plan).losses
    fit(model, losses, plan, shop.keeper)


def train_cross(shop: Workshop) -> None:
    """Query and passage read together, from the pre-trained weights and with the same negatives."""
    plan = Plan("cross", shop.size.cross_steps, shop.size.cross_rate, shop.size.seed)
    model = shop.cross_encoder()
    shop.load_pretrained(model.bert, for_stage="cross")
    losses = Cross(model, shop.mined, shop.pools, shop.size.recipe(), shop.size, plan).losses
    fit(model, losses, plan, shop.keeper)


TRAIN: dict[str, Callable[[Workshop], None]] = {
    "mlm": train_mlm,
    "contrastive": train_contrastive,
    "hard": train_hard,
    "cross": train_cross,
}
