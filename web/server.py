"""The page in, a web application out that asks nothing of any other machine."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.access.entrance import add_access
from web.api.answering import Answering
from web.api.application import Interfaces
from web.api.gradio_ask import add_ask
from web.chat.frame import framed_index
from web.chat.page import build_page
from web.chat.routes import chat_router
from web.desk.guard import show_who_may
from web.desk.router import desk_router
from web.records.people import Clock, utc_now
from web.review.evaluation_page import evaluation_router
from web.review.feedback_page import feedback_router
from web.rooms.reading import reading_room
from web.rooms.views import language_of, page
from web.services import Services
from web.texts import TEXTS

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
    (b"referrer-policy", b"same-origin"),  # no-referrer would hide a form's origin from web/access/gate.py
    (b"x-content-type-options", b"nosniff"),
)
# Of Gradio's own endpoints only those that the page uses: none that takes files, fetches or edits code.
GRADIO_ENDPOINTS = re.compile(
    r"/gradio_api/(queue/(join|data)|heartbeat/\w+|cancel|reset|app_id|startup-events|info)/?"
)


def create_app(services: Services, *, now: Clock = utc_now) -> FastAPI:
    """Return the application: the other pages and the interfaces, and the chat page at "/" behind them."""
    web = services.config.web
    interfaces = Interfaces(services)
    chat = {language: chat_page(interfaces.services, language, interfaces.answering) for language in TEXTS}

    @asynccontextmanager
    async def lifespan(house: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as opened:
            await opened.enter_async_context(interfaces.lifespan(house))
            for page in chat.values():
                await opened.enter_async_context(page.router.lifespan_context(page))
            yield

    app = FastAPI(title="Gongwen QA", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.add_middleware(OwnPage, services=services)
    add_access(app, services, HEADERS, now=now)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.include_router(chat_router(services))
    app.include_router(reading_room(services))
    show_who_may(app, language=web.language)
    for router in (desk_router, feedback_router, evaluation_router):
        app.include_router(router(services))
    app.router.routes.append(interfaces)
    # Before the chat page, which takes every path that is left.
    app.mount("/", ByLanguage(chat, web.language))
    return app


def chat_page(services: Services, language: str, answering: Answering) -> FastAPI:
    """Return the chat page of one language: no footer, no history, nothing shared, nothing uploaded."""
    web = services.config.web
    page = build_page(services, language)
    add_ask(page, answering)
    return gr.mount_gradio_app(
        FastAPI(),
        page,
        path="/",
        server_name=web.host,
        server_port=web.port,
        footer_links=[],
        run_history=False,
        show_error=False,
        allowed_paths=[],
        max_file_size="1b",  # nothing is uploaded through Gradio
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        favicon_path=str(HERE / "static" / "favicon.svg"),
        theme=gr.themes.Base(font=list(SANS), font_mono=list(MONO)),
        css_paths=[HERE / "static" / "house.css", HERE / "static" / "chat.css"],
    )


class ByLanguage:
    """The chat page in the language that the person chose; for an address of nothing a page that says so."""

    def __init__(self, pages: Mapping[str, ASGIApp], default: str) -> None:
        self.pages, self.default = pages, default

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.pages[self.default](scope, receive, send)
            return
        request, absent = Request(scope), False
        language = language_of(request, default=self.default)
        by_person = "text/html" in request.headers.get("accept", "")

        async def watched(message: Message) -> None:
            nonlocal absent
            absent = absent or (by_person and message.get("status") == 404)
            if not absent:
                await send(message)

        await self.pages[language](scope, receive, watched)
        if absent:
            texts = TEXTS[language]
            shown = {"heading": texts.absent_title, "help": texts.absent_help, "back": texts.absent_back}
            gone = page(request, "notice.html", current="", language=language, status=404, **shown)
            await gone(scope, receive, send)


class OwnPage:
    """Middleware: no endpoint beyond need, and the index page within the frame of the house."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self.app, self.services = app, services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif not is_served(scope["path"]):
            await PlainTextResponse("not found", status_code=404)(scope, receive, send)
        elif scope["path"] == "/" and scope["method"] == "GET":
            # Uncompressed, so that it can be read here; it is compressed on its way out.
            headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
            framed = FramedPage(send, Request(scope), self.services)
            await self.app({**scope, "headers": headers}, receive, framed)
        else:
            await self.app(scope, receive, send)


class FramedPage:
    """A `send` that holds the index page back until it is whole, then passes it on within its frame."""

    def __init__(self, send: Send, request: Request, services: Services) -> None:
        self.send, self.request, self.services = send, request, services
        self.start: Message = {}
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        if message["type"] != "http.response.body":
            return
        self.body += message.get("body", b"")
        if message.get("more_body"):
            return
        html = await run_in_threadpool(framed_index, self.body.decode("utf-8"), self.request, self.services)
        body = html.encode("utf-8")
        headers = [
            (name, value) for name, value in self.start["headers"] if name.lower() != b"content-length"
        ]
        headers += [(b"content-length", str(len(body)).encode()), (b"cache-control", b"private, no-cache")]
        await self.send({**self.start, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})


def is_served(path: str) -> bool:
    """Say whether the page needs this path of Gradio's, or it is none of Gradio's."""
    if path.startswith("/gradio_api"):
        return GRADIO_ENDPOINTS.fullmatch(path) is not None
    return not path.startswith("/monitoring")
