"""Unit, a node of a document's outline: where it stands, what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.numbering import ARTICLE, PART, Mark
from ingest.tables import Record


@dataclass
class Unit:
    """A node of the outline. `blocks` are the indexes of its own blocks; `record` is set for a table row."""

    mark: Mark | None = None
    heading: str = ""
    blocks: list[int] = field(default_factory=list)
    children: list[Unit] = field(default_factory=list)
    parent: Unit | None = None
    scope: str | None = None  # "" for the main text, 附件1 for an attachment, None for any other unit
    title: bool = False  # an unnumbered heading that groups what follows
    division: bool = False  # such a heading above chapters: 总则, 合同编
    inner: bool = False  # such a heading within a numbered unit: 【办理条件】, 问：…, 专栏1
    name: str = ""  # what a label calls it: 专栏1
    record: Record | None = None
    closed: bool = False  # the closing clauses of a scope: what follows is unnumbered

    @property
    def rank(self) -> float:
        """How far out the unit stands: it may hold units of a greater rank only."""
        if self.mark:
            return self.mark.scheme
        if self.closed or self.record:
            return 99
        if self.inner and self.parent:
            return max(ARTICLE, self.parent.rank + 0.5)
        return PART if self.division else ARTICLE if self.title else -1

    def walk(self) -> Iterator[Unit]:
        yield self
        for child in self.children:
            yield from child.walk()


def is_heading_text(text: str) -> bool:
    """Say whether a unit's first line is a mere heading: short, without the end of a sentence."""
    return len(text) <= 60 and not text.endswith(("。", "；", "：", "！", "？", ";", ":", "，", "、"))
