"""The blocks of one document in, a tree of units out: chapters, articles, items, attachments, table rows.

Structure comes from the numbering and its continuity; a markdown heading level is only a hint.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.attachments import ATTACHMENT, QUOTES, AttachmentList, squash
from ingest.captions import captions, may_open
from ingest.chopped import chopped_tables
from ingest.clean import DATE_LINE, Block
from ingest.closing import closes, distribution_end, is_distribution, is_signature
from ingest.document import Doubt
from ingest.headers import Head
from ingest.jumps import is_mention
from ingest.numbering import (
    ARTICLE,
    CHAPTER,
    COMMA,
    DECIMALS,
    DOT,
    ITEM,
    PAREN,
    PART,
    ROMAN,
    SECTION,
    SUBPART,
    SUBTOPIC,
    TOPIC,
    Mark,
    read_bare,
    read_mark,
)  # fmt: skip
from ingest.surroundings import (
    EXPLANATION,
    articles_count_on,
    counted_from,
    first_levels,
    holder_of_title,
    inner_title,
    is_beside,
    is_division,
    is_group_title,
    is_listed_word,
    is_plain_title,
    leads_to_article,
    own_text,
    owner_of_plain,
    quoted_blocks,
    repaired,
    restarts_below,
)  # fmt: skip
from ingest.tables import read_table, table_end, tell_apart, title_above
from ingest.unit import Unit, is_heading_text

__all__ = ["OutlineBuilder", "Unit", "is_heading_text"]

# Schemes that may open a unit although a number is missing or doubled.
STRICT = frozenset(
    (PART, SUBPART, CHAPTER, SECTION, TOPIC, SUBTOPIC, ARTICLE, ROMAN, COMMA, PAREN, ITEM, *DECIMALS)
)
MAX_GAP = 3
LONGEST_HEADING = 20  # characters of 四、附则 and the like


class OutlineBuilder:
    """Reads the blocks of one document in order and hangs each one where a person would see it."""

    def __init__(self, blocks: Sequence[Block], head: Head) -> None:
        self.blocks, self.head = blocks, head
        self.root = Unit(scope="")
        self.scope = self.current = self.root
        self.last: dict[int, Unit] = {}
        self.attachments = AttachmentList(blocks[: head.last])
        self.quoted = quoted_blocks(blocks, head.body, head.last)
        self.captions = captions(blocks, head.body, head.last)
        self.first_levels = first_levels(blocks, head.body, head.last)
        self.title = squash(head.title)
        self.signed = False  # a date has closed the text of the scope
        self.doubts: list[tuple[int, Doubt]] = []  # block index and what is doubtful there
        self.left_out: list[tuple[int, str]] = []  # block index and reason

    def build(self) -> Unit:
        """Return the document's outline; raises nothing: what cannot be placed stays with the unit above it."""
        index = self.head.body
        while index < self.head.last:
            index = self._take(index)
        self.doubts.extend(chopped_tables(self.blocks, self.head.body, self.head.last))
        return self.root

    def _take(self, index: int) -> int:
        """Hang the block at `index` (or the run that begins there); return the index of the next one."""
        block = self.blocks[index]
        if block.cells:
            return self._take_table(index)
        if block.is_note or index in self.quoted:
            self.current.blocks.append(index)
            return index + 1
        for step in (self._take_title, self._take_attachment_list, self._take_attachment, self._take_closing):
            if (after := step(index)) > index:
                return after
        if (mark := self._read_mark(index)) and self._place(mark, index):
            return index + 1
        self._take_plain(index)
        return index + 1

    def _read_mark(self, index: int) -> Mark | None:
        text = self.blocks[index].text
        if mark := self.first_levels.get(index) or read_mark(text):
            return mark
        bare = read_bare(text) if text[:1].isdecimal() else None  # 3.1.2 …： 1 …； 2 …
        if bare is None or not any(self._open_unit(scheme) for scheme in DECIMALS):
            return None
        return Mark(DOT, bare.number, 0, bare.length)

    # --- titles, attachments, closing clauses ---

    def _take_title(self, index: int) -> int:
        """Leave out the instrument's own title, repeated above its text, on up to three lines."""
        wanted, joined = self.title, ""
        if self.blocks[index].text[:1] not in (wanted[:1], *QUOTES):
            return index
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
        if match and self.attachments.opens_at(index, match, self.signed or self.scope is not self.root):
            number = re.sub(r"[\s－—-]+", "-", match["number"] or "").strip("-")
            self._open_scope(f"附{match['kind']}{number}", index, match["title"])
            return self._take_scope_title(index + 1)
        if (listed := self.attachments.number_of(block)) is not None:
            self._open_scope(f"附件{listed or ''}", index, block.text)
            return index + 1
        explains = (
            block.text.endswith("说明") and bool(EXPLANATION.search(block.text)) and self.scope.children != []
        )
        restarts = self.signed and restarts_below(self.blocks, index, self.head.last, self.last)
        if (explains or restarts) and is_plain_title(block.text):
            self._open_scope(squash(block.text), index, block.text)
            return index + 1
        return index

    def _open_scope(self, label: str, index: int, title: str) -> None:
        self.attachments.open(label)
        unit = Unit(scope=label, heading=title or label, parent=self.root)
        unit.blocks.append(index)
        self.root.children.append(unit)
        self.scope = self.current = unit
        self.last, self.signed = {}, False

    def _take_scope_title(self, index: int) -> int:
        """Take the lines below 附件1 as its title, as long as they look like one."""
        end = self.attachments.title_end(index)
        if end > index:
            self.scope.heading = "".join(self.blocks[i].text for i in range(index, end))
            self.scope.blocks.extend(range(index, end))
        return end

    def _take_closing(self, index: int) -> int:
        """特此通知。, 本办法自发布之日起施行。, the signature: unnumbered text of the scope."""
        text = self.blocks[index].text
        if is_distribution(text) and (self.root.blocks or self.root.children):
            end = distribution_end(self.blocks, index, self.head.last)
            self.left_out.extend((position, "distribution") for position in range(index, end))
            return end
        whole = self._is_bare_heading() and not text.startswith("特此")  # all that 四、附则 holds
        ends = closes(text) and not whole and not self._is_of_article(text)
        dated = bool(DATE_LINE.match(text)) and not self._is_bare_heading()
        if not (ends or dated or is_signature(self.blocks, index, self.head.last)):
            return index
        self.signed = self.signed or dated
        self._close()
        self.current.blocks.append(index)
        return index + 1

    def _is_bare_heading(self) -> bool:
        """一、时间 has a day below it, which signs nothing."""
        unit = self.current
        short = unit.mark is not None and 0 < len(unit.heading) <= LONGEST_HEADING
        return short and len(unit.blocks) == 1 and not unit.children

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
        if mark.scheme == DOT and not self._open_unit(DOT):
            mark = repaired(mark, self._open_unit(COMMA) or self.last.get(COMMA), self.last.get(DOT))
        mark = self._topic(mark, index)
        before = counted_from(mark, self._open_unit(mark.scheme) or self.last.get(mark.scheme))
        step = mark.number - before.mark.number if before and before.mark else 0
        if mark.listed and is_listed_word(self.blocks, mark, step if before else None, index, self.head.last):
            return False
        if is_mention(self.blocks, mark, before.mark if before else None, index, self.head.last):
            return False
        follows = bool(before) and (step == 1 or (step == 0 and mark.bis > 0))
        if not follows and mark.number != 1:
            far = mark.scheme <= ARTICLE and step > 0 and self._sentence_ended(index)
            near = (
                before is None
                or 0 <= step <= MAX_GAP
                or far
                or articles_count_on(self.blocks, mark, self.last.get(ARTICLE), index, self.head.last)
            )
            if mark.scheme not in STRICT or not near or self._is_stray(mark, before, index):
                self._doubt_backwards(mark, step, index)
                return False
            if before:
                kind = "repeat" if step == 0 else "gap"
                self.doubts.append((index, Doubt(kind, self.blocks[index].text[:20])))
        self._hang(mark, index)
        return True

    def _is_stray(self, mark: Mark, before: Unit | None, index: int) -> bool:
        """2.3 with no 2.2 before it may be an amount."""
        return before is None and mark.scheme in DECIMALS and index not in self.first_levels

    def _doubt_backwards(self, mark: Mark, step: int, index: int) -> None:
        text = self.blocks[index].text
        if (
            mark.scheme == ARTICLE
            and step < 0
            and text[mark.length - 1].isspace()
            and self._sentence_ended(index)
        ):
            self.doubts.append((index, Doubt("backwards", text[:20])))

    def _sentence_ended(self, index: int) -> bool:
        text = self.blocks[index - 1].text if index > self.head.body else ""
        return text.endswith(("。", "；", "：")) or is_heading_text(text)

    def _topic(self, mark: Mark, index: int) -> Mark:
        """一、管辖 right above an article is a heading that holds articles, unless it is the item of a list."""
        scheme = {COMMA: TOPIC, PAREN: SUBTOPIC}.get(mark.scheme)
        if (
            scheme is None
            or not is_heading_text(self.blocks[index].text)
            or not leads_to_article(self.blocks, index + 1, self.head.last)
        ):
            return mark
        before = self.last.get(scheme)
        step = mark.number - before.mark.number if before and before.mark else 0
        opens_list = (
            self.current.mark is not None
            and not self.current.children
            and own_text(self.blocks, self.current, self.head.last).endswith(("：", ":"))
        )
        item = (mark.number > 1 and self._open_unit(mark.scheme) is not None) or opens_list
        goes_on = step == 1 or (step > 1 and not item)
        opens = not item and (mark.number == 1 or before is None)
        return replace(mark, scheme=scheme) if goes_on or opens else mark

    def _open_unit(self, scheme: int) -> Unit | None:
        unit: Unit | None = self.current
        while unit is not None and unit is not self.scope:
            if unit.mark and unit.mark.scheme == scheme:
                return unit
            unit = unit.parent
        return None

    def _hang(self, mark: Mark, index: int) -> None:
        parent = self.current
        before = self.last.get(mark.scheme)
        leaves = before is not None and before.mark is not None and before.mark.number == mark.number - 1
        while parent is not self.scope and (
            parent.rank >= mark.scheme or (leaves and is_beside(parent, before))
        ):
            parent = parent.parent or self.scope
        text = self.blocks[index].text
        heading = text if is_heading_text(text) or (mark.scheme <= SECTION and len(text) <= 60) else ""
        unit = Unit(mark=mark, heading=heading, blocks=[index], parent=parent)
        parent.children.append(unit)
        self.current = self.last[mark.scheme] = unit

    # --- text and tables ---

    def _take_plain(self, index: int) -> None:
        block = self.blocks[index]
        if (name := inner_title(block.text)) is not None:
            self._open_inner_title(index, name)
            return
        captioned = index in self.captions and may_open(self.current, self.scope)
        if captioned or is_group_title(block, self.current):
            self._open_title(index)
            return
        if is_division(self.blocks, index, self.head.last, self.current):
            self._open_division(index)
            return
        unit = self.current
        if unit.mark and unit.mark.scheme in (CHAPTER, SECTION) and block.level and len(unit.blocks) == 1:
            if is_heading_text(block.text) and not unit.children:
                unit.heading += block.text  # the heading was wrapped
                unit.blocks.append(index)
                return
        self.current = owner_of_plain(self.blocks, unit, index, self.scope, self.head.last)
        self.current.blocks.append(index)

    def _open_division(self, index: int) -> None:
        unit = Unit(
            heading=self.blocks[index].text, blocks=[index], parent=self.scope, title=True, division=True
        )
        self.scope.children.append(unit)
        self.current = unit

    def _open_inner_title(self, index: int, name: str) -> None:
        """专栏1 主要指标, 【办理条件】, 问：… titles what follows within the unit that it stands in."""
        parent = holder_of_title(self.current, self.scope)
        unit = Unit(
            heading=self.blocks[index].text, blocks=[index], parent=parent, title=True, inner=True, name=name
        )
        parent.children.append(unit)
        self.current = unit
        self.last = {scheme: last for scheme, last in self.last.items() if name or scheme <= unit.rank}

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
        end = table_end(self.blocks, index, self.head.last)
        table = read_table(self.blocks, index, end)
        if table.records:
            self._open_table_title(index)
        owner = self.current
        while owner.closed or owner.record:
            owner = owner.parent or self.scope
        if not table.records:
            owner.blocks.extend(range(index, end))
            return end
        self.left_out.extend(table.left_out)
        self.doubts.extend(table.doubts)
        owner.blocks.extend(table.kept)
        tell_apart(table, [child.record for child in owner.children if child.record])
        groups: dict[str, Unit] = {}
        restarts = table.restarts  # 一、… 1 2, 二、… 1 2: the group tells them apart
        for record in table.records:
            unit = Unit(heading=record.group, blocks=record.blocks, parent=owner, record=record)
            if restarts and record.group:
                if record.group not in groups:
                    groups[record.group] = Unit(heading=record.group, parent=owner, title=True)
                    owner.children.append(groups[record.group])
                unit.heading, unit.parent = "", groups[record.group]
            (unit.parent or owner).children.append(unit)
        return end

    def _open_table_title(self, index: int) -> None:
        """表1 …, or a line above 单位：万元, titles the table at `index`, though it is plain text."""
        current = self.current
        title = title_above(self.blocks, current.blocks, index)
        fresh = current.title and not any(child.record for child in current.children)
        if not title or fresh or squash(self.blocks[title[0]].text) in squash(current.heading):
            return
        del current.blocks[-len(title) :]
        while current.title or current.closed:
            current = current.parent or self.scope
        unit = Unit(heading=self.blocks[title[0]].text, blocks=title, parent=current, title=True)
        current.children.append(unit)
        self.current = unit
