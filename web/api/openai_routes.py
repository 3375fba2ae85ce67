"""/v1: the assistant as a model of OpenAI's chat protocol, for any client that speaks it."""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter
from fastapi.sse import format_sse_event

from qa.answer import Answer, Progress, citation_to_json
from web.api.answering import Answering
from web.api.errors import FAILED, ApiError
from web.api.openai_models import MODEL, ChatCompletion, ChatRequest, ModelBody, ModelList, OpenAIError, chunk
from web.api.routes import EventStream, begun
from web.chat.conversation import copied_answer
from web.texts import TEXTS, Texts

log = logging.getLogger(__name__)

SINCE = 1760000000  # of the model, which has no other date of birth
DROPPED = {"function": "tool"}
ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": OpenAIError, "description": "The request is wrong; the message says where."},
    404: {"model": OpenAIError, "description": "There is no such model."},
    422: {"model": OpenAIError, "description": "Not given: what is wrong comes as 400."},
    503: {
        "model": OpenAIError,
        "description": "Too many questions wait; Retry-After says when to come again.",
    },
}
CHUNK_SCHEMA = {"type": "object", "properties": {"data": {"type": "string"}}}
CORRECTED = "\n\n（以上未通过核对，以下为准）\n\n"


def router_of(answering: Answering, *, language: str) -> APIRouter:
    """Return the routes of /v1."""
    router = APIRouter(prefix="/v1", tags=["openai"])
    texts = TEXTS[language]
    model = {"id": MODEL, "object": "model", "created": SINCE, "owned_by": "gongwen"}

    @router.get("/models", response_model=ModelList)
    def models() -> Any:
        """List the models"""
        return {"object": "list", "data": [model]}

    @router.get("/models/{name}", response_model=ModelBody, responses={404: ERRORS[404]})
    def one_model(name: str) -> Any:
        """Read a model"""
        _check_model(name)
        return model

    @router.post(
        "/chat/completions",
        response_model=ChatCompletion,
        responses={**ERRORS, 200: {"content": {"text/event-stream": {"itemSchema": CHUNK_SCHEMA}}}},
    )
    async def chat(asked: ChatRequest) -> Any:
        """Chat as with a model of OpenAI's

        The last message of a user is the question, those before it are its history. `message.citations` (of a stream:
        `delta.citations` of the last chunk with a choice) holds the citations as data.
        """
        _check_model(asked.model)
        question, history = question_of(asked)
        items = await begun(answering.stream(question, history=history))
        if asked.stream:
            return EventStream(_chunks(items, asked, texts))
        async with aclosing(items):
            answer = [item async for item in items if isinstance(item, Answer)][-1]
        return completion(answer, asked, texts)

    return router


def question_of(asked: ChatRequest) -> tuple[str, list[dict[str, str]]]:
    """Return the last message of a user and the messages before it. Raises ApiError where there is none."""
    at = max((i for i, message in enumerate(asked.messages) if message.role == "user"), default=-1)
    if at < 0 or not asked.messages[at].text.strip():
        raise ApiError(422, "messages: the last message of a user must hold the question.", param="messages")
    before = [
        {"role": DROPPED.get(message.role, message.role), "content": message.text}
        for message in asked.messages[:at]
        if message.text.strip()
    ]
    return asked.messages[at].text, before


def content_of(answer: Answer, texts: Texts) -> str:
    """Return what a chat client shows: the answer, its citations in their proper form, its notes."""
    notes = ["", f"{texts.notes}：", *(f"- {note}" for note in answer.notes)] if answer.notes else []
    return "\n".join([copied_answer(answer, texts), *notes])


def completion(answer: Answer, asked: ChatRequest, texts: Texts) -> dict[str, Any]:
    """Return a whole answer in OpenAI's form."""
    content = content_of(answer, texts)
    message = {"role": "assistant", "content": content, "refusal": None, **_data_of(answer)}
    return {
        "id": _name(),
        "object": "chat.completion",
        "created": int(time.time()),
        "model": MODEL,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
        "usage": _usage(asked, content),
    }


async def _chunks(
    items: AsyncGenerator[Progress | Answer, None], asked: ChatRequest, texts: Texts
) -> AsyncGenerator[bytes, None]:
    """Yield the chunks of an answer; what was sent cannot be taken back, so a correction is said to be one."""
    name, created = _name(), int(time.time())
    counted = bool(asked.stream_options and asked.stream_options.include_usage)
    sent = ""
    yield _event(chunk(name, created, {"role": "assistant", "content": ""}, usage=counted))
    try:
        async with aclosing(items):
            async for item in items:
                whole = content_of(item, texts) if isinstance(item, Answer) else item.text
                if whole.startswith(sent):
                    more = whole[len(sent) :]
                elif isinstance(item, Answer):
                    more = CORRECTED + whole
                else:
                    continue
                sent += more
                if more:
                    yield _event(chunk(name, created, {"content": more}, usage=counted))
                if isinstance(item, Answer):
                    yield _event(chunk(name, created, _data_of(item), finish="stop", usage=counted))
    except Exception:  # the response has begun: what failed can only be said within it
        log.exception("no answer to the chat %s", name)
        yield _event(
            {"error": {"message": FAILED, "type": "server_error", "param": None, "code": "internal"}}
        )
        return
    if counted:
        last = chunk(name, created, {})
        yield _event(last | {"choices": [], "usage": _usage(asked, sent)})
    yield format_sse_event(data_str="[DONE]")


def _data_of(answer: Answer) -> dict[str, Any]:
    return {"citations": [citation_to_json(item) for item in answer.citations], "status": answer.status}


def _usage(asked: ChatRequest, content: str) -> dict[str, int]:
    read, written = sum(len(message.text) for message in asked.messages), len(content)
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _check_model(name: str) -> None:
    if name != MODEL:
        raise ApiError(
            404,
            f"The model {name!r} does not exist; the one here is {MODEL!r}.",
            code="model_not_found",
            param="model",
        )


def _name() -> str:
    return f"chatcmpl-{uuid.uuid4().hex}"


def _event(data: Mapping[str, Any]) -> bytes:
    return format_sse_event(data_str=json.dumps(data, ensure_ascii=False))
