"""One sentence in, what it does to the instruments it names out: repeals, declares invalid, replaces, amends, rests on.

Each pattern reads the masked sentence (ingest.instruments): ① stands for 《…》（…号）. The deed must be said of the mention
outright: a gap or a head that is not known word by word is no deed, so 被废止的①, 不因①废止, ①废止前 give nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.instruments import SIGN, Masked, mask
from ingest.numerals import NUMERAL

ENDING = ("repeals", "invalidates", "replaces")  # kinds of relation that end their target
KIND_OF_VERB = {"废止": "repeals", "代替": "replaces", "替代": "replaces", "取代": "replaces"}
END_VERB = r"废止|失效|停止(?:执行|施行|实施|使用|适用)|终止(?:执行|施行)|作废|不再(?:执行|施行|适用|有效|实施)|代替|替代|取代"
QUICK = re.compile(END_VERB + "|修改|修订|修正|调整|制定本|延长|延续|继续(?:有效|执行)")
ENDED = re.compile(rf"(?P<verb>{END_VERB})(?=\s*(?:[，,。；;：:！、）)]|$))")
ENDS = re.compile(
    rf"(?P<verb>废止|停止(?:执行|施行)|代替|替代|取代|作废)(?:了)?(?=(?:[^，。；：{SIGN[1:-1]}]{{0,60}}的)?(?:原)?{SIGN})"
)
LIST_MARK = rf"\s*(?:第{NUMERAL}+条|[（(]?{NUMERAL}{{1,3}}[）)、.．]|\d{{1,3}}\s*[.．、])?\s*"
DAY = r"(?:自|从|于|至)[^，。；]{1,28}?(?:起|之日|日|后)"
ADVERB = (
    rf"(?:[，,、\s]|{DAY}|同时|即行|即时|即|自行|自然|自动|一并|一律|相应|随之|随即|均|都|也|亦|予以|全文|全部|整体|正式|现予|现|将|则|"
    rf"便|宣布|宣告|立即|届时|到期|原?文件|(?:由|被|为)本[\u4e00-\u9fff]{{1,8}}?所?(?=代替|替代|取代))"
)
COUNT = rf"(?:{NUMERAL}+|多|数)(?:[件部个份项条])"
AND_SO_ON = (
    rf"(?:等{COUNT}?[^，。；：{SIGN[1:-1]}不已的]{{0,16}}|{COUNT}[^，。；：{SIGN[1:-1]}不已的]{{0,12}})"
)
WITH_IT = rf"(?:[，,]?(?:及其?|和|以及)(?:其|相关|与之|有关|配套)[^，。；：{SIGN[1:-1]}不已]{{0,14}})"
NUMBERED = rf"第{NUMERAL}+[编章节条款项目](?:第?[（(]?{NUMERAL}+[）)]?[条款项目])*"
PART = (
    rf"(?P<part>(?:中|内)?的?原?(?:{NUMBERED}(?:[、，和及与至到]+{NUMBERED})*(?:的?(?:规定|内容|有关规定))?|"
    rf"附件{NUMERAL}*(?:[、和及]附?件?{NUMERAL}+)*|附表{NUMERAL}*|(?:有关|关于|涉及|所附|与|同)[^，。；：{SIGN[1:-1]}]{{1,50}}?(?:规定|条款|内容|部分|政策|要求|标准|目录|表)|"
    rf"(?:相关|部分|相应)(?:规定|条款|内容|条文)))"
)
GAP = re.compile(rf"{PART}?{AND_SO_ON}?{WITH_IT}?{ADVERB}*$")
JOIN = r"[、，,；;和及与暨]|以及|并"
BESIDE = re.compile(
    rf"(?:{WITH_IT}|{AND_SO_ON})?(?:(?:{JOIN})+{LIST_MARK}(?:[^。：{SIGN[1:-1]}]*(?:{SIGN}[^。：{SIGN[1:-1]}]*)*的|[^。；：，,的{SIGN[1:-1]}]{{0,24}}))?$"
)
PREDICATE = re.compile(r"(?:起|日)(?:施行|实施|执行|生效)[，,；;]|为准[，,；;]|(?:废止|失效|执行)[，,；;]")
GOVERNED = re.compile(
    r"(?:根据|依据|依照|按照|遵照|参照|贯彻|落实|结合)[^的，]*$|(?:公布|印发|转发|制定|实施|执行|适用|参见|见|违反|符合|履行|不因|因|如|若)$"
)
NOT_MEANT = re.compile(
    r"不因|如果|^如|^若|建议|提请|申请|拟(?:对|将|予)|议案|除非|视为|不得|是否|可否|可以|应当|应予|尚未|未经|草案"
)
AND_MORE = re.compile(
    rf"[、，,；;和及与\s]+{LIST_MARK}(?:[^，。；：{SIGN[1:-1]}]*的|[^，。；：的{SIGN[1:-1]}]{{0,24}})?$|^$"
)
PLAIN_HEAD = re.compile(
    rf"(?:^|[，,；;：:。])(?:{LIST_MARK})(?:[^，。；：{SIGN[1:-1]}]{{0,60}}(?:决定|同意|批准|研究|宣布))?(?:现|经研究|{DAY})?[，,]?(?:现|特|兹|同时|一并|即行|并|予以|决定|宣布|正式)*$"
)
REPLACING = re.compile(
    r"(?:^|[，,；;])(?:本[\u4e00-\u9fff]{1,6})?(?:同时|并|全部|全面|部分)?$|本[\u4e00-\u9fff]{1,6}(?:施行|实施)后[，,]?(?:同时)?$"
)
LISTED_BELOW = re.compile(
    r"(?:下列|以下|附件所列|附件中)[^。；：]{0,30}?(?:文件|规章|法规|通知|规定|办法|意见|解释|批复|条例|决定|制度)[^。；：]{0,40}?(?P<verb>废止|失效|停止执行|停止施行|作废)[^。；：，]{0,6}(?:，[自从][^。；：]{2,40})?[：:]"
    r"|(?P<verb2>废止|宣布失效|停止执行)(?:的?(?:下列|以下|如下))[^。；：]{0,40}[：:]|(?P<verb3>废止|失效|停止执行)的?[^。；：，]{0,16}(?:文件|规章|法规)[^。；：，]{0,6}(?:如下|包括|有)[：:]"
)
CHANGE = r"(?:修改|修订|调整|修正|补充|完善)"
AMENDED = re.compile(
    rf"(?:对|就)?(?:[^，。；：{SIGN[1:-1]}]*的)?(?P<last>{SIGN}){PART}?{AND_SO_ON}?(?:中的?)?(?:部分(?:条款|内容|规定))?(?:同时)?(?:作|做|作出|做出|进行|予以|作了|根据本决定作)(?:了|如下|以下|相应|部分|适当|的)*{CHANGE}(?:和{CHANGE})*(?=[，。；：、]|如下|$|后)"
)
CHANGED = re.compile(
    rf"(?:将|把)?(?P<last>{SIGN}){PART}(?:的|中)?(?:[“\"][^”\"]*[”\"])?(?:、[“\"][^”\"]*[”\"])*(?:统一|相应|均)?(?:修改为|调整为|修订为|改为|予以?删除|删除|删去)"
)
CHANGES = re.compile(rf"修改(?:了)?(?={SIGN})")
CHANGED_HERE = re.compile(
    rf"^{LIST_MARK}(?:将|把|删去|删除|增加[^，。；]{{0,12}}[，,]?作为)?[“\"]?(?P<label>{NUMBERED})(?P<rest>.*)"
)
CHANGE_WORD = re.compile(r"修改为|改为|删去|删除|调整为|增加|作为|合并")
BASIS = re.compile(r"(?:根据|依据|依照|按照|贯彻|落实|执行|实施)")
EXTENDED = re.compile(
    rf"(?P<last>{SIGN})(?:的)?(?:有效期|执行期限|试行期|施行期限|实施期限|执行时间)?限?(?:[^，。；]{{0,12}}届满后)?[，,]?(?:同意|决定|统一|均|将|再|予以)*(?:延长|延续|延期|继续(?:有效|执行|实施|施行))(?P<how>至|到|期限为|有效期)?(?P<when>[^，。；]{{2,16}})?"
)


@dataclass(frozen=True)
class Deed:
    """What a sentence does to one instrument."""

    kind: str  # as Relation.kind
    number: str | None
    title: str | None
    quote: str
    label: str = ""  # the part concerned: 第五条, 附件2, 有关总会计师的规定; "" for the whole
    since: str = ""  # the words of the day from which, "" where it is the document's own
    named_as: str = ""  # the words before the title: 1990年3月2日国务院发布的
    until: str = ""  # of "extends": 2025年12月31日, 2年


def deeds(text: str) -> list[Deed]:
    """Return what the sentences of a paragraph do, in order."""
    if not QUICK.search(text):
        return []
    masked = mask(text)
    if not masked.mentions:
        return []
    found = [
        deed
        for start, end in _spans(masked.text, r"[^。\n]+。?")
        for deed in _sentence(masked, start, end, text[masked.origin[start] : masked.origin[end]].strip())
    ]
    return list(dict.fromkeys(found))


def listed_kind(text: str) -> str | None:
    """Return what happens to the instruments that a list behind `text` names (下列文件同时废止：), None for nothing."""
    match = LISTED_BELOW.search(mask(text).text)
    if not match or re.search(
        r"不(?:予|得|再列入)?$|已$|情形", match[0][: match[0].find("：")].split("废止")[0][-4:]
    ):
        return None
    verb = match["verb"] or match["verb2"] or match["verb3"]
    return "repeals" if verb == "废止" else "invalidates"


def changed_label(text: str) -> str:
    """Return 第三条 for 将第三条修改为…, a unit of an amending decision; "" where it changes no numbered unit."""
    match = CHANGED_HERE.match(text)
    return match["label"] if match and CHANGE_WORD.search(text[: match.end("label") + 120]) else ""


def _spans(text: str, pattern: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(pattern, text):
        yield match.start(), match.end()


def _sentence(masked: Masked, start: int, end: int, quote: str) -> Iterator[Deed]:
    sentence = masked.text[start:end]
    for first, last in _spans(sentence, rf"(?:[^；;]|(?<={SIGN})[；;](?!.{{0,4}}(?:以|与|凡)))+[；;]?"):
        clause = sentence[first:last]
        if QUICK.search(clause):
            yield from _ended(masked, clause, quote)
            yield from _ends(masked, clause, quote)
            yield from _amended(masked, clause, quote)
            yield from _extended(masked, clause, quote)
    yield from _rests_on(masked, sentence, quote)
    yield from _listed_inline(masked, sentence, quote)


def _ended(masked: Masked, clause: str, quote: str) -> Iterator[Deed]:
    """①、②同时废止."""
    for match in ENDED.finditer(clause):
        before = clause[: match.start()]
        signs = [m.start() for m in re.finditer(SIGN, before)]
        if not signs:
            continue
        gap = GAP.match(before[signs[-1] + 1 :])
        if not gap or gap.end() != len(before) - signs[-1] - 1:
            continue
        verb = match["verb"]
        if verb in ("代替", "替代", "取代") and not re.search(r"[由被为]本", gap[0]):
            continue
        chain = _chain(before, signs)
        head = before[: chain[0]] if chain else ""
        if not chain or NOT_MEANT.search(_own_head(head)):
            continue
        kind = KIND_OF_VERB.get(verb, "invalidates")
        since = _day_words(gap[0]) or _leading_day(before)
        part = _label(gap["part"])
        yield from _of_chain(masked, before, chain, kind, quote, since=since, label=part)


def _of_chain(
    masked: Masked,
    before: str,
    chain: Sequence[int],
    kind: str,
    quote: str,
    *,
    since: str = "",
    label: str = "",
) -> Iterator[Deed]:
    for place, position in enumerate(chain):
        mention = masked.mention(before[position])
        if not mention.is_instrument:
            continue
        left = chain[place - 1] + 1 if place else 0
        yield Deed(
            kind,
            mention.number,
            mention.title,
            quote,
            label=label,
            since=since,
            named_as=_named_as(before[left:position]),
        )


def _named_as(words: str) -> str:
    """Return the words of 1990年3月2日国务院发布的① that tell which one it is."""
    cut = max(words.rfind("施行，"), words.rfind("实施，"), words.rfind("执行，"))
    own = re.sub(
        rf"^{LIST_MARK}(?:自|从)[^，。；]{{2,28}}?起[，,]", "", words[cut + 3 :] if cut >= 0 else words
    )
    return re.sub(SIGN, "", own)[-400:]


def _chain(before: str, signs: Sequence[int]) -> list[int]:
    """Return the places of all mentions that share the verb with the last one, the first of them first."""
    chain = [signs[-1]] if not _governed(before, signs, len(signs) - 1) else []
    if not chain:
        return []
    for index in range(len(signs) - 2, -1, -1):
        between = before[signs[index] + 1 : chain[0]]
        if not BESIDE.fullmatch(between) or PREDICATE.search(between) or _governed(before, signs, index):
            continue
        chain.insert(0, signs[index])
    return chain


def _governed(before: str, signs: Sequence[int], index: int) -> bool:
    """根据①、②: what a sentence rests on is not what it ends."""
    left = signs[index - 1] + 1 if index else 0
    words = before[left : signs[index]]
    if GOVERNED.search(words):
        return True
    return bool(index and re.fullmatch(r"[、和及与]|以及", words) and _governed(before, signs, index - 1))


def _own_head(head: str) -> str:
    """Return the words that a negation or condition of the deed would stand in: the last two parts of the head."""
    return "，".join(re.split(r"[，,]", head)[-2:])


def _day_words(gap: str) -> str:
    match = re.search(r"(?:自|从|于)([^，。；]{2,28}?)(?:起|(?<=日)(?=[废失停作])|(?<=日)后)", gap)
    return match[1] if match else ""


def _leading_day(before: str) -> str:
    """自本办法施行之日起，①废止."""
    match = re.match(rf"{LIST_MARK}(?:自|从)([^，。；]{{2,28}}?)起[，,]", before)
    return match[1] if match else ""


def _label(part: str | None) -> str:
    return re.sub(r"^[中内]?的?原?", "", part) if part else ""


def _ends(masked: Masked, clause: str, quote: str) -> Iterator[Deed]:
    """废止①、②; 代替①."""
    for match in ENDS.finditer(clause):
        before = clause[: match.start()]
        replacing = match["verb"] in ("代替", "替代", "取代")
        if NOT_MEANT.search(_own_head(before)) or not (REPLACING if replacing else PLAIN_HEAD).search(before):
            continue
        behind = clause[match.end() :]
        chain, end = _run(behind)
        part, closed = _part_behind(behind[end:])
        if chain and closed:
            kind = KIND_OF_VERB.get(match["verb"], "invalidates")
            since = _day_words(re.split(r"[；;。]", before)[-1] + " ") if not replacing else ""
            yield from _of_chain(masked, behind, chain, kind, quote, label=part, since=since)


def _run(behind: str) -> tuple[list[int], int]:
    """Return the places of the mentions that follow in a row, and where the row ends."""
    signs = [m.start() for m in re.finditer(SIGN, behind)]
    chain: list[int] = []
    for position in signs:
        if chain and not AND_MORE.fullmatch(behind[chain[-1] + 1 : position]):
            break
        chain.append(position)
    return chain, chain[-1] + 1 if chain else 0


def _part_behind(rest: str) -> tuple[str, bool]:
    """Return the part of ① that is meant, and whether the clause ends there."""
    match = re.match(rf"{PART}?{AND_SO_ON}?\s*(?:[，,。；;：:）)]|$)", rest)
    return (_label(match["part"]), True) if match else ("", False)


def _amended(masked: Masked, clause: str, quote: str) -> Iterator[Deed]:
    """对①作如下修改; 将①第三条修改为…; 修改①."""
    for pattern in (AMENDED, CHANGED):
        for match in pattern.finditer(clause):
            before = clause[: match.start("last") + 1]
            signs = [m.start() for m in re.finditer(SIGN, before)]
            if NOT_MEANT.search(_own_head(before[:-1])) or _governed(before, signs, len(signs) - 1):
                continue
            chain = _chain(before, signs) if pattern is AMENDED else signs[-1:]
            yield from _of_chain(masked, before, chain, "amends", quote, label=_label(match["part"]))
    for match in CHANGES.finditer(clause):
        before = clause[: match.start()]
        chain, end = _run(clause[match.end() :])
        part, closed = _part_behind(clause[match.end() + end :])
        if closed and chain and PLAIN_HEAD.search(before) and not NOT_MEANT.search(before):
            yield from _of_chain(masked, clause[match.end() :], chain, "amends", quote, label=part)


def _extended(masked: Masked, clause: str, quote: str) -> Iterator[Deed]:
    """①有效期延长至2025年12月31日."""
    for match in EXTENDED.finditer(clause):
        words = (match["when"] or "").strip()
        until = re.match(r"(?:至|到)?(.*?日)", words) or re.match(rf"({NUMERAL}{{1,3}}(?:年|个月))", words)
        if not until or NOT_MEANT.search(_own_head(clause[: match.start()])):
            continue
        before = clause[: match.start() + 1]
        chain = _chain(before, [m.start() for m in re.finditer(SIGN, before)])
        for deed in _of_chain(masked, before, chain, "extends", quote):
            yield Deed(deed.kind, deed.number, deed.title, quote, until=until[1], named_as=deed.named_as)


def _rests_on(masked: Masked, sentence: str, quote: str) -> Iterator[Deed]:
    """根据①和②，制定本办法."""
    made = re.search(r"制[定订]本", sentence)
    basis = BASIS.search(sentence[: made.start()]) if made else None
    if not made or not basis:
        return
    for match in re.finditer(SIGN, sentence[basis.end() : made.start()]):
        mention = masked.mention(match[0])
        if mention.is_instrument:
            yield Deed("implements", mention.number, mention.title, quote)


def _listed_inline(masked: Masked, sentence: str, quote: str) -> Iterator[Deed]:
    """下列文件同时废止：①；②。"""
    match = LISTED_BELOW.search(sentence)
    kind = listed_kind(sentence) if match else None
    if not match or not kind:
        return
    behind = sentence[match.end() :]
    chain, end = _run(behind)
    if chain and _part_behind(behind[end:])[1] and len(behind[: chain[0]]) <= 80:
        yield from _of_chain(masked, behind, chain, kind, quote)
