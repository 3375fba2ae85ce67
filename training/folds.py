"""For each fold of the questions an encoder that has seen none of them: what reads its scores is trained on those."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from tokenizers import Tokenizer

from ingest.corpus import read_corpus

from .excerpts import write_excerpts
from .packs import QUESTIONS, set_models, write_packs
from .pairs import FOLDS
from .recipe import Recipe
from .save import save_model
from .static import train_vectors
from .tune import TuneRecipe, tune

JUDGE_FOLDS = 4  # of the judge, which learns of more packs so; a multiple of FOLDS


def fold_encoders(
    data: Path, encoder: Path, work: Path, *, steps: int, questions: Path = QUESTIONS
) -> dict[int, Path]:
    """Return the folders of encoders like `encoder`, by fold the one trained without its questions; `work` keeps them."""
    return {fold: _fold_encoder(data, encoder, work, steps, fold, questions) for fold in range(FOLDS)}


def _fold_encoder(data: Path, encoder: Path, work: Path, steps: int, fold: int, questions: Path) -> Path:
    folder = work / f"fold-{fold}"
    record = json.loads((encoder / "training.json").read_text(encoding="utf-8"))
    if not (folder / "modules.json").is_file():
        tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
        sizes = record["recipe"]
        trained = train_vectors(
            data, replace(Recipe(), dimension=sizes["dimension"], pairs_per_step=sizes["pairs_per_step"],
                          steps=steps, without_fold=fold), tokenizer,
        )  # fmt: skip
        save_model(trained, folder)
    if "tuned" not in record:
        return folder
    tuned = work / f"fold-{fold}-tuned"
    if not (tuned / "modules.json").is_file():
        recipe = TuneRecipe(**record["tuned"]["recipe"])
        save_model(tune(data, folder, work, replace(recipe, without_fold=fold), questions=questions), tuned)
    return tuned


def write_unseen(data: Path, work: Path, *, questions: Path = QUESTIONS, judged: bool = True) -> list[Path]:
    """Write the packs' corpora and excerpts of them, each with a config file that opens it with models that have not seen
    its questions: those of its fold, or the ones that ship where nothing was trained on it. Not `judged`: without a judge.

    Return the config files of the packs. Raises FileNotFoundError where `work` holds no such models yet.
    """
    configs = write_packs(data, work / "packs", questions=questions)
    for number, config in enumerate(configs):
        file = questions / f"{number:02d}.jsonl"
        models = _unseen(work, number, judged=judged) if file.is_file() else {}
        set_models(config, models)
        if not file.is_file():
            file = questions / f"test_{number:02d}.jsonl"
        if file.is_file():
            documents = read_corpus(config.parent / "corpus", cache=work / "read").documents
            for excerpt in write_excerpts(config.parent, documents, file):
                set_models(excerpt, models)
    return configs


def _unseen(work: Path, number: int, *, judged: bool) -> dict[str, dict[str, str]]:
    """Return the models of a config that have not seen the questions of a pack."""
    fold = number % FOLDS
    kinds = {"tuned": fold, "reranker": fold, "reader": fold} | (
        {"judge": number % JUDGE_FOLDS} if judged else {}
    )
    folders = {kind: (work / f"fold-{of}-{kind}").resolve() for kind, of in kinds.items()}
    if missing := [folder for folder in folders.values() if not folder.is_dir()]:
        raise FileNotFoundError(
            f"{missing[0]}: run python -m training rerank, reader and judge with this --work first."
        )
    return {
        "encoder": {"model": str(folders["tuned"])},
        "reranker": {"model": str(folders["reranker"])},
        "answerer": {"reader": str(folders["reader"]), "judge": str(folders.get("judge", ""))},
    }
