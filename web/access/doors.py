"""Middleware that asks who comes: by their log-in or key, or by the word of a proxy that is trusted."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from config import WebConfig
from web.access.addresses import names
from web.access.keys import Keys
from web.access.people import NOBODY, Person, Role, address_of
from web.access.refusals import is_below, is_interface, refusal
from web.access.sessions import Known, Sessions

SESSION_COOKIE = "gongwen-session"
OPEN_PATHS = ("/static", "/health", "/favicon.ico")
EDITORS_PATHS = ("/desk", "/feedback", "/evaluation")
LONGEST_NAME = 100

Answering = Callable[[Request], Awaitable[Person | Response]]


class Door:
    """Lets a person in, to what their role may see; answers anybody else itself, unless the path is open to all."""

    def __init__(
        self, app: ASGIApp, web: WebConfig, who: Answering, open_paths: tuple[str, ...] = OPEN_PATHS
    ) -> None:
        self.app, self.web, self.who, self.open_paths = app, web, who, open_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        request.state.person = NOBODY
        found = await self.who(request)
        if isinstance(found, Person):
            request.state.person = found
            if found.is_editor or not is_below(request.url.path, EDITORS_PATHS):
                await self.app(scope, receive, send)
                return
            found = refusal(request, "forbidden", language=self.web.language)
        elif is_below(request.url.path, self.open_paths):
            await self.app(scope, receive, send)
            return
        await found(scope, receive, send)


class ByLogin:
    """Knows people by the cookie of their log-in, and programs by a key."""

    def __init__(self, sessions: Sessions, keys: Keys, web: WebConfig) -> None:
        self.sessions, self.keys, self.web = sessions, keys, web

    async def __call__(self, request: Request) -> Person | Response:
        kind, _, key = request.headers.get("authorization", "").partition(" ")
        token = request.cookies.get(SESSION_COOKIE, "")
        known: Known | None = None
        if kind.lower() == "bearer":  # a wrong key is not made good by a cookie
            known = await run_in_threadpool(self.keys.known, key.strip())
        elif token and not is_below(request.url.path, ("/static",)):
            known = await run_in_threadpool(self.sessions.known, token)
        if known is not None:
            return Person(known.name, known.role, address=address_of(request), session_id=known.session_id)
        if request.method in ("GET", "HEAD") and not is_interface(request.url.path):
            asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(
                "/login" if asked == "/" else f"/login?next={quote(asked, safe='/')}", 303
            )
        return refusal(request, "unauthorized", language=self.web.language)


class ByProxy:
    """Takes a trusted proxy's word, in a header, for who asks; nobody else's."""

    def __init__(self, web: WebConfig) -> None:
        self.web = web
        self.trusted = [ipaddress.ip_network(part) for part in names(web.trusted_proxies)]
        self.editors = names(web.proxy_editors)

    async def __call__(self, request: Request) -> Person | Response:
        name = _word(request, self.web.proxy_header)
        if not self._is_trusted(request.state.peer) or not 0 < len(name) <= LONGEST_NAME:
            return refusal(request, "not_through_proxy", language=self.web.language)
        return Person(name, self._role(request, name), address=address_of(request))

    def _is_trusted(self, peer: str) -> bool:
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self.trusted)

    def _role(self, request: Request, name: str) -> Role:
        header = self.web.proxy_role_header
        told = _word(request, header) if header else ""
        is_editor = name.lower() in self.editors or Role.EDITOR in names(told)
        return Role.EDITOR if is_editor else Role.READER


def _word(request: Request, header: str) -> str:
    """Return what a header says, "" when it is missing, stands there twice or cannot be read."""
    values = request.headers.getlist(header)
    try:
        word = values[0].encode("latin-1").decode("utf-8").strip() if len(values) == 1 else ""
    except UnicodeError:
        return ""
    return word if word.isprintable() else ""
