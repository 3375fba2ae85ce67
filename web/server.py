"""The page in, a web application out that asks nothing of any other machine."""

from __future__ import annotations

import re
from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config import WebConfig
from web.access.people import Visitors
from web.api.application import Interfaces
from web.api.gradio_ask import add_ask
from web.chat.page import build_page
from web.services import Services

HERE = Path(__file__).parent
SANS = ("PingFang SC", "Microsoft YaHei", "Source Han Sans SC", "Noto Sans CJK SC", "system-ui", "sans-serif")
MONO = ("ui-monospace", "Consolas", "Noto Sans Mono CJK SC", "monospace")

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
HEADERS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
# Of Gradio's own endpoints only those that the page uses: none that takes files, fetches or edits code.
GRADIO_ENDPOINTS = re.compile(
    r"/gradio_api/(queue/(join|data)|heartbeat/\w+|cancel|reset|app_id|startup-events|info)/?"
)
# Gradio's index page advertises itself to link previews and names a manifest that it does not serve.
FOREIGN_TAGS = re.compile(r'\s*<(?:meta\s+(?:property="og:|name="twitter:)|link\s+rel="manifest")[^>]*>')


def create_app(services: Services) -> FastAPI:
    """Return the application: the other pages and the interfaces, and the chat page at "/" behind them."""
    web = services.config.web
    interfaces = Interfaces(services)
    app = FastAPI(
        title="Gongwen QA", docs_url=None, redoc_url=None, openapi_url=None, lifespan=interfaces.lifespan
    )
    app.add_middleware(OwnPage, language="zh-CN" if web.language == "zh" else "en")
    app.add_middleware(Visitors)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.router.routes.append(interfaces)
    # Before the chat page, which takes every path that is left.
    page = build_page(interfaces.services)
    add_ask(page, interfaces.answering)
    return mount_page(app, page, web)


def mount_page(app: FastAPI, page: gr.Blocks, web: WebConfig) -> FastAPI:
    """Return `app` with the page mounted at "/": no footer, no history, nothing shared, nothing uploaded."""
    return gr.mount_gradio_app(
        app,
        page,
        path="/",
        server_name=web.host,
        server_port=web.port,
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        favicon_path=str(HERE / "static" / "favicon.svg"),
        theme=gr.themes.Base(font=list(SANS), font_mono=list(MONO)),
        css_paths=[HERE / "static" / "house.css", HERE / "chat" / "chat.css"],
        js=(HERE / "chat" / "page.js").read_text(encoding="utf-8"),
    )


class OwnPage:
    """Middleware: security headers, no endpoint beyond need, and the index page without its foreign tags."""

    def __init__(self, app: ASGIApp, language: str) -> None:
        self.app, self.language = app, language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif not is_served(scope["path"]):
            await PlainTextResponse("not found", status_code=404)(scope, receive, send)
        elif scope["path"] == "/" and scope["method"] == "GET":
            # Uncompressed, so that it can be read here.
            headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
            await self.app({**scope, "headers": headers}, receive, RewrittenPage(send, self.language))
        else:
            await self.app(scope, receive, _with_headers(send))


class RewrittenPage:
    """A `send` that holds the index page back until it is whole, then passes it on rewritten."""

    def __init__(self, send: Send, language: str) -> None:
        self.send, self.language = _with_headers(send), language
        self.start: Message = {}
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        self.body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = rewritten_index(self.body.decode("utf-8"), self.language).encode("utf-8")
        headers = [
            (name, value) for name, value in self.start["headers"] if name.lower() != b"content-length"
        ]
        headers.append((b"content-length", str(len(body)).encode()))
        await self.send({**self.start, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})


def is_served(path: str) -> bool:
    """Say whether the page needs this path of Gradio's, or it is none of Gradio's."""
    if path.startswith("/gradio_api"):
        return GRADIO_ENDPOINTS.fullmatch(path) is not None
    return not path.startswith("/monitoring")


def rewritten_index(html: str, language: str) -> str:
    """Return Gradio's index page in the page's language and without tags that name other hosts."""
    return FOREIGN_TAGS.sub("", html).replace('lang="en"', f'lang="{language}"', 1)


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *HEADERS]}
        await send(message)

    return send_with_headers
