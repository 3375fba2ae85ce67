"""A question and the turns before it in, the question as it stands alone out: 那通州呢？, 2019年的呢？, 它还有效吗？"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.lexical import normalise
from qa.catalog import DOC_NO_ASKED, Catalog
from qa.query import YEAR

Turn = tuple[str, str]  # question, answer text
ELLIPSIS = re.compile(
    r"^(?:那么?|换成|如果是|要是)?(.{1,14}?)(?:区|县|市)?(?:的话)?(?:呢|怎么样|又?如何|怎么规定的?)[？?。]*$"
)
PRONOUN = re.compile(
    r"它|这[个份部](?:文件|规则|办法|通知|方案|意见)|该(?:文件|规则|办法|通知|方案|意见|通告|决定)"
)
NAMED = re.compile(rf"{DOC_NO_ASKED.pattern}|《[^》]+》")


def stand_alone(question: str, history: Sequence[Turn], catalog: Catalog) -> str:
    """Return the question with what it leaves out taken from the question before it; itself when it leaves nothing out."""
    if not history:
        return question
    before, text = history[-1][0], normalise(question.strip())
    ellipsis = ELLIPSIS.match(text)
    if ellipsis and (replaced := _replaced(ellipsis[1], before, catalog)):
        return replaced
    named = NAMED.search(normalise(before))
    if PRONOUN.search(text) and named and not catalog.asked_numbers(text) and not NAMED.search(text):
        return PRONOUN.sub(named[0], text, count=1)
    return question


def _replaced(asked: str, before: str, catalog: Catalog) -> str | None:
    """Return the question before with its district or year replaced by `asked`, None where `asked` is neither."""
    text = normalise(before)
    places = list(catalog.asked_places(asked))
    if places:
        known = list(catalog.asked_places(text))
        return text.replace(known[0], places[0], 1) if known else f"{places[0]}{text}"
    year = YEAR.search(asked)
    if not year:
        return None
    old = YEAR.search(text)
    return text[: old.start()] + year[0] + text[old.end() :] if old else f"{year[0]}{text}"
