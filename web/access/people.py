"""A request in, the person who makes it out."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import StrEnum
from http.cookies import SimpleCookie

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

VISITOR_COOKIE = "gongwen-visitor"
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

    @property
    def owner(self) -> str:
        """Whose conversations these are."""
        return f"user:{self.name}" if self.name else f"visitor:{self.visitor}"

    @property
    def is_editor(self) -> bool:
        return self.role is Role.EDITOR


def person_of(request: Request) -> Person:
    """Return the person that the middleware found; a FastAPI dependency. KeyError-free: every request has one."""
    person: Person = request.state.person
    return person


class Visitors:
    """Middleware of a server without access control: whoever reaches it is an editor, known by a cookie of no meaning."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        known = visitor_of(scope)
        visitor = known or secrets.token_urlsafe(16)
        scope.setdefault("state", {})["person"] = Person("", Role.EDITOR, visitor)
        await self.app(scope, receive, send if known else _setting_cookie(send, visitor))


def visitor_of(scope: Scope) -> str:
    """Return what the visitor's cookie holds, "" when there is none."""
    cookies = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            cookies.load(value.decode("latin-1"))
    return cookies[VISITOR_COOKIE].value if VISITOR_COOKIE in cookies else ""


def _setting_cookie(send: Send, visitor: str) -> Send:
    cookie = f"{VISITOR_COOKIE}={visitor}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Lax"

    async def send_with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], (b"set-cookie", cookie.encode())]}
        await send(message)

    return send_with_cookie
