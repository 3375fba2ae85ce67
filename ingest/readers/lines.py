"""Glyphs in, lines of text out: by baseline, with the spaces that their gaps show and raised footnote marks."""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.numbering import CIRCLED
from ingest.readers.pdf_page import Glyph, is_han, is_wide

APART = 1.2  # ems between two pieces of a line that may belong to different columns
PLAIN = {char: str(number) for number, char in enumerate(CIRCLED, start=1)}
UNIT_POWER = re.compile(r"(?<=(?<![A-Za-z])[kcdmμ]m|.(?<![A-Za-z])m)<sup>([23])</sup>")  # km², no footnote
POWERS = {"2": "²", "3": "³"}
LEADERS = re.compile(r"(?:[.．·…] ?){4,}")


@dataclass(frozen=True)
class Segment:
    """Glyphs on one baseline without a wide gap."""

    glyphs: tuple[Glyph, ...]
    raised: frozenset[Glyph]
    left: float
    right: float
    y: float
    size: float


def find_segments(glyphs: Sequence[Glyph]) -> list[Segment]:
    """Return the pieces of lines that the glyphs form, from the top of the page down, left before right."""
    printed = [glyph for glyph in glyphs if not glyph.char.isspace()]
    rows = _attach_small(_baselines(printed))
    blanks = _by_place([glyph for glyph in glyphs if glyph.char.isspace()])
    out = []
    for row, raised in rows:
        for piece in _cut(_undouble(row)):
            out.append(_segment(piece, raised, blanks))
    return sorted(out, key=lambda segment: (segment.y, segment.left))


def segment_text(segment: Segment) -> str:
    """Return the segment's text; a raised number stands as <sup>n</sup>."""
    glyphs = _without_spread_blanks(segment.glyphs)
    spread = _letter_spacing(glyphs)
    spaced = _spaced_pairs(glyphs, spread)
    out: list[str] = []
    for index, glyph in enumerate(glyphs):
        if index and spaced[index - 1] and not glyph.char.isspace() and not (out and out[-1] == " "):
            out.append(" ")
        char = glyph.char
        if glyph in segment.raised:
            char = f"<sup>{PLAIN.get(char, char)}</sup>"
        out.append(" " if char.isspace() else char)
    text = "".join(out).replace("</sup><sup>", "").strip()
    text = re.sub(r"<sup>[\[［〔(（](\d+)[\]］〕)）]</sup>", r"<sup>\1</sup>", text)
    text = UNIT_POWER.sub(lambda match: POWERS[match[1]], text)
    text = re.sub(r"<sup>(?!\d{1,3}</sup>)([^<]*)</sup>", r"\1", text)
    return re.sub(r" {2,}", " ", LEADERS.sub(lambda match: match[0].replace(" ", ""), text))


def _baselines(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda item: item.y):
        row = rows[-1] if rows else None
        if (
            row
            and glyph.y - row[-1].y <= 0.12 * glyph.size
            and glyph.y - row[0].y <= 0.3 * min(glyph.size, row[0].size)
        ):
            row.append(glyph)
        else:
            rows.append([glyph])
    return rows


def _attach_small(rows: list[list[Glyph]]) -> list[tuple[list[Glyph], frozenset[Glyph]]]:
    """Put raised and lowered small type into the line that it touches; what was raised is the second item."""
    full = [list(row) for row in rows]
    raised: list[set[Glyph]] = [set() for _ in rows]
    for index, row in enumerate(rows):
        for glyph in sorted(row, key=lambda item: item.left):
            host = _host(glyph, index, full)
            if host is not None:
                full[index].remove(glyph)
                full[host].append(glyph)
                if rows[host][0].y > glyph.y:
                    raised[host].add(glyph)
    return [
        (sorted(row, key=lambda item: item.left), frozenset(up))
        for row, up in zip(full, raised, strict=True)
        if row
    ]


def _host(glyph: Glyph, index: int, rows: list[list[Glyph]]) -> int | None:
    """Return the row that a small glyph belongs to: larger type, a little lower or higher, right beside it."""
    for other in (index + 1, index + 2, index - 1):
        if not 0 <= other < len(rows):
            continue
        for near in rows[other]:
            drop = (near.y - glyph.y) / near.size
            if not (0.12 < drop < 0.75 or -0.35 < drop < -0.05) or glyph.size > 0.86 * near.size:
                continue
            if min(abs(glyph.left - near.right), abs(near.left - glyph.right)) < 0.3 * near.size:
                return other
            if any(
                abs(glyph.left - small.right) < 0.2 * near.size
                for small in rows[other]
                if small.size == glyph.size
            ):
                return other
    return None


def _undouble(row: Sequence[Glyph]) -> list[Glyph]:
    """Leave out characters printed twice, a trace apart: bold type by hand."""
    out: list[Glyph] = []
    for glyph in sorted(row, key=lambda item: item.left):
        if (
            glyph.char in "—…"
            or not any(  # two dashes may be one glyph
                glyph.char == other.char and abs(glyph.left - other.left) < 0.25 * glyph.size
                for other in out[-3:]
            )
        ):
            out.append(glyph)
    return out


def _cut(row: Sequence[Glyph]) -> list[list[Glyph]]:
    pieces = [[row[0]]]
    reach = row[0].right
    for glyph in row[1:]:
        if glyph.left - reach > APART * max(glyph.size, pieces[-1][-1].size):
            pieces.append([])
        pieces[-1].append(glyph)
        reach = max(reach, glyph.right)
    return pieces


def _by_place(blanks: Sequence[Glyph]) -> dict[int, list[Glyph]]:
    out: dict[int, list[Glyph]] = {}
    for glyph in blanks:
        out.setdefault(round(glyph.y / 4), []).append(glyph)
    return out


def _segment(piece: Sequence[Glyph], raised: frozenset[Glyph], blanks: dict[int, list[Glyph]]) -> Segment:
    plain = [glyph for glyph in piece if glyph not in raised] or list(piece)
    size = statistics.median(glyph.size for glyph in plain)
    y = statistics.median(glyph.y for glyph in plain)
    left, right = min(glyph.left for glyph in piece), max(glyph.right for glyph in piece)
    inside = [
        glyph
        for key in (round(y / 4) - 1, round(y / 4), round(y / 4) + 1)
        for glyph in blanks.get(key, ())
        if abs(glyph.y - y) < 0.2 * size and left < glyph.left < right - 0.1 * size
    ]
    whole = sorted([*piece, *inside], key=lambda glyph: glyph.left)
    return Segment(tuple(whole), raised & frozenset(piece), left, right, y, size)


def _without_spread_blanks(glyphs: Sequence[Glyph]) -> Sequence[Glyph]:
    """Leave out blanks that stand between most of the characters: spaced type, not words."""
    triples = zip(glyphs, glyphs[1:], glyphs[2:], strict=False)
    blanks = sum(is_han(a.char) and b.char.isspace() and is_han(c.char) for a, b, c in triples)
    han = sum(is_han(glyph.char) for glyph in glyphs)
    return [glyph for glyph in glyphs if not glyph.char.isspace()] if han > 5 and blanks * 2 > han else glyphs


def _letter_spacing(glyphs: Sequence[Glyph]) -> float:
    """Return the ems that stand between any two square characters of the line: justified or spaced type."""
    gaps = [
        (after.left - before.right) / after.size
        for before, after in itertools.pairwise(glyphs)
        if is_wide(before.char) and is_wide(after.char)
    ]
    return max(0.0, sorted(gaps)[len(gaps) // 4]) if len(gaps) >= 4 else 0.0


def _spaced_pairs(glyphs: Sequence[Glyph], spread: float) -> list[bool]:
    """Say of each two neighbours whether their gap is a space."""
    out = []
    for before, after in itertools.pairwise(glyphs):
        gap = (after.left - before.right) / max(after.size, before.size)
        if is_han(before.char) and is_han(after.char):
            least = 0.2
        else:  # the gap beside a mark, or between scripts, varies with justification
            least = 0.5 if is_wide(before.char) or is_wide(after.char) else 0.18
        out.append(gap - spread > least)
    return out
