"""Headings without a number in a text without markup: 序言, 基本案情, told by their form and by what stands around them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.clean import DATE_LINE, DOC_NO_LINE, Block
from ingest.headers import ISSUER
from ingest.numbering import ARTICLE, DOT, SECTION, read_mark
from ingest.tidy import without_spaces
from ingest.unit import Unit

MAX_CAPTION = 20  # characters
PREFACES = ("序言", "前言", "引言", "导言")
SENTENCE_END = ("。", "！", "？", "；", "：", "”", "）", "…", ";", ":")


def captions(blocks: Sequence[Block], first: int, last: int) -> set[int]:
    """Return the blocks that head what stands below them, up to the next one.

    In a text of chapters or articles only 序言 and its like do; in any other, lines without a mark or the end of a
    sentence, each between sentences, where there are at least two (before the first article that is quoted below them).
    """
    found = {index for index in range(first, last) if _is_caption(blocks, index, first, last)}
    divided = next((index for index in range(first, last) if _divides(blocks[index])), last)
    if sum(index < divided for index in found) < 2:
        return {index for index in found if without_spaces(blocks[index].text) in PREFACES}
    return found


def _divides(block: Block) -> bool:
    mark = read_mark(block.text) if block.text.startswith("第") else None
    return mark is not None and (mark.scheme <= SECTION or mark.scheme == ARTICLE)


def may_open(current: Unit, scope: Unit) -> bool:
    """Say whether a caption may follow `current`: captions stand outermost, above all numbers but those of mere items."""
    while current.parent and current.parent is not scope:
        current = current.parent
    item = current.mark is not None and current.mark.scheme >= DOT
    return current is scope or item or (current.title and not current.closed)


def _is_caption(blocks: Sequence[Block], index: int, first: int, last: int) -> bool:
    if index + 1 >= last or not _may_head(blocks[index]):
        return False
    below, above = blocks[index + 1], blocks[index - 1] if index > first else None
    heads = bool(read_mark(below.text)) or (
        below.text.endswith(SENTENCE_END) and len(below.text) > MAX_CAPTION
    )
    if not heads or below.cells:
        return False
    parted = above is None or above.text.endswith(SENTENCE_END) or bool(read_mark(above.text))
    return parted or without_spaces(blocks[index].text) in PREFACES


def _may_head(block: Block) -> bool:
    text = block.text
    if block.cells or block.is_note or block.level or not 2 <= len(text) <= MAX_CAPTION:
        return False
    if (
        re.search(r"[，。；：、,;:…_]", text)
        or re.fullmatch(r"[（(].*[）)]", text)
        or not re.search(r"[\u3400-\u9fff]", text)
    ):
        return False
    return not (
        read_mark(text)
        or DATE_LINE.match(text)
        or DOC_NO_LINE.match(text)
        or ISSUER.match(text)
        or text.startswith("附")
    )
