"""A request in, the person who makes it out."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from enum import StrEnum

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

VISITOR_COOKIE = "gongwen-visitor"
VISITOR = re.compile(r"[\w-]{1,64}", re.ASCII)
YEAR = 365 * 24 * 3600


class Role(StrEnum):
    """What a person may do: a reader asks and reads; an editor also changes the corpus."""

    READER = "reader"
    EDITOR = "editor"


@dataclass(frozen=True)
class Person:
    """Who makes a request; `name` is "" where nobody has to log in, and then `visitor` tells browsers apart."""

    name: str
    role: Role
    visitor: str = ""
    address: str = field(default="", compare=False)  # where the request came from
    session_id: int = field(default=0, compare=False)  # of the log-in; 0: none, but a key or a proxy's word

    @property
    def owner(self) -> str:
        """Whose conversations these are."""
        return f"user:{self.name}" if self.name else f"visitor:{self.visitor}"

    @property
    def is_editor(self) -> bool:
        return self.role is Role.EDITOR


NOBODY = Person("", Role.READER)  # on the few pages that are open to all


def person_of(request: Request) -> Person:
    """Return the person that the middleware found; a FastAPI dependency. KeyError-free: every request has one.

    A function of a Gradio page is given a gr.Request, whose `request` this is: person_of(request.request).
    """
    person: Person = request.state.person
    return person


class Visitors:
    """Middleware of a server without access control: whoever reaches it is an editor, known by a cookie of no meaning."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        known = visitor_of(request)
        visitor = known or secrets.token_urlsafe(16)
        request.state.person = Person("", Role.EDITOR, visitor, address=address_of(request))
        await self.app(scope, receive, send if known else _setting_cookie(send, visitor))


def visitor_of(request: Request) -> str:
    """Return what the visitor's cookie holds, "" when there is none that was made here."""
    value = request.cookies.get(VISITOR_COOKIE, "")
    return value if VISITOR.fullmatch(value) else ""


def address_of(request: Request) -> str:
    """Return the address that a request comes from, behind a trusted proxy the one that it names."""
    return request.client.host[:100] if request.client else ""


def _setting_cookie(send: Send, visitor: str) -> Send:
    cookie = f"{VISITOR_COOKIE}={visitor}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Lax"

    async def send_with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], (b"set-cookie", cookie.encode())]}
        await send(message)

    return send_with_cookie
