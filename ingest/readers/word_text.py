"""A Word paragraph in, its text out: fields, symbols, formulas, footnote marks; what is deleted or hidden stays out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from ingest.readers.notes import Notes, raised
from ingest.readers.numbers import CIRCLED
from ingest.readers.word_package import W
from ingest.readers.word_styles import Styles, value, whole

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
LEFT_OUT = {W + name for name in ("pPr", "sdtPr", "sdtEndPr", "rt", "delText", "delInstrText", "fldData")}
DELETED = {W + "del", W + "moveFrom"}
INSERTED = {W + "ins", W + "moveTo"}
SIGNS = {W + "tab": "\t", W + "ptab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}
# What the letters of the symbol fonts show; w:char puts 0xF000 before them.
SYMBOLS = {
    "symbol": {0xB7: "·", 0xB3: "≥", 0xA3: "≤", 0xB4: "×", 0xB1: "±", 0xB0: "°", 0xB8: "÷", 0x6D: "μ", 0xAE: "→"},
    "wingdings": {0xA8: "□", 0x6F: "□", 0x71: "□", 0xFE: "☑", 0xFD: "☒", 0xFC: "√", 0xFB: "×", 0x6C: "●", 0x6E: "■",
                  0xE0: "→", 0xD8: "➢", 0xAB: "★"},
    "wingdings 2": {0xA3: "□", 0x52: "☑", 0x54: "☒", 0x50: "√", 0x4F: "×"},
}  # fmt: skip
UNKNOWN_SIGN = "〓"  # what printers set for a character that they do not have
ENCLOSED = re.compile(r"eq\s*\\o\s*\\ac\s*\(.*?[,，;；]\s*(\w{1,4})\s*\)", re.IGNORECASE)


@dataclass
class Field:
    """A complex field that is open: its instruction, and whether its result has begun."""

    instruction: str = ""
    result: bool = False


@dataclass
class Findings:
    """What was met on the way and is not in the text as it stands; each is told to the reader of the report."""

    counts: Counter[str] = field(default_factory=Counter)  # deleted, inserted, pictures, comments, embedded
    hidden: list[str] = field(default_factory=list)


class TextReader:
    """Reads the paragraphs of one file in order: fields may run over several of them."""

    def __init__(
        self, styles: Styles, notes: Notes, texts_of_notes: dict[tuple[str, str], str],
        read_box: Callable[[etree._Element], None],
    ) -> None:  # fmt: skip
        self._styles, self._notes, self._texts = styles, notes, texts_of_notes
        self._read_box = read_box  # is handed the content of each text box
        self._fields: list[Field] = []
        self._out: list[str] = []
        self._style: str | None = None
        self.in_table = 0
        self.findings = Findings()

    @property
    def in_contents(self) -> bool:
        """Whether the text read last stands in the field of a table of contents."""
        return any(item.result and re.match(r"\s*TOC\b", item.instruction) for item in self._fields)

    def read(self, paragraph: etree._Element) -> str:
        """Return the text of a paragraph; a line break in it is \\n."""
        before, self._out, style = self._out, [], self._style
        self._style = self._styles.of(paragraph)
        self._children(paragraph)
        text, self._out, self._style = "".join(self._out), before, style
        # A field whose result has not begun cannot go on in the next paragraph: its end is lost.
        self._fields = [item for item in self._fields if item.result]
        return text

    def _children(self, parent: etree._Element) -> None:
        for child in parent:
            self._element(child)

    def _element(self, element: etree._Element) -> None:
        tag = element.tag
        if tag in LEFT_OUT:
            return
        if tag in DELETED:
            self.findings.counts["deleted"] += 1
        elif tag == W + "r":
            self._run(element)
        elif tag == W + "fldChar":
            self._field_mark(element)
        elif tag == W + "instrText":
            if self._fields:
                self._fields[-1].instruction += element.text or ""
        elif tag == MC + "AlternateContent":
            self._children(chosen(element))
        elif tag == W + "txbxContent":
            self._read_box(element)
        elif tag.startswith(M):
            self._formula(element)
        elif self._shown:
            self._visible(element)

    @property
    def _shown(self) -> bool:
        return all(item.result for item in self._fields)

    def _visible(self, element: etree._Element) -> None:
        tag = element.tag
        if tag == W + "t":
            self._out.append((element.text or "").replace("\u00ad", "").replace("\t", " "))
        elif tag in SIGNS:
            self._out.append(SIGNS[tag])
        elif tag == W + "sym":
            self._out.append(symbol(element))
        elif tag in (W + "footnoteReference", W + "endnoteReference"):
            self._note(element)
        else:
            name = etree.QName(element).localname
            if name in ("pic", "imagedata", "chart", "relIds"):  # relIds: a diagram
                self.findings.counts["pictures"] += 1
            elif name == "commentReference":
                self.findings.counts["comments"] += 1
            elif tag in INSERTED:
                self.findings.counts["inserted"] += 1
            self._children(element)

    def _run(self, run: etree._Element) -> None:
        if self._styles.is_hidden(run, self._style):
            if self._shown:
                self.findings.hidden.append("".join(node.text or "" for node in run.iter(W + "t")))
            return
        place = len(self._out)
        for child in run:
            self._element(child)
            if child.get(W + "customMarkFollows", "0") not in ("0", "false"):
                return  # the rest of the run is the mark that was typed: *
        if value(run, "rPr", "vertAlign") == "superscript" and run.find(W + "t") is not None:
            self._out[place:] = [raised("".join(self._out[place:]))]

    def _field_mark(self, mark: etree._Element) -> None:
        kind = mark.get(W + "fldCharType")
        if kind == "begin":
            self._fields.append(Field())
            if (box := mark.find(f"{W}ffData/{W}checkBox")) is not None and self._shown_but_last():
                on = box.find(W + "checked")
                on = box.find(W + "default") if on is None else on
                ticked = on is not None and on.get(W + "val", "1") not in ("0", "false")
                self._out.append("☑" if ticked else "□")
        elif kind == "separate" and self._fields:
            self._fields[-1].result = True
        elif kind == "end" and self._fields:
            ended = self._fields.pop()
            match = ENCLOSED.match(ended.instruction.strip())
            if match and not ended.result and self._shown:  # a number in a ring has no result, only its code
                self._out.append(_ringed(match[1]))

    def _shown_but_last(self) -> bool:
        return all(item.result for item in self._fields[:-1])

    def _note(self, reference: etree._Element) -> None:
        kind = etree.QName(reference).localname.removesuffix("Reference")
        text = self._texts.get((kind, reference.get(W + "id", "")), "")
        before = "".join(self._out)
        self._out.append(self._notes.add(text, before=before, inline=bool(self.in_table)))

    def _formula(self, element: etree._Element) -> None:
        """Write a formula in one line: (a+b)/c, x², √(x)."""
        name = etree.QName(element).localname
        if name == "t":
            self._out.append(element.text or "")
        elif name == "f":
            self._out.append("/".join(self._part(element, part) for part in ("num", "den")))
        elif name == "sSup":
            power = self._part(element, "sup").strip("()")
            small = raised(power) if power.isdigit() else f"^({power})"
            self._out.append(self._part(element, "e") + small)
        elif name == "rad":
            self._out.append(f"√({self._part(element, 'e').strip('()')})")
        else:
            self._children(element)

    def _part(self, element: etree._Element, name: str) -> str:
        before, self._out = self._out, []
        part = element.find(M + name)
        if part is not None:
            self._children(part)
        text, self._out = "".join(self._out), before
        return f"({text})" if re.search(r"[+\-−/＋－]", text) else text


def chosen(alternatives: etree._Element) -> etree._Element:
    """Return the choice of an mc:AlternateContent to read; the others hold the same words again."""
    first = alternatives.find(MC + "Choice")
    fallback = alternatives.find(MC + "Fallback")
    if first is None or (
        fallback is not None
        and first.find(f".//{W}txbxContent") is None
        and fallback.find(f".//{W}txbxContent") is not None
    ):
        first = fallback
    return alternatives.makeelement("nothing") if first is None else first


def symbol(element: etree._Element) -> str:
    """Return the character that a w:sym shows."""
    code = element.get(W + "char", "")
    number = int(code, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,5}", code) else 0
    known = SYMBOLS.get(element.get(W + "font", "").lower(), {}).get(number & 0xFF)
    if known:
        return known
    return chr(number) if 0x20 <= number < 0xD800 else UNKNOWN_SIGN


def _ringed(text: str) -> str:
    return CIRCLED[whole(text, 0) - 1] if 0 < whole(text, 0) <= len(CIRCLED) else f"（{text}）"
