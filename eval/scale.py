"""`python -m eval.scale --data DIR`: how building, opening and searching grow with the corpus.

Laws are written as text files until they hold as many provisions (records) as asked for; the files are read and indexed
as any corpus is, by a config's back end, encoder and reranker, each size by a process of its own.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import psutil

from config import Config, ConfigError, load_config
from eval.laws import FILE_NAME, Article, Law, read_laws
from eval.layouts import plain
from eval.peak import measured
from eval.records import read_asked
from index.backend import IndexUnusable

if TYPE_CHECKING:
    from qa.assistant import Assistant

Made = TypeVar("Made")
QUESTIONS = "bench_lecoqa_test.jsonl.gz"
SIZES = (2_500, 25_000, 150_000)
SPAWN = multiprocessing.get_context("spawn")  # a process that holds nothing of ours
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
NEAREST = 10
MB = 1024 * 1024


@dataclass(frozen=True)
class Built:
    """What a build took, reading included."""

    documents: int
    chunks: int
    seconds: float
    peak_mb: float
    folder_mb: float


@dataclass(frozen=True)
class Served:
    """What a process that opens the index and is asked needs, on one thread; milliseconds for one question."""

    open_seconds: float
    resident_mb: float
    own_mb: float  # of it memory of its own: the rest is pages of mapped files, which the system can drop
    search_p50: float
    search_p95: float
    filtered_p95: float  # within the laws of one kind
    ask_p50: float
    ask_p95: float
    recall: float  # of the NEAREST vectors, against comparing all; nan where a server holds them
    same_first: float  # questions whose first hit is that of scoring every chunk


@dataclass(frozen=True)
class Row:
    """One size."""

    provisions: int
    kind: str
    built: Built
    served: Served


HEAD = (
    "provisions", "documents", "chunks", "dense index", "built s", "peak MB", "folder MB", "opened s", "resident MB", "of it own MB",
    "search p50 / p95 ms", "filtered p95 ms", "ask p50 / p95 ms", "recall@10", "first hit of all scored",
)  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Return 0, 2 on bad usage or unusable files."""
    options = _parser().parse_args(argv)
    try:
        config = load_config(options.config)
        questions = read_asked(options.data / QUESTIONS, options.questions)
        rows = []
        for size in options.sizes:
            for kind in options.kinds:
                rows.append(measure(options.data, size, kind, config, questions))
                print(_line(rows[-1]), file=sys.stderr, flush=True)
    except (ConfigError, IndexUnusable, OSError, ValueError, KeyError) as error:
        print(f"python -m eval.scale: {error}", file=sys.stderr)
        return 2
    print(table(rows))
    return 0


def measure(data: Path, size: int, kind: str, config: Config, questions: Sequence[str]) -> Row:
    """Return what an index of `size` provisions takes, its dense index of one kind."""
    with tempfile.TemporaryDirectory(prefix="scale") as folder:
        write_laws(data, size, Path(folder) / "corpus")
        own = replace(
            config,
            corpus=replace(config.corpus, path=str(Path(folder) / "corpus")),
            index=replace(config.index, path=str(Path(folder) / "index"), kind=kind),
        )
        built, name = _in_process(partial(build, own), {})
        return Row(size, name, built, _in_process(partial(serve, own, questions), ONE_THREAD))


def write_laws(data: Path, size: int, folder: Path) -> None:
    """Write whole laws as text files below `folder` until they hold `size` records; from the second round on, as variants."""
    folder.mkdir(parents=True)
    held = 0
    for round_ in count():
        for law in read_laws(data):
            if held >= size:
                return
            made = law if not round_ else variant(law, round_)
            (folder / f"{made.name}.txt").write_text(plain(made, random.Random(0)), encoding="utf-8")
            held += len(law.articles)


def variant(law: Law, round_: int) -> Law:
    """Return a law of another place: its own title, and a word of its own in every article."""
    place = f"第{round_}"
    articles = tuple(Article(a.label, a.path, f"{a.text}（适用于{place}区域）") for a in law.articles)
    return Law(f"{law.name}-{round_}", f"{place}区域{law.title}", articles)


def build(config: Config) -> tuple[Built, str]:
    """Read and index the corpus of `config`; return what it took, and the kind of the dense index."""
    from index.build import update_index

    with measured() as work:
        index = update_index(config, report=lambda line: None)
    folder = config.resolve(config.index.path)
    size = sum(
        file.stat().st_size for file in folder.rglob("*") if file.is_file() and "read" not in file.parts
    )
    kind = getattr(getattr(index.backend, "dense", None), "kind", config.index.backend)
    figures = Built(len(index.documents), len(index.chunks), work.seconds, work.bytes / MB, size / MB)
    return figures, str(kind)


def serve(config: Config, questions: Sequence[str]) -> Served:
    """Open the index of `config` and ask it; return the figures."""
    from index.filters import Filter
    from qa.assistant import Assistant

    started = time.perf_counter()
    assistant = Assistant.from_config(config)
    opened = time.perf_counter() - started
    assistant.ask(questions[0])  # loads the encoder
    index = assistant.index
    weight, top_k = config.search.dense_weight, config.search.top_k
    kinds = [document.kind for document in index.documents]
    wanted = Filter(kinds=(max(set(kinds), key=kinds.count),))
    searches = timed(lambda q: index.search(q, top_k=top_k, dense_weight=weight), questions)
    filtered = timed(lambda q: index.search(q, top_k=top_k, dense_weight=weight, filter=wanted), questions)
    asks = timed(assistant.ask, questions)
    memory = psutil.Process().memory_info()
    recall, same = exactness(assistant, questions)
    search_p50, search_p95 = np.percentile(searches, (50, 95))
    ask_p50, ask_p95 = np.percentile(asks, (50, 95))
    return Served(
        opened, memory.rss / MB, (memory.rss - memory.shared) / MB, float(search_p50), float(search_p95), float(np.percentile(filtered, 95)),
        float(ask_p50), float(ask_p95), recall, same,
    )  # fmt: skip


def timed(act: Callable[[str], object], questions: Iterable[str]) -> list[float]:
    """Return the milliseconds that each question takes."""
    out = []
    for question in questions:
        started = time.perf_counter()
        act(question)
        out.append((time.perf_counter() - started) * 1000)
    return out


def exactness(assistant: Assistant, questions: Sequence[str]) -> tuple[float, float]:
    """Return the recall of the nearest vectors, and how often the first hit is that of scoring every chunk; 0..1."""
    from index.faiss_backend import FaissBackend
    from index.fusion import fuse

    index, weight = assistant.index, assistant.config.search.dense_weight
    index.reranker = None  # the retrievers are compared
    if not isinstance(index.backend, FaissBackend):
        return float("nan"), float("nan")
    vectors, found, same = index.backend.vectors(), [], 0
    for question in questions:
        vector = index.encoder.encode_queries([question])[0]
        dense = vectors @ vector
        nearest = set(np.argpartition(-dense, NEAREST)[:NEAREST].tolist())
        got = index.backend.dense.nearest(vector, index.candidates)[:NEAREST]
        found.append(len(nearest & set(got.tolist())) / NEAREST)
        best = int(fuse(dense, index.backend.words.scores(question), dense_weight=weight).argmax())
        first = index.search(question, top_k=1, dense_weight=weight)[0]
        same += first.chunk.chunk_id == index.chunks[best].chunk_id
    return float(np.mean(found)), same / len(questions)


def _in_process(act: Callable[[], Made], environment: Mapping[str, str]) -> Made:
    """Return what `act` returns in a process of its own."""
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        with ProcessPoolExecutor(1, mp_context=SPAWN) as pool:
            return pool.submit(act).result()
    finally:
        os.environ.clear()
        os.environ.update(before)


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table."""
    lines = ["| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD)]
    return "\n".join([*lines, *map(_line, rows)])


def _line(row: Row) -> str:
    built, served = row.built, row.served
    cells = (
        f"{row.provisions:,}", f"{built.documents:,}", f"{built.chunks:,}", row.kind, f"{built.seconds:.0f}",
        f"{built.peak_mb:,.0f}", f"{built.folder_mb:,.0f}", f"{served.open_seconds:.1f}", f"{served.resident_mb:,.0f}", f"{served.own_mb:,.0f}",
        f"{served.search_p50:.1f} / {served.search_p95:.1f}", f"{served.filtered_p95:.1f}",
        f"{served.ask_p50:.0f} / {served.ask_p95:.0f}", _share(served.recall), _share(served.same_first),
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def _share(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.3f}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval.scale",
        description="Measure indexes of growing size; a Markdown table to stdout.",
    )
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help=f"the folder of {FILE_NAME} and {QUESTIONS}"
    )
    parser.add_argument(
        "--sizes",
        type=_numbers,
        default=SIZES,
        metavar="N,…",
        help="provisions; above what DIR holds: variants of its laws",
    )
    parser.add_argument(
        "--kinds", type=lambda text: tuple(text.split(",")), default=("auto",), metavar="KIND,…",
        help="of the dense index: auto, flat, hnsw, ivf (default auto)",
    )  # fmt: skip
    parser.add_argument("--questions", type=int, default=200, help="asked of each index (default 200)")
    parser.add_argument("--config", type=Path, help="settings (default: config.yaml of the project)")
    return parser


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


if __name__ == "__main__":
    sys.exit(main())
