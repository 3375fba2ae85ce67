"""An earlier question and what a follow-up puts in place of a part of it, in; the question with that part exchanged, out."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import rjieba

from qa.catalog import DOC_NO_ASKED, Catalog
from qa.query import ASKING, ASKING_PHRASES, YEAR
from qa.words import WordMatcher, words_of

OUR_DISTRICT = re.compile(r"咱们区|咱区|我们区|我区|本区")
OLD_OR_NEW = re.compile(
    r"(?P<old>旧版?|老版?|原来|以前|之前|过去|上一版|修订前|previous|former|old)|(?P<new>新版?|现在|现行|如今|最新|目前|修订后|current|latest)"
)
NAMED = re.compile(rf"{DOC_NO_ASKED.pattern}|《[^》]+》")
DOCUMENT_SCOPE = re.compile(
    rf"{NAMED.pattern}|[（(]\s*[）)]|{YEAR.pattern}(?:[那这]一?个?)?版?本?的?|(?:现行|新版|旧版|老版|原来|以前|之前|现在)的?"
)
DISTRICT = re.compile(r" (?:district|county|city|province)")
# What stands before a question word and says nothing without it: 应由|谁, 最晚提前|几天
LOOSE_WORDS = frozenset(
    "大概 一般 通常 最多 最少 最高 最低 最早 最晚 最迟 至少 应 应当 应该 需 需要 须 必须 要 得 能 能够 可 可以 会 都 由 向 给 报 报给 是 有 为 在 到 被 让 来 提前 "
    "每 及 和 的 规定 ， , 、".split()
)
ENGLISH_ASKING = re.compile(
    r"\b(?:who|whom|whose|what|when|where|why|which|how(?: (?:many|much|often|long|soon|far|large))?|is|are|was|were|do|does|did|can|must|should|will|may|the|a|an)\b"
)
SAME_KIND = 0.15  # nearness (see WordMatcher) from which two words are taken for two of a kind
LONGEST_SPAN = 4  # words of a phrase that is exchanged


def place_spans(text: str, catalog: Catalog) -> list[tuple[int, int]]:
    """Return where `text` names places of the corpus, each with 区 or district behind it, in order."""
    lower = text.lower()
    found = [match.span() for match in OUR_DISTRICT.finditer(lower)]
    for alias, ids in catalog.places.items():
        whole = full_place(catalog.place_of(ids[0]), catalog)
        for match in re.finditer(re.escape(alias), lower):
            behind = DISTRICT.match(lower, match.end())
            end = (
                behind.end()
                if behind
                else match.start() + len(whole)
                if lower.startswith(whole, match.start())
                else match.end()
            )
            found.append((match.start(), end))
    return sorted(found)


def full_place(place: str, catalog: Catalog) -> str:
    """Return 平谷区 for 平谷, as the issuer writes it."""
    issuers = (catalog.by_id[i].issuer or "" for i in catalog.places.get(place, ()))
    found = (re.search(rf"{re.escape(place)}[区县市镇乡省州]", issuer) for issuer in issuers)
    return next((match[0] for match in found if match), place)


def with_place(text: str, place: str, catalog: Catalog) -> str:
    """Return the question about another place; the place in front where it named none."""
    spans = place_spans(text, catalog)
    if not spans:
        return f"{place}{text}" if re.search(r"[\u4e00-\u9fff]", text) else f"{text} ({place})"
    out, at = [], 0
    for number, (start, end) in enumerate(spans):
        if start < at:  # 通州 within 通州区
            continue
        joined = re.sub(r"[和与、跟及]$", "", text[at:start]) if number else text[at:start]
        out += [joined, "" if number else place]
        at = end
    return "".join([*out, text[at:]])


def with_year(text: str, year: int) -> str:
    """Return the question about another year; the year in front where it named none."""
    return YEAR.sub(f"{year}年", text, count=1) if YEAR.search(text) else f"{year}年{text}"


def without_scope(text: str, catalog: Catalog) -> str:
    """Return the question without the places, documents, years and versions that it names."""
    for start, end in reversed(place_spans(text, catalog)):
        text = text[:start] + text[end:]
    return DOCUMENT_SCOPE.sub("", text).strip("，,、 的")


def subject_of(text: str) -> str:
    """Return what a question is about: what stands before its question word, else the whole without that."""
    if not re.search(r"[\u4e00-\u9fff]", text):
        named = re.search(r"\(([^()]+)\)$", text)  # a follow-up that was itself given a subject
        return re.sub(r"\s+", " ", named[1] if named else ENGLISH_ASKING.sub(" ", text)).strip(" ?.!")
    asked = ASKING.search(text)
    head = _without_loose_end(text[: asked.start()]) if asked else ""
    if any(len(word) > 1 for word in words_of(head)):
        return head
    rest = re.sub(r"[？?。!！]+$", "", ASKING_PHRASES.sub("", text))
    return _without_loose_end(re.sub(r"^[，,\s的是]+|[吗呢]$", "", rest))


def actor_of(subject: str) -> str:
    """Return the nouns that a subject opens with, before what they do: 部门负责人 of 部门负责人不能出席会议."""
    actor = ""
    for word, tag in rjieba.tag(subject):
        if not re.match(r"[nabjl]|vn", tag):
            break
        actor += word
    return actor or subject


def _without_loose_end(text: str) -> str:
    words = rjieba.cut(text.rstrip())
    while words and words[-1].strip() in LOOSE_WORDS:
        words.pop()
    return "".join(words).rstrip()


def with_phrase(text: str, phrase: str, matcher: WordMatcher) -> str | None:
    """Return the question with `phrase` in the place of its like: 副区长 for 区长, 节假日 for 工作日; None without one.

    Like is what ends alike, or else has the nearest meaning and is as near as two of a kind.
    """
    if not re.search(r"[\u4e00-\u9fff]", text + phrase):
        return _with_english_phrase(text, phrase)
    words = rjieba.cut(text)
    starts = np.cumsum([0, *map(len, words)]).tolist()
    asked = [m.span() for m in ASKING_PHRASES.finditer(text)]
    free = [
        not any(s < e and starts[i] < e and s < starts[i + 1] for s, e in asked) for i in range(len(words))
    ]
    span = _ends_alike(words, free, phrase) or _means_alike(words, free, phrase, matcher)
    if span is None or phrase in words:
        return None
    first = span[0] - (span[0] > 0 and phrase.startswith(words[span[0] - 1]))  # 以|区政府 by 以办公室
    return text[: starts[first]] + phrase + text[starts[span[1]] :]


def _with_english_phrase(text: str, phrase: str) -> str:
    """Return the question with as many words exchanged as the phrase has, up to the one that ends it; else both."""
    head = phrase.split()[-1].rstrip("s")
    for match in re.finditer(rf"(?:[\w-]+ ){{{len(phrase.split()) - 1}}}{re.escape(head)}s?\b", text, re.I):
        return text[: match.start()] + phrase + text[match.end() :]
    return f"{text} ({phrase})"


def _ends_alike(words: Sequence[str], free: Sequence[bool], phrase: str) -> tuple[int, int] | None:
    """Return the run of words that shares the longest ending with the phrase, as long as it where several do."""
    best, best_rank = None, (0, 0)
    for last in range(len(words)):
        for first in range(last, max(last - LONGEST_SPAN, -1), -1):
            if not free[first] or not re.fullmatch(r"[\u4e00-\u9fffa-z0-9]+", words[first]):
                break
            run = "".join(words[first : last + 1])
            shared = _shared_end(run, phrase)
            if shared == 0:
                break
            rank = (shared, -abs(len(run) - len(phrase)))
            if rank > best_rank:
                best, best_rank = (first, last + 1), rank
    return best


def _shared_end(one: str, other: str) -> int:
    count = 0
    while count < min(len(one), len(other)) and one[-1 - count] == other[-1 - count]:
        count += 1
    return count


def _means_alike(
    words: Sequence[str], free: Sequence[bool], phrase: str, matcher: WordMatcher
) -> tuple[int, int] | None:
    kinds = [rjieba.tag(word)[-1][1] for word in words]
    places = [i for i, word in enumerate(words) if free[i] and len(word) > 1 and kinds[i][0] in "ntmjlisav"]
    head = words_of(phrase)[-1:]
    if not places or not head:
        return None
    nearness = matcher.coverage(head, np.ones(1, dtype=np.float32), [[words[i]] for i in places])[:, 0]
    best = int(nearness.argmax())
    return (places[best], places[best] + 1) if nearness[best] >= SAME_KIND else None
