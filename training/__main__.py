"""The command: `python -m training static`, `tune` and `transformer` train encoders, `rerank` a reranker, `reader` a reader, `judge` a judge, `bench` measures an encoder."""

from __future__ import annotations

import argparse
import logging
import math
import sys
from dataclasses import fields, replace
from pathlib import Path

from .pairs import FOLDS
from .recipe import Recipe
from .transformer.order import PAUSED, read_order
from .transformer.sizes import SIZES, STAGES, Size


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return the command line as parsed; exits with 2 on bad usage."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    static = commands.add_parser("static", help="train a static embedding from a folder of training files")
    static.add_argument("--data", type=Path, required=True, help="folder with the train_*.jsonl.gz files")
    static.add_argument("--out", type=Path, required=True, help="folder for the model")
    static.add_argument("--tokenizer", type=Path, help="use this tokenizer.json instead of training one")
    for field in fields(Recipe):
        if isinstance(field.default, int | float) and field.name != "without_fold":
            static.add_argument(
                f"--{field.name.replace('_', '-')}", type=type(field.default), default=field.default
            )
    static.add_argument(
        "--without-fold", type=int, choices=range(FOLDS), default=-1,
        help="leave half of the questions out, to measure or to train on what the model has not seen",
    )  # fmt: skip
    add_transformer(
        commands.add_parser("transformer", help="train a small BERT and a cross-encoder in stages")
    )
    for name, what, told in (
        ("tune", "have a static embedding learn the written questions", "(0.1 GB)"),
        ("rerank", "train the reranker for a static embedding", "(1.5 GB)"),
        ("reader", "train the reader for a static embedding", "(0.1 GB)"),
        ("judge", "train the judge, after reranker and reader", "(of theirs)"),
    ):
        over = commands.add_parser(name, help=what)
        over.add_argument("--data", type=Path, required=True, help="folder with the train_*.jsonl.gz files")
        over.add_argument("--encoder", type=Path, required=True, help="folder of the static embedding")
        over.add_argument("--out", type=Path, required=True, help="folder for what is trained")
        over.add_argument(
            "--work", type=Path, required=True, help=f"folder for what a second run uses again {told}"
        )
    packs = commands.add_parser("packs", help="write the corpora that the written questions are about")
    packs.add_argument("--data", type=Path, required=True, help="folder with the train_*.jsonl.gz files")
    packs.add_argument("--work", type=Path, required=True, help="the --work of rerank, reader and judge")
    bench = commands.add_parser("bench", help="measure a model on the folder's bench_*.jsonl.gz files")
    bench.add_argument("--data", type=Path, required=True, help="folder with the bench_*.jsonl.gz files")
    bench.add_argument("--model", required=True, help="folder or name of a sentence-transformers model")
    bench.add_argument(
        "--fold", type=int, choices=range(FOLDS), default=-1,
        help="also measure the training questions of this fold, for a model trained --without-fold",
    )  # fmt: skip
    bench.add_argument("--json", type=Path, help="also write the figures to this file")
    return parser.parse_args(arguments)


def add_transformer(parser: argparse.ArgumentParser) -> None:
    """Add the options of `transformer`; every number of a `Size` is one, its default that of the size."""
    parser.add_argument("--data", type=Path, required=True, help="folder with the train_*.jsonl.gz files")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints and models")
    parser.add_argument("--size", choices=SIZES, required=True)
    parser.add_argument("--stage", choices=["all", *STAGES], default="all", help="one alone (default: all)")
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoints in --out")
    parser.add_argument("--save-minutes", type=float, default=10.0, help="between checkpoints (default: 10)")
    parser.add_argument(
        "--minutes", type=float, default=math.inf, help=f"then write a checkpoint and exit with {PAUSED}"
    )
    for field in fields(Size):
        kind = {"int": int, "float": float}[str(field.type)]
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=kind, metavar="N")


def train_static(arguments: argparse.Namespace) -> None:
    """Train as the command line says and write the model."""
    from tokenizers import Tokenizer

    from .save import save_model, save_record
    from .static import train_vectors, train_vocabulary

    sizes = {
        field.name: getattr(arguments, field.name)
        for field in fields(Recipe)
        if hasattr(arguments, field.name)
    }
    recipe = replace(Recipe(), **sizes)
    arguments.out.mkdir(parents=True, exist_ok=True)
    if arguments.tokenizer:
        tokenizer = Tokenizer.from_file(str(arguments.tokenizer))
    else:
        tokenizer = train_vocabulary(arguments.data, recipe)
        tokenizer.save(str(arguments.out / "tokenizer.json"))  # kept even when the rest is stopped
    trained = train_vectors(arguments.data, recipe, tokenizer)
    save_model(trained, arguments.out)
    save_record(trained, recipe, arguments.data, arguments.out)


def train_transformer(arguments: argparse.Namespace) -> None:
    """Train as the command line says; exits with 3 when the time was up first, with 2 on bad usage."""
    try:
        order = read_order(arguments)
    except ValueError as error:
        print(f"python -m training transformer: {error}", file=sys.stderr)
        sys.exit(2)
    from .transformer.train import run

    sys.exit(run(order))


def tune(arguments: argparse.Namespace) -> None:
    """Train as the command line says and write the embedding."""
    from .tune import TuneRecipe, tune_encoder

    tune_encoder(arguments.data, arguments.encoder, arguments.out, arguments.work, TuneRecipe())


def write_packs(arguments: argparse.Namespace) -> None:
    """Write the corpora of the written questions, each opened with the models that have not seen its questions."""
    from .folds import write_unseen

    for config in write_unseen(arguments.data, arguments.work):
        print(config)


def train_rerank(arguments: argparse.Namespace) -> None:
    """Train as the command line says, write the reranker and print its figures."""
    from .rerank.train import RerankRecipe, train_reranker

    found = train_reranker(arguments.data, arguments.encoder, arguments.out, arguments.work, RerankRecipe())
    for pool, figures in found.items():
        print(pool, ", ".join(f"{name} {value:.3f}" for name, value in figures.items()))


def train_the_reader(arguments: argparse.Namespace) -> None:
    """Train as the command line says and write the reader."""
    from .reader.train import ReaderRecipe, train_reader

    train_reader(arguments.data, arguments.encoder, arguments.out, arguments.work, ReaderRecipe())


def train_the_judge(arguments: argparse.Namespace) -> None:
    """Train as the command line says and write the judge."""
    from .judge.network import JudgeRecipe
    from .judge.train import train_judge

    train_judge(arguments.data, arguments.encoder, arguments.out, arguments.work, JudgeRecipe())


def run_bench(arguments: argparse.Namespace) -> None:
    """Measure as the command line says and print the table."""
    from .bench import as_table, measure, write_figures

    rows = measure(arguments.data, arguments.model, fold=arguments.fold)
    print(as_table(rows))
    if arguments.json:
        write_figures(rows, arguments.json)


def main() -> None:
    """Run the command."""
    arguments = parse()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    run = {
        "static": train_static, "transformer": train_transformer, "rerank": train_rerank,
        "reader": train_the_reader, "judge": train_the_judge, "bench": run_bench, "tune": tune, "packs": write_packs,
    }  # fmt: skip
    run[arguments.command](arguments)


if __name__ == "__main__":
    main()
