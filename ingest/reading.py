"""One file in, its FileContent out: documents and doubts, or the reason why there are none."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from ingest.document import Document, Doubt
from ingest.readers import UnreadableFile, read_source
from ingest.structure import read_documents

log = logging.getLogger(__name__)

# What decides, besides this package's own code, what a file is read as.
LIBRARIES = ("lxml", "pypdfium2", "rapidocr", "onnxruntime", "opencv-python-headless", "pillow")


@dataclass(frozen=True)
class FileContent:
    """What one file held; `reason` is "" when it was read. The documents know nothing of other files yet."""

    name: str
    documents: tuple[Document, ...] = ()
    characters: int = 0
    encoding: str = ""
    pages: int = 0
    reason: str = ""
    doubts: tuple[Doubt, ...] = ()


def read_file(file: Path, name: str) -> FileContent:
    """Return what `file` holds; a file that cannot be read gets its reason, in one line."""
    try:
        return _read(file, name)
    except (UnreadableFile, OSError) as error:
        return FileContent(name, reason=" ".join(str(error).split()))
    except Exception as error:  # a defect of a reader: said in full, and the other files go on
        log.exception("reading %s failed", name)
        what = f"{type(error).__name__}: {error}"
        return FileContent(
            name, reason=f"the reader failed on it ({' '.join(what.split())[:200]}); report this."
        )


def _read(file: Path, name: str) -> FileContent:
    if file.is_dir():
        what = (
            "a link to a folder, which is not followed"
            if file.is_symlink()
            else "a folder that cannot be opened"
        )
        raise UnreadableFile(f"{what}: its files are not read; put them in, or give the right to read it.")
    source = read_source(file, name=name)
    documents = tuple(document for document in read_documents(source).documents if document.provisions)
    return FileContent(
        name, documents, len(source.text), source.encoding, len(source.page_starts),
        reason="" if documents else "no provisions found; is it a document?", doubts=source.doubts,
    )  # fmt: skip


def renamed(content: FileContent, name: str) -> FileContent | None:
    """Return the content under the file's new name; None when the old name stands in a title or an id."""
    if name == content.name:
        return content
    old = Path(content.name).stem
    if any(old in document.document_id or old in document.title for document in content.documents):
        return None
    documents = tuple(replace(document, source=name) for document in content.documents)
    return replace(content, name=name, documents=documents)


def encode(content: FileContent) -> bytes:
    """Return the bytes that `decode` reads."""
    return msgspec.msgpack.encode(content)


def decode(data: bytes) -> FileContent:
    """Return the content. Raises msgspec.DecodeError for bytes that `encode` did not write."""
    return msgspec.msgpack.decode(data, type=FileContent)


@cache
def reading_version() -> str:
    """Return a digest of the code that reads files: of this package's modules and of the libraries below them."""
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    for module in sorted(folder.rglob("*.py")):
        digest.update(module.relative_to(folder).as_posix().encode() + b"\0" + module.read_bytes())
    digest.update("\n".join(_versions(LIBRARIES)).encode())
    return digest.hexdigest()


def _versions(names: Iterable[str]) -> Iterable[str]:
    for name in names:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            yield f"{name} -"
