"""A request that is not let through in, the response that says why out: a page for people, JSON for programs."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from web.access.people import NOBODY
from web.access.texts import ACCESS_TEXTS
from web.rooms.views import language_of, page

API_PATHS = ("/api", "/v1", "/mcp", "/metrics", "/gradio_api", "/assets")  # never answered with a page,
DOCS_PAGE = "/api/v1/docs"  # but for this one
STATUS = {
    "unauthorized": 401,
    "not_through_proxy": 401,
    "forbidden": 403,
    "needs_session": 403,
    "foreign_page": 403,
    "unknown_host": 421,
    "too_large": 413,
    "too_many_requests": 429,
}


def refusal(request: Request, code: str, *, language: str, wait: int = 0, **filled: object) -> Response:
    """Return the response for a code of STATUS: `language` is the server's, `wait` in seconds, `filled` what is named."""
    language = language_of(request, default=language)
    texts, status = ACCESS_TEXTS[language], STATUS[code]
    heading, words = texts.refusals[code]
    words = words.format(wait=texts.wait(wait), **filled)
    headers = {"WWW-Authenticate": 'Bearer realm="gongwen"'} if status == 401 else {}
    if wait:
        headers["Retry-After"] = str(wait)
    if is_for_program(request):
        return JSONResponse({"error": {"code": code, "message": words}}, status, headers)
    if not hasattr(request.state, "person"):
        request.state.person = NOBODY
    shown = page(
        request, "refused.html", current="", language=language, status=status, access=texts, heading=heading,
        words=words,
    )  # fmt: skip
    shown.headers.update(headers)
    return shown


def is_for_program(request: Request) -> bool:
    """Say whether a program reads the response: at an interface, or because it asks for no page."""
    return is_interface(request.url.path) or "text/html" not in request.headers.get("accept", "")


def is_interface(path: str) -> bool:
    """Say whether only programs ask for this path."""
    return path != DOCS_PAGE and is_below(path, API_PATHS)


def is_below(path: str, roots: tuple[str, ...]) -> bool:
    """Say whether a path is one of these, or under one of them."""
    return any(path == root or path.startswith(f"{root}/") for root in roots)
