"""Pages for editors: who is none gets a page that says so."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from web.access.people import Person, person_of
from web.desk.texts import DESK_TEXTS
from web.rooms.views import language_of, page


class NotAnEditor(Exception):
    """A reader asked for what only editors may do."""


def editor(request: Request) -> Person:
    """Return the editor who makes the request; a FastAPI dependency. Raises NotAnEditor."""
    person = person_of(request)
    if not person.is_editor:
        raise NotAnEditor
    return person


def show_who_may(app: FastAPI, *, language: str) -> None:
    """Have `app` answer NotAnEditor by a page that says so."""

    async def refuse(request: Request, error: Exception) -> Response:
        chosen = language_of(request, default=language)
        desk = DESK_TEXTS[chosen]
        return page(
            request, "notice.html", current="", language=chosen, status=403, heading=desk.forbidden_title,
            help=desk.forbidden, back=desk.to_chat,
        )  # fmt: skip

    app.add_exception_handler(NotAnEditor, refuse)
