"""`python -m training rerank`: fold encoders, pools, examples, networks, files. Steps that are done are not done again."""

from __future__ import annotations

import json
import logging
import platform
import time
from collections.abc import Iterator, Sequence
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
from .fit import FitRecipe, Network, fit
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
    encoders = fold_encoders(data, encoder, work, steps=recipe.fold_steps) | {-1: WordVectors.load(encoder)}
    examples = list(_examples(data, encoders, work, recipe))
    networks, found = fit(examples, recipe.fit)
    save_networks(networks, encoder, out, SETTINGS)
    record = {
        "recipe": asdict(recipe),
        "data": fingerprints(data, FILES),
        "encoder": fingerprint(encoder / "model.safetensors"),
        "questions": {one.name: len(one.right) for one in examples},
        "figures": found,
        "minutes": round((time.monotonic() - started) / 60, 1),
        "machine": f"{torch.get_num_threads()} threads of {platform.machine()}, no accelerator",
        "torch": torch.__version__,
    }
    write_json(out / "training.json", record)
    return found


def fold_encoders(data: Path, encoder: Path, work: Path, *, steps: int) -> dict[int, WordVectors]:
    """Return encoders like `encoder`, by fold the one trained without its questions; `work` keeps them."""
    return {fold: WordVectors.load(_fold_encoder(data, encoder, work, steps, fold)) for fold in range(FOLDS)}


def _fold_encoder(data: Path, encoder: Path, work: Path, steps: int, fold: int) -> Path:
    folder = work / f"fold-{fold}"
    if not (folder / "modules.json").is_file():
        tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
        sizes = json.loads((encoder / "training.json").read_text(encoding="utf-8"))["recipe"]
        trained = train_vectors(
            data, replace(Recipe(), dimension=sizes["dimension"], pairs_per_step=sizes["pairs_per_step"],
                          steps=steps, without_fold=fold), tokenizer,
        )  # fmt: skip
        save_model(trained, folder)
    return folder


def save_networks(networks: Sequence[Network], encoder: Path, out: Path, settings: str) -> None:
    """Write the networks, and to the file `settings` which static embedding's words they read."""
    tensors = {
        f"{number}.{name}": tensor.contiguous()
        for number, network in enumerate(networks)
        for name, tensor in network.state_dict().items()
    }
    save_file(tensors, out / WEIGHTS)
    write_json(out / settings, {"words": relpath(encoder, out)})


def fingerprints(data: Path, files: Sequence[str]) -> dict[str, str]:
    """Return the fingerprints of those training files that there are."""
    paths = [path for name in files if (path := data / f"{name}.jsonl.gz").exists()]
    return {path.name: fingerprint(path) for path in paths}


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


def write_json(path: Path, content: object) -> None:
    """Write `content` as JSON that can be read by eye."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
