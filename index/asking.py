"""What is asked for, in the words of a question, and what tells its answer, in the words of a passage."""

from __future__ import annotations

import re
from functools import lru_cache

ASKED = {
    "amount": r"多少|几[^乎]|百分|比例|how (?:many|much)|percent|what (?:amount|number)",
    "time": r"何时|时候|时间|多久|几[天日月年点号]|哪[一]?[年天月日]|期限|when|how (?:long|soon|often)|deadline|date",
    "who": r"谁|哪[个位些]?(?:人|部门|单位|机关|机构|局|委)|何人|由.{0,6}负责|who|which (?:department|office|agency|body)",
    "where": r"哪里|哪儿|何处|什么地方|地点|哪个(?:国家|城市|地|省|市|区)|where",
    "why": r"为什么|为何|原因|目的|why|reason|purpose",
    "how": r"怎么|怎样|如何|程序|流程|步骤|how (?:do|to|can|should|is)|procedure|steps",
    "whether": r"吗|是否|能不能|可不可以|能否|可以.{0,12}[么吗]|要不要|有没有|^(?:can|may|is|are|does|do|must|should)\b",
    "which": r"哪些|哪几|什么|包括|有哪|what|which",
    "meaning": r"是什么意思|是指|含义|定义|什么是|何为|what (?:is|are|does)|meaning|definition",
    "penalty": r"处罚|罚|责任|后果|怎么办|违反|penalt|fine|punish",
}
TOLD = {
    "amount": r"\d|[一二三四五六七八九十百千万亿两]+[个名人次元倍%％件项平米亩]|百分之",
    "money": r"元|[%％]",
    "time": r"\d{4}年|\d+月|[一二三四五六七八九十\d]+个?(?:工作日|小时|日|天|周|月|年)[内前后以]|每[日周月季年]|之日起",
    "who": r"[局委办部院会长组府]负责|由.{2,20}(?:负责|牵头|批准|签发|决定)|同志|责任单位|主管部门",
    "where": r"位于|地址|地点|[省市区县镇乡街路]",
    "why": r"为了|以便|由于|因为|因此|根据|旨在",
    "how": r"应当|申请|审核|报.{1,12}批准|程序|步骤|首先|[（(][一二三四][)）]",
    "whether": r"不得|禁止|严禁|可以|必须|不予|允许|有权",
    "which": r"包括|以下|下列|如下|、.{1,20}、",
    "meaning": r"是指|指的是|所称|是一[种个]|即|称为",
    "penalty": r"罚款|处罚|责令|处分|承担|赔偿|追究|有期徒刑",
}
_ASKED = [re.compile(pattern) for pattern in ASKED.values()]
_TOLD = [re.compile(pattern) for pattern in TOLD.values()]


def asked_for(question: str) -> list[float]:
    """Return for each kind of `ASKED` 1 or 0."""
    return [float(bool(pattern.search(question))) for pattern in _ASKED]


def asking_places(question: str) -> list[int]:
    """Return where the words that ask begin."""
    return [match.start() for pattern in _ASKED for match in pattern.finditer(question)]


@lru_cache(maxsize=20_000)
def told_in(text: str) -> tuple[float, ...]:
    """Return for each kind of `TOLD` 1 or 0."""
    return tuple(float(bool(pattern.search(text))) for pattern in _TOLD)
