"""The text of a paragraph in, the same text without markup and without the spaces of wrapping and OCR out."""

from __future__ import annotations

import re

from ingest.numbering import HAN_NUMERAL, starts_unit
from ingest.numerals import NUMERAL

HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
LATEX = {
    r"\geq": "≥",
    r"\cdot": "·",
    r"^\circ": "°",
    r"\leq": "≤",
    r"\times": "×",
    r"\%": "%",
    r"\sim": "～",
    r"\pm": "±",
}
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


MATH = re.compile(r"\$([^$]{1,60})\$")
SUP_TAG = re.compile(r"\s*<sup>(\d)</sup>")
TAG = re.compile(r"\s*</?(?:sub|p|b|br|i|u|strong)\s*/?>\s*")
EMPHASIS = re.compile(r"\*\*|\\(?=[_*#])")
BLANKS = re.compile(r"[ \t\u3000\xa0]+")
SPACED_WORD = re.compile(rf"(?<![{HAN}])([{HAN}])((?: [{HAN}])+)(?![{HAN}])")  # 目 录
UNIT_HEAD = re.compile(
    rf"第 ?((?:{NUMERAL} ?){{1,9}})(分编|[编章节条篇项]|部分)(之{HAN_NUMERAL}{{1,3}})? |\d{{1,2}}(?:\.\d{{1,2}}){{1,3}} "
)
HAN_GAP = re.compile(rf"(?<=[{HAN}”》）]) (?=[{HAN}“《（])")
LATIN_GAP = re.compile(
    rf"(?<=[{HAN}，。；：、（）《》“”〔〕]) (?=[A-Za-z\d（(≥≤])|(?<=[A-Za-z\d%）)]) (?=[{HAN}，。；：、（）])|(?<=[≥≤]) (?=\d)"
)
MARK_GAP = re.compile(r" ?([，。；：、）》”〕]) ?")
ASCII_MARK_GAP = re.compile(
    rf"(?<=[{HAN}\d%）)”》])(?: ?([,;]) ?(?=[{HAN}“《])| ([,;]) ?(?=\d))"
)  # 36% , 人均
CLOCK_GAP = re.compile(r"(?<=\d)[:：] (?=\d\d(?!\d))")  # 8: 30


def tidy(text: str, *, heading: bool = False) -> str:
    """Return `text` without markup and without the spaces that wrapping or OCR put between Chinese characters."""
    text = _without_markup(text)
    if not (" " in text or "\t" in text or "\u3000" in text or "\xa0" in text):
        return text
    text = BLANKS.sub(" ", text).strip()
    quote = text[:1] if text.startswith("“") else ""
    unit = UNIT_HEAD.match(text, len(quote))
    if unit is None:
        return _without_gaps(text, heading)
    head = unit[0].replace(" ", "")
    return f"{quote}{head} {_without_gaps(text[unit.end() :], True)}".rstrip()


def _without_gaps(text: str, heading: bool) -> str:
    if " " not in text:
        return text
    text = SPACED_WORD.sub(lambda match: match[0].replace(" ", ""), text)
    if heading or re.search(r"[，。；、]", text) or starts_unit(text):
        text = HAN_GAP.sub("", text)
    text = LATIN_GAP.sub("", text)
    if not re.search(rf"[{HAN}]", text):
        return text
    return CLOCK_GAP.sub(":", ASCII_MARK_GAP.sub(r"\1\2", MARK_GAP.sub(r"\1", text)))


def _without_markup(text: str) -> str:
    if "$" in text:
        text = MATH.sub(_latex, text)
    if "<" in text:
        text = SUP_TAG.sub(lambda match: match[1].translate(SUPERSCRIPT), text)
        text = TAG.sub(lambda match: " " if "p" in match[0] else "", text)
    return EMPHASIS.sub("", text) if "*" in text or "\\" in text else text


def _latex(match: re.Match[str]) -> str:
    inner = re.sub(r"\\(?:text|mathrm|mathbf)\{([^{}]*)\}", r"\1", match[1])
    inner = re.sub(r"\^\{?(\d+)\}?", lambda power: power[1].translate(SUPERSCRIPT), inner)
    for command, char in LATEX.items():
        inner = inner.replace(command, char)
    return match[0] if "\\" in inner else re.sub(r"\s+", "", inner)
