"""Is the best evidence an answer at all? A few signs of it, weighed to one probability; below the limit it is refused.

The weights were fitted by `python -m eval.calibrate` on the development questions: as they are, and with the
provisions that answer them hidden, which makes each of them one that cannot be answered.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from index.lexical import LexicalIndex
from qa.evidence import Evidence
from qa.query import Query
from qa.words import words_of

SIGNS = (
    "score", "soft", "soft_best", "known_words", "unknown_words", "fits", "fits_near", "margin", "english",
    "defines", "focus", "focus_best", "soft_own", "missing_known",
)  # fmt: skip


@dataclass(frozen=True)
class SupportModel:
    """A logistic model: 1 / (1 + exp(-(bias + sum of weight x sign)))."""

    bias: float
    weights: tuple[float, ...]
    limit: float  # refuse below this probability

    def probability(self, signs: Sequence[float]) -> float:
        """Return the probability that the evidence answers the question."""
        z = self.bias + sum(w * s for w, s in zip(self.weights, signs, strict=True))
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, z))))


SUPPORT = SupportModel(
    bias=-4.202,
    weights=(2.454, 0.076, -0.564, 0.412, 1.407, -0.002, 0.280, 1.746, -0.226, -0.456, 0.130, -0.133, -0.208, -1.714),
    limit=0.30,
)


def signs_of(query: Query, found: Sequence[Evidence], lexical: LexicalIndex) -> list[float]:
    """Return the signs, in the order of SIGNS, of the evidence `found` (best first, not empty)."""
    best = found[0]
    words = [word for word in words_of(query.search_text) if len(word) > 1]
    idf = {word: lexical.idf(word) for word in words}
    unknown = sum(idf[word] for word in words if not lexical.knows(word))
    total = sum(idf.values()) or 1.0
    held = set(words_of(best.sentence.provision.text[:1500])) | set(words_of(best.hit.chunk.context))
    known = sum(idf[word] for word in words if word in held)
    asked = query.shape is not None
    near = [e for e in found[:6] if e.score >= best.score * 0.9]
    rest = [e.score for e in found[3:10]]
    return [
        best.score,
        best.soft,
        max(e.soft for e in found[:8]),
        known / total,
        unknown / total,
        (1.0 if best.fits else -1.0) if asked else 0.0,
        (1.0 if any(e.fits for e in near) else -1.0) if asked else 0.0,
        best.score - sum(rest) / len(rest) if rest else 0.0,
        float(query.is_english),
        float(best.defines),
        best.focus,
        max(e.focus for e in found[:4]),
        best.soft_own,
        sum(idf[word] for word in words if lexical.knows(word) and word not in held) / total,
    ]
