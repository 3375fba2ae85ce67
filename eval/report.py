"""Scores in; report.json, report.md and plots out. Held-out questions are counted and never shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.metrics import place_matches
from eval.questions import LANGUAGES, STYLES, TYPES, Alternatives, Place
from eval.runner import FUSED
from eval.scores import (
    CURVE_AT,
    FIGURES,
    Score,
    Summary,
    answer_lengths,
    group_by,
    recall_curves,
    required_ranks,
    summarise,
)

TABLE_FIGURES = (
    "right", "all_facts", "first_citation", "citation_precision", "citation_recall", "refused",
    "exact_status", "recall_at_1", "recall_at_10", "mrr",
)  # fmt: skip
GROUPS: dict[str, tuple[str, ...]] = {"type": TYPES, "style": STYLES, "language": LANGUAGES, "file": ()}
PLOTS = ("by_type.png", "latency.png", "answer_length.png", "recall_at_k.png")


def _number(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


COUNTS: dict[str, Callable[[Summary], str]] = {
    "questions": lambda s: str(s.questions),
    "wrong refusals": lambda s: str(s.wrong_refusals),
    "wrongly answered": lambda s: str(s.wrongly_answered),
    "errors": lambda s: str(s.errors),
    "citations": lambda s: str(s.citations),
    "unverified citations": lambda s: str(s.unverified),
    "latency p50 (ms)": lambda s: _number(s.latency_p50_ms, 1),
    "latency p95 (ms)": lambda s: _number(s.latency_p95_ms, 1),
    "answer length p50": lambda s: _number(s.length_p50, 0),
}


@dataclass(frozen=True)
class Made:
    """When a report was made, and of which index: the name of its build, the fingerprint of its corpus."""

    at: str
    index_build: str
    corpus: str


def write_report(scores: Sequence[Score], out: Path, *, made: Made | None = None) -> None:
    """Write report.json, report.md and the plots into `out`, which is made where it is missing."""
    from eval import plots  # matplotlib: a slow import

    out.mkdir(parents=True, exist_ok=True)
    report = {"made": asdict(made) if made else None, **build_report(scores)}
    (out / "report.json").write_text(
        json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    (out / "report.md").write_text(render_markdown(scores), encoding="utf-8")
    plots.plot_groups(_grouped(scores, "type"), out / PLOTS[0])
    plots.plot_latencies([s.outcome.latency_ms for s in scores if not s.outcome.error], out / PLOTS[1])
    plots.plot_lengths(answer_lengths(scores), out / PLOTS[2])
    plots.plot_recall(recall_curves(scores), CURVE_AT, out / PLOTS[3])


def build_report(scores: Sequence[Score]) -> dict[str, Any]:
    """Return the report as JSON: summaries of all groups, and each question that is not held out."""
    return {
        "overall": {name: asdict(summary) for name, summary in overall(scores).items()},
        **{
            f"by_{group}": {name: asdict(summary) for name, summary in _grouped(scores, group).items()}
            for group in GROUPS
        },
        "recall_at_k": {"k": list(CURVE_AT), **recall_curves(scores)},
        "questions": [_question_json(score) for score in scores if not score.outcome.question.held_out],
    }


def overall(scores: Sequence[Score]) -> dict[str, Summary]:
    """Return the summary of all questions and, where some are held out, of the open and the held-out ones."""
    held_out = [score for score in scores if score.outcome.question.held_out]
    if not held_out:
        return {"all": summarise(scores)}
    still_open = [score for score in scores if not score.outcome.question.held_out]
    return {"all": summarise(scores), "open": summarise(still_open), "held out": summarise(held_out)}


def render_table(scores: Sequence[Score]) -> str:
    """Return the compact table for the terminal: one figure a line, one column for each overall summary."""
    summaries = overall(scores)
    rows = [
        (FIGURES[name], name, [_number(s.figures.get(name)) for s in summaries.values()]) for name in FIGURES
    ]
    rows += [("", label, [value(s) for s in summaries.values()]) for label, value in COUNTS.items()]
    head = " ".join(f"{name:>9}" for name in summaries)
    lines = [f"{'':28}{head}"]
    lines += [
        f"{name:28}{' '.join(f'{cell:>9}' for cell in cells)}  {what}".rstrip() for what, name, cells in rows
    ]
    return "\n".join(lines)


def render_markdown(scores: Sequence[Score]) -> str:
    """Return report.md: tables overall and by group, the plots, then every open failure for reading."""
    parts = ["# Evaluation", "", *_overall_table(overall(scores)), ""]
    for group in GROUPS:
        parts += [f"## By {group}", "", *_group_table(group, _grouped(scores, group)), ""]
    parts += ["## Plots", "", *(f"![{name.removesuffix('.png')}]({name})" for name in PLOTS), ""]
    failed = [score for score in scores if score.failures]
    shown = [score for score in failed if not score.outcome.question.held_out]
    parts += [f"## Failures ({len(shown)})", ""]
    if len(shown) < len(failed):
        parts += [f"{len(failed) - len(shown)} more in held-out files are counted, and not shown.", ""]
    for score in shown:
        parts += [*_failure(score), ""]
    return "\n".join(parts).rstrip() + "\n"


def _grouped(scores: Sequence[Score], group: str) -> dict[str, Summary]:
    """Return the summary of each group, in the order in which the gold format names them."""
    summaries = group_by(scores, lambda score: str(getattr(score.outcome.question, group)))
    return {name: summaries[name] for name in GROUPS[group] or summaries if name in summaries}


def _overall_table(summaries: dict[str, Summary]) -> list[str]:
    rows = [["figure", *summaries, "meaning"]]
    rows += [
        [name, *(_number(s.figures.get(name)) for s in summaries.values()), FIGURES[name]] for name in FIGURES
    ]
    rows += [[label, *(value(s) for s in summaries.values()), ""] for label, value in COUNTS.items()]
    return _table(rows)


def _group_table(group: str, summaries: dict[str, Summary]) -> list[str]:
    rows = [[group, "n", *TABLE_FIGURES, "p95 ms"]]
    for name, summary in summaries.items():
        figures = [_number(summary.figures.get(figure), 2) for figure in TABLE_FIGURES]
        rows.append([name, str(summary.questions), *figures, _number(summary.latency_p95_ms, 1)])
    return _table(rows)


def _table(rows: list[list[str]]) -> list[str]:
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return [lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]]


def _failure(score: Score) -> list[str]:
    outcome, question = score.outcome, score.outcome.question
    lines = [
        f"### {question.id} · {question.type} · {question.style} · {question.language}",
        "",
        " → ".join([*question.history, question.question]),
        "",
    ]
    lines += [f"- wrong: {_line(failure)}" for failure in score.failures]
    facts = "; ".join(" / ".join(fact) for fact in question.facts) or "–"
    wanted = "; ".join(_alternatives(item) for item in question.citations) or "–"
    lines += [f"- expected: {question.status}; facts: {facts}; citations: {wanted}"]
    lines += [f"- source says: {_line(question.quote)}"] if question.quote else []
    lines += [f"- got: {outcome.status}; {_line(outcome.text)}"]
    for place, quote in zip(outcome.cited, outcome.quotes, strict=True):
        mark = "right" if any(place_matches(place, item) for item in question.citations) else "other"
        lines.append(f"- cited ({mark}): {_place(place)}: {_line(quote, 120)}")
    if outcome.findable and not outcome.error:
        depth = len(outcome.rankings.get(FUSED, ()))
        ranks = ", ".join(
            f"none of {depth}" if rank is None else str(rank) for rank in required_ranks(outcome)
        )
        lines.append(f"- rank in search: {ranks}")
    return lines


def _line(text: str, limit: int = 600) -> str:
    joined = " ".join(text.split())
    return joined if len(joined) <= limit else joined[:limit] + "…"


def _place(place: Place) -> str:
    return f"{place.document_id} {place.label}".rstrip()


def _alternatives(alternatives: Alternatives) -> str:
    return " / ".join(_place(place) for place in alternatives)


def _question_json(score: Score) -> dict[str, Any]:
    outcome, question = score.outcome, score.outcome.question
    return {
        "id": question.id,
        "question": question.question,
        "history": list(question.history),
        "file": question.file,
        "expected_status": question.status,
        "status": outcome.status,
        "text": outcome.text,
        "cited": [asdict(place) for place in outcome.cited],
        "unverified": list(outcome.unverified),
        "ranks": required_ranks(outcome),
        "latency_ms": round(outcome.latency_ms, 1),
        "answerer": outcome.answerer,
        "error": outcome.error,
        "figures": score.figures,
        "failures": list(score.failures),
    }
