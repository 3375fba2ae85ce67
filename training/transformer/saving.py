"""Trained networks -> folders that `SentenceTransformer(path)` and `CrossEncoder(path)` load, with their record."""

from __future__ import annotations

import json
import platform
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertForSequenceClassification, BertModel

from .loop import Keeper, read
from .sizes import Size
from .vocabulary import for_transformers

_DRAWING = (  # what a recipe says of pairs; its other numbers are those of a static embedding
    "sources_per_step", "crop_tokens", "thinning", "splitting", "asked", "cut_out", "context", "section_characters",
    "without_fold", "mixture",
)  # fmt: skip


def save_encoder(bert: BertModel, tokenizer: Tokenizer, size: Size, folder: Path) -> None:
    """Write the encoder: BERT, the mean over a text's tokens, normalised."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Normalize, Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling

    with tempfile.TemporaryDirectory() as plain:
        bert.save_pretrained(plain)
        for_transformers(tokenizer, most=size.passage_tokens + 2).save_pretrained(plain)
        modules = [Transformer(plain), Pooling(size.width, "mean"), Normalize()]
        model = SentenceTransformer(modules=modules, device="cpu")
    model.half().save_pretrained(str(folder), create_model_card=False)
    _load_as_float32(folder)


def save_cross_encoder(
    model: BertForSequenceClassification, tokenizer: Tokenizer, size: Size, folder: Path
) -> None:
    """Write the cross-encoder; the weights of `model` are halved in place."""
    model.half().save_pretrained(folder)
    most = 4 * size.query_tokens + size.passage_tokens
    for_transformers(tokenizer, most=most).save_pretrained(folder)
    _load_as_float32(folder)


def _load_as_float32(folder: Path) -> None:
    """Let weights that are stored as float16 be float32 in memory: processors are slow at the former."""
    path = folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    write_json(config | {"dtype": "float32"}, path)


def machine_name(device: torch.device) -> str:
    """Return what the training ran on, in words."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{torch.get_num_threads()} threads of {platform.machine()}, no accelerator"


def stage_record(keeper: Keeper, name: str) -> dict[str, Any]:
    """Return a finished stage's steps, losses and time."""
    state = read(keeper.finished(name))
    losses = state["losses"]
    tenths = [float(np.mean(part)) for part in np.array_split(losses, min(10, len(losses)))]
    return {
        "steps": len(losses),
        "loss_by_tenth": [round(loss, 4) for loss in tenths],
        "minutes": round(state["seconds"] / 60, 2),
    }


def recipe_record(size: Size, data: dict[str, str]) -> dict[str, Any]:
    """Return everything that decides the weights: what a checkpoint must agree with to be gone on from."""
    recipe = asdict(size.recipe())
    drawing = {name: recipe[name] for name in _DRAWING}
    return {"size": asdict(size), "drawing": drawing, "data": data, "torch": torch.__version__}


def write_json(content: object, path: Path) -> None:
    """Write JSON that a person can read."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
