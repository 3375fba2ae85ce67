"""The marks that open a numbered unit: 第一条, 一、, （一）, 1., （1）, 1.1.1, ①: their scheme, number and length."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ingest.numerals import NUMERAL, parse_numeral, to_chinese

# From the outermost to the innermost, as a reader expects them to nest. DECIMALS are 1, 1.1, 1.1.1 and 1.1.1.1.
# TOPIC and SUBTOPIC are 一、 and （一） that stand above articles; only the outline can tell them from items.
(
    PART, SUBPART, CHAPTER, SECTION, TOPIC, SUBTOPIC, ARTICLE, ROMAN, COMMA, PAREN, ITEM, *DECIMALS,
    DOT, ROUND, HALF, LETTER, CIRCLE,
) = range(20)  # fmt: skip
DIVISIONS = {PART: "编", SUBPART: "分编", CHAPTER: "章", SECTION: "节", ARTICLE: "条", ITEM: "项"}
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
ROMANS = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ"
HAN_NUMERAL = r"[零〇○一二两三四五六七八九十百千廿]"
HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
SPACED = rf"({NUMERAL}(?: ?{NUMERAL}){{0,6}})"  # 第 十 七 条
ORDINALS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (PART, re.compile(rf"第\s*{SPACED}\s*(?:编(?=\s|[^中写辑]|$)|(篇(?=\s|$)|部分(?=[\s：:]|$)))\s*")),
    (SUBPART, re.compile(rf"第\s*{SPACED}\s*分编\s*")),
    (CHAPTER, re.compile(rf"第\s*{SPACED}\s*章\s*")),
    (SECTION, re.compile(rf"第\s*{SPACED}\s*节\s*")),
    (ARTICLE, re.compile(rf"第\s*{SPACED}\s*条(?:之({HAN_NUMERAL}{{1,3}}))?\s*")),
    (ITEM, re.compile(rf"第\s*{SPACED}\s*项(?:[：:]|(?=[\s【])|$)\s*")),
)
HAN_MARKS = ((COMMA, re.compile(rf"({HAN_NUMERAL}{{1,5}})\s*[、．.]\s*")),)
BRACKETED = (
    (PAREN, re.compile(rf"[（(]\s*({HAN_NUMERAL}{{1,5}})\s*[）)]\s*[、.．]?\s*")),
    (ROUND, re.compile(r"[（(]\s*(\d{1,3})\s*[）)]\s*[、.．]?\s*")),
)
# 1.1 or 1.1.1, and not 1.5万元, 3.2%, 2.5公里: an amount has its unit right behind it.
UNITS = "万亿千百元个项年月日号级人次条处家米公平立吨升克斤亩倍度以至余多%％℃°"
DECIMAL = re.compile(
    rf"(\d{{1,2}}(?:[.．]\d{{1,2}}){{1,3}})(?![.．]?\d)(?:\s+(?![{UNITS}])(?=\S)|(?=[【“（(])|(?=(?![{UNITS}])[{HAN}]))"
)
ARABIC = (
    (DOT, re.compile(r"(\d{1,3})\s*[.．、](?!\d)\s*")),
    (HALF, re.compile(r"(\d{1,3})\s*[）)]\s*[、.．]?\s*")),
)
ROMAN_MARKS = ((ROMAN, re.compile(rf"([{ROMANS}])(?:\s*[、.．]\s*|\s+)(?=\S)")),)
CIRCLE_MARKS = ((CIRCLE, re.compile(rf"([{CIRCLED}])\s*")),)
LETTER_MARKS = ((LETTER, re.compile(rf"([A-Za-z])\s*(?:[.．、]|[）)])\s*(?=[{HAN}])")),)
BY_FIRST = {
    **dict.fromkeys("零〇○一二两三四五六七八九十百千廿", HAN_MARKS),
    **dict.fromkeys("（(", BRACKETED),
    **dict.fromkeys(ROMANS, ROMAN_MARKS),
    **dict.fromkeys(CIRCLED, CIRCLE_MARKS),
    **dict.fromkeys("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", LETTER_MARKS),
    "第": ORDINALS,
}
# 第三条规定的…, 第五条第二款…: a sentence about a provision, not its heading.
REFERENCE = re.compile(
    rf"(?:第{NUMERAL}{{1,4}}[款项目条章节]|规定|所列|所称|之规定|至(?!少|迟)|和(?!解|平|谐|睦)|或者?(?!应)|、|，|。|；"
    r"|中(?:的|，|规定|所)|的|及(?!时)|修改(?=为|的|后)|改为|删去)"
)
BARE = re.compile(
    rf"(\d{{1,2}})(?:\s+(?=\S)|(?=[{HAN}]))"
)  # 1 总则: only the outline can tell it from an amount
ATTACHED = re.compile(r"附\s*件\s*[\d一二三四五六七八九十：:\-]|附\s*[件录表]\s*$")
ENUMERATED = re.compile(rf"({HAN_NUMERAL}{{1,3}})(?!{HAN_NUMERAL})")


HEADING_FIRST = "（(一二三四五六七八九十"
OPEN_HEADING = re.compile(r"[^。；;：:]{2,59}[^。；;：:，,、！？!?]")
SIMPLIFIED = str.maketrans(
    "條節編項兩規稱於", "条节编项两规称于"
)  # the traditional writing of what marks are told by
LONGEST = 48  # characters of a mark and of what tells that it is one


@dataclass(frozen=True)
class Mark:
    """A unit's mark: scheme, number, `bis` for 第十条之一 (0 for none), and where the text behind it begins."""

    scheme: int
    number: int
    bis: int = 0
    length: int = 0
    sign: str = ""  # as a label writes it, where scheme and number do not tell: 第一篇, 2.1.3, b
    listed: bool = False  # 一、二级响应: as likely the words of a sentence as a mark


def read_mark(text: str) -> Mark | None:
    """Return the mark that `text` opens with, None where it opens with none or only refers to a provision."""
    return _read(text[:LONGEST])


@lru_cache(maxsize=8192)
def _read(text: str) -> Mark | None:
    text, first = text.translate(SIMPLIFIED), text[:1]
    if first.isdecimal() and first not in CIRCLED:
        return _arabic(text)
    for scheme, pattern in BY_FIRST.get(first, ()):
        if match := pattern.match(text):
            return _mark(scheme, match, text)
    return None


def _mark(scheme: int, match: re.Match[str], text: str) -> Mark | None:
    if scheme in DIVISIONS and not match[0][-1:].isspace() and REFERENCE.match(text, match.end()):
        return None
    number = _value(scheme, match[1])
    if number is None or not 0 < number < 10_000:
        return None
    if scheme == ARTICLE and match[2]:
        return Mark(scheme, number, parse_numeral(match[2]) or 0, match.end())
    sign = f"第{to_chinese(number)}{match[2]}" if scheme == PART and match[2] else ""
    if scheme == LETTER:
        sign = match[1]
    return Mark(
        scheme, number, 0, match.end(), sign, scheme == COMMA and _goes_on_counting(text, match, number)
    )


def _value(scheme: int, text: str) -> int | None:
    if scheme == CIRCLE:
        return CIRCLED.index(text) + 1
    if scheme == ROMAN:
        return ROMANS.index(text) + 1
    return ord(text.lower()) - ord("a") + 1 if scheme == LETTER else parse_numeral(text)


def _goes_on_counting(text: str, match: re.Match[str], number: int) -> bool:
    """一、二级响应, 三、四季度: the next number stands right behind the mark."""
    following = ENUMERATED.match(text, match.end())
    return following is not None and parse_numeral(following[1]) == number + 1


def _arabic(text: str) -> Mark | None:
    if match := DECIMAL.match(text):
        parts = [int(part) for part in re.split("[.．]", match[1])]
        if all(parts):
            sign = ".".join(map(str, parts))
            return Mark(DECIMALS[len(parts) - 1], parts[-1], 0, match.end(), sign)
    for scheme, pattern in ARABIC:
        if match := pattern.match(text):
            number = int(match[1])
            return Mark(scheme, number, 0, match.end()) if number else None
    return None


def read_bare(text: str) -> Mark | None:
    """Return 1 总则 as the mark of a first decimal level; whether it is one, its surroundings tell."""
    match = BARE.match(text)
    return (
        Mark(DECIMALS[0], int(match[1]), 0, match.end(), str(int(match[1])))
        if match and int(match[1])
        else None
    )


def starts_unit(text: str) -> bool:
    """Say whether a line may open a numbered unit, an attachment or a table row."""
    bare = text.lstrip("#*- ")
    return read_mark(bare) is not None or (bare[:1] == "附" and ATTACHED.match(bare) is not None)


def open_headings(texts: Sequence[str]) -> set[int]:
    """Return the indexes of the lines 一、… and （一）… that end as no sentence does, and so does the one before or behind.

    A page's end may cut one numbered sentence in two, hardly two in a row.
    """
    counts: dict[int, list[tuple[int, int, bool]]] = {COMMA: [], PAREN: []}  # number, index, open
    for index, text in enumerate(texts):
        if text[:1] in HEADING_FIRST and (mark := read_mark(text)) and mark.scheme in counts:
            counts[mark.scheme].append((mark.number, index, OPEN_HEADING.fullmatch(text) is not None))
    return {
        index
        for count in counts.values()
        for one, other in pairwise(count)
        if other[0] == one[0] + 1 and one[2] and other[2]
        for index in (one[1], other[1])
    }


def mark_label(mark: Mark) -> str:
    """Return the mark as a label names it: 第四十一条, 四十六, （五）, 4, （1）, 2.1.3, ①."""
    if mark.sign:
        return mark.sign
    if mark.scheme == ITEM:
        return f"第{mark.number}项"
    if mark.scheme in DIVISIONS:
        bis = f"之{to_chinese(mark.bis)}" if mark.bis else ""
        return f"第{to_chinese(mark.number)}{DIVISIONS[mark.scheme]}{bis}"
    if mark.scheme in (TOPIC, COMMA):
        return to_chinese(mark.number)
    if mark.scheme in (SUBTOPIC, PAREN):
        return f"（{to_chinese(mark.number)}）"
    if mark.scheme == ROUND:
        return f"（{mark.number}）"
    if mark.scheme == ROMAN:
        return ROMANS[mark.number - 1]
    return (
        CIRCLED[mark.number - 1]
        if mark.scheme == CIRCLE
        else f"{mark.number}）"
        if mark.scheme == HALF
        else str(mark.number)
    )
