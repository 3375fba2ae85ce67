"""What ingest produces: Document, Provision, Relation, Validity and Chunk, each with its promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Provision:
    """A numbered unit that a person would cite, or a run of unnumbered text (label "").

    Always: document.text[start:end] == text. A unit with items holds its items' text too, and each item is a
    provision of its own. A mere heading (`is_heading`) holds the heading and the text before its first child.
    """

    provision_id: (
        str  # unique and the same on every run: "<document_id>#<label>", "~2" added to a repeated label
    )
    document_id: str
    label: str  # as a person cites it: 第四十一条（三）, 五、（二）4, 附件1 第7项; "" for unnumbered text
    path: tuple[str, ...]  # headings from the outermost in: ("第九章 会议制度",)
    heading: str  # the unit's own heading, "" where it has none
    text: str
    start: int  # character offsets into document.text
    end: int
    source_start: (
        int  # character offsets into the decoded source file: from the first to past the last character
    )
    source_end: int
    parent: str | None = None  # provision_id of the unit this is an item of
    is_heading: bool = False
    kind: str = "text"  # "text", "row" (of a table: 字段：值), "form" (a blank form)
    page: int | None = None  # of the source file, from 1, where it has pages


DOUBTS = {
    "gap": "leaves a gap in the numbering",
    "repeat": "is numbered twice",
    "damaged_row": "a table row whose cells do not fit the header, kept as it is",
    "no_number": "no document number in the source",
    "same_id": "a second document with this number or title",
}


@dataclass(frozen=True)
class Doubt:
    """Something that a clerk should look at: `text` quotes what is concerned."""

    kind: str  # a key of DOUBTS
    text: str = ""
    line: int | None = None  # of the source text, from 1
    page: int | None = None

    def __str__(self) -> str:
        where = [f"page {self.page}"] if self.page else [f"line {self.line}"] if self.line else []
        return ", ".join([*where, f"{self.text!r} {DOUBTS[self.kind]}" if self.text else DOUBTS[self.kind]])


@dataclass(frozen=True)
class Relation:
    """`document_id` does `kind` to a target, as the provision says; the target may not be in the corpus."""

    kind: str  # "repeals", "invalidates"
    document_id: str
    provision_id: str
    target_no: str | None
    target_title: str | None
    target_id: str | None  # document_id when the target is in the corpus
    since: date | None
    quote: str  # the words that say so


@dataclass(frozen=True)
class Validity:
    """Whether a document holds on a day, by what and since when.

    `status`: in_force, repealed, invalidated, expired, superseded (a newer version of the same instrument by the same
    issuer exists, though no clause in the corpus says so), not_yet, unknown.
    """

    status: str
    by: str | None = None  # document number or title of what ended it
    since: date | None = None
    by_id: str | None = None  # document_id of that, when it is in the corpus
    provision_id: str | None = None  # the provision that says so


@dataclass(frozen=True)
class Document:
    """One 公文. `text` is the cleaned text that all offsets refer to."""

    document_id: str  # the document number, else "<title>@<date>"
    doc_no: str | None  # normalised: 京平政发〔2023〕2号; None where the source states none
    title: str  # of the instrument itself
    notice_title: str  # of the covering notice (关于印发…的通知), "" where there is none
    issuer: str | None
    issued_on: date | None
    effective_on: date | None
    expires_on: date | None
    kind: str  # 规则, 办法, 通知, 通告, 决定, 方案, 规划, ...
    source: str  # path of the file, relative to the corpus folder
    text: str
    provisions: tuple[Provision, ...]
    relations: tuple[Relation, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True)
class Chunk:
    """A piece of one provision as it is indexed. Always: document.text[chunk.start:chunk.end] == chunk.text."""

    chunk_id: str  # "<provision_id>-<piece>"
    document_id: str
    provision_id: str
    label: str
    context: str  # issuer, number, title and heading path: indexed with the text, never quoted
    text: str
    start: int
    end: int
