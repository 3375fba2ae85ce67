"""A question made to stand alone, and the turn before the one that is asked, with what the corpus answers to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from ingest.document import Document
from qa.catalog import AskedNumber
from qa.draft import Draft, Statement
from qa.naming import document_name
from qa.query import Query

Parse = Callable[[str], Query]


@dataclass(frozen=True)
class Resolved:
    """A question that stands alone. `within`: the document it is about; `draft`: its answer where it needs no search."""

    question: str
    within: Document | None = None
    draft: Draft | None = None

    @property
    def shown(self) -> str:
        """The question as a note shows it."""
        return f"{self.question}（{document_name(self.within)}）" if self.within else self.question

    def query(self, parse: Parse) -> Query:
        """Return the parsed question, limited to its document."""
        query = parse(self.question)
        if self.within is None:
            return query
        number = AskedNumber(self.within.doc_no or "", (self.within.document_id,))
        return replace(query, numbers=(number,))


class Before:
    """The turn before: what it asked, and what the corpus answers to that."""

    def __init__(self, resolved: Resolved, query: Query, answer: Callable[[Query], Draft]) -> None:
        self.resolved, self.query, self._answer = resolved, query, answer

    @property
    def question(self) -> str:
        return self.query.text

    @cached_property
    def draft(self) -> Draft:
        """What was answered, found anew: the caller's words of it may be anything."""
        return self.resolved.draft or self._answer(self.query)

    @property
    def statement(self) -> Statement | None:
        return self.draft.statements[0] if self.draft.statements else None

    @property
    def document_id(self) -> str | None:
        """The one document that the answer cites, else the one that was asked about."""
        cited = {statement.document_id for statement in self.draft.statements}
        if len(cited) == 1:
            return next(iter(cited))
        return self.resolved.within.document_id if self.resolved.within and not cited else None
