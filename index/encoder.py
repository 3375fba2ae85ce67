"""Texts in, unit vectors out, through sentence-transformers: the model that ships, or any other by name or path."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from config import EncoderConfig
from index.known_encoders import KnownEncoder, known_encoder
from index.model_files import (
    TEXTS,
    ModelError,
    check_length,
    loading,
    makes,
    model_folder,
    saved_settings,
    weight_files,
)  # fmt: skip

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

EncoderError = ModelError


class Encoder(Protocol):
    @property
    def fingerprint(self) -> str: ...  # changes when the vectors would

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray: ...  # float32 (n, dim), unit rows
    def encode_passages(self, texts: Sequence[str]) -> np.ndarray: ...  # the same; its prompt may differ


class SentenceEncoder:
    """A sentence-transformers model, loaded on first use (`load` does it at once).

    What the settings leave open is what known_encoders.py says of the model, else what the model says itself.
    """

    def __init__(self, model: str, settings: EncoderConfig | None = None) -> None:
        self.model, self.settings = model, settings or EncoderConfig()

    @classmethod
    def from_settings(cls, settings: EncoderConfig, local: Path) -> SentenceEncoder:
        """Return the encoder of a config: the folder `local` where there is one, else the model by its name."""
        return cls(str(local) if local.is_dir() else settings.model, settings)

    @cached_property
    def folder(self) -> Path:
        """The folder that holds the model; one of the hub is fetched when it is in no cache. Raises EncoderError."""
        return model_folder(
            self.model, setting="encoder.model", owner="sentence-transformers", backend=self.settings.backend
        )

    @cached_property
    def query_prompt(self) -> str:
        """What goes before each question."""
        return self._prompt(self.settings.query_prompt, "query_prompt", ("query",))

    @cached_property
    def passage_prompt(self) -> str:
        """What goes before each passage."""
        return self._prompt(self.settings.passage_prompt, "passage_prompt", ("document", "passage", "corpus"))

    @property
    def max_length(self) -> int | None:
        """Tokens of a text that are read, None where the model itself says."""
        return self.settings.max_length or (self._known.max_length if self._known else None)

    @property
    def _known(self) -> KnownEncoder | None:
        return known_encoder(self.model)

    def _prompt(self, setting: str | None, name: str, own_names: Sequence[str]) -> str:
        if setting is not None:
            return setting
        if self._known is not None:
            return str(getattr(self._known, name))
        own = saved_settings(self.folder).get("prompts") or {}
        return next((str(own[key]) for key in own_names if own.get(key)), "")

    @cached_property
    def fingerprint(self) -> str:
        """Of all that the vectors come from: weights, tokenizer, prompts, dimension, length, norm. Raises EncoderError.

        For a folder of the hub's cache its revision stands for its files. Batch size and device are no part of it.
        """
        settings = self.settings
        text = json.dumps(
            [self.query_prompt, self.passage_prompt, settings.dimension, self.max_length, settings.normalise]
        )
        digest = hashlib.sha256(text.encode())
        if self.folder.parent.name == "snapshots":
            digest.update(f"{self.folder.parent.parent.name}@{self.folder.name}@{settings.backend}".encode())
        else:
            for file in _files_read(self.folder, settings.backend):
                status = file.stat()
                digest.update(_file_digest(file, status.st_size, status.st_mtime_ns))
        return digest.hexdigest()[:32]

    def load(self) -> None:
        """Load the model now; raises EncoderError."""
        _ = self._model

    @cached_property
    def _model(self) -> SentenceTransformer:
        if makes(self.folder) == "scores":
            raise EncoderError(
                f"encoder.model {self.model!r} scores pairs of texts; name one that makes vectors."
            )
        with loading(self.model, setting="encoder.model", folder=self.folder):
            model = self._open()
        is_static = model.config is None  # reads texts of any length
        if self.max_length is not None and not is_static:
            check_length(model.config, self.max_length, setting="encoder.max_length")
            model.max_seq_length = self.max_length
        found, wanted = model.get_embedding_dimension(), self.settings.dimension
        if wanted is not None and found is not None and wanted > found:
            raise EncoderError(f"encoder.dimension: {self.model!r} has {found} numbers, found {wanted}.")
        return model

    def _open(self) -> SentenceTransformer:
        settings = self.settings
        if settings.backend != "torch":
            from index.exported import load_exported

            return load_exported(
                self.folder, settings.backend, device=settings.device,
                trust_remote_code=settings.trust_remote_code,
            )  # fmt: skip
        from sentence_transformers import SentenceTransformer  # slow import: keeps --help and tests quick

        # Half precision is slow on a processor; code that comes with a model may lie in another one of the hub.
        precision = {"dtype": "float32"} if settings.device == "cpu" else {}
        return SentenceTransformer(
            str(self.folder), device=settings.device, trust_remote_code=settings.trust_remote_code,
            local_files_only=not settings.trust_remote_code, model_kwargs=precision,
        )  # fmt: skip

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        """Return float32 (n, dim), rows of length 1 unless encoder.normalise is false. Raises EncoderError."""
        return _rows(self._model.encode_query(list(texts), prompt=self.query_prompt, **self._options))

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        """Return float32 (n, dim), rows of length 1 unless encoder.normalise is false. Raises EncoderError."""
        return _rows(self._model.encode_document(list(texts), prompt=self.passage_prompt, **self._options))

    @cached_property
    def _options(self) -> dict[str, Any]:
        dimension = self.settings.dimension or saved_settings(self.folder).get("truncate_dim")
        return {
            "batch_size": self.settings.batch_size, "truncate_dim": dimension,
            "normalize_embeddings": self.settings.normalise, "convert_to_numpy": True, "show_progress_bar": False,
        }  # fmt: skip


def _rows(vectors: Any) -> np.ndarray:
    return np.ascontiguousarray(vectors, dtype=np.float32)


def _files_read(folder: Path, backend: str) -> list[Path]:
    """Return the files of a model's folder that its vectors come from."""
    texts = {file for pattern in TEXTS for file in folder.rglob(pattern)}
    return sorted(texts | set(weight_files(folder, backend)))


@lru_cache
def _file_digest(file: Path, size: int, modified_ns: int) -> bytes:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").digest()
