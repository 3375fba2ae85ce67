"""What the scripts of the chat page ask for: the list of conversations, exports, explanations, feedback."""

from __future__ import annotations

import logging
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from qa.answer import Answer
from web.access.people import person_of
from web.chat.asking import Archive
from web.chat.chat_texts import CHAT_TEXTS
from web.chat.conversation import Said, Turn, feedback_html, history_of
from web.chat.drawer import conversations_html
from web.chat.explanation import explanation_html
from web.chat.export import as_markdown, as_word
from web.records.conversations import Conversation, Conversations, NoConversation
from web.records.feedback import LONGEST_WORD, FeedbackBook, Judged, Verdict
from web.rooms.views import language_of
from web.services import Services
from web.texts import TEXTS, Texts

log = logging.getLogger(__name__)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MARKDOWN = "text/markdown; charset=utf-8"


class Title(BaseModel):
    """A new title."""

    title: str = Field(min_length=1, max_length=200, pattern=r"\S")


class Opinion(BaseModel):
    """What a person says of an answer."""

    verdict: Verdict
    word: str = Field("", max_length=LONGEST_WORD)


def chat_router(services: Services) -> APIRouter:
    """Return the routes; every one answers for the person's own conversations alone."""
    router = APIRouter(prefix="/conversations", include_in_schema=False)
    mine = Mine(services)

    @router.get("")
    def listed(request: Request, words: Annotated[str, Query(max_length=200)] = "") -> HTMLResponse:
        kept = mine.conversations.listed(person_of(request).owner, words)
        return HTMLResponse(conversations_html(kept, mine.texts(request), searched=bool(words.strip())))

    @router.put("/{conversation_id}/title", status_code=204)
    def rename(request: Request, conversation_id: str, title: Title) -> None:
        mine.opened(request, conversation_id)
        mine.conversations.rename(person_of(request).owner, conversation_id, title.title)

    @router.delete("/{conversation_id}", status_code=204)
    def delete(request: Request, conversation_id: str) -> None:
        mine.opened(request, conversation_id)
        mine.conversations.delete(person_of(request).owner, conversation_id)

    @router.get("/{conversation_id}.{form}")
    def export(request: Request, conversation_id: str, form: Literal["md", "docx"]) -> Response:
        kept, texts = mine.opened(request, conversation_id), mine.texts(request)
        turns = mine.turns(request, conversation_id)
        if form == "docx":
            return _download(as_word(kept, turns, texts), WORD, f"{kept.title}.docx")
        return _download(as_markdown(kept, turns, texts).encode(), MARKDOWN, f"{kept.title}.md")

    @router.get("/{conversation_id}/turns/{turn_id}/why")
    def why(request: Request, conversation_id: str, turn_id: str) -> HTMLResponse:
        answer, history = mine.answered(request, conversation_id, turn_id)
        texts = mine.texts(request)
        try:
            told = services.assistant.explain(answer, history=history)
        except Exception:  # the page outlives whatever one explanation does to it
            log.exception("No explanation of %r", answer.question)
            return HTMLResponse(f'<p role="alert">{texts.explanation.failed}</p>', status_code=500)
        return HTMLResponse(explanation_html(told, texts))

    @router.put("/{conversation_id}/turns/{turn_id}/feedback")
    def judge(request: Request, conversation_id: str, turn_id: str, opinion: Opinion) -> HTMLResponse:
        answer, history = mine.answered(request, conversation_id, turn_id)
        judged = Judged(turn_id, answer, history, services.assistant.index_build)
        mine.book.give(person_of(request).owner, judged, opinion.verdict, opinion.word)
        said = Said(opinion.verdict.value, opinion.word.strip())
        return HTMLResponse(feedback_html(turn_id, said, mine.texts(request)))

    @router.delete("/{conversation_id}/turns/{turn_id}/feedback")
    def withdraw(request: Request, conversation_id: str, turn_id: str) -> HTMLResponse:
        mine.answered(request, conversation_id, turn_id)
        mine.book.withdraw(person_of(request).owner, turn_id)
        return HTMLResponse(feedback_html(turn_id, None, mine.texts(request)))

    return router


class Mine:
    """What belongs to whoever makes a request; what does not is 404 to them."""

    def __init__(self, services: Services) -> None:
        self.conversations, self.book = Conversations(services.database), FeedbackBook(services.database)
        self.archive = Archive(self.conversations, self.book)
        self.language = services.config.web.language

    def texts(self, request: Request) -> Texts:
        """Return the words in the person's language."""
        return TEXTS[language_of(request, default=self.language)]

    def opened(self, request: Request, conversation_id: str) -> Conversation:
        """Return one of their conversations."""
        try:
            return self.conversations.opened(person_of(request).owner, conversation_id)
        except NoConversation as error:
            raise self._gone(request) from error

    def turns(self, request: Request, conversation_id: str) -> list[Turn]:
        """Return its turns."""
        try:
            return self.archive.turns(person_of(request).owner, conversation_id)
        except NoConversation as error:
            raise self._gone(request) from error

    def answered(
        self, request: Request, conversation_id: str, turn_id: str
    ) -> tuple[Answer, list[tuple[str, str]]]:
        """Return one of its answers, and the turns before it as the assistant takes them."""
        turns = self.turns(request, conversation_id)
        for at, turn in enumerate(turns):
            if turn.turn_id == turn_id and turn.answer:
                return turn.answer, history_of(turns[:at])
        raise self._gone(request)

    def _gone(self, request: Request) -> HTTPException:
        return HTTPException(404, CHAT_TEXTS[self.texts(request).language].gone)


def _download(body: bytes, media_type: str, name: str) -> Response:
    safe = "".join("_" if sign in '\\/:*?"<>|' or ord(sign) < 32 else sign for sign in name)
    disposition = f"attachment; filename*=UTF-8''{quote(safe.encode('utf-8', 'replace'))}"
    return Response(body, media_type=media_type, headers={"content-disposition": disposition})
