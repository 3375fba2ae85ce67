"""Anything that goes wrong in, one JSON form out: {"error": {"code", "message", …}}, OpenAI's own below /v1/."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

log = logging.getLogger(__name__)

CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    422: "invalid",
    429: "too_many_requests",
    500: "internal",
    503: "busy",
}
OPENAI_PATH = "/v1/"
RETRY_SECONDS = 2
FAILED = "This request failed; the server's log says why."


class ApiError(Exception):
    """A request that gets no answer; `param` names the part of it that is wrong."""

    def __init__(self, status: int, message: str, *, code: str = "", param: str | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.param = status, message, param
        self.code = code or CODES[status]


def busy(message: str) -> ApiError:
    """Return the error of a server that has too much to do at the moment."""
    return ApiError(503, message)


def error_response(
    path: str, error: ApiError, *, details: Sequence[Mapping[str, str]] = (), headers: Mapping[str, str] = {}
) -> JSONResponse:
    """Return the response for an error at this path."""
    body: dict[str, Any] = {"code": error.code, "message": _printable(error.message)}
    status = error.status
    if path.startswith(OPENAI_PATH):
        status = 400 if status == 422 else status
        body |= {"param": error.param, "type": _openai_type(status)}
    elif details:
        body["details"] = list(details)
    if status in (429, 503):
        headers = {"Retry-After": str(RETRY_SECONDS), **headers}
    return JSONResponse({"error": body}, status_code=status, headers=dict(headers))


def install(app: FastAPI) -> None:
    """Make every error of `app` come in the one form."""

    @app.exception_handler(ApiError)
    async def on_api_error(request: Request, error: ApiError) -> JSONResponse:
        return error_response(request.url.path, error)

    @app.exception_handler(HTTPException)
    async def on_http_error(request: Request, error: HTTPException) -> JSONResponse:
        status = error.status_code if error.status_code in CODES else 400
        wrong = ApiError(status, f"{request.method} {request.url.path}: {error.detail}")
        return error_response(request.url.path, wrong, headers=error.headers or {})

    @app.exception_handler(RequestValidationError)
    async def on_invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        details = [_detail(item) for item in error.errors()]
        broken = any(item["type"] == "json_invalid" for item in error.errors())
        first = details[0]
        words = f"{first['where']}: {first['message']}" if first["where"] else first["message"]
        wrong = ApiError(400 if broken else 422, words, param=first["where"] or None)
        return error_response(request.url.path, wrong, details=details)

    @app.exception_handler(Exception)
    async def on_failure(request: Request, error: Exception) -> JSONResponse:
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return error_response(request.url.path, ApiError(500, FAILED))


def _detail(item: Mapping[str, Any]) -> dict[str, str]:
    # What was sent is not repeated: it may be long, secret, or no text at all.
    parts = (str(part) for part in item["loc"] if part not in ("body", "query", "path"))
    where = ".".join(
        part for part in parts if part.isidentifier() or part.isdecimal()
    )  # not the types of a union
    if item["type"] == "json_invalid":
        return {"where": "", "message": f"the body is no JSON ({item['ctx']['error']})."}
    return {"where": _printable(where), "message": _printable(str(item["msg"]))}


def _openai_type(status: int) -> str:
    if status in (401, 403):
        return "authentication_error"
    if status == 429:
        return "rate_limit_error"
    return "server_error" if status >= 500 else "invalid_request_error"


def _printable(text: str) -> str:
    """Return the text without halves of surrogate pairs, which no response can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
