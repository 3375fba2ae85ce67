"""An Explanation in, the safe HTML of the panel under an answer out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from qa.explain import Explanation, Judgement, Weighed
from web.chat.explanation_texts import ExplanationTexts
from web.texts import Texts


def why_html(texts: Texts) -> str:
    """Return the panel of an answer, closed; it is filled when it is first opened (chat.js)."""
    words = texts.explanation
    return (
        f'<details class="why"><summary>{escape(words.title)}</summary>'
        f'<div class="why-text" aria-live="polite"><p>{escape(words.pending)}</p></div></details>'
    )


def explanation_html(explanation: Explanation, texts: Texts) -> str:
    """Return what the panel holds: the question as understood, how it was answered, the judgement, text and hits."""
    words = texts.explanation
    parts = [
        (words.understood, _query(explanation, texts)),
        (words.step, f"<p>{escape(words.steps.get(explanation.step, explanation.step))}</p>"),
        (words.judgement, _judgement(explanation.judgement, words)),
        (words.sentences, _lead(explanation, texts) + _ranking(explanation.sentences, words)),
        (words.hits, _ranking(explanation.hits, words)),
    ]
    return "".join(f"<h4>{escape(title)}</h4>{html}" for title, html in parts if html)


def _query(explanation: Explanation, texts: Texts) -> str:
    words = texts.explanation
    facts = [(words.resolved, explanation.resolved)] if explanation.resolved != explanation.question else []
    facts += [
        (words.query.get(name, name), _value(name, value, texts))
        for name, value in explanation.query.items()
        if value
    ]
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts)
    return f'<dl class="facts">{rows}</dl>'


def _value(name: str, value: Any, texts: Texts) -> str:
    if name == "intent":
        return texts.explanation.intents.get(value, value)
    if name == "as_of":
        return texts.date(value)
    return texts.joiner.join(map(str, value)) if isinstance(value, list) else str(value)


def _judgement(judgement: Judgement | None, words: ExplanationTexts) -> str:
    if judgement is None:
        return ""
    probability, limit = f"{judgement.probability:.0%}", f"{judgement.limit:.0%}"
    told = [words.probability.format(probability=probability, limit=limit)]
    if judgement.lacking:
        told.append(words.lacking.format(words=judgement.lacking))
    elif not judgement.supported and judgement.probability >= judgement.limit:
        told.append(words.unfit)
    lines = "".join(f"<p>{escape(line)}</p>" for line in [*told, words.signs])
    return lines + _measures({sign.name: sign.effect for sign in judgement.signs}, words, signed=True)


def _lead(explanation: Explanation, texts: Texts) -> str:
    if not explanation.lead:
        return ""
    words = texts.explanation
    named = texts.joiner.join(
        f"{words.measures.get(name, name)} {value:+.2f}" for name, value in explanation.lead.items()
    )
    return f"<p>{escape(words.lead.format(words=named))}</p>"


def _ranking(ranked: Sequence[Weighed], words: ExplanationTexts) -> str:
    items = "".join(
        f"<li{' class=chosen' if item.chosen else ''}><p><strong>{item.score:.2f}</strong> "
        f"{escape(item.document + item.label)}{_chosen(item, words)}</p>"
        f'<p class="weighed" lang="zh-CN">{escape(item.text)}</p>{_measures(item.parts, words)}</li>'
        for item in ranked
    )
    return f"<ol>{items}</ol>" if items else ""


def _chosen(item: Weighed, words: ExplanationTexts) -> str:
    return f' <span class="badge in_force">{escape(words.chosen)}</span>' if item.chosen else ""


def _measures(values: Mapping[str, float], words: ExplanationTexts, *, signed: bool = False) -> str:
    shown = "".join(
        f"<li>{escape(words.measures.get(name, name))} {value:{'+' if signed else ''}.2f}</li>"
        for name, value in values.items()
        if value
    )
    return f'<ul class="measures">{shown}</ul>'
