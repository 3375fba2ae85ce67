"""The styles of a Word file in; what a paragraph or a run has by its style out, from whatever style it is based on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from ingest.readers.word_package import W

CONTENTS_STYLE = re.compile(r"(?:toc|目录)\s*\d", re.IGNORECASE)


def value(parent: etree._Element | None, *names: str) -> str | None:
    """Return w:val of the element at the path `names` below `parent`, None where there is none."""
    for name in names:
        parent = parent.find(W + name) if parent is not None else None
    return None if parent is None else parent.get(W + "val")


def whole(text: str | None, default: int) -> int:
    """Return the number that `text` is, `default` where it is none: files made by other programs hold odd values."""
    return int(text) if text is not None and re.fullmatch(r"\d{1,6}", text) else default


def is_on(parent: etree._Element | None, name: str) -> bool | None:
    """Return a switch such as w:vanish: on, off, or None where it is not stated."""
    switch = parent.find(W + name) if parent is not None else None
    return None if switch is None else switch.get(W + "val", "1") not in ("0", "false", "off", "none")


class Styles:
    """The styles of one file by their id."""

    def __init__(self, root: etree._Element | None) -> None:
        found = root.iterfind(W + "style") if root is not None else ()
        self._styles = {style.get(W + "styleId", ""): style for style in found}
        kinds = ((s.get(W + "type"), key) for key, s in self._styles.items() if is_default(s))
        self._default = next((key for kind, key in kinds if kind == "paragraph"), None)

    def chain(self, style_id: str | None) -> Iterator[tuple[str, etree._Element]]:
        """Yield the style and those it is based on, nearest first."""
        seen: set[str] = set()
        while style_id and style_id in self._styles and style_id not in seen:
            seen.add(style_id)
            yield style_id, self._styles[style_id]
            style_id = value(self._styles[style_id], "basedOn")

    def of(self, paragraph: etree._Element) -> str | None:
        """Return the id of a paragraph's style."""
        return value(paragraph, "pPr", "pStyle") or self._default

    def is_contents(self, paragraph: etree._Element) -> bool:
        """Say whether a paragraph is an entry of a table of contents."""
        names = (value(style, "name") or "" for _, style in self.chain(self.of(paragraph)))
        return any(CONTENTS_STYLE.match(name) for name in names)

    def outline_level(self, paragraph: etree._Element) -> int:
        """Return the level of a heading, from 1; 0 for other text."""
        stated = value(paragraph, "pPr", "outlineLvl")
        levels = (value(style, "pPr", "outlineLvl") for _, style in self.chain(self.of(paragraph)))
        level = whole(stated or next((level for level in levels if level is not None), None), 9)
        return level + 1 if level < 9 else 0

    def is_hidden(self, run: etree._Element, paragraph_style: str | None) -> bool:
        """Say whether a run is hidden text, by itself or by its styles."""
        own = run.find(W + "rPr")
        chains = (*self.chain(value(own, "rStyle")), *self.chain(paragraph_style))
        stated = (is_on(props, "vanish") for props in (own, *(s.find(W + "rPr") for _, s in chains)))
        return bool(next((switch for switch in stated if switch is not None), False))


def is_default(style: etree._Element) -> bool:
    """Say whether a style is the default of its kind."""
    return style.get(W + "default", "0") not in ("0", "false")
