"""The quantities of two or more provisions, compared: which time is longer, which sum higher, whether they are the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.numerals import parse_numeral

NUMBER = r"\d+(?:\.\d+)?|半|[一二两三四五六七八九十百千]+"
AMOUNT = re.compile(
    rf"(?<![\d第.])({NUMBER})\s*个?\s*(工作日|自然日|小时|分钟|日|天|周|星期|年|季度|月|万元|亿元|元|[%％]|平方米|公里|米|吨|万吨|亩|字|人|名|件|家|层|倍|分)(?![\u4e00-\u9fff]?[〕〔])"
)
# 每两周召开1次: the span, then how often in it.
RATE = re.compile(
    rf"每(?:({NUMBER})?\s*个?(日|天|周|星期|月|季度?|半年|年))[^，。；\d]{{0,8}}?({NUMBER})(?:\s*至\s*({NUMBER}))?\s*次"
)
# One kind of unit can be compared; each has its worth in the first of its kind.
KINDS: dict[str, tuple[str, float]] = {
    "分钟": ("时间", 1 / 1440), "小时": ("时间", 1 / 24), "日": ("时间", 1), "天": ("时间", 1), "自然日": ("时间", 1),
    "周": ("时间", 7), "星期": ("时间", 7), "工作日": ("工作日", 1), "月": ("月", 1), "季度": ("月", 3), "年": ("月", 12),
    "元": ("元", 1), "万元": ("元", 1e4), "亿元": ("元", 1e8), "%": ("%", 1), "％": ("%", 1), "吨": ("吨", 1), "万吨": ("吨", 1e4),
    "米": ("米", 1), "公里": ("米", 1000),
}  # fmt: skip
PERIODS = {"日": 1, "天": 1, "周": 7, "星期": 7, "月": 30, "季": 91, "季度": 91, "半年": 182, "年": 365}
MORE = re.compile(r"[多高长久大勤频重贵慢]|more|longer|higher|larger|most|earlier")
LESS = re.compile(r"[少低短小快]|less|fewer|shorter|lower|smaller")
WORDS = {
    "时间": ("长", "短"),
    "工作日": ("长", "短"),
    "月": ("长", "短"),
    "%": ("高", "低"),
    "米": ("长", "短"),
    "次": ("多", "少"),
}


@dataclass(frozen=True)
class Quantity:
    """What a provision says in figures: its worth in the unit of its kind, and its words."""

    kind: str
    worth: float
    words: str


def quantity_of(text: str) -> Quantity | None:
    """Return the one quantity of a text; None where it has none, or several."""
    rates = {(_value(m[3]), _value(m[1] or "1"), m[2]): m for m in RATE.finditer(text)}
    if rates:
        if len(rates) > 1 or any(match[4] for match in rates.values()):
            return None
        ((times, spans, period), match) = next(iter(rates.items()))
        return Quantity("次", times / (spans * PERIODS[period]), match[0])
    found = {(match[1], match[2]): match for match in AMOUNT.finditer(text)}
    if len(found) != 1:
        return None
    ((number, unit), match) = next(iter(found.items()))
    kind, worth = KINDS.get(unit, (unit, 1))
    return Quantity(kind, _value(number) * worth, match[0])


def order_words(names: Sequence[str], found: Sequence[Quantity | None], question: str) -> str | None:
    """Return 西城更长（两周），平谷1周, or that they are the same; None where the figures cannot be compared."""
    known = [quantity for quantity in found if quantity is not None]
    if len(known) < 2 or len(known) != len(found) or len({quantity.kind for quantity in known}) != 1:
        return None
    if len({round(quantity.worth, 6) for quantity in known}) == 1:
        return f"一致：均为{known[0].words}。"
    wants_less = bool(LESS.search(question)) and not MORE.search(question)
    ranked = sorted(zip(names, known, strict=True), key=lambda pair: pair[1].worth, reverse=not wants_less)
    word = WORDS.get(known[0].kind, ("多", "少"))[wants_less]
    (first, most), rest = ranked[0], ranked[1:]
    if rest[0][1].worth == most.worth:
        return None
    others = "，".join(f"{name}为{quantity.words}" for name, quantity in rest)
    return f"{first}更{word}：{first}为{most.words}，{others}。"


def _value(text: str) -> float:
    if text == "半":
        return 0.5
    return float(text) if text[0].isdigit() else float(parse_numeral(text.replace("两", "二")) or 0)
