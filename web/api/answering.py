"""Questions in, answers out, so many at a time: what waits is bounded, and who comes later is told to come again."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import date
from functools import partial
from typing import TypeVar

from anyio import CancelScope, CapacityLimiter, to_thread

from config import Config
from index.backend import Hit
from index.filters import Filter, UnknownFilterValue
from qa.answer import Answer, Progress
from qa.explain import Explanation
from qa.history import Turn, read_turns
from web.api.errors import ApiError, busy
from web.services import AssistantLike

WITH_A_MODEL = 16  # answers at a time that mostly wait for a language model

T = TypeVar("T")
Asked = Sequence[Turn]


class Answering:
    """Asks the assistant in threads; every way in shares one of these. Raises ApiError."""

    def __init__(self, assistant: AssistantLike, config: Config) -> None:
        self.assistant, self.limit = assistant, config.web.max_question_chars
        self.waiting_limit = config.web.answers_waiting
        self.at_once = config.web.answers_at_once or (
            max(1, os.cpu_count() or 1) if config.answerer.kind == "extractive" else WITH_A_MODEL
        )
        # Made at the first question: a limiter belongs to the event loop.
        self._places: CapacityLimiter | None = None
        self._steps: CapacityLimiter | None = None

    @property
    def waiting(self) -> int:
        """How many questions wait for a place."""
        return self._places.statistics().tasks_waiting if self._places else 0

    async def ask(
        self,
        question: str,
        *,
        history: object = (),
        as_of: date | None = None,
        documents: Sequence[str] = (),
    ) -> Answer:
        """Return the answer."""
        items = self.stream(question, history=history, as_of=as_of, documents=documents)
        async with aclosing(items):  # its place is free as soon as the answer is there
            async for item in items:
                if isinstance(item, Answer):
                    return item
        raise RuntimeError(f"no answer to {question!r}")

    async def stream(
        self,
        question: str,
        *,
        history: object = (),
        as_of: date | None = None,
        documents: Sequence[str] = (),
    ) -> AsyncGenerator[Progress | Answer, None]:
        """Yield what stands so far, last the answer. Closing it ends the work, a model's too."""
        turns = self.checked(question, history, documents)
        async with self._place():
            items = self.assistant.stream(question, history=turns, as_of=as_of, documents=documents)
            try:
                while (item := await self._step(partial(next, items, None))) is not None:
                    yield item
            finally:
                with CancelScope(shield=True):
                    await self._step(items.close)

    async def explain(
        self,
        answer: Answer,
        *,
        history: object = (),
        as_of: date | None = None,
        documents: Sequence[str] = (),
    ) -> Explanation:
        """Return why this is the answer."""
        turns = self.turns(history)
        return await self._run(
            partial(self.assistant.explain, answer, history=turns, as_of=as_of, documents=documents)
        )

    async def search(self, question: str, k: int, wanted: Filter) -> list[Hit]:
        """Return the k best hits of retrieval alone."""
        self._check_length(question)
        try:
            return await self._run(partial(self.assistant.search, question, k, wanted))
        except UnknownFilterValue as error:
            raise ApiError(422, str(error), code="unknown_filter_value") from error

    def checked(self, question: str, history: object, documents: Sequence[str]) -> Asked:
        """Return the turns of the history of a question that can be asked."""
        self._check_length(question)
        held = {document.document_id for document in self.assistant.documents} if documents else set()
        if unknown := [i for i in documents if i not in held]:
            raise ApiError(
                422, f"no document {unknown[0]!r} here; /api/v1/documents lists them.", param="documents"
            )
        return self.turns(history)

    def turns(self, history: object) -> Asked:
        """Return the turns of a history."""
        try:
            turns = read_turns(history)  # type: ignore[arg-type]  # it says what is wrong with any other
        except ValueError as error:
            raise ApiError(422, str(error), param="history") from error
        if any(len(question) > self.limit for question, _ in turns):
            raise ApiError(
                422, f"history: a question has more than {self.limit} characters.", param="history"
            )
        return turns

    def _check_length(self, question: str) -> None:
        if not question.strip():
            raise ApiError(422, "the question is empty; ask something.", param="question")
        if len(question) > self.limit:
            raise ApiError(
                422,
                f"the question has {len(question)} characters; at most {self.limit} are read (web.max_question_chars).",
                code="question_too_long",
                param="question",
            )

    async def _run(self, work: Callable[[], T]) -> T:
        async with self._place():
            return await self._step(work)

    async def _step(self, work: Callable[[], T]) -> T:
        if self._steps is None:
            self._steps = CapacityLimiter(self.at_once * 2)  # a place each, and one for closing what was left
        return await to_thread.run_sync(work, limiter=self._steps)

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        """Wait for one of the places, first come, first served. Raises ApiError when too many wait."""
        if self._places is None:
            self._places = CapacityLimiter(self.at_once)
        if self.waiting >= self.waiting_limit:
            raise busy(f"{self.waiting} questions are waiting; ask again in a moment.")
        holder = object()
        await self._places.acquire_on_behalf_of(holder)
        try:
            yield
        finally:
            self._places.release_on_behalf_of(holder)
