"""What the corpus holds, as questions name it: numbers in any spelling, districts, titles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from index.filters import place_of
from index.lexical import normalise
from ingest.document import Document, Provision
from ingest.headers import normalise_doc_no
from ingest.numerals import parse_numeral
from qa.spelling import Speller
from qa.words import words_of

DOC_NO_ASKED = re.compile(
    r"([\u4e00-\u9fff]{1,9}?(?:发|函|字|令|办|[\u4e00-\u9fff](?=\s*[〔\[［【（(﹝])))\s*[〔\[［【（(﹝]?\s*((?:19|20)\d\d)\s*[〕\]］】）)﹞年]?\s*第?\s*(\d{1,4})\s*号"
)
# The same in looser spelling: 京平政发二〇二三年二号, 〔2O23〕, 2023 第2号, in brackets also without 号.
LOOSE_NUMBER = re.compile(
    r"([\u4e00-\u9fff]{1,7}?(?:发|函|字|令|办))\s*(?P<open>[〔\[［【（(﹝{]?)\s*(?P<year>[12一二][\doO〇○零一二三四五六七八九]{3})\s*"
    r"(?P<close>[〕\]］】）)﹞}]?)\s*年?\s*第?\s*(?P<number>[\doO]{1,4}|[一二三四五六七八九十百]{1,5})\s*(?P<mark>号|(?![号\d年]))"
)
# 京平政发〔2021〕10号和〔2021〕12号, 京平政发〔2021〕10号、12号: what stands before the second is that of the first.
SERIES = re.compile(
    r"(?P<prefix>[\u4e00-\u9fff]{1,7}?(?:发|函|字|令|办))(?P<year>〔(?:19|20)\d\d〕)\d{1,4}号\s*(?:、|和|与|及|跟|以及)\s*(?=(?P<own>[〔\[［【（(﹝]?(?:19|20)\d\d[〕\]］】）)﹞年])?\s*第?\d{1,4}号)"
)
BEFORE_PREFIX = re.compile(
    r"^.*(?:根据|依据|按照|依照|参照|关于|废止|取代|代替|替代|执行|文号|文件|请问|那么|什么|查|看|问|见|的|和|与|及|是|为|在|对|由|按|被|把|将|让|给)"
)
FUZZY_TITLE = 8  # characters of a title from which one may be wrong
KIND_WORDS = ("规则", "办法", "规定", "条例", "细则", "规范", "章程")
ENGLISH_KINDS = {"rules": "规则", "measures": "办法", "provisions": "规定", "regulations": "条例"}


@dataclass(frozen=True)
class AskedNumber:
    """A document number as asked for: its spelling made regular, and the documents it fits."""

    doc_no: str
    documents: tuple[str, ...]  # document ids


class Catalog:
    """Looks documents and provisions up by what a question calls them."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = tuple(documents)
        self.by_id = {document.document_id: document for document in documents}

    def asked_numbers(self, text: str) -> list[AskedNumber]:
        """Return the document numbers that `text` names; 平政发2023年2号 fits 京平政发〔2023〕2号 too."""
        found = []
        for match in DOC_NO_ASKED.finditer(regular_numbers(text)):
            prefix = _bare_prefix(match[1])
            year, number = match[2], int(match[3])
            tail = f"〔{year}〕{number}号"
            fits = [
                d for d in self.documents
                if d.doc_no and d.doc_no.endswith(tail) and _same_prefix(d.doc_no[: -len(tail)], prefix)
            ]  # fmt: skip
            named = (
                n for n in self._named_numbers if n.endswith(tail) and _same_prefix(n[: -len(tail)], prefix)
            )
            name = fits[0].doc_no if fits else next(named, None) or normalise_doc_no(f"{prefix}{tail}")
            found.append(AskedNumber(name or f"{prefix}{tail}", tuple(d.document_id for d in fits)))
        return found

    @cached_property
    def _named_numbers(self) -> tuple[str, ...]:
        """The numbers by which the documents name others."""
        return tuple(dict.fromkeys(r.target_no for d in self.documents for r in d.relations if r.target_no))

    @cached_property
    def places(self) -> dict[str, tuple[str, ...]]:
        """Place names of the issuers (平谷, 平谷区, pinggu) with the ids of their documents."""
        out: dict[str, set[str]] = {}
        for document_id, name in self._places.items():
            for alias in (name, *romanised(name)):
                out.setdefault(alias, set()).add(document_id)
        return {alias: tuple(sorted(ids)) for alias, ids in out.items()}

    @cached_property
    def _places(self) -> dict[str, str]:
        """The place of each document that has one."""
        return {d.document_id: name for d in self.documents if (name := place_of(d))}

    def asked_places(self, text: str) -> dict[str, tuple[str, ...]]:
        """Return the issuers' places that `text` names, with their documents, in the order of the text."""
        lower = text.lower()
        first: dict[tuple[str, ...], tuple[int, str]] = {}
        for alias, ids in self.places.items():
            position = lower.find(alias)
            if position >= 0 and position < first.get(ids, (len(lower), ""))[0]:
                first[ids] = (position, alias)
        ordered = sorted(first.items(), key=lambda item: item[1][0])
        return {self.place_of(ids[0]) or alias: ids for ids, (_, alias) in ordered}

    def place_of(self, document_id: str) -> str:
        """Return 平谷 for a document of 北京市平谷区人民政府 or titled 平谷区…, "" where no place is named."""
        return self._places.get(document_id, "")

    def asked_titles(self, text: str) -> list[str]:
        """Return the ids of documents whose title, or the heart of it, `text` names; the longest match first."""
        squashed = _squash(text)
        quoted = [_squash(title) for title in re.findall(r"《([^》]{4,})》", text)]
        scored = []
        for document_id, names, cores in self._titles:
            if quoted and not any(
                title in name or (name and name in title) for title in quoted for name in names
            ):
                continue  # 《顺义区人民政府工作规则》 is not the rules of another district
            length = max((len(core) for core in cores if core in squashed), default=0)
            if length >= 5:
                scored.append((length, document_id))
        best = max((length for length, _ in scored), default=0)
        if not best and len(squashed) >= FUZZY_TITLE:
            return [i for i, _, cores in self._titles if any(_nearly_holds(squashed, core) for core in cores)]
        return [document_id for length, document_id in scored if length == best]

    @cached_property
    def _titles(self) -> list[tuple[str, tuple[str, str], list[str]]]:
        """Each document's id, its titles, and what people call it."""
        return [
            (d.document_id, (_squash(d.title), _squash(d.notice_title)), title_cores(d.title))
            for d in self.documents
        ]

    def person_names(self, text: str) -> list[str]:
        """Return the persons' names (…同志) of the corpus that `text` holds."""
        return [name for name in self._persons if name in text]

    @cached_property
    def _persons(self) -> frozenset[str]:
        found = (
            match[1]
            for d in self.documents
            for match in re.finditer(r"(?:^|[；。\n])([\u4e00-\u9fff]{2,4})同志[任的]", d.text)
        )
        return frozenset(found)

    def words_in(self, document_id: str) -> frozenset[str]:
        """Return the words of a document's title and text."""
        document = self.by_id[document_id]
        return frozenset(words_of(f"{document.title}\n{document.text}"))

    def asked_editions(self, text: str, years: Sequence[int], among: Sequence[str] | None) -> list[str]:
        """Return the documents of a kind and a year that `text` names together: 2019年的规则, 2021年…方案."""
        ids = among if among else [d.document_id for d in self.documents]
        kinds = [kind for kind in KIND_WORDS if kind in text]
        kinds += [kind for word, kind in ENGLISH_KINDS.items() if _english_edition(word, years, text)]
        if not years or not kinds:
            return []
        return [
            i for i in ids
            if (d := self.by_id[i]).issued_on and d.issued_on.year in years
            and any(kind in d.title for kind in kinds)
        ]  # fmt: skip

    @cached_property
    def years(self) -> frozenset[int]:
        """The years in which documents were issued."""
        return frozenset(d.issued_on.year for d in self.documents if d.issued_on)

    @cached_property
    def speller(self) -> Speller:
        """What puts right the misspelt words of a question."""
        return Speller(self.documents)

    def provision(self, document_id: str, label: str) -> Provision | None:
        """Return the provision of exactly this label, None where there is none."""
        wanted = _squash(label)
        return next(
            (p for p in self.by_id[document_id].provisions if _squash(p.label) == wanted and p.label), None
        )


FIVE_YEARS = re.compile(r"第(十[一二三四五六七八九])个五年规划")


def title_cores(title: str) -> list[str]:
    """Return the title and what people call it: without issuer, place, year, 关于 and kind words around it."""
    full = _squash(title)
    core = re.sub(r"^.{2,20}?(?:人民政府|委员会|办公室)(?:办公室)?(?=关于|印发|.{4})", "", full)
    core = re.sub(r"^(?:关于|印发)", "", core)
    core = re.sub(r"^(?:[\u4e00-\u9fff]{2,4}[区市县])?(?:(?:19|20)\d\d年)?", "", core)
    core = re.sub(r"^(?:关于)", "", core)
    core = re.sub(r"(?:的)?(?:通知|决定|通告|公告|意见)$", "", core)
    shorter = re.sub(r"(?:工作)?(?:实施)?(?:方案|意见|细则|办法|规则|计划|纲要)$", "", core)
    plan = FIVE_YEARS.search(full)
    short = [f"{plan[1]}五{kind}" for kind in ("规划纲要", "规划", "纲要")] if plan else []  # 十四五规划
    return [name for name in dict.fromkeys((full, core, shorter, *short)) if len(name) >= 5]


def regular_numbers(text: str) -> str:
    """Return `text` with each document number in its regular spelling: 京平政发〔2023〕2号."""

    def regular(match: re.Match[str]) -> str:
        year = parse_numeral(re.sub(r"[oO]", "0", match["year"]))
        number = parse_numeral(re.sub(r"[oO]", "0", match["number"]))
        if (
            not year
            or not number
            or not 1900 <= year < 2100
            or not (match["mark"] or (match["open"] and match["close"]))
        ):
            return match[0]
        return f"{match[1]}〔{year}〕{number}号"

    text = LOOSE_NUMBER.sub(regular, text)
    while (series := SERIES.search(text)) is not None:
        named = series["prefix"] + ("" if series["own"] else series["year"])
        text = text[: series.end()] + named + text[series.end() :]
    return text


def _nearly_holds(text: str, core: str) -> bool:
    """Say whether `text` has a title of eight characters or more with a single wrong one."""
    size = len(core)
    pairs = {core[i : i + 2] for i in range(size - 1)}
    if size < FUZZY_TITLE or sum(pair in text for pair in pairs) < len(pairs) - 2:
        return False
    windows = (text[i : i + size] for i in range(len(text) - size + 1))
    return any(sum(a != b for a, b in zip(window, core, strict=True)) <= 1 for window in windows)


def _english_edition(word: str, years: Sequence[int], text: str) -> bool:
    """Say whether a year and a kind stand together: the 2019 Pinggu work rules, rules of 2019."""
    return any(
        re.search(rf"\b{year}(?:\W+\w+){{0,3}}?\W+{word}\b|\b{word}\W+(?:of|from)\W+{year}\b", text)
        for year in years
    )


def _bare_prefix(prefix: str) -> str:
    """Return 京平政发 of 为什么要废止京平政发, the prefix itself where next to nothing would be left."""
    bare = re.sub(r"^要", "", BEFORE_PREFIX.sub("", prefix))
    return bare if len(bare) >= 2 else prefix


def _same_prefix(full: str, asked: str) -> bool:
    """平政发 is 京平政发, but 政发 could be anyone's: the tail must match by three characters or whole."""
    return full == asked or (len(asked) >= 3 and full.endswith(asked)) or asked.endswith(full)


def _squash(text: str) -> str:
    return re.sub(r"[\s“”\"《》〈〉‘’「」『』]", "", normalise(text))


def romanised(name: str) -> Iterable[str]:
    """Yield a name as it is written in pinyin, in one word and syllable by syllable."""
    from pypinyin import lazy_pinyin

    syllables = lazy_pinyin(name)
    yield "".join(syllables)
    yield " ".join(syllables)
