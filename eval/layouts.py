"""A Law in, the text of a file out: whole paragraphs, lines wrapped as a PDF gives them, pages with their numbers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from eval.laws import Law

INDENT = "\u3000\u3000"
COLUMNS = 56  # 28 full-width characters
PAGE_LINES = 22
CLOSING_MARKS = "，。；：、！？）》”’〕】"  # none begins a line where a line may hang one over


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of a law as it is printed. `level`: 0 the title, 1… a heading, None the text."""

    text: str
    level: int | None = None
    label: str = ""  # of the article that begins here


def paragraphs(law: Law) -> Iterator[Paragraph]:
    """Yield title, headings and paragraphs; a heading stands where the records' path changes."""
    yield Paragraph(law.title, 0)
    above: tuple[str, ...] = ()
    for article in law.articles:
        same = sum(1 for _ in _common(above, article.path))
        for level, heading in enumerate(article.path[same:], same + 1):
            yield Paragraph(heading, level)
        above = article.path
        first, *rest = [line for line in article.text.split("\n") if line.strip()] or [""]
        yield Paragraph(f"{article.label}\u3000{first}" if article.label else first, label=article.label)
        yield from map(Paragraph, rest)


def _common(left: tuple[str, ...], right: tuple[str, ...]) -> Iterator[str]:
    for one, other in zip(left, right, strict=False):
        if one != other:
            return
        yield one


def plain(law: Law, rng: random.Random) -> str:
    """Return one paragraph a line."""
    return "\n".join(paragraph.text for paragraph in paragraphs(law)) + "\n"


def wrapped(law: Law, rng: random.Random) -> str:
    """Return lines of 28 full-width characters; every paragraph but a heading is indented by two."""
    return "\n".join(_lines(law, rng)) + "\n"


def paged(law: Law, rng: random.Random) -> str:
    """Return the wrapped lines with the page's number below every 22 or so, also in mid-sentence."""
    lines = _lines(law, rng)
    in_words, blank = rng.random() < 0.3, rng.random() < 0.5
    cuts = [0]
    while cuts[-1] < len(lines):
        cuts.append(cuts[-1] + PAGE_LINES + rng.randint(-2, 2))
    out: list[str] = []
    for page, start in enumerate(cuts[:-1], 1):
        mark = f"第 {page} 页 共 {len(cuts) - 1} 页" if in_words else f"— {page} —"
        out += [*lines[start : cuts[page]], *([""] if blank else []), mark, *([""] if blank else [])]
    return "\n".join(out) + "\n"


def _lines(law: Law, rng: random.Random) -> list[str]:
    hang = rng.random() < 0.5  # a mark that closes hangs over the line's end, as word processors set it
    return [line for paragraph in paragraphs(law) for line in _wrap(paragraph, hang=hang)]


def _wrap(paragraph: Paragraph, *, hang: bool) -> Iterator[str]:
    line, width = ("", 0) if paragraph.level is not None else (INDENT, 4)
    for char in paragraph.text:
        columns = 1 if char.isascii() else 2
        if width + columns > COLUMNS and not (hang and char in CLOSING_MARKS and width <= COLUMNS):
            yield line
            line, width = "", 0
        line += char
        width += columns
    yield line


TEXT_LAYOUTS = {"plain": plain, "wrapped": wrapped, "paged": paged}
