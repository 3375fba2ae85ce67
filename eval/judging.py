"""`python -m eval.judging --packs DIR`: is the sentence first that settles the question, and is it known whether any does?

Asked are the written packs that nothing was trained on and excerpts of them, the open gold and eval/development. A sentence is right
that holds the words which settle the question. Beside the order with the judge stands the one without; what its log
odds alone tell of whether anything answers is the area under the curve.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from eval.fitting import DEVELOPMENT, DIRECT, OPEN_GOLD, WRITTEN, opened_parts, settles
from eval.questions import EvalQuestion, read_questions
from index.judge import LINES
from qa.assistant import Assistant


@dataclass(frozen=True)
class Judgement:
    """A question and what the judge said of the sentences found for it."""

    answerable: bool
    odds: float  # log odds that one of the sentences answers
    right: tuple[bool, ...]  # of each sentence, in the order without the judge
    best: int  # the first sentence with the judge


def main(argv: list[str] | None = None) -> int:
    """Print a table."""
    parser = argparse.ArgumentParser(prog="python -m eval.judging", description=__doc__)
    parser.add_argument(
        "--packs", type=Path, required=True, help="the folder packs in the --work of the training"
    )
    args = parser.parse_args(argv)
    tests = sorted(WRITTEN.glob("test_*.jsonl"))
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        own = [pool.submit(_of_files, files) for files in (OPEN_GOLD, DEVELOPMENT)]
        parts = list(pool.map(partial(_of_pack, args.packs), tests))
    print("| | questions | first right without | with the judge | AUC of its odds |\n|---|--:|--:|--:|--:|")
    for file, (whole, _) in zip(tests, parts, strict=True):
        print(_row(f"pack {int(file.stem.removeprefix('test_'))}", whole))
    print(_row("excerpts of them", [one for _, cut in parts for one in cut]))
    for name, made in zip(("open gold", "development questions"), own, strict=True):
        print(_row(name, made.result()))
    return 0


def _of_pack(packs: Path, file: Path) -> tuple[list[Judgement], list[Judgement]]:
    """Return the judgements of a pack, and those of all its excerpts."""
    whole, *cut = opened_parts(packs, int(file.stem.removeprefix("test_")), file)
    return list(_judgements(*whole)), [one for part in cut for one in _judgements(*part)]


def _of_files(files: Sequence[Path]) -> list[Judgement]:
    return list(_judgements(Assistant.open(None), read_questions(files)))


def _judgements(assistant: Assistant, questions: Sequence[EvalQuestion]) -> Iterator[Judgement]:
    for question in questions:
        if question.history or question.type in DIRECT:
            continue
        query = assistant.parse(question.question, as_of=question.as_of)
        if found := assistant.evidence(query):
            judged = sorted(found, key=lambda one: -one.unjudged)[:LINES]
            sentences = [one.sentence for one in judged]
            right = tuple(
                bool(question.quote) and settles(question, s.document_id, s.text) for s in sentences
            )
            odds = math.log(sum(math.exp(one.answers) for one in judged))
            best = max(range(len(judged)), key=lambda n: judged[n].score)
            yield Judgement(question.answerable, odds, right, best)


def _row(name: str, made: Sequence[Judgement]) -> str:
    from sklearn.metrics import roc_auc_score

    there = [one for one in made if one.answerable and any(one.right)]
    without = sum(one.right[0] for one in there) / len(there)
    judged = sum(one.right[one.best] for one in there) / len(there)
    known = roc_auc_score([one.answerable for one in made], [one.odds for one in made])
    return f"| {name} | {len(there)} | {without:.3f} | {judged:.3f} | {known:.3f} |"


if __name__ == "__main__":
    raise SystemExit(main())
