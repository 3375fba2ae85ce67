"""The pages of the house, as a row of links that stands on each of them."""

from __future__ import annotations

from html import escape

from web.access.people import NOBODY, Person
from web.access.texts import ACCESS_TEXTS
from web.texts import Texts

PAGES = (
    ("chat", "/", False),
    ("documents", "/documents", False),
    ("desk", "/desk", True),
    ("feedback", "/feedback", True),
    ("evaluation", "/evaluation", True),
)
# (name in Texts.pages, address, whether for editors only)


def navigation_html(texts: Texts, current: str, person: Person) -> str:
    """Return the links to all pages that `person` may open, `current` marked; for nobody none."""
    if person is NOBODY:
        return ""
    shown = [page for page in PAGES if person.is_editor or not page[2]]
    links = "".join(
        f'<a href="{path}"{" aria-current=page" * (name == current)}>{escape(texts.pages[name])}</a>'
        for name, path, _ in shown
    )
    return f'<nav class="pages" aria-label="{escape(texts.pages_label)}">{links}</nav>'


def person_html(texts: Texts, person: Person) -> str:
    """Return the person's name; where they logged in here, it leads to their account, and a button logs them out."""
    if not person.name:
        return ""
    access, name = ACCESS_TEXTS["en" if texts.language == "en" else "zh"], escape(person.name)
    if not person.session_id:
        return f'<span class="person"><span class="who">{name}</span></span>'
    return (
        f'<span class="person"><a class="who" href="/account" title="{escape(access.account_title)}">{name}</a>'
        f'<form method="post" action="/logout"><button type="submit" class="quiet">{escape(access.log_out)}</button>'
        "</form></span>"
    )
