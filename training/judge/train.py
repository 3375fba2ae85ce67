"""`python -m training judge`: examples of each pack, a network for each fold, files."""

from __future__ import annotations

import logging
import os
import platform
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import torch

from index.judge import SETTINGS
from index.words import WordVectors

from ..excerpts import read_excerpts
from ..folds import JUDGE_FOLDS, write_unseen
from ..packs import QUESTIONS
from ..records import fingerprint
from ..rerank.train import save_networks
from ..save import write_json
from ..written import Pack, read_packs
from .example import Example
from .found import examples_of
from .network import JudgeRecipe, Network, fit

log = logging.getLogger(__name__)


def train_judge(
    data: Path, encoder: Path, out: Path, work: Path, recipe: JudgeRecipe, *, questions: Path = QUESTIONS
) -> None:
    """Train the judge that reads the words of `encoder` and write it to `out`: a network for each fold, each without the
    packs of its fold and their excerpts; `work` keeps each by itself, and must hold the models of `tune`, `rerank` and
    `reader` for their folds.

    Raises FileNotFoundError where it does not.
    """
    started = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    write_unseen(data, work, questions=questions, judged=False)
    packs = read_packs(data, work, questions=questions)
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        examples = dict(
            zip((p.number for p in packs), pool.map(partial(_examples, encoder), packs), strict=True)
        )
        networks = list(pool.map(partial(_fold, examples, encoder, recipe), range(JUDGE_FOLDS)))
    save_networks(networks, encoder, out, SETTINGS)
    for fold, network in enumerate(networks):
        folder = work / f"fold-{fold}-judge"
        folder.mkdir(exist_ok=True)
        save_networks([network], encoder, folder, SETTINGS)
    record = {
        "recipe": asdict(recipe),
        "encoder": fingerprint(encoder / "model.safetensors"),
        "questions": {p.name: len(examples[p.number]) for p in packs},
        "minutes": round((time.monotonic() - started) / 60, 1),
        "machine": f"{os.cpu_count()} cores of {platform.machine()}, no accelerator",
        "torch": torch.__version__,
    }
    write_json(out / "training.json", record)


def _examples(encoder: Path, pack: Pack) -> list[Example]:
    vectors = WordVectors.load(encoder)
    made = [example for part in (pack, *read_excerpts(pack)) for example in examples_of(part, vectors)]
    log.info("%s: %d questions", pack.name, len(made))
    return made


def _fold(examples: dict[int, list[Example]], encoder: Path, recipe: JudgeRecipe, fold: int) -> Network:
    """Return the network trained without the packs of a fold."""
    torch.set_num_threads(1)
    others = [one for number, each in examples.items() if number % JUDGE_FOLDS != fold for one in each]
    return fit(others, WordVectors.load(encoder), replace(recipe, seed=recipe.seed + fold))
