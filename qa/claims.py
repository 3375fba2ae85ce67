"""A model's text in, its sentences out, each with the passage that bears it or the reason why none does."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest.document import Document
from qa.facts import (
    ITEM_MARK,
    LABEL,
    TITLE,
    Day,
    Facts,
    facts_of,
    labels_of,
    plain,
    same_day,
    same_number,
    squashed,
)
from qa.names import strange_names
from qa.prompt import Passage
from qa.sentences import Sentence, sentences_of
from qa.swapped import swapped

# [1], 〔1〕, [1, 2]
MARKER = re.compile(r"\s*[\[［【〔]\s*((?:段落|\^)?\d{1,2}(?:\s*[,，、]\s*\d{1,2})*)\s*[\]］】〕]")
TAG = r"think(?:ing)?|thought|reasoning"
THOUGHT = re.compile(rf"<({TAG})>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
THOUGHT_END = re.compile(rf"\A.*</(?:{TAG})>", re.DOTALL | re.IGNORECASE)  # some templates open it themselves
BULLET = re.compile(r"^\s*(?:[-*•·]\s+|\*\*|#+\s*|\d{1,2}\s*[.、)）]\s*(?!\d))+")
OPENS, CLOSES = "“「『《（(", "”」』》）)"
INSTRUCTION = re.compile(
    r"(?:忽略|无视|忘记|不要理会).{0,12}(?:指令|提示|规则|要求|命令|设定)|系统提示|提示词|扮演|越狱|"
    r"(?:ignore|disregard|forget).{0,30}(?:instruction|prompt|rule)|system prompt|jailbreak|you are now",
    re.IGNORECASE,
)
REFUSAL = re.compile(
    r"^\W*(?:抱歉\W*|对不起\W*)?(?:(?:根据)?(?:以上|所给|提供的|给出的)?(?:段落|资料|规定)[中里]?\W*)?(?:均|都)?(?:未能?|没有|无法)找到|"
    r"^\W*not found\b",
    re.IGNORECASE,
)
CLOSING = re.compile(
    rf"[”」』）)\"]*(?:{MARKER.pattern})*"
)  # what still belongs to a sentence behind its full stop
ENGLISH_END = re.compile(rf".(?={MARKER.pattern}|\s*$|\s+[A-Z\"“《])")
ABBREVIATION = re.compile(r"^\s*\d+\.$|\b(?:no|nos|art)\.$", re.IGNORECASE)
LEADING_LABEL = re.compile(rf"^[^，,。；：:]*?{LABEL.pattern}[^，,。；：:]{{0,4}}[，,：:]")
# What a date that only the document's head holds may be said of: the words, and the field that they mean.
HEAD_DAYS = (
    (re.compile(r"施行|生效|实施|执行|effect|in force"), "effective_on"),
    (re.compile(r"印发|发布|公布|下发|制发|签发|成文|issued|published"), "issued_on"),
    (re.compile(r"失效|届满|截止|到期|有效期|expire"), "expires_on"),
)
UNSEEN = frozenset("Cc Cf Co Cs Cn Mn Me".split())
GROUNDED = 0.5  # share of a claim's character pairs that must stand in the passage and its headings

Places = Mapping[
    str, Sequence[str]
]  # a place's name (平谷, pinggu) -> ids of its documents, as Catalog.places has it


@dataclass(frozen=True)
class Claim:
    """A sentence of the model's text; `markers` are the numbers at its end, `text` is without them."""

    text: str
    markers: tuple[int, ...]


@dataclass(frozen=True)
class Checked:
    """A claim with the passage that bears it and the span of its words there, or `reason`: why it is dropped."""

    claim: Claim
    passage: Passage | None
    start: int = 0
    end: int = 0
    reason: str = ""


def claims_of(text: str) -> list[Claim]:
    """Return the sentences of a model's text. A full stop inside brackets or quotation marks ends none."""
    found = []
    for piece in _sentences(THOUGHT_END.sub("", THOUGHT.sub("", _visible(text)))):
        markers = tuple(int(n) for match in MARKER.finditer(piece) for n in re.findall(r"\d+", match[1]))
        bare = re.sub(r"\*\*|__|`", "", BULLET.sub("", MARKER.sub("", piece))).strip()
        if re.search(r"\w", bare):
            closed = bool(re.search(rf"(?:{MARKER.pattern})+\W*$", piece))
            found.append(Claim(bare, markers if closed else ()))
    return found


def is_refusal(claim: Claim) -> bool:
    """Say whether a sentence only states that the passages do not settle the question."""
    return REFUSAL.match(claim.text) is not None


def _visible(text: str) -> str:
    """Return `text` without what shows as nothing or changes how its neighbours show: marks that join, turn or strike."""
    kept = unicodedata.normalize("NFC", text)
    return "".join(c for c in kept if c in "\n\t" or unicodedata.category(c) not in UNSEEN)


def _sentences(text: str) -> Iterable[str]:
    start, depth, i = 0, 0, 0
    while i < len(text):
        depth = max(depth + (text[i] in OPENS) - (text[i] in CLOSES), 0)
        english = text[i] in ".!?" and ENGLISH_END.match(text, i)
        i += 1
        ends = text[i - 1] in "。！？" or (english and not ABBREVIATION.search(text[start:i]))
        if text[i - 1] == "\n" or (ends and depth == 0):
            closing = CLOSING.match(text, i)
            i = closing.end() if closing and text[i - 1] != "\n" else i
            yield text[start:i]
            start, depth = i, 0
    yield text[start:]


def check_claim(claim: Claim, passages: Sequence[Passage], places: Places, *, question: str = "") -> Checked:
    """Return the claim with the first cited passage that holds all it states; `question` tells what "3天。" is said of."""
    if not claim.markers:
        return Checked(claim, None, reason="no marker")
    if INSTRUCTION.search(claim.text):
        return Checked(claim, None, reason="echoes an instruction")
    by_number = {passage.number: passage for passage in passages}
    cited = [by_number[number] for number in dict.fromkeys(claim.markers) if number in by_number]
    if len(cited) < len(set(claim.markers)):
        return Checked(claim, None, reason="a marker without a passage")
    reason = ""
    for passage in cited:
        missing = missing_fact(claim.text, passage, places, question)
        if not missing:
            start, end = _best_span(claim.text, passage)
            if INSTRUCTION.search(passage.document.text[start:end]):
                return Checked(claim, None, reason="rests on an instruction inside a document")
            return Checked(claim, passage, start, end)
        reason = reason or missing
    return Checked(claim, None, reason=reason)


def missing_fact(text: str, passage: Passage, places: Places, question: str = "") -> str:
    """Return what the claim states and the passage or its document's head does not say, "" where there is nothing."""
    document, row = passage.document, passage.provision.kind == "row"
    claimed, held = facts_of(text), facts_of(passage.text)
    head_text = " ".join(_head(passage))
    body, head = squashed(passage.text), squashed(head_text)
    days = [*held.dates, *_head_days(text, document)]
    checks = (
        ("document number", [n for n in claimed.doc_nos if n != document.doc_no and n not in held.doc_nos]),
        ("label", sorted(claimed.labels - _labels(passage, held)) or _leading(text, passage)),
        ("date", [d for d in claimed.dates if not any(same_day(d, h) for h in days)]),
        ("number", [n for n in claimed.numbers if not any(same_number(n, h, row=row) for h in held.numbers)]),
        ("title", [t for t in claimed.titles if t not in body and t not in held.titles and not _titled(t, passage)]),
        ("quotation", [q for q in claimed.quoted if q not in body and q not in head]),
        ("place", _strange_places(text, passage, places)),
        ("name", strange_names(TITLE.sub("", text), f"{passage.text}|{head_text}")),
    )  # fmt: skip
    for name, missing in checks:
        if missing:
            return f"{name} {missing[0]}"
    if grounding(text, body + "|" + head) < GROUNDED:
        return "its words"
    return swapped(text, passage.text, question, row=row)


def _head_days(text: str, document: Document) -> list[Day]:
    """Return the days of the document's head that a claim may mean: the day of effect where it says 施行."""
    meant = [field for words, field in HEAD_DAYS if words.search(text)] or [field for _, field in HEAD_DAYS]
    days = [getattr(document, field) for field in meant]
    return [(day.year, day.month, day.day) for day in days if day]


def _leading(text: str, passage: Passage) -> list[tuple[str, int]]:
    """Return the labels that the claim opens with as its source (第五条规定，…) and that are not the passage's own."""
    lead = LEADING_LABEL.match(plain(text))
    return sorted(labels_of(lead[0]) - _labels(passage, Facts())) if lead else []


def grounding(text: str, source: str) -> float:
    """Return the share of the claim's Chinese character pairs in `source` (squashed); 1.0 where it has none (English)."""
    runs = re.findall(r"[\u4e00-\u9fff]+", squashed(text))
    pairs = [run[i : i + 2] for run in runs for i in range(len(run) - 1)]
    return sum(pair in source for pair in pairs) / len(pairs) if pairs else 1.0


def _head(passage: Passage) -> list[str]:
    document = passage.document
    parts = (document.title, document.notice_title, document.issuer, document.doc_no, passage.provision.label)
    return [part for part in (*parts, *passage.provision.path, passage.provision.heading) if part]


def _strange_places(text: str, passage: Passage, places: Places) -> list[str]:
    """Return the places that the claim names, though neither the passage nor its document's issuer or head does."""
    said, known = text.lower(), passage.text + " ".join(_head(passage))
    return [
        p
        for p, ids in places.items()
        if p in said and passage.document.document_id not in ids and p not in known
    ]


def _titled(title: str, passage: Passage) -> bool:
    """《工作规则》 may stand for 《北京市平谷区人民政府工作规则》: the title, or four characters or more at its end."""
    own = [squashed(passage.document.title), squashed(passage.document.notice_title)]
    return any(name == title or (len(title) >= 4 and name.endswith(title)) for name in own if name)


def _labels(passage: Passage, held: Facts) -> frozenset[tuple[str, int]]:
    """Return the labels that stand for the passage, its parts and what it refers to."""
    provisions = passage.document.provisions
    own = [p.label for p in provisions if passage.start <= p.start and p.end <= passage.end]
    # A part that is cut out of a provision still has that provision's label; items are marked （三） and cited 第三项.
    names = [passage.provision.label, *own, *passage.provision.path]
    bare = [
        f"第{match[0]}条"
        for name in names
        if (match := re.match(r"[一二三四五六七八九十百零]+(?=、|$)", name))
    ]
    items = [
        f"第{match[1]}项"
        for name in (*own, passage.provision.label, passage.text)
        for match in ITEM_MARK.finditer(name)
    ]
    return held.labels | labels_of(plain(" ".join([*names, *bare, *items])))


def _best_span(text: str, passage: Passage) -> tuple[int, int]:
    """Return the one sentence of the passage that holds all facts and most words of the claim, else all of the passage."""
    claimed = facts_of(text)
    best, most = (passage.start, passage.end), GROUNDED
    if not re.search(r"[\u4e00-\u9fff]{2}", text):  # English: its words do not tell which sentence it is
        return best
    for sentence in sentences_of(passage.document, passage.start, passage.end):
        inside = passage.start <= sentence.start and sentence.end <= passage.end
        share = grounding(text, squashed(sentence.text))
        if inside and share > most and _holds(claimed, sentence):
            best, most = (sentence.start, sentence.end), share
    return best


def _holds(claimed: Facts, sentence: Sentence) -> bool:
    held, body = facts_of(sentence.text), squashed(sentence.text)
    return (
        all(any(same_number(number, h) for h in held.numbers) for number in claimed.numbers)
        and all(any(same_day(day, h) for h in held.dates) for day in claimed.dates)
        and all(words in body for words in claimed.quoted)
    )
