"""Lines with their places in, the paragraphs that they make up out; shared by PDF text layers and scans."""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest.document import Doubt
from ingest.numbering import read_mark, starts_unit
from ingest.readers.source import SourceText

PROSE, ROW, NOTE = "prose", "row", "note"
FAR = 3.0  # ems: lines of a paragraph are nearer
NARROW = 10  # ems: no column of text, but short lines
TERMINAL = "。！？；：.!?;:…"
CLOSING = "，。、；：！？）》〉】〕”’…—％,.;:!?)]}%"
OPENING = "（《〈【〔“‘([{"
HEAD = re.compile(
    rf"[{re.escape(OPENING)}]*(?:[A-Za-z0-9][A-Za-z0-9./:@_,%-]*|.)[{re.escape(CLOSING)}]*", re.DOTALL
)
CONTENTS_ENTRY = re.compile(r"(?:[.．…·]{3,}|\t)\s*[-—]?\s*\d{1,4}\s*[-—]?$")
TAGS = re.compile(r"</?sup>")
WORD_END = re.compile(r"[A-Za-z]{2}-$")


@dataclass(frozen=True)
class PageLine:
    """One line of a page; points, measured from the upper left corner of the page."""

    text: str
    left: float
    right: float
    y: float  # of the baseline, or of the middle: the same for all lines of a file
    size: float  # of the type
    page: int = 1
    column: int = 0  # 0 where the page has one column, else 1, 2, …
    kind: str = PROSE


@dataclass(frozen=True)
class Tolerance:
    """How exactly places are known."""

    edge: float = 0.35  # ems that a full line may fall short of the right edge
    indent: float = 1.3  # ems from the left edge that make a first-line indent
    gap: float = 1.18  # line pitches that part paragraphs
    size: float = 1.12  # ratio that makes another size of type


EXACT = Tolerance()
SCANNED = Tolerance(edge=1.0, indent=1.2, gap=1.38, size=1.4)


@dataclass
class Paragraph:
    """Lines that belong together, as (page, text) pieces."""

    pieces: list[tuple[int, str]]
    kind: str = PROSE
    notes: list[PageLine] = field(default_factory=list)


@dataclass(frozen=True)
class Edges:
    left: float
    right: float


def join_paragraphs(lines: Sequence[PageLine], tolerance: Tolerance = EXACT) -> list[Paragraph]:
    """Return the paragraphs of a file's lines, which stand in reading order."""
    body = [line for line in lines if line.kind == PROSE]
    edges = _edges(body)
    size = statistics.median([line.size for line in body] or [0.0])
    pitches, style = _pitches(body, edges, tolerance), _style(body, edges, tolerance)
    builder = _Builder(tolerance, edges, pitches, style, size)
    return builder.build(lines)


def to_source(
    paragraphs: Sequence[Paragraph], pages: int, path: str, encoding: str, doubts: Sequence[Doubt] = ()
) -> SourceText:
    """Return the text of the paragraphs, a line each, with the offset at which each of `pages` pages begins."""
    starts: dict[int, int] = {}
    texts, position = [], 0
    for paragraph in paragraphs:
        text = ""
        for page, piece in paragraph.pieces:
            joined = join_pieces(text, piece)
            starts.setdefault(page, position + max(0, len(joined) - len(piece)))
            text = joined
        texts.append(text)
        position += len(text) + 1
    whole = "\n".join(texts)
    page_starts, after = [], len(whole)
    for page in range(pages, 0, -1):  # a page without text begins where the next one does
        after = min(after, starts.get(page, after))
        page_starts.append(after)
    return SourceText(path, whole, encoding, tuple(reversed(page_starts)), True, tuple(doubts))


def join_pieces(text: str, piece: str) -> str:
    """Return two lines of a paragraph as one: Latin words parted by a space, hyphenated ones made whole."""
    if not text or not piece:
        return text + piece
    if WORD_END.search(text) and piece[0].islower() and piece[0].isascii():
        return text[:-1] + piece
    last, first = text[-1], piece[0]
    latin = last.isascii() and first.isascii() and first.isalnum()
    if latin and (first.isalpha() if last.isalnum() else last in ",.;:!?)") and not last.isspace():
        return f"{text} {piece}"
    return text + piece


def head_width(text: str) -> float:
    """Return the ems of what a line break cannot part at the beginning of a line: 《中, 2023, word, 字，."""
    match = HEAD.match(TAGS.sub("", text))
    return sum(0.55 if char.isascii() else 1.0 for char in match[0]) if match else 1.0


def _edges(lines: Sequence[PageLine]) -> dict[tuple[int, int], Edges]:
    """Return the edges of the type area for each page and column: the page's own where it has lines enough."""
    by_column: dict[int, list[PageLine]] = defaultdict(list)
    by_page: dict[tuple[int, int], list[PageLine]] = defaultdict(list)
    for line in lines:
        by_column[line.column].append(line)
        by_page[line.page, line.column].append(line)
    whole = {column: _measure(items) for column, items in by_column.items()}
    out = {}
    for (page, column), items in by_page.items():
        own, all_ = _measure(items), whole[column]
        wide_enough = own.right - own.left >= 0.9 * (all_.right - all_.left)
        out[page, column] = own if len(items) >= 6 and wide_enough else all_
    return out


def _measure(lines: Sequence[PageLine]) -> Edges:
    em = statistics.median(line.size for line in lines)
    left = _edge([line.left for line in lines], em)
    right = -_edge([-line.right for line in lines], em)
    return Edges(left, right if right - left > NARROW * em else left + 4 * NARROW * em)


def _edge(values: Sequence[float], em: float) -> float:
    """Return the outermost place at which a share of the lines begin; single lines beyond it do not count."""
    need = max(2, len(values) * 0.06)
    for value in sorted(values):
        near = [other for other in values if value <= other <= value + 1.2 * em]
        if len(near) >= need:
            return value
    return min(values)


def _pitches(
    lines: Sequence[PageLine], edges: dict[tuple[int, int], Edges], tolerance: Tolerance
) -> dict[int, float]:
    """Return the usual distance of two lines of a paragraph, for each size of type (rounded)."""
    found: dict[int, list[float]] = defaultdict(list)
    for before, line in _neighbours(lines):
        near = line.y - before.y < FAR * line.size
        if near and _is_full(before, line, edges, tolerance):
            found[round(line.size)].append(line.y - before.y)
    return {size: _usual(values) for size, values in found.items()}


def _usual(values: Sequence[float]) -> float:
    counts = Counter(round(value * 2) for value in values)
    best = max(
        counts, key=lambda key: (sum(counts[key + step] for step in (-1, 0, 1)), -key)
    )  # the closer, on a tie
    return statistics.median(value for value in values if abs(value * 2 - best) <= 1.5)


def _neighbours(lines: Sequence[PageLine]) -> Iterator[tuple[PageLine, PageLine]]:
    """Yield each pair of lines that stand one below the other."""
    for before, line in itertools.pairwise(lines):
        if _same_column(before, line):
            yield before, line


def _same_column(before: PageLine, line: PageLine) -> bool:
    return (before.page, before.column) == (line.page, line.column) and line.y > before.y


def _is_full(
    before: PageLine, line: PageLine, edges: dict[tuple[int, int], Edges], tolerance: Tolerance
) -> bool:
    """Say whether the beginning of `line` would not have fitted behind `before`."""
    right = edges[before.page, before.column].right
    return before.right + (head_width(line.text) + tolerance.edge) * before.size > right


@dataclass(frozen=True)
class Style:
    indented: bool  # paragraphs begin with an indent
    spaced: bool  # paragraphs are parted by a gap


def _style(lines: Sequence[PageLine], edges: dict[tuple[int, int], Edges], tolerance: Tolerance) -> Style:
    """Tell how paragraphs begin, by the long lines that follow one that ended early."""
    indented = spaced = total = 0
    pitches = _pitches(lines, edges, tolerance)
    for before, line in _neighbours(lines):
        area = edges[line.page, line.column]
        long = line.right > area.right - 2 * line.size
        if not long or _is_full(before, line, edges, tolerance):
            continue
        total += 1
        indented += line.left > area.left + tolerance.indent * line.size
        pitch = pitches.get(round(line.size))
        spaced += pitch is not None and line.y - before.y > tolerance.gap * pitch
    return Style(indented * 2 > total, spaced * 2 > total)


class _Builder:
    def __init__(
        self,
        tolerance: Tolerance,
        edges: dict[tuple[int, int], Edges],
        pitches: dict[int, float],
        style: Style,
        body: float,
    ) -> None:
        self.tolerance, self.edges, self.pitches, self.style = tolerance, edges, pitches, style
        self.body = body

    def build(self, lines: Sequence[PageLine]) -> list[Paragraph]:
        out: list[Paragraph] = []
        before: PageLine | None = None  # the last line of prose
        for line in lines:
            if line.kind == NOTE:
                self._add_note(out, line)
                continue
            if before is not None and self._goes_on(before, line):
                out[-1].pieces.append((line.page, line.text))
            else:
                out.append(Paragraph([(line.page, line.text)], line.kind))
            before = line
        return [item for paragraph in out for item in (paragraph, *_note_lines(paragraph))]

    def _add_note(self, out: list[Paragraph], line: PageLine) -> None:
        """Put a footnote behind the paragraph that holds its mark, or the last one; a note's further lines join it."""
        mark = re.match(r"<sup>\d+</sup>", line.text)
        if mark is None:
            target = next((item for item in reversed(out[-40:]) if item.notes), None)
            if target is not None:
                last = target.notes[-1]
                target.notes[-1] = replace(last, text=join_pieces(last.text, line.text))
                return
        holder = next(
            (
                item
                for item in reversed(out[-40:])
                if mark and any(mark[0] in text for _, text in item.pieces)
            ),
            None,
        )
        if holder is None and not out:
            out.append(Paragraph([], PROSE))
        (holder or out[-1]).notes.append(line)

    def _goes_on(self, before: PageLine, line: PageLine) -> bool:
        if before.kind != PROSE or line.kind != PROSE or not line.text or not before.text:
            return False
        if CONTENTS_ENTRY.search(before.text) or CONTENTS_ENTRY.search(line.text):
            return False
        larger = max(before.size, line.size) / max(0.1, min(before.size, line.size))
        if larger > self.tolerance.size or not _is_full(before, line, self.edges, self.tolerance):
            return False
        if self._is_centred(before) and not _is_wide(before, self.edges):
            return False
        if _same_column(before, line) and self._has_gap(before, line):
            return False
        return self._reads_on(before, line)

    def _has_gap(self, before: PageLine, line: PageLine) -> bool:
        pitch = self.pitches.get(round(line.size)) or FAR * line.size / self.tolerance.gap
        return line.y - before.y > max(pitch * self.tolerance.gap, pitch + 2)

    def _reads_on(self, before: PageLine, line: PageLine) -> bool:
        """Judge a line below a full one by its indent and, where that says nothing, by the words."""
        em = line.size
        indent = (line.left - self.edges[line.page, line.column].left) / em
        outdent = (before.left - self.edges[before.page, before.column].left) / em - indent
        ended = TAGS.sub("", before.text).rstrip("0123456789”’）)》")[-1:] in TERMINAL
        heading = line.size > self.tolerance.size * self.body or self._is_centred(before, least=0.5)
        if self._is_centred(line) and heading:
            return not ended and not starts_unit(line.text)
        if indent > self.tolerance.indent:
            set_in = abs(outdent) < 0.5 or read_mark(before.text) is not None
            return set_in and not ended and not starts_unit(line.text)
        if outdent > 0.7 or self.style.indented:
            return True  # at the edge, below an indented first line
        if starts_unit(line.text):
            return not ended
        # Nothing but the words tells whether a full line was the last of its paragraph.
        told = self.style.spaced and _same_column(before, line)
        return told or before.text[-1] not in "。！？"

    def _is_centred(self, line: PageLine, least: float = 1.5) -> bool:
        """Say whether both margins of a line are alike, and wider than `least` ems."""
        area = self.edges[line.page, line.column]
        left, right = line.left - area.left, area.right - line.right
        return left > least * line.size and abs(left - right) < (self.tolerance.edge + 0.25) * line.size


def _is_wide(line: PageLine, edges: dict[tuple[int, int], Edges]) -> bool:
    area = edges[line.page, line.column]
    return line.right - line.left > 0.7 * (area.right - area.left)


def _note_lines(paragraph: Paragraph) -> Iterator[Paragraph]:
    for note in paragraph.notes:
        yield Paragraph([(note.page, note.text)], NOTE)
