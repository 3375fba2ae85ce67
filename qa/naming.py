"""Documents, days and states of validity in the words of an answer."""

from __future__ import annotations

import re
from datetime import date

from ingest.document import Document, Relation, Validity

MAX_CLAUSE = 160
OWN_DAY = re.compile(
    r"自本?(?:通知|决定|办法|规则|通告|意见|方案|细则|规定|实施意见|条例)?(?:印发|发布|公布|下发)之日起?"
)
STATUS_WORDS = {
    "in_force": "现行有效（语料中没有废止或宣布失效它的文件）",
    "repealed": "已废止",
    "invalidated": "已宣布失效",
    "expired": "已过有效期",
    "superseded": "已有新版",
    "not_yet": "尚未生效",
    "unknown": "效力未明（原文没有写明施行日期）",
}
ENDED_BY = {"repealed": "废止", "invalidated": "宣布失效", "superseded": "代替"}


def document_name(document: Document) -> str:
    """Return 《title》（number）, with the year where there is no number."""
    tail = document.doc_no or (f"{document.issued_on.year}年" if document.issued_on else "")
    return f"《{document.title}》" + (f"（{tail}）" if tail else "")


def version_name(version: Document) -> str:
    """Return 2019年版, the id of a document without a day."""
    return f"{version.issued_on.year}年版" if version.issued_on else version.document_id


def target_name(relation: Relation) -> str:
    """Return what a relation calls its target: 《title》（number）, one of both where the other is not told."""
    title, number = relation.target_title, relation.target_no
    return (f"《{title}》" if title else "") + (f"（{number}）" if number and title else number or "")


def state_words(state: Validity) -> str:
    """Return whether something holds, since when and by what: 已废止，自2023年3月1日起，依据甲政发〔2023〕2号."""
    if state.by_hand and state.status == "in_force":
        return "现行有效（人工认定）"
    if state.status == "in_force":
        since = f"，自{day_words(state.since)}起施行" if state.since else ""
        return f"{STATUS_WORDS['in_force']}{since}"
    before = "：" if state.status == "superseded" else "，依据"
    by = f"{before}{state.by}" if state.by else ""
    since = f"，自{day_words(state.since)}起" if state.since else ""
    return f"{STATUS_WORDS[state.status]}{since}{by}{'（人工认定）' * state.by_hand}"


def day_words(day: date | None) -> str:
    """Return 2023年3月1日, "" for no day."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def shortened(quote: str, limit: int = MAX_CLAUSE) -> str:
    """Return a quotation, cut with …… where it is longer than `limit`."""
    return quote if len(quote) <= limit else quote[:limit] + "……"


def day_meant(document: Document, text: str) -> str:
    """Return which day 自本通知印发之日起 in a text of the document means, from its signature; "" where it says no such thing."""
    said = OWN_DAY.search(text)
    return f"“{said[0]}”：{day_words(document.issued_on)}。" if said and document.issued_on else ""
