"""Two documents in, their provisions side by side out: which correspond, and what differs, word by word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from rapidfuzz import fuzz, process

from ingest.document import Document, Provision
from web.rooms.differences import ALIKE, Piece, best_pairs, differences, plain
from web.rooms.outline import Node, outline

ALIKE_BY_LABEL = 30.0  # the same where both have the same label
SAME_LABEL = 8.0  # what a shared label counts among provisions that are alike
STRETCH = 6  # characters in a row that two provisions share
HELD = (
    0.4  # share of the stretches of the shorter one from which its words are told to stand in the other one
)
LEAST_HELD = 16  # characters of what is so told


@dataclass(frozen=True)
class Side:
    """A provision of one of the two documents."""

    provision_id: str
    label: str
    title: str
    pieces: tuple[Piece, ...]
    is_rule: bool  # what one would count: no heading, no closing words


@dataclass(frozen=True)
class Pair:
    """What corresponds: `kind` is same, changed, moved (the same words under another label), added or removed."""

    kind: str
    left: Side | None
    right: Side | None
    near: Side | None = (
        None  # of what only one side has: the provision of the other one that holds most of its words
    )


@dataclass(frozen=True)
class Comparison:
    """Two documents side by side, in the order of the right one."""

    pairs: tuple[Pair, ...]

    def count(self, kind: str) -> int:
        """Return how many rules are of this kind, headings and unnumbered text left out."""
        return sum(
            pair.kind == kind and any(s is not None and s.is_rule for s in (pair.left, pair.right))
            for pair in self.pairs
        )


@dataclass(frozen=True)
class Entry:
    """A unit to be compared: an article with its items, a heading, a row; its words without mark, spaces and points."""

    provision: Provision
    title: str
    plain: str
    lead: str  # the same of the line that opens its items, "" where it has none


def compare(left: Document, right: Document, *, left_text: str, right_text: str) -> Comparison:
    """Return the provisions of two documents side by side; the texts are theirs as they may be shown (same offsets)."""
    entries, others = _entries(left), _entries(right)
    matched = _matches(entries, others)
    rows = list(_in_order(entries, others, matched))
    holding = _holding([a for a, b in rows if a and not b], others) | _holding(
        [b for a, b in rows if b and not a], entries
    )
    pairs = []
    for a, b in rows:
        pair = _pair(a, b, left_text, right_text)
        only = a or b
        near = holding.get(only.provision.provision_id) if only and not (a and b) else None
        pairs.append(replace(pair, near=_side(near, right_text if a else left_text)) if near else pair)
    return Comparison(tuple(pairs))


def _entries(document: Document) -> list[Entry]:
    """Return the units of a document that lie within no other; what is empty but for its mark is left out."""
    found: list[Entry] = []

    def gather(nodes: Sequence[Node]) -> None:
        for node in nodes:
            provision = node.provision
            if provision and provision.parent is None:
                first, _, more = provision.text.partition("\n")
                words, lead = plain(provision.text), plain(first) if more else ""
                if words:
                    found.append(Entry(provision, node.title, words, lead))
            gather(node.children)

    gather(outline(document))
    return sorted(found, key=lambda entry: entry.provision.start)


def _holding(entries: Sequence[Entry], others: Sequence[Entry]) -> dict[str, Entry]:
    """Return, by provision, the one of the other side that holds most of its words, or most of whose words it holds."""
    own, fit = (
        [e for e in side if not e.provision.is_heading and len(e.plain) >= LEAST_HELD]
        for side in (entries, others)
    )
    holders: dict[str, list[int]] = {}
    for place, other in enumerate(fit):
        for stretch in _stretches(other.plain):
            holders.setdefault(stretch, []).append(place)
    found = {}
    for entry in own:
        stretches = _stretches(entry.plain)
        shared = Counter(place for stretch in stretches for place in holders.get(stretch, ()))
        shares = (
            (n / min(len(stretches), len(_stretches(fit[place].plain))), place) for place, n in shared.items()
        )
        share, best = max(shares, default=(0.0, 0))
        if share >= HELD:
            found[entry.provision.provision_id] = fit[best]
    return found


def _stretches(text: str) -> set[str]:
    return {text[i : i + STRETCH] for i in range(len(text) - STRETCH + 1)}


def _matches(left: Sequence[Entry], right: Sequence[Entry]) -> dict[int, int]:
    """Return, by place on the right, the place on the left of what says the same; the most alike are paired first."""
    if not left or not right:
        return {}
    scores = process.cdist(
        [e.plain for e in left], [e.plain for e in right], scorer=fuzz.ratio, dtype=np.float32
    )
    labels = np.array(
        [[bool(a.provision.label) and a.provision.label == b.provision.label for b in right] for a in left]
    )
    labels_alike = scores >= ALIKE_BY_LABEL
    labels_alike |= np.array([[bool(a.lead) and a.lead == b.lead for b in right] for a in left])
    kinds = np.array([[a.provision.is_heading == b.provision.is_heading for b in right] for a in left])
    fit = ((scores >= ALIKE) | (labels & labels_alike)) & kinds
    ranked = np.where(fit, scores + SAME_LABEL * labels, -1.0)
    return {b: a for a, b in best_pairs(ranked)}


def _in_order(
    left: Sequence[Entry], right: Sequence[Entry], matched: dict[int, int]
) -> Iterator[tuple[Entry | None, Entry | None]]:
    """Yield what corresponds in the order of the right side; what only the left has stands behind what it followed there."""
    missing = sorted(set(range(len(left))) - set(matched.values()))
    after: dict[int, list[int]] = {}  # by place on the right (-1: before all), what follows it
    places = {a: b for b, a in matched.items()}
    for a in missing:
        before = next((places[i] for i in range(a - 1, -1, -1) if i in places), -1)
        after.setdefault(before, []).append(a)
    yield from ((left[a], None) for a in after.get(-1, ()))
    for b, entry in enumerate(right):
        yield (left[matched[b]] if b in matched else None), entry
        yield from ((left[a], None) for a in after.get(b, ()))


def _pair(a: Entry | None, b: Entry | None, left_text: str, right_text: str) -> Pair:
    if a is None or b is None:
        only = _side(a, left_text) if a else None, _side(b, right_text) if b else None
        return Pair("added" if a is None else "removed", *only)
    if a.plain == b.plain:
        kind = "same" if a.provision.label == b.provision.label else "moved"
        return Pair(kind, _side(a, left_text), _side(b, right_text))
    texts = _text(a, left_text), _text(b, right_text)
    pieces = differences(*texts)
    return Pair("changed", _side(a, left_text, pieces[0]), _side(b, right_text, pieces[1]))


def _text(entry: Entry, text: str) -> str:
    return text[entry.provision.start : entry.provision.end]


def _side(entry: Entry, text: str, pieces: tuple[Piece, ...] | None = None) -> Side:
    provision = entry.provision
    return Side(
        provision.provision_id, provision.label, entry.title, pieces or (Piece(_text(entry, text)),),
        bool(provision.label) and not provision.is_heading,
    )  # fmt: skip
