"""Assistant.ask(): a question in, an Answer with verified citations out. A new reader starts here."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial
from itertools import zip_longest
from pathlib import Path

from config import Config, load_config
from index.build import open_index, update_index
from index.filters import Filter
from index.judge import Judge
from index.reader import Reader
from index.store import Hit, IndexNotBuilt, PassageIndex
from ingest.document import Document, Validity
from ingest.validity import ValidityIndex
from qa.answer import Answer, Progress
from qa.before import Before, Parse, Resolved
from qa.catalog import Catalog
from qa.citations import CitationMaker, verify
from qa.draft import Draft
from qa.evidence import Evidence, EvidenceFinder, Keep
from qa.explain import Explanation, explain_answer
from qa.extractive import ExtractiveAnswerer
from qa.follow_choice import Reading
from qa.follow_up import FollowUps
from qa.generative import GenerativeAnswerer
from qa.generators import generator_from_config
from qa.history import History, read_turns
from qa.query import Query, parse_question

__all__ = ["Assistant", "IndexNotBuilt"]

DRAFTS_KEPT = 256


class Assistant:
    """Answers questions over one corpus; safe to share between threads, since nothing changes after it is made."""

    def __init__(self, index: PassageIndex, config: Config) -> None:
        self.index, self.config = index, config
        self.catalog = Catalog(index.documents)
        self.validity_index = index.validity
        self.evidence_finder = EvidenceFinder(
            index,
            self.catalog,
            Reader.load(config.reader_folder, index.lexical.idf),
            Judge.load(config.judge_folder) if config.judge_folder else None,
            top_k=config.search.top_k,
            dense_weight=config.search.dense_weight,
        )
        self._extract = ExtractiveAnswerer(*self._parts(), home_issuer=config.qa.home_issuer)
        self._answerer = self._make_answerer()
        # A conversation's next question asks those before it anew.
        self._drafted = lru_cache(maxsize=DRAFTS_KEPT)(self._extract.answer)
        self._citations = CitationMaker(
            self.catalog,
            self.validity_index,
            mask=config.privacy.mask_mobile_numbers,
            limit=config.qa.max_citations,
        )

    def _parts(self) -> tuple[Catalog, EvidenceFinder, ValidityIndex]:
        return self.catalog, self.evidence_finder, self.validity_index

    def _make_answerer(self) -> ExtractiveAnswerer:
        if self.config.answerer.kind == "extractive":
            return self._extract
        return GenerativeAnswerer(
            *self._parts(), generator_from_config(self.config), home_issuer=self.config.qa.home_issuer,
            max_new_tokens=self.config.answerer.max_new_tokens, mask=self.config.privacy.mask_mobile_numbers,
        )  # fmt: skip

    @classmethod
    def from_config(cls, config: Config) -> Assistant:
        """Open the index that `config` names. Raises IndexNotBuilt, or IndexUnusable when another encoder made it."""
        return cls(open_index(config), config)

    @classmethod
    def open(cls, config_path: str | Path | None = None) -> Assistant:
        """Open the assistant of a config file, building or updating its index first when the corpus has changed."""
        config = load_config(config_path)
        return cls(update_index(config, report=_to_stderr), config)

    def ask(
        self,
        question: str,
        *,
        history: History = (),
        as_of: date | None = None,
        documents: Sequence[str] = (),
        id: str = "",
    ) -> Answer:
        """Return the answer to `question`; `history` holds the turns before it, oldest first: (question, answer text)
        pairs, or messages {"role": "user" or "assistant", "content": …}.

        `documents`, ids, limits it to these. Every citation was checked against the stored text. Raises ValueError for
        an empty question, a malformed history and an unknown id.
        """
        items = self.stream(question, history=history, as_of=as_of, documents=documents, id=id)
        return next(item for item in items if isinstance(item, Answer))

    def stream(
        self,
        question: str,
        *,
        history: History = (),
        as_of: date | None = None,
        documents: Sequence[str] = (),
        id: str = "",
    ) -> Generator[Progress | Answer, None, None]:
        """Yield what stands so far, several times a second while a model writes, and last the answer that `ask` returns.

        What a Progress holds was checked as an answer is. Closing the iterator stops the model.
        """
        started = time.perf_counter()
        if not question.strip():
            raise ValueError("the question is empty; ask something.")
        if unknown := [i for i in documents if i not in self.catalog.by_id]:
            raise ValueError(
                f"no document {unknown[0]!r} in the corpus; the ids are those of Assistant.documents."
            )
        parse = partial(self.parse, as_of=as_of, documents=documents)
        resolved = self._resolve(question, history, parse)
        query = resolved.query(parse)
        with closing(self._drafts(resolved, query)) as drafts:
            for draft in drafts:
                if draft.partial:
                    yield Progress(self._answer(question, draft, query).text)
                    continue
                if resolved.shown != question:
                    draft = replace(draft, notes=(f"按上文理解为：{resolved.shown}", *draft.notes))
                answer = self._answer(question, draft, query)
                yield replace(answer, id=id, latency_ms=(time.perf_counter() - started) * 1000)

    def _drafts(self, resolved: Resolved, query: Query) -> Generator[Draft, None, None]:
        if resolved.draft:
            yield resolved.draft
        elif self._answerer is self._extract:
            yield self._drafted(query)
        else:
            yield from self._answerer.stream(query)

    def _answer(self, question: str, draft: Draft, query: Query) -> Answer:
        """Return the answer of a draft, every citation of which was checked against the stored text."""
        answer = self._citations.answer(question, draft, as_of=query.as_of)
        for cited in answer.citations:
            if not verify(cited, self.document(cited.document_id), mask=self._citations.mask):
                raise RuntimeError(f"a citation of {question!r} could not be verified")
        return answer

    def _resolve(self, question: str, history: History, parse: Parse) -> Resolved:
        """Return the question as it stands alone; what was answered before is found anew, without a generator."""
        turns = read_turns(history)
        return self._follow_ups(parse).resolve(question, turns) if turns else Resolved(question)

    def readings(self, question: str, history: History) -> tuple[Query, Before | None, list[Reading]]:
        """Return a follow-up parsed, the turn before it, and the ways to read it with what is answered then."""
        return self._follow_ups(self.parse).readings_of(question, read_turns(history))

    def _follow_ups(self, parse: Parse) -> FollowUps:
        return FollowUps(self._extract, parse, self._drafted)

    def explain(
        self,
        answer: Answer,
        *,
        history: History = (),
        as_of: date | None = None,
        documents: Sequence[str] = (),
    ) -> Explanation:
        """Return why `ask` gave this answer, told the same as it was; no language model is asked again."""
        parse = partial(self.parse, as_of=as_of, documents=documents)
        resolved = self._resolve(answer.question, history, parse)
        hits = self.search(resolved.question, filter=Filter(documents=tuple(documents)))
        return explain_answer(answer, resolved.query(parse), hits, self._extract, mask=self._citations.mask)

    def parse(self, question: str, *, as_of: date | None = None, documents: Sequence[str] = ()) -> Query:
        """Return how the question is understood."""
        query = parse_question(
            question, self.catalog, today=date.today(), as_of=as_of, home_issuer=self.config.qa.home_issuer,
            within=documents,
        )  # fmt: skip
        return self.evidence_finder.glossed(query)

    def evidence(self, query: Query, *, keep: Keep | None = None) -> list[Evidence]:
        """Return the evidence that an answer would rest on; `keep` as in EvidenceFinder.find."""
        return self._answerer.evidence(query, keep=keep)

    def signs(self, query: Query, found: Sequence[Evidence]) -> dict[str, float]:
        """Return the signs by which `found` is judged to answer `query` or not (see qa.support)."""
        return self._answerer.signs(query, found)

    def holds(self, as_of: date) -> dict[str, bool]:
        """Say of each document whether nothing replaced it on that day."""
        return self.validity_index.holding(as_of)

    @property
    def documents(self) -> tuple[Document, ...]:
        return self.index.documents

    @property
    def index_build(self) -> str:
        """The name of the build of the index that answers; another name means another index."""
        return self.index.build

    def document(self, document_id: str) -> Document:
        """Return one document. Raises KeyError for an unknown id."""
        return self.catalog.by_id[document_id]

    def validity(self, document_id: str, as_of: date | None = None) -> Validity:
        """Return whether a document holds on a day, today by default."""
        return self.validity_index.of(self.document(document_id), as_of or date.today())

    @property
    def chunk_count(self) -> int:
        """How many chunks are searched."""
        return len(self.index.chunks)

    def search(self, question: str, k: int = 10, filter: Filter | None = None) -> list[Hit]:
        """Return the k best hits of retrieval alone, limited to `filter` and to the documents that the question names.

        Raises UnknownFilterValue where the filter names what the corpus does not hold.
        """
        query, within = self.parse(question), filter or Filter()
        named = [ids for _, ids in query.places] if self._compares(query) else [query.documents or ()]
        found = [self._search(query, k, within, ids) for ids in named]
        in_turn = (hit for hits in zip_longest(*found) for hit in hits if hit is not None)
        merged = {
            hit.chunk.chunk_id: hit for hit in in_turn
        }  # the filter alone may have answered for several
        return [replace(hit, rank=rank) for rank, hit in enumerate(list(merged.values())[:k], start=1)]

    def _compares(self, query: Query) -> bool:
        """Say whether several districts are asked about at once: each then has its own hits, in turn."""
        return len(query.places) > 1 and query.documents == tuple(i for _, ids in query.places for i in ids)

    def _search(self, query: Query, k: int, within: Filter, named: Sequence[str]) -> list[Hit]:
        """Search the documents named; those of the filter alone where it and the question have nothing in common."""
        both = tuple(i for i in named if not within.documents or i in within.documents)
        limits = [replace(within, documents=both), within] if both else [within]
        for limit in limits:
            hits = self.index.search(
                query.index_text, asked=query.asked_text, words=query.lexical_text, top_k=k, filter=limit,
                dense_weight=self.evidence_finder.weight_of(query),
            )  # fmt: skip
            if hits:
                return hits
        return []


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
