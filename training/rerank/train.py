"""`python -m training rerank`: fold encoders, pools, examples, networks, files. Steps that are done are not done again."""

from __future__ import annotations

import json
import logging
import platform
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from os.path import relpath
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer

from index.rerank import SETTINGS, WEIGHTS
from index.words import WordVectors

from ..pairs import FOLDS
from ..recipe import Recipe
from ..records import fingerprint
from ..save import save_model
from ..static import train_vectors
from .examples import Examples, make_examples
from .fit import FitRecipe, fit
from .pools import PoolReader

log = logging.getLogger(__name__)
FILES = (
    "train_cmrc2018", "train_law_articles", "train_lecoqa_train", "train_docs_sections_zh", "train_gov_sections",
    "train_docs_question_headings_zh", "train_zh_en_sentences", "train_cedict",
)  # fmt: skip


@dataclass(frozen=True)
class RerankRecipe:
    """What decides how a reranker turns out."""

    fold_steps: int = 800  # of the encoders that are trained without a fold
    most: int = 6_000  # questions of a pool
    seed: int = 20
    fit: FitRecipe = field(default_factory=FitRecipe)


def train_reranker(
    data: Path, encoder: Path, out: Path, work: Path, recipe: RerankRecipe
) -> dict[str, dict[str, float]]:
    """Train a reranker for the static `encoder` and write it to `out`; `work` keeps what can be used again.

    Returns the figures of the pools for choosing.
    """
    started = time.monotonic()
    if not (encoder / "training.json").is_file():
        raise FileNotFoundError(
            f"{encoder}: no training.json; name a folder that python -m training static wrote."
        )
    out.mkdir(parents=True, exist_ok=True)
    encoders = {
        fold: WordVectors.load(_fold_encoder(data, encoder, work, recipe, fold)) for fold in range(FOLDS)
    }
    encoders[-1] = WordVectors.load(encoder)
    examples = list(_examples(data, encoders, work, recipe))
    networks, found = fit(examples, recipe.fit)
    tensors = {
        f"{number}.{name}": tensor.contiguous()
        for number, network in enumerate(networks)
        for name, tensor in network.state_dict().items()
    }
    save_file(tensors, out / WEIGHTS)
    _write(out / SETTINGS, {"words": relpath(encoder, out)})
    paths = [path for name in FILES if (path := data / f"{name}.jsonl.gz").exists()]
    record = {
        "recipe": asdict(recipe),
        "data": {path.name: fingerprint(path) for path in paths},
        "encoder": fingerprint(encoder / "model.safetensors"),
        "questions": {one.name: len(one.right) for one in examples},
        "figures": found,
        "minutes": round((time.monotonic() - started) / 60, 1),
        "machine": f"{torch.get_num_threads()} threads of {platform.machine()}, no accelerator",
        "torch": torch.__version__,
    }
    _write(out / "training.json", record)
    return found


def _fold_encoder(data: Path, encoder: Path, work: Path, recipe: RerankRecipe, fold: int) -> Path:
    """Return the folder of an encoder like `encoder`, trained without the questions of `fold`."""
    folder = work / f"fold-{fold}"
    if not (folder / "modules.json").is_file():
        tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
        sizes = json.loads((encoder / "training.json").read_text(encoding="utf-8"))["recipe"]
        trained = train_vectors(
            data, replace(Recipe(), dimension=sizes["dimension"], pairs_per_step=sizes["pairs_per_step"],
                          steps=recipe.fold_steps, without_fold=fold), tokenizer,
        )  # fmt: skip
        save_model(trained, folder)
    return folder


def _examples(
    data: Path, encoders: dict[int, WordVectors], work: Path, recipe: RerankRecipe
) -> Iterator[Examples]:
    """Yield the examples of all pools; those that `work` holds are not measured again."""
    folder = work / "examples"
    folder.mkdir(parents=True, exist_ok=True)
    reader = PoolReader(data, most=recipe.most, seed=recipe.seed)
    new = (pool for pool in reader.pools() if not (folder / f"{pool.name}.npz").exists())
    for one in make_examples(new, encoders):
        one.save(folder / f"{one.name}.npz")
        log.info("%s: %d questions measured", one.name, len(one.right))
    for path in sorted(folder.glob("*.npz")):
        yield Examples.load(path)


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
