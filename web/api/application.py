"""All interfaces as one part of the server: who calls /api/, /v1/, /health, /metrics or /mcp gets to them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import cast

from fastapi import FastAPI
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from web.api import documentation, errors, openai_routes, routes, system
from web.api.answering import Answering
from web.api.contents import Contents
from web.api.metrics import NO_ROUTE, CountedRequests, MeasuredAssistant, Metrics
from web.api.tools import build_tools, tools_app
from web.services import AssistantLike, Services

PREFIXES, PATHS = ("/api/", "/v1/"), ("/health", "/metrics")
TOOLS_PATH = "/mcp"


class Interfaces(BaseRoute):
    """The route of them all; `services` is what was given, its answers counted."""

    def __init__(self, services: Services) -> None:
        web, metrics = services.config.web, Metrics()
        measured = cast(AssistantLike, MeasuredAssistant(services.assistant, metrics))
        self.services = replace(services, assistant=measured)
        self.answering = Answering(measured, services.config)
        contents = Contents(measured, services.mask)
        self.api = _application(self.services, self.answering, contents, metrics)
        self._app: ASGIApp = CountedRequests(self.api, metrics, route_of)
        self._tools = build_tools(self.answering, contents) if web.mcp else None
        if self._tools:
            self._tools_app: ASGIApp = CountedRequests(
                tools_app(self._tools, web), metrics, lambda _: TOOLS_PATH
            )

    @property
    def lifespan(self) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
        """What must run as long as the server does."""

        @asynccontextmanager
        async def running(_: FastAPI) -> AsyncIterator[None]:
            if self._tools is None:
                yield
                return
            async with self._tools.session_manager.run():
                yield

        return running

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        path = scope.get("path", "")
        if scope["type"] != "http":
            return Match.NONE, {}
        if self._tools and path == TOOLS_PATH:
            return Match.FULL, {"endpoint": self._tools_app}
        own = path.startswith(PREFIXES) or path in PATHS
        return (Match.FULL, {"endpoint": self._app}) if own else (Match.NONE, {})

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await scope["endpoint"](scope, receive, send)


def _application(services: Services, answering: Answering, contents: Contents, metrics: Metrics) -> FastAPI:
    web = services.config.web
    api = FastAPI(
        title="Gongwen QA", docs_url=None, redoc_url=None, openapi_url=None,
        generate_unique_id_function=lambda route: route.name,
    )  # fmt: skip
    errors.install(api)
    api.include_router(routes.router_of(answering, contents))
    api.include_router(system.router_of(services.assistant, answering, metrics))
    api.include_router(openai_routes.router_of(answering, language=web.language))
    api.include_router(documentation.router_of(api, web))
    return api


def route_of(scope: Scope) -> str:
    """Return the template of the route that took a request."""
    return getattr(scope.get("route"), "path", NO_ROUTE)
