"""What a question compares: districts, documents, versions of one instrument, or two cases within one document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from ingest.numerals import parse_numeral
from ingest.validity import ValidityIndex
from qa.catalog import Catalog, romanised
from qa.evidence import EvidenceFinder
from qa.naming import document_name, version_name
from qa.query import ASKING, DOC_SCOPE, Query, topic_of
from qa.words import words_of

ALL_PLACES = re.compile(
    r"(?:[两二三四五六七八九各几]|所有|每)个?区(?![\u4e00-\u9fff]?政府)|各区(?!县?政府)|all (?:the )?districts|"
    r"[两二三四五六七八九几](?:地(?![\u4e00-\u9fff]?[块方]块?)|省市?|个(?:地方|省市?|城市|市|县|地区))|哪[个座一](?:地方|省市?|城市|市|县|地区|地)(?=[^，。？]{0,10}(?:最|更))"
)
OLD_RULES = r"以前|原来|[老旧](?:版|规则|规矩|规定|办法)|(?:19|20)\d\d年?[^，。？]{0,6}"
OLD_WORDS = r"以前|原来|过去|从前|[老旧](?:版|规则|规矩|规定|办法)"
NEW_RULES = r"现在|如今|现行|新(?:版|规则|规矩|规定|规|办法)"
# 以前报区委常委会定，新规矩报给谁了？ What was is told, what is is asked.
THEN_AND_NOW = re.compile(rf"(?:{OLD_RULES}).*(?:{NEW_RULES})|(?:{NEW_RULES}).*(?:{OLD_RULES})")
VERSIONS = re.compile(
    r"新旧|新版|旧版|新老|老规则|旧规则|变化|变动|改了|改成|修订|以前|两版|previous version|old version"
)
# What only compares, and stands in no provision.
COMPARING = re.compile(
    r"(?:有没有?|有无|是否有|有)?(?:什么|甚么|何|哪些|啥)?不(?:一样|一致|同)(?=[，,。？?\s的吗嘛]|$)|(?:有没有?|有无|是否有|有)(?:什么|何|哪些|啥)?(?:不同|区别|差别|差异|变化)|是否(?:一样|一致|相同)|一样[吗么不嘛]|一致[吗么]|差异|差别|区别|异同|对比|比较|相比|比起来|比一比|变化|不同|改了(?:什么|啥)|"
    r"改成(?:啥样|什么样?|啥)?了?|分别|各自|各(?=[能可要该得需有是])|新旧|新老|[新老旧](?:规则|办法|规定|版本?)|两版|[两二三四五六七八九]版|(?:[（(]?(?:19|20)\d\d年?版?[）)]?\s*[和与、及跟]?\s*)+(?=[的里中]|$|\s)|[两二三四五六七八九]个区|[两二三四五六七八九]个?(?:区|地方?|省市?|市|县|城市|地区)(?=[^块方]|$)|各区|\b(?:how (?:do|does) (?=\w+ and)|differ(?:s|ent(?:ly)?)? (?:on|in|about)|respectively|the same)\b|(?:谁|哪[个边家])(?=更)|更[长短多少高低快慢严]|一样|(?:是不是)?从[^，,。？?]{1,10}(?:改[成为]|变[成为])了?[^，,。？?]{1,10}了?(?=[吗嘛，,。？?]|$)"
)
BELOW = (
    ("number", r"多少|几|多久|多长|频次|次数|天"),
    ("who", r"谁|签发|主持|审批|哪个部门|组成人员|\bwho\b"),
    ("date", r"何时|什么时候|哪[一]?天|几号|日期|\bwhen\b"),
)
# Which has more of something; and the question for that of each.
ORDER_ASKED = re.compile(
    r"(?:谁|哪[个边家一])[^，。？]{0,8}?(?:多|少|长|短|高|低|久|快|慢|勤|频繁|大|小)|更(?:多|少|长|短|高|低|久|快|慢|勤|频繁|大|小)|(?<!no )(?:longer|shorter|more often|more|less|higher|lower)\b"
)
ORDERING = re.compile(r"^(?:谁|哪[个边家一])|[多少长短高低久快慢勤大小]$|频繁$")
AMOUNT_ASKED = (
    ("勤", "多久一次"), ("频繁", "多久一次"), ("often", "多久一次"), ("长", "多久"), ("快", "多久"), ("慢", "多久"), ("短", "多久"), ("久", "多久"),
    ("longer", "多久"), ("shorter", "多久"), ("", "多少"),
)  # fmt: skip
CONJUNCTION = re.compile(r"以及|和|与|跟|及|、|还是|\bvs\b")
BEFORE_SIDE = re.compile(r".*(?:[里中]|(?<=[况件提])下|规定的?|对于?|关于|按照?|《[^》]*》|的话)")
AFTER_SIDE = re.compile(
    r"的|在|各|分别|有|是|哪|谁|一(?!般|次|类|级)|每|都|要|需|应|怎|如何|多|几|上头|方面|之间|相|比|差|定[的了]|[？?]|$"
)
NOUN_BEHIND = re.compile(r"的[\u4e00-\u9fff]{2,6}?(?=$|[各分都有是哪谁怎])")
PLACES_COUNTED = re.compile(r"([两二三四五六七八九])(?:个?区|地|省|市|个(?:地方|省|城市|市|县|地区))")
MOST_PLACES = 4  # that are compared where a question counts none
SHORTEST_SIDE, LONGEST_SIDE = 2, 20
FEWEST_WORDS = 2  # that tell what is asked of one side
READ = 5  # best evidence among whose documents one with several versions is looked for


@dataclass(frozen=True)
class Side:
    """One side of a comparison: its name, its documents (None: those of the question), and what is asked of it."""

    name: str
    documents: Sequence[str] | None
    query: Query


class Sides:
    """Finds the sides of a comparison in a question."""

    def __init__(self, catalog: Catalog, finder: EvidenceFinder, validity: ValidityIndex) -> None:
        self.catalog, self.finder, self.validity = catalog, finder, validity

    def of(self, query: Query) -> list[Side]:
        """Return the sides that a question compares, fewer than two where it compares nothing."""
        asked = _without_comparing(query)
        for groups in (self._places, self._documents, self._versions):
            if len(named := groups(query, asked)) >= 2:
                meant = [self._meant_by(name, ids, named) for name, ids in named]
                return [
                    Side(name, ids, self._of_one(query, asked, name, meant[n], meant[:n] + meant[n + 1 :]))
                    for n, (name, ids) in enumerate(named)
                ]
        return cases(query, asked)

    def _of_one(self, query: Query, asked: Query, name: str, mine: str, others: Sequence[str]) -> Query:
        """Return what is asked of one side: without what the question says of the others alone, and of one district where
        several are named together (平谷、西城和通州多久… is 平谷多久…)."""

        def alone(text: str) -> str:
            aliases = "|".join(sorted(map(re.escape, self.catalog.places), key=len, reverse=True))
            one = rf"(?:北京市)?(?:{aliases})[区市省县]?(?:[（(]?(?:19|20)\d\d年?版?[）)]?)?(?:'s)?"
            joint = rf"{one}(?:\s*(?:[、,，/和与跟及]|以及|\band\b)?\s*{one})+"
            return re.sub(joint, name, text) if len(query.places) > 1 else text

        whole = alone(query.text)
        if (part := own_clauses(whole, mine, others)) == whole:
            return replace(asked, text=alone(asked.text))
        own = _without_comparing(replace(query, text=part, topic=topic_of(part, query.places)))
        return replace(own, intent=asked.intent)

    def _meant_by(self, name: str, ids: Sequence[str], named: Sequence[tuple[str, Sequence[str]]]) -> str:
        """Return the pattern of the words by which a question means a side: a place, a year, 以前, 现在."""
        if name in self.catalog.places:
            return "|".join(map(re.escape, (name, *romanised(name))))
        words = [re.escape(name)]
        days = [self.catalog.by_id[each[0]].issued_on or date.min for _, each in named if each]
        day = self.catalog.by_id[ids[0]].issued_on if ids else None
        if day and max(days) > min(days):
            words.append(rf"{day.year}|(?<!\d){day.year % 100:02}(?=[年版])")
            words += [OLD_WORDS] * (day == min(days)) + [NEW_RULES] * (day == max(days))
        return "|".join(words)

    def _places(self, query: Query, asked: Query) -> list[tuple[str, Sequence[str]]]:
        places = list(query.places)
        counted = places_counted(query.text) if "个" in query.text else 0  # 三区一口岸 counts no districts
        if counted > len(places) or (not places and ALL_PLACES.search(query.text)):
            places = [(place, self.catalog.places[place]) for place in self._all_places(query, asked)]
        return [(place, self._meant(query, ids)) for place, ids in places]

    def _all_places(self, query: Query, asked: Query) -> list[str]:
        """Return the places of the corpus, of many those that the best evidence is from."""
        every = sorted({self.catalog.place_of(d.document_id) for d in self.catalog.documents} - {""})
        if len(every) <= MOST_PLACES:
            return every
        best = self.finder.find(asked, self.validity.holding(query.as_of))
        near = dict.fromkeys(self.catalog.place_of(e.sentence.document_id) for e in best)
        return sorted([place for place in near if place][: places_counted(query.text) or MOST_PLACES])

    def _meant(self, query: Query, ids: Sequence[str]) -> Sequence[str]:
        """Return the documents of the years asked for, else those that hold."""
        holds = self.validity.holding(query.as_of)
        dated = [i for i in ids if (day := self.catalog.by_id[i].issued_on) and day.year in query.years]
        return dated or [i for i in ids if holds[i]] or ids

    def _documents(self, query: Query, asked: Query) -> list[tuple[str, Sequence[str]]]:
        if len(query.numbers) >= 2:
            return [(number.doc_no, number.documents) for number in query.numbers if number.documents]
        quoted = {
            title: self.catalog.asked_titles(f"《{title}》")
            for title in re.findall(r"《([^》]+)》", query.text)
        }
        named = [self._meant(query, ids) for ids in quoted.values() if ids]
        return [(document_name(self.catalog.by_id[ids[0]]), ids) for ids in named]

    def _versions(self, query: Query, asked: Query) -> list[tuple[str, Sequence[str]]]:
        if len(query.years) < 2 and not (VERSIONS.search(query.text) or THEN_AND_NOW.search(query.text)):
            return []
        if len(by_year := self._editions(query)) >= 2:
            return by_year
        for evidence in self.finder.find(asked, dict.fromkeys(self.catalog.by_id, True))[:READ]:
            versions = self.validity.versions(self.catalog.by_id[evidence.sentence.document_id])
            dated = [v for v in versions if v.issued_on and v.issued_on.year in query.years]
            chosen = dated if len(dated) >= 2 else versions
            if len(chosen) >= 2:
                return [(version_name(version), (version.document_id,)) for version in chosen]
        return []

    def are_versions(self, query: Query) -> bool:
        """Say whether the question names two versions of one instrument: by their years, or as the old and the new one."""
        asked = set(query.years)
        if len(asked) > 1 and any(len(years & asked) > 1 for years in self._version_years):
            return True
        named = THEN_AND_NOW.search(query.text)
        return bool(named) and any(not asked or years & asked for years in self._version_years)

    @cached_property
    def _version_years(self) -> set[frozenset[int]]:
        """The years of issue of each instrument that has versions of several."""
        every = (self.validity.versions(document) for document in self.catalog.documents)
        years = {frozenset(v.issued_on.year for v in versions if v.issued_on) for versions in every}
        return {each for each in years if len(each) > 1}

    def _editions(self, query: Query) -> list[tuple[str, Sequence[str]]]:
        """Return the documents of the kind and the years that the question names, a group for each year."""
        by_year: dict[int, list[str]] = {}
        for document_id in query.editions:
            if day := self.catalog.by_id[document_id].issued_on:
                by_year.setdefault(day.year, []).append(document_id)
        return [(f"{year}年{'版' * (len(ids) == 1)}", ids) for year, ids in sorted(by_year.items())]


def own_clauses(text: str, mine: str, others: Sequence[str]) -> str:
    """Return a question without what it says of other sides alone: each such clause up to where it names one; the whole
    question where next to nothing would be left. Both are patterns.

    Of 出国谁批，平谷报区长，西城报到哪级？ the part of 西城 is 出国谁批，西城报到哪级？
    """
    other, kept = re.compile("|".join(others)), []
    for clause in re.findall(r"[^,，;；。?？]+[,，;；。?？]?", text):
        named = other.search(clause)
        kept.append(f"{clause[: named.start()]}," if named and not re.search(mine, clause) else clause)
    part = "".join(kept)
    words = [w for w in words_of(re.sub(mine, " ", part)) if len(w) > 1 and not ASKING.search(w)]
    return part if len(words) >= FEWEST_WORDS else text


def places_counted(text: str) -> int:
    """Return 2 of 两个区, 0 where a question counts no places."""
    counted = PLACES_COUNTED.search(text)
    return (parse_numeral(counted[1].replace("两", "二")) or 0) if counted else 0


def cases(query: Query, asked: Query) -> list[Side]:
    """Return the two cases that a question names side by side: 区长办公会议和乡镇工作例会各多久开一次."""
    for clause in re.finditer(r"[^，,；;。？?\s]+", query.text):
        for joint in CONJUNCTION.finditer(clause[0]):
            left = BEFORE_SIDE.sub("", clause[0][: joint.start()])
            after = clause[0][joint.end() :]
            stop = AFTER_SIDE.search(after)
            right = after[: stop.start()] if stop else after
            if (of := NOUN_BEHIND.match(after[stop.start() :] if stop else "")) and left.endswith(of[0]):
                left = left.removesuffix(of[0])  # 取消的职权和下放的职权
            if all(SHORTEST_SIDE <= len(side) <= LONGEST_SIDE for side in (left, right)) and left != right:
                both = clause[0][clause[0].find(left) : joint.end()] + right
                return [_case(asked, both, left, right), _case(asked, both, right, left)]
    return []


def _case(asked: Query, both: str, one: str, other: str) -> Side:
    """Return the side of one case: the question without the other one; its name is without what it is of (本办法的, 平谷2021年)."""
    dropped = [word for word in words_of(other) if word not in one]
    topic = re.sub("|".join(map(re.escape, dropped)), " ", asked.topic) if dropped else asked.topic
    bare = DOC_SCOPE.sub("", one)
    for place, _ in asked.places:
        bare = re.sub(rf"(?:北京市)?{re.escape(place)}[区县市]?", "", bare)
    bare = bare.removesuffix("的")
    tail = bare.rsplit("的", 1)[-1]
    name = next((each for each in (tail, bare) if len(each) >= SHORTEST_SIDE), one)
    return Side(name, None, replace(asked, text=asked.text.replace(both, one), topic=topic))


def names_side(text: str, side: Side, others: Sequence[Side]) -> bool:
    """Say whether a text speaks of a case: names it outside the names of the others (区长会议 in 副区长会议), or one of
    its own words. A district or a version is not named."""
    if side.documents is not None:
        return True
    for other in others:
        if other is not side and side.name in other.name:
            return side.name in text.replace(other.name, "")
    words = own_words(side, others)
    return not words or any(word in text for word in words)


def own_words(side: Side, others: Sequence[Side]) -> list[str]:
    """Return the words of a case's name that no other case has; none for a district or a version."""
    if side.documents is not None:
        return []
    names = [other.name for other in others if other is not side]
    return [word for word in words_of(side.name) if len(word) > 1 and not any(word in name for name in names)]


def _without_comparing(query: Query) -> Query:
    """Return what is asked of each side."""
    intent = next((name for name, pattern in BELOW if re.search(pattern, query.text)), "fact")
    if query.intent not in ("comparison", "validity"):
        intent = query.intent
    topic = re.sub(r"\s+", " ", COMPARING.sub(" ", query.topic)).strip()
    text = COMPARING.sub("", query.text)
    if order := ORDER_ASKED.search(query.text):  # 谁给得多: the amount of each
        text = text.replace(order[0], ORDERING.sub("", order[0]))
        text, intent = f"{text} {next(words for sign, words in AMOUNT_ASKED if sign in order[0])}", "number"
    return replace(query, text=text, topic=topic or query.topic, intent=intent)
