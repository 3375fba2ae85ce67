"""What a follow-up asks of the answer before itself: 哪条规定的？ 第二项是什么？ 下一条呢？ 还有吗？"""

from __future__ import annotations

from dataclasses import replace

from qa.answer import ANSWERED
from qa.before import Before, Resolved, head_of
from qa.catalog import Catalog
from qa.direct import no_evidence, numbered_units
from qa.draft import Draft, Statement
from qa.follow_forms import CHANGED, ITEM, NEXT, REST, SAID, SOURCE, bare, item_number, topic_words
from qa.listed import Item, item_draft, items_of
from qa.naming import document_name
from qa.query import Label, Query
from qa.swap import NAMED

FEW_WORDS = 2  # of a topic: a question with more stands alone


def told_before(query: Query, before: Before, catalog: Catalog) -> Resolved | None:
    """Return what of the answer before a form names that can mean nothing else, None where it has no such form."""
    for way in (_source, _next, _rest, _item):
        if resolved := way(query, before, catalog):
            return resolved
    return None


def _source(query: Query, before: Before, catalog: Catalog) -> Resolved | None:
    """依据是什么？ 哪条规定的？ The provision cited before, by name."""
    if not SOURCE.match(bare(query.text)) or not (cited := before.statement):
        return None
    document = catalog.by_id[cited.document_id]
    name = f"{document_name(document)}{before.label}"
    text = f"{name}：“{document.text[cited.start : cited.end].strip()}”"
    return Resolved(f"{name}的原文", draft=Draft(ANSWERED, (replace(cited, text=text),)))


def _item(query: Query, before: Before, catalog: Catalog) -> Resolved | None:
    """第二项是什么？ 最后一个呢？ The item of the list answered before, or the article of its document."""
    text = CHANGED.sub("", bare(query.text))
    match = ITEM.match(text)
    if not (match or query.labels) or NAMED.search(text) or query.titles or query.places or query.years:
        return None
    document = before.document
    if document is None and before.statement:
        document = catalog.by_id[before.statement.document_id]
    if document is None:
        return None
    number = item_number(match) if match else 0
    labels = before.query.labels  # 第9项 of a table, then 第10项: by their labels
    by_label = labels and (labels[0].kind != "item" or number in numbered_units(document, "item"))
    items = items_of(before.draft, catalog.by_id) if match and (before.resolved.draft or not by_label) else []
    kind = "article" if match and match[2] == "条" else "item"
    beyond = number > len(items) and number in numbered_units(document, kind)
    if match is None or number == 0 or (query.labels and (beyond or not items)):
        few = len(topic_words(query)) <= FEW_WORDS
        return Resolved(text, document) if query.labels and few else None
    if not items:
        return Resolved(text, document, no_evidence(("上文所引的规定没有分项。",)))
    draft = item_draft(items, number, catalog.by_id)
    rest = text[match.end() :]
    if draft.status == ANSWERED and SAID.sub("", rest):
        return Resolved(f"{head_of(draft)}{rest}", document)
    label = items[number - 1].label if 0 < number <= len(items) else items[-1].label
    name = f"{document_name(document)}{label}" if label else f"{before.resolved.shown}的{match[0]}"
    return Resolved(name, draft=draft)


def _next(query: Query, before: Before, catalog: Catalog) -> Resolved | None:
    """下一条呢？ The article or the item behind the one cited before."""
    match, cited = NEXT.match(bare(query.text)), before.statement
    if not match or not cited:
        return None
    articles = numbered_units(catalog.by_id[cited.document_id], "article").items()
    here = [number for number, one in articles if one.start <= cited.start < one.end]
    if match[1] == "条" and here:
        return Resolved(f"{Label('article', here[0] + 1).names()[0]}的内容", catalog.by_id[cited.document_id])
    items = items_of(before.draft, catalog.by_id)
    at = _place_in(items, cited)
    if at is None:
        return None
    return Resolved(f"{before.resolved.shown}之后的一项", draft=item_draft(items, at + 2, catalog.by_id))


def _rest(query: Query, before: Before, catalog: Catalog) -> Resolved | None:
    """还有吗？ 只有这些？ The other items of the list that one was answered of."""
    if (
        not REST.match(bare(query.text))
        or not (cited := before.statement)
        or len(before.draft.statements) > 1
    ):
        return None
    items = items_of(before.draft, catalog.by_id)
    at = _place_in(items, cited)
    if at is None:
        return None
    others = [item_draft(items, number + 1, catalog.by_id) for number in range(len(items)) if number != at]
    told = tuple(statement for draft in others for statement in draft.statements)
    return Resolved(f"{before.resolved.shown}，其余各项", draft=Draft(ANSWERED, told))


def _place_in(items: list[Item], cited: Statement) -> int | None:
    """Return which of the items an answer stands in: by its answering words where it quotes more than those."""
    start = cited.marked[0][0] if cited.marked else cited.start
    return next((place for place, item in enumerate(items) if item.start <= start < item.end), None)
