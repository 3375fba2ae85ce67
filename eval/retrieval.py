"""`python -m eval.retrieval`: what each retriever finds on its own and what all find together, and how long it takes.

Over the gold questions that have an answer and name its provisions; with --data over public question sets too.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from config import ConfigError
from eval import metrics
from eval.__main__ import GOLD_FOLDER
from eval.public import search_public
from eval.questions import LANGUAGES, STYLES, EvalQuestion, GoldError, Required, read_questions
from eval.runner import FUSED, rank_places, with_outer
from eval.searching import (
    FIGURES,
    METHODS,
    RECALL_AT,
    SEARCH_DEPTH,
    Row,
    Searched,
    as_json,
    as_table,
    rows_of,
    searches,
    timed,
)
from index.encoder import EncoderError
from index.store import Filter, Hit, IndexUnusable
from ingest.corpus import CorpusError
from qa.assistant import Assistant

GROUPS = (
    "all", "open", "held out", *(f"{language}{share}" for language in LANGUAGES for share in ("", " open", " held out")),
    *STYLES,
)  # fmt: skip
MINIMUM = re.compile(r"(?P<method>[^/]+)/(?P<group>.+)/(?P<figure>\w+)=(?P<least>[\d.]+)")


def main(argv: Sequence[str] | None = None) -> int:
    """Return 0 when all went well, 1 when a figure is below its minimum, 2 on bad usage or unusable files."""
    options = _parser().parse_args(argv)
    try:
        minimums = [parse_minimum(text) for text in options.minimum]
        questions = read_questions(options.gold or sorted(GOLD_FOLDER.glob("*.jsonl")))
        assistant = Assistant.open(options.config)
        searched = list(search_gold(assistant, questions))
        if options.data:
            weight = assistant.config.search.dense_weight
            searched += search_public(options.data, assistant.index, dense_weight=weight)
    except (ConfigError, CorpusError, EncoderError, GoldError, IndexUnusable, OSError, ValueError) as error:
        print(f"python -m eval.retrieval: {error}", file=sys.stderr)
        return 2
    rows = rows_of(searched, first=GROUPS)
    print(as_table(rows))
    if options.out:
        write_report(rows, options.out)
    low = [message for minimum in minimums if (message := below(minimum, rows))]
    print("\n".join(low), end="\n" if low else "", file=sys.stderr)
    return 1 if low else 0


def search_gold(assistant: Assistant, questions: Sequence[EvalQuestion]) -> Iterator[Searched]:
    """Yield every answerable question as each method searched it, limited to the documents that it names."""
    wanted = [q for q in questions if q.answerable and q.citations and not q.history]  # each stands alone
    if not wanted:
        raise GoldError("no question has an answer and names its provisions; name gold files with --gold.")
    for method in searches(assistant.index, dense_weight=0):
        search = partial(_search, assistant, method)
        search(wanted[0].question)  # what is loaded on first use is not timed
        for question in wanted:
            hits, milliseconds = timed(search, question.question)
            required = with_outer(question.citations, assistant.document)
            yield Searched(method, groups_of(question), _figures(hits, required), milliseconds)


def groups_of(question: EvalQuestion) -> tuple[str, ...]:
    """Return the rows in which a question counts: a held-out one is seen in no other way."""
    share = "held out" if question.held_out else "open"
    return "all", share, question.language, f"{question.language} {share}", question.style


def parse_minimum(text: str) -> tuple[str, str, str, float]:
    """Return method, group, figure and value of METHOD/GROUP/FIGURE=VALUE; raises ValueError."""
    match = MINIMUM.fullmatch(text)
    if not match or match["method"] not in METHODS or match["figure"] not in FIGURES:
        raise ValueError(
            f"--minimum: expected such as fused/en/recall_at_5=0.8, found {text!r}; methods: {', '.join(METHODS)}; "
            f"figures: {', '.join(FIGURES)}."
        )
    return match["method"], match["group"], match["figure"], float(match["least"])


def below(minimum: tuple[str, str, str, float], rows: Sequence[Row]) -> str:
    """Return "" when the figure is at least its minimum, else what was found instead."""
    method, group, figure, least = minimum
    row = next((row for row in rows if (row.method, row.group) == (method, group)), None)
    if row is None:
        known = ", ".join(dict.fromkeys(row.group for row in rows))
        return f"Below the minimum: no group {group!r} was measured; measured: {known}."
    if row.figures[figure] >= least:
        return ""
    return f"Below the minimum: {method}/{group}/{figure} is {row.figures[figure]:.3f}, wanted {least:g}."


def write_report(rows: Sequence[Row], out: Path) -> None:
    """Write retrieval.md and retrieval.json into `out`, which is made where it is missing."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "retrieval.md").write_text(f"# Retrieval\n\n{as_table(rows)}\n", encoding="utf-8")
    (out / "retrieval.json").write_text(json.dumps(as_json(rows), indent=1) + "\n", encoding="utf-8")


def _search(assistant: Assistant, method: str, question: str) -> list[Hit]:
    if method == "reranked":  # the whole path: several districts asked about at once have their hits in turn
        return assistant.search(question, SEARCH_DEPTH)
    query = assistant.parse(question)
    weight = assistant.evidence_finder.weight_of(query)
    limit = Filter(documents=tuple(query.documents or ()))
    return searches(assistant.index, dense_weight=weight, filter=limit)[method](query.index_text, query.text)


def _figures(hits: Sequence[Hit], required: Required) -> dict[str, float]:
    ranked = rank_places(hits)[FUSED]
    found = {f"recall_at_{k}": metrics.recall_at_k(ranked, required, k) for k in RECALL_AT}
    return found | {"mrr": metrics.reciprocal_rank(ranked, required)}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.retrieval", description=__doc__)
    parser.add_argument("--config", type=Path, help="settings (default: config.yaml of the project)")
    parser.add_argument(
        "--gold", type=Path, nargs="+", metavar="FILE", help="gold files (default: eval/gold/*.jsonl)"
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="a folder with the files of public sets")
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="where retrieval.md and .json go (default: nowhere)"
    )
    parser.add_argument(
        "--minimum", nargs="+", default=[], metavar="METHOD/GROUP/FIGURE=VALUE",
        help="exit 1 when a figure is lower: fused/en/recall_at_5=0.8 dense/lecoqa/recall_at_1=0.5",
    )  # fmt: skip
    return parser


if __name__ == "__main__":
    sys.exit(main())
