"""Documents in, the same with their days of effect and their relations out: what each ends, amends, prolongs, rests on."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ingest.clauses import ENDING, Deed, changed_label, deeds
from ingest.corrections import with_corrected_days
from ingest.document import Document, Doubt, Provision, Relation
from ingest.effect import SELF_NAMED, add_months, day_after, day_named, find_effect
from ingest.headers import parse_date
from ingest.instruments import bare_title, exact_title, find_mentions, names_its_issuer
from ingest.listings import listed_deeds
from ingest.numerals import NUMERAL, parse_numeral

ALIAS = re.compile(r"以下(?:简称|统称|称)(?:为)?[“《]?([^“”《》（）()，,。]{2,20})")
SHORT_NAME = re.compile(
    r"^(?:[本原新旧该]|暂行|试行|实施|补充|若干)?(?:办法|规定|解释|通知|意见|决定|条例|规则|细则|方案|安排|规划|计划|公告|通告|标准)$"
)
REVISED = re.compile(
    r"((?:19|20)\d\d年\d{1,2}月\d{1,2}日|[一二][〇○零一二三四五六七八九]{3}年[^，。；、]{2,8}?日)([^，。；]*?)(?:第.{1,2}次)?(?:修正|修订|修改)"
)
HEADER_PARAGRAPHS = 15
YEARS = re.compile(r"(?:19|20)\d\d(?=年)")


@dataclass
class Names:
    """Looks a document up by what another calls it."""

    by_no: dict[str, Document] = field(default_factory=dict)
    by_exact: dict[str, list[Document]] = field(default_factory=dict)
    by_bare: dict[str, list[Document]] = field(default_factory=dict)

    @classmethod
    def of(cls, documents: Iterable[Document]) -> Names:
        names = cls()
        for document in documents:
            if document.doc_no:
                names.by_no.setdefault(document.doc_no, document)
            titles = [title for title in (document.title, document.notice_title) if title]
            for key in dict.fromkeys(exact_title(title) for title in titles):
                names.by_exact.setdefault(key, []).append(document)
            for key in dict.fromkeys(bare_title(title) for title in titles):
                names.by_bare.setdefault(key, []).append(document)
        return names


def add_relations(documents: Sequence[Document]) -> list[Document]:
    """Return the documents with their days of effect and their relations, targets resolved within `documents`."""
    dated = [with_corrected_days(_with_days(document)) for document in documents]
    names = Names.of(dated)
    return [replace(document, relations=tuple(_relations(document, names))) for document in dated]


def _with_days(document: Document) -> Document:
    effect = find_effect(document)
    doubts = tuple(Doubt("part_starts", document.text[start:end].strip()) for start, end in effect.part_spans)
    if effect.start is None and document.issued_on:
        start, end = effect.start_span or (0, 0)
        doubts += (Doubt("no_start", document.text[start:end].strip()),)
    return replace(
        document, effective_on=effect.start, expires_on=effect.expires, doubts=(*document.doubts, *doubts)
    )


def _relations(document: Document, names: Names) -> Iterator[Relation]:
    seen: set[tuple[str, str | None, str | None, str]] = set()
    for relation in (*_found(document, names), *_revisions(document)):
        if relation.kind == "amended_by":
            key: tuple[str, str | None, str | None, str] = (relation.kind, str(relation.since), None, "")
        else:
            key = (_group(relation.kind), relation.target_no, relation.target_title, relation.target_label)
        if key not in seen:
            seen.add(key)
            yield relation


def _group(kind: str) -> str:
    """A document ends another once, whatever the words."""
    return "ends" if kind in ENDING else kind


def _found(document: Document, names: Names) -> Iterator[Relation]:
    aliases = _aliases(document)
    places = _Places(document)
    amended: list[Deed] = []
    for start, paragraph in _paragraphs(document.text):
        stated = deeds(paragraph)
        label = "" if stated else changed_label(paragraph)
        if label and len(amended) == 1:  # the units of 对①作如下修改：
            stated = [replace(amended[0], quote=paragraph.strip(), label=label)]
        leads = [deed for deed in stated if deed.kind == "amends" and not deed.label]
        if leads:
            amended = leads if "：" in paragraph or ":" in paragraph else []
        for deed in stated:
            if relation := _relation(deed, document, places.at(start, paragraph, deed.quote), aliases, names):
                yield relation
    for provision, deed in listed_deeds(document):
        if relation := _relation(deed, document, provision.provision_id, aliases, names):
            yield relation


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    position = 0
    for line in text.split("\n"):
        yield position, line
        position += len(line) + 1


class _Places:
    """Finds the smallest provision that holds a place in the document's text; rows of tables state nothing by themselves."""

    def __init__(self, document: Document) -> None:
        self.provisions = sorted(document.provisions, key=lambda p: (p.start, -p.end))
        self.starts = [provision.start for provision in self.provisions]
        self.longest = max((p.end - p.start for p in self.provisions), default=0)

    def at(self, start: int, paragraph: str, quote: str) -> str | None:
        """Return the id of the smallest provision that holds the quote, None for a row or a place without a provision."""
        first = start + max(paragraph.find(quote), 0)
        best: Provision | None = None
        for index in range(bisect_right(self.starts, first) - 1, -1, -1):
            provision = self.provisions[index]
            if first - provision.start > self.longest:
                break
            if provision.end >= first + len(quote) and (
                best is None or provision.end - provision.start < best.end - best.start
            ):
                best = provision
        return None if best is None or best.kind == "row" else best.provision_id


def _aliases(document: Document) -> dict[str, tuple[str | None, str | None]]:
    """Return what 以下简称《解释》 stands for in this document, by its short name."""
    out: dict[str, tuple[str | None, str | None]] = {}
    for _, paragraph in _paragraphs(document.text):
        if "简称" in paragraph or "统称" in paragraph:
            for mention in find_mentions(paragraph):
                if match := ALIAS.search(paragraph, mention.start, mention.end):
                    out.setdefault(match[1].strip(), (mention.number, mention.title))
    return out


def _relation(
    deed: Deed,
    document: Document,
    provision_id: str | None,
    aliases: Mapping[str, tuple[str | None, str | None]],
    names: Names,
) -> Relation | None:
    """Return the relation that a deed gives, None where it concerns the document itself or nobody knows what."""
    number, title = deed.number, deed.title
    if title and title in aliases and not number:
        number, title = aliases[title]
    elif title and not number and SHORT_NAME.match(title):
        return None
    if provision_id is None or (number and number == document.doc_no):
        return None
    target = _target(number, title, deed.named_as, document, names)
    return Relation(
        kind=deed.kind, document_id=document.document_id, provision_id=provision_id, target_no=number,
        target_title=title, target_id=target.document_id if target else None, since=_since(deed, document),
        quote=deed.quote, target_label=deed.label, until=_until(deed, target),
    )  # fmt: skip


def _since(deed: Deed, document: Document) -> date | None:
    """Return the day that the clause names, else that on which the document itself takes effect."""
    if deed.since and not (SELF_NAMED.search(deed.since) and re.search(r"施行|实施|生效|执行", deed.since)):
        named = day_named(deed.since, issued=document.issued_on, effective=document.effective_on)
        return named or document.effective_on
    return document.effective_on


def _until(deed: Deed, target: Document | None) -> date | None:
    """Return the first day on which a prolonged document no longer holds."""
    if last := parse_date(deed.until):
        return day_after(last)
    term = re.match(rf"({NUMERAL}+)(年|个月)", deed.until)
    if term and target and target.expires_on and (amount := parse_numeral(term[1])):
        return add_months(target.expires_on, amount * (12 if term[2] == "年" else 1))
    return None


def _target(
    number: str | None, title: str | None, named_as: str, document: Document, names: Names
) -> Document | None:
    if number and (known := names.by_no.get(number)):
        return known if known.document_id != document.document_id else None
    if not title:
        return None
    years = {int(year) for year in YEARS.findall(named_as)}
    for table, key in ((names.by_exact, exact_title(title)), (names.by_bare, bare_title(title))):
        fitting = [
            other for other in table.get(key, ()) if _may_be_meant(other, title, document, number, years)
        ]
        if fitting:
            return max(fitting, key=lambda other: other.issued_on or date.min)
    return None


def _may_be_meant(
    other: Document, title: str, document: Document, number: str | None, years: set[int]
) -> bool:
    """An older document of that title; of this issuer unless the title says whose it is; of the number's or stated year."""
    if other.document_id == document.document_id or other.issued_on is None or document.issued_on is None:
        return False
    if other.issued_on >= document.issued_on or not (
        other.issuer == document.issuer or names_its_issuer(title)
    ):
        return False
    if number:  # another's number is another document: only one without a number can be meant
        year = re.search(r"〔(\d{4})〕", number)
        return other.doc_no is None and bool(year) and other.issued_on.year == int(year[1])  # type: ignore[index]
    return not years or bool(years & _years_of(other))


def _years_of(document: Document) -> set[int]:
    """Return the years of a document's issue, effect and, in its head, revisions."""
    days = (document.issued_on, document.effective_on)
    head = document.text[:600].split("第一条")[0]
    return {day.year for day in days if day} | {int(year) for year in YEARS.findall(head)}


def _revisions(document: Document) -> Iterator[Relation]:
    """Yield the revisions in a law's head: （…通过 根据2018年10月26日《关于修改…的决定》修正）, each with its day."""
    places = _Places(document) if REVISED.search(document.text[:3000]) else None
    for number, (start, paragraph) in enumerate(_paragraphs(document.text[:6000])):
        if number >= HEADER_PARAGRAPHS or places is None or re.match(r"第一[条章]", paragraph):
            return
        if not re.match(r"\s*[（(]", paragraph) or not re.search(r"通过|公布|发布|批准", paragraph):
            continue
        for match in REVISED.finditer(paragraph):
            day, by = parse_date(match[1]), find_mentions(match[2])
            place = places.at(start, paragraph, paragraph.strip())
            if day and place:
                yield Relation(
                    kind="amended_by", document_id=document.document_id, provision_id=place,
                    target_no=by[-1].number if by else None, target_title=by[-1].title if by else None,
                    target_id=None, since=day, quote=paragraph.strip(),
                )  # fmt: skip
