"""A template and what it shows in, the page as a person reads it out: in their language, with the links they may open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from web.access.people import person_of
from web.navigation import navigation_html, person_html
from web.rooms.texts import ROOM_TEXTS
from web.texts import TEXTS, Texts

LANGUAGE_COOKIE = "gongwen-language"  # set by every page's language button
TEMPLATES = Path(__file__).with_name("templates")

_environment = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
    lstrip_blocks=True,
)  # fmt: skip


def language_of(request: Request, *, default: str) -> str:
    """Return zh or en: what the person chose, else `default` (web.language)."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    return chosen if chosen in TEXTS else default


def page(
    request: Request, template: str, *, current: str, language: str, status: int = 200, **shown: Any
) -> HTMLResponse:
    """Return a whole page; `current` is its name among navigation.PAGES, `shown` what the template names."""
    texts: Texts = TEXTS[language]
    html = _environment.get_template(template).render(
        texts=texts,
        room=ROOM_TEXTS[language],
        navigation=navigation_html(texts, current, person_of(request)),
        whose=person_html(texts, person_of(request)),
        **shown,
    )
    return HTMLResponse(html, status_code=status)
