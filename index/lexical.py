"""BM25 over Chinese words and character pairs, in two fields: a chunk's context line and its text."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import bm25s
import numpy as np
import rjieba

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it logs each build at DEBUG, to a handler of its own
CONTEXT_WEIGHT = 0.5
HAN_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
WORD = re.compile(r"[a-z]+(?:[-'][a-z]+)*|\d+(?:\.\d+)?%?")
NUMBER_UNIT = re.compile(
    r"\d+(?:\.\d+)?(?:个?工作日|万元|平方米|公里|小时|[年月日天周次个项条号元亩米件岁户人倍%])"
)


@cache
def _converter():  # type: ignore[no-untyped-def]
    import opencc

    return opencc.OpenCC("t2s")


def normalise(text: str) -> str:
    """Return `text` in half width, lower case and simplified characters."""
    text = unicodedata.normalize("NFKC", text).lower()
    return _converter().convert(text) if HAN_RUN.search(text) else text


def tokenize(text: str) -> list[str]:
    """Return words, character pairs, numbers with their unit and Latin words, in the order of kinds."""
    text = normalise(text)
    tokens = [word for word in rjieba.cut_for_search(text) if len(word) > 1 and HAN_RUN.fullmatch(word)]
    for run in HAN_RUN.findall(re.sub(r"\s+", "", text)):
        tokens.extend(run[i : i + 2] + "#" for i in range(len(run) - 1))
        if len(run) == 1:
            tokens.append(run)
    tokens.extend(WORD.findall(text))
    tokens.extend(re.sub(r"\s", "", match) for match in NUMBER_UNIT.findall(text))
    return tokens


class LexicalIndex:
    """Two BM25 indexes whose scores are added: text + CONTEXT_WEIGHT x context."""

    def __init__(self, text: bm25s.BM25, context: bm25s.BM25, size: int) -> None:
        self._text, self._context, self.size = text, context, size

    @classmethod
    def build(cls, texts: Sequence[str], contexts: Sequence[str]) -> LexicalIndex:
        """Return the index of as many chunks as there are texts."""
        return cls(_index(texts), _index(contexts), len(texts))

    def scores(self, query: str) -> np.ndarray:
        """Return float32 (size,): 0 where no token is shared."""
        tokens = tokenize(query)
        return _scores(self._text, tokens, self.size) + CONTEXT_WEIGHT * _scores(
            self._context, tokens, self.size
        )

    def knows(self, token: str) -> bool:
        """Say whether any chunk holds `token`."""
        return token in self._text.vocab_dict or token in self._context.vocab_dict

    def idf(self, token: str) -> float:
        """Return ln(1 + n / chunks that hold `token` in their text or context): large for a word never seen."""
        held = max(_document_frequency(self._text, token), _document_frequency(self._context, token))
        return float(np.log1p(self.size / (held + 0.5)))

    def save(self, folder: Path) -> None:
        """Write both indexes below `folder`."""
        self._text.save(str(folder / "bm25_text"))
        self._context.save(str(folder / "bm25_context"))

    @classmethod
    def load(cls, folder: Path, size: int) -> LexicalIndex:
        """Read what `save` wrote."""
        return cls(
            bm25s.BM25.load(str(folder / "bm25_text")), bm25s.BM25.load(str(folder / "bm25_context")), size
        )


def _index(texts: Sequence[str]) -> bm25s.BM25:
    index = bm25s.BM25(method="lucene", k1=1.2, b=0.5)
    index.index([tokenize(text) or ["\0"] for text in texts], show_progress=False)
    return index


def _document_frequency(index: bm25s.BM25, token: str) -> int:
    row = index.vocab_dict.get(token)
    if row is None:
        return 0
    bounds = index.scores["indptr"]
    return int(bounds[row + 1] - bounds[row])


def _scores(index: bm25s.BM25, tokens: list[str], size: int) -> np.ndarray:
    known = [token for token in tokens if token in index.vocab_dict]
    if not known:
        return np.zeros(size, dtype=np.float32)
    return np.asarray(index.get_scores(known), dtype=np.float32)
