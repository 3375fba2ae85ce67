"""The list of attachments (附件：1.… 2.…) of a document: what is listed, what has been opened, which comes next."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from ingest.clean import Block
from ingest.numbering import read_mark
from ingest.unit import is_heading_text

ATTACHMENT = re.compile(
    r"^附\s*[件录]\s*([\d一二三四五六七八九十]{1,3}(?:\s*[-—－]\s*\d{1,3})?)?\s*[：:]?\s*(.{0,60})$"
)
ATTACHMENT_LIST = re.compile(r"^附\s*件\s*[：:]?\s*(?:[\d一]+(?:-\d+)?\s*[.．、]\s*)?[^，。；]{4,}")
LISTED = re.compile(
    r"(?:^|[\s：:])(?:\d{1,2}-)?(\d{1,2})\s*[.．、]\s*([^\d.．、].*?)(?=\s+\d{1,2}\s*[.．、]|$)"
)


class AttachmentList:
    """Titles of a document's attachments by number, read from its blocks."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.titles: dict[int, str] = {}
        self.opened: set[int] = set()

    def read_list(self, index: int) -> int:
        """Return the block past the list that begins at `index`; `index` itself where none begins."""
        text = self.blocks[index].text
        bare_list = re.fullmatch(r"附\s*件\s*[：:]", text) and self._is_listed_line(index + 1)
        if not bare_list and not (ATTACHMENT_LIST.match(text) and re.match(r"附\s*件\s*[：:]", text)):
            return index
        joined, end = re.sub(r"^附\s*件\s*[：:]\s*", " ", text), index + 1
        while self._is_listed_line(end):
            joined += " " + self.blocks[end].text
            end += 1
        for match in LISTED.finditer(joined):
            self.titles.setdefault(int(match[1]), squash(match[2]))
        if not self.titles:
            self.titles[0] = squash(joined)
        return end

    def _is_listed_line(self, index: int) -> bool:
        """1. 申请表, or a heading that is no heading: a line of the list that wrapped, right above the next line."""
        if self._opens_listed(index):
            return True
        if not self._opens_listed(index + 1) or self.blocks[index].cells:
            return False
        block = self.blocks[index]
        wraps = block.level > 0 and len(block.text) < 20
        return wraps and not read_mark(block.text) and not ATTACHMENT.match(block.text)

    def _opens_listed(self, index: int) -> bool:
        if index >= len(self.blocks) or self.blocks[index].cells:
            return False
        text = self.blocks[index].text
        return bool(re.match(r"\d{1,2}(?:-\d{1,2})?\s*[.．、]", text)) and not text.endswith("。")

    def lists(self, title: str) -> bool:
        """Say whether exactly this title is listed."""
        return squash(title) in self.titles.values()

    def number_of(self, block: Block) -> int:
        """Return the number of the next attachment when this block is its listed title, 0 otherwise."""
        wanted = max(self.opened, default=0) + 1
        text = squash(block.text)
        if wanted not in self.titles or read_mark(block.text) or len(text) > 60 or not is_heading_text(text):
            return 0
        same = difflib.SequenceMatcher(None, self.titles[wanted], text).ratio()
        return wanted if same >= (0.75 if block.level else 0.95) else 0

    def open(self, label: str) -> None:
        """Note that the attachment of this label (附件3) has begun."""
        if digits := re.match(r"附件(\d+)$", label):
            self.opened.add(int(digits[1]))


def squash(text: str) -> str:
    """Return `text` without spaces and quotation marks, for comparing titles."""
    return re.sub(r"[\s“”\"《》〈〉]", "", text)
