"""When a document begins and ceases to hold by its own words: 自…起施行, 有效期5年, 试行期一年, 施行日期另行规定."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ingest.document import Document, Provision
from ingest.headers import parse_date
from ingest.numerals import NUMERAL, parse_numeral

KIND_OF_SELF = (
    "实施办法|办法|规则|规定|实施细则|细则|实施意见|意见|通告|决定|方案|条例|通知|公告|法|标准|规划|纲要|计划|预案|章程|规范|规程|"
    "准则|守则|制度|指引|指南|目录|清单|措施|政策|解释|安排|修正案|批复|补充规定|暂行规定|暂行办法|决议|命令|令|函|导则|文件|若干措施|要点"
)
SELF = rf"(?:本《?(?:补充|实施|暂行|试行)?(?:{KIND_OF_SELF})》?|以上(?:规定|各条|各项)|上述规定|该办法)"
VERB = r"(?:正式|公布|发布|组织)?(?:施行|实施|执行|生效|实行|试行)"
FROM = re.compile(
    rf"(?:自|从|(?<![关对由基])于)((?:(?!自|从|[，。；：、]).){{2,40}}?)(?:零时|0时|时)?(?:起|以?后|开始)?{VERB}(?!的|后|前|之|期|情况|过程)"
)
SELF_NAMED = re.compile(SELF)
ISSUED = re.compile(
    r"(?:印发|公布|发布|颁布|通过|批准|签发|下发|签署|制定|刊登|登报|公告|颁发|发文)(?:施行)?(?:之日|当日|当天|日)|^(?:发布|公布|印发)日|即日"
)
DAYS_AFTER = re.compile(
    rf"(?:之日|日)?起?(?:满|的?第)?({NUMERAL}{{1,4}})(?:个)?(?:日|天)(?:之?后|起|期满|以后)?|满({NUMERAL}{{1,4}})[日天]"
)
MONTHS_AFTER = re.compile(rf"之日起?满?({NUMERAL}{{1,3}})个月后?")
LATER = re.compile(
    rf"{SELF}?(?:的)?(?:具体)?(?:施行|实施|执行|生效)(?:日期|时间|之日)[^。；]{{0,30}}(?:另行|由[^。；]{{1,30}}(?:规定|确定|公布|决定))"
)
LEFT_OPEN = re.compile(r"》|施行|实施|生效|批准")  # 自《…法》施行之日起施行
OTHERS = re.compile(r"(?:其余|其他|其它)(?:各)?(?:条款|条|规定|部分|内容|款项)?[^。]{0,6}$")
OWN_SUBJECT = re.compile(rf"(?:^|{SELF}|[）)]|公布|发布|通过|批准|修订)\s*(?:现|并|正式|应当|应|统一|一律)?$")
PART = re.compile(rf"第{NUMERAL}+[章节条款项][^，。；]{{0,30}}$|附件[^，。；]{{0,12}}$")
YEAR_MONTH = re.compile(r"((?:19|20)\d\d)年(?:度)?(?:(\d{1,2})月)?(?:份)?$")
SPAN = re.compile(
    r"(?:自|从)([^，。；自从]{4,24}?)(?:起|开始)?[，,]?(?:至|到)([^，。；]{4,24}?日)(?:止|结束|为止)?"
)
TERM_NAME = r"(?:有效期限?|试行期限?|执行期限?|实施期限?|施行期限?|有效时间|执行时间|政策期限)"
TERM = re.compile(
    rf"{TERM_NAME}(?:[为是定:：]|暂定为?|规定为|共)*({NUMERAL}{{1,3}})(年半|年|个月)|(?:试行|暂行|施行|执行|有效|实施)({NUMERAL}{{1,3}})(年|个月)(?=[，。；、）)]|$)"
)
UNTIL = re.compile(
    rf"(?:{TERM_NAME}(?:[为是定:：]|截止|截至|暂定)*(?:到|至)?|(?:执行|试行|施行|有效|实施|截止|截至)(?:到|至)|^至)((?:19|20)[^，。；至]{{4,14}}?日|(?:19|20)\d\d年年?[底末]|[一二][〇○零一二三四五六七八九]{{3}}年[^，。；]{{3,8}}?日)(?:止|为止|终止|截止|届?满)?"
)
TRIED = re.compile(rf"{SELF}[^，。；]{{0,4}}(?:自|从)[^，。；]{{2,24}}起$")  # 本办法自印发之日起试行两年
OWN_LEAD = re.compile(
    rf"^(?:第?{NUMERAL}{{1,5}}[条、.．]?\s*|[（(]{NUMERAL}{{1,3}}[）)]|\d+[.．])?(?:{SELF})?(?:（试行）)?(?:的)?(?:自{NUMERAL}*)?(?:由[^，。；]{{1,40}}(?:解释|组织实施))?(?:并)?$"
)


@dataclass(frozen=True)
class Effect:
    """What a document says of its own time. Offsets are into the document's text."""

    start: date | None  # None: its words leave the day open
    expires: date | None = None  # the first day on which it no longer holds
    start_span: tuple[int, int] | None = None  # the sentence that says so
    term_span: tuple[int, int] | None = None
    part_spans: tuple[tuple[int, int], ...] = ()  # parts that begin on a day of their own


def find_effect(document: Document) -> Effect:
    """Return when `document` begins and ceases to hold; it begins on the day of issue where it says nothing else."""
    starts: list[tuple[date | None, tuple[int, int]]] = []
    parts: list[tuple[int, int]] = []
    terms: list[tuple[re.Match[str], tuple[int, int], str]] = []
    for text, first, last in _sentences(document.text):
        span = (first, last)
        if "另行" in text or "日期" in text or "时间" in text:
            if LATER.search(text) and SELF_NAMED.search(text):
                starts.append((None, span))
        for match in FROM.finditer(text):
            if not _of_itself(text, match):
                continue
            day = day_named(match[1], issued=document.issued_on, effective=None)
            if _is_part(text[: match.start()]):
                parts.append(span)
            elif day or (LEFT_OPEN.search(match[1]) and not SELF_NAMED.search(match[1])):
                starts.append((day, span))
        terms += [(match, span, text) for match in _terms(text)]
    start, start_span = _main(starts, document.issued_on)
    expires, term_span = _expiry(terms, start)
    return Effect(start, expires, start_span, term_span, tuple(dict.fromkeys(parts)))


def _main(
    starts: list[tuple[date | None, tuple[int, int]]], issued: date | None
) -> tuple[date | None, tuple[int, int] | None]:
    """The last clause on the whole document is its own: closing articles stand at the end."""
    if not starts:
        return issued, None
    dated = [item for item in starts if item[0]]
    return (
        dated[-1]
        if dated
        else (starts[-1] if starts[-1][0] is None and _open(starts) else (issued, starts[-1][1]))
    )


def _open(starts: list[tuple[date | None, tuple[int, int]]]) -> bool:
    return all(day is None for day, _ in starts)


def _sentences(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the sentences that may speak of time, with their offsets."""
    for match in re.finditer(r"[^。\n]+。?", text):
        if re.search(r"施行|实施|执行|生效|实行|试行|有效|期限", match[0]):
            yield match[0], match.start(), match.end()


def _of_itself(text: str, match: re.Match[str]) -> bool:
    """本办法自…起实施; 现予公布，自…起施行; （…公布 自…起施行）; a sentence that is nothing but 自…起施行."""
    before = text[: match.start()]
    if re.search(r"施行|实施|执行|生效", match[0]) and SELF_NAMED.search(before):
        return not re.search(
            r"违反|按照|依照|根据", before[before.rfind("本") - 6 if "本" in before else 0 :]
        )
    head = re.split(r"[，,；;]", before)[-1]
    if (
        re.search(
            r"(?:现|已)[^。；]*(?:公布|印发|发布|下发|通过)[^。；，]*[，,]\s*(?:请[^。；]*[，,])?$", before
        )
        and not head.strip()
    ):
        return True
    if re.match(r"^[（(].*(?:公布|发布|通过|批准)", before.strip()):
        return True
    return not re.sub(r"^\s*(?:第[^条]{1,6}条|[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．])?\s*", "", before)


def _is_part(before: str) -> bool:
    """第十条自…起施行, 新设定的制度自…起施行: not the whole begins on that day."""
    mark = rf"^\s*(?:第{NUMERAL}+条(?:\s+|(?=本))|[（(]?{NUMERAL}{{1,4}}[）)、.．]+\s*)"
    clause = re.split(r"[，,；;]", re.sub(mark, "", before))[-1].strip()
    if OTHERS.search(clause) or OWN_SUBJECT.search(clause):
        return False
    return bool(PART.search(clause)) or not SELF_NAMED.search(clause)


def day_named(words: str, *, issued: date | None, effective: date | None) -> date | None:
    """Return the day that 2021年1月1日, 公布之日, 印发之日起30日后, 本办法施行之日 names; None where it is not known."""
    words = re.sub(r"\s+", "", unicodedata.normalize("NFKC", words))
    if re.search(r"《|法施行|条例施行", words) and not SELF_NAMED.search(words):
        return None
    if day := parse_date(re.sub(r"(?<=\d月)(\d?)[lI](?=日)", r"\g<1>1", words)):
        return day
    if re.search(r"(?:施行|实施|执行|生效)(?:之日|日|起|$)", words) and SELF_NAMED.search(words):
        return effective
    if issued and ISSUED.search(words):
        return _later(words, issued)
    if match := YEAR_MONTH.search(words):
        return date(int(match[1]), int(match[2] or 1), 1) if 1 <= int(match[2] or 1) <= 12 else None
    return None


def _later(words: str, issued: date) -> date:
    tail = words[ISSUED.search(words).start() :]  # type: ignore[union-attr]
    if (match := MONTHS_AFTER.search(tail)) and (months := parse_numeral(match[1])):
        return add_months(issued, months)
    tail = re.sub(r"^.*?(?:之日|当日|当天|日)", "", tail)
    match = DAYS_AFTER.search(tail)
    days = parse_numeral(match[1] or match[2]) if match else None
    return issued + timedelta(days=days) if days else issued


def _terms(text: str) -> Iterator[re.Match[str]]:
    """Yield the terms in a sentence that are the document's own: 许可证有效期为3年 is not."""
    for pattern in (UNTIL, TERM, SPAN):
        for match in pattern.finditer(text):
            before = text[: match.start()]
            clause = re.split(r"[，,；;。]", before)[-1]
            own = OWN_LEAD.match(clause.strip())
            began = FROM.search(before) and SELF_NAMED.search(before)
            names_self = SELF_NAMED.search(clause)
            if pattern is TERM and TRIED.search(clause):
                yield match
                continue
            if pattern is SPAN:
                tail = re.match(
                    rf"[^。；，]{{0,4}}?{VERB}|[^。；，]{{0,6}}有效|[。；]|$", text[match.end() :]
                )
                if not (tail and names_self and own) and not (
                    re.search(rf"{TERM_NAME}[为是]?$", clause)
                    and OWN_LEAD.match(re.sub(rf"{TERM_NAME}[为是]?$", "", clause).strip())
                    and SELF_NAMED.search(before)
                ):
                    continue
                yield match
            elif (own and (names_self or began)) or (began and FROM.search(clause) and names_self):
                yield match


def _expiry(
    terms: list[tuple[re.Match[str], tuple[int, int], str]], start: date | None
) -> tuple[date | None, tuple[int, int] | None]:
    for match, span, _ in reversed(terms):
        if match.re is TERM:
            amount = parse_numeral(match[1] or match[3])
            unit = match[2] or match[4]
            if start and amount:
                months = amount if unit == "个月" else amount * 12 + (6 if unit == "年半" else 0)
                return add_months(start, months), span
        else:
            last = _last_day(match[2] if match.re is SPAN else match[1])
            if last:
                return day_after(last), span
    return None, None


def _last_day(words: str) -> date | None:
    year_end = re.match(r"((?:19|20)\d\d)年年?[底末]", words)
    return date(int(year_end[1]), 12, 31) if year_end else parse_date(words)


def day_after(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else date.max


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later, the last of the month where it has no such day; date.max beyond year 9999."""
    years, month = divmod(day.month - 1 + months, 12)
    if day.year + years > date.max.year:
        return date.max
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + years, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError(f"add_months: no day in {day.year + years}-{month + 1}")


def smallest_at(document: Document, span: tuple[int, int] | None) -> Provision | None:
    """Return the smallest provision that holds the span, None for none."""
    if span is None:
        return None
    holding = [p for p in document.provisions if p.start <= span[0] and span[1] <= p.end]
    return min(holding, key=lambda provision: provision.end - provision.start, default=None)
