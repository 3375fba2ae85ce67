"""A config in, its index out: built, updated or opened as it is. One update at a time; the old index answers until then."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from config import Config
from index.backend import Engine, Reranker, ServerUnreachable, Words
from index.cross_encoder import CrossEncoderReranker
from index.encoder import SentenceEncoder
from index.faiss_backend import FaissEngine
from index.milvus_backend import MilvusEngine, Settings
from index.rerank import SETTINGS, WordReranker
from index.store import FORMAT, IndexUnusable, PassageIndex, build_index, load_index, read_manifest, sweep
from ingest.cache import ReadCache
from ingest.corpus import Corpus, CorpusError, corpus_fingerprint, mark_as_cache, read_corpus
from ingest.progress import Progress

LOCK_POLL_SECONDS = 0.2
OWN_NAME = re.compile(r"CURRENT(\.\w+)?|build-[\w-]+|(build|swap)\.lock|read|CACHEDIR\.TAG")


def encoder_from_config(config: Config) -> SentenceEncoder:
    """Return the encoder that `config` names."""
    return SentenceEncoder.from_settings(config.encoder, config.encoder_folder)


def engine_from_config(config: Config) -> Engine:
    """Return the engine of the back end that `config` names. Raises IndexUnusable where a server has no address."""
    settings = config.index
    if settings.backend == "milvus":
        return MilvusEngine(
            Settings(
                settings.uri, collection=settings.collection, token_env=settings.token_env, kind=settings.kind,
                timeout_seconds=settings.timeout_seconds,
            )
        )  # fmt: skip
    return FaissEngine(settings.kind)


def open_index(config: Config) -> PassageIndex:
    """Open the index that `config` names as it is. Raises what load_index raises."""
    folder = config.resolve(config.index.path)
    return _set_up(load_index(folder, encoder_from_config(config), engine_from_config(config)), config)


def reranker_from_config(config: Config, words: Words) -> Reranker | None:
    """Return the reranker that `config` names for an index of these words, None for none. Raises ModelError."""
    settings, folder = config.reranker, config.reranker_folder
    if not settings.model:
        return None
    if (folder / SETTINGS).is_file():
        return WordReranker.load(folder, words)
    return CrossEncoderReranker(
        str(folder) if folder.is_dir() else settings.model, device=settings.device, batch_size=settings.batch_size,
        max_length=settings.max_length, trust_remote_code=settings.trust_remote_code,
    )  # fmt: skip


def _set_up(index: PassageIndex, config: Config) -> PassageIndex:
    index.candidates, index.reranked = config.search.candidates, config.reranker.depth
    index.reranker = reranker_from_config(config, index.lexical)
    return index


def index_is_current(config: Config) -> bool:
    """Say whether the index was built from just this corpus, encoder and chunk size."""
    try:
        manifest = read_manifest(config.resolve(config.index.path))
    except IndexUnusable:
        return False
    return (
        manifest.format == FORMAT
        and manifest.backend == engine_from_config(config).name
        and manifest.encoder == encoder_from_config(config).fingerprint
        and (manifest.chunk_size, manifest.chunk_overlap) == (config.chunk.size, config.chunk.overlap)
        and manifest.corpus == look_at_corpus(config)
    )


def look_at_corpus(config: Config) -> str:
    """Return the fingerprint of the corpus that `config` names, as it is now. Raises CorpusError."""
    return corpus_fingerprint(
        corpus_path(config), cache=config.reading_cache, seconds_per_file=config.corpus.seconds_per_file,
        corrections=config.corrections_file,
    )  # fmt: skip


def corpus_path(config: Config) -> Path:
    """Return the path of the corpus that `config` names."""
    return config.resolve(config.corpus.path)


def update_index(
    config: Config,
    *,
    report: Callable[[str], None],
    reading: Callable[[Progress], None] | None = None,
    embedding: Callable[[int, int], None] | None = None,
    anew: bool = False,
) -> PassageIndex:
    """Return the index of the corpus as it is now: opened where nothing changed, else updated in what changed; `anew`
    reads every file and embeds every chunk again.

    While another process updates the same index this one waits. `report` is told each step in a line, `reading` and
    `embedding` how far it is. Raises CorpusError, IndexUnusable, EncoderError.
    """
    folder = config.resolve(config.index.path)
    if corpus_path(config).resolve() in (folder.resolve(), config.reading_cache.resolve()):
        raise CorpusError(f"{folder}: corpus and index cannot be one folder; set corpus.path or index.path.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if all(OWN_NAME.fullmatch(path.name) for path in folder.iterdir()):  # else it holds what is no cache
            mark_as_cache(folder)  # it may lie in the corpus, and is none of it
        with _locked(folder, report):
            sweep(folder, engine_from_config(config))
            if anew:
                ReadCache(config.reading_cache).forget()
            current = None if anew else _open_current(config, report)
            return current or _build(config, folder, report, reading, embedding, anew=anew)
    except OSError as error:
        # One that is read-only and current needs no update.
        index = None if anew else _open_current(config, report)
        if index is None:
            raise IndexUnusable(f"{folder}: the index cannot be updated there ({error}).") from error
        return index


def _open_current(config: Config, report: Callable[[str], None]) -> PassageIndex | None:
    """Return the index where it is that of the corpus as it is now; None where one must be built."""
    if not index_is_current(config):
        return None
    try:
        return open_index(config)
    except ServerUnreachable:
        raise
    except IndexUnusable as error:  # damaged: it is built anew
        report(str(error))
        return None


def _build(
    config: Config,
    folder: Path,
    report: Callable[[str], None],
    reading: Callable[[Progress], None] | None,
    embedding: Callable[[int, int], None] | None,
    *,
    anew: bool,
) -> PassageIndex:
    engine = engine_from_config(config)
    engine.check()
    corpus = read_corpus(
        corpus_path(config), cache=config.reading_cache, seconds_per_file=config.corpus.seconds_per_file,
        corrections=config.corrections_file, progress=reading,
    )  # fmt: skip
    _report_reading(corpus, report)
    started = time.perf_counter()
    index = build_index(
        corpus, encoder_from_config(config), folder, encoder_name=config.encoder.model,
        chunk_size=config.chunk.size, chunk_overlap=config.chunk.overlap, engine=engine,
        progress=embedding, anew=anew,
    )  # fmt: skip
    report(f"index ready: {len(index.chunks)} chunks in {time.perf_counter() - started:.1f} s, {folder}")
    return _set_up(index, config)


def _report_reading(corpus: Corpus, report: Callable[[str], None]) -> None:
    for file in corpus.files:
        if file.reason:
            report(f"skipped {file.path}: {file.reason}")
    doubts = sum(len(file.doubts) for file in corpus.files)
    report(
        f"read {sum(1 for f in corpus.files if not f.reason)} files, {len(corpus.documents)} documents"
        + (f"; {doubts} doubts, see python -m ingest" if doubts else "")
    )


@contextmanager
def _locked(folder: Path, report: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of an index folder; the system drops it when its holder is killed."""
    lock = FileLock(folder / "build.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        report("another process updates this index; waiting for it")
        lock.acquire(poll_interval=LOCK_POLL_SECONDS)
    try:
        yield
    finally:
        lock.release()
