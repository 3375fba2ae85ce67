"""Middleware: what a browser is told beside each response: which powers the page does without, and what it may keep."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.access.refusals import is_below

# Gradio's scripts compile templates, hence unsafe-eval; nothing may be loaded from or sent to another host.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "same-origin",  # none at all would take the origin from forms, by which foreign ones are told
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
}
HASHED = "public, max-age=31536000, immutable"  # Gradio's assets carry their hash in their name
ASKED_AGAIN = "no-cache"  # kept, and used after a 304


class Headers:
    """Adds headers; where people log in, nothing but scripts, styles and pictures may be kept by browsers or proxies."""

    def __init__(self, app: ASGIApp, *, personal: bool) -> None:
        self.app, self.personal = app, personal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        keeping = self._keeping(scope["path"])

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(ALWAYS)
                if message["status"] >= 400 and keeping is not None:
                    headers["Cache-Control"] = "no-store"
                elif keeping is not None:
                    headers["Cache-Control"] = keeping
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _keeping(self, path: str) -> str | None:
        if is_below(path, ("/static",)):
            return ASKED_AGAIN
        if is_below(path, ("/assets",)):
            return HASHED
        return "no-store" if self.personal else None
