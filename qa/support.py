"""Is the best evidence an answer at all? Signs of it, weighed to one probability; below the limit it is refused.

The weights in support.json were fitted by `python -m eval.calibrate`: on questions written for training about other
documents, answered and not, and on the development questions.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path

import msgspec
import numpy as np

from index.backend import Words
from index.judge import LINES
from index.lexical import normalise
from index.store import PassageIndex
from qa.catalog import Catalog
from qa.evidence import Evidence
from qa.network import Networks
from qa.query import Query
from qa.words import WordMatcher, words_of

INTENT_SIGNS = ("number", "date", "who", "list", "definition", "procedure", "reason", "yes_no", "fact")
KINDS = {
    "原因": "reason",
    "地点": "site",
    "金额": "money",
    "处罚": "penalty",
    "电话": "phone",
    "姓名": "name",
    "具体内容": "items",
    "时长": "duration",
}  # of qa.attributes
LACKING = (
    "title",
    "place",
    "code",
    "year",
    "years",
    "kind",
    "noun",
    "sibling",
    "deed",
    *KINDS.values(),
)  # checks of qa.premise
BESIDES = ("amount", "organ", "permission")
SIGNS = (
    "score", "hit", "search", "second", "gap", "margin", "cosine", "lexical", "coverage", 
    "known_words", "unknown_words", "missing_known", "missing_here",
    "phrase", "phrase_lost", "phrase_cut", "phrase_elsewhere", "fits", "fits_near", "unit_missing", "length", "own",
    *(f"lacks_{name}" for name in LACKING), *(f"other_{name}" for name in BESIDES), "far_word", "far_words",
    "read", "read_near", "read_all", "answers", "answers_most", "answers_any", "contradicts", "contradicts_most", "topic", "spread", "together", "scoped", "titled", "english", "defines", *INTENT_SIGNS,
)  # fmt: skip
FEW_DOCUMENTS = 3
FAR_OFF = 12.0  # log odds beyond which no more is told
PHRASE_HITS = 20  # nearest chunks among which the question's phrases are looked up
MODEL_FILE = Path(__file__).with_name("support.json")


class SupportModel(msgspec.Struct, frozen=True):
    """The fitted networks over SIGNS, and the probability below which is refused."""

    limit: float
    model: Networks

    def probability(self, signs: Mapping[str, float]) -> float:
        """Return the probability that the evidence answers the question."""
        return self.model.probability([signs[name] for name in SIGNS])

    def effects(self, signs: Mapping[str, float]) -> dict[str, float]:
        """Return for each sign the log odds that it adds beside its usual value."""
        own = self.model.standardised([signs[name] for name in SIGNS])
        usual = np.tile(own, (len(own), 1))
        np.fill_diagonal(usual, 0.0)
        with_it, without = self.model.probabilities(own[None]), self.model.probabilities(usual)
        return dict(zip(SIGNS, (_log_odds(with_it) - _log_odds(without)).tolist(), strict=True))


def _log_odds(probabilities: np.ndarray) -> np.ndarray:
    kept = np.clip(probabilities, 1e-6, 1 - 1e-6)
    return np.log(kept / (1 - kept))


@cache
def support_model() -> SupportModel:
    """Return the fitted model that ships."""
    return msgspec.json.decode(MODEL_FILE.read_bytes(), type=SupportModel)


def signs_of(
    query: Query, found: Sequence[Evidence], index: PassageIndex, catalog: Catalog, matcher: WordMatcher,
    *, lacking: Mapping[str, str], besides: Collection[str], unit_missing: bool,
) -> dict[str, float]:  # fmt: skip
    """Return the signs of the evidence `found` (best first, not empty).

    `lacking` and `besides`: the checks of qa.premise that found something; `unit_missing`: no good sentence holds the
    kind of figure asked for.
    """
    best, asked = found[0], query.shape is not None
    checks = {*lacking, KINDS.get(lacking.get("kind", ""), "")}
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
        "unit_missing": float(unit_missing),
        **_judge_signs(found),
        "own": best.own_coverage,
        **{f"lacks_{name}": float(name in checks) for name in LACKING},
        **{f"other_{name}": float(name in besides) for name in BESIDES},
        **_far_signs(query, best, index.lexical, matcher),
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


def _judge_signs(found: Sequence[Evidence]) -> dict[str, float]:
    """Return what the judge says of the best sentence, and of all that it read."""
    answers = [max(-FAR_OFF, min(FAR_OFF, e.answers)) for e in found[:LINES]]
    contradicts = [max(-FAR_OFF, min(FAR_OFF, e.contradicts)) for e in found[:LINES]]
    return {
        "answers": answers[0], "answers_most": max(answers), "answers_any": float(np.logaddexp.reduce(answers)),
        "contradicts": contradicts[0], "contradicts_most": max(contradicts),
    }  # fmt: skip


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


def _far_signs(query: Query, best: Evidence, lexical: Words, matcher: WordMatcher) -> dict[str, float]:
    """Return how far the question's words are from any word of the provision: the farthest rare one, and all together."""
    words = [word for word in words_of(query.search_text) if len(word) > 1]
    told = words_of(f"{best.hit.chunk.context}\n{best.sentence.provision.text[:1500]}")
    if not words or not told:
        return {"far_word": 0.0, "far_words": 0.0}
    idf = np.array([lexical.idf(word) for word in words], dtype=np.float32)
    missing = idf - matcher.coverage(words, idf, [told])[0]
    return {"far_word": float(missing.max()) / 12, "far_words": float(missing.sum() / (idf.sum() or 1.0))}


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
