"""A sentence that only opens what answers (a question in a list of questions, a topic, a heading) in, what follows out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.document import Document, Provision
from qa.clauses import FIELD_LINE, MAX_ANSWER, without_mark
from qa.draft import Statement
from qa.evidence import Evidence
from qa.listing import MAX_LIST, asks_list
from qa.query import Query
from qa.sentences import Sentence, sentences_of

MAX_REPLY = 260  # characters of a reply that is given whole
MAX_TOPIC, MAX_NAME = 40, 15  # characters of a topic, and of one that is a mere name (巡查自查机制。)
# The verbs that official topics begin with, having no subject: 健全督查机制。 以农民为重点，加强宣传。
OPENING = re.compile(
    r"(?:进一步|切实|积极|全面|大力|深入|持续|不断|着力|严格|统筹|加快)*(?:加强|强化|加大|建立|健全|完善|推进|推动|确保|保障|落实|深化"
    r"|优化|规范|提升|提高|坚持|开展|实施|明确|做好|抓好|注重|改进|构建|营造|压实|细化|扩大|支持|鼓励|严格|全面|深入|统筹|以.{1,12}为)"
)
REPLY = re.compile(r"^\s*(?:答复?|A)\s*[:：]\s*")
# What a mere topic has none of.
RULES = re.compile(r"\d|应当?|须|不得|可以?|严禁|禁止|负责|牵头|[：:；]\s*$|是指")


def is_question(text: str) -> bool:
    """Say whether a sentence asks, as the questions of a list of questions and answers do."""
    return text.rstrip().endswith(("？", "?"))


def reply_to(
    document: Document, sentence: Sentence, query: Query, near: Sequence[Evidence]
) -> Statement | None:
    """Return the reply below a question of the document: whole where it is short, else its sentence that answers best."""
    replies = _reply(document, sentence)
    if not replies:
        return None
    start, end = replies[0].start, replies[-1].end
    if end - start > (MAX_LIST if asks_list(query) else MAX_REPLY):
        inside = [e.sentence for e in near if e.sentence in replies]
        start, end = ((s := (inside or replies)[0]).start, s.end)
    text = re.sub(r"\s*\n\s*", "\n", REPLY.sub("", document.text[start:end]).strip())
    return Statement(text, document.document_id, start, end, ((start, end),))


def _reply(document: Document, sentence: Sentence) -> list[Sentence]:
    """Return the sentences from a question to the next one, in its provision or in the one that follows."""
    for provision in (sentence.provision, _next(document, sentence.provision)):
        if provision is None:
            break
        replies: list[Sentence] = []
        for following in sentences_of(document, max(sentence.end, provision.start), provision.end):
            if following.start < sentence.end:
                continue
            if is_question(following.text) and not REPLY.match(following.text):
                break
            replies.append(following)
        if replies:
            return replies
    return []


def _next(document: Document, provision: Provision) -> Provision | None:
    return min(
        (p for p in document.provisions if p.start >= provision.end), key=lambda p: p.start, default=None
    )


def is_topic(document: Document, sentence: Sentence, query: Query) -> bool:
    """Say whether a sentence only names what its provision goes on to tell: （二）巡查自查机制。按照…, 二、范围."""
    provision = sentence.provision
    start, end = without_mark(document, sentence.start, sentence.end)
    words = document.text[start:end].strip()
    opens = not document.text[provision.start : sentence.start].strip()
    rest = document.text[sentence.end : provision.end].strip()
    goes_on = bool(rest) and not FIELD_LINE.match(rest)
    fits = query.shape is not None and bool(query.shape.search(words))
    named = len(words) <= MAX_NAME or (len(words) <= MAX_TOPIC and bool(OPENING.match(words)))
    return opens and goes_on and named and not RULES.search(words) and not fits


def best_below(document: Document, best: Evidence, near: Sequence[Evidence]) -> Evidence | None:
    """Return the best evidence of the provision below its topic; the next sentence where none was found."""
    sentence = best.sentence
    inside = (
        e for e in near
        if e.sentence.document_id == sentence.document_id
        and sentence.end <= e.sentence.start and e.sentence.end <= sentence.provision.end
        and not FIELD_LINE.match(e.sentence.text)
    )  # fmt: skip
    following = (
        s for s in sentences_of(document, sentence.end, sentence.provision.end) if s.start >= sentence.end
    )
    return next(inside, None) or next((replace(best, sentence=s, defines=False) for s in following), None)


def under_topic(document: Document, topic: Sentence, told: Statement) -> Statement:
    """Return what is told with its topic in front where both are short and stand together, else as it is."""
    start, end = without_mark(document, topic.start, topic.end)
    words = document.text[start:end].strip()
    apart = document.text[topic.end : told.start].strip()
    if apart or told.label is not None or len(words) + len(told.text) > 2 * MAX_ANSWER:
        return told
    joint = "" if words.endswith(("。", "！", "”")) else "："
    return replace(told, text=f"{words}{joint}{told.text}", start=topic.start)
