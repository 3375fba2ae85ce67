"""A document's tree in, what the page prints out: headings, paragraphs, tables, each with its words marked and linked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from ingest.document import Document, Provision, Relation
from ingest.instruments import find_mentions
from web.rooms.links import ROOM, document_url, fragment_of, query_string
from web.rooms.marking import Linked, RichText, Span
from web.rooms.outline import Node, heading_of
from web.rooms.shelf import Shelf
from web.rooms.tables import Grid, grid

ARTICLE = re.compile(r"第[〇零一二三四五六七八九十百千\d]+条(?:之[一二三四五六七八九十]+)?")
NOTE = "〔注"
DATE = re.compile(
    r"\d{4}年\d{1,2}月\d{1,2}日|[二〇零一三四五六七八九十]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
)
SALUTATION = re.compile(r"[^。；]{2,80}：")
DEEPEST = 6  # of HTML's headings


@dataclass(frozen=True)
class Paragraph:
    """One line of the text; `kind` says how it is printed: text, address, signed, note."""

    html: Markup
    kind: str = "text"


@dataclass(frozen=True)
class Unit:
    """A provision as it is printed; `fragment` is "" for a heading that is no provision of its own."""

    fragment: str
    label: str
    level: int
    heading: Markup
    kind: str  # text, form, or chapter: a mere heading over what stands below it
    parts: tuple[Paragraph | Unit | Grid, ...]
    page: int | None
    changes: tuple[Relation, ...]


class Printer:
    """Prints the units of one document."""

    def __init__(
        self, document: Document, text: str, *, marks: Sequence[Span], links: Sequence[Linked],
        changes: Mapping[str, Sequence[Relation]],
    ) -> None:  # fmt: skip
        self.document, self.changes = document, changes
        self.rich = RichText(text, marks, links)
        self._page: int | None = None

    def units(self, nodes: Sequence[Node], level: int = 2) -> list[Unit | Grid]:
        """Return the units; rows that follow each other are one table."""
        out: list[Unit | Grid] = []
        for is_row, group in groupby(nodes, key=lambda node: node.is_row):
            if is_row:
                out.append(grid([node.provision for node in group if node.provision]))
            else:
                out += [self._unit(node, level) for node in group]
        return out

    def html(self, span: Span) -> Markup:
        return self.rich.html(*span)

    def changed(self, label: str) -> Sequence[Relation]:
        return self.changes.get(label, ())

    def _unit(self, node: Node, level: int) -> Unit:
        provision = node.provision
        deeper = level + 1
        if provision is None:
            parts = tuple(self.units(node.children, deeper))
            return Unit("", "", min(level, DEEPEST), Markup.escape(node.title), "text", parts, None, ())
        lines = heading_of(node)
        head = provision.start + len("\n".join(lines))
        heading = self.html((provision.start, head)) if lines else Markup()
        page, self._page = (provision.page if provision.page != self._page else None), provision.page
        return Unit(
            fragment_of(self.document.document_id, provision.provision_id), provision.label, min(level, DEEPEST),
            heading, "chapter" if provision.is_heading else provision.kind, tuple(self._parts(node, provision, head, deeper)), page,
            tuple(self.changed(provision.label)) if provision.label else (),
        )  # fmt: skip

    def _parts(
        self, node: Node, provision: Provision, at: int, level: int
    ) -> Iterator[Paragraph | Unit | Grid]:
        """Yield the text of a unit and its items in turn, then the units below it that lie outside its text."""
        within = [n for n in node.children if n.provision and n.provision.start < provision.end]
        for child in within:
            assert child.provision is not None
            yield from self._paragraphs(at, child.provision.start, first=at == provision.start)
            at = child.provision.end
            yield from self.units([child], level)
        yield from self._paragraphs(at, provision.end, first=at == provision.start)
        yield from self.units(node.children[len(within) :], level)

    def _paragraphs(self, start: int, end: int, *, first: bool) -> Iterator[Paragraph]:
        at = start
        for line in self.rich.text[start:end].split("\n"):
            if line.strip():
                html, kind = self.html((at, at + len(line))), self._kind(line.strip(), at)
                if first and (mark := ARTICLE.match(line)):
                    cut = at + mark.end()
                    html = Markup("<strong>{}</strong>{}").format(
                        self.html((at, cut)), self.html((cut, at + len(line)))
                    )
                yield Paragraph(html, kind)
                first = False
            at += len(line) + 1

    def _kind(self, line: str, at: int) -> str:
        if line.startswith(NOTE):
            return "note"
        if line == self.document.issuer or DATE.fullmatch(line):
            return "signed"
        return "address" if at == 0 and SALUTATION.fullmatch(line) else "text"


def links_in(document: Document, text: str, shelf: Shelf) -> list[Linked]:
    """Return where the text names documents of the corpus, each leading to it, or to the list where several have the name."""
    links = []
    for mention in find_mentions(text):
        found = shelf.named(mention.number or "") or shelf.named(mention.title or "")
        if not found or document in found:
            continue
        name = mention.number or mention.title or ""
        href = document_url(found[0].document_id) if len(found) == 1 else ROOM + query_string({"q": name})
        links.append(Linked(mention.start, mention.end, href, found[0].title if len(found) == 1 else name))
    return links
