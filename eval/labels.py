"""Two labels in, whether they name the same provision (or one names an item of the other) out."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ingest.numerals import parse_numeral

HAN_NUMERALS = "零〇○一二两三四五六七八九十百千廿"
NUMERAL = rf"(?:\d+|[{HAN_NUMERALS}]+)"
ORDINAL = rf"第{NUMERAL}(?:条|章|节|编|款|项|件)"
# A bare numeral ends at a mark, at 第, or where the other script begins (附件1二); 2021年 is a word.
TOKEN = re.compile(
    rf"第(?P<ordinal>{NUMERAL})(?P<unit>[条章节编款项件])(?:之(?P<bis>[{HAN_NUMERALS}]+))?"
    rf"|\((?P<bracketed>{NUMERAL})\)"
    r"|<(?P<circled>\d+)>"
    r"|(?P<attachment>附件)"
    rf"|(?P<bare>\d+(?=$|[\s、.,:()<第{HAN_NUMERALS}])|[{HAN_NUMERALS}]+(?=$|[\s、.,:()<第\d]))"
    r"|[\s、.,:]+"
    rf"|(?P<word>.+?)(?=\s|{ORDINAL}|\({NUMERAL}\)|$)"
)
CIRCLED = {ord(mark): f"<{number}>" for number, mark in enumerate("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", 1)}
QUOTATION_MARKS = str.maketrans("", "", "“”\"'‘’《》「」")

Part = tuple[str, int]  # its kind and its number; a title is its own kind, with number 0


def labels_match(first: str, second: str, *, lenient: bool = True) -> bool:
    """True when both name one provision; when lenient, also when one names an item of the other.

    Spaces, width, and Arabic or Chinese numerals do not count, nor does 第…项 around a number. The empty
    label (unnumbered text) matches only itself.
    """
    one, other = label_parts(first), label_parts(second)
    if one == other:
        return True
    shared = min(len(one), len(other))
    return lenient and shared > 0 and one[:shared] == other[:shared]


@lru_cache(maxsize=65536)
def label_parts(label: str) -> tuple[Part, ...]:
    """Return the steps of a label from the outermost in: 四十六、（五） is (("", 46), ("(", 5))."""
    parts: list[Part] = []
    for match in TOKEN.finditer(unicodedata.normalize("NFKC", label.translate(CIRCLED)).strip()):
        part = _part(match)
        if part is None:
            continue
        if match["word"] and parts and parts[-1][1] == 0 and parts[-1][0] != "附件":
            parts[-1] = (parts[-1][0] + part[0], 0)  # a title with a space in it is still one title
        else:
            parts.append(part)
    return tuple(parts)


def _part(match: re.Match[str]) -> Part | None:
    """Return the step that one token stands for; None for a mark between steps."""
    if match["ordinal"]:
        unit = match["unit"] if match["unit"] not in "项件" else ""
        bis = f"之{parse_numeral(match['bis'])}" if match["bis"] else ""
        return (unit + bis, parse_numeral(match["ordinal"]) or 0)
    for kind, opening in (("bracketed", "("), ("circled", "<"), ("bare", "")):
        if match[kind]:
            return (opening, parse_numeral(match[kind]) or 0)
    if match["attachment"]:
        return ("附件", 0)
    return (match["word"].translate(QUOTATION_MARKS), 0) if match["word"] else None
