"""`python -m eval.calibrate`: fit when evidence counts as an answer; writes qa/support.json.

The questions are those of training/questions, each pack and each excerpt of it opened with models that have not seen its
questions (`python -m training packs`), the open files of eval/gold and those of eval/development, which are of the same corpus and are not
scored: as they are, and each answerable one again with the provisions that answer it hidden. Held-out files are never read. Cross-validated by pack.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Collection
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from eval.fitting import DEVELOPMENT, DIRECT, OPEN_GOLD, WRITTEN, as_json, networks, opened_parts
from eval.questions import EvalQuestion, read_questions
from qa.assistant import Assistant
from qa.support import MODEL_FILE, SIGNS

HIDDEN = 10_000  # added to the group of a question whose answer was hidden
HIDDEN_UNITS, DECAY, COUNT = 24, 0.3, 6


@dataclass(frozen=True)
class Samples:
    """Signs of questions, float32 (n, signs); whether they are answered; what they belong to; whether from eval/gold."""

    signs: np.ndarray
    answered: np.ndarray
    group: np.ndarray
    own: np.ndarray


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.calibrate", description=__doc__)
    parser.add_argument("--config", help="a config file (default: config.yaml)")
    parser.add_argument(
        "--gold",
        type=Path,
        nargs="*",
        help="gold files (default: the open ones, and those of eval/development)",
    )
    parser.add_argument(
        "--packs", type=Path, required=True, help="the folder packs in the --work of the training"
    )
    parser.add_argument("--limit", type=float, help="refuse below this probability (default: by --refuse)")
    parser.add_argument(
        "--refuse", type=float, default=0.03, help="share of answerable gold questions that may be refused"
    )
    args = parser.parse_args(argv)
    gold = args.gold or [*OPEN_GOLD, *DEVELOPMENT]
    packs = [int(file.stem) for file in sorted(WRITTEN.glob("[0-9]*.jsonl"))]
    with ProcessPoolExecutor() as pool:
        own = pool.submit(_of_gold, args.config, gold)  # the longest part
        parts = list(pool.map(partial(_of_pack, args.packs), packs))
    samples = _joined([*parts, own.result()])
    MODEL_FILE.write_text(json.dumps(_fit(samples, args)) + "\n", encoding="utf-8")
    return 0


def _of_pack(folder: Path, number: int) -> Samples:
    """Return the samples of one pack and of its excerpts."""
    rows = [
        (signs, question.status == "answered", number)
        for assistant, questions in opened_parts(folder, number, WRITTEN / f"{number:02d}.jsonl")
        for question in questions
        if (signs := _signs(assistant, question, ()))
    ]
    return _samples(rows, own=False)


def _of_gold(config: str | None, files: list[Path]) -> Samples:
    """Return the samples of gold questions, each a group of its own."""
    assistant, rows = Assistant.open(config), []
    for number, question in enumerate(read_questions(files), 1_000):
        if question.history:  # it says too little by itself
            continue
        if signs := _signs(assistant, question, ()):
            rows.append((signs, question.answerable, number))
        if question.answerable and question.citations:
            hidden = _gold_spans(assistant, question)
            if signs := _signs(assistant, question, hidden):
                rows.append((signs, False, number + HIDDEN))
    return _samples(rows, own=True)


def _samples(rows: list[tuple[dict[str, float], bool, int]], *, own: bool) -> Samples:
    signs = np.array([[signs[name] for name in SIGNS] for signs, _, _ in rows], dtype=np.float32)
    answered, group = (np.array([row[column] for row in rows]) for column in (1, 2))
    return Samples(signs.reshape(-1, len(SIGNS)), answered, group, np.full(len(rows), own))


def _joined(parts: list[Samples]) -> Samples:
    return Samples(*(np.concatenate([vars(part)[name] for part in parts]) for name in vars(parts[0])))


def _signs(assistant: Assistant, question: EvalQuestion, hidden: Collection[Span]) -> dict[str, float] | None:
    """Return the signs of a question, None where it is answered by other means or nothing is found."""
    query = assistant.parse(question.question, as_of=question.as_of)
    if query.labels or (query.numbers and not query.documents) or question.type in DIRECT:
        return None
    found = assistant.evidence(query, keep=lambda *span: not _touches(span, hidden))
    return assistant.signs(query, found) if found else None


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


def _touches(span: Span, hidden: Collection[Span]) -> bool:
    return any(span[0] == document and span[1] < end and span[2] > start for document, start, end in hidden)


def _fit(samples: Samples, args: argparse.Namespace) -> dict[str, Any]:
    """Return the model as qa.support reads it, and print what each limit costs."""
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold, cross_val_predict

    own = np.flatnonzero(samples.own)
    # Own questions count as much as all others together.
    more = max(0, round((~samples.own).sum() / max(1, len(own))) - 1)
    rows = np.concatenate([np.arange(len(samples.own)), *[own] * more])
    signs, answered, groups = samples.signs[rows], samples.answered[rows], samples.group[rows] % HIDDEN
    every = cross_val_predict(
        networks(HIDDEN_UNITS, decay=DECAY, count=COUNT),
        signs,
        answered,
        groups=groups,
        cv=GroupKFold(5),
        method="predict_proba",
    )
    scores = every[: len(samples.own), 1]
    plain = samples.group < HIDDEN
    for name, some in (("written", ~samples.own), ("gold", samples.own & plain), ("hidden", ~plain)):
        yes = scores[some & samples.answered]
        no = scores[some & ~samples.answered]
        print(f"{name}: {len(yes)} answerable, {len(no)} not")
        if len(yes) and len(no):
            print(f"  cross-validated AUC {roc_auc_score(samples.answered[some], scores[some]):.3f}")
        for limit in (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5):
            print(
                f"  limit {limit}: {(yes < limit).mean():.1%} refused, {(no < limit).mean():.1%} of the others"
            )
    model = networks(HIDDEN_UNITS, decay=DECAY, count=COUNT).fit(signs, answered)
    gold = scores[samples.own & plain & samples.answered]
    limit = args.limit if args.limit is not None else round(float(np.quantile(gold, args.refuse)), 3)
    print(f"limit {limit}")
    return {"limit": limit, "model": as_json(model)}


if __name__ == "__main__":
    raise SystemExit(main())
