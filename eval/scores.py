"""Outcomes in; figures for each question, and their means over groups of questions, out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from eval import metrics
from eval.questions import Place
from eval.runner import ERROR, FUSED, Outcome

RECALL_AT = (1, 5, 10, 50)
CURVE_AT = (1, 2, 3, 5, 10, 20, 30, 50)

# Each is between 0 and 1, higher is better: the mean over the questions for which it is defined.
FIGURES = {
    "right": "right: facts, first citation and status as wanted",
    "facts": "share of required facts in the answer",
    "all_facts": "all required facts in the answer",
    "first_citation": "first citation right",
    "first_citation_strict": "first citation right, same label",
    "citation_precision": "citation precision",
    "citation_precision_strict": "citation precision, same label",
    "citation_recall": "citation recall",
    "citation_recall_strict": "citation recall, same label",
    "answered": "answerable and not refused",
    "refused": "unanswerable or wrong premise, and refused",
    "premise_corrected": "wrong premise, and put right",
    "exact_status": "status exactly as wanted",
    "verified": "all citations of the answer verified",
    "recall_at_1": "provision recall@1",
    "recall_at_5": "provision recall@5",
    "recall_at_10": "provision recall@10",
    "recall_at_50": "provision recall@50",
    "recall_at_1_strict": "provision recall@1, same label",
    "recall_at_10_strict": "provision recall@10, same label",
    "mrr": "MRR of provisions",
    "ndcg_at_10": "nDCG@10 of provisions",
}


@dataclass(frozen=True)
class Score:
    """One outcome with its figures and what went wrong in words; a figure not defined for it is absent."""

    outcome: Outcome
    figures: dict[str, float]
    failures: tuple[str, ...]


@dataclass(frozen=True)
class Summary:
    """The figures of a group of questions; a figure that no question of the group defines is absent."""

    questions: int
    figures: dict[str, float]
    wrong_refusals: int
    wrongly_answered: int  # unanswerable or wrong premise, but not refused
    errors: int
    citations: int
    unverified: int
    latency_p50_ms: float | None
    latency_p95_ms: float | None
    length_p50: float | None  # characters of the answers given


def score_outcome(outcome: Outcome) -> Score:
    """Return the figures and failures of one outcome."""
    figures = _answer_figures(outcome) | _search_figures(outcome)
    return Score(
        outcome, {name: figures[name] for name in FIGURES if name in figures}, tuple(_failures(outcome))
    )


def summarise(scores: Sequence[Score]) -> Summary:
    """Return the means of all figures over these questions, with counts and percentiles."""
    figures = {
        name: sum(values) / len(values)
        for name in FIGURES
        if (values := [score.figures[name] for score in scores if name in score.figures])
    }
    outcomes = [score.outcome for score in scores]
    given = [outcome for outcome in outcomes if not outcome.error]
    latencies = [outcome.latency_ms for outcome in given]
    lengths = [float(length) for length in answer_lengths(scores)]
    return Summary(
        questions=len(scores),
        figures=figures,
        wrong_refusals=sum(score.figures.get("answered") == 0 for score in scores if not score.outcome.error),
        wrongly_answered=sum(
            score.figures.get("refused") == 0 for score in scores if not score.outcome.error
        ),
        errors=len(outcomes) - len(given),
        citations=sum(len(outcome.cited) for outcome in outcomes),
        unverified=sum(len(outcome.unverified) for outcome in outcomes),
        latency_p50_ms=metrics.percentile(latencies, 0.5),
        latency_p95_ms=metrics.percentile(latencies, 0.95),
        length_p50=metrics.percentile(lengths, 0.5),
    )


def group_by(scores: Sequence[Score], key: Callable[[Score], str]) -> dict[str, Summary]:
    """Return the summary of each group, in the order in which the groups first appear."""
    names = dict.fromkeys(key(score) for score in scores)
    return {name: summarise([score for score in scores if key(score) == name]) for name in names}


def recall_curves(scores: Sequence[Score]) -> dict[str, list[float]]:
    """Return recall@k for each k of CURVE_AT: of the fused ranking first, then of each retriever's part."""
    outcomes = [score.outcome for score in scores if not score.outcome.error]
    wanted = [o for o in outcomes if o.findable and o.question.answerable]
    names = sorted(
        {name for outcome in wanted for name in outcome.rankings}, key=lambda name: (name != FUSED, name)
    )
    return {
        name: [
            sum(metrics.recall_at_k(_ranking(o, name), o.findable, k) for o in wanted) / len(wanted)
            for k in CURVE_AT
        ]
        for name in names
    }


def answer_lengths(scores: Sequence[Score]) -> list[int]:
    """Return the length in characters of every answer with status "answered"."""
    return [
        metrics.answer_length(score.outcome.text) for score in scores if score.outcome.status == "answered"
    ]


def required_ranks(outcome: Outcome) -> list[int | None]:
    """Return each required citation's rank (from 1) in the fused search; None below the search depth."""
    return [metrics.rank_of(_ranking(outcome, FUSED), item) for item in outcome.findable]


def _ranking(outcome: Outcome, name: str) -> tuple[Place, ...]:
    return outcome.rankings.get(name, ())


def _answer_figures(outcome: Outcome) -> dict[str, float]:
    question = outcome.question
    found: dict[str, float | None] = {
        "exact_status": outcome.status == question.status,
        "right": not _wrong(outcome),
        "verified": not outcome.unverified if outcome.cited else None,
    }
    facts = metrics.facts_found(outcome.text, question.facts)
    if not question.answerable:
        found["refused"] = metrics.handles_unanswerable(outcome.status)
        found["premise_corrected"] = None if facts is None else facts == 1
        return _defined(found)
    found["answered"] = outcome.status != ERROR and not metrics.is_refusal(outcome.status, outcome.cited)
    found["facts"], found["all_facts"] = facts, None if facts is None else facts == 1
    for ending, lenient in (("", True), ("_strict", False)):
        cited, required = outcome.cited, question.citations
        found["first_citation" + ending] = metrics.first_citation_right(cited, required, lenient=lenient)
        found["citation_recall" + ending] = metrics.citation_recall(cited, required, lenient=lenient)
        if required:
            found["citation_precision" + ending] = metrics.citation_precision(
                cited, required, lenient=lenient
            )
    return _defined(found)


def _search_figures(outcome: Outcome) -> dict[str, float]:
    """Figures of the search for answerable questions; a wrong premise need not be found to be refused."""
    required, ranked = outcome.findable, _ranking(outcome, FUSED)
    if not required or not outcome.question.answerable:
        return {}
    figures = {f"recall_at_{k}": metrics.recall_at_k(ranked, required, k) for k in RECALL_AT}
    figures |= {
        f"recall_at_{k}_strict": metrics.recall_at_k(ranked, required, k, lenient=False) for k in (1, 10)
    }
    return figures | {
        "mrr": metrics.reciprocal_rank(ranked, required),
        "ndcg_at_10": metrics.ndcg_at_k(ranked, required, 10),
    }


def _defined(figures: dict[str, float | None]) -> dict[str, float]:
    return {name: float(value) for name, value in figures.items() if value is not None}


def _wrong(outcome: Outcome) -> list[str]:
    """Return what keeps the answer from being right."""
    question, cited = outcome.question, outcome.cited
    if outcome.error:
        return [f"error: {outcome.error}"]
    if not question.answerable:
        return (
            [] if metrics.handles_unanswerable(outcome.status) else [f"not refused: status {outcome.status}"]
        )
    if question.status == "unclear" and outcome.status == "unclear":
        return []  # asking back is right, with or without an answer per district
    if question.status == "unclear" and not (question.facts or question.citations):
        return [f"not asked back: status {outcome.status}"]
    if metrics.is_refusal(outcome.status, cited):
        return [f"wrongly refused: status {outcome.status}"]
    wrong = [f"fact missing: {fact}" for fact in metrics.missing_facts(outcome.text, question.facts)]
    if metrics.first_citation_right(cited, question.citations) is False:
        wrong.append("first citation wrong")
    return wrong


def _failures(outcome: Outcome) -> list[str]:
    """Return what is worth reading: what is wrong, required citations left out, and unverified quotes."""
    failures = _wrong(outcome)
    if outcome.question.answerable and not failures:
        ranks = [metrics.rank_of(outcome.cited, item) for item in outcome.question.citations]
        missed = sum(rank is None for rank in ranks)
        if missed and outcome.status == "answered":
            failures.append(f"{missed} of {len(ranks)} required citations missing")
    return failures + [f"unverified: {problem}" for problem in outcome.unverified]
