"""python -m eval: ask every gold question, print the scores, write the report."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from config import Config, ConfigError, load_config
from eval.check import check_gold
from eval.questions import EvalQuestion, GoldError, read_questions
from eval.scores import FIGURES, Score, score_outcome, summarise
from ingest.corpus import CorpusError, read_corpus

GOLD_FOLDER = Path(__file__).resolve().parent / "gold"


def main(argv: Sequence[str] | None = None) -> int:
    """Return 0 when all went well, 1 when a check or a minimum fails, 2 on bad usage or unusable files."""
    options = _parser().parse_args(argv)
    try:
        minimums = dict(parse_minimum(text) for text in options.minimum)
        config = load_config(options.config)
        questions = read_questions(options.gold or sorted(GOLD_FOLDER.glob("*.jsonl")))
        if not questions:
            raise GoldError(
                f"no questions found; put gold files into {GOLD_FOLDER} or name them with --gold."
            )
    except (ConfigError, GoldError, ValueError) as error:
        print(f"python -m eval: {error}", file=sys.stderr)
        return 2
    if options.check:
        return check(questions, config)
    out = options.out or config.resolve("data/eval")
    return evaluate(questions, config_path=options.config, out=out, minimums=minimums)


def check(questions: list[EvalQuestion], config: Config) -> int:
    """Print each problem of the gold against the corpus; return 1 when one is not a mere note."""
    try:
        corpus = read_corpus(config.resolve(config.corpus.path), corrections=config.corrections_file)
    except CorpusError as error:
        print(f"python -m eval: {error}", file=sys.stderr)
        return 2
    problems = check_gold(questions, corpus.documents)
    for problem in problems:
        print(problem)
    failed = sum(not problem.is_note for problem in problems)
    notes = len(problems) - failed
    print(f"{len(questions)} questions checked: {failed} problems, {notes} notes.", file=sys.stderr)
    return 1 if failed else 0


def evaluate(
    questions: list[EvalQuestion], *, config_path: Path | None, out: Path, minimums: dict[str, float]
) -> int:
    """Run all questions, print the table, write the report; return 1 when a figure is below its minimum."""
    from eval.report import Made, render_table, write_report
    from eval.runner import run_questions
    from index.encoder import EncoderError
    from index.store import IndexUnusable
    from qa.assistant import Assistant  # slow imports: keep --help and --check quick

    try:
        assistant = Assistant.open(config_path)
    except (CorpusError, EncoderError, IndexUnusable) as error:
        print(f"python -m eval: {error}", file=sys.stderr)
        return 2
    scores = [score_outcome(outcome) for outcome in run_questions(assistant, questions, progress=_progress)]
    print(render_table(scores))
    made = Made(
        datetime.now(UTC).isoformat(timespec="seconds"),
        assistant.index_build,
        assistant.index.manifest.corpus,
    )
    write_report(scores, out, made=made)
    print(f"Report: {out / 'report.md'}", file=sys.stderr)
    return _below_minimum(scores, minimums)


def parse_minimum(text: str) -> tuple[str, float]:
    """Return name and value of NAME=VALUE; raises ValueError naming what is known."""
    name, separator, value = text.partition("=")
    if name not in FIGURES:
        raise ValueError(f"--minimum: unknown figure {name!r}; known: {', '.join(FIGURES)}.")
    try:
        least = float(value)
    except ValueError as error:
        raise ValueError(f"--minimum: expected {name}=0.75 or the like, found {text!r}.") from error
    if not separator or not 0 <= least <= 1:
        raise ValueError(f"--minimum: {name} must be between 0 and 1, found {text!r}.")
    return name, least


def _below_minimum(scores: list[Score], minimums: dict[str, float]) -> int:
    figures = summarise(scores).figures
    low = {name: figures.get(name, 0.0) for name, least in minimums.items() if figures.get(name, 0.0) < least}
    for name, value in low.items():
        print(
            f"Below the minimum: {name} is {value:.3f}, wanted at least {minimums[name]:g}.", file=sys.stderr
        )
    return 1 if low else 0


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty() or done == total or done % 50 == 0:
        end = "\r" if sys.stderr.isatty() and done < total else "\n"
        print(f"{done}/{total} questions", end=end, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval", description=__doc__)
    parser.add_argument("--config", type=Path, help="settings (default: config.yaml of the project)")
    parser.add_argument(
        "--gold", type=Path, nargs="+", metavar="FILE", help="gold files (default: eval/gold/*.jsonl)"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the report goes (default: data/eval)")
    parser.add_argument("--check", action="store_true", help="only check the gold against the corpus")
    parser.add_argument(
        "--minimum",
        nargs="+",
        default=[],
        metavar="NAME=VALUE",
        help="exit 1 when a figure is lower: facts=0.8",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
