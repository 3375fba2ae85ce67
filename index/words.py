"""The words of a static embedding as what they are: a tokenizer, a unit vector and a weight each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

MOST_READ = 16_000  # texts remembered: some 30 MB


@dataclass(frozen=True)
class Read:
    """A text as the numbers of its known words, int64 (words,), at least one (0: unknown), and their weighed sum."""

    ids: np.ndarray
    sum: np.ndarray  # float32 (dim,)


class WordVectors:
    """Words by their number; the table stays in the 8 bits a number that it is stored in."""

    def __init__(self, tokenizer: Tokenizer, rows: np.ndarray, factors: np.ndarray) -> None:
        """`rows`: int8 (vocabulary, dim); `factors`: float32 (vocabulary,), which make them vectors."""
        self.tokenizer = tokenizer
        self._rows = rows
        lengths = np.linalg.norm(rows.astype(np.float32), axis=1)
        self.weights = (lengths * factors).astype(np.float32)  # (vocabulary,): the vectors' lengths
        self._to_unit = (1 / np.maximum(lengths, 1e-9)).astype(np.float32)
        self._read: dict[str, Read] = {}

    @classmethod
    def load(cls, folder: Path) -> WordVectors:
        """Read the folder of a static sentence-transformers model, as training/save.py writes it."""
        table = load_file(folder / "model.safetensors")
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        return cls(tokenizer, table["embeddings"], table["weights"].astype(np.float32))

    def unit(self, ids: np.ndarray) -> np.ndarray:
        """Return the vectors of length 1 of these words, float32 (len(ids), dim)."""
        return self._rows[ids].astype(np.float32) * self._to_unit[ids][:, None]

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return float32 (texts, dim), rows of length 1, as the embedding itself does; zeros where no word is known."""
        out = np.zeros((len(texts), self._rows.shape[1]), dtype=np.float32)
        for row, ids in enumerate(self.ids(texts)):
            out[row] = self.weights[ids] @ self.unit(ids)
        return out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)

    def read(self, texts: Sequence[str]) -> list[Read]:
        """Return each text as its words; what was read before is remembered, up to a limit."""
        unread = [text for text in dict.fromkeys(texts) if text not in self._read]
        known = self._read
        if len(known) + len(unread) > MOST_READ:
            known = self._read = {}  # threads that read meanwhile keep the old one
            unread = list(dict.fromkeys(texts))
        for text, ids in zip(unread, self.ids(unread), strict=True):
            kept = ids if len(ids) else np.zeros(1, dtype=np.int64)
            known[text] = Read(kept, self.weights[kept] @ self.unit(kept))
        return [known[text] for text in texts]

    def ids(self, texts: Sequence[str]) -> list[np.ndarray]:
        """Return the known words of each text by number, int64 arrays."""
        found = self.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        arrays = (np.asarray(one.ids, dtype=np.int64) for one in found)
        return [array[array != 0] for array in arrays]

    def spans(self, text: str) -> list[tuple[int, int, int]]:
        """Return number, start and end in `text` of each different known word, in their order."""
        encoding = self.tokenizer.encode(text, add_special_tokens=False)
        first: dict[int, tuple[int, int]] = {}
        for number, span in zip(encoding.ids, encoding.offsets, strict=True):
            if number:
                first.setdefault(number, span)
        return [(number, start, end) for number, (start, end) in first.items()]
