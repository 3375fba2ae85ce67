"""Exported graphs, run by ONNX Runtime and by OpenVINO: the vectors of torch."""

from __future__ import annotations

import json
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from config import PROJECT_ROOT, EncoderConfig
from index.encoder import EncoderError, SentenceEncoder
from index.export import export_onnx
from tests.tiny_models import save_encoder

TEXTS = ["会议", "区政府会议每周召开一次", "", "烟花爆竹禁止燃放通知" * 10]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    prompts = {"query": "query: ", "document": ""}
    folder = save_encoder(tmp_path_factory.mktemp("导出"), tmp_path_factory.mktemp("bare"), prompts=prompts)
    export_onnx(folder)
    return folder


@pytest.fixture(scope="module")
def converted(exported: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with OpenVINO's own files and without the others."""
    import openvino

    folder = tmp_path_factory.mktemp("openvino") / "model"
    shutil.copytree(exported, folder)
    graph = openvino.Core().read_model(folder / "onnx" / "model.onnx")
    (folder / "openvino").mkdir()
    openvino.save_model(graph, folder / "openvino" / "openvino_model.xml", compress_to_fp16=False)
    shutil.rmtree(folder / "onnx")
    (folder / "model.safetensors").unlink()
    return folder


def encoder(folder: Path, backend: str, **settings: int | str) -> SentenceEncoder:
    return SentenceEncoder(str(folder), EncoderConfig(backend=backend, **settings))  # type: ignore[arg-type]


@pytest.mark.parametrize("backend", ["onnx", "openvino"])
def test_the_vectors_are_those_of_torch(exported: Path, backend: str) -> None:
    torch, other = encoder(exported, "torch"), encoder(exported, backend, batch_size=3)
    assert np.allclose(other.encode_passages(TEXTS), torch.encode_passages(TEXTS), atol=1e-5)
    assert np.allclose(other.encode_queries(TEXTS), torch.encode_queries(TEXTS), atol=1e-5)
    short = encoder(exported, backend, max_length=8, dimension=5).encode_passages(TEXTS)
    assert np.allclose(
        short, encoder(exported, "torch", max_length=8, dimension=5).encode_passages(TEXTS), atol=1e-5
    )


def test_openvinos_own_files_do_without_the_weights_of_torch(exported: Path, converted: Path) -> None:
    vectors = encoder(converted, "openvino").encode_passages(TEXTS)
    assert np.allclose(vectors, encoder(exported, "torch").encode_passages(TEXTS), atol=1e-5)


def test_the_fingerprint_is_that_of_the_graph_that_is_run(exported: Path, converted: Path) -> None:
    onnx = encoder(exported, "onnx").fingerprint
    assert onnx == encoder(exported, "openvino").fingerprint  # the same graph
    assert (
        len({onnx, encoder(exported, "torch").fingerprint, encoder(converted, "openvino").fingerprint}) == 3
    )


@pytest.mark.parametrize("backend", ["onnx", "openvino"])
def test_threads_may_encode_at_once(exported: Path, backend: str) -> None:
    one = encoder(exported, backend)
    wanted = one.encode_passages(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(lambda _: one.encode_passages(TEXTS), range(40)):
            assert np.allclose(vectors, wanted, atol=1e-6)


@pytest.mark.parametrize("backend", ["onnx", "openvino"])
def test_a_model_without_a_graph_is_refused(exported: Path, tmp_path: Path, backend: str) -> None:
    folder = tmp_path / "plain"
    shutil.copytree(exported, folder)
    shutil.rmtree(folder / "onnx")
    with pytest.raises(
        EncoderError, match=rf"encoder\.backend '{backend}': .* holds no .*; take a model that does"
    ):
        encoder(folder, backend).load()


def test_a_static_model_is_refused() -> None:
    folder = PROJECT_ROOT / "models" / "gongwen-static"
    with pytest.raises(EncoderError, match=r"encoder\.backend 'onnx': .* holds no transformer"):
        encoder(folder, "onnx").load()
    with pytest.raises(EncoderError, match="holds no transformer to export"):
        export_onnx(folder)


def test_a_folder_that_only_transformers_wrote_is_refused(exported: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bare"
    shutil.copytree(exported, folder)
    (folder / "modules.json").unlink()
    with pytest.raises(EncoderError, match=r"holds no modules\.json"):
        encoder(folder, "onnx").load()


def test_classes_from_elsewhere_are_not_imported(exported: Path, tmp_path: Path) -> None:
    folder = tmp_path / "foreign"
    shutil.copytree(exported, folder)
    entries = json.loads((folder / "modules.json").read_text())
    entries[1]["type"] = "subprocess.Popen"
    (folder / "modules.json").write_text(json.dumps(entries))
    with pytest.raises(EncoderError, match=r"code of its own"):
        encoder(folder, "onnx").load()


def test_a_damaged_graph_is_refused(exported: Path, tmp_path: Path) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(exported, folder)
    (folder / "onnx" / "model.onnx").write_bytes(b"no graph")
    for backend in ("onnx", "openvino"):
        with pytest.raises(EncoderError, match=r"encoder\.model .* cannot be loaded") as caught:
            encoder(folder, backend).load()
        assert "\n" not in str(caught.value)


def test_a_device_that_the_runtime_has_not_is_refused(exported: Path) -> None:
    with pytest.raises(
        EncoderError, match=r"encoder\.device 'cuda': ONNX Runtime has .*CPUExecutionProvider"
    ):
        encoder(exported, "onnx", device="cuda").load()
    with pytest.raises(EncoderError, match=r"encoder\.device 'npu': OpenVINO has cpu"):
        encoder(exported, "openvino", device="npu").load()


def test_without_openvino_the_error_names_the_package(
    exported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)  # as where it is not installed
    with pytest.raises(EncoderError, match="needs the package openvino: pip install openvino"):
        encoder(exported, "openvino").load()
