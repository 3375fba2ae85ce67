"""`python -m ingest [PATH…]`: read the corpus and print its documents and what is doubtful; --dump writes provisions."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from config import Config, ConfigError, load_config
from ingest.corpus import Corpus, CorpusError, read_corpus
from ingest.progress import reading_bar
from ingest.report import provision_rows, report_json, report_lines


def main(argv: list[str] | None = None) -> int:
    """Return 0, 1 when some files could not be read, 2 on bad usage."""
    args = _parser().parse_args(argv)
    try:
        config = load_config(args.config)
        corpora = [_read(path, config) for path in args.paths or [None]]
    except (ConfigError, CorpusError) as error:
        print(error, file=sys.stderr)
        return 2
    if args.dump:
        with args.dump.open("w", encoding="utf-8") as out:
            for corpus in corpora:
                out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in provision_rows(corpus))
    for corpus in corpora:
        if args.json:
            print(json.dumps(report_json(corpus, as_of=date.today()), ensure_ascii=False))
        else:
            print("\n".join(report_lines(corpus, as_of=date.today())))
    return 1 if any(file.reason for corpus in corpora for file in corpus.files) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest", description="Read documents and report what was found."
    )
    parser.add_argument(
        "paths", nargs="*", type=Path, help="files or folders (default: corpus.path of the config)"
    )
    parser.add_argument("--config", help="a config file (default: config.yaml)")
    parser.add_argument("--json", action="store_true", help="print the report as JSON, one line a path")
    parser.add_argument(
        "--dump", type=Path, help="write every provision to this file, one JSON object a line"
    )
    return parser


def _read(path: Path | None, config: Config) -> Corpus:
    """Read `path`, or the corpus of the config with what its index keeps of an earlier reading."""
    with reading_bar() as progress:
        return read_corpus(
            path or config.resolve(config.corpus.path),
            cache=config.reading_cache if path is None else None,
            seconds_per_file=config.corpus.seconds_per_file,
            corrections=config.corrections_file if path is None else None,
            progress=progress,
        )


if __name__ == "__main__":
    sys.exit(main())
