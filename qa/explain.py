"""Why an answer is what it is: the parsed question, the hits, the sentences weighed, the judgement, the deciding step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from index.store import Hit
from ingest.document import Document
from qa.answer import Answer
from qa.citations import mask_mobile_numbers
from qa.evidence import Evidence
from qa.extractive import ExtractiveAnswerer
from qa.naming import document_name
from qa.query import Query
from qa.support import support_model

MOST_HITS, MOST_SENTENCES, MOST_SIGNS, MOST_LEADS = 8, 5, 8, 4
SHOWN_TEXT = 160  # characters of a hit or a sentence
DIGITS = 4


@dataclass(frozen=True)
class Weighed:
    """A hit or a sentence with its score and the parts behind it; `chosen` when the answer quotes it."""

    document: str  # 《title》（number）
    label: str
    text: str
    score: float
    parts: dict[str, float]
    chosen: bool


@dataclass(frozen=True)
class Sign:
    """A sign by which evidence is judged; `effect` is what it adds to the logit of the probability."""

    name: str
    value: float
    effect: float


@dataclass(frozen=True)
class Judgement:
    """Whether the evidence answers the question: refused below `limit`, or for what is `lacking` in it."""

    supported: bool
    probability: float
    limit: float
    lacking: str | None  # where it is refused, what the evidence does not speak of
    signs: tuple[Sign, ...]  # those that weighed most, either way


@dataclass(frozen=True)
class Explanation:
    """Sentences, lead and judgement are empty where the question was settled before evidence was read."""

    question: str
    resolved: str  # the question as it stands alone, with what it leaves to the turns before
    query: dict[str, Any]
    step: str  # of qa.extractive.ExtractiveAnswerer, which settled the question
    status: str
    hits: tuple[Weighed, ...]
    sentences: tuple[Weighed, ...]
    lead: dict[str, float]  # the parts in which the chosen sentence is ahead of the best other one
    judgement: Judgement | None


def explain_answer(
    answer: Answer, query: Query, hits: Sequence[Hit], answerer: ExtractiveAnswerer, *, mask: bool
) -> Explanation:
    """Return the explanation of the answer that `answerer` gave to `query`; asks no generator."""
    step, found, _ = answerer.settled(query)
    shown = _Shown(answer, answerer.catalog.by_id, mask_mobile_numbers if mask else str)
    sentences = [shown.sentence(evidence) for evidence in found]
    return Explanation(
        question=answer.question,
        resolved=query.question,
        query=_parsed(query),
        step=step,
        status=answer.status,
        hits=tuple(shown.hit(hit) for hit in hits[:MOST_HITS]),
        sentences=_best_and_chosen(sentences),
        lead=_lead(sentences),
        judgement=_judgement(query, found, answerer) if found else None,
    )


def explanation_to_json(explanation: Explanation) -> dict[str, Any]:
    """Return the explanation as a JSON object, its keys in the order of the fields."""
    return dict(msgspec.to_builtins(explanation))


def explanation_as_text(explanation: Explanation) -> str:
    """Return the explanation as the terminal shows it, in the names of its JSON."""
    lines = [f"question: {explanation.question}"]
    if explanation.resolved != explanation.question:
        lines.append(f"resolved: {explanation.resolved}")
    lines += [f"query.{name}: {_words(value)}" for name, value in explanation.query.items() if value]
    lines.append(f"step: {explanation.step} -> {explanation.status}")
    if judged := explanation.judgement:
        lines.append(
            f"judgement: {'supported' if judged.supported else 'refused'}, "
            f"probability {judged.probability:.3f}, limit {judged.limit:.3f}"
            + (f", lacking {judged.lacking}" if judged.lacking else "")
        )
        lines += [f"  {sign.name} = {sign.value:g} -> {sign.effect:+.3f}" for sign in judged.signs]
    lines += _ranking("sentences", explanation.sentences)
    if explanation.lead:
        lines.append(f"lead of the chosen sentence: {_words(explanation.lead)}")
    return "\n".join([*lines, *_ranking("hits", explanation.hits)])


def _ranking(name: str, ranked: Sequence[Weighed]) -> list[str]:
    lines = [f"{name}:"] if ranked else []
    for item in ranked:
        sign = "*" if item.chosen else " "
        lines.append(f"{sign} {item.score:.4f} {item.document}{item.label} ({_words(item.parts)})")
        lines.append(f"    {item.text}")
    return lines


def _words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(
            f"{name} {part if isinstance(part, str) else f'{part:g}'}" for name, part in value.items()
        )
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _parsed(query: Query) -> dict[str, Any]:
    """Return what was understood of the question, document ids as they are."""
    return {
        "intent": query.intent,
        "topic": query.topic,
        "numbers": [number.doc_no for number in query.numbers],
        "labels": [label.names()[0] for label in query.labels],
        "places": [place for place, _ in query.places],
        "titles": list(query.titles),
        "years": list(query.years),
        "editions": list(query.editions),
        "as_of": query.as_of.isoformat(),
    }


class _Shown:
    """Makes what is shown of hits and sentences: masked, cut, and marked when the answer quotes it."""

    def __init__(self, answer: Answer, documents: dict[str, Document], mask: Callable[[str], str]) -> None:
        self.documents, self.mask = documents, mask
        self.quoted = [(c.document_id, c.start, c.end) for c in answer.citations]

    def hit(self, hit: Hit) -> Weighed:
        chunk = hit.chunk
        return self._weighed(
            chunk.document_id, chunk.label, chunk.text, (chunk.start, chunk.end), hit.score, hit.parts
        )

    def sentence(self, evidence: Evidence) -> Weighed:
        s = evidence.sentence
        return self._weighed(
            s.document_id, s.provision.label, s.text, (s.start, s.end), evidence.score, evidence.parts
        )

    def _weighed(
        self,
        document_id: str,
        label: str,
        text: str,
        span: tuple[int, int],
        score: float,
        parts: Mapping[str, float],
    ) -> Weighed:
        chosen = any(i == document_id and a < span[1] and span[0] < b for i, a, b in self.quoted)
        words = self.mask(" ".join(text.split()))
        cut = words if len(words) <= SHOWN_TEXT else words[:SHOWN_TEXT] + "…"
        name = document_name(self.documents[document_id])
        rounded = {part: round(float(value), DIGITS) for part, value in parts.items()}
        return Weighed(name, label, cut, round(float(score), DIGITS), rounded, chosen)


def _best_and_chosen(sentences: Sequence[Weighed]) -> tuple[Weighed, ...]:
    """Return the best sentences, and the first one quoted although it is none of them."""
    best = tuple(sentences[:MOST_SENTENCES])
    chosen = [sentence for sentence in sentences if sentence.chosen][:1]
    return best if any(sentence.chosen for sentence in best) else (*best, *chosen)


def _lead(sentences: Sequence[Weighed]) -> dict[str, float]:
    """Return the parts in which the first chosen sentence is ahead of the best one that was not chosen, most first."""
    chosen = next((sentence for sentence in sentences if sentence.chosen), None)
    other = next((sentence for sentence in sentences if not sentence.chosen), None)
    if chosen is None or other is None:
        return {}
    ahead = {name: round(value - other.parts.get(name, 0.0), DIGITS) for name, value in chosen.parts.items()}
    ranked = sorted(ahead.items(), key=lambda pair: -pair[1])
    return {name: value for name, value in ranked[:MOST_LEADS] if value > 0}


def _judgement(query: Query, found: Sequence[Evidence], answerer: ExtractiveAnswerer) -> Judgement:
    model, signs = support_model(), answerer.signs(query, found)
    weighed = [Sign(name, signs[name], effect) for name, effect in model.effects(signs).items()]
    most = sorted(weighed, key=lambda sign: -abs(sign.effect))[:MOST_SIGNS]
    supported = answerer.supports(query, found)
    lacking = None if supported else next(iter(answerer.premises.lacking(query, found).values()), None)
    return Judgement(
        supported=supported,
        probability=round(model.probability(signs), DIGITS),
        limit=model.limit,
        lacking=lacking,
        signs=tuple(Sign(s.name, round(s.value, DIGITS), round(s.effect, DIGITS)) for s in most if s.effect),
    )
