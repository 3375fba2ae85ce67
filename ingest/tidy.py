"""The text of a paragraph in, the same text without markup and without the spaces of wrapping and OCR out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.numbering import HAN, HAN_NUMERAL, starts_unit
from ingest.numerals import NUMERAL

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
HALF_WIDTH_BRACKETS = str.maketrans("()", "（）")
TITLE_END = re.compile(
    "(?:规定|规则|办法|条例|细则|解释|意见|决定|决议|通知|通告|公告|批复|安排|方案|规划|计划|标准|法|通报|函|请示|议案)(?:[（(][^（）()]{1,12}[）)])?$"
)
LEADS_ON = re.compile("[。；“”《]|如下|下列|以下|现将|[一二三四五六七八九十几]个?方面")


def is_title(text: str) -> bool:
    """Say whether a line is a title: a name and its kind, without a comma or full stop."""
    return TITLE_END.search(text) is not None and not re.search("[，。；]", text) and not starts_unit(text)


def opens_letter(above: Sequence[str], text: str) -> bool:
    """Say whether a line is whom a letter is to (各区人民政府，各有关单位：), below its title; not what leads a list."""
    if not text.endswith(("：", ":")) or LEADS_ON.search(text) or starts_unit(text):
        return False
    return is_title("".join(above))


def open_bracket(text: str) -> bool:
    """Say whether a bracket or quotation mark near the end of a line is still open."""
    tail = text[-60:]
    if "(" in tail or ")" in tail:
        tail = tail.translate(HALF_WIDTH_BRACKETS)
    return len(text) > 12 and (
        tail.rfind("《") > tail.rfind("》")
        or tail.rfind("〔") > tail.rfind("〕")
        or tail.rfind("“") > tail.rfind("”")
        or tail.rfind("（") > tail.rfind("）")
    )


def without_spaces(text: str) -> str:
    """Return `text` without white space, for comparing."""
    return "".join(text.split())


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
