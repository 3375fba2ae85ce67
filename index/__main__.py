"""`python -m index build`, `python -m index search "…"`: make the index, look into it."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date

from config import ConfigError, load_config
from index.build import open_index, update_index
from index.encoder import EncoderError
from index.filters import Filter, UnknownFilterValue
from index.store import Hit, IndexUnusable
from ingest.corpus import CorpusError
from ingest.progress import Progress, reading_bar


def main(argv: list[str] | None = None) -> int:
    """Return 0, 1 when a search finds nothing, 2 on bad usage."""
    parser = argparse.ArgumentParser(prog="python -m index", description="Build the index, or search it.")
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser(
        "build", help="build or update the index; unchanged chunks keep their vectors"
    )
    build.add_argument("--anew", action="store_true", help="read every file and embed every chunk again")
    build.add_argument(
        "--json", action="store_true", help="tell how far it is on stdout, a JSON object a line"
    )
    search = commands.add_parser("search", help="show the hits of a question with each retriever's part")
    search.add_argument("question")
    search.add_argument("-k", type=int, default=10, help="how many hits (default 10)")
    search.add_argument("--json", action="store_true")
    _add_filters(search)
    for command in (build, search):
        command.add_argument("--config", help="a config file (default: config.yaml)")
    args = parser.parse_args(argv)
    try:
        return _build(args) if args.command == "build" else _search(args)
    except (ConfigError, CorpusError, IndexUnusable, EncoderError, UnknownFilterValue) as error:
        print(error, file=sys.stderr)
        return 2


def _add_filters(search: argparse.ArgumentParser) -> None:
    """Several values of one option: any of them. Several options: all of them."""
    group = search.add_argument_group("only hits of", "an option given twice takes either value")
    group.add_argument("--document", action="append", default=[], metavar="ID", help="京平政发〔2023〕2号")
    group.add_argument("--issuer", action="append", default=[], help="北京市平谷区人民政府")
    group.add_argument("--district", action="append", default=[], help="平谷")
    group.add_argument("--year", action="append", default=[], type=int, help="of issue")
    group.add_argument("--kind", action="append", default=[], help="规则, 办法, 通知, …")
    group.add_argument(
        "--as-of", type=date.fromisoformat, metavar="DAY", help="in force on that day: 2023-01-31"
    )


def _filter_of(args: argparse.Namespace) -> Filter:
    return Filter(
        documents=tuple(args.document), issuers=tuple(args.issuer), districts=tuple(args.district),
        years=tuple(args.year), kinds=tuple(args.kind), in_force_on=args.as_of,
    )  # fmt: skip


def _build(args: argparse.Namespace) -> int:
    from tqdm import tqdm

    config = load_config(args.config)
    if args.json:
        index = update_index(
            config, report=_to_stderr, reading=_tell_reading, embedding=_tell_embedding, anew=args.anew
        )
        print(f"{len(index.documents)} documents, {len(index.chunks)} chunks", file=sys.stderr)
        return 0
    with reading_bar() as reading, tqdm(unit="chunk", desc="embedding", disable=None, leave=False) as bar:

        def embedding(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        index = update_index(config, report=_to_stderr, reading=reading, embedding=embedding, anew=args.anew)
    print(f"{len(index.documents)} documents, {len(index.chunks)} chunks", file=sys.stderr)
    return 0


def _tell_reading(progress: Progress) -> None:
    _tell("reading", progress.files, progress.files_in_all, progress.name)


def _tell_embedding(done: int, total: int) -> None:
    _tell("embedding", done, total)


def _tell(step: str, done: int, total: int, name: str = "") -> None:
    print(json.dumps({"step": step, "done": done, "total": total, "name": name}), flush=True)


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _search(args: argparse.Namespace) -> int:
    config = load_config(args.config)
    hits = open_index(config).search(
        args.question, top_k=args.k, dense_weight=config.search.dense_weight, filter=_filter_of(args)
    )
    for hit in hits:
        print(json.dumps(hit_row(hit), ensure_ascii=False) if args.json else _hit_line(hit))
    return 0 if hits else 1


def hit_row(hit: Hit) -> dict[str, object]:
    """Return a hit as a JSON object."""
    chunk = hit.chunk
    return {
        "rank": hit.rank, "score": round(hit.score, 4), **{k: round(v, 4) for k, v in hit.parts.items()},
        "document_id": chunk.document_id, "label": chunk.label, "text": chunk.text,
    }  # fmt: skip


def _hit_line(hit: Hit) -> str:
    chunk = hit.chunk
    parts = "  ".join(f"{name} {value:.3f}" for name, value in hit.parts.items())
    return f"{hit.rank:3}  {hit.score:.3f}  ({parts})  {chunk.document_id} {chunk.label}  {chunk.text[:60]!r}"


if __name__ == "__main__":
    sys.exit(main())
