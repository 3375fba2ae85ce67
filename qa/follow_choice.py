"""Which reading of a follow-up is meant, or whether it is a new topic: by its words, and by how well each is answered.

The weights in follow_up.json were fitted by `python -m eval.follow_ups` on conversations written for training about other
documents, and on the development questions.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from index.lexical import normalise
from qa.answer import ANSWERED, NOT_FOUND, UNCLEAR
from qa.before import Before, Resolved
from qa.draft import Draft
from qa.follow_forms import is_led, topic_words
from qa.network import Networks
from qa.query import Query

MODEL_FILE = Path(__file__).with_name("follow_up.json")
WAYS = (
    "alone",  # a question of its own
    "rule",  # what the form of the follow-up says: another place, another version, a part exchanged, a pronoun
    "about",  # with the subject of the question before, of that document
    "after",  # behind the question before, of that document
    "elsewhere",  # the question before, of the place that is named
    "there",  # as it stands, of the document that was cited
)
POINTING = re.compile(r"它|这|那|他们|该|上述|此")
OWN = (
    "sure",
    "surer",
    "below_best",
    "weighed",
    "answered",
    "unclear",
    "score",
    "read",
    "same_document",
    "length",
    "repeats",
    "held",
)
ASKED = (
    "words",
    "letters",
    "led",
    "place",
    "ending",
    "pointing",
    "document",
    "sure_alone",
    "figure",
    "yes_no",
    "fact",
)
CROSSED = ("words", "led", "place", "sure", "sure_alone", "has_rule")
SIGNS = (*OWN, *ASKED, "has_rule", *WAYS, *(f"{way}_{name}" for way in WAYS for name in CROSSED))
LEAST = 1e-3  # probability


@dataclass(frozen=True)
class Reading:
    """A way to read a follow-up, and what is answered then."""

    way: str
    resolved: Resolved
    draft: Draft


@cache
def follow_up_model() -> Networks:
    """Return the fitted model that ships."""
    return msgspec.json.decode(MODEL_FILE.read_bytes(), type=Networks)


def meant(query: Query, before: Before, readings: Sequence[Reading]) -> Resolved:
    """Return the reading that is likeliest the one meant; `query` is the follow-up as it stands, alone the first of `readings`."""
    model, signs = follow_up_model(), signs_of(query, before, readings)
    bare = not topic_words(query) and any(one.draft.status == ANSWERED for one in readings[1:])
    best = max(
        range(bare, len(readings)),  # 谁负责？ names nothing that it could ask about by itself
        key=lambda at: model.probability([signs[at][name] for name in SIGNS]),
    )
    chosen, alone = readings[best], readings[0]
    unanswered = chosen.draft.status == alone.draft.status == NOT_FOUND
    return alone.resolved if unanswered and chosen.way in ("about", "after") else chosen.resolved


def signs_of(query: Query, before: Before, readings: Sequence[Reading]) -> list[dict[str, float]]:
    """Return the signs of each reading."""
    sure = [_sure(one.draft) for one in readings]
    alone = next(odds for one, odds in zip(readings, sure, strict=True) if one.way == "alone")
    words = topic_words(query)
    asked = {
        "words": len(words) / 3, "letters": len(query.text) / 10, "led": float(is_led(query.text)),
        "place": float(bool(query.places)), "ending": float(query.text.rstrip("？?。").endswith("呢")),
        "pointing": float(bool(POINTING.search(query.text))), "document": float(before.document is not None),
        "sure_alone": alone, "figure": float(query.intent in ("number", "date")),
        "yes_no": float(query.intent == "yes_no"), "fact": float(query.intent == "fact"),
        "has_rule": float(any(one.way == "rule" for one in readings)),
    }  # fmt: skip
    named = [word for word, _ in words]
    return [
        _signs(one, odds, max(sure), asked, named, before) for one, odds in zip(readings, sure, strict=True)
    ]


def _signs(
    one: Reading, odds: float, best: float, asked: dict[str, float], words: Sequence[str], before: Before
) -> dict[str, float]:
    weighed = one.draft.weighed
    own = {
        "sure": odds, "surer": odds - asked["sure_alone"], "below_best": odds - best, "weighed": float(weighed is not None),
        "answered": float(one.draft.status == ANSWERED), "unclear": float(one.draft.status == UNCLEAR),
        "score": weighed.score if weighed else 0.0, "read": weighed.read if weighed else 0.0,
        "same_document": float(bool(weighed and before.document and weighed.document_id == before.document.document_id)),
        "length": len(one.resolved.question) / 20, "repeats": float(_repeats(one.draft, before)),
        "held": _held(one.draft, words),
    }  # fmt: skip
    signs = own | asked | {way: float(one.way == way) for way in WAYS}
    return signs | {f"{way}_{name}": signs[way] * signs[name] for way in WAYS for name in CROSSED}


def _repeats(draft: Draft, before: Before) -> bool:
    """Say whether the words that answer are those that answered before."""
    earlier = before.statement
    if earlier is None or not draft.statements:
        return False
    told = draft.statements[0]
    return told.document_id == earlier.document_id and told.start < earlier.end and earlier.start < told.end


def _held(draft: Draft, words: Sequence[str]) -> float:
    """Return the share of the follow-up's own words that the answer says."""
    told = normalise(draft.statements[0].text) if draft.statements else ""
    return sum(word in told for word in words) / (len(words) or 1)


def _sure(draft: Draft) -> float:
    """Return the log odds, scaled, that what is answered is an answer; 0 where nothing was weighed."""
    if draft.weighed is None:
        return 0.0
    probability = min(max(draft.weighed.probability, LEAST), 1 - LEAST)
    return math.log(probability / (1 - probability)) / 3
