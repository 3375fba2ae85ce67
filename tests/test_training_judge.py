"""The judge's training on a toy corpus: a network for each fold, the shipped one holds both, and is read as it was written."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from config import load_config
from index.judge import Judge, Judged
from training.folds import JUDGE_FOLDS, write_unseen
from training.judge.network import JudgeRecipe
from training.judge.train import train_judge
from training.pairs import FOLDS

MODELS = Path(__file__).parents[1] / "models"
QUICK = JudgeRecipe(width=8, hidden=8, epochs=1)


def test_a_judge_is_trained_for_each_fold(toy_files: Path, toy_questions: Path, tmp_path: Path) -> None:
    work, out, encoder = tmp_path / "work", tmp_path / "judge", MODELS / "gongwen-static"
    with pytest.raises(FileNotFoundError, match="python -m training rerank"):
        train_judge(toy_files, encoder, out, work, QUICK, questions=toy_questions)
    for fold in range(FOLDS):
        for kind, model in (("tuned", "static"), ("reranker", "rerank"), ("reader", "reader")):
            (work / f"fold-{fold}-{kind}").symlink_to(MODELS / f"gongwen-{model}")
    train_judge(toy_files, encoder, out, work, QUICK, questions=toy_questions)
    record = json.loads((out / "training.json").read_text(encoding="utf-8"))
    assert set(record["questions"]) == {"written 00", "written 01"} and min(record["questions"].values()) > 3
    lines = [Judged("冲洗剂归办公室管。", "", 0.0, 1.0), Judged("其他事项另行规定。", "", 0.0, 0.5)]
    whole, *folds = (
        Judge.load(f).scores("冲洗剂归谁管", lines) for f in (out, *sorted(work.glob("fold-*-judge")))
    )
    assert len(folds) == JUDGE_FOLDS
    assert np.allclose(whole, np.mean(folds, axis=0), atol=1e-5) and not np.allclose(folds[0], folds[1])
    first, second = map(load_config, write_unseen(toy_files, work, questions=toy_questions))
    assert first.judge_folder and first.judge_folder.name == "fold-0-judge"
    assert second.judge_folder and second.judge_folder.name == "fold-1-judge"
