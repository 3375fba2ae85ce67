"""One page of a PDF in, what stands on it out: glyphs as a reader sees them upright, ruling lines, pictures."""

from __future__ import annotations

import ctypes
import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from ingest.readers.radicals import unify

MAX_SEGMENTS = 20_000  # of drawings on a page: a map or a plan, no table
THIN = 3.0  # points: a filled shape thinner than this is a ruling line
OFF_AXIS = math.radians(8)
HIGH, LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)
UNSEEN = frozenset((0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF))
INVISIBLE = 3  # text render mode


class Glyph(NamedTuple):
    """One character: points, measured from the upper left corner; `y` is its baseline."""

    char: str
    left: float
    right: float
    y: float
    size: float


class Rule(NamedTuple):
    """A ruling line: `at` is its y (or its x, when it is upright), from `start` to `end` along the other axis."""

    upright: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True)
class PageContent:
    """What one page shows. `broken` counts characters without a Unicode value, `aslant` those of watermarks."""

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...]
    picture_share: float  # of the page's area that its largest picture covers
    drawn: int  # objects that are not text
    hidden: bool  # most of the text is invisible: an OCR layer over the scan
    vertical: bool
    broken: int
    aslant: int


View = Callable[[float, float], tuple[float, float]]
Matrix = tuple[float, float, float, float, float, float]
PLAIN: Matrix = (1, 0, 0, 1, 0, 0)


def read_page(page: pypdfium2.PdfPage) -> PageContent:
    """Return the content of `page`, turned so that most of its text runs from left to right.

    Raises PdfiumError for a page that cannot be read.
    """
    textpage = page.get_textpage()
    try:
        raw = list(_characters(textpage))
        angle = _main_angle([item[6] for item in raw]) if raw else page.get_rotation()
        view, width, height = _view(page.get_bbox(), angle)
        upright = [item for item in raw if _is_along(item[6], angle)]
        glyphs = [_glyph(item, view) for item in upright]
        rules, share, drawn = _drawings(page, view, width * height)
        return PageContent(
            width, height, tuple(glyphs), tuple(rules), share, drawn,
            hidden=share > 0.3 and _is_hidden(textpage),
            vertical=_runs_down(glyphs),
            broken=sum(item[7] for item in raw),
            aslant=len(raw) - len(upright),
        )  # fmt: skip
    finally:
        textpage.close()


RawChar = tuple[str, float, float, float, float, float, float, bool, float]
# character, origin, far corner, height of the type, angle, broken, width of a square character


def _characters(textpage: Any) -> Iterator[RawChar]:
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    high = 0
    for index in range(textpage.count_chars()):
        if pdfium.FPDFText_IsGenerated(textpage, index) == 1:
            continue
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        if code in HIGH:
            high = code
            continue
        if code in LOW and high:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        high = 0
        if pdfium.FPDFText_IsHyphen(textpage, index) == 1:
            code = ord("-")
        if code in UNSEEN:
            continue
        pdfium.FPDFText_GetLooseCharBox(textpage, index, box)
        pdfium.FPDFText_GetCharOrigin(textpage, index, x, y)
        pdfium.FPDFText_GetMatrix(textpage, index, matrix)
        points = pdfium.FPDFText_GetFontSize(textpage, index)
        size, square = points * math.hypot(matrix.c, matrix.d), points * math.hypot(matrix.a, matrix.b)
        angle = math.atan2(matrix.b, matrix.a)
        far_x = box.right if matrix.a >= 0 else box.left
        far_y = box.top if matrix.b >= 0 else box.bottom
        broken = pdfium.FPDFText_HasUnicodeMapError(textpage, index) == 1 or _is_broken(code)
        if code and not (code < 32 and code not in (9, 10, 13)) and size > 0:
            yield unify(chr(code)), x.value, y.value, far_x, far_y, size, angle, broken, square
        elif code != 0:
            yield "\ufffd", x.value, y.value, far_x, far_y, max(size, 1.0), angle, True, square


def _is_broken(code: int) -> bool:
    return code in (0, 0xFFFD, 0xFFFE, 0xFFFF) or 0xE000 <= code <= 0xF8FF or code >= 0xF0000


def _main_angle(angles: Sequence[float]) -> int:
    counts = Counter(round(math.degrees(angle) / 90) % 4 * 90 for angle in angles)
    return counts.most_common(1)[0][0]


def _is_along(angle: float, main: int) -> bool:
    away = abs((angle - math.radians(main) + math.pi) % (2 * math.pi) - math.pi)
    return away <= OFF_AXIS


def _view(bbox: tuple[float, float, float, float], angle: int) -> tuple[View, float, float]:
    """Return the map from page to upright coordinates for text that runs at `angle`, and the upright size."""
    left, bottom, right, top = bbox
    wide, high = right - left, top - bottom
    if angle == 90:
        return (lambda x, y: (y - bottom, x - left)), high, wide
    if angle == 180:
        return (lambda x, y: (right - x, y - bottom)), wide, high
    if angle == 270:
        return (lambda x, y: (top - y, right - x)), high, wide
    return (lambda x, y: (x - left, top - y)), wide, high


def _glyph(item: RawChar, view: View) -> Glyph:
    char, x, y, far_x, far_y, size, _, _, square = item
    left, base = view(x, y)
    right = view(far_x, far_y)[0]
    if is_wide(char):
        right = (
            right if right > left + 1.5 * square else left + square
        )  # boxes are rounded up; —— may be one glyph
    return Glyph(char, left, max(right, left), base, size)


def is_wide(char: str) -> bool:
    """Say whether `char` takes a full square in Chinese type."""
    return char >= "\u2e80" or char in "“”‘’—…·"


def is_han(char: str) -> bool:
    """Say whether `char` is an ideograph."""
    return "\u3400" <= char <= "\u9fff" or char >= "\U00020000" or char == "〇"


def _runs_down(glyphs: Sequence[Glyph]) -> bool:
    """Say whether most of the page's characters stand below the one before them: vertical writing."""
    down = across = 0
    for before, after in itertools.pairwise(glyphs):
        if abs(after.left - before.left) < before.size * 0.4 and (
            0.7 * before.size < after.y - before.y < 2 * before.size
        ):
            down += 1
        elif abs(after.y - before.y) < before.size * 0.3:
            across += 1
    return down > 20 and down > 2 * across


def _is_hidden(textpage: Any) -> bool:
    count = textpage.count_chars()
    sample = range(0, count, max(1, count // 50))
    modes = []
    for index in sample:
        item = pdfium.FPDFText_GetTextObject(textpage, index)
        if item:
            modes.append(pdfium.FPDFTextObj_GetTextRenderMode(item))
    return bool(modes) and modes.count(INVISIBLE) * 2 > len(modes)


def _drawings(page: pypdfium2.PdfPage, view: View, area: float) -> tuple[list[Rule], float, int]:
    """Return the page's ruling lines, the share of its largest picture, and the number of drawn objects."""
    rules: list[Rule] = []
    share, drawn, segments = 0.0, 0, 0
    for kind, item, matrix in _objects(page.raw, PLAIN, 0):
        drawn += 1
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            left, top, right, bottom = _bounds(item, matrix, view)
            share = max(share, (right - left) * (bottom - top) / max(area, 1.0))
        elif kind == pdfium.FPDF_PAGEOBJ_PATH and segments <= MAX_SEGMENTS:
            segments += max(0, pdfium.FPDFPath_CountSegments(item))
            rules.extend(_rules(item, matrix, view))
    return ([] if segments > MAX_SEGMENTS else rules), min(share, 1.0), drawn


def _objects(owner: Any, matrix: Matrix, depth: int) -> Iterator[tuple[int, Any, Matrix]]:
    """Yield the pictures, paths and shadings of a page or form, each with the matrix that it stands in."""
    count = pdfium.FPDFFormObj_CountObjects(owner) if depth else pdfium.FPDFPage_CountObjects(owner)
    for index in range(max(count, 0)):
        item = (
            pdfium.FPDFFormObj_GetObject(owner, index) if depth else pdfium.FPDFPage_GetObject(owner, index)
        )
        kind = pdfium.FPDFPageObj_GetType(item) if item else 0
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < 10:
            yield from _objects(item, _times(_matrix(item), matrix), depth + 1)
        elif kind not in (0, pdfium.FPDF_PAGEOBJ_TEXT):
            yield kind, item, matrix


def _matrix(item: Any) -> Matrix:
    raw = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, raw):
        return PLAIN
    return raw.a, raw.b, raw.c, raw.d, raw.e, raw.f


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _bounds(item: Any, matrix: Matrix, view: View) -> tuple[float, float, float, float]:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top):
        return 0.0, 0.0, 0.0, 0.0
    corners = [view(*_apply(matrix, x.value, y.value)) for x in (left, right) for y in (bottom, top)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _rules(item: Any, matrix: Matrix, view: View) -> Iterator[Rule]:
    """Yield the straight lines that a path draws: its strokes, or itself when it is a thin filled shape."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
    left, top, right, bottom = _bounds(item, matrix, view)
    wide, high = right - left, bottom - top
    if min(wide, high) <= THIN:
        if (fill.value or stroke.value) and max(wide, high) > THIN:
            yield _straight(left, top, right, bottom)
    elif stroke.value:
        for x1, y1, x2, y2 in _strokes(item, _times(_matrix(item), matrix), view):
            if min(abs(x1 - x2), abs(y1 - y2)) <= 1 and max(abs(x1 - x2), abs(y1 - y2)) > THIN:
                yield _straight(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))


def _straight(left: float, top: float, right: float, bottom: float) -> Rule:
    if bottom - top > right - left:
        return Rule(True, (left + right) / 2, top, bottom)
    return Rule(False, (top + bottom) / 2, left, right)


def _strokes(item: Any, matrix: Matrix, view: View) -> Iterator[tuple[float, float, float, float]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for index in range(pdfium.FPDFPath_CountSegments(item)):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = view(*_apply(matrix, x.value, y.value))
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield (*last, *point)
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield (*point, *start)
        last = point
