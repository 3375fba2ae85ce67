"""Is the best evidence an answer at all? Signs of it, weighed to one probability; below the limit it is refused.

The weights in support.json were fitted by `python -m eval.calibrate` on the development questions: as they are, and
with the provisions that answer them hidden, which makes each of them one that cannot be answered.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec
import numpy as np

from index.backend import Words
from index.lexical import normalise
from index.store import PassageIndex
from qa.catalog import Catalog
from qa.evidence import Evidence
from qa.query import Query
from qa.words import words_of

INTENT_SIGNS = ("number", "date", "who", "list", "definition", "procedure", "reason", "yes_no", "fact")
SIGNS = (
    "score", "hit", "search", "second", "gap", "margin", "cosine", "lexical", "coverage", 
    "known_words", "unknown_words", "missing_known", "missing_here",
    "phrase", "phrase_lost", "phrase_cut", "phrase_elsewhere", "fits", "fits_near", "lacking", "length",
    "read", "read_near", "read_all", "topic", "spread", "together", "scoped", "titled", "english", "defines", *INTENT_SIGNS,
)  # fmt: skip
FEW_DOCUMENTS = 3
PHRASE_HITS = 20  # nearest chunks among which the question's phrases are looked up
MODEL_FILE = Path(__file__).with_name("support.json")


@dataclass(frozen=True)
class SupportModel:
    """A logistic model: 1 / (1 + exp(-(bias + sum of weight x sign)))."""

    bias: float
    weights: dict[str, float]
    limit: float  # refuse below this probability

    def probability(self, signs: dict[str, float]) -> float:
        """Return the probability that the evidence answers the question."""
        z = self.bias + sum(self.weights[name] * value for name, value in signs.items())
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, z))))


@cache
def support_model() -> SupportModel:
    """Return the fitted model that ships."""
    return msgspec.json.decode(MODEL_FILE.read_bytes(), type=SupportModel)


def signs_of(
    query: Query, found: Sequence[Evidence], index: PassageIndex, catalog: Catalog, *, lacking: bool
) -> dict[str, float]:
    """Return the signs of the evidence `found` (best first, not empty).

    `lacking`: a check of the question's premises found something that the evidence does not speak of.
    """
    best, asked = found[0], query.shape is not None
    near = [e for e in found[:6] if e.score >= best.score * 0.9]
    rest = [e.score for e in found[3:10]]
    signs = {
        "score": best.score,
        "hit": best.hit.score,
        "search": best.hit.parts.get("search", best.hit.score),
        "second": max((e.hit.score for e in found[:10] if e.hit.chunk != best.hit.chunk), default=0.0),
        "gap": best.score - found[1].score if len(found) > 1 else 0.0,
        "margin": best.score - sum(rest) / len(rest) if rest else 0.0,
        "cosine": best.hit.parts["dense"],
        "lexical": best.hit.parts["lexical"] / 60,
        "coverage": best.coverage,
        **_word_signs(query, best, index.lexical, catalog),
        **_phrase_signs(query, found, index),
        "read": best.read,
        "read_near": max(e.read for e in found[:4]),
        "read_all": float(np.logaddexp.reduce([e.read for e in found])),
        "fits": (1.0 if best.fits else -1.0) if asked else 0.0,
        "fits_near": (1.0 if any(e.fits for e in near) else -1.0) if asked else 0.0,
        "lacking": float(lacking),
        "length": min(len(best.sentence.text), 400) / 200,
        "topic": len(query.topic) / 30,
        "spread": len({e.sentence.document_id for e in found[:6]}) / 6,
        "together": sum(e.sentence.provision == best.sentence.provision for e in found[:6]) / 6,
        "scoped": float(query.documents is not None),
        "titled": float(bool(query.titles)),
        "english": float(query.is_english),
        "defines": float(best.defines),
    }
    return signs | {name: float(query.intent == name) for name in INTENT_SIGNS}


def _word_signs(query: Query, best: Evidence, lexical: Words, catalog: Catalog) -> dict[str, float]:
    """Return idf shares of the question's words: those that the provision holds, that no chunk holds, that the
    provision lacks, and that stand in the corpus but in none of the few documents that the question limits itself to."""
    words = [word for word in words_of(query.search_text) if len(word) > 1]
    idf = {word: lexical.idf(word) for word in words}
    total = sum(idf.values()) or 1.0
    told = normalise(f"{best.hit.chunk.context}\n{best.sentence.provision.text[:1500]}")
    held = {word for word in words if word in told}  # however the text is cut into words
    known = [word for word in words if lexical.knows(word)]
    return {
        "known_words": sum(idf[word] for word in words if word in held) / total,
        "unknown_words": sum(idf[word] for word in words if word not in known) / total,
        "missing_known": sum(idf[word] for word in known if word not in held) / total,
        "missing_here": sum(idf[word] for word in known if not _stands_here(word, query, catalog)) / total,
    }


def _phrase_signs(query: Query, found: Sequence[Evidence], index: PassageIndex) -> dict[str, float]:
    """Return how much of the longest phrase of the question that the corpus knows word for word stands in the evidence.

    全体会议 in a question and 常务会议 in the evidence: something else is meant. The corpus is the nearest chunks of all
    documents here, also of those that the question leaves out.
    """
    best = found[0]
    hits = index.search(query.search_text, top_k=PHRASE_HITS, dense_weight=0.2, rerank=False)
    known = "\n".join([h.chunk.text + h.chunk.context for h in hits] + [e.sentence.text for e in found[:30]])
    phrases = [phrase for phrase in phrases_of(query.topic) if phrase in known]
    told = best.sentence.provision.text + best.hit.chunk.context
    longest = max(map(len, phrases), default=0)
    here = max((len(phrase) for phrase in phrases if phrase in told), default=0)
    in_sentence = max((len(phrase) for phrase in phrases if phrase in best.sentence.text), default=0)
    return {
        "phrase": here / 8,
        "phrase_lost": float(here < longest),
        "phrase_cut": (longest - here) / 4,
        "phrase_elsewhere": (longest - in_sentence) / 4,
    }


def phrases_of(topic: str) -> list[str]:
    """Return the runs of four to nine Chinese characters of a topic, each once."""
    runs = re.findall(r"[\u4e00-\u9fff]{4,}", topic)
    cut = (run[i : i + size] for run in runs for size in range(4, 10) for i in range(len(run) - size + 1))
    return list(dict.fromkeys(cut))


def _stands_here(word: str, query: Query, catalog: Catalog) -> bool:
    ids = query.documents
    return not ids or len(ids) > FEW_DOCUMENTS or any(word in catalog.words_in(i) for i in ids)
