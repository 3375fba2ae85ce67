"""Middleware that stands before everything: the server's own names only, no page of another site, no endless bodies."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config import WebConfig
from web.access.addresses import LOOPBACK, hostname, is_address, names
from web.access.refusals import is_below, is_interface, refusal

ANY_ADDRESS = ("0.0.0.0", "::")
MB = 1024 * 1024
BODY_MB = 1  # of a question or a form; what the corpus desk takes has its own limit


class Gate:
    """Refuses requests by other names (DNS rebinding), from pages of other sites, and with bodies beyond the limit."""

    def __init__(self, app: ASGIApp, web: WebConfig) -> None:
        self.app, self.web = app, web
        self.public = names(web.public_host)
        self.hosts = {*LOOPBACK, web.host.lower(), *(hostname(name) for name in self.public)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # nothing here speaks it
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        request.state.peer = request.client.host if request.client else ""  # before a proxy's word is heard
        host, limit = request.headers.get("host", ""), self._limit(request.url.path)
        if not self._is_ours(host):
            await refusal(request, "unknown_host", language=self.web.language, host=host[:100])(
                scope, receive, send
            )
        elif self._is_foreign(request, host):
            await refusal(request, "foreign_page", language=self.web.language)(scope, receive, send)
        elif announced(request) > limit:
            await self._too_large(request, limit)(scope, receive, send)
        else:
            body = CountedBody(receive, send, limit)
            try:
                await self.app(scope, body.receive, body.send)
            except HTTPException:
                if not body.is_cut:
                    raise
            if body.is_cut:
                await self._too_large(request, limit)(scope, receive, send)

    def _is_ours(self, host: str) -> bool:
        name = hostname(host)
        # A rebound name is never an address; where every address is served, any may be typed.
        return name in self.hosts or (self.web.host in ANY_ADDRESS and is_address(name))

    def _is_foreign(self, request: Request, host: str) -> bool:
        """Say whether another site's page made this request; a program names neither site nor origin."""
        site = request.headers.get("sec-fetch-site")  # browsers send it to https and to this machine alone
        if site in ("none", "same-origin"):
            return False
        if site:  # following a link is all that another site may do
            is_link = (
                request.method in ("GET", "HEAD") and request.headers.get("sec-fetch-mode") == "navigate"
            )
            return not is_link or is_interface(request.url.path)
        origin = request.headers.get("origin")
        return origin is not None and urlsplit(origin).netloc.lower() not in {host.lower(), *self.public}

    def _limit(self, path: str) -> int:
        return (self.web.max_upload_mb + BODY_MB if is_below(path, ("/desk",)) else BODY_MB) * MB

    def _too_large(self, request: Request, limit: int) -> ASGIApp:
        return refusal(request, "too_large", language=self.web.language, limit=f"{limit // MB} MB")


class CountedBody:
    """The `receive` and `send` of a request whose body is read only up to a limit; `is_cut` when that was not the end.

    What the application would say of the broken body is then kept back, unless it had begun to answer.
    """

    def __init__(self, receive: Receive, send: Send, limit: int) -> None:
        self._receive, self._send, self.left = receive, send, limit
        self.began = False

    @property
    def is_cut(self) -> bool:
        return self.left < 0 and not self.began

    async def receive(self) -> Message:
        message = await self._receive()
        self.left -= len(message.get("body", b""))
        if self.left < 0:
            raise HTTPException(413)
        return message

    async def send(self, message: Message) -> None:
        if self.is_cut:
            return
        self.began = True
        await self._send(message)


def announced(request: Request) -> int:
    """Return the length of the body that a request announces, 0 when it tells none."""
    length = request.headers.get("content-length", "")
    return int(length) if length.isdecimal() else 0
