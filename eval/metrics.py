"""Rankings, citations and answer texts in, figures between 0 and 1 out: pure functions."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence

from eval.labels import HAN_NUMERALS, labels_match
from eval.questions import Alternatives, Place, Required

MARKER = re.compile(r"〔\d{1,2}〕")  # a document number has four digits: 〔2023〕
DIGIT_GAP = re.compile(r"(?<=\d)\s+(?=\d)")
DIGIT, HAN = r"\d", f"[{HAN_NUMERALS}]"


def place_matches(place: Place, alternatives: Alternatives, *, lenient: bool = True) -> bool:
    """True when `place` is one of the alternatives: the same document, and labels that match."""
    return any(
        place.document_id == wanted.document_id and labels_match(place.label, wanted.label, lenient=lenient)
        for wanted in alternatives
    )


def rank_of(ranked: Sequence[Place], alternatives: Alternatives, *, lenient: bool = True) -> int | None:
    """Return the rank (from 1) of the first place that is one of the alternatives; None for none."""
    return next(
        (rank for rank, place in enumerate(ranked, 1) if place_matches(place, alternatives, lenient=lenient)),
        None,
    )


def recall_at_k(ranked: Sequence[Place], required: Required, k: int, *, lenient: bool = True) -> float:
    """Return the share of required citations met among the first k; `required` must not be empty."""
    met = sum(rank_of(ranked[:k], alternatives, lenient=lenient) is not None for alternatives in required)
    return met / len(required)


def reciprocal_rank(ranked: Sequence[Place], required: Required, *, lenient: bool = True) -> float:
    """Return 1 / rank of the first place that meets any required citation; 0 when none does."""
    ranks = [rank for item in required if (rank := rank_of(ranked, item, lenient=lenient)) is not None]
    return 1 / min(ranks) if ranks else 0.0


def ndcg_at_k(ranked: Sequence[Place], required: Required, k: int, *, lenient: bool = True) -> float:
    """Return the discounted gain over the best possible one: each required citation gains 1 where first met.

    The gain at rank r is divided by log2(r + 1). One place may meet several, so the ratio is capped at 1.
    """
    ranks = [rank for item in required if (rank := rank_of(ranked[:k], item, lenient=lenient)) is not None]
    gain = sum(1 / math.log2(rank + 1) for rank in ranks)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(required), k) + 1))
    return min(1.0, gain / ideal)


def citation_precision(cited: Sequence[Place], required: Required, *, lenient: bool = True) -> float | None:
    """Return the share of citations that meet a required one; None when nothing is cited."""
    if not cited:
        return None
    right = sum(any(place_matches(place, item, lenient=lenient) for item in required) for place in cited)
    return right / len(cited)


def citation_recall(cited: Sequence[Place], required: Required, *, lenient: bool = True) -> float | None:
    """Return the share of required citations that are cited; None when none is required."""
    return recall_at_k(cited, required, len(cited), lenient=lenient) if required else None


def first_citation_right(cited: Sequence[Place], required: Required, *, lenient: bool = True) -> bool | None:
    """True when the first citation meets a required one; None when none is required.

    False also when nothing is cited.
    """
    if not required:
        return None
    return bool(cited) and any(place_matches(cited[0], item, lenient=lenient) for item in required)


def fact_found(text: str, alternatives: Sequence[str]) -> bool:
    """True when the answer text holds any of the spellings, white space, width and citation markers aside.

    Numerals count as written and whole: 5日 is not found in 15日 or 2.5日, nor 三天 in 十三天; 12:00 is in 8:00至12:00 13:00至20:00.
    """
    plain = strip_markers(text)
    answers = (normalise(plain), normalise(DIGIT_GAP.sub("；", plain)))
    patterns = [_fact_pattern(normalise(fact)) for fact in alternatives]
    return any(pattern.search(answer) is not None for pattern in patterns for answer in answers)


def missing_facts(text: str, facts: Sequence[Sequence[str]]) -> list[str]:
    """Return the first spelling of each required fact that the answer text lacks."""
    return [alternatives[0] for alternatives in facts if not fact_found(text, alternatives)]


def facts_found(text: str, facts: Sequence[Sequence[str]]) -> float | None:
    """Return the share of required facts that the answer text holds; None when none is required."""
    return (len(facts) - len(missing_facts(text, facts))) / len(facts) if facts else None


def answer_length(text: str) -> int:
    """Return the number of characters of an answer, its citation markers aside."""
    return len(strip_markers(text).strip())


def handles_unanswerable(status: str) -> bool:
    """True for the statuses that rightly meet a question with no answer or with a wrong premise."""
    return status in ("not_found", "wrong_premise")


def is_refusal(status: str, cited: Sequence[Place]) -> bool:
    """True when an answer gives nothing: not found, premise rejected, or asking back without an answer."""
    return handles_unanswerable(status) or (status == "unclear" and not cited)


def strip_markers(text: str) -> str:
    """Return the text without citation markers such as 〔1〕; document numbers stay."""
    return MARKER.sub("", text)


def normalise(text: str) -> str:
    """Return the text in one width (NFKC) and without white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def mean(values: Sequence[float]) -> float | None:
    """Return the mean; None of nothing."""
    return sum(values) / len(values) if values else None


def percentile(values: Sequence[float], share: float) -> float | None:
    """Return the smallest value that at least `share` of them do not exceed (nearest rank), None of none."""
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def _fact_pattern(fact: str) -> re.Pattern[str]:
    """Match the fact where no longer number surrounds it."""
    before = after = ""
    if re.match(DIGIT, fact):
        before = r"(?<!\d)(?<!\d\.)"
    elif re.match(HAN, fact):
        before = f"(?<!{HAN})"
    if re.match(DIGIT, fact[-1:]):
        after = r"(?!\d)(?!\.\d)"
    elif re.match(HAN, fact[-1:]):
        after = f"(?!{HAN})"
    return re.compile(before + re.escape(fact) + after)
