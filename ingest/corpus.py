"""A folder of files in, a Corpus of Documents out, with a report of what was read, skipped and doubtful."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.cache import ReadCache, file_digest
from ingest.corrections import (
    CorrectionsError,
    Entry,
    ReadDocument,
    Unapplied,
    corrections_digest,
    lay_over,
    load_corrections,
    renamed_document,
)
from ingest.document import Document, Doubt
from ingest.progress import Meter, Progress
from ingest.readers import SUFFIXES
from ingest.reading import FileContent, read_file, reading_version
from ingest.relations import add_relations
from ingest.tidy import without_spaces
from ingest.workers import working

NOT_DOCUMENTS = {"sources.md", "readme.md", "license", "license.txt"}
PLAIN = {".txt", ".md"}
CACHE_TAG, CACHE_SIGNATURE = "CACHEDIR.TAG", b"Signature: 8a477f597d28d172789f06886806bc55"
INLINE_BYTES = 2 * 2**20  # below this, plain text is read sooner than processes start
SECONDS_PER_FILE = 3600.0
BYTES_PER_JOB = 3 * 2**29  # of memory: character recognition takes 1 GB


class CorpusError(ValueError):
    """The corpus path holds nothing that can be read; the message says what was found there."""


@dataclass(frozen=True)
class FileReport:
    """What became of one file: `reason` is "" when it was read."""

    path: str
    documents: int
    provisions: int
    characters: int
    reason: str = ""
    doubts: tuple[Doubt, ...] = ()
    encoding: str = ""
    pages: int = 0
    digest: str = ""  # of its bytes


@dataclass(frozen=True)
class Corpus:
    documents: tuple[Document, ...]
    files: tuple[FileReport, ...]
    fingerprint: str  # of all files, of what was put right by hand and of the way they are read
    unapplied: tuple[Unapplied, ...] = ()  # corrections that fit no document


@dataclass(frozen=True)
class SourceFile:
    """One file of the corpus; equal digests mean equal bytes."""

    path: Path
    name: str  # relative to the corpus folder, as reports and citations show it
    digest: str
    size: int


def list_files(path: Path) -> list[Path]:
    """Return the files below `path` (or `path` itself), sorted; hidden files and SOURCES.md are left out.

    So is a folder that says it is a cache (CACHEDIR.TAG), such as an index. A folder that cannot be opened and a link
    to a folder or to nothing stand for themselves: reading them gives the reason. Raises CorpusError when there is no
    such path or no such file.
    """
    if not os.path.exists(path):
        raise CorpusError(f"{path}: no such file or folder; set corpus.path in config.yaml.")
    files = [path] if path.is_file() else sorted(_below(path))
    files = [p for p in files if not _is_hidden(p, path) and p.name.lower() not in NOT_DOCUMENTS]
    if not files:
        raise CorpusError(f"{path}: no files; put documents there ({', '.join(sorted(SUFFIXES))}).")
    return files


def _below(root: Path) -> Iterator[Path]:
    closed: list[Path] = []
    for folder, inner, names in os.walk(root, onerror=lambda error: closed.append(Path(error.filename))):
        if Path(folder) != root and is_cache(Path(folder)):
            inner.clear()
            continue
        links = [name for name in inner if Path(folder, name).is_symlink()]
        yield from (file for name in (*names, *links) if _may_be_read(file := Path(folder, name)))
    yield from (folder for folder in closed if folder != root)


def _may_be_read(file: Path) -> bool:
    """Say whether it is a file, or must be reported because it might be one; opening a pipe would never end."""
    try:
        mode = file.stat().st_mode
    except OSError:
        return True
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)


def is_cache(folder: Path) -> bool:
    """Say whether a folder is marked as one that programs fill, by the file that backup programs look for."""
    try:
        with (folder / CACHE_TAG).open("rb") as tag:
            return tag.read(len(CACHE_SIGNATURE)) == CACHE_SIGNATURE
    except OSError:
        return False


def mark_as_cache(folder: Path) -> None:
    """Put the mark that `is_cache` finds into a folder. Raises OSError."""
    if not is_cache(folder):
        (folder / CACHE_TAG).write_bytes(CACHE_SIGNATURE + b"\n")


def _is_hidden(file: Path, root: Path) -> bool:
    parts = file.relative_to(root).parts if file != root else (file.name,)
    return any(part.startswith((".", "~$")) for part in parts)


def corpus_fingerprint(
    path: Path,
    *,
    cache: Path | None = None,
    seconds_per_file: float = SECONDS_PER_FILE,
    corrections: Path | None = None,
) -> str:
    """Return a digest of every file's name and bytes and of what reads them: equal when a reading gives the same.

    With the `cache` of an earlier reading only files whose size or times differ are read.
    """
    files = _look(path, ReadCache(cache) if cache else None)
    return _fingerprint(files, seconds_per_file, corrections_digest(corrections))


def _fingerprint(files: Sequence[SourceFile], seconds_per_file: float, corrections: str) -> str:
    digest = hashlib.sha256(reading_version().encode())
    # Both decide what can be read: a file skipped for want of them is tried again once they are there.
    digest.update(f"{seconds_per_file}\0{_has_office(files)}\0".encode())
    for file in files:
        digest.update(f"{file.name}\0{file.digest}\0".encode())
    digest.update(corrections.encode())
    return digest.hexdigest()


def _has_office(files: Iterable[SourceFile]) -> bool:
    if all(file.path.suffix.lower() in PLAIN for file in files):
        return False
    from ingest.readers.office import PROGRAMS  # lxml, only where it may be needed

    return any(map(shutil.which, PROGRAMS))


def _look(path: Path, cache: ReadCache | None) -> list[SourceFile]:
    return [
        SourceFile(file, _name(file, path), cache.digest(file) if cache else _digest(file), _size(file))
        for file in list_files(path)
    ]


def _digest(file: Path) -> str:
    try:
        return file_digest(file)
    except OSError as error:  # it is reported, and read once it can be
        return f"error {error.errno}"


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def read_corpus(
    path: Path,
    *,
    cache: Path | None = None,
    jobs: int | None = None,
    seconds_per_file: float = SECONDS_PER_FILE,
    corrections: Path | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Corpus:
    """Return all documents below `path`; a file that cannot be read is reported and the others go on.

    What people put right in the file `corrections` is laid over what the files say.

    What a file held is kept in the folder `cache`, so that only new and changed files are read the next time, also
    after a reading that was killed. `jobs`: processes that read at once, as many as cores and memory allow by default; a file that
    takes one longer than `seconds_per_file` is reported. Raises CorpusError when nothing at all is there, or the
    corrections cannot be read.
    """
    store = ReadCache(cache) if cache else None
    files = _look(path, store)
    set_by_hand = corrections_digest(corrections)
    entries = _entries(corrections)
    meter = Meter(progress, files=len(files), size=sum(file.size for file in files))
    contents: dict[Path, FileContent] = {}

    def take(file: SourceFile, content: FileContent, *, kept: bool) -> None:
        contents[file.path] = content
        provisions = sum(len(document.provisions) for document in content.documents)
        meter.done(file.name, size=file.size, provisions=provisions, kept=kept)

    missing = []
    for file in files:
        if store and (known := store.get(file.digest, file.name)):
            take(file, known, kept=True)
        else:
            missing.append(file)
    for file, content in _read(missing, jobs or _jobs(), seconds_per_file):
        if store and store.digest(file.path) == file.digest:  # it did not change while it was read
            store.put(file.digest, content)
        take(file, content, kept=False)
    if store:
        store.keep_only([(file.digest, file.name) for file in files])
    documents, reports, unapplied = _collect([(file, contents[file.path]) for file in files], entries)
    fingerprint = _fingerprint(files, seconds_per_file, set_by_hand)
    return Corpus(tuple(add_relations(documents)), tuple(reports), fingerprint, tuple(unapplied))


def _entries(corrections: Path | None) -> tuple[Entry, ...]:
    try:
        return load_corrections(corrections)
    except CorrectionsError as error:
        raise CorpusError(str(error)) from error


def _read(
    files: Sequence[SourceFile], jobs: int, seconds_per_file: float
) -> Iterator[tuple[SourceFile, FileContent]]:
    """Yield each file with its content as it is ready, the largest begun first."""
    largest_first = sorted(files, key=lambda file: -file.size)
    small = sum(file.size for file in files) < INLINE_BYTES
    if small and all(file.path.suffix.lower() in PLAIN for file in files):
        return _read_here(largest_first)
    return _read_apart(largest_first, min(jobs, len(files)), seconds_per_file)


def _read_here(files: Iterable[SourceFile]) -> Iterator[tuple[SourceFile, FileContent]]:
    for file in files:
        yield file, read_file(file.path, file.name)


def _read_apart(
    files: Sequence[SourceFile], jobs: int, seconds_per_file: float
) -> Iterator[tuple[SourceFile, FileContent]]:
    with working(jobs, seconds_per_file=seconds_per_file) as workers:
        futures: dict[Future[FileContent], SourceFile] = {}
        for file in files:
            futures[workers.submit(file.path, file.name)] = file
        for future in as_completed(futures):
            yield futures.pop(future), future.result()


def _jobs() -> int:
    """Return how many files to read at once: one for each core, as far as the memory goes."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if "SC_PHYS_PAGES" not in getattr(os, "sysconf_names", {}):
        return cores
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(1, min(cores, memory // BYTES_PER_JOB))


def _name(file: Path, root: Path) -> str:
    """Return the path as reports and citations show it; a byte of a name that is no UTF-8 becomes a question mark."""
    name = file.name if file == root else file.relative_to(root).as_posix()
    return name.encode("utf-8", "replace").decode("utf-8")


def _collect(
    read: Sequence[tuple[SourceFile, FileContent]], entries: Sequence[Entry]
) -> tuple[list[Document], list[FileReport], list[Unapplied]]:
    """Return all documents, corrected, with ids of their own, each text once; the report of every file; what fits none."""
    kept: list[ReadDocument] = []
    by_id: dict[str, list[Document]] = {}
    doubts: dict[str, list[Doubt]] = {}
    for file, content in read:
        doubts[file.name] = list(content.doubts)
        for place, document in enumerate(content.documents, start=1):
            same = by_id.setdefault(document.document_id, [])
            twin = next(
                (other for other in same if without_spaces(other.text) == without_spaces(document.text)), None
            )
            if twin:
                doubts[file.name].append(Doubt("duplicate", f"{document.document_id} ({twin.source})"))
                continue
            same.append(document)
            placed = replace(document, read_as=document.document_id, place=place)
            kept.append(ReadDocument(placed, file.digest))
    made, unapplied = lay_over(kept, entries, files={file.name: file.digest for file, _ in read})
    counts: Counter[str] = Counter()
    documents = []
    for document in made:
        counts[document.document_id] += 1
        documents.append(_numbered(document, counts[document.document_id]))
    by_source: dict[str, list[Document]] = {}
    for document in documents:
        by_source.setdefault(document.source, []).append(document)
        doubts[document.source] += document.doubts
    reports = [
        FileReport(
            content.name, len(own := by_source.get(content.name, [])), sum(len(d.provisions) for d in own),
            content.characters, content.reason, tuple(doubts[content.name]), content.encoding, content.pages,
            file.digest,
        )
        for file, content in read
    ]  # fmt: skip
    return documents, reports, unapplied


def _numbered(document: Document, count: int) -> Document:
    """Give a second document of the same number or title its own id: "<id>~2", and say so."""
    old = document.document_id
    if count == 1:
        return document
    made = renamed_document(document, f"{old}~{count}")
    return replace(made, doubts=(*made.doubts, Doubt("same_id", old)))
