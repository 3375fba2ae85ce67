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

from ingest.numerals import NUMERAL, parse_numeral

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it logs each build at DEBUG, to a handler of its own
CONTEXT_WEIGHT = 0.5
FIELD_WEIGHTS = {"text": 1.0, "context": CONTEXT_WEIGHT}
K1, B = 1.2, 0.5  # of BM25: how soon a repeated word stops counting, how much a long text is held against
NO_TOKEN = "\0"  # stands in a text without any
HAN_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
WORD = re.compile(r"[a-z]+(?:[-'][a-z]+)*|\d+(?:\.\d+)?%?")
NUMBER_UNIT = re.compile(
    r"\d+(?:\.\d+)?(?:个?工作日|万元|平方米|公里|小时|[年月日天周次个项条号元亩米件岁户人倍%])"
)
# 〔2023〕2号 in any brackets; 第四十七条, and the bare 四十七 that begins a paragraph or ends a context line.
DOCUMENT_NUMBER = re.compile(r"[〔\[(【]\s*((?:19|20)\d\d)\s*[〕\])】]\s*第?\s*(\d{1,4})\s*号")
ARTICLE = re.compile(rf"第({NUMERAL}+)条|^({NUMERAL}+)(?=、)|(?<=\s)({NUMERAL}+)(?=[、(]|$)", re.MULTILINE)


@cache
def _converter():  # type: ignore[no-untyped-def]
    import opencc

    return opencc.OpenCC("t2s")


def normalise(text: str) -> str:
    """Return `text` in half width, lower case and simplified characters."""
    text = unicodedata.normalize("NFKC", text).lower()
    return _converter().convert(text) if HAN_RUN.search(text) else text


def tokenize(text: str) -> list[str]:
    """Return words, character pairs, numbers with their unit, Latin words, document numbers and labels of articles."""
    text = normalise(text)
    tokens = [word for word in rjieba.cut_for_search(text) if len(word) > 1 and HAN_RUN.fullmatch(word)]
    for run in HAN_RUN.findall(re.sub(r"\s+", "", text)):
        tokens.extend(run[i : i + 2] + "#" for i in range(len(run) - 1))
        if len(run) == 1:
            tokens.append(run)
    tokens.extend(WORD.findall(text))
    tokens.extend(re.sub(r"\s", "", match) for match in NUMBER_UNIT.findall(text))
    tokens.extend(f"№{year}-{number}" for year, number in DOCUMENT_NUMBER.findall(text))
    tokens.extend(f"§{parse_numeral(''.join(groups))}" for groups in ARTICLE.findall(text))
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
        """Open what `save` wrote; postings are read from the file when they are needed."""
        text, context = (bm25s.BM25.load(str(folder / f"bm25_{name}"), mmap=True) for name in FIELD_WEIGHTS)
        return cls(text, context, size)


def _index(texts: Sequence[str]) -> bm25s.BM25:
    numbers: dict[str, int] = {}
    rows = [[numbers.setdefault(t, len(numbers)) for t in tokenize(text) or [NO_TOKEN]] for text in texts]
    index = bm25s.BM25(method="lucene", k1=K1, b=B)
    index.index((rows, numbers), show_progress=False)  # numbers take a tenth of the memory of their tokens
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
