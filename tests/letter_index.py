"""A corpus of two short rules and an encoder that counts letters: an index is built in no time and known to the letter."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.backend import Engine
from index.faiss_backend import FaissEngine
from index.store import PassageIndex, build_index
from ingest.corpus import Corpus, read_corpus

RULES = "甲区人民政府\n关于印发《甲区工作规则》的通知\n甲政发〔2023〕{n}号\n各单位：\n现将《甲区工作规则》印发给你们。\n甲区人民政府\n2023年2月15日\n甲区工作规则\n{body}"
MEETINGS = "第一条 区政府常务会议每周召开一次，由区长召集。\n第二条 会议材料提前5个工作日送区政府办公室。\n"
FIREWORKS = "第一条 禁止燃放烟花爆竹的区域包括滨河街道。\n第二条 违反规定的，由公安机关处罚。\n"


class LetterEncoder:
    """Counts characters in 64 buckets: texts that share characters are near; remembers how many it embedded."""

    def __init__(self, fingerprint: str = "letters") -> None:
        self.fingerprint, self.embedded = fingerprint, 0

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in enumerate(texts):
            for char in text or " ":
                rows[row, ord(char) % 64] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        self.embedded += len(texts)
        return self.encode_queries(texts)


def files(folder: Path, **bodies: str) -> Corpus:
    folder.mkdir(exist_ok=True)
    for n, (name, body) in enumerate(bodies.items(), start=1):
        (folder / f"{name}.txt").write_text(RULES.format(n=n, body=body), encoding="utf-8")
    return read_corpus(folder)


def build(
    corpus: Corpus, folder: Path, encoder: LetterEncoder | None = None, *, engine: Engine | None = None
) -> PassageIndex:
    return build_index(
        corpus, encoder or LetterEncoder(), folder, encoder_name="letters", chunk_size=200, engine=engine or FaissEngine(),
    )  # fmt: skip


def found(index: PassageIndex, question: str) -> list[str]:
    """Return the first three hits as "document label"."""
    return [f"{hit.chunk.document_id} {hit.chunk.label}" for hit in index.search(question, top_k=3)]
