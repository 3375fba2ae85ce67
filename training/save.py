"""A trained table -> a folder that `SentenceTransformer(path)` loads, with the record of how it was made."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

from .pairs import SOURCES, file_path
from .recipe import Recipe
from .records import fingerprint
from .static import Trained

_STATIC = "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding"
_NORMALIZE = "sentence_transformers.base.modules.normalize.Normalize"


def quantize(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return int8 rows and float32 factors: row * factor is the vector, but for rounding."""
    factors = np.abs(vectors).max(axis=1, keepdims=True) / 127
    factors[factors == 0] = 1
    return np.rint(vectors / factors).astype(np.int8), factors[:, 0].astype(np.float32)


def save_model(trained: Trained, folder: Path) -> None:
    """Write weights, tokenizer and the list of modules.

    The weights use the names that StaticEmbedding reads for Model2Vec tables: it multiplies each int8 row by
    its factor on loading, so the model in memory is float32.
    """
    (folder / "1_Normalize").mkdir(parents=True, exist_ok=True)
    rows, factors = quantize(trained.vectors)
    save_file({"embeddings": rows, "weights": factors}, folder / "model.safetensors")
    trained.tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": _STATIC},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": _NORMALIZE},
    ]
    settings = {"model_type": "SentenceTransformer", "similarity_fn_name": "cosine", "prompts": {}}
    keys = {"module_input_name": "sentence_embedding", "module_output_name": "sentence_embedding"}
    write_json(folder / "modules.json", modules)
    write_json(folder / "config_sentence_transformers.json", settings)
    write_json(folder / "1_Normalize" / "config.json", keys)


def write_json(path: Path, content: object) -> None:
    """Write a record as indented JSON."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def save_record(trained: Trained, recipe: Recipe, data: Path, folder: Path) -> None:
    """Write training.json: recipe, data with fingerprints, losses, time and machine."""
    names = {name for share in recipe.mixture for name, _ in SOURCES[share.source]}
    paths = [file_path(data, name) for name in sorted(names)]
    record = {
        "recipe": asdict(recipe),
        "data": {path.name: fingerprint(path) for path in paths if path.exists()},
        "pairs": trained.pairs,
        "vocabulary": trained.tokenizer.get_vocab_size(),
        "loss_by_tenth": [round(loss, 4) for loss in trained.losses],
        "minutes": round(trained.seconds / 60, 1),
        "machine": f"{torch.get_num_threads()} threads of {platform.machine()}, no accelerator",
        "torch": torch.__version__,
    }
    write_json(folder / "training.json", record)
