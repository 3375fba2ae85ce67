"""Documents in, a searchable PassageIndex in a folder out: built aside, swapped in whole, never half-built.

folder/CURRENT names the build that answers; an update reuses the vectors of chunks that did not change.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from index.dense import DenseIndex
from index.encoder import Encoder
from index.fusion import fuse
from index.lexical import LexicalIndex
from ingest.chunk import make_chunks
from ingest.corpus import Corpus
from ingest.document import Chunk, Document

FORMAT = 1  # raise it when the files of the folder change
BATCH = 256
# What msgspec, faiss and bm25s raise for a file that is cut short.
DAMAGE = (OSError, ValueError, RuntimeError, KeyError)


class IndexUnusable(RuntimeError):
    """The index folder cannot be used; the message says what was found and what to run."""


class IndexNotBuilt(IndexUnusable):
    """There is no index yet."""


class Manifest(msgspec.Struct):
    """What an index was built from: equal manifests mean an equal index."""

    format: int
    corpus: str  # fingerprint
    encoder: str  # fingerprint
    encoder_name: str
    chunk_size: int
    chunk_overlap: int


@dataclass(frozen=True)
class Hit:
    """One found chunk; `rank` counts from 1; `parts` holds each retriever's own score."""

    chunk: Chunk
    score: float
    rank: int
    parts: dict[str, float]


class PassageIndex:
    """Documents, their chunks, and both retrievers over them."""

    def __init__(
        self, manifest: Manifest, documents: Sequence[Document], chunks: Sequence[Chunk],
        dense: DenseIndex, lexical: LexicalIndex, encoder: Encoder,
    ) -> None:  # fmt: skip
        self.manifest, self.documents, self.chunks = manifest, tuple(documents), tuple(chunks)
        self.dense, self.lexical, self.encoder = dense, lexical, encoder
        rows: dict[str, list[int]] = {}
        for row, chunk in enumerate(self.chunks):
            rows.setdefault(chunk.document_id, []).append(row)
        self._rows = {key: np.array(value) for key, value in rows.items()}

    def search(
        self,
        question: str,
        *,
        top_k: int,
        dense_weight: float = 0.35,
        documents: Collection[str] | None = None,
    ) -> list[Hit]:
        """Return up to `top_k` hits, best first, from `documents` only when given; ties go to the earlier chunk."""
        dense = self.dense.scores(self.encoder.encode_queries([question])[0])
        lexical = self.lexical.scores(question)
        rows = self._allowed(documents)
        if rows is not None and not len(rows):
            return []
        kept_dense, kept_lexical = (dense, lexical) if rows is None else (dense[rows], lexical[rows])
        scores = fuse(kept_dense, kept_lexical, dense_weight=dense_weight)
        order = np.argsort(-scores, kind="stable")[:top_k]
        hits = []
        for rank, position in enumerate(order, start=1):
            row = int(position) if rows is None else int(rows[position])
            parts = {"dense": float(dense[row]), "lexical": float(lexical[row])}
            hits.append(Hit(self.chunks[row], float(scores[position]), rank, parts))
        return hits

    def _allowed(self, documents: Collection[str] | None) -> np.ndarray | None:
        if documents is None:
            return None
        found = [self._rows[key] for key in documents if key in self._rows]
        return np.sort(np.concatenate(found)) if found else np.array([], dtype=int)


def build_index(
    corpus: Corpus, encoder: Encoder, folder: Path, *, encoder_name: str, chunk_size: int, chunk_overlap: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> PassageIndex:  # fmt: skip
    """Build the index of `corpus` below `folder` and make it the current one; an old one answers until then.

    `progress` is told (chunks embedded, chunks in all). Vectors of unchanged chunks are taken from the old index.
    """
    manifest = Manifest(
        FORMAT, corpus.fingerprint, encoder.fingerprint, encoder_name, chunk_size, chunk_overlap
    )
    chunks = [c for d in corpus.documents for c in make_chunks(d, size=chunk_size, overlap=chunk_overlap)]
    if not chunks:
        raise IndexUnusable(
            "the corpus holds no text to index; see python -m ingest for what was read and skipped."
        )
    vectors = _embed(chunks, encoder, _known_vectors(folder, manifest), progress)
    lexical = LexicalIndex.build([c.text for c in chunks], [c.context for c in chunks])
    dense = DenseIndex.build(vectors)
    _write(folder, manifest, corpus, chunks, dense, lexical)
    return PassageIndex(manifest, corpus.documents, chunks, dense, lexical, encoder)


def _embed(
    chunks: Sequence[Chunk],
    encoder: Encoder,
    known: dict[str, np.ndarray],
    progress: Callable[[int, int], None] | None,
) -> np.ndarray:
    digests = [_digest(chunk) for chunk in chunks]
    vectors: list[np.ndarray | None] = [known.get(digest) for digest in digests]
    missing = [row for row, vector in enumerate(vectors) if vector is None]
    for start in range(0, len(missing), BATCH):
        rows = missing[start : start + BATCH]
        for row, vector in zip(
            rows, encoder.encode_passages([_passage(chunks[r]) for r in rows]), strict=True
        ):
            vectors[row] = vector
        if progress:
            progress(min(start + BATCH, len(missing)), len(missing))
    return np.stack([vector for vector in vectors if vector is not None])


def _passage(chunk: Chunk) -> str:
    return f"{chunk.context}\n{chunk.text}"


def _digest(chunk: Chunk) -> str:
    return hashlib.sha256(_passage(chunk).encode()).hexdigest()


def _known_vectors(folder: Path, manifest: Manifest) -> dict[str, np.ndarray]:
    """Return the vectors of the current index by their chunk's digest, none when another encoder made them.

    An index that cannot be read has none: the build that asks replaces it.
    """
    build = _current(folder)
    try:
        if build is None or read_manifest(folder).encoder != manifest.encoder:
            return {}
        chunks, vectors = _read_chunks(build), DenseIndex.load(build).vectors()
    except (IndexUnusable, *DAMAGE):
        return {}
    if len(chunks) != len(vectors):
        return {}
    return {_digest(chunk): vector for chunk, vector in zip(chunks, vectors, strict=True)}


def _read_chunks(build: Path) -> list[Chunk]:
    return msgspec.json.decode((build / "chunks.json").read_bytes(), type=list[Chunk])


def _write(
    folder: Path,
    manifest: Manifest,
    corpus: Corpus,
    chunks: list[Chunk],
    dense: DenseIndex,
    lexical: LexicalIndex,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    build = folder / f"build-{time.strftime('%Y%m%d%H%M%S')}-{uuid.uuid4().hex[:8]}"
    build.mkdir()
    (build / "documents.json").write_bytes(msgspec.json.encode(corpus.documents))
    (build / "chunks.json").write_bytes(msgspec.json.encode(chunks))
    (build / "files.json").write_bytes(msgspec.json.encode(corpus.files))
    dense.save(build)
    lexical.save(build)
    (build / "manifest.json").write_bytes(msgspec.json.encode(manifest))
    pointer = folder / f"CURRENT.{uuid.uuid4().hex[:8]}"
    pointer.write_text(build.name, encoding="utf-8")
    old = _current(folder)
    os.replace(pointer, folder / "CURRENT")  # the one step that others see
    if old is not None and old != build:
        shutil.rmtree(old, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Remove what killed builds left behind; only for the holder of the folder's lock: no other build is at work."""
    keep = _current(folder)
    for path in [*folder.glob(f"build-{'[0-9]' * 14}-*"), *folder.glob("CURRENT.*")]:  # nobody else's folders
        if path != keep:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


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


def load_index(folder: Path, encoder: Encoder) -> PassageIndex:
    """Open the current index. Raises IndexNotBuilt, or IndexUnusable when another encoder or format made it."""
    manifest = read_manifest(folder)
    if manifest.format != FORMAT:
        raise IndexUnusable(
            f"{folder}: format {manifest.format}, needed {FORMAT}; run python -m index build."
        )
    if manifest.encoder != encoder.fingerprint:
        raise IndexUnusable(
            f"{folder}: built with encoder {manifest.encoder_name!r}, but config.yaml names another model or other "
            "prompts; run python -m index build."
        )
    build = _current(folder)
    assert build is not None
    try:
        documents = msgspec.json.decode((build / "documents.json").read_bytes(), type=list[Document])
        chunks = _read_chunks(build)
        dense, lexical = DenseIndex.load(build), LexicalIndex.load(build, len(chunks))
    except DAMAGE as error:
        if _current(folder) != build:  # another build was swapped in meanwhile
            return load_index(folder, encoder)
        raise IndexUnusable(f"{build}: damaged ({str(error)[:200]}); run python -m index build.") from error
    if dense.size != len(chunks):
        raise IndexUnusable(
            f"{build}: {dense.size} vectors for {len(chunks)} chunks; run python -m index build."
        )
    return PassageIndex(manifest, documents, chunks, dense, lexical, encoder)
