"""Text in, what it states in figures out, each with its place: amounts, how often, weekdays, dates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.headers import DOC_NO
from ingest.numerals import parse_numeral
from qa.facts import DATE, ENGLISH_DATE, LABEL, MONTHS, TITLE, Number, placed_numbers, plain

HAN = r"[一二两三四五六七八九十]"
COUNT = rf"\d{{1,3}}|{HAN}{{1,3}}"
# A unit's kind and how many of the kind's smallest measure it is.
MEASURES: dict[str, tuple[str, float]] = {
    "小时": ("time", 1), "分钟": ("time", 1 / 60), "日": ("time", 24), "工作日": ("time", 24), "周": ("time", 168),
    "个月": ("span", 1), "季度": ("span", 3), "年": ("span", 12),
    "平方米": ("area", 1), "亩": ("area", 2000 / 3), "公顷": ("area", 10_000), "平方公里": ("area", 1e6),
    "厘米": ("length", 0.01), "毫米": ("length", 0.001), "米": ("length", 1), "公里": ("length", 1000),
    "克": ("weight", 0.001), "千克": ("weight", 1), "吨": ("weight", 1000),
}  # fmt: skip
ALIKE = 0.04  # of the larger: 30日 is a month, 0.27亩 is 180 square metres
PERIODS = {"天": 365, "日": 365, "周": 52, "星期": 52, "礼拜": 52, "月": 12, "季": 4, "季度": 4, "年": 1,
           "day": 365, "week": 52, "month": 12, "quarter": 4, "year": 1}  # fmt: skip
PERIOD = r"天|日|周|星期|礼拜|月|季度?|年"
ENGLISH_PERIOD = r"day|week|month|quarter|year"
MEETS = r"都|就|要|开|召开|举行|举办|组织|开展|检查|公布|报告|通报|抽查|巡查|清运|例行"
RATES = (
    re.compile(rf"每(?P<n>{COUNT}|半)?个?(?P<u>{PERIOD})(?:至少|不少于|一般|定期|原则上)?[^，。；,;每]{{0,8}}?(?P<k>{COUNT})[次回趟]"),
    re.compile(rf"(?<![\d第十每])(?P<n>一|半)个?(?P<u>{PERIOD})[^，。；,;每]{{0,4}}?(?P<k>{COUNT})[次回趟]"),
    re.compile(rf"每(?P<n>{COUNT}|半)?个?(?P<u>{PERIOD})(?P<k>)(?:{MEETS})"),
    re.compile(rf"\b(?P<k>\d+)(?: times?)? (?:a|per|every|each|in a) (?P<n>)(?P<u>{ENGLISH_PERIOD})\b"),
    re.compile(rf"\b(?P<k>)(?:every|each) (?P<n>\d+ )?(?P<u>{ENGLISH_PERIOD})s?\b"),
    re.compile(r"\b(?P<k>)(?P<n>)(?P<u>dai|week|month|quarter|year)ly\b"),
)  # fmt: skip
WEEKDAY = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])(?![次回趟]|起)")
ENGLISH_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ENGLISH_WEEKDAY = re.compile(rf"\b({'|'.join(ENGLISH_WEEKDAYS)})s?\b")
YEAR = re.compile(r"(?:19|20)\d\d年?")
PART_OF_MU = re.compile(rf"({COUNT})分(?:地|宅基地)")
MONEY = re.compile(r"块钱?(?=[^\u4e00-\u9fff]|[的吗呢])|块钱")


@dataclass(frozen=True)
class Amount:
    """Something told in figures. `kind` says what may be compared; `words` stand in the text at start..end."""

    kind: str  # "rate", "weekday", "date", or the measure of a quantity: "time", "area", "次"
    value: float | tuple[int | None, ...]
    words: str
    start: int
    end: int
    bound: str = ""

    def agrees(self, other: Amount) -> bool:
        """Say whether both are the same amount, in whatever units; a date without a year agrees with any year."""
        if isinstance(self.value, tuple) or isinstance(other.value, tuple):
            mine, theirs = self.value, other.value
            if not (isinstance(mine, tuple) and isinstance(theirs, tuple)):
                return False
            return all(a is None or b is None or a == b for a, b in zip(mine, theirs, strict=True))
        return abs(self.value - other.value) <= ALIKE * max(abs(self.value), abs(other.value))


def amounts_of(text: str, *, unit: str = "") -> list[Amount]:
    """Return the amounts of a readable text, each character in one of them at most.

    `unit` is that of bare numbers, for a table row whose head tells it: 指标：森林覆盖率（%）；目标：67.
    """
    found: list[Amount] = []
    for pattern in (TITLE, DOC_NO):
        text = _masked(pattern, text)
    for take in (_rates, _weekdays, _dates):
        new = list(take(text))
        found += new
        for amount in new:
            text = text[: amount.start] + "|" * (amount.end - amount.start) + text[amount.end :]
    text = _masked(YEAR, _masked(LABEL, text))  # a year alone scopes a question and states nothing
    for number, start, end in placed_numbers(text):
        words = text[start:end]
        if number.unit:
            found.append(_measured(number, words, start, end))
        elif unit and words.isascii():
            found.append(Amount(unit, float(number.value) / (100 if unit == "%" else 1), words, start, end))
    return found


def readable(text: str) -> str:
    """Return `text` as amounts are read from it: plain, 四分地 as 0.4亩, 块钱 as 元."""
    text = plain(text)
    text = PART_OF_MU.sub(lambda m: f"{(parse_numeral(m[1]) or 0) / 10}亩地", text)
    return MONEY.sub("元", text)


def _masked(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda m: "|" * len(m[0]), text)


def _rates(text: str) -> Iterable[Amount]:
    taken: set[int] = set()
    for pattern in RATES:
        for match in pattern.finditer(text):
            if taken & set(range(*match.span())) or _is_weekday(match, text):
                continue
            taken |= set(range(*match.span()))
            number = match["n"].strip() if match["n"] else ""
            spans = 0.5 if number == "半" else float(parse_numeral(number) or 1) if number else 1.0
            times = float(parse_numeral(match["k"]) or 1) if match["k"] else 1.0
            period = PERIODS["day" if match["u"] == "dai" else match["u"]]
            yield Amount("rate", times * period / spans, match[0], *match.span())


def _is_weekday(match: re.Match[str], text: str) -> bool:
    """每周一中午 names a day, not how often; 一周一次 does."""
    return bool(WEEKDAY.match(text, match.start("u")))


def _weekdays(text: str) -> Iterable[Amount]:
    for match in WEEKDAY.finditer(text):
        yield Amount("weekday", (min("一二三四五六日天".index(match[1]), 6),), match[0], *match.span())
    for match in ENGLISH_WEEKDAY.finditer(text):
        yield Amount("weekday", (ENGLISH_WEEKDAYS.index(match[1]),), match[0], *match.span())


def _dates(text: str) -> Iterable[Amount]:
    for match in DATE.finditer(text):
        parts = tuple(
            int(v) if v else None for v in (match["y"], match["m"] or match["m2"], match["d"] or match["d2"])
        )
        if parts[1] is not None:
            yield Amount("date", parts, match[0], *match.span())
    for match in ENGLISH_DATE.finditer(text):
        if match[1] or match[3] or match[4]:  # "may" alone is a verb
            parts = (
                int(match[4]) if match[4] else None,
                MONTHS.index(match[2]) + 1,
                int(match[1] or match[3] or 0) or None,
            )
            yield Amount("date", parts, match[0], *match.span())


def _measured(number: Number, words: str, start: int, end: int) -> Amount:
    kind, factor = MEASURES.get(number.unit, (number.unit, 1))
    return Amount(kind, float(number.value) * factor, words, start, end, number.bound)
