"""A Query in, a Draft out, in a model's words: evidence -> prompt -> text -> the sentences that stand the checks."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from ingest.document import Document
from ingest.validity import ValidityIndex
from qa.answer import ANSWERED
from qa.catalog import Catalog
from qa.citations import mask_mobile_numbers
from qa.claims import Checked, check_text
from qa.draft import Draft, Statement
from qa.evidence import Evidence, EvidenceFinder, Sentence
from qa.extractive import ExtractiveAnswerer
from qa.generators import Generator, GeneratorError
from qa.prompt import NOT_SETTLED, build_messages, passages_from
from qa.query import Query

EXTRACT_NOTE = "{reason}，以下为原文摘录。"
DROPPED_NOTE = "模型的回答中有{count}句没有通过与原文的核对，已删去。"
TRANSLATED_NOTE = "英文由模型转述，只核对了其中的数字、日期、文号和名称；以中文原文为准。"

log = logging.getLogger(__name__)


class GenerativeAnswerer(ExtractiveAnswerer):
    """Answers as ExtractiveAnswerer does, but has a generator put the evidence into words, and checks each sentence.

    Look-ups, validity, comparisons, wrong premises and refusals call no generator. When it fails, or none of its sentences
    stands, the extractive answer is given and a note says why.
    """

    def __init__(
        self, catalog: Catalog, finder: EvidenceFinder, validity: ValidityIndex, generator: Generator, *,
        home_issuer: str = "", max_new_tokens: int = 400, mask: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(catalog, finder, validity, home_issuer=home_issuer)
        self.generator, self.max_new_tokens, self.mask = generator, max_new_tokens, mask

    def _from_evidence(self, query: Query, found: Sequence[Evidence]) -> Draft:
        extract = super()._from_evidence(query, found)
        passages = passages_from(
            self._readable(query, found, extract), self.catalog.by_id, status=lambda d: self.validity.of(d, query.as_of).status,
            mask=mask_mobile_numbers if self.mask else str,
        )  # fmt: skip
        messages = build_messages(query.question, passages, english=query.is_english)
        try:
            text = self.generator.generate(messages, max_new_tokens=self.max_new_tokens)
        except GeneratorError as error:
            log.warning("%s", error)
            return _with_note(extract, error.shown)
        checked = check_text(text, passages, places=self.catalog.places)
        for dropped in (item for item in checked if item.passage is None):
            log.info("dropped (%s): %s", dropped.reason, dropped.claim.text)
        statements = tuple(_statement(item) for item in checked if item.passage is not None)
        if not statements:
            return _with_note(extract, _why_nothing(text))
        return self._drafted(query, statements, dropped=len(checked) - len(statements))

    def _drafted(self, query: Query, statements: tuple[Statement, ...], *, dropped: int) -> Draft:
        notes = list(self.versions.notes(query, statements, self.finder.terms(query)))
        if dropped:
            notes.append(DROPPED_NOTE.format(count=dropped))
        if query.is_english:
            notes.append(TRANSLATED_NOTE)
        return Draft(ANSWERED, statements, notes=tuple(dict.fromkeys(notes)), answerer="generative")

    def _readable(self, query: Query, found: Sequence[Evidence], extract: Draft) -> list[Evidence]:
        """Return what the extract rests on, then the evidence that may answer beside it: of its place, as valid as it."""
        best = self.catalog.by_id[extract.statements[0].document_id]
        free = bool(query.places or query.numbers or query.titles)
        mine = ("", self.catalog.place_of(best.document_id))

        def fits(document: Document) -> bool:
            here = free or self.catalog.place_of(document.document_id) in mine
            return document is best or (
                here and self._status_rank(query, document) <= self._status_rank(query, best)
            )

        kept = [item for item in found if fits(self.catalog.by_id[item.sentence.document_id])]
        return sorted(kept, key=lambda item: not any(_overlap(item.sentence, s) for s in extract.statements))

    def _status_rank(self, query: Query, document: Document) -> int:
        return 0 if self.versions.holds(document, query.as_of) else 1


def _overlap(sentence: Sentence, statement: Statement) -> bool:
    return (
        sentence.document_id == statement.document_id
        and sentence.start < statement.end
        and statement.start < sentence.end
    )


def _statement(item: Checked) -> Statement:
    assert item.passage is not None
    span = (item.start, item.end)
    whole = span == (item.passage.start, item.passage.end)
    label = item.passage.provision.label if whole else None
    return Statement(item.claim.text, item.passage.document.document_id, *span, (span,), label)


def _with_note(extract: Draft, reason: str) -> Draft:
    return replace(extract, notes=(*extract.notes, EXTRACT_NOTE.format(reason=reason)))


def _why_nothing(text: str) -> str:
    if not text.strip():
        return "模型没有给出内容"
    if any(words.lower() in text.lower() for words in NOT_SETTLED.values()):
        return "模型认为找到的规定不足以回答，请自行判断"
    return "模型的回答没有通过与原文的核对"
