"""Chinese and Arabic numerals: 四十一, 〇, 两, 11, １１ -> int, and back to Chinese."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000}
NUMERAL = r"[零〇○一二两三四五六七八九十百千廿\d０-９]"  # one character of a numeral, for regular expressions


@lru_cache(maxsize=4096)
def parse_numeral(text: str) -> int | None:
    """Return the value of a Chinese or Arabic numeral below ten thousand, None where `text` is none."""
    text = unicodedata.normalize("NFKC", text).replace(" ", "").replace("廿", "二十")
    if text.isascii():
        return int(text) if text.isdigit() else None
    if not any(char in UNITS for char in text):  # 二〇三五
        return _digit_by_digit(text)
    total, current = 0, 0
    for char in text:
        if char in UNITS:
            total += (current or 1) * UNITS[char]
            current = 0
        elif char in DIGITS:
            current = DIGITS[char]
        else:
            return None
    return total + current


def _digit_by_digit(text: str) -> int | None:
    value = 0
    for char in text:
        if char not in DIGITS:
            return None
        value = value * 10 + DIGITS[char]
    return value if text else None


def to_chinese(value: int) -> str:
    """Return 1..9999 as Chinese counts it: 10 十, 41 四十一, 105 一百零五."""
    if not 0 < value < 10_000:
        raise ValueError(f"to_chinese: {value} is outside 1..9999")
    out, zero = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // power % 10
        if digit:
            out += ("零" if zero and out else "") + "零一二三四五六七八九"[digit] + unit
            zero = False
        else:
            zero = True
    return out[1:] if out.startswith("一十") else out
