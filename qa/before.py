"""A question made to stand alone, and the turn before the one that is asked, with what the corpus answers to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from ingest.document import Document, Provision
from qa.catalog import AskedNumber, Catalog
from qa.draft import Draft, Statement
from qa.naming import document_name
from qa.query import Query
from qa.sentences import smallest_provision
from qa.swap import full_place

Parse = Callable[[str], Query]
MAX_HEAD = 40  # characters of an answer that stand for it
PERSON_TOLD = re.compile(r"(?:^|[；。\n])([\u4e00-\u9fff]{2,4})同志[任的]")


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

    def __init__(
        self, resolved: Resolved, query: Query, answer: Callable[[Query], Draft], catalog: Catalog
    ) -> None:
        self.resolved, self.query, self._answer, self._catalog = resolved, query, answer, catalog

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
    def document(self) -> Document | None:
        """The one document that the answer cites, else the one that was asked about; None where there are several."""
        cited = {statement.document_id for statement in self.draft.statements}
        if len(cited) == 1:
            return self._catalog.by_id[next(iter(cited))]
        if cited:
            return None
        if self.resolved.within:
            return self.resolved.within
        named = self.query.titles or (self.query.documents or () if self.query.numbers else ())
        return self._catalog.by_id[named[0]] if len(named) == 1 else None

    @property
    def provision(self) -> Provision | None:
        """The smallest provision around what was cited."""
        cited = self.statement
        return (
            smallest_provision(self._catalog.by_id[cited.document_id], cited.start, cited.end)
            if cited
            else None
        )

    @property
    def label(self) -> str:
        """The label that was cited, "" for none."""
        return (self.statement and self.statement.label) or (self.provision.label if self.provision else "")

    @property
    def head(self) -> str:
        """The first words of what was answered, as what a further question is about."""
        return head_of(self.draft)

    @property
    def person(self) -> str:
        """The person whom the question named, or its answer tells of; "" for none."""
        told = self.statement.text if self.statement else ""
        names = self._catalog.person_names(self.question) or PERSON_TOLD.findall(told)
        return names[0] if names else ""

    @property
    def place(self) -> str:
        """The one place that the question named, or that its answer is from; "" for none or several."""
        if len(self.query.places) == 1:
            return full_place(self.query.places[0][0], self._catalog)
        if self.query.places or not self.document:
            return ""
        return full_place(self._catalog.place_of(self.document.document_id), self._catalog)


def head_of(draft: Draft) -> str:
    """Return the first words of an answer."""
    text = draft.statements[0].text if draft.statements else ""
    return re.split(r"[。；，：\n]", text, maxsplit=1)[0][:MAX_HEAD]
