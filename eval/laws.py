"""Records of laws, one article each, in; Laws out: what a reading of them is held against."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from eval.records import read_records

FILE_NAME = "train_law_articles.jsonl.gz"
KEYS = ("file", "repo", "law", "date")  # one version of one law


@dataclass(frozen=True)
class Article:
    """One record: an article, or a run of text outside the articles (label "")."""

    label: str  # 第十二条, 第十二条之一
    path: tuple[str, ...]  # its headings from the outermost in: 编, 章, 节
    text: str  # paragraphs parted by line ends, the label left out


@dataclass(frozen=True)
class Law:
    """One version of a law, its records in the order of the source."""

    name: str  # of the file it is written to, without a suffix
    title: str
    articles: tuple[Article, ...]


def read_laws(folder: Path) -> Iterator[Law]:
    """Yield the laws of FILE_NAME in `folder`, one at a time; records of one law stand together there.

    Raises FileNotFoundError, ValueError for a record without the keys that are needed.
    """
    records = read_records(folder / FILE_NAME)
    groups = groupby(records, key=lambda record: tuple(record[key] for key in KEYS))
    for number, (key, articles) in enumerate(groups):
        yield Law(f"{number:05d}", str(key[2]), tuple(map(_article, articles)))


def _article(record: dict[str, Any]) -> Article:
    chapter = record["chapter"] or ""
    path = tuple(part.strip() for part in chapter.split(" / ") if part.strip())
    return Article(record["article"] or "", path, record["text"])


def sample_laws(folder: Path, count: int | None, *, seed: int) -> Iterator[Law]:
    """Yield all laws, or `count` of them drawn by `seed`, in their order."""
    if count is None:
        yield from read_laws(folder)
        return
    total = sum(1 for _ in read_laws(folder))
    drawn = set(random.Random(seed).sample(range(total), min(count, total)))
    for number, law in enumerate(read_laws(folder)):
        if number in drawn:
            yield law
