"""Middleware: what a browser is told beside each response: which powers the page does without, and what it may keep."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.access.refusals import is_below

Pairs = tuple[tuple[bytes, bytes], ...]
ALWAYS = {
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
}
HASHED = (
    "public, max-age=31536000, immutable"  # what has its hash in its address, as Gradio's assets and ?v=…
)
ASKED_AGAIN = "no-cache"  # kept, and used after a 304


class Headers:
    """Adds `always` and its own headers to every response, refusals too; where people log in, nothing but scripts, styles and pictures may be kept by browsers or proxies."""

    def __init__(self, app: ASGIApp, always: Pairs, *, personal: bool) -> None:
        self.app, self.personal = app, personal
        self.always = {**{name.decode(): value.decode() for name, value in always}, **ALWAYS}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        keeping = self._keeping(scope["path"], scope["query_string"])

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self.always)
                if message["status"] >= 400 and keeping is not None:
                    headers["Cache-Control"] = "no-store"
                elif keeping is not None:
                    headers["Cache-Control"] = keeping
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _keeping(self, path: str, query: bytes) -> str | None:
        if is_below(path, ("/static", "/assets")):
            return HASHED if path.startswith("/assets") or query.startswith(b"v=") else ASKED_AGAIN
        return "no-store" if self.personal else None
