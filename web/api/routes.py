"""/api/v1: ask, stream, search, read."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event
from starlette.types import Receive, Scope, Send

from index.filters import Filter
from qa.answer import Answer, Progress, answer_to_json
from qa.explain import explanation_to_json
from web.api.answering import Answering
from web.api.contents import Contents
from web.api.errors import FAILED, ApiError
from web.api.models import (
    NUMBER,
    AskRequest,
    AskResponse,
    Day,
    DocumentBody,
    DocumentList,
    ErrorBody,
    ProvisionWithDocument,
    SearchResponse,
    ValidityBody,
    ValidityStatus,
)

log = logging.getLogger(__name__)

MOST_HITS = 100
MOST_LISTED = 200
MOST_OFFSET = 1_000_000
MOST_CHARS = 1000
Responses = dict[int | str, dict[str, Any]]
BUSY: Responses = {
    503: {"model": ErrorBody, "description": "Too many questions wait; Retry-After says when to come again."}
}
MISSING: Responses = {404: {"model": ErrorBody, "description": "There is no such thing here."}}
AsOf = Annotated[Day, Query(description="The day that validity is told of; today by default.")]
Question = Annotated[str, Query(description="What to look for.", examples=["常务会议多久召开一次"])]
Values = Annotated[list[Annotated[str, Query(max_length=MOST_CHARS)]], Query(max_length=MOST_HITS)]


EVENT_SCHEMA = {
    "type": "object",
    "properties": {"event": {"enum": ["progress", "answer", "error"]}, "data": {"type": "string"}},
}
EXAMPLE_EVENTS = (
    'event: progress\ndata: {"text": "…"}\n\nevent: answer\ndata: {"status": "answered", "text": "…"}\n\n'
)


def filter_of(
    document: Annotated[Values, Query(description="Ids of documents.", examples=[[NUMBER]])] = [],  # noqa: B006
    issuer: Annotated[
        Values, Query(description="Issuers, as documents state them.", examples=[["北京市平谷区人民政府"]])
    ] = [],  # noqa: B006
    district: Annotated[Values, Query(description="Districts of issuers.", examples=[["平谷"]])] = [],  # noqa: B006
    year: Annotated[
        list[Annotated[int, Query(ge=1, le=9999)]], Query(max_length=MOST_HITS, description="Years of issue.")
    ] = [],  # noqa: B006
    kind: Annotated[Values, Query(description="Kinds: 规则, 办法, 通知, …", examples=[["规则"]])] = [],  # noqa: B006
    in_force_on: Annotated[Day, Query(description="Only what was in force on this day.")] = None,
) -> Filter:
    """Return what a search is limited to: a value given twice takes either, different ones must all fit."""
    return Filter(tuple(document), tuple(issuer), tuple(district), tuple(year), tuple(kind), in_force_on)


Filtered = Annotated[Filter, Depends(filter_of)]


class EventStream(StreamingResponse):
    """Server-Sent Events out of an asynchronous generator, which is closed when the caller goes away."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncGenerator[bytes, None]) -> None:
        super().__init__(events, headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})
        self.events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(self.events):
            await super().__call__(scope, receive, send)


async def begun(items: AsyncGenerator[Progress | Answer, None]) -> AsyncGenerator[Progress | Answer, None]:
    """Return the same items, the first one made already: what refuses a question does so before the response begins."""
    first = await anext(items)

    async def all_items() -> AsyncGenerator[Progress | Answer, None]:
        async with aclosing(items):
            yield first
            async for item in items:
                yield item

    return all_items()


def router_of(answering: Answering, contents: Contents) -> APIRouter:
    """Return the routes of /api/v1."""
    router = APIRouter(prefix="/api/v1")
    _add_asking(router, answering)
    _add_reading(router, answering, contents)
    return router


def _add_asking(router: APIRouter, answering: Answering) -> None:
    @router.post(
        "/ask", response_model=AskResponse, response_model_exclude_unset=True, tags=["ask"], responses=BUSY
    )
    async def ask(asked: AskRequest) -> Any:
        """Ask a question

        The answer with its citations. Where nothing supports an answer the status is `not_found`, and the code 200.
        """
        told = _arguments(asked)
        answer = await answering.ask(asked.question, **told)
        body = answer_to_json(answer)
        if asked.explain:
            body["explanation"] = explanation_to_json(await answering.explain(answer, **told))
        return body

    @router.post(
        "/ask/stream",
        tags=["ask"],
        response_class=StreamingResponse,
        responses={
            **BUSY,
            200: {
                "description": "Server-Sent Events: `progress` with what a language model has written so far and the "
                "checks let stand, as often as there is more; last `answer`, the whole answer, or `error`.",
                "content": {"text/event-stream": {"itemSchema": EVENT_SCHEMA, "example": EXAMPLE_EVENTS}},
            },
        },
    )
    async def stream(asked: AskRequest) -> EventStream:
        """Ask, and follow the answer as it grows

        Closing the connection ends the work on the answer.
        """
        items = await begun(answering.stream(asked.question, **_arguments(asked)))
        return EventStream(_events(items, asked, answering))


def _add_reading(router: APIRouter, answering: Answering, contents: Contents) -> None:
    @router.get("/search", response_model=SearchResponse, tags=["read"], responses=BUSY)
    async def search(
        question: Question, wanted: Filtered,
        k: Annotated[int, Query(ge=1, le=MOST_HITS, description="How many.")] = 10,
    ) -> SearchResponse:  # fmt: skip
        """Search the provisions

        Retrieval alone, without an answer. A name that the corpus does not hold is an error (422) that lists the ones
        it holds.
        """
        hits = await answering.search(question, k, wanted)
        return SearchResponse(question=question, hits=contents.hits(hits, wanted.in_force_on))

    @router.get("/documents", response_model=DocumentList, tags=["read"])
    def documents(
        wanted: Filtered,
        words: Annotated[
            str, Query(max_length=MOST_CHARS, description="Words of number, title or issuer.")
        ] = "",
        status: Annotated[ValidityStatus | None, Query(description="Only those of this validity.")] = None,
        offset: Annotated[int, Query(ge=0, le=MOST_OFFSET, description="How many to pass over.")] = 0,
        limit: Annotated[int, Query(ge=1, le=MOST_LISTED, description="How many at most.")] = 50,
    ) -> DocumentList:
        """List the documents"""
        return contents.documents(wanted, words=words, status=status or "", offset=offset, limit=limit)

    @router.get(
        "/documents/{document_id:path}", response_model=DocumentBody, tags=["read"], responses=MISSING
    )
    def document(
        document_id: Annotated[str, Path(description="The document's id, URL-quoted.", examples=[NUMBER])],
        as_of: AsOf = None,
    ) -> DocumentBody:
        """Read a document

        All that is known of it: dates, validity, relations, text, provisions.
        """
        return contents.whole(document_id, as_of)

    @router.get(
        "/provisions/{provision_id:path}",
        response_model=ProvisionWithDocument,
        tags=["read"],
        responses=MISSING,
    )
    def provision(
        provision_id: Annotated[
            str,
            Path(
                description="Document id, #, label; URL-quoted (# is %23, / is %2F).",
                examples=[f"{NUMBER}#第四十一条"],
            ),
        ],
        as_of: AsOf = None,
    ) -> ProvisionWithDocument:
        """Read a provision"""
        return contents.provision(provision_id, as_of)

    @router.get("/validity", response_model=ValidityBody, tags=["read"], responses=MISSING)
    def validity(
        document: Annotated[str, Query(description="The document's id.", examples=[NUMBER])],
        as_of: AsOf = None,
    ) -> ValidityBody:
        """Ask whether a document holds

        On any day, with what ended it and since when.
        """
        return contents.validity(document, as_of)


def _arguments(asked: AskRequest) -> dict[str, Any]:
    history = [turn if isinstance(turn, tuple) else turn.model_dump() for turn in asked.history]
    return {"history": history, "as_of": asked.as_of, "documents": tuple(asked.documents)}


async def _events(
    items: AsyncGenerator[Progress | Answer, None], asked: AskRequest, answering: Answering
) -> AsyncGenerator[bytes, None]:
    try:
        async with aclosing(items):
            async for item in items:
                if isinstance(item, Progress):
                    yield event("progress", {"text": item.text})
                    continue
                body = answer_to_json(item)
                if asked.explain:
                    told = await answering.explain(item, **_arguments(asked))
                    body["explanation"] = explanation_to_json(told)
                yield event("answer", body)
    except ApiError as error:
        yield event("error", {"code": error.code, "message": error.message})
    except Exception:  # the response has begun: what failed can only be said within it
        log.exception("no answer to %r", asked.question)
        yield event("error", {"code": "internal", "message": FAILED})


def event(name: str, data: Mapping[str, Any]) -> bytes:
    """Return a Server-Sent Event of JSON."""
    return format_sse_event(event=name, data_str=json.dumps(data, ensure_ascii=False))
