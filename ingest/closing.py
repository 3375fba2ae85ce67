"""How a document ends: closing clauses, the signature, the lines of distribution and printing (抄送, 印发)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.attachments import ATTACHMENT
from ingest.clean import DATE_LINE, Block
from ingest.headers import ISSUER
from ingest.numbering import read_mark

CLOSING = re.compile(
    r"^(?:特此(?:通告|通知|公告|通报|函复|批复|报告)|(?:本|该)(?:实施)?"
    r"(?:意见|通告|公告|通知|办法|规定|规则|方案|细则|决定|计划|条例|标准).{0,60}(?:施行|实施|执行|解释|废止))"
)
DISTRIBUTION = re.compile(
    r"^(?:抄\s*送|主\s*送|分\s*送|报\s*送|主题词)\s*[：:]|.{4,30}\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*印\s*发$"
)
PRINTED = re.compile(r"印\s*发$")
MAX_DISTRIBUTION = 7  # lines


def is_distribution(text: str) -> bool:
    """Say whether a line says who gets the document, or when it was printed."""
    return (text[:1] in "抄主分报" or text.endswith("发")) and DISTRIBUTION.match(text) is not None


def closes(text: str) -> bool:
    """Say whether a line is a closing clause: 特此通知。, 本办法自发布之日起施行。"""
    return text[:1] in "特本该" and CLOSING.match(text) is not None


def distribution_end(blocks: Sequence[Block], index: int, last: int) -> int:
    """Return the block past the lines of distribution that begin at `index`; an attachment or a sentence may follow."""
    most = min(index + MAX_DISTRIBUTION, last)
    printed = next((i for i in range(index, most) if PRINTED.search(blocks[i].text)), index)
    end = index + 1
    while end < most:
        block, above = blocks[end], blocks[end - 1].text
        if block.level or block.cells or read_mark(block.text) or ATTACHMENT.match(block.text):
            break
        sentence = end > printed and above.endswith("。") and block.text.endswith(("。", "："))
        if sentence and not is_distribution(block.text):
            break
        end += 1
    return end


def is_signature(blocks: Sequence[Block], index: int, last: int) -> bool:
    """Say whether an issuer's name stands here, alone or with others, right above a date."""
    for position in range(index, min(index + 4, last)):
        text = blocks[position].text
        if position > index and DATE_LINE.match(text):
            return True
        if len(text) > 40 or not ISSUER.match(text):
            return False
    return False
