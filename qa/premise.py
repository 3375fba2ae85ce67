"""What a question takes for granted and the evidence does not bear out: a place, a title, a code, a number, an attribute."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import rjieba

from index.backend import Words
from ingest.numerals import parse_numeral
from qa.catalog import Catalog
from qa.evidence import Evidence
from qa.query import Query
from qa.words import WordMatcher, words_of

CODE = re.compile(r"(?<![a-z0-9])(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{5,}(?![a-z0-9])")
TITLE_ASKED = re.compile(r"《([^》]{3,60})》(?:第|中|里|内|规定|要求|怎么|如何|是|的)")
CAUSE = re.compile(r"为了?|由于|因|鉴于|旨在|以便|促进|保障|防止|避免|需要|目的|考虑|较|根据")
WHY = re.compile(r"为什么|为何|为啥|因为啥|因为什么|干嘛|原因|理由|why|reason")
WHERE = re.compile(r"地址|(?:办理|受理|办公|报名|领取)地点|在哪[里儿]?|哪[里儿]有|什么地方|何处|\bwhere\b")
PLACE_TOLD = re.compile(r"位于|地址|设在|[街路巷]|[镇乡村](?![级民])|号楼|路口|大厅|窗口|以[东西南北]")
# 试用期是多长, 票价多少: the noun right before the question word is the attribute asked for.
ATTRIBUTE = re.compile(
    r"([\u4e00-\u9fff]{2,6})(?:一般|大概|到底|总共|一共)?(?:是|为)?(?:多少(?![\u4e00-\u9fff])|多少[元钱岁]|多长|多久(?![\u4e00-\u9fff])|百分之几|哪一?天)"
)
GOVERNMENT = re.compile(r"(?<=[区县市])(?:人民)?政府$")
HOW_OFTEN = re.compile(r"(?<=多久)([^，。？?]{0,8})[一1][次回]")  # 多久召开一次 takes no number for granted
NO_PLACES = ("东西", "北京", "北京市", "中国", "我国")
NEAR_WORD = 0.35  # soft coverage from which an attribute counts as named
HAN_VALUE = r"[零一二两三四五六七八九十百千万]+"
QUANTITY = re.compile(
    rf"(\d+(?:\.\d+)?|{HAN_VALUE})(个方面|个月|个|项|条|年|月|日|天|次|人|字|级|层|米|亩|元|万元|%|小时|周|家|件|类|种)"
)


class PremiseChecker:
    """Says what keeps the best evidence from answering, in words for the reader; None when nothing does."""

    def __init__(self, catalog: Catalog, lexical: Words, matcher: WordMatcher) -> None:
        self.catalog, self.lexical, self.matcher = catalog, lexical, matcher

    def lacking(self, query: Query, found: Sequence[Evidence]) -> str | None:
        """Return what the question names or asks for that the evidence surely does not speak of."""
        best = found[0]
        document = self.catalog.by_id[best.sentence.document_id]
        told = _told(best) + f"\n{document.issuer or ''}\n{document.title}"
        if name := self.unknown_title(query) or self._unknown_place(query, told):
            return name
        if missing := [code for code in CODE.findall(query.text) if code not in told]:
            return missing[0].upper()
        near = [e.sentence.text for e in found[:3]]
        if WHY.search(query.text) and not any(CAUSE.search(text) for text in near):
            return "原因"
        if WHERE.search(query.text) and not PLACE_TOLD.search(best.sentence.text):
            return "地址"
        return None

    def missing_attribute(self, query: Query, best: Evidence) -> str | None:
        """Return the noun asked for (试用期是多长) when the evidence names nothing like it: a sign, not a proof."""
        match = ATTRIBUTE.search(query.text) if not query.is_english else None
        nouns = (
            [word for word, tag in rjieba.tag(match[1]) if tag in ("n", "vn", "l") and len(word) > 1]
            if match
            else []
        )
        if not nouns or nouns[-1] not in query.topic:
            return None
        told = _told(best)
        return None if nouns[-1] in told or self._is_near(nouns[-1], told) else nouns[-1]

    def unknown_title(self, query: Query) -> str | None:
        """Return 《…》的正文 when the question asks for the text of a title that the corpus does not hold."""
        if query.titles or query.intent == "validity":
            return None
        match = TITLE_ASKED.search(query.text)
        return f"《{match[1]}》的正文" if match else None

    def _unknown_place(self, query: Query, told: str) -> str | None:
        places = [
            word
            for word in place_words(query.text)
            if not any(word in place or place in word for place in self.catalog.places)
        ]
        return next((place for place in places if re.sub(r"[区县市镇乡]$", "", place) not in told), None)

    def _is_near(self, word: str, told: str) -> bool:
        return (
            float(self.matcher.coverage([word], np.ones(1, dtype=np.float32), [words_of(told)]).max())
            >= NEAR_WORD
        )

    def conflict(self, query: Query, best: Evidence) -> str | None:
        """Return the quantity that the question presupposes and the best sentence tells otherwise: 25项 against 19项."""
        asked, text = HOW_OFTEN.sub(r"\1", query.text), best.sentence.text
        told = {(_value(m[1]), m[2]): m for m in QUANTITY.finditer(text)}
        for match in QUANTITY.finditer(asked):
            value, unit = _value(match[1]), match[2]
            if value is None or (value, unit) in told or match[0] in best.sentence.provision.text:
                continue
            for (other, same_unit), where in told.items():
                if same_unit == unit and other is not None and _same_neighbour(asked, match, text, where):
                    return match[0]
        return None


def _told(best: Evidence) -> str:
    return f"{best.hit.chunk.context}\n{best.sentence.provision.text}\n{best.hit.chunk.text}".lower()


@lru_cache(maxsize=2000)
def place_words(text: str) -> tuple[str, ...]:
    """Return the words of a text that name places and stand in the tagger's dictionary."""
    # 海淀区政府 is one word to the tagger, and an organ.
    tagged = [(GOVERNMENT.sub("", word), tag) for word, tag in rjieba.tag(text)]
    return tuple(
        word for word, tag in tagged
        if (tag == "ns" or (tag == "nt" and word[-1] in "区县市"))
        and len(word) >= 2 and word not in NO_PLACES and rjieba.has_word(word)
    )  # fmt: skip


def _value(text: str) -> float | None:
    return float(text) if text[0].isdigit() else parse_numeral(text)


def _same_neighbour(question: str, asked: re.Match[str], text: str, told: re.Match[str]) -> bool:
    """Say whether the words before or behind both quantities agree: 试用期, 行政执法职权."""
    behind = question[asked.end() : asked.end() + 2], text[told.end() : told.end() + 2]
    before = (
        question[max(0, asked.start() - 2) : asked.start()],
        text[max(0, told.start() - 2) : told.start()],
    )
    crossed = behind[0] and behind[0] in text[max(0, told.start() - 4) : told.start()]
    han = [re.fullmatch(r"[\u4e00-\u9fff]{2}", pair[0]) and pair[0] == pair[1] for pair in (behind, before)]
    return bool(
        any(han) or (crossed and re.fullmatch(r"[\u4e00-\u9fff]{2}", behind[0])) or asked[2] == "个方面"
    )
