"""Word's automatic numbering: a file's list definitions in, the number that Word prints before a paragraph out.

The number of an article often exists nowhere else: the paragraph holds only its text and the name of a list.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace

from lxml import etree

from ingest.numerals import to_chinese
from ingest.readers.word_package import W
from ingest.readers.word_styles import Styles, is_on, value, whole

LEVELS = 9
ARTICLE = re.compile(r"第\s*%\d\s*条")
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
FORMAL = str.maketrans("一二三四五六七八九十百千零", "壹贰叁肆伍陆柒捌玖拾佰仟零")
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip


@dataclass(frozen=True)
class Level:
    """One level of a list: how it counts and what it prints (`text`: 第%1条, %1、, （%2）)."""

    start: int = 1
    kind: str = "decimal"  # w:numFmt
    text: str = ""
    restart: int | None = None  # the level (from 1) that starts it anew; 0: none does; None: any above it
    plain: bool = False  # w:isLgl: every number in it is printed as 1, 2, 3
    style: str | None = None  # the paragraph style that this level is tied to


@dataclass(frozen=True)
class List:
    """A w:num: its levels, the counters that it shares with others (`family`), and where it starts them anew."""

    family: str
    levels: tuple[Level, ...]
    starts: dict[int, int]


class Numbering:
    """Counts the numbered paragraphs of one file; they are to be asked for in the order of the text.

    `restarts_known` is false of a file that LibreOffice made: it forgets that a level goes on counting below the next
    one above it. Articles (第%2条) are taken to go on from chapter to chapter then, and `went_on` tells where it mattered.
    """

    def __init__(self, root: etree._Element | None, styles: Styles, *, restarts_known: bool = True) -> None:
        self._styles, self._restarts_known = styles, restarts_known
        self.went_on = False
        self._lists = _read_lists(root, styles) if root is not None else {}
        self._counters: dict[str, list[int | None]] = defaultdict(lambda: [None] * LEVELS)
        self._begun: set[tuple[str, int]] = set()  # lists and levels whose own start is used up

    def label(self, paragraph: etree._Element) -> str:
        """Return the number that Word prints before the paragraph and count it; "" where it has none."""
        place = self._place(paragraph)
        if place is None:
            return ""
        key, depth = place
        found = self._lists[key]
        counters = self._counters[found.family]
        self._count(counters, key, found, depth)
        level = found.levels[depth]
        if level.kind == "bullet":
            return level.text if re.search(r"[\u4e00-\u9fff]", level.text) else ""

        def number(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            current = counters[index]
            count = found.levels[index].start if current is None else current
            return format_number(count, "decimal" if level.plain else found.levels[index].kind)

        return re.sub(r"%([1-9])", number, level.text).strip()

    def _place(self, paragraph: etree._Element) -> tuple[str, int] | None:
        """Return the list and the level of a paragraph: its own, else those of its style."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        key, depth = value(own, "numId"), value(own, "ilvl")
        for style_id, style in self._styles.chain(self._styles.of(paragraph)):
            if key is not None:
                break
            by_style = style.find(f"{W}pPr/{W}numPr")
            key = value(by_style, "numId")
            if key in self._lists and depth is None:
                tied = (i for i, level in enumerate(self._lists[key].levels) if level.style == style_id)
                depth = str(next(tied, value(by_style, "ilvl") or 0))
        if key not in self._lists:  # 0: the numbering of the style is switched off
            return None
        return key, min(whole(depth, 0), LEVELS - 1)

    def _count(self, counters: list[int | None], key: str, found: List, depth: int) -> None:
        level, current = found.levels[depth], counters[depth]
        start = found.starts.get(depth, level.start)
        if depth in found.starts and (key, depth) not in self._begun:
            counters[depth] = start
        else:
            counters[depth] = start if current is None else current + 1
        self._begun.add((key, depth))
        for deeper in range(depth + 1, LEVELS):
            restart = found.levels[deeper].restart
            if not self._restarts_known and ARTICLE.search(found.levels[deeper].text):
                self.went_on = self.went_on or counters[deeper] is not None
            elif restart is None or depth < restart:
                counters[deeper] = None


def _read_lists(root: etree._Element, styles: Styles) -> dict[str, List]:
    families = {item.get(W + "abstractNumId", ""): item for item in root.iterfind(W + "abstractNum")}
    numbers = {item.get(W + "numId", ""): item for item in root.iterfind(W + "num")}
    lists = {}
    for key, item in numbers.items():
        family = _followed(value(item, "abstractNumId"), families, numbers, styles)
        if family is None or key == "0":
            continue
        levels = [Level() for _ in range(LEVELS)]
        for level in families[family].iterfind(W + "lvl"):
            levels[_depth(level)] = _read_level(level)
        starts = {}
        for override in item.iterfind(W + "lvlOverride"):
            depth, stated = _depth(override), value(override, "startOverride")
            if (own := override.find(W + "lvl")) is not None:
                levels[depth] = _read_level(own)
            if stated is not None:
                starts[depth] = whole(stated, 1)
                levels[depth] = replace(levels[depth], start=starts[depth])
        lists[key] = List(family, tuple(levels), starts)
    return lists


def _followed(
    family: str | None, families: dict[str, etree._Element], numbers: dict[str, etree._Element], styles: Styles
) -> str | None:  # fmt: skip
    """Return the family that holds the levels: a family may only name a list style, which names a list."""
    for _ in range(3):
        link = value(families.get(family or ""), "numStyleLink")
        if link is None:
            break
        style = next((style for _, style in styles.chain(link)), None)
        family = value(numbers.get(value(style, "pPr", "numPr", "numId") or ""), "abstractNumId")
    return family if family in families else None


def _depth(element: etree._Element) -> int:
    return min(whole(element.get(W + "ilvl"), 0), LEVELS - 1)


def _read_level(level: etree._Element) -> Level:
    restart = value(level, "lvlRestart")
    return Level(
        start=whole(value(level, "start"), 0 if level.find(W + "start") is None else 1),
        kind=_kind(level),
        text=value(level, "lvlText") or "",
        restart=None if restart is None else whole(restart, 0),
        plain=bool(is_on(level, "isLgl")),
        style=value(level, "pStyle"),
    )


def _kind(level: etree._Element) -> str:
    """Return w:numFmt; newer kinds stand in the first choice of an mc:AlternateContent, an older one behind it."""
    found = level.find(f".//{W}numFmt")
    kind = "decimal" if found is None else found.get(W + "val", "decimal")
    return "decimalZero" if kind == "custom" else kind  # the custom ones are 01, 001, …


def format_number(count: int, kind: str) -> str:
    """Return `count` as a w:numFmt prints it: chineseCounting 十一, ideographTraditional 甲, decimalFullWidth １１.

    Above 99 Word's Chinese formats differ in how they print a zero; all are printed as 一百零一 here.
    """
    if kind == "none":
        return ""
    if kind.startswith("decimalEnclosedCircle"):
        return CIRCLED[count - 1] if 0 < count <= len(CIRCLED) else str(count)
    if kind == "decimalEnclosedParen":
        return f"（{count}）"
    if kind == "decimalEnclosedFullstop":
        return f"{count}."
    if kind == "numberInDash":
        return f"-{count}-"
    if kind in ("decimalFullWidth", "decimalFullWidth2"):
        return str(count).translate(FULL_WIDTH)
    if kind == "decimalZero":
        return f"{count:02}"
    if kind.endswith(("Roman", "Letter")):
        text = _roman(count) if kind.endswith("Roman") else _letter(count)
        return text.lower() if kind.startswith("lower") else text
    return _han_number(count, kind) or str(count)


def _han_number(count: int, kind: str) -> str:
    if kind in ("ideographTraditional", "ideographZodiac"):
        signs = STEMS if kind == "ideographTraditional" else BRANCHES
        return signs[count - 1] if 0 < count <= len(signs) else ""
    if kind in ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"):
        return str(count).translate(DIGITS)
    if not 0 < count < 10_000:
        return "〇" if count == 0 and kind.startswith(("chinese", "taiwanese", "japanese")) else ""
    if kind in ("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"):
        return to_chinese(count).translate(FORMAL)
    if kind == "ideographEnclosedCircle":
        return f"（{to_chinese(count)}）"
    return (
        to_chinese(count)
        if kind.startswith(("chineseCounting", "taiwaneseCounting", "japaneseCounting"))
        else ""
    )


def _roman(count: int) -> str:
    out = ""
    for size, sign in ROMAN:
        out += sign * (count // size)
        count %= size
    return out


def _letter(count: int) -> str:
    """A … Z, then AA, BB, …"""
    return chr(ord("A") + (count - 1) % 26) * ((count - 1) // 26 + 1) if count > 0 else ""
