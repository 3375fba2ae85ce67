"""Middleware: each page that Gradio serves has a queue and a state of its own; nobody reaches another person's."""

from __future__ import annotations

import json
import re
from collections import OrderedDict

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config import WebConfig
from web.access.people import person_of
from web.access.refusals import is_below, refusal

HEARTBEAT = re.compile(r"^/gradio_api/heartbeat/([^/]+)/?$")
MOST_QUEUES = 20_000


class OwnQueues:
    """Gives a queue (`session_hash`, which the browser makes up) to the first person who names it, and to no other."""

    def __init__(self, app: ASGIApp, web: WebConfig) -> None:
        self.app, self.web = app, web
        self._owners: OrderedDict[str, str] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_below(scope["path"], ("/gradio_api",)):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        body = await request.body()
        queues = [*request.query_params.getlist("session_hash"), *named_queues(body)]
        queues += HEARTBEAT.findall(request.url.path)
        owner = person_of(request).owner
        if all(self._belongs(queue, owner) for queue in queues):
            await self.app(scope, _again(body, receive), send)
        else:
            await refusal(request, "forbidden", language=self.web.language)(scope, receive, send)

    def _belongs(self, queue: str, owner: str) -> bool:
        mine = self._owners.setdefault(queue, owner) == owner
        self._owners.move_to_end(queue)
        if len(self._owners) > MOST_QUEUES:  # the one that was left alone longest
            self._owners.popitem(last=False)
        return mine


def named_queues(body: bytes) -> list[str]:
    """Return the session_hash of a request's JSON, if it has one."""
    try:
        told = json.loads(body) if body else None
    except (ValueError, RecursionError):
        return []
    named = told.get("session_hash") if isinstance(told, dict) else None
    return [named] if isinstance(named, str) else []


def _again(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body once more, then what else comes: that the browser is gone."""
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
