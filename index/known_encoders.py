"""The prompts that well-known encoders were trained with, by the last part of their name: a name or a folder will do.

From each model's card. A model that is not named here is asked for its own prompts.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class KnownEncoder:
    """What goes before a question and before a passage, and the longest text in tokens (None: what the model says)."""

    query_prompt: str = ""
    passage_prompt: str = ""
    max_length: int | None = None


_E5 = KnownEncoder("query: ", "passage: ", 512)
_BGE_ZH = KnownEncoder("为这个句子生成表示以用于检索相关文章：", "", 512)
# The instruction is English for questions of any language, as the card asks; longer texts than 8,192 tokens only cost.
_QWEN3 = KnownEncoder(
    "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:", "", 8192
)
KNOWN_ENCODERS = {
    "multilingual-e5-small": _E5, "multilingual-e5-base": _E5, "multilingual-e5-large": _E5,
    "bge-m3": KnownEncoder(max_length=8192),
    "bge-small-zh-v1.5": _BGE_ZH, "bge-base-zh-v1.5": _BGE_ZH, "bge-large-zh-v1.5": _BGE_ZH,
    "gte-multilingual-base": KnownEncoder(max_length=8192),
    "Qwen3-Embedding-0.6B": _QWEN3, "Qwen3-Embedding-4B": _QWEN3, "Qwen3-Embedding-8B": _QWEN3,
}  # fmt: skip
_BY_NAME = {name.lower(): known for name, known in KNOWN_ENCODERS.items()}


def known_encoder(model: str) -> KnownEncoder | None:
    """Return what is known of the model of this name or folder."""
    return _BY_NAME.get(Path(model).name.lower())
