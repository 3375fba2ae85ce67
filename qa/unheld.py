"""Documents that the corpus only names: what is asked of them that nobody here knows, and which of them held on a day."""

from __future__ import annotations

import re
from datetime import date

from index.lexical import normalise
from ingest.document import Document, Relation
from ingest.validity import version_day
from qa.named import Instrument, Instruments
from qa.query import Query

ENDED_ONE = re.compile(
    r"(?:已经?|早就?|后来)?被?(?<![谁么哪])(?:废止|失效|作废|停用|取代|代替)了?的(?=[\w《])"
)  # 已经废止的…
ASKS_WHETHER = re.compile(
    r"(?:有效|失效|废止|作废|过期|到期|算数|作数|管用|适用|生效)了?\s*[吗么没不嘛？?]|是否|还能|能不能|现行|版本|施行了|实施了|废[止掉]|废|停用|停止|不用|失效|作废|过期|取代|代替|替[换代]|[替换]掉|"
    r"still|in force|in effect|repeal|replace|supersede|stop|appl|ended|expire|version"
)
WHAT_IT_IS = re.compile(r"文号|标题|题目|名称|叫什么|是(?:一?[个份])?(?:什么|啥|哪)|title")
ASKS_CONTENT = re.compile(r"哪[些个家]|什么|谁|多少|几|怎么|如何|what|which|who|how")
ISSUE_ASKED = re.compile(
    r"(?:印发|发布|公布|成文|出台|制定|发文)的?(?:日期|时间)|(?:印发|发布|公布|出台|制定|下发)[^，。？?]{0,4}(?:[哪几]|何时|什么时候)"
    r"|(?:何时|什么时候|哪一?[天年]|几月|几号)[^，。？?]{0,4}(?:印发|发布|公布|出台|发的|印的|制定|下发)|when was .{0,60}issued"
)
SUCCESSOR_ASKED = re.compile(
    r"(?:替代|取代|接替|代替)(?:它|该)?的?(?:新的?)?(?:文件|办法|规定|文号)|[拿用由][^，。？?]{1,8}(?:接替|替代|代替|顶替)|新(?:的)?(?:文件|办法|规定)(?:是|叫|有)"
)


def unknown_of(query: Query, relation: Relation) -> str | None:
    """Return what a question asks of a document that `relation` ended and the corpus does not hold, where nothing tells
    it, in words that go on from its name (的正文, 由什么文件代替); None for what the relation answers."""
    if ISSUE_ASKED.search(query.text):
        return "的印发日期"
    if relation.kind == "invalidates" and SUCCESSOR_ASKED.search(query.text):
        return "由什么文件代替"
    text = ENDED_ONE.sub("", query.text)
    if ASKS_WHETHER.search(text) or WHAT_IT_IS.search(text):
        return None
    return "的正文" if query.shape is not None or ASKS_CONTENT.search(text) else None


def named_then(instruments: Instruments, document: Document, as_of: date) -> Instrument | None:
    """Return the document of the same title that the corpus only names and that held on that day in the place of
    `document`, by the year of its number and the day that it ended; None where none is known."""
    own, title = version_day(document) or date.min, normalise(document.title)
    later = [
        item for item in instruments.ended
        if item.relation and item.relation.since and item.relation.since > as_of
        and item.year and own.year < item.year <= as_of.year and title in item.title
    ]  # fmt: skip
    return max(later, key=lambda item: item.year or 0, default=None)
