"""`python -m eval.calibrate`: fit when evidence counts as an answer; writes qa/support.json.

Positive: the answerable development questions. Negative: the unanswerable ones, and each answerable one again with
the provisions that answer it hidden; with --public, questions of public training sets too. Held-out files are never read. Cross-validated by question.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np

from eval.questions import EvalQuestion, read_questions
from eval.records import read_asked
from qa.assistant import Assistant
from qa.evidence import Evidence
from qa.query import Query
from qa.support import MODEL_FILE, SIGNS

PUBLIC = ("train_lecoqa_train.jsonl.gz", "train_cmrc2018.jsonl.gz")
PUBLIC_READ, PUBLIC_TAKEN = 1200, 100  # questions read from each, and about how many of them are taken
DIRECT = ("validity", "lookup", "comparison")  # answered by other means


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.calibrate", description=__doc__)
    parser.add_argument("--config", help="a config file (default: config.yaml)")
    parser.add_argument("--gold", type=Path, nargs="*", help="development gold files")
    parser.add_argument(
        "--public", type=Path, help="a folder with train_lecoqa_train and train_cmrc2018 (.jsonl.gz)"
    )
    parser.add_argument(
        "--refuse", type=float, default=0.04, help="share of answerable questions that may be refused"
    )
    args = parser.parse_args(argv)
    gold = args.gold or sorted(
        p for p in Path("eval/gold").glob("*.jsonl") if not p.name.startswith("heldout")
    )
    assistant = Assistant.open(args.config)
    rows, labels, groups = _samples(assistant, read_questions(gold))
    for number, question in enumerate(_public_questions(args.public) if args.public else []):
        query = assistant.parse(question)
        found = assistant.evidence_finder.find(query, assistant.holds(query.as_of))
        if found and not query.numbers and not assistant.lacks(query, found):
            signs = assistant.signs(query, found)
            rows.append([signs[name] for name in SIGNS])
            labels.append(0)
            groups.append(10_000 + number)
    model = _fit(np.array(rows), np.array(labels), np.array(groups), args.refuse)
    MODEL_FILE.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {MODEL_FILE.name}: limit {model['limit']}")
    return 0


def _public_questions(folder: Path) -> list[str]:
    """Return questions of public training sets, none of which this corpus answers."""
    questions = []
    for name in PUBLIC:
        read = read_asked(folder / name, PUBLIC_READ)
        questions += read[:: len(read) // PUBLIC_TAKEN]
    return questions


def _samples(
    assistant: Assistant, questions: list[EvalQuestion]
) -> tuple[list[list[float]], list[int], list[int]]:
    rows: list[list[float]] = []
    labels, groups = [], []
    for number, question in enumerate(questions):
        if question.history:  # it says too little by itself
            continue
        query = assistant.parse(question.question, as_of=question.as_of)
        if query.labels or (query.numbers and not query.documents) or question.type in DIRECT:
            continue
        answerable = question.status in ("answered", "unclear")
        for hidden in (False, True) if answerable and question.citations else (False,):
            found = _find(assistant, query, _gold_spans(assistant, question) if hidden else ())
            if found and not assistant.lacks(query, found):
                signs = assistant.signs(query, found)
                rows.append([signs[name] for name in SIGNS])
                labels.append(int(answerable and not hidden))
                groups.append(number)
    return rows, labels, groups


Span = tuple[str, int, int]


def _gold_spans(assistant: Assistant, question: EvalQuestion) -> list[Span]:
    wanted = {
        (alternative.document_id, alternative.label)
        for required in question.citations
        for alternative in required
    }
    return [
        (document.document_id, p.start, p.end)
        for document in assistant.documents
        for p in document.provisions
        if (document.document_id, p.label) in wanted
    ]


def _find(assistant: Assistant, query: Query, hidden: Collection[Span]) -> list[Evidence]:
    """Return the evidence of a question as if the spans `hidden` were not in the corpus."""
    finder = assistant.evidence_finder
    return finder.find(query, assistant.holds(query.as_of), keep=lambda *span: not _touches(span, hidden))


def _touches(span: Span, hidden: Collection[Span]) -> bool:
    return any(span[0] == document and span[1] < end and span[2] > start for document, start, end in hidden)


def _fit(x: np.ndarray, y: np.ndarray, groups: np.ndarray, refused: float) -> dict[str, Any]:
    """Return the model as qa.support reads it; its limit refuses the share `refused` of the answerable."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, class_weight="balanced", max_iter=5000))
    scores = cross_val_predict(model, x, y, groups=groups, cv=GroupKFold(10), method="predict_proba")[:, 1]
    print(f"{len(y)} samples, {int(y.sum())} answerable; cross-validated AUC {roc_auc_score(y, scores):.3f}")
    original = np.array([group not in groups[:i] for i, group in enumerate(groups)])
    for share in (0.02, 0.03, 0.05, 0.08, 0.1):
        limit = float(np.quantile(scores[y == 1], share))
        caught, hidden = scores[(y == 0) & original] < limit, scores[(y == 0) & ~original] < limit
        print(f"limit {limit:.3f}: {share:.0%} of answerable refused, {caught.mean():.0%} of unanswerable, "
              f"{hidden.mean():.0%} with the answer hidden")  # fmt: skip
    model.fit(x, y)
    scaler, logistic = model[0], model[1]
    weights = logistic.coef_[0] / scaler.scale_
    return {
        "bias": round(float(logistic.intercept_[0] - (weights * scaler.mean_).sum()), 4),
        "weights": {name: round(float(weight), 4) for name, weight in zip(SIGNS, weights, strict=True)},
        "limit": round(float(np.quantile(scores[y == 1], refused)), 3),
    }


if __name__ == "__main__":
    raise SystemExit(main())
