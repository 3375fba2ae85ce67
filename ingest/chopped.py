"""The paragraphs of a document in, tables whose cells a PDF gave line by line found: which word is whose is lost.

They stay the lines that they are, and are doubted: to put the pieces together would be to guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.clean import Block
from ingest.document import Doubt
from ingest.numbering import read_mark
from ingest.table_heads import KIND

LEAST_LINES = 8
SCRAP = 8  # characters, on average, of the lines of chopped cells
LEAST_HEADS = 3
END = ("。", "；", "：", "！", "？", ":", ";")


def chopped_tables(blocks: Sequence[Block], first: int, last: int) -> Iterator[tuple[int, Doubt]]:
    """Yield a doubt for each run of lines that was a table, by the index of its first line."""
    index = first
    while index < last:
        end = _scraps_end(blocks, index, last)
        run = [blocks[position].text for position in range(index, end)]
        if _is_chopped(run) or (_names_columns(run[:1]) and len(run) > LEAST_LINES // 2):
            yield index, Doubt("damaged_row", " ".join(run)[:20])
        index = max(end, index + 1)


def _scraps_end(blocks: Sequence[Block], index: int, last: int) -> int:
    """Return the block past the lines from `index` that are neither sentences nor numbered, nor rows of a table."""
    while index < last and not _is_prose(blocks[index]):
        index += 1
    return index


def _is_prose(block: Block) -> bool:
    text = block.text
    if block.cells or block.is_note or block.level or block.bold or len(text) > 40:
        return True
    mark = read_mark(text)
    numbered = mark is not None and mark.length < len(text)  # （40） alone is a weight
    return text.endswith(END) or re.search("[。；]", text) is not None or numbered


def _is_chopped(run: Sequence[str]) -> bool:
    """Say whether lines are cells cut every few characters: lone characters and figures stand among them."""
    scraps = [line for line in run if len(line) <= 2]
    singles = [line for line in run if len(line) == 1 and not line.isdigit()]
    short = sum(map(len, run)) <= SCRAP * len(run)
    return len(run) >= LEAST_LINES and short and len(singles) >= 2 and len(scraps) * 12 >= len(run)


def _names_columns(run: Sequence[str]) -> bool:
    """Say whether the first line is the header of a table: 一级指标 二级指标 权重."""
    words = run[0].split() if run else []
    named = [word for word in words if KIND.search(word) and 2 <= len(word) <= 8]
    return len(words) >= LEAST_HEADS and len(named) * 2 > len(words) and all(len(word) <= 8 for word in words)
