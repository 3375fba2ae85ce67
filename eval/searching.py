"""Questions searched by each retriever on its own and by all together, in one run: recall, MRR and time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import asdict, dataclass

from eval.metrics import percentile
from index.filters import Filter
from index.store import Hit, PassageIndex

SEARCH_DEPTH = 50
RECALL_AT = (1, 5, 10, 50)
FIGURES = (*(f"recall_at_{k}" for k in RECALL_AT), "mrr")
METHODS = ("BM25", "dense", "fused", "reranked")
# The part of a hit that a retriever gives, and the dense weight that leaves it alone.
ALONE = {"BM25": ("lexical", 0.0), "dense": ("dense", 1.0)}

Search = Callable[..., list[Hit]]  # (what is searched, the whole question where that is more)


@dataclass(frozen=True)
class Searched:
    """One question as one method searched it; each figure is between 0 and 1."""

    method: str
    groups: tuple[str, ...]  # the rows of the report in which it counts
    figures: dict[str, float]
    milliseconds: float


@dataclass(frozen=True)
class Row:
    """Means over the questions of a group, as one method searched them."""

    group: str
    method: str
    questions: int
    figures: dict[str, float]
    p50_ms: float
    p95_ms: float


def searches(index: PassageIndex, *, dense_weight: float, filter: Filter | None = None) -> dict[str, Search]:
    """Return for each method what searches by it; "reranked" only where the index has a reranker.

    Fusing gives `dense_weight` to the vectors. A retriever on its own finds only what it scores above 0.
    """
    plain = copy(index)
    plain.reranker = None

    def by(method: str) -> Search:
        part, weight = ALONE.get(method, ("", dense_weight))
        searched = index if method == "reranked" else plain

        def search(question: str, asked: str = "") -> list[Hit]:
            hits = searched.search(
                question, asked=asked, top_k=SEARCH_DEPTH, dense_weight=weight, filter=filter
            )
            return [hit for hit in hits if not part or hit.parts[part] > 0]

        return search

    return {method: by(method) for method in METHODS if method != "reranked" or index.reranker}


def timed(search: Callable[[str], list[Hit]], question: str) -> tuple[list[Hit], float]:
    """Return the hits, and the milliseconds from the question's text to them."""
    start = time.perf_counter()
    hits = search(question)
    return hits, (time.perf_counter() - start) * 1000


def rows_of(searched: Sequence[Searched], *, first: Sequence[str] = ()) -> list[Row]:
    """Return a row for each group and method; the groups `first` lead, the others follow as they appear."""
    seen = dict.fromkeys(group for one in searched for group in one.groups)
    groups = dict.fromkeys([*(group for group in first if group in seen), *seen])
    used = [method for method in METHODS if any(one.method == method for one in searched)]
    return [
        _row(group, method, [one for one in searched if one.method == method and group in one.groups])
        for group in groups
        for method in used
    ]


def _row(group: str, method: str, searched: Sequence[Searched]) -> Row:
    times = [one.milliseconds for one in searched]
    return Row(
        group, method, len(searched),
        {name: sum(one.figures[name] for one in searched) / len(searched) for name in FIGURES},
        percentile(times, 0.5) or 0.0, percentile(times, 0.95) or 0.0,
    )  # fmt: skip


def as_table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table."""
    head = ["group", "method", "questions", *FIGURES, "p50 ms", "p95 ms"]
    cells = [
        [row.group, row.method, str(row.questions), *(f"{row.figures[name]:.3f}" for name in FIGURES),
         f"{row.p50_ms:.1f}", f"{row.p95_ms:.1f}"]
        for row in rows
    ]  # fmt: skip
    rule = ["---", "---", *["--:"] * (len(head) - 2)]
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, rule, *cells))


def as_json(rows: Sequence[Row]) -> list[dict[str, object]]:
    """Return the rows as JSON objects."""
    return [asdict(row) for row in rows]
