"""Text in, its checkable facts out: numbers with unit and bound, dates, document numbers, labels, titles, quotations."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from index.lexical import normalise
from ingest.headers import DOC_NO
from ingest.numerals import NUMERAL, parse_numeral

HAN = "零〇○一二两三四五六七八九十百千"
# A unit's spellings share a name, so that 3天 is 3日 and 两名 is 2人.
UNITS = {
    "个工作日": "工作日", "工作日": "工作日", "个自然日": "日", "自然日": "日", "个小时": "小时", "小时": "小时", "分钟": "分钟",
    "个月": "个月", "季度": "季度", "平方米": "平方米", "㎡": "平方米", "m2": "平方米", "平方公里": "平方公里", "公里": "公里",
    "千米": "公里", "km": "公里", "厘米": "厘米", "毫米": "毫米", "公斤": "千克", "千克": "千克", "公顷": "公顷", "方面": "方面",
    "个人": "人", "周岁": "岁",
    **{unit: unit for unit in "秒周年月次项条款份件家户元米吨克层辆套处亩级倍期轮场页字岁批类种分度号章节部"},
    "天": "日", "日": "日", "名": "人", "位": "人", "人": "人", "个": "个",
}  # fmt: skip
UNIT = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
NUMBER = re.compile(
    rf"(?P<percent>百分之(?P<share>[\d.{HAN}]+))|(?P<low>[{HAN}\d]+)分之(?P<high>[{HAN}\d]+)|"
    rf"(?P<value>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|[{HAN}]+|半(?=年|月|天|日|数|个|小时))"
    rf"\s*(?P<scale>[万亿]+)?(?P<sign>%)?\s*(?P<unit>{UNIT})?"
)
MOST_DIGITS = 40  # of a quantity
CLOCK = re.compile(
    r"(?<![\d.])(\d{1,2})\s*:\s*(\d{2})(?!\d)|(?<![\d.])(\d{1,2})[时点](?:(\d{1,2})分)?(?![间期效段])"
)
RANGE = re.compile(r"\s*(?:[-—–~～至到]|--)+\s*")
DATE = re.compile(
    r"(?P<y>(?:19|20)\d\d)\s*(?:年|[-./](?=\d))\s*(?:(?P<m>\d{1,2})\s*(?:月|[-./](?=\d))\s*(?:(?P<d>\d{1,2})日?)?)?"
    r"|(?P<m2>\d{1,2})月(?:(?P<d2>\d{1,2})日|(?=[底初末中上下前]|份))"
)
FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
FORMAL_NUMBER = re.compile(rf"[壹贰叁肆伍陆柒捌玖拾佰仟]+(?=[万亿%]|{UNIT})")
HAN_YEAR = re.compile(r"[12一二][〇○零一二三四五六七八九]{3}(?=年)")
HAN_MONTH = re.compile(rf"(?<=年)[{HAN}]{{1,3}}(?=月)|(?<=月)[{HAN}]{{1,3}}(?=日)")
LABEL = re.compile(
    rf"第\s*[（(]?({NUMERAL}{{1,6}})[）)]?\s*(条|款|项|章|节|编)|(附件|附表)\s*({NUMERAL}{{1,3}})"
)
ITEM_MARK = re.compile(rf"[（(]({NUMERAL}{{1,3}})[）)]")
TITLE = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》")
QUOTED = re.compile(r"“([^”]+)”|「([^」]+)」|『([^』]+)』|\"([^\"]+)\"")
BEFORE_DOC_NO = re.compile(
    r"^.*(?:根据|依据|按照|依照|参照|废止|执行|文号|文件|见|由|是|为|被|和|与|及|的|在)"
)
# Numerals inside words, which count nothing: 一 alone is left out where no unit follows it.
IDIOMS = re.compile(
    r"十分(?!钟|之)|万一|百姓|第一时间|一个(?![月半小工自])|进一步|一定|一般|一律|一并|一次性|一经|一致|一起|一方面|一系列|千方百计"
)
NEVER = r"(?!)"
BOUNDS = {
    "most": (r"(?:不超过|不得超过|不高于|不多于|不大于|至多|最多|最长|最高|最迟|no more than |at most |within )$", r"^(?:以下|以内|之内|内)"),
    "least": (r"(?:不少于|不得少于|不低于|不得低于|不小于|不短于|至少|最少|最低|at least |no less than |no fewer than )$", r"^(?:以上|及以上)"),
    "over": (r"(?<!不)(?<!不得)(?:超过|高于|大于|多于|超出|more than |over )$", NEVER),
    "under": (r"(?<!不)(?<!不得)(?:少于|低于|小于|不足|不满|未满|less than |fewer than |under )$", NEVER),
    "before": (r"提前$", r"^(?:以前|之前|前)"),
    "after": (NEVER, r"^(?:以后|之后|后)"),
}  # fmt: skip
ENGLISH_NUMBERS = {
    word: str(value)
    for value, words in enumerate(
        (
            "",
            "one once",
            "two twice",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        )
    )
    for word in words.split()
}
MONTHS = "january february march april may june july august september october november december".split()
ENGLISH_DATE = re.compile(
    rf"\b(?:(\d{{1,2}}) )?({'|'.join(MONTHS)})\b(?: (\d{{1,2}})(?:st|nd|rd|th)?\b)?(?:,? ((?:19|20)\d\d))?"
)


@dataclass(frozen=True)
class Number:
    """A quantity: 不超过3个工作日 is (3, 工作日, most); 3% is (3/100, %); 8:30 is (510, clock)."""

    value: Fraction
    unit: str = ""
    bound: str = ""
    to: Fraction | None = None  # the other end of a range: 3至4次 is (3, 次, to 4)


Day = tuple[int | None, int | None, int | None]  # year, month, day; None where not said


@dataclass(frozen=True)
class Located:
    """The numbers and dates of a text, each with its span in `text`: the plain text with all its facts blanked by |."""

    text: str
    numbers: tuple[tuple[Number, int, int], ...]
    dates: tuple[tuple[Day, int, int], ...]


@dataclass(frozen=True)
class Facts:
    """What a text states that can be compared word for word."""

    numbers: tuple[Number, ...] = ()
    dates: tuple[Day, ...] = ()
    doc_nos: tuple[str, ...] = ()
    labels: frozenset[tuple[str, int]] = field(default_factory=frozenset)  # ("条", 41)
    titles: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()


def facts_of(text: str) -> Facts:
    """Return the facts of a text; each character counts for one of them only."""
    titles = tuple(squashed(match[1]) for match in TITLE.finditer(text))
    quoted = tuple(squashed(next(filter(None, match.groups()))) for match in QUOTED.finditer(text))
    doc_nos = tuple(_doc_no(match) for match in DOC_NO.finditer(re.sub(r"\s+", "", text)))
    here = located(text)
    numbers, dates = tuple(n for n, *_ in here.numbers), tuple(d for d, *_ in here.dates)
    return Facts(numbers, dates, doc_nos, labels_of(_unnamed(text)), titles, quoted)


def same_number(claimed: Number, held: Number, *, row: bool = False) -> bool:
    """Say whether a text that holds one number bears out another; the row of a table may give the unit in its head."""
    return (
        (claimed.value, claimed.to) == (held.value, held.to)
        and (not claimed.unit or claimed.unit == held.unit or (row and not held.unit))
        and (not claimed.bound or claimed.bound == held.bound)
    )


def same_day(claimed: Day, held: Day) -> bool:
    """Say whether a date has every part that the claimed one names."""
    return all(c is None or c == h for c, h in zip(claimed, held, strict=True))


@lru_cache(4096)
def located(text: str) -> Located:
    """Return the numbers and dates of a text with their places, titles, document numbers and labels being none of them."""
    rest = LABEL.sub(_blank, _unnamed(text))
    rest = HAN_MONTH.sub(lambda m: str(parse_numeral(m[0])), rest)
    dates, rest = _dates(rest)
    numbers = placed_numbers(rest)
    for _, start, end in numbers:
        rest = rest[:start] + "|" * (end - start) + rest[end:]
    return Located(rest, tuple(numbers), tuple(dates))


def _unnamed(text: str) -> str:
    """Return the plain text without the titles and document numbers of other texts."""
    rest = re.sub(r"\s+(?=[〔\[［【（(])", "", TITLE.sub("|", text))
    return plain(DOC_NO.sub(lambda match: match[1] + "|", rest))


def _blank(match: re.Match[str]) -> str:
    return "|" * len(match[0])


def _doc_no(match: re.Match[str]) -> str:
    """Return 京平政发〔2023〕2号 without the words that lead to it: 根据京平政发…, 已由京平政发…."""
    prefix = BEFORE_DOC_NO.sub("", match[1])
    return f"{prefix if len(prefix) >= 2 else match[1]}〔{match[2]}〕{int(match[3])}号"


def plain(text: str) -> str:
    """Return `text` in half width, lower case, simplified characters, with English numbers and Chinese years in digits."""
    text = normalise(FORMAL_NUMBER.sub(lambda m: m[0].translate(FORMAL), text))
    text = re.sub(r"\b[a-z]+\b", lambda m: ENGLISH_NUMBERS.get(m[0], m[0]), text)
    return HAN_YEAR.sub(lambda m: str(parse_numeral(m[0]) or m[0]), text)


def squashed(text: str) -> str:
    """Return `text` for comparing word for word: normalised, without spaces and punctuation."""
    return re.sub(r"[\W_]+", "", normalise(text))


def labels_of(text: str) -> frozenset[tuple[str, int]]:
    """Return the labels that a text names: 第四十一条（三） is 条 41, 第三项 is 项 3."""
    found = set()
    for match in LABEL.finditer(text):
        value = parse_numeral(match[1] or match[4])
        if value is not None:
            found.add((match[2] or match[3], value))
    return frozenset(found)


def _dates(text: str) -> tuple[list[tuple[Day, int, int]], str]:
    """Return the dates of a plain text with their spans, and the text without them."""
    found: list[tuple[Day, int, int]] = []
    day: Day
    for match in ENGLISH_DATE.finditer(text):
        if match[1] or match[3] or match[4]:  # "may" alone is a verb
            day = (_int(match[4]), MONTHS.index(match[2]) + 1, _int(match[1] or match[3]))
            found.append((day, *match.span()))
    text = ENGLISH_DATE.sub(lambda m: _blank(m) if m[1] or m[3] or m[4] else m[0], text)
    for match in DATE.finditer(text):
        day = (_int(match["y"]), _int(match["m"] or match["m2"]), _int(match["d"] or match["d2"]))
        found.append((day, *match.span()))
    return found, DATE.sub(_blank, text)


def _int(text: str | None) -> int | None:
    return int(text) if text else None


def placed_numbers(text: str) -> list[tuple[Number, int, int]]:
    """Return the quantities of a plain text with their spans, in order, a range being one of them."""
    found: list[tuple[Number, int, int]] = []
    text = IDIOMS.sub(_blank, text)
    for match in CLOCK.finditer(text):
        minutes = int(match[1] or match[3]) * 60 + int(match[2] or match[4] or 0)
        found.append((Number(Fraction(minutes), "clock"), *match.span()))
    text = CLOCK.sub(_blank, text)
    matches = list(NUMBER.finditer(text))
    while matches:
        match = last = matches.pop(0)
        if matches and RANGE.fullmatch(text[match.end() : matches[0].start()]):
            last = matches.pop(0)
        value, to = _value(match), _value(last) if last is not match else None
        unit = _unit(match) or _unit(last)
        if value is not None and not (match["value"] == "一" and not unit and not match["scale"]):
            bound = _bound(text[: match.start()], text[last.end() :])
            found.append((Number(value, unit, bound, to), match.start(), last.end()))
    return sorted(found, key=lambda item: item[1])


def _unit(match: re.Match[str]) -> str:
    return "%" if match["percent"] or match["sign"] else UNITS.get(match["unit"] or "", "")


def _value(match: re.Match[str]) -> Fraction | None:
    if match["percent"]:
        share = _plain_value(match["share"])
        return None if share is None else share / 100
    if match["low"]:
        low, high = _plain_value(match["low"]), _plain_value(match["high"])
        return high / low if low and high is not None else None
    value = _plain_value(match["value"])
    if value is None:
        return None
    for char in match["scale"] or "":
        value *= 10_000 if char == "万" else 100_000_000
    return value / 100 if match["sign"] else value


def _plain_value(text: str) -> Fraction | None:
    if text == "半":
        return Fraction(1, 2)
    if len(text) > MOST_DIGITS:  # a row of digits, no quantity
        return None
    if re.fullmatch(r"[\d,]+(?:\.\d+)?", text):
        return Fraction(text.replace(",", ""))
    value = parse_numeral(text)
    return None if value is None else Fraction(value)


def _bound(before: str, after: str) -> str:
    for name, (left, right) in BOUNDS.items():
        if re.search(left, before[-14:]) or re.search(right, after[:4]):
            return name
    return ""
