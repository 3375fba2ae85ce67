"""A model's name or folder in, the folder that holds it out: as named, from the hub's cache, or fetched from the hub."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HUB_SECONDS = 10  # a hub that does not answer by then is out of reach
TEXTS = ["*.json", "*.txt", "*.model", "*.py", "*.jinja"]
OTHERS = ["onnx/*", "openvino/*"]
GRAPHS = {
    "onnx": ("onnx/model.onnx", "model.onnx"),
    "openvino": ("openvino/openvino_model.xml", "openvino_model.xml", "onnx/model.onnx", "model.onnx"),
}


class ModelError(RuntimeError):
    """A model cannot be loaded or used; the message names the setting, what was found and what to do."""


def model_folder(model: str, *, setting: str, owner: str, backend: str = "torch") -> Path:
    """Return the folder of `model`: itself, else that of the hub's cache, else one fetched from the hub now.

    `owner` completes a name without one. The hub is asked only for what its cache does not hold, and only for the
    weights of `backend`. Raises ModelError naming `setting`, within seconds where there is no hub.
    """
    if Path(model).is_dir():
        return Path(model)
    if _is_path(model):
        raise ModelError(f"{setting} {model!r}: no such folder; name one, or a model such as BAAI/bge-m3.")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError

    name = model if "/" in model else f"{owner}/{model}"
    try:
        patterns = [*TEXTS, "*.safetensors"] if backend == "torch" else TEXTS
        folder = Path(
            snapshot_download(name, local_files_only=True, allow_patterns=patterns, ignore_patterns=OTHERS)
        )
    except HFValidationError as error:
        raise ModelError(f"{setting} {model!r} is neither a folder nor a name of the hub: {error}") from error
    except OSError:  # not in the cache, or only a part of it
        return _fetch(name, model, setting, backend)
    return folder if any(weight_files(folder, backend)) else _fetch(name, model, setting, backend)


def _fetch(name: str, model: str, setting: str, backend: str) -> Path:
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import OfflineModeIsEnabled, RepositoryNotFoundError

    cause: Exception
    try:  # one question without retries: a download would go on asking for more than a minute
        files = [file.rfilename for file in HfApi().model_info(name, timeout=HUB_SECONDS).siblings or []]
        return Path(snapshot_download(name, **_wanted(backend, files)))
    except OfflineModeIsEnabled as error:
        reason, cause = "access to the hub is switched off (HF_HUB_OFFLINE)", error
    except RepositoryNotFoundError as error:
        reason, cause = "the hub knows no such model, or only for those who have logged in", error
    except Exception as error:  # whatever the HTTP library of the hub's client raises
        reason, cause = f"the hub cannot be reached ({first_line(error)})", error
    raise ModelError(
        f"{setting} {model!r} cannot be loaded: it is no folder, not in the hub cache of this machine, and {reason}. "
        "Name a folder that holds the model, or fetch it with python -m index build where the hub can be reached."
    ) from cause


def _wanted(backend: str, files: Sequence[str]) -> dict[str, Any]:
    """Return the patterns of what to fetch: of a model that carries its weights twice, one set of them."""
    if backend != "torch":
        graph = next((name for name in GRAPHS[backend] if name in files), GRAPHS[backend][0])
        return {"allow_patterns": [*TEXTS, *_parts(graph)]}
    twice = any("/" not in file and file.endswith(".safetensors") for file in files)
    weights = ["*.safetensors", "*/pytorch_model.bin"] if twice else ["*.safetensors", "*.bin"]
    return {"allow_patterns": [*TEXTS, *weights], "ignore_patterns": OTHERS}


def _parts(graph: str) -> list[str]:
    """Return the patterns of an exported graph's files: large ones keep their weights beside them."""
    return [graph, graph.removesuffix(".xml") + ".bin"] if graph.endswith(".xml") else [f"{graph}*"]


def weight_files(folder: Path, backend: str) -> list[Path]:
    """Return the files of `folder` that hold the weights which `backend` computes with."""
    if backend == "torch":
        found = {file for pattern in ("*.safetensors", "*.bin") for file in folder.rglob(pattern)}
        return sorted(file for file in found if file.parent.name not in GRAPHS)
    graph = next((name for name in GRAPHS[backend] if (folder / name).is_file()), None)
    return sorted(file for pattern in _parts(graph) for file in folder.glob(pattern)) if graph else []


def graph_file(folder: Path, *, setting: str, backend: str) -> Path:
    """Return the exported graph that `backend` runs. Raises ModelError where the model holds none."""
    for name in GRAPHS[backend]:
        if (folder / name).is_file():
            return folder / name
    raise ModelError(
        f"{setting} {backend!r}: {folder} holds no {GRAPHS[backend][0]}; take a model that does, export this one "
        f"(see docs/encoder.md), or set {setting}: torch."
    )


@contextmanager
def loading(model: str, *, setting: str, folder: Path) -> Iterator[None]:
    """Turn whatever a model raises while it is loaded into a ModelError of one line."""
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    except ModelError:
        raise
    except Exception as error:  # a damaged file, a device that is not there, code that came with the model
        section = setting.split(".")[0]
        own_code = "trust_remote_code" in str(error)
        raise ModelError(
            f"{setting} {model!r} cannot be loaded: "
            + (
                f"it comes with code of its own ({folder}); where you trust its publisher set "
                f"{section}.trust_remote_code: true."
                if own_code
                else f"{first_line(error)}. Name a folder that holds a sentence-transformers model, or one of the hub."
            )
        ) from error


def makes(folder: Path) -> str:
    """Return what the model of `folder` makes: "vectors", "scores" of pairs, or "text"; libraries load each as any."""
    kind = saved_settings(folder).get("model_type")
    if kind or (folder / "modules.json").is_file():
        return "scores" if kind == "CrossEncoder" else "vectors"
    architecture = str((_read_json(folder / "config.json").get("architectures") or [""])[0])
    endings = {"ForSequenceClassification": "scores", "ForCausalLM": "text"}
    return next((made for ending, made in endings.items() if architecture.endswith(ending)), "vectors")


def saved_settings(folder: Path) -> dict[str, Any]:
    """Return what sentence-transformers saved with a model: its kind, its prompts, its dimension. Raises ModelError."""
    return _read_json(folder / "config_sentence_transformers.json")


def _read_json(file: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(file.read_bytes())) if file.is_file() else {}
    except (ValueError, TypeError) as error:
        raise ModelError(f"{file}: cannot be read as JSON ({error}); fetch the model again.") from error


def check_length(config: Any, length: int, *, setting: str) -> None:
    """Raise ModelError where texts of `length` tokens are longer than the positions of a transformer's `config`."""
    positions = getattr(config, "max_position_embeddings", None) or -1
    if "roberta" in getattr(config, "model_type", ""):
        positions -= (config.pad_token_id or 0) + 1  # these count their positions from behind the padding's
    if 0 < positions < length:
        raise ModelError(f"{setting}: this model reads at most {positions} tokens, found {length}.")


def first_line(error: BaseException) -> str:
    """Return what an error says in its first line, its class where it says nothing."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200].rstrip(".")


def _is_path(model: str) -> bool:
    """A hub's names are `name` or `owner/name`; anything else, and what lies below models/, is a folder."""
    return model.startswith((".", "/", "~", "models/")) or model.count("/") > 1 or "\\" in model
