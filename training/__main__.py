"""The command: `python -m training static` trains an encoder, `python -m training bench` measures one."""

from __future__ import annotations

import argparse
import logging
import sys
from dataclasses import fields, replace
from pathlib import Path

from .recipe import Recipe


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return the command line as parsed; exits with 2 on bad usage."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    static = commands.add_parser("static", help="train a static embedding from a folder of training files")
    static.add_argument("--data", type=Path, required=True, help="folder with the train_*.jsonl.gz files")
    static.add_argument("--out", type=Path, required=True, help="folder for the model")
    static.add_argument("--tokenizer", type=Path, help="use this tokenizer.json instead of training one")
    for field in fields(Recipe):
        if isinstance(field.default, int | float):
            static.add_argument(
                f"--{field.name.replace('_', '-')}", type=type(field.default), default=field.default
            )
    bench = commands.add_parser("bench", help="measure a model on the folder's bench_*.jsonl.gz files")
    bench.add_argument("--data", type=Path, required=True, help="folder with the bench_*.jsonl.gz files")
    bench.add_argument("--model", required=True, help="folder or name of a sentence-transformers model")
    bench.add_argument("--json", type=Path, help="also write the figures to this file")
    return parser.parse_args(arguments)


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


def run_bench(arguments: argparse.Namespace) -> None:
    """Measure as the command line says and print the table."""
    from .bench import as_table, measure, write_figures

    rows = measure(arguments.data, arguments.model)
    print(as_table(rows))
    if arguments.json:
        write_figures(rows, arguments.json)


def main() -> None:
    """Run the command."""
    arguments = parse()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    {"static": train_static, "bench": run_bench}[arguments.command](arguments)


if __name__ == "__main__":
    main()
