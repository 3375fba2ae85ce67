"""A picture file in (.png .jpg .tif .bmp .webp, with several pages too), its text out, read by OCR."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from ingest.document import Doubt
from ingest.readers.columns import in_reading_order
from ingest.readers.layout import SCANNED, PageLine, join_paragraphs, to_source
from ingest.readers.margins import without_margins
from ingest.readers.pictures import Picture, is_blank
from ingest.readers.source import SourceText, UnreadableFile

MAX_PIXELS = 150_000_000  # a sheet of A2 at 600 dots an inch; a larger picture is refused, not decoded
WORKING_PIXELS = 24_000_000  # what is kept of a picture; type stays large enough
PAGE_POINTS = 595.0  # the width that a page is taken to have: A4


@dataclass(frozen=True)
class ScannedPage:
    """One page read by OCR: its lines in points, its height, and how sure the reading is; None when it is blank."""

    lines: tuple[PageLine, ...]
    height: float
    confidence: float | None


def read_scan(path: Path, *, name: str) -> SourceText:
    """Return the text of a picture file. Raises UnreadableFile for a damaged or too large one, or one without text."""
    pages = [
        read_page_picture(picture, page=number) for number, picture in enumerate(_pictures(path), start=1)
    ]
    lines = [line for page in pages for line in page.lines]
    if not lines:
        raise UnreadableFile(
            "a picture in which no text was found; is it blank, or too coarse (below 150 dpi)?"
        )
    heights = {number: page.height for number, page in enumerate(pages, start=1)}
    lines = without_margins(lines, heights, noise=12.0)
    sure = {number: page.confidence for number, page in enumerate(pages, start=1)}
    doubts = scan_doubts(sure, {line.page for line in lines}, len(pages))
    return to_source(join_paragraphs(lines, SCANNED), len(pages), name, "ocr", doubts)


def read_page_picture(picture: Picture, *, page: int) -> ScannedPage:
    """Return the lines of the picture of one page, in points of a page as wide as A4."""
    from ingest.readers.ocr import read_picture

    height, width = picture.shape[:2]
    if is_blank(picture):
        return ScannedPage((), height * PAGE_POINTS / max(width, 1), None)
    scan = read_picture(picture)
    scale = PAGE_POINTS / scan.width
    lines = [
        replace(
            line, left=line.left * scale, right=line.right * scale, y=line.y * scale, size=line.size * scale
        )
        for line in in_reading_order(scan.pieces, page=page)
    ]
    return ScannedPage(tuple(_with_type_size(lines)), scan.height * scale, scan.confidence)


def scan_doubts(sure: dict[int, float | None], found: set[int], pages: int) -> list[Doubt]:
    """Return what to say of pages read by OCR: `sure` holds the confidence of each (None: blank)."""
    from ingest.readers.ocr import UNSURE

    read = [page for page, confidence in sure.items() if confidence is not None]
    doubts = [Doubt("scan", "" if len(read) == pages else page_ranges(read))] if read else []
    unsure = [page for page in read if page in found and (sure[page] or 0.0) < UNSURE]
    nothing = [page for page in read if page not in found]
    doubts += [Doubt("ocr_unsure", page_ranges(unsure))] if unsure else []
    return doubts + ([Doubt("ocr_nothing", page_ranges(nothing))] if nothing else [])


def page_ranges(pages: list[int]) -> str:
    """Return page numbers as a reader writes them: "page 3", "pages 1, 4-6"."""
    runs: list[list[int]] = []
    for page in sorted(pages):
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    text = ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
    return f"page{'s' if len(pages) > 1 else ''} {text}"


def _with_type_size(lines: list[PageLine]) -> list[PageLine]:
    """Give each line the size of its type: its width by its characters, since boxes are higher than type."""
    from ingest.clean import text_width

    out = []
    for line in lines:
        ems = text_width(line.text) / 2
        out.append(
            replace(line, size=(line.right - line.left) / ems)
            if ems >= 6
            else replace(line, size=line.size * 0.8)
        )
    return out


def _pictures(path: Path) -> Iterator[Picture]:
    """Yield each page of a picture file, upright by its own mark and not larger than needed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # judged here, by MAX_PIXELS
        try:
            with Image.open(path) as file:
                for frame in ImageSequence.Iterator(file):
                    wide, high = frame.size
                    if wide * high > MAX_PIXELS:
                        raise UnreadableFile(
                            f"a picture of {wide} x {high} pixels, more than {MAX_PIXELS:,}; scan it at 300 dpi."
                        )
                    yield _prepared(frame)
        except UnidentifiedImageError as error:
            raise UnreadableFile("no picture of a known kind; is the file damaged or misnamed?") from error
        except Image.DecompressionBombError as error:
            raise UnreadableFile("a picture of far too many pixels; scan it at 300 dpi.") from error
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            if isinstance(error, UnreadableFile):
                raise
            raise UnreadableFile(f"a damaged picture ({error}); save it again.") from error


def _prepared(frame: Image.Image) -> Picture:
    if frame.size[0] * frame.size[1] > WORKING_PIXELS:
        share = (WORKING_PIXELS / (frame.size[0] * frame.size[1])) ** 0.5
        frame.draft("RGB", (int(frame.size[0] * share), int(frame.size[1] * share)))  # JPEG: decoded small
    upright = ImageOps.exif_transpose(frame)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        layer = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    if upright.mode.startswith("I;16") or upright.mode in ("I", "F"):
        upright = _eight_bits(upright)
    upright = upright.convert("L") if upright.mode == "1" else upright
    upright.thumbnail(_working_size(upright.size), reducing_gap=2.0)
    return np.asarray(upright.convert("RGB"))


def _working_size(size: tuple[int, int]) -> tuple[int, int]:
    share = min(1.0, (WORKING_PIXELS / (size[0] * size[1])) ** 0.5)
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def _eight_bits(image: Image.Image) -> Image.Image:
    values = np.asarray(image, dtype=np.float64)
    low, high = float(values.min()), float(values.max())
    return Image.fromarray(((values - low) / max(high - low, 1e-9) * 255).astype(np.uint8))
