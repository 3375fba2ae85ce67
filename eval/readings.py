"""A Law and the Documents that its file was read as in; which of its articles came back right out."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from eval.laws import Article, Law
from eval.layouts import paragraphs
from ingest.document import Document, Provision
from ingest.unit import is_heading_text

WHITE = re.compile(r"[\s\u200b\ufeff]")
ARTICLE_LABEL = re.compile(r"第[^ 条]+条")
IN_ATTACHMENT = re.compile(r"附件\S* (第\S+)")  # 附件1 第三条: the attachment is part of its label and path
DIVISIONS = ("编", "分编", "章", "节")  # from the outermost in
DIVISION = re.compile(r"第[零〇一二三四五六七八九十百千\d]+(编|分编|章|节)")


@dataclass(frozen=True)
class ArticleReading:
    """How one record came back; `found` quotes what was read in its place, where it differs."""

    article: Article
    label: bool
    chapter: bool
    text: bool
    found: str = ""
    path: tuple[str, ...] = ()  # as read
    misplaced: bool = False  # its heading stands in the text of another record: the chapter is right by that

    @property
    def right(self) -> bool:
        return self.label and self.chapter and self.text

    @property
    def as_recorded(self) -> bool:
        """Whether all is right by the record's own chapter."""
        return self.right and not self.misplaced

    @property
    def kind(self) -> str:
        """What is wrong, "" when all is right."""
        if self.right:
            return ""
        if not self.article.label:
            return f"text outside the articles: {'other chapter' if self.text else 'not found as such'}"
        if not self.label:
            return "article: no provision of this label"
        parts = [] if self.chapter else [_chapter_kind(self.path, self.article.path)]
        return f"article: {' and '.join(parts + ([] if self.text else [self._text_kind()]))}"

    def _text_kind(self) -> str:
        recorded, found = squash(self.article.label + self.article.text), squash(self.found)
        if recorded.startswith(found):
            return "the record goes on where the article was read to end"
        return "read on past the record" if found.startswith(recorded) else "other text"


class LawReader:
    """Compares one law with its reading. Only white space is left out of account, on both sides.

    An article: the next provision of exactly its label, in the main text or else in an attachment; its path is the
    record's chapter, its text the label and the record's text.
    Text outside the articles: it stands in the document behind the record before it, from the beginning of a line to
    the end of one (unless it goes on from, or in, another such record), none of it in an article. Its own numbering
    (一、, 1.) is the reader's to find, so it may stand deeper than the record's chapter; a title or number that it
    begins with counts as read where it is the document's.
    """

    def __init__(self, documents: Sequence[Document]) -> None:
        heads = [head for d in documents for head in (d.notice_title, d.title, d.doc_no) if head]
        self.heads = sorted({squash(head) for head in heads}, key=len, reverse=True)
        self.lines = [line for number, document in enumerate(documents) for line in _lines(number, document)]
        self.text = "".join(line.text for line in self.lines)
        self.starts = [0, *accumulate(len(line.text) for line in self.lines)]  # of the lines, and the end
        self.by_label: dict[str, list[tuple[int, Provision]]] = {}
        self.in_attachments: dict[str, list[tuple[int, Provision]]] = {}
        for number, document in enumerate(documents):
            for provision in document.provisions:
                self.by_label.setdefault(provision.label, []).append((number, provision))
                if inner := IN_ATTACHMENT.fullmatch(provision.label):
                    self.in_attachments.setdefault(inner[1], []).append((number, provision))
        self.at = 0  # in `text`, behind the record before
        self.headings = MisplacedHeadings()

    def compare(self, law: Law) -> list[ArticleReading]:
        """Return the law's records in order, each with what came back."""
        marked = [True, *(bool(article.label) for article in law.articles), True]
        readings = []
        for place, article in enumerate(law.articles):
            if article.label:
                readings.append(self._article(article))
            else:
                readings.append(self._unlabelled(article, begins=marked[place], ends=marked[place + 2]))
            self.headings.note(article)
        return readings

    def _article(self, article: Article) -> ArticleReading:
        candidates = self.by_label.get(article.label) or self.in_attachments.get(article.label)
        if not candidates:
            return ArticleReading(article, False, False, False)
        number, provision = candidates.pop(0)
        behind = bisect_left(
            self.lines, (number, provision.end), key=lambda line: (line.document, line.start)
        )
        self.at = self.starts[behind]
        path = provision.path[1:] if provision.label != article.label else provision.path
        plain = same_chapter(path, article.path)
        chapter = plain or self.headings.same_chapter(path, article.path)
        text = squash(provision.text) == squash(article.label + article.text)
        return ArticleReading(
            article, True, chapter, text, provision.text, tuple(path), chapter and not plain
        )

    def _unlabelled(self, article: Article, *, begins: bool, ends: bool) -> ArticleReading:
        """`begins`, `ends`: it must begin, or end, where a line does."""
        wanted = self._below_head(squash(article.text))
        if not wanted:
            return ArticleReading(article, True, True, True)
        start = self.text.find(wanted, self.at)
        while start >= 0:
            end = start + len(wanted)
            free = not begins and start == self.at
            if (free or self._is_edge(start)) and (not ends or self._is_edge(end)):
                self.at = end
                return self._found(
                    article, bisect_right(self.starts, start) - 1, bisect_left(self.starts, end)
                )
            start = self.text.find(wanted, start + 1)
        return ArticleReading(article, False, False, False)

    def _is_edge(self, position: int) -> bool:
        return self.starts[bisect_left(self.starts, position)] == position

    def _found(self, article: Article, first: int, last: int) -> ArticleReading:
        lines = self.lines[first:last]
        label = not any(ARTICLE_LABEL.search(line.label) for line in lines)
        others = [line for line in lines if not same_chapter(line.path, article.path, deeper=True)]
        wrong = [
            line for line in others if not self.headings.same_chapter(line.path, article.path, deeper=True)
        ]
        shown = (wrong or lines)[0]
        misplaced = bool(others) and not wrong
        return ArticleReading(article, label, not wrong, True, shown.text, shown.path, misplaced)

    def _below_head(self, wanted: str) -> str:
        while head := next((head for head in self.heads if wanted.startswith(head)), None):
            wanted = wanted.removeprefix(head)
        return wanted


class MisplacedHeadings:
    """Headings of a law that its records hold as text: as the last line of a record (附则), or as a record of their own.

    A heading cut in two has its rest in a record without a label right below it.
    """

    def __init__(self) -> None:
        self.swallowed: set[str] = set()
        self.cut: dict[str, str] = {}  # the whole heading -> what the records name
        self.above: tuple[str, ...] = ()

    def note(self, article: Article) -> None:
        """Take in a record, before the next one is compared."""
        lines = [squash(line) for line in article.text.split("\n") if squash(line)]
        if lines and is_heading_text(lines[-1]) and (len(lines) > 1 or not article.label):
            self.swallowed.add(lines[-1])
        if not article.label and len(lines) == 1 and article.path and article.path != self.above:
            heading = squash(article.path[-1])
            self.cut[heading + lines[0]] = heading
        self.above = article.path

    def same_chapter(self, path: Sequence[str], recorded: Sequence[str], *, deeper: bool = False) -> bool:
        """Say whether `path` is the recorded chapter but for misplaced headings, each of which is one."""
        named = [self.cut.get(squash(heading), squash(heading)) for heading in path]
        if same_chapter(named, recorded, deeper=deeper):
            return True
        first = next((place for place, heading in enumerate(named) if heading in self.swallowed), None)
        wanted = [squash(heading) for heading in in_legal_order(recorded)]
        return (
            first is not None
            and named[:first] == wanted[:first]
            and (deeper or all(heading in self.swallowed for heading in named[first:]))
        )


@dataclass(frozen=True)
class _Line:
    """One line of a document's text without white space, with the innermost provision that holds it."""

    document: int
    start: int
    text: str
    label: str
    path: tuple[str, ...]


def _lines(number: int, document: Document) -> Iterator[_Line]:
    position = 0
    provisions = iter(document.provisions)  # sorted: an outer one before its inner ones
    upcoming = next(provisions, None)
    holding: list[Provision] = []
    for line in document.text.split("\n"):
        while upcoming and upcoming.start <= position:
            holding.append(upcoming)
            upcoming = next(provisions, None)
        holding = [provision for provision in holding if provision.end > position]
        inner = min(holding, key=lambda provision: provision.end - provision.start, default=None)
        if squash(line):
            path = inner.path if inner else ()
            if inner and inner.heading and inner.start < position:  # below the heading, in its own unit
                path = (*path, inner.heading)
            if inner and inner.label.startswith("附件"):
                path = path[1:]  # the attachment itself, of which records say nothing
            yield _Line(number, position, squash(line), inner.label if inner else "", path)
        position += len(line) + 1


def same_chapter(path: Sequence[str], recorded: Sequence[str], *, deeper: bool = False) -> bool:
    """Say whether a provision's path is the chapter that a record names; `deeper`: it may go on below it.

    A division ends those of its own rank and below: 第六节 / 第四章 in a record is 第四章. A record that names nothing
    above a 节 does not say in which chapter it stands: only what it names is compared.
    """
    wanted = [squash(heading) for heading in in_legal_order(recorded)]
    found = [squash(heading) for heading in path]
    if wanted and _rank(wanted[0]) == DIVISIONS.index("节"):
        first = next((i for i, heading in enumerate(found) if heading == wanted[0]), 0)
        found = found[first:]
    return (found[: len(wanted)] if deeper else found) == wanted


def in_legal_order(recorded: Sequence[str]) -> list[str]:
    """Return a record's headings without those that a later one of the same or a higher rank has ended."""
    out: list[str] = []
    for heading in recorded:
        rank = _rank(heading)
        if rank is not None:
            out = [
                above
                for above in out
                if ((held := _rank(above)) is not None and held < rank) or _holds(above)
            ]
        out.append(heading)
    return out


def _chapter_kind(found: Sequence[str], recorded: Sequence[str]) -> str:
    read, wanted = squash("/".join(found)), squash("/".join(in_legal_order(recorded)))
    if wanted and read.startswith(wanted):
        return "under a heading that the record cuts off or leaves out"
    return "under a heading of which the record says nothing" if not wanted else "other chapter"


def _rank(heading: str) -> int | None:
    match = DIVISION.match(squash(heading))
    return DIVISIONS.index(match[1]) if match else None


def _holds(heading: str) -> bool:
    """A heading without a number may hold divisions (合同编); what comes before the first one may not."""
    return _rank(heading) is None and squash(heading) not in ("序言", "前言", "引言")


def squash(text: str) -> str:
    """Return `text` without white space, that of no width included."""
    return WHITE.sub("", text)


def compare_law(law: Law, documents: Iterable[Document]) -> list[ArticleReading]:
    """Return the records of `law`, each with how it came back in `documents`, those of its file."""
    return LawReader(list(documents)).compare(law)


def character_errors(law: Law, documents: Iterable[Document]) -> tuple[int, int]:
    """Return the edit distance between the law's whole text and what was read, and the text's length."""
    from rapidfuzz.distance import Levenshtein  # only scans need it

    wanted = squash("".join(paragraph.text for paragraph in paragraphs(law)))
    read = squash("".join("".join((d.title, d.doc_no or "", d.text)) for d in documents))
    return Levenshtein.distance(wanted, read), len(wanted)
