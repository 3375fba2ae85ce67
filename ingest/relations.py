"""Which document repeals or invalidates which, when each begins and ends to hold, and what holds on a given day."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from ingest.document import Document, Provision, Relation, Validity
from ingest.headers import DOC_NO, normalise_doc_no, parse_date
from ingest.numerals import NUMERAL, parse_numeral

TITLE = r"《((?:[^《》]|《[^《》]*》)+)》"
TARGET = rf"{TITLE}\s*(?:[（(]([^（）()]*?号)[）)])?"
RUN = re.compile(rf"(?:{TARGET}[、和及与，,以]*)+")
ONE = re.compile(TARGET)
ENDS = (("repeals", "废止"), ("invalidates", "失效"), ("invalidates", "停止执行"))
PART_OF = re.compile(rf"{TARGET}中的{TITLE}")
LISTED = re.compile(r"^\d{1,3}\s*[.．、]\s*(.+?)\s*[（(]([^（）()]*?\d+\s*号[^（）()]*)[）)]")
STARTS = re.compile(r"自(.{2,24}?)起(?:正式)?(?:施行|实施|执行|生效|实行|停止执行)")
OWN_TERM = re.compile(rf"有效期(?:限)?(?:为|是)?({NUMERAL}{{1,3}})年")
HOLDING = ("in_force", "unknown", "expired")
CLEARING_TITLE = re.compile(r"宣布失效|废止|失效")


def add_relations(documents: Sequence[Document]) -> list[Document]:
    """Return the documents with their dates of effect and their relations, targets resolved within `documents`."""
    dated = [_with_dates(document) for document in documents]
    by_no = {document.doc_no: document for document in dated if document.doc_no}
    by_title = _by_title(dated)
    out = []
    for document in dated:
        found = [_resolve(relation, document, by_no, by_title) for relation in _find(document)]
        out.append(replace(document, relations=tuple(found)))
    return out


def _with_dates(document: Document) -> Document:
    effective, expires = document.issued_on, None
    for provision in document.provisions:
        match = STARTS.search(provision.text)
        if match and _about_itself(provision.text, match.start()):
            effective = parse_date(match[1]) or effective
        term = OWN_TERM.search(provision.text)
        if (
            term
            and effective
            and (years := parse_numeral(term[1]))
            and _about_itself(provision.text, term.start())
        ):
            expires = _add_years(effective, years)
    return replace(document, effective_on=effective, expires_on=expires)


def _about_itself(text: str, position: int) -> bool:
    """本办法自…起实施，有效期为5年: the sentence speaks of this very document."""
    start = text.rfind("。", 0, position) + 1
    return bool(
        re.search(
            r"本(?:办法|规则|规定|细则|意见|实施意见|通告|决定|方案|条例|通知|法|标准)", text[start:position]
        )
    )


def _add_years(day: date, years: int) -> date:
    if day.year + years > date.max.year:
        return date.max
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _find(document: Document) -> Iterable[Relation]:
    clearing = bool(CLEARING_TITLE.search(document.title))
    seen: set[tuple[str | None, str | None]] = set()
    leaves = [p for p in document.provisions if not p.is_heading and p.kind != "row"]
    for provision in sorted(leaves, key=lambda item: len(item.text)):  # the smallest provision that says so
        relations = [*_stated(document, provision)]
        if clearing and provision.label.startswith("附件"):
            relations += _listed(document, provision)
        for relation in relations:
            key = (relation.target_no, relation.target_title)
            if key not in seen:
                seen.add(key)
                yield relation


def _stated(document: Document, provision: Provision) -> Iterable[Relation]:
    for sentence in re.findall(r"[^。\n]+。?", provision.text):
        for kind, word in ENDS:
            position = sentence.find(word)
            if position < 0 or re.search(rf"(?:不予|已|已经|已被){word}", sentence):  # 已废止: another's deed
                continue
            part = PART_OF.search(sentence)
            targets = [(None, part[3])] if part else _targets(sentence, position, word)
            for number, title in targets:
                since = document.effective_on if kind == "repeals" else document.issued_on
                yield Relation(
                    kind=kind, document_id=document.document_id, provision_id=provision.provision_id,
                    target_no=number, target_title=title, target_id=None, since=since, quote=sentence.strip(),
                )  # fmt: skip


def _targets(sentence: str, position: int, word: str) -> list[tuple[str | None, str | None]]:
    """Return (number, title) of the instruments named right before 同时废止, or right behind 废止."""
    for run in RUN.finditer(sentence):
        gap = sentence[run.end() : position] if run.end() <= position else None
        if gap is not None and len(gap) <= 12 and "。" not in gap and "；" not in gap:
            return [(normalise_doc_no(one[2] or ""), one[1]) for one in ONE.finditer(run[0])]
        if run.start() >= position and run.start() - position - len(word) <= 4:
            return [(normalise_doc_no(one[2] or ""), one[1]) for one in ONE.finditer(run[0])]
    found = list(DOC_NO.finditer(sentence, 0, position))
    adjacent = found and position - found[-1].end() <= 4
    return [(normalise_doc_no(found[-1][0]), None)] if adjacent else []


def _listed(document: Document, provision: Provision) -> Iterable[Relation]:
    match = LISTED.match(provision.text)
    if match:
        yield Relation(
            kind="invalidates", document_id=document.document_id, provision_id=provision.provision_id,
            target_no=normalise_doc_no(match[2]), target_title=match[1].strip("《》 "), target_id=None,
            since=document.issued_on, quote=provision.text.strip(),
        )  # fmt: skip


def _resolve(
    relation: Relation,
    document: Document,
    by_no: Mapping[str, Document],
    by_title: Mapping[str, Sequence[Document]],
) -> Relation:
    if relation.target_no:
        target = by_no.get(relation.target_no)
        return replace(relation, target_id=target.document_id if target else None)
    same = [
        other for other in by_title.get(_bare_title(relation.target_title or ""), ())
        if other.document_id != document.document_id and (other.issued_on or date.min) < (document.issued_on or date.max)
    ]  # fmt: skip
    return replace(relation, target_id=same[-1].document_id if same else None)


def _by_title(documents: Iterable[Document]) -> dict[str, list[Document]]:
    """Return the documents by their title and by that of the notice that issued them, each in order."""
    table: dict[str, list[Document]] = {}
    for document in documents:
        for title in {_bare_title(document.title), _bare_title(document.notice_title)} - {""}:
            table.setdefault(title, []).append(document)
    return table


def _bare_title(title: str) -> str:
    return re.sub(r"[\s《》〈〉<>“”]", "", title)


@dataclass(frozen=True)
class ValidityIndex:
    """Answers whether a document holds on a day, from the relations of all documents of the corpus."""

    documents: tuple[Document, ...]

    def of(self, document: Document, as_of: date) -> Validity:
        """Return the validity of `document` on the day `as_of`."""
        start = document.effective_on or document.issued_on
        if start is None:
            return Validity("unknown")
        if start > as_of:
            return Validity("not_yet", since=start)
        ended = self._ended(document, as_of) or self._superseded(document, as_of)
        expired = document.expires_on is not None and document.expires_on <= as_of
        if expired and (ended is None or ended.since is None or ended.since > document.expires_on):  # type: ignore[operator]
            return Validity("expired", since=document.expires_on)
        return ended or Validity("in_force", since=start)

    def holding(self, as_of: date) -> dict[str, bool]:
        """Say of each document, by id, whether nothing replaced it on that day (an expired one still tells its rule)."""
        return {d.document_id: self.of(d, as_of).status in HOLDING for d in self.documents}

    def of_number(self, doc_no: str, as_of: date) -> tuple[Validity, Relation] | None:
        """Return what the corpus says of a document that it does not hold, None when it says nothing."""
        return _first(self._by_number.get(doc_no, ()), as_of)

    def of_title(self, title: str, as_of: date) -> tuple[Validity, Relation] | None:
        """The same by title: 《平谷区农村村民住宅建设管理办法》."""
        return _first(self._by_title.get(_bare_title(title), ()), as_of)

    def _ended(self, document: Document, as_of: date) -> Validity | None:
        found = _first(self._by_target.get(document.document_id, ()), as_of)
        return found[0] if found else None

    def _superseded(self, document: Document, as_of: date) -> Validity | None:
        """A newer version of the instrument by the same issuer, in the corpus or named as repealed there."""
        title = _bare_title(document.title)
        newer = [
            other for other in self._versions.get(title, ())
            if _bare_title(other.title) == title and other.document_id != document.document_id and other.issuer == document.issuer
            and document.kind not in ("通知", "决定", "通告", "公告")
            and (document.issued_on or date.min) < (other.issued_on or date.min)
            and (other.effective_on or other.issued_on or date.max) <= as_of
        ]  # fmt: skip
        if newer:
            latest = max(newer, key=lambda other: other.issued_on or date.min)
            return Validity(
                "superseded", latest.doc_no or latest.title, latest.effective_on, latest.document_id
            )
        return None

    # A corpus may hold a hundred thousand documents: each look-up goes through a table made once.

    @cached_property
    def _by_target(self) -> dict[str, list[Stated]]:
        return _grouped(self.documents, lambda relation: relation.target_id)

    @cached_property
    def _by_number(self) -> dict[str, list[Stated]]:
        return _grouped(self.documents, lambda relation: relation.target_no)

    @cached_property
    def _by_title(self) -> dict[str, list[Stated]]:
        return _grouped(self.documents, lambda relation: _bare_title(relation.target_title or ""))

    @cached_property
    def _versions(self) -> dict[str, list[Document]]:
        return _by_title(self.documents)


Stated = tuple[Relation, Document]  # a relation and the document that states it


def _grouped(documents: Iterable[Document], key: Callable[[Relation], str | None]) -> dict[str, list[Stated]]:
    table: dict[str, list[Stated]] = {}
    for source in documents:
        for relation in source.relations:
            if name := key(relation):
                table.setdefault(name, []).append((relation, source))
    return table


def _first(stated: Iterable[Stated], as_of: date) -> tuple[Validity, Relation] | None:
    for relation, source in stated:
        if relation.since is None or relation.since <= as_of:
            return ended_validity(relation, source), relation
    return None


def ended_validity(relation: Relation, source: Document) -> Validity:
    """Return the validity that `relation`, stated in `source`, gives to its target."""
    status = "repealed" if relation.kind == "repeals" else "invalidated"
    by = source.doc_no or f"《{source.title}》"
    return Validity(status, by, relation.since, source.document_id, relation.provision_id)
