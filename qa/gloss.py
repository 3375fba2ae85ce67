"""An English question in, words of a Chinese corpus that mean the same out: what a lexical search can look for.

Each content word, and each two that stand side by side, go to the corpus words nearest by the vectors of a bilingual
encoder; of words as near, those that the whole question speaks of.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

import numpy as np

from index.encoder import Encoder
from index.lexical import HAN_RUN

LEAST = 0.42  # cosine from which on a corpus word means what an English one does
ABOUT = 0.3  # what the cosine to the whole question counts beside that to the word
MOST = 2  # corpus words for an English one
NEARLY = 0.85  # of the best one's sum: what a further word must have
LONGEST = 8  # characters of a corpus word
WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
FUNCTION_WORDS = frozenset(
    "a an the of in on at to by for from with under into onto over about as than that this these those it its they them their he she his "
    "her we us our you your my me is are was were be been being am do does did done have has had having can could may might must shall "
    "should will would not no nor or and but if so such very really just also any some all each every other more most least less much many "
    "few how who whom whose what which when where why there here then according per up out off back own only same both get gets got go "
    "goes going take takes make makes need needs want wants let put say says said tell long often soon far".split()
)


class Glosser:
    """Knows the words of a corpus by their vectors."""

    def __init__(self, encoder: Encoder, words: Sequence[str], vectors: np.ndarray) -> None:
        """`vectors`: float32 (words, dim), unit rows of the same encoder."""
        kept = [i for i, word in enumerate(words) if 2 <= len(word) <= LONGEST and HAN_RUN.fullmatch(word)]
        self._encoder, self._words, self._vectors = encoder, [words[i] for i in kept], vectors[kept]

    def gloss(self, text: str, *, without: Collection[str] = ()) -> tuple[str, ...]:
        """Return corpus words for the content words of `text` (lower case) that are not among `without`."""
        asked = [word for word in content_words(text) if word not in without]
        if not asked or not self._words:
            return ()
        phrases = [*asked, *(f"{a} {b}" for a, b in pairwise(asked))]
        near = self._encoder.encode_queries([*phrases, text]) @ self._vectors.T
        found: list[str] = []
        for cosines, sums in zip(near[:-1], near[:-1] + ABOUT * near[-1], strict=True):
            best = np.argsort(-sums)[:MOST]
            found += [
                self._words[i] for i in best if cosines[i] >= LEAST and sums[i] >= NEARLY * sums[best[0]]
            ]
        return tuple(dict.fromkeys(found))


def content_words(text: str) -> list[str]:
    """Return the different English words of a text (lower case) that say what it is about, in their order."""
    words = (word.removesuffix("'s") for word in WORD.findall(text))
    return list(dict.fromkeys(word for word in words if word not in FUNCTION_WORDS and len(word) > 1))
