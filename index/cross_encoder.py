"""A question and passages in, a score for each out: any CrossEncoder of sentence-transformers, by name or path."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from index.backend import Hit
from index.model_files import ModelError, check_length, loading, makes, model_folder

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

SETTING = "reranker.model"


class CrossEncoderReranker:
    """Reads question and passage together; loaded on first use (`load` does it at once).

    `max_length` is that of both together, in tokens (None: what the model allows); the rest is cut.
    """

    def __init__(
        self,
        model: str,
        *,
        device: str = "cpu",
        batch_size: int = 32,
        max_length: int | None = None,
        trust_remote_code: bool = False,
    ) -> None:
        self.model, self.device, self.batch_size = model, device, batch_size
        self.max_length, self.trust_remote_code = max_length, trust_remote_code

    def load(self) -> None:
        """Load the model now; raises ModelError."""
        _ = self._model

    def scores(self, question: str, hits: Sequence[Hit]) -> np.ndarray:
        """Return float32 (n,), in the order of `hits`; higher is better, comparable within one question only."""
        if not hits:
            return np.zeros(0, dtype=np.float32)
        pairs = [(question, f"{hit.chunk.context}\n{hit.chunk.text}".strip()) for hit in hits]
        found = self._model.predict(pairs, batch_size=self.batch_size, show_progress_bar=False)
        return np.ascontiguousarray(found, dtype=np.float32)

    @cached_property
    def _model(self) -> CrossEncoder:
        folder = model_folder(self.model, setting=SETTING, owner="cross-encoder")
        if makes(folder) == "vectors":  # one that makes text is asked for yes or no, as Qwen3-Reranker
            raise ModelError(
                f"{SETTING} {self.model!r} scores no pairs; name a model that does, such as BAAI/bge-reranker-v2-m3."
            )
        with loading(self.model, setting=SETTING, folder=folder):
            from sentence_transformers import CrossEncoder  # slow import: keeps --help and tests quick

            # Half precision is slow on a processor; code that comes with a model may lie in another one of the hub.
            model = CrossEncoder(
                str(folder), device=self.device, trust_remote_code=self.trust_remote_code,
                local_files_only=not self.trust_remote_code,
                model_kwargs={"dtype": "float32"} if self.device == "cpu" else {},
            )  # fmt: skip
        if model.num_labels != 1:
            raise ModelError(
                f"{SETTING} {self.model!r} gives {model.num_labels} numbers for a pair; a reranker gives one."
            )
        if self.max_length is not None:
            check_length(model.config, self.max_length, setting="reranker.max_length")
            model.max_seq_length = self.max_length
        return model
