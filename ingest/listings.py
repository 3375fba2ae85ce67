"""Lists and tables of ended instruments: the items behind 下列文件同时废止：, the rows and items of 宣布失效的文件目录."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.clauses import Deed, listed_kind
from ingest.document import Document, Provision
from ingest.headers import DOC_NO, normalise_doc_no
from ingest.instruments import SIGN, Mention, find_mentions, mask, own_words

MARK = r"\s*(?:[（(]?[一二三四五六七八九十百\d]{1,4}[）)、.．]|[①-⑳])?\s*"
BARE = re.compile(
    r"^\s*[（(]?[一二三四五六七八九十百\d]{1,4}[）)]?\s*[.．、]?\s*(?P<title>[^。；\t《]?.{3,}?)\s*[（(](?P<number>[^（）()]*?\d+\s*号[^（）()]*)[）)]\s*[；;。]?$"
)
ITEM = re.compile(
    rf"^{MARK}(?:[^。；：:]{{0,120}}的|[^。；：:，的]{{0,24}})?{SIGN}(?:[、和及与]?{SIGN})*\s*[；;。，,、]?\s*(?:和|以及)?$"
)
CLEARING = re.compile(r"废止|失效|清理")
MIXED = re.compile(r"修改|保留|继续有效|有效的|暂停|调整")
LIST_NAME = re.compile(r"目录|清单|一览表|名单|文件|规章|法规|明细|列表|汇总表")
KEEPING = re.compile(r"保留|继续有效|现行有效|继续执行|修改|修订|拟|建议|不予|待")
NAME_FIELD = re.compile(r"名称|标题|题目|文件名")
NUMBER_FIELD = re.compile(r"文号|发文字号|文件号|编号")
RESULT_FIELD = re.compile(r"结果|处理|意见|备注|状态|效力|说明")


def listed_deeds(document: Document) -> Iterator[tuple[Provision, Deed]]:
    """Yield what the document's lists end, with the item or row that names it."""
    leaves = _leaves(document)
    yield from _behind_a_lead(leaves)
    yield from _in_lists(document, leaves)


def _leaves(document: Document) -> list[Provision]:
    """Return the provisions in order, those with items of their own too (the lead stands in them)."""
    return sorted(document.provisions, key=lambda p: (p.start, -p.end))


def _behind_a_lead(provisions: list[Provision]) -> Iterator[tuple[Provision, Deed]]:
    """下列文件同时废止： with an item a paragraph behind it; what is no item ends the list."""
    kind: str | None = None
    items: dict[str | None, list[Provision]] = {}
    for provision in provisions:
        items.setdefault(provision.parent, []).append(provision)
    for provision in provisions:
        if provision.is_heading and not provision.text.rstrip().endswith(("：", ":")):
            kind = None
        for line in _own_lines(provision, items.get(provision.provision_id, ())):
            if line.rstrip().endswith(("：", ":")) and (found := listed_kind(line)):
                kind = found
            elif kind and (mentions := _item(line)):
                for one in mentions:
                    yield (
                        provision,
                        Deed(kind, one.number, one.title, line.strip(), named_as=line[: one.start]),
                    )
            elif kind and line.strip():
                kind = None


def _own_lines(provision: Provision, items: Sequence[Provision]) -> Iterator[str]:
    """Yield the lines of a provision that stand in none of its items."""
    start = provision.start
    for line in provision.text.split("\n"):
        end = start + len(line)
        if not any(
            item.start <= start
            and end <= item.end
            and item.end - item.start < provision.end - provision.start
            for item in items
        ):
            yield line
        start = end + 1


def _item(line: str) -> list[Mention]:
    """Return the instruments that a list's item is nothing but, empty for any other line."""
    masked = mask(line)
    if ITEM.match(masked.text):
        return [mention for mention in masked.mentions if mention.is_instrument]
    bare = _bare_item(line)
    return [bare] if bare else []


def _bare_item(line: str) -> Mention | None:
    """1. 平谷县房改房上市出售管理办法（平政发〔2000〕19号）: a title without its marks."""
    match = BARE.match(line)
    number = normalise_doc_no(match["number"]) if match else None
    return Mention(match["title"].strip("《》 "), number, *match.span()) if match and number else None


def _in_lists(document: Document, provisions: list[Provision]) -> Iterator[tuple[Provision, Deed]]:
    """The items and rows of an attachment that lists what is ended, by its heading or by the document's title."""
    title = document.title if CLEARING.search(document.title) else ""
    by_title = "" if MIXED.search(title) else _kind(title)
    by_heading: str | None = None
    scope: tuple[str, ...] | None = None
    for provision in provisions:
        if provision.path[:1] != scope:
            scope, by_heading = provision.path[:1], _heading_kind(" ".join(scope or ())) if scope else None
        first = provision.text.split("\n")[-1] if provision.is_heading else ""
        if (
            provision.is_heading
            and (stated := _heading_kind(provision.heading or provision.text)) is not None
        ) or (first and (stated := _heading_kind(first)) is not None):
            by_heading = stated
        listed = provision.label.startswith("附件") or provision.kind == "row" or by_heading is not None
        kind = by_heading if by_heading is not None else by_title
        if provision.is_heading or not listed or (not title and not by_heading):
            continue
        if provision.kind == "row":
            yield from ((provision, deed) for deed in _row(provision, kind))
        elif kind and (mentions := _item(provision.text.strip())):
            for mention in mentions:
                yield provision, Deed(kind, mention.number, mention.title, provision.text.strip())


def _kind(words: str) -> str:
    """Return the kind that a title or heading names, "" for none."""
    return "invalidates" if "失效" in words else "repeals" if "废止" in words else ""


def _heading_kind(words: str) -> str | None:
    """Return the kind of a list by its heading, "" for a list of what is kept or amended, None for any other heading."""
    if len(words) > 80 or "。" in words or not LIST_NAME.search(words):
        return None
    if KEEPING.search(words):
        return ""
    return _kind(words) or None


def _row(provision: Provision, kind: str) -> Iterator[Deed]:
    """Yield what a row of a table of ended instruments names; a cell 继续有效 or 废止 goes before the heading."""
    fields = [part.split("：", 1) for part in re.split(r"；|\n", provision.text) if "：" in part]
    results = "；".join(value for name, value in fields if RESULT_FIELD.search(name))
    if KEEPING.search(results):
        return
    kind = _kind(results) or kind
    names = [value for name, value in fields if NAME_FIELD.search(name) and not NUMBER_FIELD.search(name)]
    numbers = [value for name, value in fields if NUMBER_FIELD.search(name)]
    titled = find_mentions(names[0]) if names else []
    title = titled[0].title if titled else (re.split(r"[（(]", names[0])[0].strip() if names else None)
    stated = next((n for n in map(_number, [*numbers, *names, provision.text]) if n), None)
    if kind and (title or stated):
        yield Deed(kind, stated, title or None, provision.text.strip())


def _number(text: str) -> str | None:
    match = DOC_NO.search(re.sub(r"\s+", "", text))
    return normalise_doc_no(own_words(match[0])) if match else None
