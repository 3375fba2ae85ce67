"""Draft in, Answer out: statements get markers, quotations are verified against the store, mobile numbers masked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from ingest.document import Document
from ingest.validity import ValidityIndex
from qa.answer import Answer, Citation, CitedValidity, ComparedSide
from qa.catalog import Catalog
from qa.draft import Draft, Statement
from qa.naming import document_name, state_words
from qa.sentences import smallest_provision

MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})(?!\d)")
NOTHING_FOUND = "没有找到相应规定。"


class CitationError(RuntimeError):
    """A quotation does not stand in the stored document at its offsets: a defect, never shown."""


def mask_mobile_numbers(text: str) -> str:
    """Return `text` with the middle of every mobile number as asterisks, its length kept."""
    return MOBILE.sub(lambda match: match[0].replace(match[2], "****", 1), text)


class CitationMaker:
    """Makes verified citations out of the statements of a draft."""

    def __init__(self, catalog: Catalog, validity: ValidityIndex, *, mask: bool, limit: int) -> None:
        self.catalog, self.validity, self.mask, self.limit = catalog, validity, mask, limit

    def answer(self, question: str, draft: Draft, *, as_of: date) -> Answer:
        """Return the answer of a draft; statements over the limit of citations are dropped and counted in a note."""
        citations: list[Citation] = []
        lines = [draft.lead] if draft.lead else []
        rows: list[ComparedSide] = []
        dropped = 0
        for statement in draft.statements:
            citation = self.cite(statement, len(citations) + 1, as_of)
            known = next((c for c in citations if _same(c, citation)), None)
            if known is None and len(citations) >= self.limit:
                dropped += 1
                continue
            if known is None:
                citations.append(citation)
            marker = (known or citation).marker
            if statement.side:
                rows.append(ComparedSide(statement.side, statement.text, marker))
            lines.append(f"{statement.side}{'：' * bool(statement.side)}{statement.text}〔{marker}〕")
        rows += [ComparedSide(side, NOTHING_FOUND) for side in draft.silent]
        lines += [f"{side}：{NOTHING_FOUND}" for side in draft.silent]
        text = "\n".join(lines)
        notes = (
            *draft.notes,
            *self._changed(citations, as_of),
            *self._set_by_hand(citations, as_of),
            *self._not_yet(citations, as_of),
        )
        if dropped:
            notes = (*notes, f"另有{dropped}处依据未列出。")
        if self.mask:
            text, notes = mask_mobile_numbers(text), tuple(mask_mobile_numbers(note) for note in notes)
            rows = [replace(row, text=mask_mobile_numbers(row.text)) for row in rows]
        return Answer(
            question, draft.status, text, tuple(citations), notes, draft.answerer, comparison=tuple(rows)
        )

    def _changed(self, citations: Iterable[Citation], as_of: date) -> Iterable[str]:
        """Say which of the provisions quoted were changed or ended since, and by what."""
        for citation in citations:
            changes = self.validity.changes(self.catalog.by_id[citation.document_id], as_of)
            by_part = {relation.document_id for relation in changes if relation.target_label}
            for relation in changes:
                if not relation.target_label and relation.document_id in by_part:
                    continue  # it says of which articles it changes: the whole is not meant
                if _is_about(relation.target_label, citation.label):
                    by = self.catalog.by_id[relation.document_id]
                    what = "修改" if relation.kind == "amends" else "停止适用"
                    where = citation.label if relation.target_label else "文件"
                    name = by.doc_no or f"《{by.title}》"
                    yield f"〔{citation.marker}〕所引{where}已由{name}{what}，请核对后再用。"

    def _set_by_hand(self, citations: Iterable[Citation], as_of: date) -> Iterable[str]:
        """Say of which documents a person, and no document, says whether they hold."""
        documents = dict.fromkeys(citation.document_id for citation in citations)
        for document in (self.catalog.by_id[document_id] for document_id in documents):
            state = self.validity.of(document, as_of)
            if state.by_hand:
                yield f"{document_name(document)}的效力状态由人工认定：{state_words(state).replace('（人工认定）', '')}。"

    def _not_yet(self, citations: Iterable[Citation], as_of: date) -> Iterable[str]:
        """Say which documents took effect only after the day asked about."""
        for document_id in dict.fromkeys(citation.document_id for citation in citations):
            state = self.validity.of(document := self.catalog.by_id[document_id], as_of)
            if state.status == "not_yet":
                since = f"，自{document.effective_on.isoformat()}起施行" if document.effective_on else ""
                yield f"{document_name(document)}在{as_of.isoformat()}尚未施行{since}；语料中没有找到当时的规定。"

    def cite(self, statement: Statement, marker: int, as_of: date) -> Citation:
        """Return the citation of one statement. Raises CitationError when its span is not in the stored document."""
        document = self.catalog.by_id[statement.document_id]
        quote = document.text[statement.start : statement.end]
        if not quote.strip() or statement.end > len(document.text) or statement.start < 0:
            raise CitationError(
                f"{document.document_id}: nothing stands at {statement.start}..{statement.end}"
            )
        provision = smallest_provision(document, statement.start, statement.end)
        held = self.validity.of(document, as_of)
        return Citation(
            marker=marker, document_id=document.document_id, doc_no=document.doc_no, title=document.title,
            issuer=document.issuer, issued_on=_iso(document.issued_on),
            label=provision.label if statement.label is None else statement.label, path=provision.path,
            quote=mask_mobile_numbers(quote) if self.mask else quote, source=document.source,
            start=statement.start, end=statement.end,
            validity=CitedValidity(held.status, held.by, _iso(held.since)), page=provision.page, scanned=document.scanned, provision_id=provision.provision_id,
            highlights=tuple(_within(statement.marked, statement.start, statement.end)),
        )  # fmt: skip


def verify(citation: Citation, document: Document, *, mask: bool) -> bool:
    """Say whether the quotation is the stored text at its offsets (masked alike)."""
    stored = document.text[citation.start : citation.end]
    return citation.quote == (mask_mobile_numbers(stored) if mask else stored)


def _is_about(changed: str, cited: str) -> bool:
    """Say whether a change of one label bears on another: of the whole document, of the article, of its item."""
    return not changed or (bool(cited) and (cited.startswith(changed) or changed.startswith(cited)))


def _same(one: Citation, other: Citation) -> bool:
    return one.document_id == other.document_id and one.start == other.start and one.end == other.end


def _within(spans: Iterable[tuple[int, int]], start: int, end: int) -> Iterable[tuple[int, int]]:
    for first, last in spans:
        if max(first, start) < min(last, end):
            yield max(first, start) - start, min(last, end) - start


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
