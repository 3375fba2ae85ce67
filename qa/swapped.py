"""A claim and the text that it cites in, the fact out that stands there, but of something else: X为3天，Y为5天 → X为5天."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from qa.facts import Day, Number, located, plain, same_day, same_number, squashed
from qa.names import names_of

SENTENCE_END = re.compile(r"[。!?;\n]")
CLAUSE = re.compile(r"[,、。!?;:\n|]+")
TIME = frozenset("工作日 日 小时 分钟 个月 月 周 年 季度 clock".split())
SURELY = 2  # character pairs by which another clause must speak of the claim more, where its own names speak for it
ALIKE = 0.6  # share of a clause's character pairs in another one that says the same or the opposite
VERBATIM = 12  # characters from which a quotation tells by itself what it is said of
TELLING = 3  # pairs below which a clause is too short to have an opposite
NEGATED = re.compile(r"不|未|无|禁止|没有|并非")
NO_NEGATION = re.compile(
    r"不得?(?:超过|高于|多于|大于|少于|低于|小于|短于|晚于|迟于|早于)|不足|不满|未满|不断|不同|不仅|不但|不论|无论|不管|不动产|"
    r"不定期|不折不扣|必不可少|不可或缺|不良|不当|不利|不法|不明|不便|未来|未成年|无障碍|无偿|无人机|无害化|无线|无缝"
)

Fact = TypeVar("Fact")
Window = tuple[Fact, str]  # a fact and the words that it is said of
Pairs = frozenset[str]


def swapped(claim: str, source: str, question: str = "", *, row: bool = False) -> str:
    """Return the number, date, name or negation of the claim that `source` states of another matter, "" for none.

    Of all places of a fact in the source, and of all places of others of its kind, one must share most words with the
    claim, and where that does not tell, with the question: it has to be a place of the fact itself.
    """
    if len(squashed(claim)) >= VERBATIM and squashed(claim) in squashed(source):
        return ""
    here, there, asked = located(claim), located(source), _pairs(plain(question))
    # A bare number counts the items of a list as often as anything: only what has a unit tells what it is said of.
    numbers = _elsewhere(
        _windows(here.text, [n for n in here.numbers if n[0].unit], _family),
        _windows(there.text, [n for n in there.numbers if n[0].unit or row], _family),
        lambda one, other: same_number(one, other, row=row), _family, asked,
    )  # fmt: skip
    dates = _elsewhere(
        _windows(here.text, here.dates, _any), _windows(there.text, there.dates, _any), same_day, _any, asked
    )
    said, clauses = [clause for clause, _ in _clauses(claim)], _clauses(source)
    checks = (("number", numbers), ("date", dates), ("name", _names(said, clauses, asked)))
    for kind, found in checks:
        if found is not None:
            return f"{kind} of something else {found}"
    return "negation" if _reversed(said, [clause for clause, _ in clauses]) else ""


def _family(number: Number) -> str:
    return "time" if number.unit in TIME else number.unit


def _any(day: Day) -> str:
    return ""


def _windows(
    text: str, facts: Sequence[tuple[Fact, int, int]], family: Callable[[Fact], str]
) -> list[Window[Fact]]:
    """Return each fact with its words: from the fact of its family before it, within the sentence, to its clause's end."""
    out: list[Window[Fact]] = []
    for fact, start, end in facts:
        spans = [(s, e) for other, s, e in facts if family(other) == family(fact)]
        borders = [m.end() for m in SENTENCE_END.finditer(text, 0, start)]
        first = max([0, *borders, *(e for _, e in spans if e <= start)])
        last = min([len(text), *(s for s, _ in spans if s >= end)])
        closing = CLAUSE.search(text.replace("|", " "), end, last)
        # Where no comma parts it from the next fact, the words between are said of that one: 男60岁女55岁.
        after = text[end : closing.start()] if closing else text[end:] if last == len(text) else ""
        out.append((fact, f"{text[first:start]}|{after}"))
    return out


def _elsewhere(
    claimed: Iterable[Window[Fact]], stated: Sequence[Window[Fact]], same: Callable[[Fact, Fact], bool],
    family: Callable[[Fact], str], asked: Pairs,
) -> Fact | None:  # fmt: skip
    """Return the first claimed fact whose words stand beside another fact of its family rather than beside it."""
    for fact, words in claimed:
        own = [(f, _pairs(w)) for f, w in stated if same(fact, f)]
        families = {family(f) for f, _ in own}
        rivals = [_pairs(w) for f, w in stated if not same(fact, f) and family(f) in families]
        if own and rivals:
            said = _pairs(words)
            if max(_shared(said, asked, r) for r in rivals) > max(_shared(said, asked, o) for _, o in own):
                return fact
    return None


def _shared(said: Pairs, asked: Pairs, words: Pairs) -> tuple[int, int]:
    return len(said & words), len(asked & words)


def _names(said: Sequence[str], clauses: Sequence[tuple[str, str]], asked: Pairs) -> str | None:
    """Return the name that the claim gives to what the source says of another person, organ or post."""
    # The name's own clause may leave out what its sentence began with: 会议纪要由甲起草，由乙签发.
    named = [(_pairs(clause), _pairs(whole), names_of(clause)) for clause, whole in clauses]
    for clause in said:
        for kind, name in names_of(clause):
            pairs = _pairs(clause.replace(name, "|"))
            own = [whole for _, whole, names in named if (kind, name) in names]
            others = [(c, names) for c, _, names in named if (kind, name) not in names]
            rivals = [c for c, names in others if any(k == kind for k, _ in names)]
            if kind not in ("post", "organ", "person") or not own or not rivals:
                continue
            best, other = (max(_shared(pairs, asked, c) for c in group) for group in (own, rivals))
            if other[0] >= best[0] + SURELY or (other[0] == best[0] and other[1] > best[1]):
                return name
    return None


def _reversed(said: Sequence[str], clauses: Sequence[str]) -> bool:
    """Say whether a clause of the claim stands in the source with a negation that it lacks, or without its own."""
    for clause in said:
        pairs = _pairs(clause)
        alike = [(len(pairs & _pairs(c)) / len(pairs), c) for c in clauses] if len(pairs) >= TELLING else []
        most = max((share for share, _ in alike), default=0.0)
        if most >= ALIKE and all(_negated(c) != _negated(clause) for share, c in alike if share == most):
            return True
    return False


def _negated(clause: str) -> bool:
    return len(NEGATED.findall(NO_NEGATION.sub("", clause))) % 2 == 1


def _clauses(text: str) -> list[tuple[str, str]]:
    """Return each clause, alone and with what stands before it in its sentence."""
    out = []
    for sentence in SENTENCE_END.split(plain(text)):
        clauses = [clause for clause in sentence.split(",") if clause.strip()]
        out += [(clause, ",".join(clauses[: i + 1])) for i, clause in enumerate(clauses)]
    return out


def _pairs(text: str) -> Pairs:
    """Return the pairs of characters that stand together in a plain text."""
    runs = re.findall(r"[a-z\u4e00-\u9fff]+", text)
    return frozenset(run[i : i + 2] for run in runs for i in range(len(run) - 1))
