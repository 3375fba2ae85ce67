"""Footnotes: found in the lines, taken out of the sentences that they interrupt, tied to the word they explain.

A mark becomes one private-use character in its line; `Footnote.line()` is the text put behind the paragraph. A line is a
note only where its mark stands above it: <sup>1</sup>, ¹, [1], ①, *, （注1）, or a digit glued to a word.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from ingest.numbering import CIRCLED, starts_unit

if TYPE_CHECKING:
    from ingest.clean import Line

FIRST_MARK = 0xF0000  # a private plane: no file's own text uses it
MARKS = re.compile("[\U000f0000-\U000ffffd]+")
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
PLAIN = str.maketrans(RAISED, "0123456789")
STARS = "*＊※"
HOST_CHAR = r"[\u3400-\u9fffA-Za-z”’」』》）)】]"  # what a mark is glued to
HOST = rf"(?<={HOST_CHAR})"
NUMBER = rf"(?P<number>\d{{1,3}}|[{CIRCLED}]|[{STARS}]{{1,3}})"

ANY_NUMBER = re.compile(rf"\d+|[{CIRCLED}]|[{STARS}]+|[{RAISED}]+")

# How a note begins, by its kind.
NOTE_STARTS = {
    "sup": re.compile(
        rf"<sup>\s*[\[〔［【（(]?\s*(?:注\s*)?{NUMBER}\s*[\]〕］】）)]?\s*</sup>\s*[.．、：:]?\s*(?=\S)"
    ),
    "raised": re.compile(rf"(?P<number>[{RAISED}]{{1,3}})\s*(?=\S)"),
    "bracket": re.compile(r"[\[〔［【]\s*(?P<number>\d{1,3})\s*[\]〕］】]\s*[：:]?\s*(?=\S)"),
    "circled": re.compile(rf"(?P<number>[{CIRCLED}])\s*(?=\S)"),
    "star": re.compile(rf"(?P<number>[{STARS}])(?![{STARS}])\s*(?=\S)"),
    "word": re.compile(
        rf"[（(\[〔【]?\s*注\s*(?P<number>\d{{1,2}}|[{CIRCLED}])\s*[)）\]〕】]?\s*[：:.．、]?\s*(?=\S)"
    ),
    "digit": re.compile(r"(?P<number>\d{1,3})\s*[.．、]?\s*(?=\S)"),  # in a zone of notes only
}
# The marks in the text, by their kind; {} is the number.
MARK_FORMS = {
    "sup": r"\s*<sup>\s*[\[〔［【（(]?\s*(?:注\s*)?{}\s*[\]〕］】）)]?\s*</sup>",
    "raised": HOST + rf"{{}}(?![{RAISED}])",
    "bracket": HOST + r"\s?[\[〔［【]\s*{}\s*[\]〕］】](?!\s*第?\s*\d+\s*号)",
    "circled": HOST + r"{}",
    "star": HOST + rf"{{}}(?![{STARS}])",
    "word": r"[（(\[〔【]\s*注\s*{}\s*[)）\]〕】]",
}
TIED = {  # the marks that a note of each kind may have, the surest first
    "sup": ("sup",),
    "raised": ("raised", "sup"),
    "bracket": ("bracket", "sup"),
    "circled": ("circled", "sup"),
    "star": ("star", "sup"),
    "word": ("word", "sup"),
    "digit": ("sup", "raised", "bracket"),
}
GLUED = r"(?<=[\u4e00-\u9fff”]){}(?={})"
FIRST_CHARS = frozenset(f"<[〔［【（(注{CIRCLED}{RAISED}{STARS}0123456789")
HEAD = re.compile(r"[#*\s]*[【\[]?\s*(?:注\s*释|脚\s*注|尾\s*注|附\s*注|注)\s*[】\]]?\s*[：:]?[*\s]*")
RULE = re.compile(r"[-_—─*]{3,}")
POWER = re.compile(r"(?:(?<![A-Za-z])(?:[kcdm]m|[A-Za-z])|米|\d)$")  # m², 10⁴, x²
MENTION = re.compile(r"(?:第|[条款项表图式类种])$")  # 本条①, 表①
SENTENCE_END = ("。", "；", ".", "！", "？")
LOOK_BACK = 120  # lines between a mark and its note at most
LOOK_BACK_FROM_END = 4000  # the same, for notes below 注释：
LONGEST = 6  # lines of a note
WRAPPED = (40, 112)  # columns of a line that a page broke off


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


@dataclass(frozen=True)
class Candidate:
    """A line that begins as a note does: what number, what kind, where its words begin."""

    number: str
    kind: str
    offset: int
    sure: bool = False  # it stands below 注释： or a rule, where only notes do


def strip_marks(text: str) -> str:
    """Return `text` without the characters that stand for footnote marks."""
    return MARKS.sub("", text)


def take_footnotes(lines: list[Line]) -> tuple[list[Line], dict[str, Footnote]]:
    """Return the lines without footnotes, marks as private characters, and the notes by their character."""
    finder = NoteFinder(lines)
    finder.run()
    return [line for line in finder.out if line is not None], finder.notes


class NoteFinder:
    """Goes down the lines once; a note takes the nearest mark above it that no other note has taken."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.out: list[Line | None] = list(lines)
        self.notes: dict[str, Footnote] = {}
        self.expected = 1  # the next lone digit
        self.gaps = sum(line.gap for line in lines) * 2 > len(lines)  # blank lines say nothing here

    def run(self) -> None:
        index, zone, head = 0, "", -1
        while index < len(self.lines):
            text = self.lines[index].text
            if RULE.fullmatch(text):
                zone, head = "rule", -1
            elif len(text) < 14 and HEAD.fullmatch(text):
                zone, head = "head", index
            elif (end := self._take(index, zone, head)) > index:
                zone, head, index = zone or "note", -1, end
                continue
            else:
                zone, head = "", -1
            index += 1

    def _take(self, index: int, zone: str, head: int) -> int:
        """Take the note at `index` out of the lines; return the line past it, `index` where there is none."""
        text = self.lines[index].text
        if text[:1] not in FIRST_CHARS or "\t" in text:
            return index
        if re.fullmatch(r"\d{1,3}", text):
            return self._take_lone(index, int(text))
        for candidate in _candidates(text, zone):
            if candidate.kind in ("circled", "star") and not zone and self._is_item(index, candidate):
                continue
            place = self._find(candidate, index, LOOK_BACK_FROM_END if zone == "head" else LOOK_BACK)
            if place is not None:
                end = self._note_end(index)
                self._tie(place, index, end, candidate.offset, head if head >= 0 else index)
                if candidate.number.isdecimal():
                    self.expected = int(candidate.number) + 1
                return end
        return index

    def _take_lone(self, index: int, number: int) -> int:
        """A digit alone on its line is a footnote when it is the next number and its mark stands before it."""
        if number not in (self.expected, 1) or index + 1 >= len(self.lines):
            return index
        place = self._find(Candidate(str(number), "lone", 0), index, LOOK_BACK)
        if place is None:
            return index
        end = self._sentence_end(index + 1)
        self._tie(place, index, end, len(self.lines[index].text), index)
        self.expected = number + 1
        return end

    def _is_item(self, index: int, candidate: Candidate) -> bool:
        """A line with ① or * goes on with a list where its neighbour begins so, or a colon leads to it."""
        above = self.lines[index - 1].text if index else ""
        beside = [self.lines[i].text for i in (index - 1, index + 1) if 0 <= i < len(self.lines)]
        starts = CIRCLED if candidate.kind == "circled" else STARS
        listed = candidate.kind == "star" and any(text[:1] in starts for text in beside)
        return above.endswith(("：", ":")) or listed

    def _find(self, candidate: Candidate, before: int, limit: int) -> tuple[int, int, int] | None:
        """Return (line, start, end) of the mark of a note: of its own kind, else a digit glued to a word."""
        number = candidate.number
        window = self._bearing(number, before - limit + 1, before)
        for kind in TIED.get(candidate.kind, ("sup",)):
            form = _form(kind, number)
            for index in window:
                line = self.out[index]
                if form and line and (place := _mark_in(line.text, kind, form, sure=candidate.sure)):
                    return index, *place
        if candidate.kind not in ("sup", "digit", "lone") or not candidate.number.isdecimal():
            return None
        # Glued marks: best before a closing quote (“五安1”), then before a colon or comma (使用方案12：).
        forms = [GLUED.format(candidate.number, ending) for ending in ("[”’」』》]", "[：，。；、]")]
        if candidate.kind == "digit":  # “三网融合”1和…, but not “双减”3项
            forms.append(rf"(?<=[”’」』》]){candidate.number}(?![\d.％%个项条次年月日家户人万亿])")
        for glued in forms:
            for index in window:
                line = self.out[index]
                if line and (found := re.search(glued, line.text)):
                    return index, found.start(), found.end()
        return None

    def _bearing(self, number: str, first: int, last: int) -> list[int]:
        """Return the lines of [first, last) that hold `number` behind their first character, the lowest first."""
        lines = self._numbers.get(number, [])
        return lines[bisect_left(lines, first) : bisect_left(lines, last)][::-1]

    @cached_property
    def _numbers(self) -> dict[str, list[int]]:
        """The lines by the numbers in them; marks that are taken leave theirs behind."""
        found: dict[str, list[int]] = {}
        for index, line in enumerate(self.lines):
            runs = ANY_NUMBER.findall(line.text, 1)
            for number in {char.translate(PLAIN) for run in runs for char in (run, *run * (run[0] in STARS))}:
                found.setdefault(number, []).append(index)
        return found

    def _note_end(self, start: int) -> int:
        """Return the line past a note that begins at `start` and may have been wrapped."""
        for index in range(start, min(start + LONGEST, len(self.lines))):
            following = self.lines[index + 1] if index + 1 < len(self.lines) else None
            if following is None or not self._wraps(self.lines[index], following):
                return index + 1
        return min(start + LONGEST, len(self.lines))

    def _wraps(self, line: Line, following: Line) -> bool:
        if line.text.endswith(SENTENCE_END) or (following.gap and not self.gaps) or "\t" in following.text:
            return False
        if (
            starts_unit(following.text)
            or following.text.startswith(("#", "**"))
            or _begins_note(following.text)
        ):
            return False
        return WRAPPED[0] <= _width(line.text) <= WRAPPED[1] and _width(following.text) <= WRAPPED[1]

    def _sentence_end(self, start: int) -> int:
        for index in range(start, min(start + LONGEST, len(self.lines))):
            if self.lines[index].text.endswith(SENTENCE_END[:3]):
                return index + 1
        return start + 1

    def _tie(self, place: tuple[int, int, int], first: int, last: int, offset: int, from_line: int) -> None:
        index, start, end = place
        host = self.out[index]
        assert host is not None
        char = chr(FIRST_MARK + len(self.notes))
        body = "".join(line.text for line in self.lines[first:last])[offset:].strip()
        term = _term(body, _quoted_before(_text_before(self.out, index, start)))
        self.notes[char] = Footnote(term, _tidy(body), self.lines[from_line].start, self.lines[last - 1].end)
        self.out[index] = replace(host, text=host.text[:start] + char + host.text[end:])
        for position in range(from_line, last):
            self.out[position] = None


def _candidates(text: str, zone: str) -> Iterator[Candidate]:
    for kind, pattern in NOTE_STARTS.items():
        if kind == "digit" and zone not in ("rule", "head", "note"):
            continue
        if match := pattern.match(text):
            yield Candidate(match["number"].translate(PLAIN), kind, match.end(), bool(zone))


def _begins_note(text: str) -> bool:
    if text[:1] not in FIRST_CHARS:
        return False
    return bool(re.fullmatch(r"\d{1,3}", text)) or any(
        pattern.match(text) for kind, pattern in NOTE_STARTS.items() if kind != "digit"
    )


@lru_cache
def _form(kind: str, number: str) -> re.Pattern[str] | None:
    """Return the form of a note's mark in the text, None where a mark of this kind has no such number."""
    if kind in ("raised", "word") and number in STARS:
        return None
    written = number.translate(str.maketrans("0123456789", RAISED)) if kind == "raised" else number
    return re.compile(MARK_FORMS[kind].format(re.escape(written)))


def _mark_in(text: str, kind: str, form: re.Pattern[str], *, sure: bool) -> tuple[int, int] | None:
    """Return where a line holds the mark of a note; a power, a list item and a mention are none."""
    for match in form.finditer(text):
        before = text[: match.start()]
        power = kind in ("sup", "raised") and POWER.search(before)
        listed = kind == "circled" and (MENTION.search(before) or not _all_marks(text, sure))
        doubled = kind == "star" and sum(char in STARS for char in text) > 1
        if before and not (power or listed or doubled):
            return match.start(), match.end()
    return None


def _all_marks(text: str, sure: bool) -> bool:
    """Say whether the ① of a line may be marks: they stand behind words, and are several only where notes are sure."""
    places = [index for index, char in enumerate(text) if char in CIRCLED]
    return (sure or len(places) == 1) and all(i and re.match(HOST_CHAR, text[i - 1]) for i in places)


def _width(text: str) -> int:
    return 2 * len(text) - len(text.encode("ascii", "ignore"))


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
