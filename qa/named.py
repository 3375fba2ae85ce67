"""Which document a question means by its own words: one that the corpus holds, or one that it only says has ended."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import rjieba

from index.lexical import normalise
from ingest.document import Document, Relation
from ingest.validity import ends, version_day
from qa.catalog import Catalog
from qa.query import ASKING_PHRASES, FUNCTION_WORDS, Query
from qa.words import words_of

MIN_NAMED = 0.6  # share of the question's own words that must stand in a title for it to be the one meant
FEWEST_GLOSSED = 2  # words of titles that an English question must mean
MIN_GLOSSED = 0.4  # the same of an English question, whose words have several glosses each
NEARLY = 0.9  # of the best share: as well named
# What asks whether something holds, and says nothing of which document.
ASKING_VALIDITY = re.compile(
    r"有没有|是不是|还能不能|现在|目前|眼下|如今|现行|到(?:现在|这会儿|今天|目前)|这会儿|当时|那时候?|以前|过去|原来|已经|仍然|是否|有效期?|失效|"
    r"废止|作废|过期|到期|管用|算数|作数|适用|生效|施行|实行|执行|依据|取代|代替|替代|被|哪一?[版份个年]|版本|手头|咱们?|区政府|政府"
    r"|第[零一二两三四五六七八九十百\d]+[条项款章]|(?:修改|修订|修正|改)过|到期|过期|(?:照着?|按照?|用|作为)(?=[它这那哪]|办|执行)|文件|那[份个]|这[份个]|一份|什么|还能?|(?:的)?时候|那阵子?|[办做行]事|最[新近]的?|一版|[哪几]年?[号年月日]|文号|日期|编号|起止|后来|之前|附则|停用|顶替|废掉"
)
NAMING = ("n", "vn", "j", "l", "i", "eng", "x")  # kinds of word
YEAR_OF_NUMBER = re.compile(r"〔(\d{4})〕")


@dataclass(frozen=True)
class Instrument:
    """What a question may mean: a document, or the target of a relation that ends it and stands in `source`."""

    title: str
    source: Document  # the document itself, or the one that ends it
    relation: Relation | None = None  # None for a document that the corpus holds

    @property
    def year(self) -> int | None:
        if self.relation is None:
            day = version_day(self.source)
            return day.year if day else None
        match = YEAR_OF_NUMBER.search(self.relation.target_no or "")
        return int(match[1]) if match else None


class Instruments:
    """All instruments that a corpus holds or ends."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    @cached_property
    def all(self) -> tuple[Instrument, ...]:
        held = [Instrument(normalise(f"{d.title}{d.notice_title}"), d) for d in self.catalog.documents]
        return (*held, *self.ended)

    @cached_property
    def ended(self) -> tuple[Instrument, ...]:
        """Those that the corpus only says have ended."""
        return tuple(
            Instrument(normalise(f"{relation.target_title}"), source, relation)
            for source in self.catalog.documents
            for relation in source.relations
            if ends(relation) and relation.target_title and relation.target_id is None
        )

    @cached_property
    def _frequency(self) -> Counter[str]:
        return Counter(word for item in self.all for word in set(words_of(item.title)))

    def meant(self, query: Query) -> list[Instrument]:
        """Return the instruments whose titles hold most of what the question names; none where it names no title."""
        words = [
            word for word in _whole_words(ASKING_PHRASES.sub(" ", ASKING_VALIDITY.sub(" ", _chinese(query))))
            if word not in FUNCTION_WORDS and len(word) > 1 and re.search(r"\w", word) and not re.fullmatch(r"(?:19|20)\d\d年?版?|[a-z]+", word)
        ]  # fmt: skip
        places = {place for place, _ in query.places}
        weights = {
            word: self._weight(word) for word in words
            if re.sub(r"[区县市]$", "", word) not in places and (self._frequency[word] or (not query.is_foreign and _names(word)))
        }  # fmt: skip
        total = sum(weights.values())
        if not total or (query.is_foreign and len(weights) < FEWEST_GLOSSED):
            return []
        scored = [
            (sum(weight for word, weight in weights.items() if word in item.title) / total, item)
            for item in self.all
            if not places or self._place(item) in places
        ]
        least = MIN_GLOSSED if query.is_foreign else MIN_NAMED
        of_year = [pair for pair in scored if pair[1].year in query.years and pair[0] >= least]
        scored = of_year or [pair for pair in scored if pair[0] >= least]
        best = max((share for share, _ in scored), default=0.0)
        near = [(share, item) for share, item in scored if share >= best * NEARLY]
        # Of two titles that hold the same words the shorter one is named: the rules, not the notice that revises them.
        # What the corpus holds goes before what it only names: the measures, not those of the same name that they repeal.
        near.sort(
            key=lambda pair: (-round(pair[0], 2), pair[1].relation is not None, len(pair[1].source.title))
        )
        return [item for _, item in near]

    def _place(self, item: Instrument) -> str:
        return self.catalog.place_of(item.source.document_id)

    def _weight(self, word: str) -> float:
        return math.log1p(len(self.all) / (self._frequency[word] + 0.5))


def _chinese(query: Query) -> str:
    """Return the question, an English one as the words of the corpus that its own mean."""
    return " ".join(query.gloss) if query.is_foreign else query.text


def _names(word: str) -> bool:
    """Say whether a word that no title has names a thing: what is done with a document (拿来, 找到) says nothing of which."""
    return rjieba.tag(word)[-1][1].startswith(NAMING)


def newest(documents: list[Document]) -> Document:
    """Return the document of the latest version day."""
    return max(documents, key=lambda d: (version_day(d) or date.min, d.document_id))


def _whole_words(text: str) -> list[str]:
    """Return the distinct words of a text; single characters that stand together are one word: 九养."""
    out: list[str] = []
    single = ""
    for word in (*rjieba.cut(text), " "):
        if re.fullmatch(r"[\u4e00-\u9fff]", word) and word not in FUNCTION_WORDS:
            single += word
            continue
        out += [part for part in (single, word) if part.strip()]
        single = ""
    return list(dict.fromkeys(out))
