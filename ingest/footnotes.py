"""Footnotes: found in the lines, taken out of the sentences that they interrupt, tied to the word they explain.

A mark becomes one private-use character in its line; `Footnote.line()` is the text put behind the paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.clean import Line

FIRST_MARK = 0xF0000  # a private plane: no file's own text uses it
MARKS = re.compile("[\U000f0000-\U000ffffd]+")
SUP = re.compile(r"\s*<sup>\s*(\d{1,3})\s*</sup>")
NOTE_START = re.compile(r"^(?:<sup>\s*)?(\d{1,3})(?:\s*</sup>)?\s*[.．、]?\s*(\S.*)$")
UNIT_BEFORE_SUP = re.compile(r"(?:\b[kcm]?m|米)$")
LOOK_BACK = 120  # lines between a mark and its note at most


@dataclass(frozen=True)
class Footnote:
    term: str  # the word that the note explains, "" where it cannot be told
    text: str
    start: int  # raw span of the note
    end: int

    def line(self) -> str:
        """Return the note as it is put behind its paragraph."""
        stated = not self.term or self.text.startswith((self.term, f"“{self.term}"))
        return f"〔注〕{self.text}" if stated else f"〔注：{self.term}〕{self.text}"


def strip_marks(text: str) -> str:
    """Return `text` without the characters that stand for footnote marks."""
    return MARKS.sub("", text)


def take_footnotes(lines: list[Line]) -> tuple[list[Line], dict[str, Footnote]]:
    """Return the lines without footnotes, marks as private characters, and the notes by their character."""
    out: list[Line | None] = list(lines)
    notes: dict[str, Footnote] = {}
    for number, first, last in _find_notes(lines):
        place = _find_mark(out, number, first)
        if place is None:
            continue
        index, start, end = place
        char = chr(FIRST_MARK + len(notes))
        host = out[index]
        assert host is not None
        text = "".join(line.text for line in lines[first:last])
        match = NOTE_START.match(text)
        body = (match[2] if match else text).strip()
        term = _term(body, _quoted_before(_text_before(out, index, start)))
        notes[char] = Footnote(term, _tidy(body), lines[first].start, lines[last - 1].end)
        out[index] = replace(host, text=host.text[:start] + char + host.text[end:])
        for position in range(first, last):
            out[position] = None
    return [line for line in out if line is not None], notes


def _find_notes(lines: Sequence[Line]) -> list[tuple[int, int, int]]:
    """Return (number, first line, line past the last) of each footnote's text, in order."""
    found: list[tuple[int, int, int]] = []
    expected, index, zone = 1, 0, False
    while index < len(lines):
        text = lines[index].text
        match = NOTE_START.match(text)
        if re.fullmatch(r"-{3,}", text):
            zone = True
        elif re.fullmatch(r"\d{1,3}", text) and _is_lone_note(lines, index, expected):
            end = _note_end(lines, index + 1)
            found.append((int(text), index, end))
            expected, index = int(text) + 1, end - 1
        elif match and (text.startswith("<sup>") or zone) and expected <= int(match[1]) <= expected + 3:
            found.append((int(match[1]), index, index + 1))
            expected = int(match[1]) + 1
        else:
            zone = False
        index += 1
    return found


def _is_lone_note(lines: Sequence[Line], index: int, expected: int) -> bool:
    """A digit alone on its line is a footnote when it is the next number and its mark stands before it."""
    number = int(lines[index].text)
    if number not in (expected, 1) or index + 1 >= len(lines):
        return False
    return _find_mark(lines, number, index) is not None


def _note_end(lines: Sequence[Line], start: int) -> int:
    for index in range(start, min(start + 6, len(lines))):
        if lines[index].text.endswith(("。", "；", ".")):
            return index + 1
    return start + 1


def _find_mark(lines: Sequence[Line | None], number: int, before: int) -> tuple[int, int, int] | None:
    """Return (line, start, end) of the mark of note `number`: <sup>n</sup>, else a digit glued to a word.

    Where the mark is lost but the note names its term, the end of the term counts as the mark.
    """
    window = range(before - 1, max(-1, before - LOOK_BACK), -1)
    for index in window:
        line = lines[index]
        for match in SUP.finditer(line.text) if line else ():
            if int(match[1]) == number and not UNIT_BEFORE_SUP.search(line.text[: match.start()]):  # type: ignore[union-attr]
                return index, match.start(), match.end()
    # Glued marks: best before a closing quote (“五安1”), then before a colon or comma (使用方案12：).
    for ending in ("[”’」』》]", "[：，。；、]"):
        glued = re.compile(rf"(?<=[\u4e00-\u9fff”]){number}(?={ending})")
        for index in window:
            line = lines[index]
            if line and (found := glued.search(line.text)):
                return index, found.start(), found.end()
    return None


def _text_before(lines: Sequence[Line | None], index: int, start: int) -> str:
    line = lines[index]
    before = line.text[:start] if line else ""
    position = index - 1
    while len(before) < 40 and position >= 0 and lines[position] is not None:
        before = lines[position].text + before  # type: ignore[union-attr]
        position -= 1
    return strip_marks(before)


def _quoted_before(before: str) -> str:
    """Return the quotation that a mark stands in or right behind (“五安1”, “四水三治”2), "" where there is none."""
    before = before[:-1] if before.endswith(("”", "’")) else before
    quote = before.rfind("“")
    inside = quote >= 0 and "”" not in before[quote:] and len(before) - quote <= 31
    return before[quote + 1 :] if inside else ""


def _term(body: str, quoted: str) -> str:
    """Return the term that the note names itself (三网融合：…, 五清单即：…), else the quotation it is tied to."""
    stated = re.match(r"[“\"]?([^：:，。]{1,24}?)[”\"]?\s*(?:即)?[：:]", body)
    named = stated[1].replace(" ", "") if stated else ""
    return named if named and (not quoted or quoted in named or named not in quoted) else quoted


def _tidy(text: str) -> str:
    return re.sub(r"(?<=[\u4e00-\u9fff：:；;]) +| +(?=[\u4e00-\u9fff])", "", text)
