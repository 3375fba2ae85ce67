"""A .docx file in, its text out: a line a paragraph or table row, with the numbers that Word prints before them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from ingest.document import Doubt
from ingest.numbering import starts_unit
from ingest.pages import CONTENTS_ENTRY, is_contents_head
from ingest.readers.notes import Notes, tie_typed_notes
from ingest.readers.numbers import Numbering
from ingest.readers.rows import Cell, table_lines
from ingest.readers.source import SourceText, UnreadableFile
from ingest.readers.word_package import W, WordPackage
from ingest.readers.word_styles import Styles, value, whole
from ingest.readers.word_text import DELETED, MC, Findings, TextReader, chosen

HEADING_CHARS = 60
LEADER = "......"
PAGE_AT_END = re.compile(r"\t+\s*([-—]?\s*\d{1,4}\s*[-—]?)$")


@dataclass(frozen=True)
class DocxLine:
    """One line of the text: a paragraph, a row of a table, or an entry of a table of contents."""

    text: str
    kind: str = "text"  # text, row, contents


def read_docx(path: Path, *, name: str, restarts_known: bool = True) -> SourceText:
    """Return the text of a .docx or .docm file; each line is a whole paragraph or a table row.

    `restarts_known`: whether its lists say where they begin anew; those that LibreOffice made do not.

    Raises UnreadableFile for what is no Word document, is encrypted or damaged, or holds no text.
    """
    reader = BodyReader(WordPackage(path), restarts_known=restarts_known)
    lines = reader.read()
    text = "\n".join(lines)
    pictures = reader.findings.counts["pictures"]
    if not re.search(r"\w", text):
        if pictures:
            raise UnreadableFile(
                f"no text, only {pictures} pictures; print it to PDF, or put in the scanned pages as pictures."
            )
        raise UnreadableFile("a Word file without text; put its text in or remove it.")
    doubts = [*_doubts(reader.findings), *([Doubt("renumbered")] if reader.went_on else [])]
    return SourceText(name, text, "docx", whole_lines=True, doubts=tuple(doubts))


def _doubts(findings: Findings) -> Iterator[Doubt]:
    counts = findings.counts
    if counts["deleted"] or counts["inserted"]:
        yield Doubt("tracked", f"{counts['deleted']} deletions, {counts['inserted']} insertions")
    if hidden := "".join(findings.hidden).strip():
        yield Doubt("hidden", hidden[:60])
    for kind in ("pictures", "comments", "embedded"):
        if counts[kind]:
            yield Doubt(kind, str(counts[kind]))


class BodyReader:
    """Walks the body of one file: paragraphs, tables, text boxes, footnotes."""

    def __init__(self, package: WordPackage, *, restarts_known: bool = True) -> None:
        self._body = package.document.find(W + "body")
        self._styles = Styles(package.styles)
        self._numbering = Numbering(package.numbering, self._styles, restarts_known=restarts_known)
        self._notes = Notes()
        texts: dict[tuple[str, str], str] = {}
        self._text = TextReader(self._styles, self._notes, texts, self._read_box)
        self._boxes: list[DocxLine] = []
        self._carried = ""  # the text of a paragraph whose end was deleted: it goes on in the next
        marks = [item.get(W + "fldCharType") for item in package.document.iter(W + "fldChar")]
        self._fields_close = marks.count("begin") == marks.count("end")
        for kind, root in (("footnote", package.footnotes), ("endnote", package.endnotes)):
            texts.update(self._read_notes(root, kind))

    @property
    def findings(self) -> Findings:
        """What was met and is not in the text as it stands."""
        return self._text.findings

    @property
    def went_on(self) -> bool:
        """Whether articles were counted on although their list may have begun anew."""
        return self._numbering.went_on

    def read(self) -> list[str]:
        """Return the lines of the text."""
        lines = list(self._blocks(self._body)) if self._body is not None else []
        if self._carried.strip():
            lines.append(DocxLine(self._carried))
        texts = _without_stray_tabs(_with_contents_title(_typed_contents(lines)))
        return texts if self._notes.count else tie_typed_notes(texts)

    def _read_notes(self, root: etree._Element | None, kind: str) -> Iterator[tuple[tuple[str, str], str]]:
        for note in root.iterfind(W + kind) if root is not None else ():
            if note.get(W + "type", "normal") == "normal":
                text = " ".join(line.text for line in self._blocks(note))
                yield (kind, note.get(W + "id", "")), text.replace("\t", " ")

    def _read_box(self, content: etree._Element) -> None:
        self._boxes.extend(list(self._blocks(content)))

    def _blocks(self, parent: etree._Element) -> Iterator[DocxLine]:
        columns = 0  # of the table right above
        for child in parent:
            if child.tag == W + "p":
                lines = list(self._paragraph(child))
                columns = 0 if lines else columns
                yield from lines
            elif child.tag == W + "tbl":
                lines = self._table(child, columns)
                columns = lines[-1].text.count("\t") + 1 if lines and lines[-1].kind == "row" else 0
                yield from lines
            elif child.tag in DELETED:
                self.findings.counts["deleted"] += 1
            elif child.tag == W + "altChunk":
                self.findings.counts["embedded"] += 1
            elif child.tag == MC + "AlternateContent":
                yield from self._blocks(chosen(child))
            elif child.tag not in (W + "sdtPr", W + "sdtEndPr", W + "sectPr"):
                yield from self._blocks(child)  # w:sdt, w:ins, w:customXml, …

    def _paragraph(self, paragraph: etree._Element) -> Iterator[DocxLine]:
        outer, self._boxes = self._boxes, []
        in_contents = self._text.in_contents
        text = self._carried + self._text.read(paragraph)
        boxes, self._boxes = self._boxes, outer
        contents = self._is_contents(paragraph, text, in_contents or self._text.in_contents)
        mark = paragraph.find(f"{W}pPr/{W}rPr")
        if mark is not None and any(mark.find(tag) is not None for tag in DELETED):
            self._carried = text
        else:
            self._carried = ""
            text = _numbered(self._numbering.label(paragraph), text, cell=bool(self._text.in_table))
            level = 0 if contents or self._text.in_table else self._styles.outline_level(paragraph)
            for part in filter(str.strip, text.split("\n")):
                yield DocxLine(_heading(part.strip(" "), level), "contents" if contents else "text")
        yield from (DocxLine(note) for note in self._notes.take())
        yield from boxes

    def _is_contents(self, paragraph: etree._Element, text: str, in_field: bool) -> bool:
        entry = self._styles.is_contents(paragraph) or (in_field and self._fields_close)
        return entry and not re.search("[。；]", text) and not is_contents_head(text)

    def _table(self, table: etree._Element, columns_above: int) -> list[DocxLine]:
        self._text.in_table += 1
        rows = [self._row(row) for row in _rows(table)]
        self._text.in_table -= 1
        lines = table_lines(rows, columns_above=columns_above)
        return [DocxLine(line, "row" if "\t" in line else "text") for line in lines]

    def _row(self, row: etree._Element) -> list[Cell]:
        before, after = (whole(value(row, "trPr", name), 0) for name in ("gridBefore", "gridAfter"))
        cells = [Cell(covered=True)] * before
        for cell in _cells(row):
            span = max(1, whole(value(cell, "tcPr", "gridSpan"), 1))
            lines = list(self._blocks(cell))  # an inherited cell is read, too: its numbers count
            merged = cell.find(f"{W}tcPr/{W}vMerge")
            inherited = merged is not None and merged.get(W + "val", "continue") == "continue"
            if value(cell, "tcPr", "hMerge") == "continue" and cells:
                cells[-1] = Cell(cells[-1].lines, cells[-1].span + span, cells[-1].nested)
                continue
            nested = sum(len(line.text) for line in lines if line.kind == "row")
            texts = tuple(line.text for line in lines)
            cells.append(Cell(() if inherited else texts, span, nested, covered=inherited))
        return [*cells, *[Cell(covered=True)] * after]


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == W + "tr":
            if child.find(f"{W}trPr/{W}del") is None:
                yield child
        elif child.tag not in DELETED and child.tag != W + "sdtPr":
            yield from _rows(child)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for child in row:
        if child.tag == W + "tc":
            yield child
        elif child.tag not in (W + "trPr", W + "tblPrEx", W + "sdtPr"):
            yield from _cells(child)


def _numbered(label: str, text: str, *, cell: bool) -> str:
    """Return the paragraph behind its number; an empty one shows it only where it is all there is (第三条, a cell)."""
    if not label:
        return text
    body = text.lstrip(" \t\u3000\xa0")
    if not body.strip():
        return label.rstrip("、.．") if cell else label if label.startswith("第") else text
    glued = label[-1] in "、.．)）" and not (label[-1] in ".．" and body[0].isdigit())
    return f"{label}{body}" if glued else f"{label} {body}"


def _heading(text: str, level: int) -> str:
    """Return an unnumbered heading with the marks that say so; a numbered one needs none."""
    if not level or len(text) > HEADING_CHARS or text.endswith(("。", "；")) or starts_unit(text):
        return text
    return f"{'#' * min(level, 6)} {text}"


def _typed_contents(lines: list[DocxLine]) -> list[DocxLine]:
    """Return the lines, those below 目录 that end in a tab and a page number marked as contents."""
    out, below = [], False
    for line in lines:
        below = below or is_contents_head(line.text)
        entry = line.kind == "text" and below and PAGE_AT_END.search(line.text)
        below = below and (bool(entry) or len(line.text) <= HEADING_CHARS)
        out.append(DocxLine(line.text, "contents") if entry else line)
    return out


def _with_contents_title(lines: list[DocxLine]) -> list[DocxLine]:
    """Return the lines with a 目录 above every run of entries and a page number at the end of each.

    By these two the cleaner knows a table of contents; an entry printed without a number gets 0, which is no page.
    """
    out: list[DocxLine] = []
    for line in lines:
        if line.kind != "contents":
            out.append(line)
            continue
        if not out or (out[-1].kind != "contents" and not is_contents_head(out[-1].text)):
            out.append(DocxLine("目录"))
        text = PAGE_AT_END.sub(rf"{LEADER}\1", line.text.rstrip())
        text = text if CONTENTS_ENTRY.search(text) else f"{text}{LEADER}0"
        out.append(DocxLine(text.replace("\t", " "), "contents"))
    return out


def _without_stray_tabs(lines: list[DocxLine]) -> list[str]:
    """Return the texts; a tab in a paragraph is a space, unless three paragraphs with equally many make up a table."""
    tabs = [line.text.strip().count("\t") if line.kind == "text" else 0 for line in lines]
    out = []
    for index, line in enumerate(lines):
        runs = (tabs[i : i + 3] for i in range(max(0, index - 2), index + 1))
        table = tabs[index] >= 2 and any(run == [tabs[index]] * 3 for run in runs)
        out.append(line.text if line.kind == "row" or table else line.text.replace("\t", " ").strip())
    return out
