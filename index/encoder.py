"""Texts in, unit vectors out, through sentence-transformers: the model that ships, or any other by name or path."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from config import EncoderConfig

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class EncoderError(RuntimeError):
    """The model cannot be loaded; the message says which, and what to do."""


class Encoder(Protocol):
    @property
    def fingerprint(self) -> str: ...  # changes when the vectors would

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray: ...  # float32 (n, dim), unit rows
    def encode_passages(self, texts: Sequence[str]) -> np.ndarray: ...  # the same; its prompt may differ


class SentenceEncoder:
    """A sentence-transformers model, loaded on first use (`load` does it at once)."""

    def __init__(
        self,
        model: str,
        *,
        query_prompt: str = "",
        passage_prompt: str = "",
        batch_size: int = 64,
        device: str = "cpu",
    ) -> None:
        self.model, self.query_prompt, self.passage_prompt = model, query_prompt, passage_prompt
        self.batch_size, self.device = batch_size, device

    @classmethod
    def from_settings(cls, settings: EncoderConfig, local: Path) -> SentenceEncoder:
        """Return the encoder of a config: the folder `local` where there is one, else the model by its name."""
        return cls(
            str(local) if local.is_dir() else settings.model, query_prompt=settings.query_prompt,
            passage_prompt=settings.passage_prompt, batch_size=settings.batch_size, device=settings.device,
        )  # fmt: skip

    @cached_property
    def fingerprint(self) -> str:
        """The model's name and prompts and, for a folder, the bytes of its weights."""
        digest = hashlib.sha256(f"{Path(self.model).name}|{self.query_prompt}|{self.passage_prompt}".encode())
        folder = Path(self.model)
        if folder.is_dir():
            for file in sorted(folder.rglob("*")):
                if file.suffix in (".safetensors", ".json", ".bin", ".model", ".txt"):
                    digest.update(file.read_bytes())
        return digest.hexdigest()[:32]

    def load(self) -> None:
        """Load the model now; raises EncoderError."""
        _ = self._model

    @cached_property
    def _model(self) -> SentenceTransformer:
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        if _is_path(self.model) and not Path(self.model).is_dir():
            raise EncoderError(
                f"encoder.model {self.model!r}: no such folder; name one, or a model such as BAAI/bge-m3."
            )
        from safetensors import SafetensorError
        from sentence_transformers import SentenceTransformer  # slow import: keeps --help and tests quick

        try:
            return SentenceTransformer(self.model, device=self.device)
        except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
            raise EncoderError(
                f"encoder.model {self.model!r} cannot be loaded ({str(error).splitlines()[0][:200]}); name a folder that "
                "holds a sentence-transformers model, or one that the hub cache of this machine holds."
            ) from error

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        """Return float32 (n, dim), rows of length 1."""
        return self._encode([self.query_prompt + text for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        """Return float32 (n, dim), rows of length 1."""
        return self._encode([self.passage_prompt + text for text in texts])

    def _encode(self, texts: list[str]) -> np.ndarray:
        vectors = self._model.encode(
            texts,
            batch_size=self.batch_size,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)


def _is_path(model: str) -> bool:
    """A hub's names are `name` or `owner/name`; anything else, and what lies below models/, is a folder."""
    return model.startswith((".", "/", "~", "models/")) or model.count("/") > 1 or "\\" in model
