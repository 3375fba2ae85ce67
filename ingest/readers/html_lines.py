"""The tree of a web page in, its lines out: a line a block, a row of a table, or a piece between line breaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lxml import etree

from ingest.clean import DOC_NO_LINE
from ingest.numbering import starts_unit
from ingest.readers.notes import Notes, raised
from ingest.readers.numbers import format_number
from ingest.readers.rows import Cell, is_layout, table_lines
from ingest.readers.word_styles import whole

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup p pre section summary "
    "table tbody td tfoot th thead title tr ul".split()
)
ATTACHED = re.compile(r"\.(?:docx?|wps|ofd|pdf|xlsx?|et|pptx?|zip|rar|7z|txt|rtf)(?:[?#].*)?$", re.IGNORECASE)
HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’…—]"
BROKEN_HAN = re.compile(rf"(?<={WIDE})[ \t\r\f]*\n[ \t\r\n\f]*(?={WIDE})")
LIST_KINDS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
HAN_LISTS = re.compile(r"cjk-ideographic|(?:simp|trad)-chinese-(?:in)?formal", re.IGNORECASE)
HEADING_CHARS = 60
MOST_SPAN = 100
MOST_STATED = 30  # cells
STATED = re.compile(
    r"(?:索引号|信息索引号?|主题分类|体裁分类|服务对象|组配分类|发文机关|发布机构|发文机构|公开机构|公开方式|公开范围|公开责任部门|成文日期|"
    r"发文日期|发布日期|生成日期|生效日期|废止日期|标题|信息名称|文件名称|名称|发文字号|文号|有效性|是否有效|效力状态|主题词|关键词|内容概述|信息来源)"
)
INDEXED = re.compile(r"(?:.*\|)?(?:信息)?索引号?")  # no table of a document itself has this field


@dataclass(frozen=True)
class HtmlLine:
    """A line of the page: its text, the block that holds it, how much of it is links, and what it is."""

    text: str
    block: etree._Element
    linked: int = 0  # characters
    row: bool = False
    typed: bool = False  # from a <pre>: broken by hand
    number: bool = False  # the document's number, as the site states it
    about: bool = False  # in a table of what the site says of the page: 索引号, 主题分类, 发布机构


def is_hidden(element: etree._Element) -> bool:
    """Say whether an element says of itself that it is not shown."""
    return element.get("hidden") is not None or bool(HIDING.search(element.get("style") or ""))


def is_link(element: etree._Element) -> bool:
    """Say whether an element leads to another page; a file to fetch is an attachment: part of the document."""
    target = element.get("href") if element.tag == "a" else None
    return target is not None and not ATTACHED.search(target)


def drop(element: etree._Element) -> None:
    """Take an element out of its tree; the text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)


class LineMaker:
    """Makes lines of a tree without recursion, but for tables in tables: old pages nest their tags by the hundred.

    `linked_notes`: the text of each note by the element that is its mark.
    """

    def __init__(self, linked_notes: dict[etree._Element, str]) -> None:
        self._linked_notes = linked_notes
        self.notes = Notes()
        self._lines: list[HtmlLine] = []
        self._parts: list[str] = []
        self._blocks: list[etree._Element] = []
        self._links = self._pre = self._tables = self._linked = 0
        self._prefix = ""  # the number of a list item that has no text yet

    def lines(self, root: etree._Element) -> list[HtmlLine]:
        """Return the lines of `root` and all below it."""
        outer = self._lines, self._parts, self._blocks, self._prefix
        self._lines, self._parts, self._blocks, self._prefix = [], [], [root], ""
        open_elements = [root]
        waiting = [iter(root)]
        self._add(root.text)
        while waiting:
            child = next(waiting[-1], None)
            if child is None:
                waiting.pop()
                element = open_elements.pop()
                if open_elements:
                    self._close(element)
                    self._add(element.tail)
            elif child in self._linked_notes:
                self._note(self._linked_notes[child])
                self._add(child.tail)
            elif child.tag == "table":
                self._flush()
                self._table(child)
                self._add(child.tail)
            else:
                self._open(child)
                open_elements.append(child)
                waiting.append(iter(child))
        self._flush()
        made = self._lines
        self._lines, self._parts, self._blocks, self._prefix = outer
        return made

    def _add(self, text: str | None) -> None:
        if not text:
            return
        if self._pre:
            *whole_lines, text = text.split("\n")
            for line in whole_lines:
                self._parts.append(line)
                self._flush()
        self._parts.append(text)
        self._linked += len(text.strip()) if self._links else 0

    def _open(self, element: etree._Element) -> None:
        if element.tag in BLOCKS:
            self._flush()
            self._blocks.append(element)
            if element.tag == "li":
                self._prefix = item_number(element)
        elif element.tag == "br":
            self._flush()
        self._links += is_link(element)
        self._pre += element.tag == "pre"
        if element.tag == "sup":
            self._add(raised(element.text or ""))
        else:
            self._add(element.text)

    def _close(self, element: etree._Element) -> None:
        if element.tag in BLOCKS:
            self._flush()
            self._blocks.pop()
        self._links -= is_link(element)
        self._pre -= element.tag == "pre"

    def _note(self, text: str) -> None:
        self._parts.append(self.notes.add(text, before="".join(self._parts), inline=bool(self._tables)))

    def _flush(self) -> None:
        text = BROKEN_HAN.sub("", "".join(self._parts).replace("\u00ad", ""))
        text = re.sub(r"[ \t\r\n\f]+", " ", text).strip()
        linked, self._parts, self._linked = self._linked, [], 0
        if not text.strip("\xa0\u3000\u200b\ufeff "):
            return
        if self._prefix and not starts_unit(text) and not text[0].isdigit():
            text = self._prefix + text
        self._prefix = ""
        block = self._blocks[-1]
        self._lines.append(HtmlLine(_heading(text, block), block, linked, typed=bool(self._pre)))
        self._lines += [HtmlLine(note, block) for note in self.notes.take()]

    def _table(self, table: etree._Element) -> None:
        self._tables += 1
        rows, lines = [], list[HtmlLine]()
        for group in self._rows(table):
            rows.append([cell for cell, _ in group])
            lines += [line for _, inside in group for line in inside]
        self._tables -= 1
        above = self._lines[-1].text.count("\t") + 1 if self._lines and self._lines[-1].row else 0
        layout = table.get("role") == "presentation" or is_layout(rows, columns_above=above)
        if states_number(rows):
            self._lines += _number_last(lines)
        elif describes_page(rows):
            self._lines += [replace(line, about=True) for line in lines]
        elif layout:
            self._lines += lines
        else:
            made = table_lines(rows, columns_above=above)
            self._lines += [HtmlLine(line, table, row="\t" in line) for line in made]

    def _rows(self, table: etree._Element) -> list[list[tuple[Cell, list[HtmlLine]]]]:
        """Return the rows of a table, each cell with its lines; what a rowspan covers is an empty cell."""
        out = []
        covered: dict[int, int] = {}  # column: rows that a cell above it still covers
        for row in table_parts(table):
            cells: list[tuple[Cell, list[HtmlLine]]] = []
            column = 0
            for element in row if row.tag == "tr" else [row]:
                if not isinstance(element.tag, str):
                    continue
                while covered.get(column, 0):
                    cells.append((Cell(covered=True), []))
                    covered[column] -= 1
                    column += 1
                lines = self.lines(element)
                span, depth = _span(element, "colspan"), _span(element, "rowspan")
                nested = sum(len(line.text) for line in lines if line.row)
                cells.append((Cell(tuple(line.text for line in lines), span, nested), lines))
                for inside in range(column, column + span):
                    covered[inside] = depth - 1
                column += span
            for rest in sorted(key for key, count in covered.items() if count and key >= column):
                cells.append((Cell(covered=True), []))
                covered[rest] -= 1
            out.append(cells)
        return out


def table_parts(table: etree._Element) -> list[etree._Element]:
    """Return the rows of a table in order, a caption or stray element among them as a row of one cell."""
    out = []
    for child in table:
        if child.tag in ("tbody", "thead", "tfoot"):
            out += [row for row in child if isinstance(row.tag, str)]
        elif child.tag not in ("colgroup", "col") and isinstance(child.tag, str):
            out.append(child)
    return out


def _number_last(lines: Sequence[HtmlLine]) -> list[HtmlLine]:
    """Return the lines with the document's number last: the title follows it, as in a printed document."""
    others = [line for line in lines if not DOC_NO_LINE.match(line.text)]
    return others + [replace(line, number=True) for line in lines if DOC_NO_LINE.match(line.text)]


def states_number(rows: Sequence[Sequence[Cell]]) -> bool:
    """Say whether a table is what a site says of the document: one of its few cells is nothing but a document number.

    Its cells are lines, then: a number is read as the document's where it stands alone.
    """
    texts = [cell.text for row in rows for cell in row if cell.text]
    numbers = [text for text in texts if DOC_NO_LINE.match(text)]
    return len(numbers) == 1 and len(texts) <= MOST_STATED and not any(map(starts_unit, texts))


def describes_page(rows: Sequence[Sequence[Cell]]) -> bool:
    """Say whether a table without a document number is what a site says of the page: its cells are names of such fields."""
    texts = [re.sub(r"[\s：:\[\]【】]", "", cell.text) for row in rows for cell in row if cell.text]
    named = [text for text in texts if STATED.match(text)]
    return len(texts) <= MOST_STATED and INDEXED.match("|".join(named)) is not None and len(named) >= 3


def item_number(item: etree._Element) -> str:
    """Return the number that a browser shows before an item of an <ol>, "" where it shows none."""
    listing = item.getparent()
    if listing is None or listing.tag != "ol":
        return ""
    style = f"{listing.get('style') or ''} {item.get('style') or ''}"
    if re.search(r"list-style[^;]*:\s*none", style, re.IGNORECASE):
        return ""
    count = whole(listing.get("start"), 1)
    for sibling in listing.iterchildren("li"):
        count = whole(sibling.get("value"), count)
        if sibling is item:
            break
        count += 1
    if HAN_LISTS.search(style):
        return f"{format_number(count, 'chineseCounting')}、"
    return f"{format_number(count, LIST_KINDS.get(listing.get('type') or '1', 'decimal'))}. "


def _span(cell: etree._Element, name: str) -> int:
    return min(max(1, whole((cell.get(name) or "").strip(), 1)), MOST_SPAN)


def _heading(text: str, block: etree._Element) -> str:
    """Return an unnumbered heading with the marks that say so."""
    level = int(block.tag[1]) if re.fullmatch("h[1-6]", block.tag) else 0
    if not level or len(text) > HEADING_CHARS or text.endswith(("。", "；")) or starts_unit(text):
        return text
    return f"{'#' * level} {text}"


def running(lines: Sequence[HtmlLine]) -> list[int]:
    """Return for each line the Chinese characters of its running text: none for links, short labels, menus."""
    out = []
    for line in lines:
        han = len(re.findall(r"[\u3400-\u9fff]", line.text))
        prose = line.row or han >= 20 or (han >= 8 and bool(re.search("[。；！？]", line.text)))
        prose = prose or starts_unit(line.text)
        out.append(han if prose and line.linked * 2 <= len(line.text) else 0)
    return out
