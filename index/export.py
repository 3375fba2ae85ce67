"""The transformer of a model's folder out as `onnx/model.onnx` beside it, for encoder.backend onnx and openvino."""

from __future__ import annotations

import warnings
from importlib.util import find_spec
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Transformer

from index.exported import KNOWN_INPUTS, OUTPUTS
from index.model_files import ModelError, loading

SAMPLE = ["区政府常务会议一般每周召开1次。", "会议"]  # two texts of two lengths: both stay free in the graph


def export_onnx(folder: Path) -> Path:
    """Write `folder`/onnx/model.onnx (32-bit floats) and return its path. Raises ModelError."""
    missing = [name for name in ("onnx", "onnxscript") if find_spec(name) is None]
    if missing:
        raise ModelError(f"the export needs {' and '.join(missing)}: pip install {' '.join(missing)}")
    with loading(str(folder), setting="encoder.model", folder=folder):
        first = SentenceTransformer(
            str(folder), device="cpu", local_files_only=True, model_kwargs={"dtype": "float32"}
        )[0]
    if not isinstance(first, Transformer) or first.tokenizer is None:
        raise ModelError(f"{folder} holds no transformer to export.")
    sample = first.tokenizer(SAMPLE, padding=True, return_tensors="pt")
    names = [name for name in sample if name in KNOWN_INPUTS]
    file = folder / "onnx" / "model.onnx"
    file.parent.mkdir(exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's about itself
        torch.onnx.export(
            _Hidden(first.model, names).eval(), tuple(sample[name] for name in names), file, dynamo=True, verbose=False,
            input_names=names, output_names=[OUTPUTS[0]],
            dynamic_shapes=(tuple({0: torch.export.Dim("texts"), 1: torch.export.Dim("tokens")} for _ in names),),
        )  # fmt: skip
    return file


class _Hidden(torch.nn.Module):
    """Tensors in the order of `names` in, the last hidden state alone out."""

    def __init__(self, model: torch.nn.Module, names: list[str]) -> None:
        super().__init__()
        self.model, self.names = model, names

    def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
        return self.model(**dict(zip(self.names, tensors, strict=True))).last_hidden_state
