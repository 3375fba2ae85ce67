"""The blocks of a file in, its Documents with Provisions out; relations and validity are added later."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.clean import Block, Skip, clean_text
from ingest.document import Document, Doubt, Provision
from ingest.headers import Head, document_kind, find_documents
from ingest.labels import Labeller
from ingest.numbering import ARTICLE, SECTION, read_mark
from ingest.outline import OutlineBuilder
from ingest.pages import is_contents_head
from ingest.readers.source import SourceText
from ingest.unit import Unit, is_heading_text

SHORT_LIST = 1200  # characters


@dataclass(frozen=True)
class ReadFile:
    """What one file held: its documents, and the raw spans that are in no provision, with the reason."""

    documents: tuple[Document, ...]
    skips: tuple[Skip, ...]


@dataclass(frozen=True)
class Span:
    """A piece of the document's text: offsets there, and in the source."""

    start: int
    end: int
    source_start: int
    source_end: int


def read_documents(source: SourceText) -> ReadFile:
    """Return the documents of one decoded file, in the order of the file."""
    clean = clean_text(source.text, whole_lines=source.whole_lines)
    skips = list(clean.skips)
    heads = find_documents(clean.blocks)
    inside = {index for head in heads for index in range(head.first, head.last)}
    skips += [Skip(b.start, b.end, "cover") for i, b in enumerate(clean.blocks) if i not in inside]
    documents = []
    for head in heads:
        builder = OutlineBuilder(clean.blocks, head)
        root = builder.build()
        left_out = dict(builder.left_out)
        skips += [Skip(clean.blocks[i].start, clean.blocks[i].end, why) for i, why in left_out.items()]
        skips += [Skip(b.start, b.end, "head") for b in clean.blocks[head.first : head.body]]
        doubts = builder.doubts + _open_contents(clean.blocks, head)
        documents.append(_document(clean.blocks, head, root, doubts, source, left_out))
    return ReadFile(tuple(documents), tuple(sorted(skips, key=lambda skip: skip.start)))


def _document(
    blocks: Sequence[Block],
    head: Head,
    root: Unit,
    doubts: list[tuple[int, Doubt]],
    source: SourceText,
    left_out: dict[int, str],
) -> Document:
    texts, spans = _lay_out(blocks, head, root, left_out)
    document_id = (
        head.doc_no or f"{head.title or source.path}@{head.issued_on or 'undated'}"
    )  # as corrections.id_of
    provisions = tuple(ProvisionMaker(document_id, "\n".join(texts), blocks, spans, source).make(root))
    line_ends = [match.start() for match in re.finditer("\n", source.text)] if doubts else []
    placed = [_placed(doubt, source, blocks[index].start, line_ends) for index, doubt in doubts]
    placed += _lacking(head)
    return Document(
        document_id=document_id, doc_no=head.doc_no, title=head.title, notice_title=head.notice_title,
        issuer=head.issuer, issued_on=head.issued_on, effective_on=None, expires_on=None,
        kind=document_kind(head.title), source=source.path, text="\n".join(texts), provisions=provisions,
        doubts=tuple(placed), scanned=any(doubt.kind == "scan" for doubt in source.doubts),
    )  # fmt: skip


def _lacking(head: Head) -> list[Doubt]:
    """Return a doubt for each of number, title and date that the source does not state."""
    stated = {"no_number": head.doc_no, "no_title": head.title, "no_date": head.issued_on}
    return [Doubt(kind) for kind, value in stated.items() if not value]


def _open_contents(blocks: Sequence[Block], head: Head) -> list[tuple[int, Doubt]]:
    """Return a doubt for each 目录 that is still among the blocks, with headings below it."""
    return [
        (index, Doubt("open_contents", blocks[index].text))
        for index in range(head.body, head.last - 1)
        if is_contents_head(blocks[index].text)
        and (mark := read_mark(blocks[index + 1].text)) is not None
        and mark.scheme <= SECTION
    ]


def _placed(doubt: Doubt, source: SourceText, offset: int, line_ends: Sequence[int]) -> Doubt:
    return replace(doubt, line=bisect_left(line_ends, offset) + 1, page=source.page(offset))


def _lay_out(
    blocks: Sequence[Block], head: Head, root: Unit, left_out: dict[int, str]
) -> tuple[list[str], dict[int, Span]]:
    """Return the paragraphs of the document's text, and where each block stands in it (a record: its first block)."""
    rendered: dict[int, str] = {}
    swallowed: set[int] = set()
    for unit in root.walk():
        if unit.record:
            rendered[unit.blocks[0]] = "\n".join(unit.record.lines)
            swallowed.update(unit.blocks[1:])
    owned = {index for unit in root.walk() for index in unit.blocks}
    texts, spans, position = [], {}, 0
    for index in range(head.body, head.last):
        if index in left_out or index in swallowed or index not in owned:
            continue
        text = rendered.get(index, blocks[index].text)
        spans[index] = Span(position, position + len(text), blocks[index].start, blocks[index].end)
        texts.append(text)
        position += len(text) + 1
    return texts, spans


class ProvisionMaker:
    """Turns the units of an outline into provisions with labels, paths and offsets."""

    def __init__(
        self, document_id: str, text: str, blocks: Sequence[Block], spans: dict[int, Span], source: SourceText
    ) -> None:
        self.document_id, self.text, self.blocks, self.spans = document_id, text, blocks, spans
        self.source = source
        self.used: Counter[str] = Counter()

    def make(self, root: Unit) -> list[Provision]:
        """Return all provisions of a document in the order of its text."""
        out: list[Provision] = []
        self._scope(root, out)
        return sorted(out, key=lambda provision: (provision.start, -provision.end))

    def _scope(self, scope: Unit, out: list[Provision]) -> None:
        labeller = Labeller(scope)
        path = (scope.heading,) if scope.scope else ()
        self._unit(scope, labeller, path, None, out)

    def _unit(
        self, unit: Unit, labeller: Labeller, path: tuple[str, ...], parent: str | None, out: list[Provision]
    ) -> None:
        whole = self._covers_items(unit)
        runs = [self._subtree(unit)] if whole else _runs([i for i in unit.blocks if i in self.spans])
        ids = [self._add(unit, labeller, path, parent, run, out) for run in runs if run]
        inner = (*path, unit.heading) if unit.heading and unit.scope is None and not unit.record else path
        for child in unit.children:
            if child.scope is not None:
                self._scope(child, out)
            else:
                row_path = (*inner, child.heading) if child.record and child.heading else inner
                self._unit(child, labeller, row_path, ids[0] if ids and whole else None, out)

    def _covers_items(self, unit: Unit) -> bool:
        """An article or a sentence with items is cited with them; a mere heading or a scope is not."""
        if unit.mark is None or not unit.children:
            return unit.record is not None
        if any(node.record for node in unit.walk()):
            return False
        if unit.mark.scheme == ARTICLE or (unit.mark.scheme > ARTICLE and not unit.heading):
            return True
        return unit.mark.scheme > ARTICLE and self._is_short_list(unit)

    def _is_short_list(self, unit: Unit) -> bool:
        """四、流转条件 with five items of a line each is cited as a whole."""
        run = self._subtree(unit)
        leaves = all(child.mark and not child.children for child in unit.children)
        return leaves and bool(run) and self.spans[run[-1]].end - self.spans[run[0]].start <= SHORT_LIST

    def _subtree(self, unit: Unit) -> list[int]:
        return sorted(i for node in unit.walk() for i in node.blocks if i in self.spans)

    def _add(
        self, unit: Unit, labeller: Labeller, path: tuple[str, ...], parent: str | None, run: list[int],
        out: list[Provision],
    ) -> str:  # fmt: skip
        first, last = self.spans[run[0]], self.spans[run[-1]]
        label = labeller.label(unit)
        key = f"{self.document_id}#{label}"
        self.used[key] += 1
        provision_id = key if self.used[key] == 1 else f"{key}~{self.used[key]}"
        held = [self.blocks[i] for i in (unit.blocks if unit.record else run)]
        source_start = min(block.start for block in held)  # a footnote may come first and stand further down
        out.append(
            Provision(
                provision_id=provision_id, document_id=self.document_id, label=label, path=path,
                heading=unit.heading, text=self.text[first.start : last.end], start=first.start, end=last.end,
                source_start=source_start, source_end=max(block.end for block in held), parent=parent,
                is_heading=self._is_heading(unit, run), kind=self._kind(unit, run),
                page=self.source.page(source_start),
            )
        )  # fmt: skip
        return provision_id

    def _is_heading(self, unit: Unit, run: list[int]) -> bool:
        if unit.record or unit.closed or (unit.scope is not None and not unit.scope):
            return False
        if self._covers_items(unit):
            return False
        return bool(unit.children) or (
            len(run) == 1 and is_heading_text(self.blocks[run[0]].text) and not unit.mark
        )

    def _kind(self, unit: Unit, run: list[int]) -> str:
        if unit.record:
            return "row"
        return "form" if any(self.blocks[i].cells or "___" in self.blocks[i].text for i in run) else "text"


def _runs(indexes: list[int]) -> list[list[int]]:
    """Cut block indexes into runs without a gap."""
    if not indexes:
        return []
    runs = [[indexes[0]]]
    for before, after in pairwise(indexes):
        if after == before + 1:
            runs[-1].append(after)
        else:
            runs.append([after])
    return runs
