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
    "part_starts": "a part takes effect on a day of its own",
    "no_start": "leaves its day of effect open",
    "gap": "leaves a gap in the numbering",
    "repeat": "is numbered twice",
    "backwards": "goes back in the numbering; kept as text of the unit above",
    "open_contents": "heads a table of contents whose end was not found; it is read as text",
    "no_title": "no title found",
    "no_date": "no date of issue found",
    "damaged_row": "a table row whose cells do not fit the header, kept as it is",
    "no_number": "no document number in the source",
    "duplicate": "stands in another file with the same text; left out here",
    "tracked": "tracked changes: what they delete is left out, what they insert is kept",
    "hidden": "hidden text, left out",
    "pictures": "pictures, whose words are not read",
    "comments": "comments in the margin, left out",
    "embedded": "files embedded in the file, not read",
    "renumbered": "articles counted on from chapter to chapter, as the file does not say where they begin anew",
    "furniture": "outside the main text of the page, left out",
    "undecoded": "characters that could not be decoded",
    "same_id": "a second document with this number or title",
    "scan": "read by optical character recognition; compare with the original",
    "ocr_unsure": "recognised with little certainty; compare with the original word by word",
    "ocr_nothing": "not blank, yet no text was found there",
    "ocr_layer": "a scan with text that other software recognised; compare with the original",
    "bad_text_layer": "holds characters that mean nothing and was read by optical character recognition instead",
    "aslant": "text at an angle to the page, left out: a watermark, or words beside the text",
    "vertical": "written from top to bottom, which is not read",
    "bad_page": "damaged and not read",
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

    # "repeals", "invalidates", "replaces" end the target (only the part `target_label`, where it names one); "amends",
    # "extends" its term, "implements" (rests on it); "amended_by": this document was revised by the target on `since`
    kind: str
    document_id: str
    provision_id: str
    target_no: str | None
    target_title: str | None
    target_id: str | None  # document_id when the target is in the corpus
    since: date | None
    quote: str  # the words that say so
    target_label: str = ""  # the part of the target that is meant: 第五条, 附件2; "" for the whole
    until: date | None = None  # of "extends": the first day on which the target no longer holds


@dataclass(frozen=True)
class Validity:
    """Whether a document holds on a day, by what and since when.

    `status`: in_force, repealed, invalidated, expired, superseded (a newer version of the same instrument by the same
    issuer exists, or a clause says that another takes its place), not_yet, unknown (no day known).
    """

    status: str
    by: str | None = None  # document number or title of what ended it
    since: date | None = None
    by_id: str | None = None  # document_id of that, when it is in the corpus
    provision_id: str | None = None  # the provision that says so
    by_hand: bool = False  # a person set it, whatever the documents say


@dataclass(frozen=True)
class Correction:
    """A value that a person put in place of what was read or computed; "" stands for none, days are ISO."""

    field: str  # doc_no, title, issuer, kind, issued_on, effective_on, expires_on, validity (a status)
    old: str
    new: str
    by: str  # who; "" where nobody has to log in
    at: str  # when, ISO
    ended_by: str = ""  # of a validity, here and below: number or title of what ended the document
    since: date | None = None


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
    scanned: bool = False  # read by optical character recognition, wholly or in part
    read_as: str = ""  # document_id before any correction; of a corpus's documents only, here and below
    place: int = 1  # among the documents of its file
    corrections: tuple[Correction, ...] = ()


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
