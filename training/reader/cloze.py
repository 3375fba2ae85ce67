"""A sentence of a law in, a question that it answers out: what is asked for is cut out of it, and words are lost on the way."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

import rjieba

NUMBER = r"[一二两三四五六七八九十百千万亿\d.]+"
OFFICE = r"(?:部门|机关|委员会|人民政府|法院|检察院|机构|单位|办公室|主管人员|负责人|委员会|局|会议)"


@dataclass(frozen=True)
class Kind:
    """What may be asked for: how it stands in a sentence, and the words that ask for it."""

    name: str
    told: re.Pattern[str]
    inline: tuple[str, ...]  # in place of what is told
    behind: tuple[str, ...]  # after the rest of the words


KINDS = (
    Kind("days", re.compile(rf"(?<![第元]){NUMBER}个?(?:工作日|日|天|小时)"), ("多少日", "几天", "多少天", "多久"),
         ("是多少天", "要几天", "期限是多久", "多长时间", "时限", "最多几天", "多久")),
    Kind("months", re.compile(rf"(?<!第){NUMBER}(?:个月|年|周岁|周)(?!度|\d|{NUMBER}月)"), ("多少年", "几个月", "多久", "几年"),
         ("是多长时间", "要几年", "期限", "多久", "是几年")),
    Kind("times", re.compile(rf"(?:每[年月季周日半]{{1,2}}[^，。；]{{0,6}})?{NUMBER}次"), ("几次", "多少次", "多久一次"),
         ("多久一次", "几次", "频次", "每年几次", "一年几回")),
    Kind("money", re.compile(rf"{NUMBER}元(?:以上{NUMBER}元以下)?"), ("多少元", "多少钱"), ("是多少钱", "金额是多少", "多少元", "罚多少")),
    Kind("share", re.compile(rf"百分之{NUMBER}|\d[\d.]*[%％]|{NUMBER}倍|{NUMBER}分之{NUMBER}"), ("多少", "百分之多少", "几倍"),
         ("比例是多少", "占多少", "是几倍", "比例")),
    Kind("count", re.compile(rf"{NUMBER}(?:人|名|件|份|级|户|平方米|米|公里|种|个)(?![月工])"), ("多少", "几个", "几名"), ("是多少", "有几个", "多少人", "数量")),
    Kind("by whom", re.compile(r"(?<=由)[^，。；：由]{2,24}?(?=负责|组织|批准|决定|制定|审批|审核|责令|办理|核发|会同|规定|给予|处|依法|统一|另行)"),
         ("谁", "哪个部门", "哪个单位"), ("由谁负责", "谁来管", "哪个部门负责", "归谁", "负责部门")),
    Kind("who", re.compile(rf"^[^，。；：]{{2,20}}?{OFFICE}(?=应当|负责|可以|有权|必须|主管|依法|对|会同)"),
         ("谁", "哪个部门", "哪些单位"), ("由谁来做", "谁负责", "是哪个部门的事", "谁")),
    Kind("whether", re.compile(r"(?:不得|禁止|严禁|不予|可以|应当|必须|有权|不应)"), ("可以", "是否", "能不能", "要不要"), ("可以吗", "行不行", "允许吗", "是必须的吗")),
    Kind("which", re.compile(r"(?:下列|以下)[^，。；]{1,12}|包括[^。；]{6,}|(?:[^、，。；]{2,12}、){2,}[^、，。；]{2,14}"),
         ("哪些", "什么"), ("有哪些", "包括哪些内容", "是哪几项", "都有什么")),
    Kind("meaning", re.compile(r"，?(?:是指|系指|包括指)[^。]{8,}"), ("是什么意思", "指什么"), ("是什么意思", "的定义", "怎么理解", "指的是什么")),
    Kind("penalty", re.compile(r"(?:责令|处以|处|给予|没收|追究|吊销)[^。；]{3,}"), ("怎么处罚", "承担什么责任"), ("怎么处罚", "会怎么样", "有什么后果", "罚则")),
    Kind("why", re.compile(r"^为了?[^，。]{4,40}|以便[^，。；]{4,}|防止[^，。；]{4,}|保障[^，。；]{4,}"), ("为什么",), ("的目的是什么", "是为了什么", "为什么")),
)  # fmt: skip
CLAUSE = re.compile(r"[^，。；：]+[，。；：]?")
LOST = (0.0, 0.15, 0.35, 0.55)  # shares of words that a question loses
EXCHANGED = 0.2  # share of words put as near ones
FEWEST = 2  # content words of a question
MOST_WORDS = 16


class ClozeMaker:
    """Makes questions; `near` gives a word of nearly the same meaning, or "" where it knows none."""

    def __init__(self, chance: random.Random, near: Callable[[str], str]) -> None:
        self.chance, self.near = chance, near

    def kinds_told(self, text: str) -> list[Kind]:
        """Return what a text tells."""
        return [kind for kind in KINDS if kind.told.search(text)]

    def ask(self, sentence: str, kind: Kind) -> str:
        """Return a question of this kind about a sentence, "" where too little is left of it.

        Where the sentence tells it, what it tells is cut out; else the question is one that the sentence does not answer.
        """
        told = kind.told.search(sentence)
        before, after = (sentence[: told.start()], sentence[told.end() :]) if told else (sentence, "")
        near_before = CLAUSE.findall(before)[-self.chance.randint(1, 2) :]
        near_after = CLAUSE.findall(after)[: self.chance.randint(0, 1) or (not near_before)]
        first, last = self._words("".join(near_before)), self._words("".join(near_after))
        if len([word for word in first + last if len(word) > 1]) < FEWEST:
            return ""
        if told and self.chance.random() < 0.4:
            return "".join([*first, self.chance.choice(kind.inline), *last]) + self.chance.choice(
                ("？", "", "?")
            )
        gap = self.chance.choice(("", "", " "))
        return gap.join([*first, *last, self.chance.choice(kind.behind)]) + self.chance.choice(("？", ""))

    def _words(self, text: str) -> list[str]:
        """Return the words of a text, some lost, some exchanged for near ones."""
        words = [word for word in rjieba.cut(text) if re.match(r"\w", word)][-MOST_WORDS:]
        lost = self.chance.choice(LOST)
        kept = [word for word in words if self.chance.random() >= lost]
        return [(self.near(word) or word) if self.chance.random() < EXCHANGED else word for word in kept]

    def with_another(self, question: str, words: list[str], text: str) -> str:
        """Return the question with one of its content words exchanged for one that `text` does not hold, "" if none can be."""
        own = [word for word in rjieba.cut(question) if len(word) > 1 and word in text]
        for _ in range(5):
            new = self.chance.choice(words)
            if own and new not in text and len(new) > 1:
                return question.replace(self.chance.choice(own), new, 1)
        return ""
