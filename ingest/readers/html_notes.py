"""Footnotes of a web page that are tied by links: taken out of the tree, each by the element that is its mark."""

from __future__ import annotations

import re

from lxml import etree

from ingest.readers.html_lines import drop

MARK = re.compile(r"[\[【〔（(]?\s*(?:注\s*)?(\d{1,3}|[①-⑳]|\*{1,3})\s*[\]】〕）)]?")
BACK = re.compile(rf"(?:{MARK.pattern}|[\^↑↩⤴︎\ufe0e\s]|返回)*")
HOLDERS = ("li", "p", "div", "dd", "aside", "section", "tr")
LONGEST = 2000  # characters of a note


def take_linked_notes(root: etree._Element) -> dict[etree._Element, str]:
    """Return the text of each note by the element that marks it; the notes themselves leave the tree.

    A mark is a link that reads like one (1, [1], ①) and leads to a place further down, from which a link leads back,
    or it is raised. A second mark of the same note gets no text.
    """
    places = {key: item for item in root.iter() for key in (item.get("id"), item.get("name")) if key}
    order = {item: index for index, item in enumerate(root.iter())}
    found: dict[etree._Element, str] = {}
    holders: dict[etree._Element, str] = {}
    for link in list(root.iter("a")):
        target = places.get((link.get("href") or "").removeprefix("#"))
        text = "".join(link.itertext()).strip()
        if target is None or not (link.get("href") or "").startswith("#") or not MARK.fullmatch(text):
            continue
        mark = _mark(link, text)
        holder = _holder(target)
        if order[target] <= order[link] or holder is None or mark in holder.iter():
            continue
        if holder in holders:
            found[mark] = ""
        elif (mark.tag == "sup" or _leads_back(holder)) and (note := _note_text(holder)):
            found[mark], holders[holder] = note, note
    for holder in holders:
        drop(holder)
    return found


def _mark(link: etree._Element, text: str) -> etree._Element:
    """Return the <sup> around a link where it holds nothing else, otherwise the link."""
    for up in link.iterancestors():
        if "".join(up.itertext()).strip() != text:
            break
        if up.tag == "sup":
            return up
    return link


def _holder(target: etree._Element) -> etree._Element | None:
    if target.tag in HOLDERS:
        return target
    return next((up for up in target.iterancestors() if up.tag in HOLDERS), None)


def _leads_back(holder: etree._Element) -> bool:
    links = (item for item in holder.iter("a") if (item.get("href") or "").startswith("#"))
    return any(BACK.fullmatch("".join(item.itertext())) for item in links)


def _note_text(holder: etree._Element) -> str:
    """Return the words of a note without its own mark and the link back; "" where it is too long to be one."""
    back = {
        item
        for item in holder.iter("a")
        if (item.get("href") or "").startswith("#") and BACK.fullmatch("".join(item.itertext()))
    }
    parts = []
    for event, item in etree.iterwalk(holder, events=("start", "end")):
        skipped = item in back or any(up in back for up in item.iterancestors())
        if event == "start" and not skipped:
            parts.append(item.text or "")
        elif event == "end" and item is not holder and not any(up in back for up in item.iterancestors()):
            parts.append(item.tail or "")
    text = re.sub(r"\s+", " ", "".join(parts)).strip()
    text = (
        re.sub(rf"^{MARK.pattern}\s*[.．、:：]?\s*", "", text)
        if not re.match(r"\d+[年月日%\d]", text)
        else text
    )
    return text if len(text) <= LONGEST else ""
