"""/health and /metrics: for those who watch the server."""

from __future__ import annotations

import tomllib
from functools import cache

from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST

from config import PROJECT_ROOT
from index.backend import IndexUnusable
from web.api.answering import Answering
from web.api.errors import busy
from web.api.metrics import Metrics
from web.api.models import ErrorBody, Health
from web.api.routes import Responses
from web.services import AssistantLike

PROBE = "会议"


@cache
def version() -> str:
    """Return the program's version."""
    project = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def router_of(assistant: AssistantLike, answering: Answering, metrics: Metrics) -> APIRouter:
    """Return the two routes."""
    router = APIRouter(tags=["watch"])
    unready: Responses = {503: {"model": ErrorBody, "description": "The index does not answer."}}

    @router.get("/health", response_model=Health, responses=unready)
    def health() -> Health:
        """Ask whether the server is ready

        It makes a search: ready means that questions are answered.
        """
        try:
            assistant.search(PROBE, k=1)
        except IndexUnusable as error:
            raise busy(f"the index does not answer: {error}") from error
        return Health(
            status="ready", version=version(), index_build=assistant.index_build,
            documents=len(assistant.documents), chunks=assistant.chunk_count,
        )  # fmt: skip

    @router.get(
        "/metrics",
        response_class=Response,
        responses={200: {"content": {CONTENT_TYPE_LATEST.split(";")[0]: {"schema": {"type": "string"}}}}},
    )
    def measured() -> Response:
        """Read the counters

        In Prometheus' text format: requests by route and status, answers by status, latencies, the index.
        """
        metrics.waiting.set(answering.waiting)
        return Response(metrics.text(assistant), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return router
