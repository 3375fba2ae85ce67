"""The label of a unit, as a person cites it: 第四十一条（三）, 五、（二）4, 附件1 第7项, 第三章第二节 一."""

from __future__ import annotations

import re
from collections import defaultdict

from ingest.numbering import (
    ARTICLE,
    CHAPTER,
    COMMA,
    DECIMALS,
    DOT,
    ITEM,
    PART,
    ROMAN,
    SECTION,
    SUBPART,
    SUBTOPIC,
    TOPIC,
    mark_label,
)  # fmt: skip
from ingest.unit import Unit

PROJECT_COUNT = re.compile(r"[（(]\s*\d+\s*项\s*[）)]$")  # 一、优化市政基础设施（5项）


class Labeller:
    """Labels the units of one scope (the main text, or one attachment)."""

    def __init__(self, scope: Unit) -> None:
        self.scope = scope
        units = [unit for unit in scope.walk() if unit.mark and _scope_of(unit) is scope]
        self.commas_restart = _restarts(units, COMMA)
        self.chapters_restart = _restarts(units, CHAPTER)
        self.projects = _is_project_list(units)
        self.many_tables = (
            len({id(unit.parent) for unit in scope.walk() if unit.record and _scope_of(unit) is scope}) > 1
        )

    def label(self, unit: Unit) -> str:
        """Return the unit's label, "" for unnumbered text of the main scope."""
        return f"{self.scope.scope} {self._inner(unit)}".strip()

    def _inner(self, unit: Unit) -> str:
        if unit is self.scope or unit.closed:
            return ""
        parent = unit.parent or self.scope
        if unit.record:
            return f"{self._table_label(parent)} {unit.record.place}".strip()
        if unit.name:
            return unit.name
        if unit.title:
            short = len(unit.heading) <= 4
            return self._inner(parent) if not short else f"{self._inner(parent)} {unit.heading}".strip()
        assert unit.mark is not None
        own = mark_label(unit.mark)
        scheme = unit.mark.scheme
        if scheme in (ARTICLE, PART, ITEM, *DECIMALS):
            return own
        if scheme == SUBPART:
            return self._inner(parent) + own if parent.mark else own
        if scheme == CHAPTER:
            return self._inner(parent) + own if self.chapters_restart and parent.mark else own
        if scheme == SECTION:
            return self._inner(parent) + own if parent.mark and parent.mark.scheme == CHAPTER else own
        if scheme == DOT and self.projects:
            return f"第{unit.mark.number}项"
        if (
            scheme == COMMA
            and not self.commas_restart
            and not (parent.mark and parent.mark.scheme == ARTICLE)
        ):
            return own
        return _join(self._inner(parent), parent, own, scheme)

    def _table_label(self, parent: Unit) -> str:
        if parent.title:
            return (
                re.sub(r"\s", "", parent.heading)
                if self.many_tables
                else self._inner(parent.parent or self.scope)
            )
        return self._inner(parent)


def _join(base: str, parent: Unit, own: str, scheme: int) -> str:
    """Put an item behind its parent's label: 四十六 + （五） is 四十六、（五）; 第三章第二节 + 一 keeps a space."""
    if not base:
        return own
    if parent.mark is None or parent.mark.scheme <= SECTION or parent.mark.scheme in (ROMAN, *DECIMALS):
        return f"{base} {own}"
    if parent.mark.scheme in (COMMA, TOPIC) and (scheme > COMMA or scheme == SUBTOPIC):
        return f"{base}、{own}"
    return base + own


def _restarts(units: list[Unit], scheme: int) -> bool:
    """Say whether the numbers of `scheme` begin again in another chapter, section or part."""
    seen: dict[int, set[int]] = defaultdict(set)
    for unit in units:
        if unit.mark and unit.mark.scheme == scheme and unit.parent and unit.parent.mark:
            if unit.parent.mark.scheme <= SECTION:
                seen[unit.mark.number].add(id(unit.parent))
    return any(len(parents) > 1 for parents in seen.values())


def _is_project_list(units: list[Unit]) -> bool:
    """Items 1. 2. … that count on through sections headed …（5项） are cited as 第N项."""
    dots = [unit for unit in units if unit.mark and unit.mark.scheme == DOT]
    numbers = [unit.mark.number for unit in dots if unit.mark]
    counted = {id(unit.parent) for unit in dots if unit.parent and PROJECT_COUNT.search(unit.parent.heading)}
    return len(counted) > 1 and numbers == list(range(1, len(numbers) + 1))


def _scope_of(unit: Unit) -> Unit:
    while unit.scope is None and unit.parent is not None:
        unit = unit.parent
    return unit
