"""A .pdf file in, its text out: its text layer page by page, pages without a readable one by OCR."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from ingest.document import Doubt
from ingest.readers.characters import share_of_common
from ingest.readers.columns import Piece, in_reading_order
from ingest.readers.layout import EXACT, ROW, SCANNED, PageLine, Paragraph, join_paragraphs, to_source
from ingest.readers.lines import find_segments, segment_text
from ingest.readers.margins import without_margins
from ingest.readers.pdf_notes import with_notes
from ingest.readers.pdf_page import Glyph, PageContent, read_page
from ingest.readers.ruled import Grid, find_grids, read_rows
from ingest.readers.scan import page_ranges, read_page_picture, scan_doubts
from ingest.readers.source import SourceText, UnreadableFile

DPI = 200
MAX_PIXELS = 12_000_000  # of a rendered page: A3 at 300 dots an inch is less
FEW = 30  # characters: a page with a picture and fewer than these is a scan with a stamp or a page number
LARGE = 0.45  # of the page's area: a picture that may be the page itself
BROKEN = 0.1  # share of characters without meaning above which a text layer is not used
LEAST_CHINESE, LEAST_COMMON = 40, 0.2
_PDFIUM = threading.Lock()  # PDFium keeps global state: one thread at a time


@dataclass
class _Pages:
    """What the pages gave, as they are read one after another."""

    lines: list[PageLine] = field(default_factory=list)
    heights: dict[int, float] = field(default_factory=dict)
    short_rules: dict[int, list[float]] = field(default_factory=dict)
    scanned: dict[int, float | None] = field(default_factory=dict)  # confidence; None: blank
    doubts: dict[str, list[int]] = field(default_factory=dict)

    def doubt(self, kind: str, page: int) -> None:
        self.doubts.setdefault(kind, []).append(page)


def read_pdf(path: Path, *, name: str) -> SourceText:
    """Return the text of a PDF: paragraphs and table rows a line each, with the pages they begin on.

    Raises UnreadableFile for a file that is no PDF, damaged, locked by a password, or without any text.
    """
    with _PDFIUM:
        document = _open(path)
        try:
            pages = _Pages()
            for index in range(len(document)):
                _add_page(pages, document, index)
            count = len(document)
        finally:
            document.close()
    if not pages.lines:
        raise UnreadableFile(_why_nothing(pages, count))
    return to_source(
        _paragraphs(pages),
        count,
        name,
        "ocr" if len(pages.scanned) == count else "pdf",
        _doubts(pages, count),
    )


def _open(path: Path) -> pypdfium2.PdfDocument:
    with path.open("rb") as file:
        if b"%PDF-" not in file.read(1024):
            raise UnreadableFile("no PDF, whatever its name says; give it its right suffix or save it again.")
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code == pdfium.FPDF_ERR_PASSWORD:
            raise UnreadableFile("is protected by a password; save an unprotected copy.") from error
        if code == pdfium.FPDF_ERR_SECURITY:
            raise UnreadableFile("is encrypted in an unknown way; save an unprotected copy.") from error
        raise UnreadableFile("a damaged PDF; open it and save it again, or get another copy.") from error
    if not len(document):
        document.close()
        raise UnreadableFile("a PDF without pages; get another copy.")
    return document


def _add_page(pages: _Pages, document: pypdfium2.PdfDocument, index: int) -> None:
    number = index + 1
    pages.heights[number] = 842.0
    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        pages.doubt("bad_page", number)
        return
    try:
        content = read_page(page)
        pages.heights[number] = content.height
        if _needs_ocr(pages, content, number):
            _add_scan(pages, page, number)
        elif content.vertical:
            pages.doubt("vertical", number)
        else:
            _add_text(pages, content, number)
            if content.aslant:
                pages.doubt("aslant", number)
    except pypdfium2.PdfiumError:
        pages.doubt("bad_page", number)
    finally:
        page.close()


def _needs_ocr(pages: _Pages, content: PageContent, number: int) -> bool:
    text = "".join(glyph.char for glyph in content.glyphs if not glyph.char.isspace())
    if len(text) < FEW:
        return content.picture_share > LARGE or (not text and content.drawn > 0)
    if _is_garbage(text, content):
        pages.doubt("bad_text_layer", number)
        return True
    if content.hidden:
        pages.doubt("ocr_layer", number)
    return False


def _is_garbage(text: str, content: PageContent) -> bool:
    """Say whether a text layer maps its characters to something other than what is printed."""
    if content.broken > BROKEN * len(text):
        return True
    foreign = sum(char > "\x7f" for char in text)
    return foreign > LEAST_CHINESE and foreign * 4 > len(text) and share_of_common(text) < LEAST_COMMON


def _add_scan(pages: _Pages, page: Any, number: int) -> None:
    width, height = page.get_size()
    scale = min(DPI / 72, (MAX_PIXELS / max(width * height, 1)) ** 0.5)
    bitmap = page.render(scale=scale, rev_byteorder=True)
    try:
        picture = bitmap.to_numpy()[:, :, :3].copy()
    finally:
        bitmap.close()
    scan = read_page_picture(picture, page=number)
    pages.heights[number] = scan.height
    pages.scanned[number] = scan.confidence
    pages.lines += scan.lines


def _add_text(pages: _Pages, content: PageContent, number: int) -> None:
    grids = find_grids(content.rules)
    free = [glyph for glyph in content.glyphs if not any(grid.holds(glyph) for grid in grids)]
    pieces = [
        Piece(segment_text(segment), segment.left, segment.right, segment.y, segment.size)
        for segment in find_segments(free)
    ]
    lines = in_reading_order([piece for piece in pieces if piece.text], page=number)
    for grid in grids:
        _insert_rows(lines, grid, [glyph for glyph in content.glyphs if grid.holds(glyph)], number)
    pages.lines += lines
    pages.short_rules[number] = [
        rule.at for rule in content.rules if not rule.upright and rule.end - rule.start < 0.5 * content.width
    ]


def _insert_rows(lines: list[PageLine], grid: Grid, glyphs: Sequence[Glyph], number: int) -> None:
    """Put the rows of a table among the lines of its page, behind what stands above it."""
    rows = read_rows(grid, glyphs, _cell_lines)
    at = next(
        (index for index, line in enumerate(lines) if line.y > grid.ys[0] and line.column == 0), len(lines)
    )
    left, right, size = grid.xs[0], grid.xs[-1], glyphs[0].size if glyphs else 10.0
    titled = 0
    while titled < len(rows) - 1 and rows[titled].spans_all:
        titled += 1
    lines[at:at] = [
        PageLine(
            row.cells[0] if index < titled else "\t".join(row.cells),
            left,
            right,
            row.y,
            size,
            number,
            kind=ROW,
        )
        for index, row in enumerate(rows)
    ]


def _cell_lines(glyphs: Sequence[Glyph]) -> list[str]:
    pieces = [
        Piece(segment_text(item), item.left, item.right, item.y, item.size) for item in find_segments(glyphs)
    ]
    return [line.text for line in in_reading_order(pieces, page=1)]


def _paragraphs(pages: _Pages) -> list[Paragraph]:
    """Join the lines; runs of scanned pages and of others by their own measure."""
    out: list[Paragraph] = []
    text = [line for line in pages.lines if line.page not in pages.scanned]
    scans = [line for line in pages.lines if line.page in pages.scanned]
    kept = without_margins(text, pages.heights) + without_margins(scans, pages.heights, noise=12.0)
    kept = with_notes(sorted(kept, key=lambda line: line.page), pages.short_rules)
    run: list[PageLine] = []
    for line in kept:
        if run and (line.page in pages.scanned) != (run[-1].page in pages.scanned):
            out += join_paragraphs(run, SCANNED if run[-1].page in pages.scanned else EXACT)
            run = []
        run.append(line)
    return out + (join_paragraphs(run, SCANNED if run[-1].page in pages.scanned else EXACT) if run else [])


def _doubts(pages: _Pages, count: int) -> list[Doubt]:
    found = {line.page for line in pages.lines}
    own = [Doubt(kind, page_ranges(numbers)) for kind, numbers in pages.doubts.items()]
    return scan_doubts(pages.scanned, found, count) + own if pages.scanned else own


def _why_nothing(pages: _Pages, count: int) -> str:
    if "bad_page" in pages.doubts:
        return "a damaged PDF: none of its pages can be read; get another copy."
    if "vertical" in pages.doubts:
        return "written from top to bottom, which is not read; type it out or convert it."
    return f"no text found on its {count} pages, by OCR neither; is it blank?"
