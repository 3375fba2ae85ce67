"""Settings in, the way in out: the middleware that `web.access` asks for, and its pages."""

from __future__ import annotations

from datetime import datetime, timedelta

from fastapi import FastAPI
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from web.access import audit
from web.access.account import account_router
from web.access.addresses import names
from web.access.doors import OPEN_PATHS, ByLogin, ByProxy, Door
from web.access.gate import Gate
from web.access.headers import Headers, Pairs
from web.access.keys import Keys
from web.access.people import Visitors
from web.access.queues import OwnQueues
from web.access.rates import Rates
from web.access.sessions import Sessions
from web.records.people import Clock, utc_now
from web.services import Services


def add_access(app: FastAPI, services: Services, headers: Pairs = (), *, now: Clock = utc_now) -> None:
    """Put the middleware of `web.access` before everything that `app` serves, and its pages among it.

    Every response gets `headers`, those too that never reach `app`.
    """
    web = services.config.web
    app.add_middleware(Rates, web=web)  # the last added is the first to be asked
    if web.access == "users":
        sessions = Sessions(
            services.database,
            idle=timedelta(minutes=web.session_idle_minutes),
            longest=timedelta(hours=web.session_hours),
            now=now,
        )
        keys = Keys(services.database, now=now)
        app.include_router(account_router(services, sessions, keys, now=now))
        app.add_middleware(OwnQueues, web=web)
        app.add_middleware(
            Door, web=web, who=ByLogin(sessions, keys, web), open_paths=(*OPEN_PATHS, "/login")
        )
    else:  # Gradio has a log-in of its own, which is not wanted
        app.add_api_route("/login", lambda: RedirectResponse("/", 303), methods=["GET", "POST"])
        if web.access == "proxy":
            app.add_middleware(OwnQueues, web=web)
            app.add_middleware(Door, web=web, who=ByProxy(web))
        else:
            app.add_middleware(Visitors)
    app.add_middleware(Housekeeping, services=services, now=now)
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(names(web.trusted_proxies)))
    app.add_middleware(Gate, web=web)
    app.add_middleware(Headers, always=headers, personal=web.access != "none")


class Housekeeping:
    """Middleware: once a day, what the audit log need not keep any longer is removed."""

    def __init__(self, app: ASGIApp, services: Services, now: Clock) -> None:
        self.app, self.services, self.now = app, services, now
        self.due: datetime | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        now = self.now()
        if self.due is None or now >= self.due:
            self.due = now + timedelta(days=1)
            audit.forget(self.services.database, days=self.services.config.web.audit_days, now=self.now)
        await self.app(scope, receive, send)
