"""A folder of files in, a Corpus of Documents out, with a report of what was read, skipped and doubtful."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.document import Document, Doubt
from ingest.readers import SUFFIXES, UnreadableFile, read_source
from ingest.relations import add_relations
from ingest.structure import read_documents

INGEST_VERSION = "4"  # raise it when the same file would now give other provisions
NOT_DOCUMENTS = {"sources.md", "readme.md", "license", "license.txt"}


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


@dataclass(frozen=True)
class Corpus:
    documents: tuple[Document, ...]
    files: tuple[FileReport, ...]
    fingerprint: str  # of all files and of the way they are read


def list_files(path: Path) -> list[Path]:
    """Return the readable files below `path` (or `path` itself), sorted; hidden files and SOURCES.md are left out.

    Raises CorpusError when there is no such path or no such file.
    """
    if not path.exists():
        raise CorpusError(f"{path}: no such file or folder; set corpus.path in config.yaml.")
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    files = [p for p in files if not _is_hidden(p, path) and p.name.lower() not in NOT_DOCUMENTS]
    if not files:
        raise CorpusError(f"{path}: no files; put documents there ({', '.join(sorted(SUFFIXES))}).")
    return files


def _is_hidden(file: Path, root: Path) -> bool:
    parts = file.relative_to(root).parts if file != root else (file.name,)
    return any(part.startswith((".", "~$")) for part in parts)


def corpus_fingerprint(path: Path) -> str:
    """Return a digest of every file's name and bytes and of INGEST_VERSION: equal when nothing changed."""
    digest = hashlib.sha256(INGEST_VERSION.encode())
    for file in list_files(path):
        digest.update(_name(file, path).encode() + b"\0" + _file_digest(file))
    return digest.hexdigest()


def _file_digest(file: Path) -> bytes:
    try:
        with file.open("rb") as data:
            return hashlib.file_digest(data, "sha256").digest()
    except OSError as error:  # a file that cannot be opened: it is reported, and read once it can be
        return str(error.errno).encode()


def read_corpus(path: Path, *, progress: Callable[[str, int, int], None] | None = None) -> Corpus:
    """Return all documents below `path`; a file that cannot be read is reported and the others go on.

    `progress` is told (file name, files done, files in all). Raises CorpusError when nothing at all is there.
    """
    files = list_files(path)
    documents: list[Document] = []
    reports: list[FileReport] = []
    for done, file in enumerate(files, start=1):
        name = _name(file, path)
        found, report = _read_file(file, name)
        documents += found
        reports.append(report)
        if progress:
            progress(name, done, len(files))
    unique = _with_unique_ids(documents)
    return Corpus(tuple(add_relations(unique)), tuple(reports), corpus_fingerprint(path))


def _name(file: Path, root: Path) -> str:
    """Return the path as reports and citations show it; a byte of a name that is no UTF-8 becomes a question mark."""
    name = file.name if file == root else file.relative_to(root).as_posix()
    return name.encode("utf-8", "replace").decode("utf-8")


def _read_file(file: Path, name: str) -> tuple[list[Document], FileReport]:
    try:
        source = read_source(file, name=name)
    except (UnreadableFile, OSError) as error:
        return [], FileReport(name, 0, 0, 0, str(error))
    read = read_documents(source)
    found = [document for document in read.documents if document.provisions]
    if not found:
        return [], FileReport(name, 0, 0, len(source.text), "no provisions found; is it a document?")
    doubts = source.doubts + tuple(doubt for document in found for doubt in document.doubts)
    provisions = sum(len(document.provisions) for document in found)
    return found, FileReport(name, len(found), provisions, len(source.text), "", doubts)


def _with_unique_ids(documents: Iterable[Document]) -> list[Document]:
    """Give a second document of the same number or title its own id: "<id>~2", and say so."""
    seen: Counter[str] = Counter()
    out = []
    for document in documents:
        seen[document.document_id] += 1
        count = seen[document.document_id]
        out.append(document if count == 1 else _renamed(document, f"{document.document_id}~{count}"))
    return out


def _renamed(document: Document, new_id: str) -> Document:
    old = document.document_id

    def rename(provision_id: str) -> str:
        return new_id + provision_id.removeprefix(old)

    provisions = tuple(
        replace(
            p,
            document_id=new_id,
            provision_id=rename(p.provision_id),
            parent=rename(p.parent) if p.parent else None,
        )
        for p in document.provisions
    )
    doubts = (*document.doubts, Doubt("same_id", old))
    return replace(document, document_id=new_id, provisions=provisions, doubts=doubts)
