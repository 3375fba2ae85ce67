"""A number out of its order, and what follows it: a gap in the numbering, or a mention that happens to begin a line."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.clean import Block
from ingest.numbering import ARTICLE, Mark, read_mark
from ingest.unit import is_heading_text

LOOK_AHEAD = 60  # blocks


def is_mention(blocks: Sequence[Block], mark: Mark, before: Mark | None, index: int, last: int) -> bool:
    """Say whether …根据民事诉讼法 / 第一百二十四条第（三）项… is a wrapped sentence that names an article.

    It is one where the next article counts on from `before`, the last one, as if this one were not there.
    """
    if before is None or mark.scheme != ARTICLE or mark.bis:
        return False
    for block in blocks[index + 1 : min(index + 1 + LOOK_AHEAD, last)]:
        following = read_mark(block.text)
        if following is None or following.scheme != ARTICLE:
            continue
        if following.number != before.number + 1:
            return False
        return mark.number > following.number or (
            mark.number == following.number and not _ended(blocks[index - 1])
        )
    return False


def _ended(block: Block) -> bool:
    """Say whether a sentence ends with the block, or it is a heading."""
    mark = read_mark(block.text)
    heading = is_heading_text(block.text) and (mark is None or mark.scheme < ARTICLE)
    return heading or block.text.endswith(("。", "；", "：", "”", "）", ";", ":"))
