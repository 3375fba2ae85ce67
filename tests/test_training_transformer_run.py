"""The transformer recipe from one command on toy files: what it trains, its checkpoints, its complaints."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import CrossEncoder, SentenceTransformer

from config import PROJECT_ROOT
from tests.toy_training import write_records
from training.records import fingerprint
from training.transformer.loop import PausedError, read
from training.transformer.order import PAUSED, Order
from training.transformer.sizes import SIZES, STAGES
from training.transformer.train import run, train

ASKED = {
    "哪里不能抽烟？": "公共场所禁止吸烟，个人不得在医院和学校点燃香烟。",
    "租房要签合同吗？": "房屋租赁合同应当采用书面形式，出租人应当交付房屋。",
    "多久发一次薪水？": "用人单位应当按月向劳动者支付工资，不得拖欠工资。",
    "汽车停在学校门口会怎样？": "机动车不得在校门两侧停放，违者由公安机关处以罚款。",
}
TINY = SIZES["tiny"]
QUICK = replace(TINY, mlm_steps=12, contrastive_steps=4, hard_steps=4, cross_steps=4)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    articles = [
        {"law": f"{city}市管理条例", "chapter": "第一章 总则", "text": f"{city}市{text}"}
        for city in "甲乙丙丁戊"
        for text in ASKED.values()
    ]
    asked = [
        {"question": question, "passage": passage, "answer_start": 0, "title": ""}
        for question, passage in ASKED.items()
    ]
    write_records(folder, "train_law_articles", articles)
    write_records(folder, "train_cmrc2018", asked)
    return folder


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy, trained through all stages."""
    out = tmp_path_factory.mktemp("trained")
    train(Order(data, out, TINY, device="cpu"))
    return out


def losses_of(out: Path, stage: str) -> list[float]:
    return read(out / "checkpoints" / f"{stage}.pt")["losses"]


@pytest.mark.parametrize("stage", ["mlm", "contrastive", "cross"])
def test_the_loss_falls_in_each_stage_that_begins_something_new(trained: Path, stage: str):
    tenth = max(1, len(losses_of(trained, stage)) // 5)
    assert np.mean(losses_of(trained, stage)[-tenth:]) < 0.85 * np.mean(losses_of(trained, stage)[:tenth])


def test_the_encoder_loads_as_float32_and_finds_the_passage_of_each_question(trained: Path):
    model = SentenceTransformer(str(trained / "encoder"), device="cpu")
    assert next(model.parameters()).dtype == torch.float32
    stored = sum(weight.numel() for weight in model.parameters()) * 2
    assert stored < (trained / "encoder" / "model.safetensors").stat().st_size < 1.1 * stored
    passages = model.encode(list(ASKED.values()))
    assert np.allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-5)
    assert (model.encode(list(ASKED)) @ passages.T).argmax(axis=1).tolist() == [0, 1, 2, 3]
    assert (model.encode("單位拖欠工資") @ passages.T).argmax() == 2  # never seen, in traditional characters


def test_the_cross_encoder_loads_and_scores_right_passages_above_wrong_ones(trained: Path):
    model = CrossEncoder(str(trained / "cross-encoder"), device="cpu")
    pairs = [(question, passage) for question in ASKED for passage in ASKED.values()]
    scores = model.predict(pairs).reshape(4, 4)
    assert ((scores >= 0) & (scores <= 1)).all()
    right = np.diag(scores)
    assert right.mean() > scores[~np.eye(4, dtype=bool)].mean() + 0.25
    assert (scores.argmax(axis=1) == range(4)).sum() >= 3


def test_the_record_names_recipe_data_losses_and_machine(trained: Path, data: Path):
    record = json.loads((trained / "encoder" / "training.json").read_text(encoding="utf-8"))
    assert record["size"]["seed"] == TINY.seed
    assert record["data"] == {path.name: fingerprint(path) for path in sorted(data.iterdir())}
    assert list(record["stages"]) == ["mlm", "contrastive", "hard"]
    assert record["stages"]["mlm"]["steps"] == TINY.mlm_steps
    assert len(record["stages"]["mlm"]["loss_by_tenth"]) == 10
    assert "no accelerator" in record["machine"]
    cross = json.loads((trained / "cross-encoder" / "training.json").read_text(encoding="utf-8"))
    assert list(cross["stages"]) == ["mlm", "contrastive", "cross"]


def test_pausing_in_every_stage_and_going_on_changes_no_loss(data: Path, tmp_path: Path):
    whole, paused = tmp_path / "whole", tmp_path / "paused"
    train(Order(data, whole, QUICK, device="cpu"))
    for name in STAGES:
        order = Order(data, paused, QUICK, stages=(name,), device="cpu", resume=True)
        with pytest.raises(PausedError):
            train(replace(order, minutes=0.0))
        train(order)
    for name in STAGES:
        assert losses_of(paused, name) == pytest.approx(losses_of(whole, name), rel=1e-5)


def test_a_training_that_is_killed_goes_on_to_the_same_losses(data: Path, tmp_path: Path):
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    size = replace(TINY, mlm_steps=100)
    command = [
        sys.executable, "-m", "training", "transformer", "--data", str(data), "--out", str(killed), "--size", "tiny",
        "--stage", "mlm", "--device", "cpu", "--mlm-steps", "100", "--save-minutes", "0",
    ]  # fmt: skip
    child = subprocess.Popen(command, cwd=PROJECT_ROOT, stderr=subprocess.DEVNULL)
    under_way = killed / "checkpoints" / "mlm.partial.pt"
    while not under_way.exists() and child.poll() is None:
        time.sleep(0.002)
    child.send_signal(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    done = read(under_way)["step"]
    assert 0 < done < 100
    for out, resume in ((killed, True), (whole, False)):
        train(Order(data, out, size, stages=("mlm",), device="cpu", resume=resume))
    assert losses_of(killed, "mlm") == pytest.approx(losses_of(whole, "mlm"), rel=1e-5)
    assert os.listdir(killed) == ["checkpoints"]  # neither network before its own stage


def test_checkpoints_are_not_gone_on_from_unless_asked(trained: Path, data: Path):
    with pytest.raises(
        ValueError, match="already holds checkpoints of mlm, contrastive, hard, cross: add --resume"
    ):
        train(Order(data, trained, TINY, device="cpu"))


def test_checkpoints_of_other_settings_or_data_are_refused(trained: Path, data: Path, tmp_path: Path):
    with pytest.raises(ValueError, match=r"begun with other settings \(size.width: 64 then, 32 now\)"):
        train(Order(data, trained, replace(TINY, width=32), device="cpu", resume=True))
    write_records(tmp_path, "train_cmrc2018", [{"question": "问", "passage": "答"}])
    with pytest.raises(ValueError, match=r"data.train_cmrc2018.jsonl.gz: \w+ then, \w+ now"):
        train(Order(tmp_path, trained, TINY, device="cpu", resume=True))


def test_a_stage_wants_the_stage_before_it(data: Path, tmp_path: Path):
    with pytest.raises(
        FileNotFoundError, match=r"contrastive needs the weights of mlm, .*run --stage mlm first"
    ):
        train(Order(data, tmp_path, TINY, stages=("contrastive",), device="cpu"))


def test_bad_usage_and_a_pause_have_their_own_exit_status(
    data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    (tmp_path / "empty").mkdir()
    assert run(Order(tmp_path / "empty", tmp_path, TINY, device="cpu")) == 2
    assert "holds no training file; expected some of ['train_" in caplog.text
    assert run(Order(data, tmp_path / "out", QUICK, device="cpu", minutes=0.0)) == PAUSED


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_an_accelerator_that_is_not_there_is_an_error(data: Path, tmp_path: Path):
    with pytest.raises(ValueError, match="--device cuda: PyTorch finds no CUDA device"):
        train(Order(data, tmp_path, TINY, device="cuda"))
