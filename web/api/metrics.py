"""What the server did, counted for Prometheus: requests, answers of every way in, the index that answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from datetime import date
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.answer import Answer, Progress
from qa.history import History
from web.services import AssistantLike

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
NO_ROUTE = "none"


class Metrics:
    """The counters of one server, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "gongwen_requests",
            "Requests to the interfaces",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "gongwen_request_seconds", "Until the last byte was sent", ("route",), buckets=SECONDS, registry=self.registry
        )  # fmt: skip
        self.answers = Counter(
            "gongwen_answers", "Answers by status; error: none was made", ("status",), registry=self.registry
        )
        self.answer_seconds = Histogram(
            "gongwen_answer_seconds", "From question to answer, without waiting for a place", buckets=SECONDS,
            registry=self.registry,
        )  # fmt: skip
        self.index = Gauge(
            "gongwen_index", "1 for the build that answers", ("build",), registry=self.registry
        )
        self.documents = Gauge("gongwen_index_documents", "Documents that are asked", registry=self.registry)
        self.chunks = Gauge("gongwen_index_chunks", "Chunks that are searched", registry=self.registry)
        self.waiting = Gauge("gongwen_waiting", "Questions that wait for a place", registry=self.registry)

    def text(self, assistant: AssistantLike) -> bytes:
        """Return all of it in Prometheus' text format."""
        self.index.clear()
        self.index.labels(assistant.index_build).set(1)
        self.documents.set(len(assistant.documents))
        self.chunks.set(assistant.chunk_count)
        return generate_latest(self.registry)


class MeasuredAssistant:
    """An assistant whose answers are counted; all else is the assistant's own."""

    def __init__(self, assistant: AssistantLike, metrics: Metrics) -> None:
        self._assistant, self._metrics = assistant, metrics

    def __getattr__(self, name: str) -> Any:
        return getattr(self._assistant, name)

    def ask(
        self,
        question: str,
        *,
        history: History = (),
        as_of: date | None = None,
        documents: Sequence[str] = (),
    ) -> Answer:
        """As Assistant.ask."""
        items = self.stream(question, history=history, as_of=as_of, documents=documents)
        return next(item for item in items if isinstance(item, Answer))

    def stream(
        self,
        question: str,
        *,
        history: History = (),
        as_of: date | None = None,
        documents: Sequence[str] = (),
    ) -> Generator[Progress | Answer, None, None]:
        """As Assistant.stream."""
        started, status = time.perf_counter(), "stopped"
        try:
            for item in self._assistant.stream(question, history=history, as_of=as_of, documents=documents):
                if isinstance(item, Answer):
                    status = item.status
                yield item
        except Exception:
            status = "error"
            raise
        finally:
            self._metrics.answers.labels(status).inc()
            self._metrics.answer_seconds.observe(time.perf_counter() - started)


class CountedRequests:
    """Middleware: counts requests by the route that took them, so that no address makes a series of its own."""

    def __init__(self, app: ASGIApp, metrics: Metrics, route_of: Callable[[Scope], str]) -> None:
        self.app, self.metrics, self.route_of = app, metrics, route_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            route = self.route_of(scope)
            self.metrics.requests.labels(scope["method"], route, str(status)).inc()
            self.metrics.request_seconds.labels(route).observe(time.perf_counter() - started)
