"""What a question names or asks for and the evidence does not speak of, in words for the reader: a title, a place, a telephone number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import rjieba

from index.backend import Words
from ingest.document import Document
from qa.attributes import untold
from qa.catalog import Catalog
from qa.contradiction import Contradiction, amount_besides, told_otherwise
from qa.evidence import Evidence, best_fitting
from qa.presumed import Presumptions, organ_besides, permission_besides
from qa.query import Query
from qa.sentences import Sentence, sentences_of
from qa.words import WordMatcher, words_of

CODE = re.compile(r"(?<![a-z0-9])(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{5,}(?![a-z0-9])")
COMMON_IN_TITLES = frozenset("管理 工作 暂行 试行 实施 政府 人民政府 区政府 有关 关于".split())
TITLE_ASKED = re.compile(r"《([^》]{3,60})》(?:第|中|里|内|规定|要求|怎么|如何|是|的)")
REASON = "原因"
# 试用期是多长, 票价多少: the noun right before the question word is the attribute asked for.
ATTRIBUTE = re.compile(
    r"([\u4e00-\u9fff]{2,6})(?:一般|大概|到底|总共|一共)?(?:是|为)?(?:(?:不得|不能)?(?:低于|少于|超过|高于)|至少|最多)?(?:多少(?![\u4e00-\u9fff])|多少[元钱岁]|多长|多久(?![\u4e00-\u9fff])|百分之几|哪一?天)"
)
# 由谁任命, 谁来审批: what somebody is asked for to do.
DEED = re.compile(
    r"(?:由谁|谁来|由哪个(?:部门|单位|机构|领导|人))(?:来|去|负责|统一|具体)*([\u4e00-\u9fff]{2})"
)
SEES_TO_IT = ("负责", "牵头", "主管", "承担", "办理", "管理", "处理", "落实")  # 主责单位：… answers these too
GOVERNMENT = re.compile(r"(?<=[区县市])(?:人民)?政府$")
ENGLISH_PLACE = re.compile(
    r"\b([A-Z][a-z]{3,})(?:'s)? (?:[Dd]istrict|[Cc]ounty|[Cc]ity|[Pp]rovince|[Tt]own)\b"
)
# 2022年行动计划: a document of that year, not what one of another year says of it.
YEARLY = re.compile(
    r"((?:19|20)\d\d)年?度?(?![底初末前])[^，。？?]{0,14}?(?:计划|方案|办法|规定|规则|细则|要点|清单|实事|目录|名单|标准)"
)
AREA = re.compile(r"(?:.[区县市省州镇乡]|^[A-Za-z]+)$")
NO_PLACES = ("东西", "北京", "北京市", "中国", "我国")
NEAR_WORD = 0.35  # soft coverage from which an attribute counts as named
NEAR_REASON = 3  # best sentences among which the reason may stand
FEW_DOCUMENTS = 3
SHORT = 400  # characters of a provision that is read whole
MEETING = re.compile(r"[\u4e00-\u9fff]{2,}会|[\u4e00-\u9fff]{2,}会议|例会|年会|全会|大会")
NO_MEETING = re.compile(
    r"[员事协学商工基社机]会$|[村居管常]委?会$|金会$"
)  # bodies, and words that only end so
HOLD = re.compile(r"(?:开|召开|举行|举办|组织|参加)(?:一?[个次场])?$")
THERE_ARE = re.compile(r"实行|分为|包括|主要有|设立")
LISTED = r"(?:[^、，。：\n]{2,12}、)+[^、，。：\n]{2,12}"


class PremiseChecker:
    """Says what keeps the best evidence from answering, in words for the reader; None when nothing does."""

    def __init__(self, catalog: Catalog, lexical: Words, matcher: WordMatcher) -> None:
        self.catalog, self.lexical, self.matcher = catalog, lexical, matcher
        self._presumptions = Presumptions(catalog, matcher)

    def contradicted(self, query: Query, found: Sequence[Evidence]) -> Contradiction | None:
        """Return what the question takes for granted and the evidence tells otherwise: a figure, an organ, a permission."""
        return told_otherwise(query, found, self.catalog.by_id) or self._presumptions.contradicted(
            query, found
        )

    def lacking(self, query: Query, found: Sequence[Evidence]) -> dict[str, str]:
        """Return what the question names or asks for and the evidence does not speak of, by the kind of check.

        Each is a sign, none a proof: qa.support weighs them; see `is_elsewhere` for the two that are more.
        """
        best = found[0]
        document = self.catalog.by_id[best.sentence.document_id]
        told = _told(best) + f"\n{document.issuer or ''}\n{document.title}"
        codes = [code.upper() for code in CODE.findall(query.text) if code not in told]
        checks = {
            "title": self.unknown_title(query),
            "place": self._unknown_place(query, told),
            "code": codes[0] if codes else None,
            "year": (year := _other_year(query, document.title, str(document.issued_on))) and f"{year}年",
            "years": _untold_year(query, f"{document.issued_on} {told}"),
            "kind": self._untold(query, found),
            "noun": self.missing_attribute(query, best),
            "sibling": self._sibling(query, best_fitting(query, found)),
            "deed": self._undone(query, found),
        }
        return {name: missing for name, missing in checks.items() if missing}

    def besides(self, query: Query, best: Evidence) -> dict[str, str]:
        """Return what the question takes for granted and the best sentence may tell otherwise, by the kind of check."""
        checks = {
            "amount": amount_besides(query, best),
            "organ": organ_besides(query, best),
            "permission": query.text if permission_besides(query, best) else None,
        }
        return {name: words for name, words in checks.items() if words}

    def _undone(self, query: Query, found: Sequence[Evidence]) -> str | None:
        """Return 任命 of 由谁任命 when the best evidence has nobody do such a thing."""
        match = DEED.search(query.text)
        told = "\n".join(_told(e) for e in found[:NEAR_REASON])
        if not match or match[1] in SEES_TO_IT or not rjieba.has_word(match[1]):
            return None
        return None if match[1] in told or self._is_near(match[1], told) else match[1]

    def _untold(self, query: Query, found: Sequence[Evidence]) -> str | None:
        """Return the kind of thing asked for (a telephone number, an amount) that the sentence to be quoted does not hold."""
        best = best_fitting(query, found)
        if best.defines or query.intent == "validity":
            return None
        missing = untold(query.text, _quoted(best))
        if missing == REASON and any(
            untold(query.text, e.sentence.text) != REASON
            for e in found[:NEAR_REASON]
            if e.sentence.document_id == best.sentence.document_id
        ):
            return None
        return missing

    def _sibling(self, query: Query, best: Evidence) -> str | None:
        """Return 全体会议 when the sentence speaks of 常务会议 only, and the document tells of both."""
        if query.is_english or query.intent in ("definition", "validity", "comparison"):
            return None
        here = f"{best.sentence.provision.text}\n{best.sentence.text}\n{best.hit.chunk.context}"
        text = self.catalog.by_id[best.sentence.document_id].text
        told = [word for word in words_of(best.sentence.text) if len(word) > 3]
        for word in words_of(query.topic):
            if len(word) > 3 and word not in here and word in text and any(t[-2:] == word[-2:] for t in told):
                return word
        return None

    def unnamed(self, query: Query) -> tuple[str, Sentence | None] | None:
        """Return the meeting that the question takes the few documents it limits itself to for naming, and the sentence
        of them that lists their meetings, if one does; None when they name it."""
        ids = query.documents or ()
        if not 0 < len({self.catalog.by_id[i].title for i in ids}) <= FEW_DOCUMENTS:
            return None
        text = re.sub(
            r"\s+", "", "".join(self.catalog.by_id[i].title + self.catalog.by_id[i].text for i in ids)
        )
        for run in re.findall(r"[\u4e00-\u9fff]{3,}", query.text):
            words = list(rjieba.cut(run))
            for i, word in enumerate(words):
                if not MEETING.fullmatch(word) or NO_MEETING.search(word):
                    continue
                before = "".join(words[:i])
                probe = word if len(word) > 2 else (before + word)[-3:]
                if len(probe) < 3 or probe in text:
                    continue
                name = word if len(word) > 2 else words[i - 1] + word
                if len(word) == 2 and i and re.search(rf"{words[i - 1]}[\u4e00-\u9fff]{{1,2}}{word}", text):
                    continue  # 乡镇例会 is 乡镇工作例会
                return name, None if HOLD.search(before) else self._listing(ids, word[-1])
        return None

    def _listing(self, ids: Sequence[str], last: str) -> Sentence | None:
        """Return the sentence that says which things of one kind there are: 实行全体会议、常务会议、专题会议等会议制度."""
        found: list[tuple[bool, int, Sentence]] = []
        for document in (self.catalog.by_id[i] for i in ids):
            for match in re.finditer(LISTED, document.text):
                alike = sum(last in item[-2:] or last in item[-6:-1] for item in match[0].split("、"))
                if alike > 1:
                    sentence = sentences_of(document, match.start(), match.end())[0]
                    found.append((bool(THERE_ARE.search(sentence.text)), alike, sentence))
        return max(found, key=lambda each: each[:2])[2] if found else None

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
        if query.is_strict and best.fits:
            return None  # the telephone number asked for stands there
        return None if nouns[-1] in told or self._is_near(nouns[-1], told) else nouns[-1]

    def unknown_title(self, query: Query) -> str | None:
        """Return 《…》的正文 when the question asks for the text of a title that the corpus does not hold."""
        if query.titles or query.intent == "validity":
            return None
        match = TITLE_ASKED.search(query.text)
        return f"《{match[1]}》的正文" if match else None

    def is_called(self, query: Query, document: Document, kinds: Sequence[str]) -> bool:
        """Say whether a document's title has half the words that a question names one of these kinds by: not 房改房上市出售办法."""
        before = min((query.topic.find(kind) for kind in kinds if kind in query.topic), default=0)
        words = [w for w in words_of(query.topic[:before]) if len(w) > 1 and w not in COMMON_IN_TITLES]
        titles = document.title + document.notice_title
        return 2 * sum(word in titles for word in words) >= len(words)

    def _unknown_place(self, query: Query, told: str) -> str | None:
        """Return a place that nothing is known of; beside a known one it is part of the case, unless both are compared."""
        if query.places and query.intent != "comparison":
            return None
        places = [
            word
            for word in place_words(query.text)
            if not any(word in place or place in word for place in self.catalog.places)
        ]
        english = [
            m[1] for m in ENGLISH_PLACE.finditer(query.question) if m[1].lower() not in self.catalog.places
        ]
        unknown = [place for place in places if re.sub(r"[区县市镇乡]$", "", place) not in told]
        return next(iter([*unknown, *(place for place in english if place.lower() not in told)]), None)

    def names_elsewhere(self, query: Query, titles: str) -> bool:
        """Say whether the question is about a district or city that no issuer is of and none of the `titles` names."""
        return is_elsewhere({"place": place} if (place := self._unknown_place(query, titles)) else {})

    def _is_near(self, word: str, told: str) -> bool:
        return (
            float(self.matcher.coverage([word], np.ones(1, dtype=np.float32), [words_of(told)]).max())
            >= NEAR_WORD
        )


def is_elsewhere(lacking: Mapping[str, str]) -> bool:
    """Say whether the question is about a district, city or numbered standard that nothing is known of; `lacking` is what
    PremiseChecker.lacking returned."""
    place = lacking.get("place", "")
    named = place and any(rjieba.has_word(place + kind) for kind in "区县市省州")  # 海淀, 怀柔
    return "code" in lacking or bool(AREA.search(place) or named)


def _told(best: Evidence) -> str:
    return f"{best.hit.chunk.context}\n{best.sentence.provision.text}\n{best.hit.chunk.text}".lower()


def _quoted(best: Evidence) -> str:
    """Return what an answer from this sentence may show: its provision when that is short."""
    provision = best.sentence.provision.text
    return f"{best.sentence.text}\n{provision if len(provision) <= SHORT else ''}"


def _other_year(query: Query, title: str, issued_on: str) -> str | None:
    """Return the year of the plan asked for when the best evidence is of the plan of another year."""
    asked = YEARLY.search(query.text)
    titled = re.findall(r"(?:19|20)\d\d(?=年)", title)
    return (
        asked[1]
        if asked and titled and asked[1] not in titled and not issued_on.startswith(asked[1])
        else None
    )


def _untold_year(query: Query, told: str) -> str | None:
    """Return 2018年 when a question names it and the best evidence is neither of that year nor speaks of it."""
    untold = bool(query.years) and not any(str(year) in told for year in query.years)
    return f"{query.years[0]}年" if untold else None


@lru_cache(maxsize=2000)
def place_words(text: str) -> tuple[str, ...]:
    """Return the words of a text that name places and stand in the tagger's dictionary."""
    # 海淀区政府 is one word to the tagger, and an organ.
    tagged = [(GOVERNMENT.sub("", word), tag) for word, tag in rjieba.tag(text)]
    return tuple(
        word for word, tag in tagged
        if (tag == "ns" or (tag in ("nt", "nr") and word[-1] in "区县市"))
        and len(word) >= 2 and word not in NO_PLACES and rjieba.has_word(word)
    )  # fmt: skip
