"""What stands around a block, for the outline: quotations of an amendment, decimal levels, lists and their owners."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.clean import Block
from ingest.headers import ISSUER
from ingest.numbering import (
    ARTICLE,
    CHAPTER,
    COMMA,
    DECIMALS,
    DIVISIONS,
    DOT,
    HAN,
    PAREN,
    SECTION,
    SUBPART,
    Mark,
    read_bare,
    read_mark,
)  # fmt: skip
from ingest.unit import Unit, is_heading_text

AMENDS = re.compile(r"(?:修改为|改为|增加|作为第|规定|表述为)[^“”]{0,40}“")
ADDS = re.compile("改为|增加|作为第")
MAX_QUOTED = 200  # blocks
QUESTION = re.compile(r"(?:问|Q)\s*\d{0,3}\s*[：:]")
BOX = re.compile(r"(专\s*栏\s*[\d一二三四五六七八九十]{1,3})(?=\s|[：:]|[^\d一二三四五六七八九十]|$)")
EXPLANATION = re.compile(r"(?:编制|起草|制定|修订|条文|填表|填写|有关情况的?)说明$")


def quoted_blocks(blocks: Sequence[Block], first: int, last: int) -> set[int]:
    """Return the blocks inside a quotation that an amendment opens (修改为：“…) and a later block closes.

    What stands there belongs to another instrument: its 第六条 is no article of this one.
    """
    inside: set[int] = set()
    index = first
    while index < last:
        end = _quotation_end(blocks, index, last)
        inside.update(range(index + 1, end))
        index = max(end, index + 1)
    return inside


def _quotation_end(blocks: Sequence[Block], index: int, last: int) -> int:
    """Return the block past the quotation that begins in the block at `index`; `index` where none does."""
    text = blocks[index].text
    opens = text.count("“") - text.count("”") if "“" in text else 0
    if opens > 0:
        if not AMENDS.search(text):
            return index
    else:  # …修改为： and the quotation below
        below = blocks[index + 1].text if index + 1 < last and text.endswith(("：", ":")) else ""
        if not below.startswith("“") or not ADDS.search(text):
            return index
        opens = 0
    own = read_mark(text)
    for position in range(index + 1, min(index + MAX_QUOTED, last)):
        line = blocks[position].text
        mark = read_mark(line)
        if own and mark and mark.scheme == own.scheme and mark.number == own.number + 1:
            return index  # the mark that closes the quotation is lost: the list of amendments goes on
        opens = 1 if line.startswith("“") else opens
        opens += line.count("“", 1) - line.count("”")
        if opens <= 0:
            following = blocks[position + 1].text if position + 1 < last else ""
            if not following.startswith("“"):
                return position + 1
    return index


def first_levels(blocks: Sequence[Block], first: int, last: int) -> dict[int, Mark]:
    """Return the blocks that open 1 of 1.1 and 1.1.1, with their marks: 1 总则 above 1.1, and those that count on."""
    signs = {mark.sign for block in blocks[first:last] if (mark := read_mark(block.text)) and mark.sign}
    if "1.1" not in signs and len(signs) < 2:
        return {}
    found: dict[int, Mark] = {}
    expected = 0
    for index in range(first, last):
        text = blocks[index].text
        mark = None if blocks[index].cells or not text[:1].isdecimal() else _first_level(text)
        if mark is None or not is_heading_text(text):
            continue
        below = [read_mark(block.text) for block in blocks[index + 1 : min(index + 4, last)]]
        leads = any(m and m.scheme in DECIMALS and m.sign == f"{mark.number}.1" for m in below)
        if leads or (mark.number == expected and len(text) <= 20):
            found[index] = mark
            expected = mark.number + 1
    return found


def _first_level(text: str) -> Mark | None:
    mark = read_mark(text)
    if mark and mark.scheme == DOT:
        return Mark(DECIMALS[0], mark.number, 0, mark.length, str(mark.number))
    return read_bare(text) if mark is None else None


def own_text(blocks: Sequence[Block], unit: Unit, last: int) -> str:
    """Return the last paragraph of `unit` above its first child, "" where it has none."""
    first_child = unit.children[0].blocks[0] if unit.children and unit.children[0].blocks else last
    for index in reversed(unit.blocks):
        if index < first_child and not blocks[index].is_note:
            return blocks[index].text
    return ""


def owner_of_plain(blocks: Sequence[Block], unit: Unit, index: int, scope: Unit, last: int) -> Unit:
    """The paragraph behind the last item of a list (…如下：（一）…（二）…) belongs to the unit that holds the list."""
    while (
        unit.parent and unit.mark and unit.mark.scheme > ARTICLE and not unit.heading and unit.parent is not scope
        and (unit.mark.scheme > COMMA or (unit.parent.mark and unit.parent.mark.scheme == ARTICLE))
        and own_text(blocks, unit.parent, last).endswith(("：", ":")) and not _sibling_follows(blocks, unit, index, last)
    ):  # fmt: skip
        unit = unit.parent
    return unit


def _sibling_follows(blocks: Sequence[Block], unit: Unit, index: int, last: int) -> bool:
    for position in range(index + 1, min(index + 12, last)):
        mark = read_mark(blocks[position].text)
        if mark:
            assert unit.mark is not None
            return mark.scheme == unit.mark.scheme and mark.number == unit.mark.number + 1
    return False


def is_division(blocks: Sequence[Block], index: int, last: int, current: Unit) -> bool:
    """总则 or 合同编 alone on its line, right above a chapter."""
    text = blocks[index].text
    if not re.fullmatch(rf"[{HAN}]{{1,10}} ?[{HAN}]{{1,10}}", text) or ISSUER.match(text):
        return False
    following = read_mark(blocks[index + 1].text) if index + 1 < last else None
    fresh = current.mark is not None and current.mark.scheme <= SECTION and not current.children
    below = (SUBPART, CHAPTER, ARTICLE) if text.replace(" ", "") in ("总则", "附则") else (SUBPART, CHAPTER)
    return following is not None and following.scheme in below and not fresh


def is_group_title(block: Block, current: Unit) -> bool:
    """An unnumbered markdown heading that no attachment list names titles what follows; it may be a wrapped 第一章 too."""
    if not (block.level or block.bold) or not is_heading_text(block.text) or len(block.text) < 2:
        return False
    division = current.mark is not None and current.mark.scheme in (CHAPTER, SECTION)
    return not (division and len(current.blocks) == 1 and not current.children)


def inner_title(text: str) -> str | None:
    """Return the name of a title within a unit: 专栏1, "" for 【办理条件】 and 问：…; None where it is no title."""
    first = text[:1]
    if first == "专" and (box := BOX.match(text)) and is_heading_text(text):
        return re.sub(r"\s", "", box[1])
    bracketed = first == "【" and len(text) <= 22 and text.find("】") == len(text) - 1
    return "" if bracketed or (first in "问Q" and len(text) <= 90 and QUESTION.match(text)) else None


def is_listed_word(blocks: Sequence[Block], mark: Mark, step: int | None, index: int, last: int) -> bool:
    """Say whether 一、二级响应 is a sentence, not the item 一: the count, before and behind, does not need it.

    `step` is the distance from the last item of the list, None where there is none.
    """
    if step != 1 and (mark.number != 1 or step is not None):
        return True
    for position in range(index + 1, min(index + 60, last)):
        other = read_mark(blocks[position].text)
        if other and other.scheme == mark.scheme and not other.listed:
            return other.number != mark.number + 1
    return step is None


def restarts_below(blocks: Sequence[Block], index: int, last: int, seen: dict[int, Unit]) -> bool:
    """Say whether the block below a title counts from one again in a scheme that the text has used."""
    mark = read_mark(blocks[index + 1].text) if index + 1 < last else None
    counts = mark is not None and (mark.scheme in DIVISIONS or mark.scheme == COMMA)
    return counts and mark is not None and mark.number == 1 and mark.scheme in seen


def is_plain_title(text: str) -> bool:
    """Say whether a line without a number may be the title of a text: short, no sentence, no remark in brackets."""
    return (
        len(text) <= 40 and is_heading_text(text) and not read_mark(text) and not text.startswith(("（", "("))
    )


def leads_to_article(blocks: Sequence[Block], index: int, last: int) -> bool:
    """Say whether an article stands at `index`, or behind one heading （一）… there."""
    marks = [read_mark(block.text) for block in blocks[index : min(index + 2, last)]]
    if marks and marks[0] and marks[0].scheme == PAREN and is_heading_text(blocks[index].text):
        marks = marks[1:]
    return bool(marks) and marks[0] is not None and marks[0].scheme == ARTICLE


def articles_count_on(
    blocks: Sequence[Block], mark: Mark, article: Unit | None, index: int, last: int
) -> bool:
    """A chapter out of order is one all the same when the article below it goes on with the one above it."""
    following = read_mark(blocks[index + 1].text) if index + 1 < last else None
    if mark.scheme >= ARTICLE or article is None or article.mark is None or following is None:
        return False
    goes_on = following.scheme == ARTICLE and following.number == article.mark.number + 1
    return goes_on and is_heading_text(blocks[index].text)


def holder_of_title(current: Unit, scope: Unit) -> Unit:
    """Return the unit that a title like 【办理条件】 stands in: a numbered heading above it, or the scope."""
    unit = current
    while unit is not scope and not unit.inner and not (unit.mark and unit.heading and unit.rank <= PAREN):
        unit = unit.parent or scope
    return unit.parent or scope if unit.inner else unit


def is_beside(box: Unit, before: Unit | None) -> bool:
    """A box (专栏1) ends where the numbering around it goes on from `before`."""
    return bool(box.name) and before is not None and before.parent is box.parent


def counted_from(mark: Mark, before: Unit | None) -> Unit | None:
    """Return `before` where `mark` may count on from it: 2.2.1 does not count on from 2.1.4."""
    if before and before.mark and mark.scheme in DECIMALS[1:]:
        same = before.mark.sign.rpartition(".")[0] == mark.sign.rpartition(".")[0]
        return before if same else None
    return before


def repaired(mark: Mark, comma: Unit | None, dot: Unit | None) -> Mark:
    """11、 or 19、 in a list that counts 十, 十八 in Chinese belongs to that list; `comma` and `dot` were the last items."""
    if comma is None or comma.mark is None:
        return mark
    counts_on = dot is not None and dot.mark is not None and dot.mark.number == mark.number - 1
    if mark.number == comma.mark.number + 1 and mark.number > 1 and not counts_on:
        return Mark(COMMA, mark.number, 0, mark.length)
    return mark
