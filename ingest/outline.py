"""The blocks of one document in, a tree of units out: chapters, articles, items, attachments, table rows.

Structure comes from the numbering and its continuity; a markdown heading level is only a hint.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.attachments import ATTACHMENT, AttachmentList, squash
from ingest.clean import DATE_LINE, HAN, Block
from ingest.document import Doubt
from ingest.headers import ISSUER, Head
from ingest.numbering import (
    ARTICLE,
    CHAPTER,
    COMMA,
    DOT,
    PAREN,
    PART,
    SECTION,
    SUBPART,
    SUBTOPIC,
    TOPIC,
    Mark,
    read_mark,
)  # fmt: skip
from ingest.tables import read_table
from ingest.unit import Unit, is_heading_text

__all__ = ["OutlineBuilder", "Unit", "is_heading_text"]

CLOSING = re.compile(
    r"^(?:特此(?:通告|通知|公告|通报|函复|批复|报告)|(?:本|该)(?:实施)?"
    r"(?:意见|通告|公告|通知|办法|规定|规则|方案|细则|决定|计划|条例|标准).{0,60}(?:施行|实施|执行|解释|废止))"
)
DISTRIBUTION = re.compile(
    r"^(?:抄\s*送|主\s*送|分\s*送|报\s*送)\s*[：:]|.{4,30}\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*印\s*发$"
)
# Schemes that may open a unit although a number is missing or doubled.
STRICT = frozenset((PART, SUBPART, CHAPTER, SECTION, TOPIC, SUBTOPIC, ARTICLE, COMMA, PAREN))
MAX_GAP = 3
MAX_DISTRIBUTION = 6  # lines


class OutlineBuilder:
    """Reads the blocks of one document in order and hangs each one where a person would see it."""

    def __init__(self, blocks: Sequence[Block], head: Head) -> None:
        self.blocks, self.head = blocks, head
        self.root = Unit(scope="")
        self.scope = self.current = self.root
        self.last: dict[int, Unit] = {}
        self.attachments = AttachmentList(blocks[: head.last])
        self.doubts: list[tuple[int, Doubt]] = []  # block index and what is doubtful there
        self.left_out: list[tuple[int, str]] = []  # block index and reason

    def build(self) -> Unit:
        """Return the document's outline; raises nothing: what cannot be placed stays with the unit above it."""
        index = self.head.body
        while index < self.head.last:
            index = self._take(index)
        return self.root

    def _take(self, index: int) -> int:
        """Hang the block at `index` (or the run that begins there); return the index of the next one."""
        block = self.blocks[index]
        if block.cells:
            return self._take_table(index)
        if block.is_note:
            self.current.blocks.append(index)
            return index + 1
        for step in (self._take_title, self._take_attachment_list, self._take_attachment, self._take_closing):
            if (after := step(index)) > index:
                return after
        if (mark := read_mark(block.text)) and self._place(mark, index):
            return index + 1
        self._take_plain(index)
        return index + 1

    # --- titles, attachments, closing clauses ---

    def _take_title(self, index: int) -> int:
        """Leave out the instrument's own title, repeated above its text, on up to three lines."""
        wanted = squash(self.head.title)
        joined = ""
        for end in range(index, min(index + 4, self.head.last)):
            joined += squash(self.blocks[end].text)
            if not wanted.startswith(joined):
                return index
            if joined == wanted:
                self.left_out.extend((position, "title") for position in range(index, end + 1))
                return end + 1
        return index

    def _take_attachment_list(self, index: int) -> int:
        """Read 附件：1.… 2.… as the list of attachments; its lines are unnumbered text."""
        end = self.attachments.read_list(index)
        if end > index:
            self._close()
            self.current.blocks.extend(range(index, end))
        return end

    def _take_attachment(self, index: int) -> int:
        """Open an attachment at its header line, or at its title where the header line is lost."""
        block = self.blocks[index]
        match = ATTACHMENT.match(block.text)
        if match and (not match[2] or block.level or self.attachments.lists(match[2])):
            number = re.sub(r"[\s－—-]+", "-", match[1] or "").strip("-")
            self._open_scope(f"附件{number}", index, match[2])
            return self._take_scope_title(index + 1)
        if listed := self.attachments.number_of(block):
            self._open_scope(f"附件{listed}", index, block.text)
            return index + 1
        return index

    def _open_scope(self, label: str, index: int, title: str) -> None:
        self.attachments.open(label)
        unit = Unit(scope=label, heading=title or label, parent=self.root)
        unit.blocks.append(index)
        self.root.children.append(unit)
        self.scope = self.current = unit
        self.last = {}

    def _take_scope_title(self, index: int) -> int:
        """Take the lines below 附件1 as its title, as long as they look like one."""
        end = index
        while end < self.head.last and end < index + 2:
            block = self.blocks[end]
            if (
                block.cells
                or read_mark(block.text)
                or not is_heading_text(block.text)
                or DATE_LINE.match(block.text)
            ):
                break
            if not (block.level or (end == index and len(block.text) >= 5)):
                break
            end += 1
        if end > index:
            self.scope.heading = "".join(self.blocks[i].text for i in range(index, end))
            self.scope.blocks.extend(range(index, end))
        return end

    def _take_closing(self, index: int) -> int:
        """特此通知。, 本办法自发布之日起施行。, the signature: unnumbered text of the scope."""
        text = self.blocks[index].text
        if DISTRIBUTION.match(text):
            end = self._distribution_end(index + 1)
            self.left_out.extend((position, "distribution") for position in range(index, end))
            return end
        following = self.blocks[index + 1].text if index + 1 < self.head.last else ""
        signature = ISSUER.match(text) and len(text) <= 40 and DATE_LINE.match(following)
        closes = CLOSING.match(text) and not self._is_of_article(text)
        if not (closes or DATE_LINE.match(text) or signature):
            return index
        self._close()
        self.current.blocks.append(index)
        return index + 1

    def _distribution_end(self, index: int) -> int:
        """The lines below 抄送： go with it, as far as the day of printing; an attachment may follow."""
        end = index
        while end < min(index + MAX_DISTRIBUTION, self.head.last):
            block = self.blocks[end]
            if block.level or block.cells or read_mark(block.text) or ATTACHMENT.match(block.text):
                break
            end += 1
        return end

    def _is_of_article(self, text: str) -> bool:
        """本条例规定的行政处罚…实施。 as a paragraph of an article, not the end of the instrument."""
        return self._open_unit(ARTICLE) is not None and not text.startswith("特此")

    def _close(self) -> None:
        if not (self.current.closed and self.current.parent is self.scope) and self.scope.children:
            unit = Unit(parent=self.scope, closed=True)
            self.scope.children.append(unit)
            self.current = unit
        elif not self.scope.children:
            self.current = self.scope

    # --- numbered units ---

    def _place(self, mark: Mark, index: int) -> bool:
        """Open the unit of `mark` where the numbering puts it; False when it does not go on with anything."""
        mark = self._topic(self._repair(mark), index)
        before = self._open_unit(mark.scheme) or self.last.get(mark.scheme)
        step = mark.number - before.mark.number if before and before.mark else 0
        follows = bool(before) and (step == 1 or (step == 0 and mark.bis > 0))
        if not follows and mark.number != 1:
            far = mark.scheme <= ARTICLE and step > 0 and self._sentence_ended(index)
            near = before is None or 0 <= step <= MAX_GAP or far or self._articles_count_on(mark, index)
            if mark.scheme not in STRICT or not near:
                return False
            if before:
                kind = "repeat" if step == 0 else "gap"
                self.doubts.append((index, Doubt(kind, self.blocks[index].text[:20])))
        self._hang(mark, index)
        return True

    def _articles_count_on(self, mark: Mark, index: int) -> bool:
        """A chapter out of order is one all the same when the article below it goes on with the one above it."""
        last = self.last.get(ARTICLE)
        following = read_mark(self.blocks[index + 1].text) if index + 1 < self.head.last else None
        if (
            mark.scheme >= ARTICLE
            or not last
            or not last.mark
            or not following
            or following.scheme != ARTICLE
        ):
            return False
        return following.number == last.mark.number + 1 and is_heading_text(self.blocks[index].text)

    def _sentence_ended(self, index: int) -> bool:
        text = self.blocks[index - 1].text if index > self.head.body else ""
        return text.endswith(("。", "；", "：")) or is_heading_text(text)

    def _repair(self, mark: Mark) -> Mark:
        """11、 or 19、 in a list that counts 十, 十八 in Chinese belongs to that list."""
        commas = self._open_unit(COMMA) or self.last.get(COMMA)
        if mark.scheme != DOT or commas is None or commas.mark is None or self._open_unit(DOT):
            return mark
        dots = self.last.get(DOT)
        counts_on = dots is not None and dots.mark is not None and dots.mark.number == mark.number - 1
        if mark.number == commas.mark.number + 1 and mark.number > 1 and not counts_on:
            return Mark(COMMA, mark.number, 0, mark.length)
        return mark

    def _topic(self, mark: Mark, index: int) -> Mark:
        """一、管辖 right above an article is a heading that holds articles, unless it is the item of a list."""
        scheme = {COMMA: TOPIC, PAREN: SUBTOPIC}.get(mark.scheme)
        if (
            scheme is None
            or not is_heading_text(self.blocks[index].text)
            or not self._leads_to_article(index + 1)
        ):
            return mark
        before = self.last.get(scheme)
        step = mark.number - before.mark.number if before and before.mark else 0
        opens_list = not self.current.children and self._own_text(self.current).endswith(("：", ":"))
        item = self._open_unit(mark.scheme) is not None or opens_list
        goes_on = step == 1 or (step > 1 and not item)
        opens = not item and (mark.number == 1 or before is None)
        return replace(mark, scheme=scheme) if goes_on or opens else mark

    def _leads_to_article(self, index: int) -> bool:
        marks = [read_mark(block.text) for block in self.blocks[index : min(index + 2, self.head.last)]]
        if marks and marks[0] and marks[0].scheme == PAREN and is_heading_text(self.blocks[index].text):
            marks = marks[1:]
        return bool(marks) and marks[0] is not None and marks[0].scheme == ARTICLE

    def _open_unit(self, scheme: int) -> Unit | None:
        unit: Unit | None = self.current
        while unit is not None and unit is not self.scope:
            if unit.mark and unit.mark.scheme == scheme:
                return unit
            unit = unit.parent
        return None

    def _hang(self, mark: Mark, index: int) -> None:
        parent = self.current
        while parent is not self.scope and parent.rank >= mark.scheme:
            parent = parent.parent or self.scope
        text = self.blocks[index].text
        heading = text if is_heading_text(text) or (mark.scheme <= SECTION and len(text) <= 60) else ""
        unit = Unit(mark=mark, heading=heading, blocks=[index], parent=parent)
        parent.children.append(unit)
        self.current = self.last[mark.scheme] = unit

    # --- text and tables ---

    def _take_plain(self, index: int) -> None:
        block = self.blocks[index]
        if self._is_group_title(index):
            self._open_title(index)
            return
        if self._is_division(index):
            self._open_division(index)
            return
        unit = self.current
        if unit.mark and unit.mark.scheme in (CHAPTER, SECTION) and block.level and len(unit.blocks) == 1:
            if is_heading_text(block.text) and not unit.children:
                unit.heading += block.text  # the heading was wrapped
                unit.blocks.append(index)
                return
        self.current = self._owner_of_plain(unit, index)
        self.current.blocks.append(index)

    def _owner_of_plain(self, unit: Unit, index: int) -> Unit:
        """The paragraph behind the last item of a list (…如下：（一）…（二）…) belongs to the unit that holds the list."""
        while (
            unit.parent and unit.mark and unit.mark.scheme >= PAREN and not unit.heading and unit.parent is not self.scope
            and self._own_text(unit.parent).endswith(("：", ":")) and not self._next_is_sibling(unit, index)
        ):  # fmt: skip
            unit = unit.parent
        return unit

    def _own_text(self, unit: Unit) -> str:
        first_child = (
            unit.children[0].blocks[0] if unit.children and unit.children[0].blocks else self.head.last
        )
        own = [i for i in unit.blocks if i < first_child and not self.blocks[i].is_note]
        return self.blocks[own[-1]].text if own else ""

    def _next_is_sibling(self, unit: Unit, index: int) -> bool:
        for position in range(index + 1, min(index + 12, self.head.last)):
            mark = read_mark(self.blocks[position].text)
            if mark:
                assert unit.mark is not None
                return mark.scheme == unit.mark.scheme and mark.number == unit.mark.number + 1
        return False

    def _is_group_title(self, index: int) -> bool:
        """An unnumbered markdown heading that no attachment list names: it titles what follows."""
        block = self.blocks[index]
        if not (block.level or block.bold) or not is_heading_text(block.text) or len(block.text) < 2:
            return False
        unit = self.current
        wraps = (
            unit.mark
            and unit.mark.scheme in (CHAPTER, SECTION)
            and len(unit.blocks) == 1
            and not unit.children
        )
        return not wraps

    def _is_division(self, index: int) -> bool:
        """总则 or 合同编 alone on its line, right above a chapter."""
        text = self.blocks[index].text
        if not re.fullmatch(rf"[{HAN}]{{1,10}} ?[{HAN}]{{1,10}}", text) or ISSUER.match(text):
            return False
        following = read_mark(self.blocks[index + 1].text) if index + 1 < self.head.last else None
        fresh = (
            self.current.mark is not None
            and self.current.mark.scheme <= SECTION
            and not self.current.children
        )
        below = (
            (SUBPART, CHAPTER, ARTICLE) if text.replace(" ", "") in ("总则", "附则") else (SUBPART, CHAPTER)
        )
        return following is not None and following.scheme in below and not fresh

    def _open_division(self, index: int) -> None:
        unit = Unit(
            heading=self.blocks[index].text, blocks=[index], parent=self.scope, title=True, division=True
        )
        self.scope.children.append(unit)
        self.current = unit

    def _open_title(self, index: int) -> None:
        followed_by_table = index + 1 < self.head.last and bool(self.blocks[index + 1].cells)
        parent = self.current if followed_by_table and self.current.mark else self.scope
        while parent.title or parent.closed:
            parent = parent.parent or self.scope
        unit = Unit(heading=self.blocks[index].text, blocks=[index], parent=parent, title=True)
        parent.children.append(unit)
        self.current = unit
        self.last = {} if parent is self.scope else self.last

    def _take_table(self, index: int) -> int:
        end = index
        while end < self.head.last and self.blocks[end].cells:
            end += 1
        table = read_table(self.blocks, index, end)
        owner = self.current
        while owner.closed or owner.record:
            owner = owner.parent or self.scope
        if not table.records:
            owner.blocks.extend(range(index, end))
            return end
        self.left_out.extend(table.left_out)
        for record in table.records:
            unit = Unit(heading=record.group, parent=owner, record=record)
            unit.blocks = list(range(record.first, record.last))
            owner.children.append(unit)
            if record.damaged:
                self.doubts.append((record.first, Doubt("damaged_row", record.number)))
        return end
