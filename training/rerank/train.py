"""`python -m training rerank`: fold encoders, pools, examples, networks, files. Steps that are done are not done again."""

from __future__ import annotations

import logging
import platform
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import chain
from os.path import relpath
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

from index.rerank import SETTINGS, WEIGHTS
from index.words import WordVectors

from ..folds import fold_encoders
from ..packs import QUESTIONS
from ..records import fingerprint
from ..save import write_json
from ..written import Pack, is_of_fold, read_packs
from .examples import Examples, make_examples
from .fit import FitRecipe, fit
from .pools import PoolReader, written_pools

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
    data: Path, encoder: Path, out: Path, work: Path, recipe: RerankRecipe, *, questions: Path = QUESTIONS
) -> dict[str, dict[str, float]]:
    """Train a reranker for the static `encoder` and write it to `out`; `work` keeps what can be used again, and a
    reranker for each fold that has not seen the questions of its packs.

    Returns the figures of the pools for choosing.
    """
    started = time.monotonic()
    if not (encoder / "training.json").is_file():
        raise FileNotFoundError(
            f"{encoder}: no training.json; name a folder that python -m training static wrote."
        )
    out.mkdir(parents=True, exist_ok=True)
    folds = fold_encoders(data, encoder, work, steps=recipe.fold_steps, questions=questions)
    encoders = {fold: WordVectors.load(folder) for fold, folder in (folds | {-1: encoder}).items()}
    packs = read_packs(data, work, questions=questions)
    examples = list(_examples(data, encoders, work, recipe, packs))
    networks, found = fit(examples, recipe.fit)
    save_networks(networks, encoder, out, SETTINGS)
    save_folds(examples, recipe.fit, folds, "reranker", SETTINGS)
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


def save_folds(
    examples: Sequence[Examples], recipe: FitRecipe, encoders: Mapping[int, Path], kind: str, settings: str
) -> None:
    """Write beside each fold's encoder what a single network learns without the packs of that fold."""
    for fold, encoder in encoders.items():
        networks, _ = fit(
            [one for one in examples if not is_of_fold(one.name, fold)], replace(recipe, networks=1)
        )
        folder = encoder.with_name(f"fold-{fold}-{kind}")
        folder.mkdir(exist_ok=True)
        save_networks(networks, encoder, folder, settings)


def save_networks(networks: Sequence[nn.Module], encoder: Path, out: Path, settings: str) -> None:
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
    data: Path, encoders: dict[int, WordVectors], work: Path, recipe: RerankRecipe, packs: Sequence[Pack]
) -> Iterator[Examples]:
    """Yield the examples of all pools; those that `work` holds are not measured again."""
    folder = work / "examples"
    folder.mkdir(parents=True, exist_ok=True)
    reader = PoolReader(data, most=recipe.most, seed=recipe.seed)
    pools = chain(reader.pools(), written_pools(packs))
    new = (pool for pool in pools if not (folder / f"{pool.name}.npz").exists())
    for one in make_examples(new, encoders):
        one.save(folder / f"{one.name}.npz")
        log.info("%s: %d questions measured", one.name, len(one.right))
    for path in sorted(folder.glob("*.npz")):
        yield Examples.load(path)
