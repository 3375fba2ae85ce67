"""A transformer exported as a graph, run by ONNX Runtime or OpenVINO; what follows it (pooling, …) stays torch's.

Reads what `optimum-cli export` and most hub models hold, without optimum itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Transformer
from sentence_transformers.util import import_module_class
from transformers.modeling_outputs import BaseModelOutput

from index.model_files import ModelError, graph_file

Run = Callable[
    [dict[str, np.ndarray]], np.ndarray
]  # int64 (texts, tokens) each -> float (texts, tokens, dim)
KNOWN_INPUTS = {"input_ids", "attention_mask", "token_type_ids"}
OUTPUTS = ("last_hidden_state", "token_embeddings")
SETTING = "encoder.backend"


def load_exported(
    folder: Path, backend: str, *, device: str, trust_remote_code: bool = False
) -> SentenceTransformer:
    """Return the model of `folder` with its transformer replaced by its exported graph. Raises ModelError."""
    listed = folder / "modules.json"
    if not listed.is_file():
        raise ModelError(f"{SETTING} {backend!r}: {folder} holds no modules.json; set {SETTING}: torch.")
    entries = json.loads(listed.read_bytes())
    classes = [
        import_module_class(entry["type"], str(folder), trust_remote_code=trust_remote_code)
        for entry in entries
    ]
    if not issubclass(classes[0], Transformer):
        raise ModelError(f"{SETTING} {backend!r}: {folder} holds no transformer; set {SETTING}: torch.")
    first = _ExportedTransformer.load(
        str(folder), backend=backend, model_kwargs={"device": device}, local_files_only=True,
        trust_remote_code=trust_remote_code,
    )  # fmt: skip
    others = [
        cls.load(str(folder), subfolder=entry["path"], local_files_only=True)  # type: ignore[attr-defined]
        for cls, entry in zip(classes[1:], entries[1:], strict=True)
    ]
    return SentenceTransformer(modules=[first, *others], device="cpu")


class _ExportedTransformer(Transformer):
    """The tokenizer, its settings and its limits of a saved model, but the graph in place of the torch model."""

    def _load_model(
        self, model_name_or_path: str, transformer_task: str, config: Any, backend: str, is_peft_model: bool, **options: Any
    ) -> Any:  # fmt: skip
        file = graph_file(Path(model_name_or_path), setting=SETTING, backend=backend)
        names, run = (_open_onnx if backend == "onnx" else _open_openvino)(file, options["device"])
        unknown = names - KNOWN_INPUTS
        if unknown:
            raise ModelError(
                f"{SETTING} {backend!r}: {file} wants {', '.join(sorted(unknown))}, which no encoder takes; "
                "export the model for feature-extraction."
            )
        return _Graph(config, names, run)


class _Graph(torch.nn.Module):
    def __init__(self, config: Any, names: set[str], run: Run) -> None:
        super().__init__()
        self.config, self._names, self._run = config, names, run

    def forward(self, input_ids: torch.Tensor, **features: Any) -> BaseModelOutput:
        arrays = {"input_ids": input_ids.numpy(), "token_type_ids": np.zeros_like(input_ids.numpy())}
        arrays |= {name: value.numpy() for name, value in features.items() if name in KNOWN_INPUTS}
        out = self._run({name: arrays[name] for name in self._names})
        return BaseModelOutput(last_hidden_state=torch.from_numpy(out).float())


def _open_onnx(file: Path, device: str) -> tuple[set[str], Run]:
    import onnxruntime

    wanted = {"cpu": "CPUExecutionProvider"}.get(device, f"{device.split(':')[0].upper()}ExecutionProvider")
    available = onnxruntime.get_available_providers()
    if wanted not in available:
        raise ModelError(
            f"encoder.device {device!r}: ONNX Runtime has {', '.join(available)}; set cpu, or install onnxruntime-gpu."
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    session = onnxruntime.InferenceSession(str(file), options, providers=[wanted])
    output = _output(file, [item.name for item in session.get_outputs()])
    return {item.name for item in session.get_inputs()}, lambda arrays: session.run([output], arrays)[0]


def _open_openvino(file: Path, device: str) -> tuple[set[str], Run]:
    try:
        openvino: Any = import_module("openvino")  # for those who choose it, so not in requirements.txt
    except ModuleNotFoundError as error:
        raise ModelError(f"{SETTING} 'openvino' needs the package openvino: pip install openvino") from error
    core = openvino.Core()
    if device.upper().split(".")[0] not in {name.split(".")[0] for name in core.available_devices}:
        raise ModelError(
            f"encoder.device {device!r}: OpenVINO has {', '.join(core.available_devices).lower()} here."
        )
    exact = {"INFERENCE_PRECISION_HINT": "f32"}  # else bfloat16 where the processor has it
    compiled = core.compile_model(core.read_model(file), device.upper(), exact)
    output = _output(file, [name for item in compiled.outputs for name in item.names])

    def run(arrays: dict[str, np.ndarray]) -> np.ndarray:
        return np.array(compiled.create_infer_request().infer(arrays)[output])  # one request a thread

    return {item.any_name for item in compiled.inputs}, run


def _output(file: Path, names: list[str]) -> str:
    for name in OUTPUTS:
        if name in names:
            return name
    raise ModelError(f"{SETTING}: {file} gives {', '.join(names)}; wanted {' or '.join(OUTPUTS)}.")
