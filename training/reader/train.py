"""`python -m training reader`: fold encoders, readings, examples, networks, files."""

from __future__ import annotations

import logging
import platform
import re
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np
import torch

from index.match import Matcher
from index.reader import SETTINGS, figures_of
from index.words import WordVectors

from ..folds import fold_encoders
from ..packs import QUESTIONS
from ..records import fingerprint
from ..rerank.examples import Examples, stack
from ..rerank.fit import FitRecipe, fit
from ..rerank.train import fingerprints, save_folds, save_networks
from ..save import write_json
from ..written import read_packs
from .readings import Kind, ReadingMaker, written_kind

log = logging.getLogger(__name__)
WORD = re.compile(r"[\u4e00-\u9fff]{2,6}")
NEAR = 0.45  # cosine from which a word may stand for another
FILES = ("train_cmrc2018", "train_lecoqa_train", "train_law_articles", "train_cedict")


@dataclass(frozen=True)
class ReaderRecipe:
    """What decides how a reader turns out."""

    fold_steps: int = 800  # of the encoders that are trained without a fold
    about_laws: int = 9_000  # questions cut out of laws
    seed: int = 21
    fit: FitRecipe = field(default_factory=lambda: FitRecipe(nothing=True, epochs=10, share={}))


def train_reader(
    data: Path, encoder: Path, out: Path, work: Path, recipe: ReaderRecipe, *, questions: Path = QUESTIONS
) -> None:
    """Train a reader for the static `encoder` and write it to `out`; `work` keeps the fold encoders, and a reader for
    each fold that has not seen the questions of its packs."""
    started = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    folds = fold_encoders(data, encoder, work, steps=recipe.fold_steps, questions=questions)
    encoders = {fold: WordVectors.load(folder) for fold, folder in folds.items()}
    maker = ReadingMaker(
        data, NearWords(WordVectors.load(encoder)), about_laws=recipe.about_laws, seed=recipe.seed
    )
    written = (written_kind(pack, encoder) for pack in read_packs(data, work, questions=questions))
    measured = (_measured(kind, encoders) for kind in chain(maker.kinds(), written))
    examples = [one for one in measured if len(one.right)]
    networks, _ = fit(examples, recipe.fit)
    save_networks(networks, encoder, out, SETTINGS)
    save_folds(examples, recipe.fit, folds, "reader", SETTINGS)
    record = {
        "recipe": asdict(recipe),
        "data": fingerprints(data, FILES),
        "encoder": fingerprint(encoder / "model.safetensors"),
        "readings": {one.name: len(one.right) for one in examples},
        "answered": {one.name: int(one.right.any(axis=1).sum()) for one in examples},
        "minutes": round((time.monotonic() - started) / 60, 1),
        "machine": f"{torch.get_num_threads()} threads of {platform.machine()}, no accelerator",
        "torch": torch.__version__,
    }
    write_json(out / "training.json", record)


class NearWords:
    """The nearest other word of a static embedding, "" where none is near enough to stand for it."""

    def __init__(self, vectors: WordVectors) -> None:
        names = vectors.tokenizer.get_vocab()
        self._names = [name for name in names if WORD.fullmatch(name)]
        self._unit = vectors.unit(np.array([names[name] for name in self._names]))
        self._places = {name: place for place, name in enumerate(self._names)}

    def __call__(self, word: str) -> str:
        """Return the nearest word."""
        place = self._places.get(word)
        if place is None:
            return ""
        cosines = self._unit @ self._unit[place]
        cosines[place] = 0.0
        best = int(cosines.argmax())
        return self._names[best] if cosines[best] >= NEAR else ""


def _measured(kind: Kind, encoders: Mapping[int, WordVectors]) -> Examples:
    """Return the figures of each reading, by the encoder that has not seen its question."""
    matchers = {fold: Matcher(words, kind.idf) for fold, words in encoders.items()}
    measured: list[tuple[np.ndarray, ...]] = []
    for one in kind.readings:
        whole, figures = figures_of(one.question, one.lines, matchers[one.fold])
        measured.append((whole, figures.by_word, figures.words, one.right))
    log.info("%s: %d readings measured", kind.name, len(measured))
    return stack(kind.name, measured)
