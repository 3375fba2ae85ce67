"""The marks that open a numbered unit: 第一条, 一、, （一）, 1., （1）, ①: their scheme, number and length."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.numerals import NUMERAL, parse_numeral, to_chinese

# From the outermost to the innermost, as a reader expects them to nest.
# TOPIC and SUBTOPIC are 一、 and （一） that stand above articles; only the outline can tell them from items.
PART, SUBPART, CHAPTER, SECTION, TOPIC, SUBTOPIC, ARTICLE, COMMA, PAREN, DOT, ROUND, CIRCLE = range(12)
DIVISIONS = {PART: "编", SUBPART: "分编", CHAPTER: "章", SECTION: "节", ARTICLE: "条"}
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
HAN_NUMERAL = r"[零〇○一二两三四五六七八九十百千廿]"
SPACED = rf"({NUMERAL}(?: ?{NUMERAL}){{0,6}})"  # 第 十 七 条
PATTERNS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (PART, re.compile(rf"第\s*{SPACED}\s*编(?=\s|[^中写辑]|$)\s*")),
    (SUBPART, re.compile(rf"第\s*{SPACED}\s*分编\s*")),
    (CHAPTER, re.compile(rf"第\s*{SPACED}\s*章\s*")),
    (SECTION, re.compile(rf"第\s*{SPACED}\s*节\s*")),
    (ARTICLE, re.compile(rf"第\s*{SPACED}\s*条(?:之({HAN_NUMERAL}{{1,3}}))?\s*")),
    (COMMA, re.compile(rf"({HAN_NUMERAL}{{1,5}})\s*[、．.]\s*")),
    (PAREN, re.compile(rf"[（(]\s*({HAN_NUMERAL}{{1,5}})\s*[）)]\s*[、.．]?\s*")),
    (DOT, re.compile(r"(\d{1,3})\s*[.．、](?!\d)\s*")),
    (ROUND, re.compile(r"[（(]\s*(\d{1,3})\s*[）)]\s*[、.．]?\s*")),
    (CIRCLE, re.compile(rf"([{CIRCLED}])\s*")),
)
# 第三条规定的…, 第五条第二款…: a sentence about a provision, not its heading.
REFERENCE = re.compile(
    rf"^(?:第{NUMERAL}{{1,4}}[款项目条章节]|规定|所列|所称|之规定|至(?!少|迟)|和(?!解|平|谐|睦)|或者?(?!应)|、|，|。|；"
    r"|中(?:的|，|规定|所)|的|及(?!时)|修改(?=为|的|后)|改为|删去)"
)


@dataclass(frozen=True)
class Mark:
    """A unit's mark: scheme, number, `bis` for 第十条之一 (0 for none), and where the text behind it begins."""

    scheme: int
    number: int
    bis: int = 0
    length: int = 0


def read_mark(text: str) -> Mark | None:
    """Return the mark that `text` opens with, None where it opens with none or only refers to a provision."""
    for scheme, pattern in PATTERNS:
        match = pattern.match(text)
        if not match:
            continue
        if scheme in DIVISIONS and (REFERENCE.match(text[match.end() :]) and not match[0][-1:].isspace()):
            return None
        number = CIRCLED.index(match[1]) + 1 if scheme == CIRCLE else parse_numeral(match[1])
        if number is None or not 0 < number < 10_000:
            return None
        bis = parse_numeral(match[2]) or 0 if scheme == ARTICLE and match[2] else 0
        return Mark(scheme, number, bis, match.end())
    return None


def starts_unit(text: str) -> bool:
    """Say whether a line may open a numbered unit, an attachment or a table row."""
    bare = text.lstrip("#*- ")
    return bool(read_mark(bare)) or bool(
        re.match(r"附\s*件\s*[\d一二三四五六七八九十：:\-]|附\s*[件录表]\s*$", bare)
    )


def mark_label(mark: Mark) -> str:
    """Return the mark as a label names it: 第四十一条, 四十六, （五）, 4, （1）, ①."""
    if mark.scheme in DIVISIONS:
        bis = f"之{to_chinese(mark.bis)}" if mark.bis else ""
        return f"第{to_chinese(mark.number)}{DIVISIONS[mark.scheme]}{bis}"
    if mark.scheme in (TOPIC, COMMA):
        return to_chinese(mark.number)
    if mark.scheme in (SUBTOPIC, PAREN):
        return f"（{to_chinese(mark.number)}）"
    if mark.scheme == ROUND:
        return f"（{mark.number}）"
    return CIRCLED[mark.number - 1] if mark.scheme == CIRCLE else str(mark.number)
