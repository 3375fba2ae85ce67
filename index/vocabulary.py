"""Texts in, tokens by number out, and what BM25 must know of all texts to score any of them: for postings kept elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np

from index.lexical import FIELD_WEIGHTS, K1, NO_TOKEN, B, tokenize

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Vocabulary:
    """The tokens of all chunks; scores are those of index.lexical.LexicalIndex over the same chunks.

    A text is written as the numbers of its tokens to the base 36, parted by blanks: words of letters and digits that
    any analyzer leaves whole.
    """

    def __init__(
        self, names: dict[str, str], frequencies: dict[str, np.ndarray], lengths: dict[str, float], size: int
    ) -> None:
        self._names = names  # token: its number to the base 36
        self._frequencies = frequencies  # field: int32 (tokens,), the chunks that hold each
        self._lengths = lengths  # field: tokens of a chunk, on average
        self.size = size

    @classmethod
    def build(cls, fields: Mapping[str, Sequence[str]]) -> tuple[Vocabulary, dict[str, list[str]]]:
        """Return the vocabulary of the fields' texts (as many in each), and these texts written in it."""
        numbers: dict[str, int] = {}
        names: list[str] = []
        held: dict[str, Counter[int]] = {}
        lengths: dict[str, float] = {}
        written: dict[str, list[str]] = {}
        for field, texts in fields.items():
            held[field], total, written[field] = Counter(), 0, []
            for text in texts:
                row = [numbers.setdefault(token, len(numbers)) for token in tokenize(text) or [NO_TOKEN]]
                names.extend(_to_base_36(number) for number in range(len(names), len(numbers)))
                held[field].update(set(row))
                total += len(row)
                written[field].append(" ".join(names[number] for number in row))
            lengths[field] = total / len(texts)
        size = len(next(iter(fields.values())))
        frequencies = {
            field: np.array([counts[number] for number in range(len(numbers))], dtype=np.int32)
            for field, counts in held.items()
        }
        return cls(dict(zip(numbers, names, strict=True)), frequencies, lengths, size), written

    def write(self, question: str) -> str:
        """Return the tokens of a question that stand in any chunk, "" where none does."""
        return " ".join(self._names[token] for token in tokenize(question) if token in self._names)

    def scores(self, question: str, fields: Mapping[str, Sequence[str]]) -> np.ndarray:
        """Return float32 (n,): BM25 of a question (as written here) for n chunks, given by their fields as written."""
        asked = Counter(question.split())
        out = np.zeros(len(next(iter(fields.values()))), dtype=np.float32)
        for field, texts in fields.items():
            weights = {name: times * self._bm25_idf(field, int(name, 36)) for name, times in asked.items()}
            for row, text in enumerate(texts):
                tokens = text.split(" ")
                norm = K1 * (1 - B + B * len(tokens) / self._lengths[field])
                counts = Counter(token for token in tokens if token in weights)
                score = sum(weights[name] * times / (times + norm) for name, times in counts.items())
                out[row] += FIELD_WEIGHTS[field] * score
        return out

    def knows(self, token: str) -> bool:
        """Say whether any chunk holds `token`."""
        return token in self._names

    def idf(self, token: str) -> float:
        """Return ln(1 + n / chunks that hold `token` in one of their fields): large for a word never seen."""
        number = int(self._names[token], 36) if token in self._names else None
        held = max(int(f[number]) for f in self._frequencies.values()) if number is not None else 0
        return float(np.log1p(self.size / (held + 0.5)))

    def save(self, folder: Path) -> None:
        """Write the vocabulary below `folder`."""
        (folder / "vocabulary.json").write_bytes(
            msgspec.json.encode({"tokens": list(self._names), "lengths": self._lengths, "size": self.size})
        )
        for field, frequencies in self._frequencies.items():
            np.save(folder / f"held_{field}.npy", frequencies)

    @classmethod
    def load(cls, folder: Path) -> Vocabulary:
        """Read what `save` wrote."""
        saved = msgspec.json.decode((folder / "vocabulary.json").read_bytes(), type=_Saved)
        frequencies = {field: np.load(folder / f"held_{field}.npy") for field in saved.lengths}
        names = {token: _to_base_36(number) for number, token in enumerate(saved.tokens)}
        return cls(names, frequencies, saved.lengths, saved.size)

    def _bm25_idf(self, field: str, number: int) -> float:
        held = int(self._frequencies[field][number])
        return float(np.log(1 + (self.size - held + 0.5) / (held + 0.5)))


class _Saved(msgspec.Struct):
    tokens: list[str]
    lengths: dict[str, float]
    size: int


def _to_base_36(number: int) -> str:
    digits = ""
    while True:
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
        if not number:
            return digits
