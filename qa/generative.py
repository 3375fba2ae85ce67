"""A Query in, a Draft out, in a model's words: evidence -> prompt -> text -> the sentences that stand the checks."""

from __future__ import annotations

import logging
import time
from collections.abc import Generator as Closable
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

from ingest.document import Document
from ingest.validity import ValidityIndex
from qa.catalog import Catalog
from qa.citations import mask_mobile_numbers
from qa.claims import Checked, Claim, check_claim, claims_of, is_refusal
from qa.direct import no_evidence
from qa.draft import Draft, Statement
from qa.evidence import Evidence, EvidenceFinder
from qa.extractive import ExtractiveAnswerer
from qa.generation import HEARTBEAT, Generator, GeneratorError
from qa.prompt import Passage, build_messages, passages_from
from qa.query import Query
from qa.sentences import Sentence

EXTRACT_NOTE = "{reason}，以下为原文摘录。"
DROPPED_NOTE = "模型的回答中有{count}句没有通过与原文的核对，已删去。"
REFUSED_NOTE = "模型认为找到的规定不足以回答这个问题。"
PARTLY_REFUSED_NOTE = "模型认为问题的一部分在找到的规定中没有依据。"
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
        return replace(super()._from_evidence(query, found), evidence=tuple(found))

    def stream(self, query: Query) -> Closable[Draft, None, None]:
        """Yield partial drafts while the model writes, of checked sentences only, and last the draft that answers.

        A partial draft comes several times a second, changed or not; closing the iterator stops the model.
        """
        extract = self.answer(query)
        if not extract.evidence or not extract.statements:
            yield extract
            return
        passages = self._passages(query, extract)
        messages = build_messages(query.question, passages, english=query.is_english)
        text, count, due = "", 0, 0.0
        so_far = Draft(extract.status, answerer="generative", partial=True)
        try:
            with closing(self.generator.stream(messages, max_new_tokens=self.max_new_tokens)) as pieces:
                for piece in pieces:
                    text += piece
                    # The last sentence may go on, its markers too.
                    if len(claims := claims_of(text)[:-1]) != count:
                        count, due = len(claims), 0.0
                        kept = [self._check(claim, passages, query) for claim in claims]
                        so_far = replace(so_far, statements=_statements(kept))
                    if time.monotonic() >= due:
                        due = time.monotonic() + HEARTBEAT
                        yield so_far
        except GeneratorError as error:
            log.warning("%s", error)
            yield _with_note(extract, error.shown)
            return
        yield self._checked(query, extract, text, passages)

    def _passages(self, query: Query, extract: Draft) -> tuple[Passage, ...]:
        return passages_from(
            self._readable(query, extract), self.catalog.by_id,
            status=lambda document: self.validity.of(document, query.as_of).status,
            mask=mask_mobile_numbers if self.mask else str,
        )  # fmt: skip

    def _checked(self, query: Query, extract: Draft, text: str, passages: Sequence[Passage]) -> Draft:
        """Return the draft of a whole text: its sentences that stand, a refusal, or the extract."""
        checked = [self._check(claim, passages, query) for claim in claims_of(text)]
        dropped = [item for item in checked if item.passage is None]
        for item in dropped:
            log.info("dropped (%s): %s", item.reason, item.claim.text)
        refusals = [item for item in dropped if is_refusal(item.claim)]
        if statements := _statements(checked):
            notes = [DROPPED_NOTE.format(count=len(dropped) - len(refusals))] if dropped != refusals else []
            return self._drafted(
                query, extract, statements, [*notes, *([PARTLY_REFUSED_NOTE] if refusals else [])]
            )
        if refusals and refusals == checked:
            refused = no_evidence((REFUSED_NOTE, *self._nearest(extract.evidence)))
            return replace(refused, answerer="generative")
        return _with_note(extract, "模型的回答没有通过与原文的核对" if checked else "模型没有给出内容")

    def _check(self, claim: Claim, passages: Sequence[Passage], query: Query) -> Checked:
        return check_claim(claim, passages, self.catalog.places, question=query.question)

    def _drafted(
        self, query: Query, extract: Draft, statements: tuple[Statement, ...], notes: Sequence[str]
    ) -> Draft:
        terms = self.finder.terms(query)
        versions = self.versions.notes(query, statements, terms)
        extracted = self.versions.notes(query, extract.statements, terms)
        others = [note for note in extract.notes if note not in extracted]
        translated = [TRANSLATED_NOTE] if query.is_english else []
        told = tuple(dict.fromkeys([*versions, *others, *notes, *translated]))
        return Draft(extract.status, statements, notes=told, answerer="generative")

    def _readable(self, query: Query, extract: Draft) -> list[Evidence]:
        """Return what the extract rests on, then the evidence that may answer beside it: of its place, as valid as it."""
        best = self.catalog.by_id[extract.statements[0].document_id]
        free = bool(query.places or query.numbers or query.titles)
        mine = ("", self.catalog.place_of(best.document_id))

        def fits(document: Document) -> bool:
            here = free or self.catalog.place_of(document.document_id) in mine
            return document is best or (
                here and self._status_rank(query, document) <= self._status_rank(query, best)
            )

        kept = [item for item in extract.evidence if fits(self.catalog.by_id[item.sentence.document_id])]
        return sorted(kept, key=lambda item: not any(_overlap(item.sentence, s) for s in extract.statements))

    def _status_rank(self, query: Query, document: Document) -> int:
        return 0 if self.versions.holds(document, query.as_of) else 1


def _overlap(sentence: Sentence, statement: Statement) -> bool:
    return (
        sentence.document_id == statement.document_id
        and sentence.start < statement.end
        and statement.start < sentence.end
    )


def _statements(checked: Sequence[Checked]) -> tuple[Statement, ...]:
    return tuple(_statement(item) for item in checked if item.passage is not None)


def _statement(item: Checked) -> Statement:
    assert item.passage is not None
    span = (item.start, item.end)
    whole = span == (item.passage.start, item.passage.end)
    label = item.passage.provision.label if whole else None
    return Statement(item.claim.text, item.passage.document.document_id, *span, (span,), label)


def _with_note(extract: Draft, reason: str) -> Draft:
    return replace(extract, notes=(*extract.notes, EXTRACT_NOTE.format(reason=reason)))
