"""Models by name: from the hub's cache, fetched when they are in none, refused soon where there is no hub."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from transformers import BertConfig, XLMRobertaConfig

from config import PROJECT_ROOT
from index.model_files import ModelError, check_length, graph_file, model_folder, weight_files
from tests.hub_server import COMMIT, model_hub
from tests.tiny_models import save_encoder

SHOW = """
import json, sys
import index.model_files
from config import EncoderConfig
from index.encoder import SentenceEncoder
from index.model_files import ModelError
index.model_files.HUB_SECONDS = 2
encoder = SentenceEncoder(sys.argv[1], EncoderConfig(backend=sys.argv[2]))
try:
    files = sorted(f.relative_to(encoder.folder).as_posix() for f in encoder.folder.rglob("*") if f.is_file())
    shape = encoder.encode_queries(["会议"]).shape if "encode" in sys.argv else None
    print(json.dumps({"fingerprint": encoder.fingerprint, "files": files, "shape": shape}))
except ModelError as error:
    print(json.dumps({"error": str(error)}))
"""


def show(
    model: str, *, hub: str, home: Path, backend: str = "torch", encode: bool = False, **more: str
) -> dict:
    """Return what a process of its own makes of `model`: the hub's client reads its settings once."""
    unset = {"HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_CACHE"}
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    done = subprocess.run(
        [sys.executable, "-c", SHOW, model, backend, *["encode"] * encode], cwd=PROJECT_ROOT, capture_output=True, text=True, timeout=120,
        env={**kept, "HF_ENDPOINT": hub, "HF_HOME": str(home), **more}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model as many are published: its weights a second time in torch's old form, and exported."""
    folder = save_encoder(tmp_path_factory.mktemp("published"), tmp_path_factory.mktemp("bare"))
    (folder / "pytorch_model.bin").write_bytes(b"the same weights again")
    (folder / "onnx").mkdir()
    (folder / "onnx" / "model.onnx").write_bytes(b"graph")
    (folder / "onnx" / "model.onnx_data").write_bytes(b"its weights")
    (folder / "onnx" / "model_quantized.onnx").write_bytes(b"another graph")
    return folder


def test_a_model_in_no_cache_is_fetched_once_and_then_asks_for_nothing(
    published: Path, tmp_path: Path
) -> None:
    with model_hub({"some-owner/tiny": published}) as (address, asked):
        first = show("some-owner/tiny", hub=address, home=tmp_path)
        assert "/some-owner/tiny/resolve/" in "\n".join(asked)
        asked.clear()
        again = show("some-owner/tiny", hub=address, home=tmp_path, encode=True)
        assert asked == []
    assert again["shape"] == [1, 16]
    assert again["fingerprint"] == first["fingerprint"]
    assert show("some-owner/tiny", hub="http://127.0.0.1:9", home=tmp_path) == first


def test_only_one_set_of_weights_is_fetched(published: Path, tmp_path: Path) -> None:
    with model_hub({"some-owner/tiny": published}) as (address, _):
        torch = show("some-owner/tiny", hub=address, home=tmp_path / "torch")["files"]
        onnx = show("some-owner/tiny", hub=address, home=tmp_path / "onnx", backend="onnx")["files"]
    assert "model.safetensors" in torch and "1_Pooling/config.json" in torch
    assert not [file for file in torch if file.endswith(".bin") or "onnx" in file]
    assert [file for file in onnx if "onnx" in file] == ["onnx/model.onnx", "onnx/model.onnx_data"]
    assert "model.safetensors" not in onnx and "tokenizer.json" in onnx


def test_a_cache_without_the_weights_is_completed(published: Path, tmp_path: Path) -> None:
    with model_hub({"some-owner/tiny": published}) as (address, _):
        show("some-owner/tiny", hub=address, home=tmp_path)
        weights = next(tmp_path.rglob("snapshots/*/model.safetensors"))
        weights.unlink()
        assert "model.safetensors" in show("some-owner/tiny", hub=address, home=tmp_path)["files"]


def test_the_fingerprint_of_a_hub_model_is_that_of_its_revision(published: Path, tmp_path: Path) -> None:
    with model_hub({"some-owner/tiny": published}) as (address, _):
        first = show("some-owner/tiny", hub=address, home=tmp_path)["fingerprint"]
    old = next(tmp_path.rglob(f"snapshots/{COMMIT}"))
    newer = COMMIT[::-1]
    old.rename(old.with_name(newer))
    (old.parent.parent / "refs" / "main").write_text(newer)
    assert show("some-owner/tiny", hub="http://127.0.0.1:9", home=tmp_path)["fingerprint"] != first


def test_a_name_that_the_hub_does_not_know_is_refused(tmp_path: Path) -> None:
    with model_hub({}) as (address, _):
        error = show("some-owner/typo", hub=address, home=tmp_path)["error"]
    assert "encoder.model 'some-owner/typo'" in error and "the hub knows no such model" in error


@pytest.mark.parametrize("silent", [True, False], ids=["takes calls and says nothing", "is not there"])
def test_a_hub_out_of_reach_is_given_up_within_seconds(silent: bool, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1] if silent else 9
        started = time.monotonic()
        error = show("some-owner/tiny", hub=f"http://127.0.0.1:{port}", home=tmp_path)["error"]
    assert "the hub cannot be reached" in error and "Name a folder" in error
    assert time.monotonic() - started < 20  # of which two for the hub; most of it is importing


def test_where_the_hub_is_switched_off_the_error_says_so(tmp_path: Path) -> None:
    error = show("some-owner/tiny", hub="http://127.0.0.1:9", home=tmp_path, HF_HUB_OFFLINE="1")["error"]
    assert "HF_HUB_OFFLINE" in error


@pytest.mark.parametrize("name", ["/no/such", "./none", "models/none", "a/b/c", "a\\b"])
def test_a_path_that_is_no_folder_is_never_asked_of_the_hub(name: str) -> None:
    with pytest.raises(ModelError, match="no such folder; name one"):
        model_folder(name, setting="encoder.model", owner="x")


def test_a_name_that_cannot_be_one_is_refused() -> None:
    with pytest.raises(ModelError, match=r"encoder\.model 'a--b' is neither a folder nor a name of the hub"):
        model_folder("a--b", setting="encoder.model", owner="x")


def test_the_weights_of_each_backend_are_told_apart(published: Path, tmp_path: Path) -> None:
    names = {
        backend: [file.name for file in weight_files(published, backend)]
        for backend in ("torch", "onnx", "openvino")
    }
    assert names["torch"] == ["model.safetensors", "pytorch_model.bin"]
    assert names["onnx"] == names["openvino"] == ["model.onnx", "model.onnx_data"]
    folder = tmp_path / "both"
    shutil.copytree(published, folder)
    (folder / "openvino").mkdir()
    for name in ("openvino_model.xml", "openvino_model.bin"):
        (folder / "openvino" / name).write_bytes(b"x")
    assert [file.name for file in weight_files(folder, "openvino")] == [
        "openvino_model.bin",
        "openvino_model.xml",
    ]
    assert graph_file(folder, setting="s", backend="openvino").name == "openvino_model.xml"
    assert [file.name for file in weight_files(folder, "torch")] == ["model.safetensors", "pytorch_model.bin"]


def test_a_text_may_be_as_long_as_the_positions_of_the_model() -> None:
    check_length(BertConfig(max_position_embeddings=512), 512, setting="s")
    roberta = XLMRobertaConfig(max_position_embeddings=514, pad_token_id=1)
    check_length(roberta, 512, setting="s")
    with pytest.raises(ModelError, match="s: this model reads at most 512 tokens, found 513"):
        check_length(roberta, 513, setting="s")
