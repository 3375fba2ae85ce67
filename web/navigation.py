"""The pages of the house, as a row of links that stands on each of them."""

from __future__ import annotations

from html import escape

from web.access.people import Person
from web.texts import Texts

PAGES = (
    ("chat", "/", False),
    ("documents", "/documents", False),
    ("desk", "/desk", True),
    ("feedback", "/feedback", True),
    ("evaluation", "/evaluation", True),
)
# (name in Texts.pages, address, whether for editors only)


def navigation_html(texts: Texts, current: str, person: Person | None = None) -> str:
    """Return the links to all pages that `person` may open, `current` marked; without a person, all of them."""
    shown = [page for page in PAGES if person is None or person.is_editor or not page[2]]
    links = "".join(
        f'<a href="{path}"{" aria-current=page" * (name == current)}>{escape(texts.pages[name])}</a>'
        for name, path, _ in shown
    )
    return f'<nav class="pages" aria-label="{escape(texts.pages_label)}">{links}</nav>'
