"""The list of attachments (附件：1.… 2.…) of a document: what is listed, what has been opened, which comes next."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from ingest.clean import DATE_LINE, Block
from ingest.numbering import read_mark
from ingest.unit import is_heading_text

ATTACHMENT = re.compile(
    r"^附\s*(?P<kind>[件录表图])\s*(?P<number>[\d一二三四五六七八九十]{1,3}(?:\s*[-—－]\s*\d{1,3})?)?\s*[：:]?\s*(?P<title>.{0,60})$"
)
ATTACHMENT_LIST = re.compile(r"^附\s*件\s*[：:]?\s*(?:[\d一]+(?:-\d+)?\s*[.．、]\s*)?[^，。；]{4,}")
QUOTES = '“”"《》〈〉'
UNSAID = re.compile(rf"[\s{QUOTES}]")
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
        if not text.startswith("附"):
            return index
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

    def number_of(self, block: Block) -> int | None:
        """Return the number of the next attachment when this block is its listed title, else None.

        It is 0 where only one attachment is listed, without a number.
        """
        wanted = 0 if set(self.titles) == {0} and not self.opened else max(self.opened, default=0) + 1
        if wanted not in self.titles or read_mark(block.text) or not is_heading_text(block.text):
            return None
        text = squash(block.text)
        same = difflib.SequenceMatcher(None, self.titles[wanted], text).ratio()
        return wanted if same >= (0.75 if block.level else 0.95) else None

    def opens_at(self, index: int, header: re.Match[str], signed: bool) -> bool:
        """Say whether the line 附件1 …, which `header` matches, opens an attachment; `signed`: the text above is closed."""
        block, title = self.blocks[index], header["title"]
        if header["kind"] in "表图" and title and not header["number"]:
            return False  # 附图京农宅建字… is a line of a form
        if not title or block.level or self.lists(title):
            return True
        below = self.blocks[index + 1].text if index + 1 < len(self.blocks) else "附件"
        bare = is_heading_text(title) and not re.search("[，；、]", title)
        return bool(header["number"]) and signed and bare and not ATTACHMENT.match(below)

    def title_end(self, index: int) -> int:
        """Return the block past the title below a header line: at most two lines that look like one."""
        end = index
        while end < min(index + 2, len(self.blocks)):
            block = self.blocks[end]
            text = block.text
            if block.cells or read_mark(text) or ATTACHMENT.match(text) or DATE_LINE.match(text):
                break
            long_enough = end == index and (len(text) >= 5 or self.lists(text))
            if not is_heading_text(text) or not (block.level or long_enough):
                break
            end += 1
        return end

    def open(self, label: str) -> None:
        """Note that the attachment of this label (附件3) has begun."""
        if digits := re.match(r"附件(\d*)$", label):
            self.opened.add(int(digits[1] or 0))


def squash(text: str) -> str:
    """Return `text` without spaces and quotation marks, for comparing titles."""
    return UNSAID.sub("", text)
