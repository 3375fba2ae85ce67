"""Text in, safe HTML out: the words sought in <mark>, the documents it names as links."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from index.lexical import HAN_RUN, tokenize

Span = tuple[int, int]
SNIPPET = 150  # characters of a provision in the results of a search
BEFORE = 36  # of them before the first word found
MAX_WORDS = 12
STOP_WORDS = frozenset(
    "什么 怎么 怎样 如何 哪些 哪个 哪里 多少 几个 多久 是否 可以 应当 规定 以及 或者 有关 关于 进行 我们 他们".split()
)


@dataclass(frozen=True)
class Linked:
    """A span of a text that leads to an address."""

    start: int
    end: int
    href: str
    title: str


@dataclass(frozen=True)
class RichText:
    """A text with its marks and links, both in order and none overlapping another of its kind."""

    text: str
    marks: Sequence[Span] = ()
    links: Sequence[Linked] = ()

    def html(self, start: int, end: int) -> Markup:
        """Return text[start:end] escaped, with what is marked and linked in it."""
        out, at = Markup(), start
        for place in range(bisect_left(self.links, start, key=lambda item: item.end), len(self.links)):
            link = self.links[place]
            if link.start >= end:
                break
            if link.start >= at and link.end <= end:
                inner = self._marked(link.start, link.end)
                out += self._marked(at, link.start) + Markup('<a href="{}" title="{}">{}</a>').format(
                    link.href, link.title, inner
                )
                at = link.end
        return out + self._marked(at, end)

    def _marked(self, start: int, end: int) -> Markup:
        out, at = [], start
        for place in range(bisect_left(self.marks, start, key=lambda span: span[1]), len(self.marks)):
            first, last = self.marks[place]
            if first >= end:
                break
            first, last = max(first, at), min(last, end)
            if first < last:
                out += [
                    escape(self.text[at:first]),
                    Markup("<mark>"),
                    escape(self.text[first:last]),
                    Markup("</mark>"),
                ]
                at = last
        return Markup("").join([*out, escape(self.text[at:end])])


def spans_of(words: Iterable[str], text: str) -> list[Span]:
    """Return where any of `words` stands in `text`, longest first; spaces that a table left within a word do not count."""
    wanted = sorted({word for word in words if word}, key=len, reverse=True)
    if not wanted:
        return []
    pattern = "|".join("[ \t]?".join(map(re.escape, word)) for word in wanted)
    return [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)]


def words_of(question: str, text: str) -> list[str]:
    """Return the words of a question that stand in `text`, the longest first: its own, else those it is cut into."""
    own = [word for word in question.split() if len(word) <= 20]
    cut = [token for token in tokenize(question) if token[-1] != "#" and token[0] not in "№§"]
    kept = [word for word in dict.fromkeys([*own, *cut]) if word not in STOP_WORDS and _is_telling(word)]
    found = [word for word in kept if spans_of([word], text)]
    whole = [word for word in found if not any(word != other and word in other for other in found)]
    return sorted(whole, key=len, reverse=True)[:MAX_WORDS]


def _is_telling(word: str) -> bool:
    return len(word) > 1 or not HAN_RUN.fullmatch(word)


def snippet(text: str, words: Sequence[str]) -> Markup:
    """Return the part of `text` around the first of `words`, these marked; its beginning where none stands in it."""
    text = " ".join(text.split())
    spans = spans_of(words, text)
    first = max(0, spans[0][0] - BEFORE) if spans and spans[0][0] > SNIPPET - BEFORE else 0
    last = min(len(text), first + SNIPPET)
    return Markup("…" * (first > 0)) + RichText(text, spans).html(first, last) + "…" * (last < len(text))
