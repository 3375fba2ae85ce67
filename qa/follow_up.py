"""A question and the turns before it in; the question as it stands alone out, with the document that it is about.

那通州呢？ 2019年的呢？ 第二项是什么？ 它什么时候生效？ 由谁审批？ 那副区长呢？ A question with a topic of its own is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import rjieba

from index.lexical import normalise
from qa.answer import UNCLEAR
from qa.before import Before, Parse, Resolved
from qa.draft import Draft
from qa.extractive import ExtractiveAnswerer
from qa.follow_choice import Reading, meant
from qa.follow_forms import (
    ASKED_ALIKE,
    CHANGED,
    COMPARED,
    OF_DOCUMENT,
    OF_THERE,
    PRONOUN,
    PROVISION,
    SOURCE,
    TAIL,
    bare,
    corrected,
    is_led,
    leadless,
    topic_words,
)
from qa.history import Turn
from qa.query import ASKING, Query
from qa.swap import (
    NAMED,
    OLD_OR_NEW,
    actor_of,
    full_place,
    place_spans,
    subject_of,
    with_phrase,
    with_place,
    with_year,
    without_scope,
)
from qa.told_before import FEW_WORDS, told_before
from qa.words import words_of

MAX_TURNS = 6  # of the history that are read
MAX_PHRASE = 14  # characters of what replaces a part of the question before
MAX_FOREIGN_PHRASE = 40  # the same in Latin letters
HOW_LONG = re.compile(
    r"几个?(?:工作日|天|日|月)|多少个?(?:工作日|天)|多久|多长"
)  # 几天内印发 asks of what is issued


class FollowUps:
    """Makes a follow-up stand alone, by the questions before it and what the corpus answers to them."""

    def __init__(
        self, answerer: ExtractiveAnswerer, parse: Parse, answer: Callable[[Query], Draft] | None = None
    ) -> None:
        self.answerer, self.answer, self.parse = answerer, answer or answerer.answer, parse
        self.catalog, self.validity, self.matcher = (
            answerer.catalog,
            answerer.validity,
            answerer.finder.matcher,
        )

    def resolve(self, question: str, turns: Sequence[Turn]) -> Resolved:
        """Return the question as it stands alone; as it is where nothing of `turns` is meant by it."""
        return self._resolved(question, self._before(turns))

    def readings_of(self, question: str, turns: Sequence[Turn]) -> tuple[Query, Before | None, list[Reading]]:
        """Return the question parsed, the turn before, and the ways to read it; none where its form says which is meant."""
        query, before = self._parsed(question), self._before(turns)
        if before is None or self._named(query, before):
            return query, before, []
        return query, before, self._readings(query, before)

    def _before(self, turns: Sequence[Turn]) -> Before | None:
        """Return the last turn that asked something, as it was meant."""
        before: Before | None = None
        for asked, _ in turns[-MAX_TURNS:]:
            if self.parse(asked).intent != "smalltalk" and not (before and SOURCE.match(bare(asked))):
                resolved = self._resolved(asked, before)
                before = Before(resolved, resolved.query(self.parse), self.answer, self.catalog)
        return before

    def _resolved(self, question: str, before: Before | None) -> Resolved:
        if before is None:
            return Resolved(question)
        query = self._parsed(question)
        if named := self._named(query, before):
            return named
        readings = self._readings(query, before)
        return meant(query, before, readings) if len(readings) > 1 else Resolved(query.question)

    def _parsed(self, question: str) -> Query:
        """Return a follow-up parsed, freed of what corrects and of what points from a place to its document."""
        query = self.parse(corrected(question))
        there = OF_THERE.search(query.question)
        return self.parse(OF_THERE.sub("的", query.question)) if there and query.places else query

    def _named(self, query: Query, before: Before) -> Resolved | None:
        """Return what a form that can mean one thing only names: 第二项, 哪条规定的, 和乙川一样吗, 这个规则…; the question
        itself where it names a document, or is small talk."""
        if query.intent == "smalltalk":
            return Resolved(query.question)
        pronoun = PRONOUN.search(leadless(query.text))
        if pronoun and pronoun["document"] and (told := self._pronoun(query, before)):
            return told
        named_alone = not topic_words(query) and not ASKING.search(query.text)  # 平谷2019年的呢
        if (COMPARED.search(query.text) or named_alone) and query.places:
            if told := self._scope(query, before):
                return told
        told = told_before(query, before, self.catalog)
        return told or (Resolved(query.question) if query.numbers or query.titles else None)

    def _readings(self, query: Query, before: Before) -> list[Reading]:
        """Return the ways to read a follow-up, each with what is answered then; alone is the first."""
        text, document = leadless(query.text), before.document
        found = {"alone": Resolved(query.question)}
        rules = (self._scope, self._pronoun, self._phrase, self._subject, self._place)
        if rule := next((resolved for way in rules if (resolved := way(query, before))), None):
            found["rule"] = rule
        if document is None or not query.places or document.document_id in (query.documents or ()):
            found["about"] = self._about(text, before)
        if document and not query.places:
            found["there"] = Resolved(query.question, document)
        if not query.places:  # with two places it would compare them
            found["after"] = Resolved(f"{before.question.rstrip('？?。 ')}，{text}", document)
        else:
            place = full_place(query.places[-1][0], self.catalog)
            words = [word for word, _ in topic_words(query)]
            spoken = all(word in before.question for word in words) or self._spoken_of(before, words)
            if place != before.place and spoken:  # else it asks something of its own there
                found["elsewhere"] = Resolved(self._moved(before.question, place, query))
        distinct = {
            (one.question, one.within and one.within.document_id): way for way, one in reversed(found.items())
        }
        return [
            Reading(way, one, one.draft or self.answer(one.query(self.parse)))
            for way, one in found.items() if way in distinct.values()
        ]  # fmt: skip

    # --- the question before with a part exchanged ---

    def _scope(self, query: Query, before: Before) -> Resolved | None:
        """那通州呢？ 2019年的呢？ 旧版呢？ 那《…》呢？ 西城由谁签发？ The same of another place, version or document."""
        text = TAIL.sub("", CHANGED.sub("", bare(query.text)))
        place = self._place_named(text, query, before)
        named, old_or_new = NAMED.search(text), OLD_OR_NEW.search(text)
        if not (place or query.years or named or old_or_new):
            return None
        left = ASKED_ALIKE.sub("", without_scope(text, self.catalog).replace(place, ""))
        left = COMPARED.sub("", left) if COMPARED.search(text) else left
        asks = bool(ASKING.search(left))
        if topic_words(self.parse(left)) or (PRONOUN.search(left) and not COMPARED.search(text)):
            return None
        if query.labels or (asks and (named or not (place or query.years))):
            return None  # it asks something of its own of what it names
        if named and not is_led(query.text) and not re.search(r"呢|^(?:换|要是|如果)", bare(query.text)):
            return None  # a number alone is a question
        if COMPARED.search(text) and place:
            return self._side_by_side(place, before)
        subject = self._about(left, before).question if asks else before.question
        if place:
            return Resolved(self._moved(subject, place, query))
        if named:
            return Resolved(f"{named[0]}{without_scope(subject, self.catalog)}")
        return self._version(query, subject, before, old_or_new)

    def _moved(self, question: str, place: str, query: Query) -> str:
        """Return the question about the place, and the year, that the follow-up names."""
        moved = with_place(question, place, self.catalog)
        return with_year(moved, query.years[0]) if query.years else moved

    def _place_named(self, text: str, query: Query, before: Before) -> str:
        """Return the place that a follow-up names, of the corpus or not, "" for none."""
        if query.places and (spans := place_spans(text, self.catalog)):
            start, end = spans[-1]
            return (
                full_place(query.places[-1][0], self.catalog)
                if not before.query.is_english
                else text[start:end]
            )
        asked_before = before.query.places or before.place
        tagged = [
            word for word, tag in rjieba.tag(text) if tag == "ns" or re.fullmatch(r".{2,3}[区县市]", word)
        ]
        return tagged[0] if tagged and asked_before and len(text) <= MAX_PHRASE else ""

    def _side_by_side(self, place: str, before: Before) -> Resolved | None:
        old = before.place
        if not old or old == place:
            return None
        return Resolved(f"{old}和{place}{without_scope(before.question, self.catalog)}，有什么不同")

    def _version(
        self, query: Query, question: str, before: Before, old_or_new: re.Match[str] | None
    ) -> Resolved | None:
        """Return the question about the version of that year, or the one before or after the one cited."""
        document = before.document
        versions = self.validity.versions(document) if document else ()
        year = query.years[0] if query.years else 0
        if year:
            fitting = [d for d in versions if d.issued_on and d.issued_on.year == year]
            question = with_year(question, year)
        elif old_or_new and document:
            at = versions.index(document)
            fitting = list(versions[:at][-1:] if old_or_new["old"] else versions[at:][-1:])
        else:
            fitting = []
        if fitting:
            return Resolved(question, fitting[0])
        return Resolved(question) if year else None

    def _phrase(self, query: Query, before: Before) -> Resolved | None:
        """那副区长呢？ 要是节假日呢？ The question before with the like of the phrase exchanged for it."""
        text = bare(query.text)
        phrase = TAIL.sub("", CHANGED.sub("", text))
        changes = CHANGED.match(text) or re.search(r"呢|的话$", text) or is_led(query.text)
        longest = MAX_PHRASE if re.search(r"[\u4e00-\u9fff]", phrase) else MAX_FOREIGN_PHRASE
        if not changes or not phrase or len(phrase) > longest or ASKING.search(phrase) or query.labels:
            return None
        name = before.person if rjieba.tag(phrase)[-1][1] == "nr" else ""
        if name and name in before.question:
            return Resolved(before.question.replace(name, phrase))
        if question := with_phrase(before.question, phrase, self.matcher):
            return Resolved(question, before.resolved.within)
        kinds = [tag for _, tag in rjieba.tag(phrase)]
        acts = any(kind in ("v", "vd") for kind in kinds)  # 协商不成呢: a condition, as a time is
        if not acts and not self._knows(before, phrase):
            return None
        subject = subject_of(before.question)
        if acts or kinds[-1] == "t" or subject not in before.question:
            return Resolved(f"{phrase}，{before.question}", before.document)
        return Resolved(before.question.replace(actor_of(subject), phrase, 1), before.document)

    # --- the subject, from the question before ---

    def _pronoun(self, query: Query, before: Before) -> Resolved | None:
        """它什么时候生效？ 这个办法有什么补贴？ 那里呢？ 他还任什么职务？"""
        text = leadless(query.text)
        if query.numbers or query.titles or NAMED.search(text):
            return None
        match = PRONOUN.search(text)
        words = topic_words(query)
        if (
            match is None
            or (query.places and len(words) > FEW_WORDS)
            or any(named for _, named in topic_words(self.parse(text[: match.start()] or " ")))
        ):
            return None  # what it stands for was named within the question itself
        document = before.document
        if document and (label := before.label) and PROVISION.search(text):
            return Resolved(PROVISION.sub(label, text, count=1), document)
        rest = text[: match.start()] + text[match.end() :]
        if match["person"]:
            name = before.person
            return Resolved(text.replace(match[0], name, 1)) if name else None
        if match["place"]:
            place = before.place
            return Resolved(with_place(rest, place, self.catalog)) if place else None
        if match["document"] or OF_DOCUMENT.search(text):
            if named := NAMED.search(before.question):
                return Resolved(text.replace(match[0], named[0], 1))
            if document is None:
                return None
            return Resolved(text if match["document"] else text.replace(match[0], "该文件", 1), document)
        if len(words) <= FEW_WORDS:
            return self._about(rest, before)
        return Resolved(text, document) if document else None

    def _subject(self, query: Query, before: Before) -> Resolved | None:
        """由谁审批？ 为什么？ 那要提前几天？ A question without a subject; or with a word or two of the document cited."""
        if len(words := topic_words(query)) > FEW_WORDS + is_led(query.text):
            return None
        scoped = query.places or query.numbers or query.titles or query.labels or query.years or query.quoted
        asks = ASKING.search(query.text) or query.intent != "fact"
        defines = query.intent == "definition" and len(query.topic.replace(" ", "")) > 2  # 四个一遍是啥
        spoken = bool(words) and self._spoken_of(before, [word for word, _ in words])
        if scoped or not asks or (defines and not spoken):
            return None
        text = leadless(query.text)
        document = before.document
        if not words:
            if OF_DOCUMENT.search(text) and document and not HOW_LONG.search(text):
                return Resolved(text, document)
            return self._about(text, before)
        if spoken:
            return self._about(text, before)
        if document is None:
            return None
        known = self.catalog.words_in(document.document_id)
        if not query.is_foreign and any(word not in known for word, named in words if named):
            return None
        return self._about(text, before)

    def _place(self, query: Query, before: Before) -> Resolved | None:
        """Return a question that several places answer differently as one about the place spoken of before."""
        if query.places or query.numbers or query.titles or self.answer(query).status != UNCLEAR:
            return None
        place = before.place
        return Resolved(with_place(query.text, place, self.catalog)) if place else None

    # --- what is known of the turn before ---

    def _about(self, text: str, before: Before) -> Resolved:
        """Return `text` with the subject of the question before, limited to the document that was cited."""
        document = before.document
        asked = before.head if before.resolved.draft or before.query.labels else before.question
        if before.resolved.within and not before.resolved.draft and OF_DOCUMENT.search(before.question):
            return Resolved(text, document)
        subject = subject_of(without_scope(asked, self.catalog) if document else asked)
        chinese = re.search(r"[\u4e00-\u9fff]", text)
        return Resolved(f"{subject}{text}" if chinese else f"{text} ({subject})", document)

    def _spoken_of(self, before: Before, words: Sequence[str]) -> bool:
        """Say whether the provision cited before speaks of all these words."""
        provision = before.provision
        return provision is not None and all(word in normalise(provision.text) for word in words)

    def _knows(self, before: Before, phrase: str) -> bool:
        """Say whether the document cited before has the words of `phrase`."""
        document = before.document
        return document is not None and set(words_of(phrase)) <= self.catalog.words_in(document.document_id)
