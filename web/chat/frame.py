"""Gradio's index page in, the chat page's out: with the head of the house, the list of conversations, and a first sight.

All of it is in the page before any script has run, so that something readable is painted at once.
"""

from __future__ import annotations

import re
from functools import cache
from hashlib import blake2b
from html import escape
from pathlib import Path

from starlette.requests import Request

from web.access.people import Person, person_of
from web.chat.chat_texts import CHAT_TEXTS, ChatTexts
from web.chat.drawer import conversations_html
from web.navigation import navigation_html, person_html
from web.records.conversations import Conversations
from web.rooms.views import language_of
from web.services import Services
from web.texts import TEXTS, Texts

STATIC = Path(__file__).parents[1] / "static"
STYLES = ("house", "frame", "chat")
SCRIPTS = ("session", "chat", "answers", "drawer")
LISTED = 60  # conversations in the first list; a search finds all
# Gradio's index page advertises itself to link previews and names a manifest that it does not serve.
FOREIGN_TAGS = re.compile(r'\s*<(?:meta\s+(?:property="og:|name="twitter:)|link\s+rel="manifest")[^>]*>')
# It also fetches a script for pages that are shown within another page.
FRAME_SCRIPT = re.compile(r"<script>(?:(?!</script>).)*iframeResizer(?:(?!</script>).)*</script>", re.DOTALL)
APP = re.compile(r"<gradio-app.*?</gradio-app>", re.DOTALL)


@cache
def static_url(name: str) -> str:
    """Return the address of a file of static/, another one when its bytes change."""
    return f"/static/{name}?v={blake2b((STATIC / name).read_bytes(), digest_size=6).hexdigest()}"


def framed_index(html: str, request: Request, services: Services) -> str:
    """Return Gradio's index page as this person sees the chat page, in their language."""
    texts = TEXTS[language_of(request, default=services.config.web.language)]
    words, person = CHAT_TEXTS[texts.language], person_of(request)
    listed = conversations_html(Conversations(services.database).listed(person.owner, limit=LISTED), texts)
    html = FRAME_SCRIPT.sub("", FOREIGN_TAGS.sub("", html)).replace(
        'lang="en"', f'lang="{texts.language}"', 1
    )
    html = html.replace("</head>", f"{_head(texts)}</head>", 1)
    opened = "c" in request.query_params
    before = (
        _theme()
        + _skip(words)
        + _header(texts, words, person)
        + '<div id="frame">'
        + _drawer(texts, words, listed)
    )
    behind = _first_sight(texts, words, opened=opened) + "</div>" + _dialog(words)
    return APP.sub(lambda app: f"{before}{app[0]}{behind}", html, count=1)


def _head(texts: Texts) -> str:
    styles = "".join(f'<link rel="stylesheet" href="{static_url(f"{name}.css")}">' for name in STYLES)
    # The scripts stand before Gradio's, which are modules: all run in the order of the page.
    scripts = "".join(f'<script src="{static_url(f"{name}.js")}" defer></script>' for name in SCRIPTS)
    return (
        f'<title>{escape(texts.title)}</title><link rel="icon" href="/static/favicon.svg">{styles}{scripts}'
    )


def _theme() -> str:
    # Not deferred: light or dark is settled before the first paint.
    return f'<script src="{static_url("house.js")}"></script><script>house.applyTheme()</script>'


def _skip(words: ChatTexts) -> str:
    return f'<a class="skip" href="#question">{escape(words.skip)}</a>'


def _header(texts: Texts, words: ChatTexts, person: Person) -> str:
    lost = f'data-lost-title="{escape(texts.lost_title)}" data-lost="{escape(texts.lost)}"'
    told = f'data-failed="{escape(words.failed)}" data-editing="{escape(words.editing)}" data-cancel="{escape(words.cancel)}"'
    return (
        f'<header class="head" {lost} {told}>'
        f'<button type="button" id="drawer-button" class="quiet" aria-controls="drawer" aria-expanded="true">'
        f'<span aria-hidden="true">☰</span><span class="words">{escape(words.drawer_button)}</span></button>'
        f'<div class="brand" lang="{texts.language}"><span class="seal" aria-hidden="true">公文</span>'
        f"<h1>{escape(texts.title)}</h1></div>{navigation_html(texts, 'chat', person)}"
        f'<div class="head-end">{person_html(texts, person)}<button type="button" class="quiet" id="theme" data-action="theme" '
        f'aria-label="{escape(words.theme)}" title="{escape(words.theme)}"><span aria-hidden="true">◐</span></button>'
        f'<button type="button" class="quiet" id="language" data-action="language">{escape(texts.other_language)}</button>'
        "</div></header>"
    )


def _drawer(texts: Texts, words: ChatTexts, listed: str) -> str:
    return (
        f'<aside id="drawer" aria-label="{escape(words.drawer)}"><div class="drawer-head">'
        f'<button type="button" id="new" class="quiet">{escape(texts.new_conversation)}</button></div>'
        f'<input type="search" id="search" aria-label="{escape(words.search)}" placeholder="{escape(words.search)}" '
        f'autocomplete="off" maxlength="200"><nav id="conversations" aria-label="{escape(words.drawer)}">{listed}</nav></aside>'
    )


def _first_sight(texts: Texts, words: ChatTexts, *, opened: bool) -> str:
    # Covered by the page as soon as Gradio has made it (chat.css).
    sight = f'<p class="opening" role="status">{escape(words.opening)}</p>'
    if not opened:
        sight = welcome_words(texts)
    return (
        f'<div id="first-sight"><div class="sheet"><div class="sight">{sight}</div>'
        '<div class="box" aria-hidden="true"></div></div><div class="beside" aria-hidden="true"></div></div>'
    )


def welcome_words(texts: Texts) -> str:
    """Return what stands on the empty page."""
    return (
        f'<div class="welcome" lang="{texts.language}"><h2>{escape(texts.welcome)}</h2>'
        f"<p>{escape(texts.welcome_more)}</p></div>"
    )


def _dialog(words: ChatTexts) -> str:
    """Return the dialogue that asks for a new title, or whether to delete (drawer.js)."""
    return (
        f'<dialog id="ask" aria-labelledby="ask-words" data-delete-sure="{escape(words.delete_sure)}" '
        f'data-delete="{escape(words.delete)}" data-rename="{escape(words.new_title)}" data-save="{escape(words.save)}">'
        '<form method="dialog"><label id="ask-words" for="ask-title"></label>'
        '<input id="ask-title" maxlength="80" autocomplete="off"><p class="form-error" role="alert"></p>'
        f'<div class="form-actions"><button type="button" class="quiet" id="ask-no">{escape(words.cancel)}</button>'
        '<button type="submit" class="small" id="ask-yes"></button></div></form></dialog>'
    )
