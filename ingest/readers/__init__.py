"""A file in, its SourceText out, whatever its format; `read_source` picks the reader by the file's suffix."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ingest.readers.plain import read_text
from ingest.readers.source import SourceText, UnreadableFile, check_size

__all__ = ["SUFFIXES", "SourceText", "UnreadableFile", "read_source", "read_text"]


def _pdf(path: Path, *, name: str) -> SourceText:
    from ingest.readers.pdf import read_pdf  # PDFium, only where there are PDFs

    return read_pdf(path, name=name)


def _scan(path: Path, *, name: str) -> SourceText:
    from ingest.readers.scan import read_scan  # Pillow and OCR, only where there are pictures

    return read_scan(path, name=name)


def _docx(path: Path, *, name: str) -> SourceText:
    from ingest.readers.docx import read_docx  # lxml, only where there are such files

    return read_docx(path, name=name)


def _office(path: Path, *, name: str) -> SourceText:
    from ingest.readers.office import read_office

    return read_office(path, name=name)


def _html(path: Path, *, name: str) -> SourceText:
    from ingest.readers.html import read_html

    return read_html(path, name=name)


def _mht(path: Path, *, name: str) -> SourceText:
    from ingest.readers.html import read_mht

    return read_mht(path, name=name)


PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")
READERS: dict[str, Callable[..., SourceText]] = {".txt": read_text, ".md": read_text}
READERS |= {".pdf": _pdf, **dict.fromkeys(PICTURES, _scan)}
READERS |= dict.fromkeys((".docx", ".docm"), _docx)
READERS |= dict.fromkeys((".doc", ".wps", ".rtf", ".odt"), _office)
READERS |= {".html": _html, ".htm": _html, ".mht": _mht, ".mhtml": _mht}
SUFFIXES = frozenset(READERS)


def read_source(path: Path, *, name: str) -> SourceText:
    """Return the text of one file; `name` is its path as reports and citations show it.

    Raises UnreadableFile, saying in one line what was found and what to do, for a file that holds no readable text.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(SUFFIXES))
        raise UnreadableFile(f"{path.suffix or 'no suffix'} is not read; known: {known}.")
    check_size(path)
    return reader(path, name=name)
