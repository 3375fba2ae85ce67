"""A Filter in, the documents that it leaves out: by issuer, district, year, kind, day in force, or by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Protocol

import numpy as np
import rjieba

from ingest.document import Document, Validity

AREA = r"特别行政区|(?:维吾尔|(?:[\u4e00-\u9fff]{1,3}族)+)?自治[区州县]|[省市区县州盟旗]"
PLACE = re.compile(rf"([\u4e00-\u9fff]{{2,5}}?)(?:{AREA}|街道|镇|乡)")
YEAR_BEFORE = re.compile(r"(?:(?:19|20)\d\d年度?)?")
AREA_NAMED = re.compile(rf"[\u4e00-\u9fff]{{2,5}}?(?:{AREA})")
# 开发区, 重点城市, 民族地区: what ends like a place and is none.
AREA_WORD = re.compile(r"(?:开发|示范|保护|试验|保税|工业|产业|名胜|旅游|功能|居民|行政|合作)区$")
GENERAL = re.compile(r"(?:城市|[地山社小园景校辖灾库林牧郊片街港厂矿市城]区)$")
BODY = re.compile(r"(?:人民)?政府|人民代表大会|人大")
HOLDING = ("in_force", "unknown")  # unknown: no day says when it began, and nothing that it ended
MOST_NAMED = 12  # of what the corpus holds, in an error


class Validities(Protocol):
    """Tells what holds on a day: ingest.validity.ValidityIndex."""

    def of(self, document: Document, as_of: date) -> Validity: ...


class UnknownFilterValue(ValueError):
    """A filter names an issuer, district, kind or document that the corpus does not hold; the message says what it does."""


@dataclass(frozen=True)
class Filter:
    """What hits are limited to: every part that is not empty must fit, by one of its values. `Filter()` limits nothing.

    Years are those of issue. A year or day that fits no document leaves nothing; a name that the corpus does not know
    is an error.
    """

    documents: tuple[str, ...] = ()  # document ids
    issuers: tuple[str, ...] = ()  # as documents state them: 北京市平谷区人民政府
    districts: tuple[str, ...] = ()  # the last place in the issuer's name: 平谷 or 平谷区
    years: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()  # 规则, 办法, 通知, ...
    in_force_on: date | None = None


def place_of_issuer(issuer: str | None) -> str:
    """Return 平谷 for 北京市平谷区人民政府, "" where the name holds no place."""
    names = [match[1] for match in PLACE.finditer(issuer or "")]
    return names[-1] if names else ""


def place_of_title(title: str) -> str:
    """Return 重庆 for 重庆市绿化条例, "" where the title begins with no place."""
    cut = YEAR_BEFORE.sub("", BODY.sub("|", title), count=1)
    ends, end = [], 0
    while match := AREA_NAMED.match(cut, end):  # 浙江省|杭州市|西湖区
        ends.append(end := match.end())
    words = rjieba.tag(cut)
    whole = set(accumulate(len(word) for word, _ in words))
    fitting = (cut[:end] for end in reversed(ends) if end in whole)
    name = next((name for name in fitting if not AREA_WORD.search(name) and not _is_general(name)), "")
    named = words and (words[0][1].startswith("n") or "".join(word for word, _ in words[:2]) == name)
    return place_of_issuer(name) if named else ""


def _is_general(name: str) -> bool:
    """Say whether a name is a word and a general one for a place: 重点城市, but not 聊城市 or 房山区."""
    match = GENERAL.search(name)
    head = name[: match.start()] if match else ""
    return (
        len(head) > 1
        and rjieba.has_word(head)
        and "ns" not in (rjieba.tag(head)[0][1], rjieba.tag(name[:-1])[0][1])
    )


def place_of(document: Document) -> str:
    """Return the place of a document: of its issuer or, where none is stated, the one that its title begins with."""
    return place_of_issuer(document.issuer) if document.issuer else place_of_title(document.title)


def documents_left(wanted: Filter, documents: Sequence[Document], validity: Validities) -> np.ndarray:
    """Return bool (documents,): which of them `wanted` leaves. Raises UnknownFilterValue."""
    left = np.ones(len(documents), dtype=bool)
    for name, values, of in (
        ("document", wanted.documents, lambda d: d.document_id),
        ("issuer", wanted.issuers, lambda d: d.issuer or ""),
        ("district", tuple(map(_bare_place, wanted.districts)), place_of),
        ("kind", wanted.kinds, lambda d: d.kind),
    ):
        if values:
            left &= _fitting(name, values, documents, of)
    if wanted.years:
        left &= _each(documents, lambda d: d.issued_on is not None and d.issued_on.year in wanted.years)
    if day := wanted.in_force_on:
        left &= _each(documents, lambda d: validity.of(d, day).status in HOLDING)
    return left


def _fitting(
    name: str, values: Collection[str], documents: Sequence[Document], of: Callable[[Document], str]
) -> np.ndarray:
    held, wanted = [of(document) for document in documents], set(values)
    if unknown := sorted(wanted - set(held)):
        known = sorted({value for value in held if value})
        more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
        raise UnknownFilterValue(
            f"no document of the corpus has the {name} {unknown[0]!r}; there are: "
            f"{', '.join(known[:MOST_NAMED]) or 'none'}{more}."
        )
    return np.array([value in wanted for value in held], dtype=bool)


def _each(documents: Iterable[Document], fits: Callable[[Document], bool]) -> np.ndarray:
    return np.array([fits(document) for document in documents], dtype=bool)


def _bare_place(name: str) -> str:
    """平谷区 and 平谷 are one place."""
    return place_of_issuer(name) or name
