"""HTML pages read by tests: elements by a small part of CSS, words as a reader sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

SIMPLE = re.compile(r"(?P<kind>[#.]?)(?P<name>[\w-]+)|\[(?P<attribute>[\w-]+)(?:=(?P<value>[\w-]+))?\]")


def select(page: HtmlElement, css: str) -> list[HtmlElement]:
    """Return the elements for tags, #ids, .classes and [attributes], one within the other, or several after commas."""
    return page.xpath("|".join(_xpath(part) for part in css.split(",")))


def one(page: HtmlElement, css: str) -> HtmlElement:
    """Return the only such element."""
    found = select(page, css)
    assert len(found) == 1, f"{css}: {len(found)}"
    return found[0]


def words_of(element: HtmlElement) -> str:
    """Return the text of an element, its white space as single spaces."""
    return re.sub(r"\s+", " ", element.text_content()).strip()


def plain(text: str) -> str:
    """Return a text without any white space."""
    return re.sub(r"\s", "", text)


def _xpath(css: str) -> str:
    return "." + "".join(f"//*{''.join(_conditions(step))}" for step in css.split())


def _conditions(step: str) -> Iterator[str]:
    for part in SIMPLE.finditer(step):
        kind, name, attribute, value = part.group("kind", "name", "attribute", "value")
        if attribute:
            yield f"[@{attribute}='{value}']" if value else f"[@{attribute}]"
        elif kind == "#":
            yield f"[@id='{name}']"
        elif kind == ".":
            yield f"[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"
        else:
            yield f"[self::{name}]"
