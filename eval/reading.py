"""`python -m eval.reading --data DIR`: given the passage, does the answer hold the words that settle the question?

Each passage of a public reading set becomes a document of a corpus of its own, is read, indexed and asked about as any other.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

from config import Config, IndexConfig, load_config
from eval.records import read_records
from index.build import update_index
from qa.answer import NOT_FOUND
from qa.assistant import Assistant

SETS = ("cmrc2018_dev", "drcd_dev_simp", "cjrc_dev")
LONG = 80  # characters; a longer answer does not count as short


@dataclass(frozen=True)
class Read:
    """How one question was answered."""

    answerable: bool
    refused: bool
    holds: bool  # the answer holds a span that annotators marked
    length: int  # characters of the answer, without its markers
    milliseconds: float


def main(argv: list[str] | None = None) -> int:
    """Print a table of the sets, and write it with --json."""
    parser = argparse.ArgumentParser(prog="python -m eval.reading", description=__doc__)
    parser.add_argument("--config", help="a config file (default: config.yaml)")
    parser.add_argument("--data", type=Path, required=True, help="folder with the bench_*.jsonl.gz files")
    parser.add_argument("--sets", nargs="*", choices=SETS, default=SETS)
    parser.add_argument("--most", type=int, help="questions of a set at most (default: all)")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args(argv)
    config, figures = load_config(args.config), {}
    print(
        "| set | questions | span in answer | within 80 | mean length | refused | unanswerable found | F1 answerable, unanswerable |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for name in args.sets:
        records = list(islice(read_records(args.data / f"bench_{name}.jsonl.gz"), args.most))
        figures[name] = figures_of(read_all(records, config))
        print(_row(name, figures[name]), flush=True)
    if args.json:
        args.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def read_all(records: Sequence[dict[str, Any]], config: Config) -> list[Read]:
    """Ask each question of the document that its passage was made into."""
    passages = {record["passage"]: number for number, record in enumerate(records)}
    with TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for record in records:
            path = corpus / f"{passages[record['passage']]}.txt"
            path.write_text(f"{record.get('title') or ''}\n\n{record['passage']}\n", encoding="utf-8")
        own = replace(
            config, corpus=replace(config.corpus, path=str(corpus)),
            index=IndexConfig(path=str(Path(folder) / "index")),
        )  # fmt: skip
        assistant = Assistant(update_index(own, report=lambda line: print(line, file=sys.stderr)), own)
        ids = {document.source: document.document_id for document in assistant.documents}
        return [
            _read(assistant, record, ids[f"{passages[record['passage']]}.txt"])
            for record in records
            if record["question"].strip() and f"{passages[record['passage']]}.txt" in ids
        ]


def _read(assistant: Assistant, record: dict[str, Any], document_id: str) -> Read:
    answer = assistant.ask(record["question"], documents=[document_id])
    refused = answer.status == NOT_FOUND
    text = "" if refused else "".join(answer.text.split())
    spans = ["".join(span.split()) for span in record["answers"]]
    return Read(
        bool(record["answerable"]),
        refused,
        any(span and span in text for span in spans),
        len(text),
        answer.latency_ms,
    )


def figures_of(read: Sequence[Read]) -> dict[str, float]:
    """Return the figures of one set."""
    answerable = [one for one in read if one.answerable]
    given = [one for one in answerable if not one.refused]
    kept = _f1(
        sum(not one.refused for one in answerable), sum(not one.refused for one in read), len(answerable)
    )
    unanswerable = len(read) - len(answerable)
    found = _f1(
        sum(one.refused for one in read if not one.answerable), sum(one.refused for one in read), unanswerable
    )
    return {
        "questions": len(read),
        "holds": mean(one.holds for one in answerable),
        "holds_short": mean(one.holds and one.length <= LONG for one in answerable),
        "length": mean(one.length for one in given) if given else 0.0,
        "refused": mean(one.refused for one in answerable),
        "unanswerable_refused": mean(one.refused for one in read if not one.answerable)
        if unanswerable
        else 0.0,
        "f1_answerable": kept,
        "f1_unanswerable": found,
        "p95_ms": sorted(one.milliseconds for one in read)[int(0.95 * (len(read) - 1))],
    }


def _f1(right: int, said: int, true: int) -> float:
    return 2 * right / (said + true) if said + true else 0.0


def _row(name: str, figures: dict[str, float]) -> str:
    shares = [f"{figures[key]:.3f}" for key in ("holds", "holds_short")]
    rest = [f"{figures['length']:.0f}", f"{figures['refused']:.3f}", f"{figures['unanswerable_refused']:.3f}"]
    both = f"{figures['f1_answerable']:.3f}, {figures['f1_unanswerable']:.3f}"
    return f"| {name} | {figures['questions']:.0f} | {' | '.join([*shares, *rest, both])} |"


if __name__ == "__main__":
    raise SystemExit(main())
