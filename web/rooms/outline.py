"""A document's provisions in, the tree that they form out: chapters over articles over items."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.document import Document, Provision

TITLE_LENGTH = 30  # characters of a unit without a heading that stand for it in the contents
HEAD_LINES = 6  # a heading printed on several lines


@dataclass
class Node:
    """A unit and what stands below it; `provision` is None for a heading that is no provision of its own."""

    title: str  # as the contents name it
    provision: Provision | None = None
    children: list[Node] = field(default_factory=list)
    known_as: str = ""  # its heading without spaces, as the paths of its children name it

    @property
    def is_row(self) -> bool:
        return self.provision is not None and self.provision.kind == "row"


def outline(document: Document) -> list[Node]:
    """Return the outermost units, in their order."""
    root = Node(document.title)
    line = [root]  # from the root down to the last unit
    for provision in document.provisions:
        line = _line_to_parent(line, provision)
        node = Node(title_of(provision), provision)
        line[-1].children.append(node)
        line.append(node)
    return root.children


def _line_to_parent(line: list[Node], provision: Provision) -> list[Node]:
    """Return the line down to what `provision` stands below, headings that are no provisions added."""
    if provision.parent:
        for depth, node in enumerate(line):
            if node.provision and node.provision.provision_id == provision.parent:
                if provision.path:
                    _is_headed(node, provision.path[-1])
                return line[: depth + 1]
    path = provision.path
    headed = provision.heading and provision.kind != "row"  # that of a row is the group it stands in
    if headed and path and _plain(path[-1]) == _plain(provision.heading):
        path = path[:-1]  # the path of an attachment ends with its own heading
    depth = 0
    while depth < len(path) and depth + 1 < len(line) and _is_headed(line[depth + 1], path[depth]):
        depth += 1
    line = line[: depth + 1]
    for heading in path[depth:]:
        node = Node(heading, known_as=_plain(heading))
        line[-1].children.append(node)
        line.append(node)
    return line


def _is_headed(node: Node, heading: str) -> bool:
    """Say whether `heading`, of a path, is that of the unit; what it is called there is then known of it."""
    name = _plain(heading)
    if node.provision is None:
        return node.known_as == name
    if _plain(node.provision.heading) == name or _plain(
        node.provision.text[: 3 * len(heading) + 40]
    ).startswith(name):
        node.known_as = name
        return True
    return False


def title_of(provision: Provision) -> str:
    """Return the heading of a unit, else its first words; of a table row its place and first field."""
    if provision.kind == "row":
        place = provision.label.rsplit(" ", 1)[-1]
        words = provision.text.split("；", 1)[0].split("：", 1)[-1]
        return f"{place} {shortened(words)}"
    heading = " ".join(head_lines(provision, _plain(provision.heading)))
    return (
        shortened(heading, 2 * TITLE_LENGTH)
        if heading
        else shortened(provision.text.strip().split("\n", 1)[0])
    )


def heading_of(node: Node) -> list[str]:
    """Return the lines of a unit's text that are its heading, none where it begins with a sentence."""
    provision = node.provision
    if provision is None:
        return []
    heading = "" if "。" in provision.heading else _plain(provision.heading)
    return head_lines(provision, node.known_as or heading)


def head_lines(provision: Provision, known_as: str) -> list[str]:
    """Return the lines of the text that are its heading: those that say `known_as`, for a mere heading the first one."""
    lines = provision.text.split("\n")
    if known_as:
        said = ""
        for count, line in enumerate(lines[:HEAD_LINES], start=1):
            said += _plain(line)
            if said.endswith(known_as):
                return lines[:count]
    return lines[:1] if provision.is_heading else []


def shortened(text: str, limit: int = TITLE_LENGTH) -> str:
    """Return one line of `text`, cut with … where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[:limit] + "…"


def labelled(nodes: Sequence[Node]) -> list[Node]:
    """Return all units below that a person can cite, in the order of the text."""
    found: list[Node] = []
    for node in nodes:
        if node.provision and node.provision.label:
            found.append(node)
        found += labelled(node.children)
    return found


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text)
