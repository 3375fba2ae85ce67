"""Documents in, a searchable PassageIndex in a folder out: built aside, swapped in whole, never half-built.

folder/CURRENT names the build that answers; an update reuses the vectors of chunks that did not change.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path

import msgspec
import numpy as np
from filelock import FileLock

from index.backend import (
    Backend,
    Candidates,
    Engine,
    Hit,
    IndexNotBuilt,
    IndexUnusable,
    Reranker,
    Selection,
    ServerUnreachable,
    Words,
)  # fmt: skip
from index.chunks import StoredChunks, write_chunks
from index.encoder import Encoder
from index.faiss_backend import FaissEngine
from index.filters import Filter, documents_left
from index.fusion import fuse, proposed
from ingest.chunk import make_chunks
from ingest.corpus import Corpus, FileReport
from ingest.corrections import Unapplied
from ingest.document import Chunk, Document
from ingest.validity import ValidityIndex

__all__ = ["FORMAT", "Filter", "Hit", "IndexNotBuilt", "IndexUnusable", "PassageIndex", "Reranker"]

FORMAT = 3  # raise it when the files of the folder change
BATCH = 256
CANDIDATES = (
    200  # of each retriever: on this project's questions the first 30 hits are those of scoring every chunk
)
RERANKED = 100
RERANK_SCALE = (
    3.0  # a hit that the reranker gives so much less than the best has the share 1 / e of its score
)
DEFAULT_ENGINE = FaissEngine()
SELECTIONS_KEPT = 64
VECTORS_KEPT = 256  # of questions
# What msgspec, faiss and bm25s raise for a file that is cut short.
DAMAGE = (OSError, ValueError, RuntimeError, KeyError)
NO_VECTORS: tuple[dict[str, int], np.ndarray] = ({}, np.empty((0, 0), dtype=np.float32))


class Manifest(msgspec.Struct):
    """What an index was built from: equal manifests mean an equal index."""

    format: int
    corpus: str  # fingerprint
    encoder: str  # fingerprint
    encoder_name: str
    chunk_size: int
    chunk_overlap: int
    backend: str = ""  # Engine.name


class Reading(msgspec.Struct):
    """What became of each file when the index was built, and which corrections fit no document."""

    files: tuple[FileReport, ...] = ()
    unapplied: tuple[Unapplied, ...] = ()


class PassageIndex:
    """Documents, their chunks, and a back end that searches them; a reranker may be set at any time."""

    def __init__(
        self, manifest: Manifest, documents: Sequence[Document], chunks: Sequence[Chunk],
        backend: Backend, encoder: Encoder, build: str = "",
    ) -> None:  # fmt: skip
        self.build = build  # its name, "" for one that lies in no folder
        self.manifest, self.documents, self.chunks = manifest, tuple(documents), chunks
        self.backend, self.encoder = backend, encoder
        self.candidates = CANDIDATES
        self.reranker: Reranker | None = None
        self.reranked = RERANKED
        self._selections: dict[Filter, Selection] = {}
        self._vector = lru_cache(maxsize=VECTORS_KEPT)(
            self._encoded
        )  # one question is searched several times

    @property
    def lexical(self) -> Words:
        """The words of all chunks, with their idf."""
        return self.backend.words

    @cached_property
    def validity(self) -> ValidityIndex:
        """What holds on any day."""
        return ValidityIndex(self.documents)

    def search(
        self,
        question: str,
        *,
        top_k: int,
        dense_weight: float = 0.35,
        filter: Filter | None = None,
        asked: str = "",
        words: str = "",
        rerank: bool = True,
    ) -> list[Hit]:
        """Return up to `top_k` hits, best first; ties go to the earlier chunk. Raises UnknownFilterValue.

        `asked` is what the reranker reads: the whole question, where `question` is only what it is about. `words`
        are what the lexical index is asked in place of `question`. Without `rerank` the reranker reads nothing.

        The filter works inside the search: as many hits as it leaves chunks, up to `top_k`. A reranker puts the best
        `reranked` of them in its own order, and says what it gave each in the hit's parts.
        """
        selection = self._selection(filter) if filter not in (None, Filter()) else None
        if selection is not None and not len(selection.rows):
            return []
        reranker = self.reranker if rerank else None
        first = max(top_k, self.reranked) if reranker else top_k
        vector = self._vector(question)
        if len(vector) != self.backend.dimension:
            raise IndexUnusable(
                f"the encoder gives {len(vector)} numbers, the index holds vectors of {self.backend.dimension}; "
                "run python -m index build."
            )
        found = self.backend.candidates(
            words or question, vector, limit=max(first, self.candidates), selection=selection
        )
        scores = fuse(found.dense, found.lexical, dense_weight=dense_weight)
        order = (
            proposed(scores, found.dense, found.lexical) if reranker else np.argsort(-scores, kind="stable")
        )
        hits = self._hits(found, scores, order[:first])
        if reranker and hits:
            hits = _reranked(reranker, asked or question, hits, self.reranked)
        return hits[:top_k]

    def _encoded(self, question: str) -> np.ndarray:
        return self.encoder.encode_queries([question])[0]

    def _hits(self, found: Candidates, scores: np.ndarray, places: np.ndarray) -> list[Hit]:
        hits = []
        for rank, place in enumerate(places, start=1):
            parts = {"dense": float(found.dense[place]), "lexical": float(found.lexical[place])}
            hits.append(Hit(self.chunks[int(found.rows[place])], float(scores[place]), rank, parts))
        return hits

    def _selection(self, wanted: Filter) -> Selection:
        if wanted not in self._selections:
            left = documents_left(wanted, self.documents, self.validity)
            if len(self._selections) >= SELECTIONS_KEPT:
                self._selections.clear()
            rows = np.flatnonzero(left[self._document_of]).astype(np.int64)
            self._selections[wanted] = Selection(rows, np.flatnonzero(left).astype(np.int64))
        return self._selections[wanted]

    @cached_property
    def _document_of(self) -> np.ndarray:
        return document_places(self.chunks, self.documents)


def _reranked(reranker: Reranker, question: str, hits: Sequence[Hit], depth: int) -> list[Hit]:
    """Return `hits`, the first `depth` in the order of the reranker's scores; ties keep theirs."""
    head, rest = hits[:depth], hits[depth:]
    scores = reranker.scores(question, head)
    shares = np.exp((scores - scores.max()) / RERANK_SCALE)
    moved = []
    for rank, place in enumerate(np.argsort(-scores, kind="stable"), start=1):
        hit = head[int(place)]
        parts = {**hit.parts, "search": hit.score, "rerank": float(scores[place])}
        moved.append(Hit(hit.chunk, float(shares[place]), rank, parts))
    return [*moved, *(replace(hit, score=min(hit.score, moved[-1].score)) for hit in rest)]


def document_places(chunks: Sequence[Chunk], documents: Sequence[Document]) -> np.ndarray:
    """Return int64 (chunks,): the place in `documents` of each chunk's document."""
    places = {document.document_id: place for place, document in enumerate(documents)}
    return np.fromiter((places[c.document_id] for c in chunks), dtype=np.int64, count=len(chunks))


def build_index(
    corpus: Corpus, encoder: Encoder, folder: Path, *, encoder_name: str, chunk_size: int, chunk_overlap: int = 0,
    engine: Engine = DEFAULT_ENGINE, progress: Callable[[int, int], None] | None = None, anew: bool = False,
) -> PassageIndex:  # fmt: skip
    """Build the index of `corpus` below `folder` and make it the current one; an old one answers until then.

    `progress` is told (chunks embedded, chunks in all). Vectors of unchanged chunks are taken from the old index,
    unless it is to be made `anew`.
    """
    manifest = Manifest(
        FORMAT, corpus.fingerprint, encoder.fingerprint, encoder_name, chunk_size, chunk_overlap, engine.name
    )
    chunks = [c for d in corpus.documents for c in make_chunks(d, size=chunk_size, overlap=chunk_overlap)]
    if not chunks:
        raise IndexUnusable(
            "the corpus holds no text to index; see python -m ingest for what was read and skipped."
        )
    engine.check()
    known = NO_VECTORS if anew else _known_vectors(folder, manifest, engine)
    vectors = _embed(chunks, encoder, known, progress)
    build = folder / f"build-{time.strftime('%Y%m%d%H%M%S')}-{uuid.uuid4().hex[:8]}"
    build.mkdir(parents=True)
    backend = engine.build(build, vectors, chunks, document_places(chunks, corpus.documents))
    (build / "documents.json").write_bytes(msgspec.json.encode(corpus.documents))
    write_chunks(build, chunks)
    (build / "files.json").write_bytes(msgspec.json.encode(Reading(corpus.files, corpus.unapplied)))
    (build / "manifest.json").write_bytes(msgspec.json.encode(manifest))
    made = PassageIndex(manifest, corpus.documents, StoredChunks(build), backend, encoder, build.name)
    with FileLock(folder / "swap.lock"):  # builds that end at the same time: the alias follows CURRENT
        _swap_in(build, folder)
        engine.publish(build)
    return made


def _embed(
    chunks: Sequence[Chunk], encoder: Encoder, known: tuple[dict[str, int], np.ndarray],
    progress: Callable[[int, int], None] | None,
) -> np.ndarray:  # fmt: skip
    """Return float32 (chunks, dim): known vectors by their chunk's digest, the others made now."""
    rows, vectors = known
    places = [rows.get(_digest(chunk), -1) for chunk in chunks]
    missing = [row for row, place in enumerate(places) if place < 0]
    if progress:
        progress(0, len(missing))
    out = vectors[np.maximum(places, 0)] if len(vectors) else np.empty((0, 0), dtype=np.float32)
    for start in range(0, len(missing), BATCH):
        batch = missing[start : start + BATCH]
        made = encoder.encode_passages([_passage(chunks[row]) for row in batch])
        if not len(out):
            out = np.empty((len(chunks), made.shape[1]), dtype=np.float32)
        out[batch] = made
        if progress:
            progress(min(start + BATCH, len(missing)), len(missing))
    return out


def _passage(chunk: Chunk) -> str:
    return f"{chunk.context}\n{chunk.text}"


def _digest(chunk: Chunk) -> str:
    return hashlib.sha256(_passage(chunk).encode()).hexdigest()


def _known_vectors(folder: Path, manifest: Manifest, engine: Engine) -> tuple[dict[str, int], np.ndarray]:
    """Return the vectors of the current index and the row of each chunk's digest, none when another encoder made them.

    An index that cannot be read has none: the build that asks replaces it.
    """
    build = _current(folder)
    try:
        held = read_manifest(folder) if build else None
        if build is None or held is None or held.format != FORMAT:
            return NO_VECTORS
        if (held.encoder, held.backend) != (manifest.encoder, manifest.backend):
            return NO_VECTORS
        chunks, vectors = StoredChunks(build), engine.open(build).vectors()
    except (IndexUnusable, *DAMAGE):
        return NO_VECTORS
    if len(chunks) != len(vectors):
        return NO_VECTORS
    return {_digest(chunk): row for row, chunk in enumerate(chunks)}, vectors


def _swap_in(build: Path, folder: Path) -> None:
    pointer = folder / f"CURRENT.{uuid.uuid4().hex[:8]}"
    pointer.write_text(build.name, encoding="utf-8")
    old = _current(folder)
    os.replace(pointer, folder / "CURRENT")  # the one step that others see
    if old is not None and old != build:
        shutil.rmtree(old, ignore_errors=True)


def sweep(folder: Path, engine: Engine = DEFAULT_ENGINE) -> None:
    """Remove what killed builds left behind; only for the holder of the folder's lock: no other build is at work."""
    keep = _current(folder)
    for path in [*folder.glob(f"build-{'[0-9]' * 14}-*"), *folder.glob("CURRENT.*")]:  # nobody else's folders
        if path != keep:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    engine.sweep(folder, keep)


def current_build(folder: Path) -> str | None:
    """Return the name of the build that answers, None when there is none: another name means another index."""
    build = _current(folder)
    return build.name if build else None


def _current(folder: Path) -> Path | None:
    pointer = folder / "CURRENT"
    if not pointer.is_file():
        return None
    build = folder / pointer.read_text(encoding="utf-8", errors="replace").replace("\0", "").strip()
    return build if (build / "manifest.json").is_file() else None


def read_manifest(folder: Path) -> Manifest:
    """Return what the current index was built from. Raises IndexNotBuilt, or IndexUnusable for a damaged one."""
    build = _current(folder)
    if build is None:
        raise IndexNotBuilt(f"{folder}: no index yet; run python -m index build.")
    try:
        return msgspec.json.decode((build / "manifest.json").read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError) as error:
        if _current(folder) != build:  # another build was swapped in meanwhile
            return read_manifest(folder)
        raise IndexUnusable(
            f"{build}: its manifest cannot be read ({error}); run python -m index build."
        ) from error


def read_reading(folder: Path) -> Reading:
    """Return what became of the files of the current index. Raises as read_manifest does."""
    read_manifest(folder)
    build = _current(folder)
    assert build is not None
    try:
        return msgspec.json.decode((build / "files.json").read_bytes(), type=Reading)
    except (OSError, msgspec.DecodeError) as error:
        if _current(folder) != build:  # another build was swapped in meanwhile
            return read_reading(folder)
        raise IndexUnusable(
            f"{build}: files.json cannot be read ({error}); run python -m index build --anew."
        ) from error


def load_index(folder: Path, encoder: Encoder, engine: Engine = DEFAULT_ENGINE) -> PassageIndex:
    """Open the current index.

    Raises IndexNotBuilt, IndexUnusable when another encoder, back end or format made it, or ServerUnreachable.
    """
    manifest = read_manifest(folder)
    _check_made_for(folder, manifest, encoder, engine)
    build = _current(folder)
    assert build is not None
    try:
        documents = msgspec.json.decode((build / "documents.json").read_bytes(), type=list[Document])
        chunks = StoredChunks(build)
        backend = engine.open(build)
    except ServerUnreachable:
        raise
    except DAMAGE as error:  # IndexUnusable among them
        if _current(folder) != build:  # another build was swapped in meanwhile
            return load_index(folder, encoder, engine)
        if isinstance(error, IndexUnusable):
            raise
        raise IndexUnusable(f"{build}: damaged ({str(error)[:200]}); run python -m index build.") from error
    if backend.size != len(chunks):
        raise IndexUnusable(
            f"{build}: {backend.size} vectors for {len(chunks)} chunks; run python -m index build."
        )
    return PassageIndex(manifest, documents, chunks, backend, encoder, build.name)


def _check_made_for(folder: Path, manifest: Manifest, encoder: Encoder, engine: Engine) -> None:
    if manifest.format != FORMAT:
        raise IndexUnusable(
            f"{folder}: format {manifest.format}, needed {FORMAT}; run python -m index build."
        )
    if manifest.encoder != encoder.fingerprint:
        raise IndexUnusable(
            f"{folder}: built with encoder {manifest.encoder_name!r}, but config.yaml names another model or other "
            "prompts; run python -m index build."
        )
    if manifest.backend != engine.name:
        raise IndexUnusable(
            f"{folder}: built for back end {manifest.backend!r}, but config.yaml names {engine.name!r}; "
            "run python -m index build."
        )
