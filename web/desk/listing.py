"""What the desk shows of the corpus: its files with what became of them, the documents of a file with their labels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.store import IndexUnusable, Reading, read_reading
from ingest.corpus import FileReport
from ingest.document import Document, Doubt

ROWS_AT_MOST = 100  # of a page of the list
SHOWS = ("all", "doubtful", "left_out", "waiting", "corrected")
MARK = re.compile(r"（[^）]*）|第[^第（]+[条章节项]|[^、（） ]+")  # a part of a label
LABEL_WORDS = 40  # characters that stand for a provision without a heading
# Said of nearly every file, or not to be mended here: they are shown on the file's page, and do not make it doubtful.
LIGHT = ("no_number", "no_start", "part_starts")


@dataclass(frozen=True)
class FileRow:
    """A file of the corpus, of the index, or of both."""

    path: str
    state: str  # read, left_out (with a reason), waiting (not in the index yet), gone (still in the index)
    size: int
    changed: float  # seconds since the epoch
    documents: tuple[Document, ...] = ()
    report: FileReport | None = None

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """Every doubt of the file and of its documents, each once."""
        told = [
            *(self.report.doubts if self.report else ()),
            *(d for doc in self.documents for d in doc.doubts),
        ]
        return tuple(dict.fromkeys(told))

    @property
    def serious(self) -> int:
        """How many doubts a clerk should look at."""
        return sum(doubt.kind not in LIGHT for doubt in self.doubts)

    @property
    def provisions(self) -> int:
        return sum(len(document.provisions) for document in self.documents)

    @property
    def document_count(self) -> int:
        return len(self.documents)

    @property
    def corrected(self) -> bool:
        return any(document.corrections for document in self.documents)


@dataclass(frozen=True)
class LabelRow:
    """A provision as the tree of labels shows it."""

    depth: int
    label: str
    words: str
    provision_id: str
    kind: str


@dataclass(frozen=True)
class Shelf:
    """The files of the corpus, and what the index that answers was made of."""

    rows: tuple[FileRow, ...]
    reading: Reading

    def row(self, path: str) -> FileRow | None:
        return next((row for row in self.rows if row.path == path), None)

    def counts(self) -> dict[str, int]:
        """Return how many files each choice of the list shows."""
        return {show: sum(shown_in(row, show) for row in self.rows) for show in SHOWS}


def shelf(files: Mapping[str, Path], documents: Sequence[Document], index: Path) -> Shelf:
    """Return all files of corpus and index, by name; without an index all of them wait."""
    try:
        reading = read_reading(index)
    except IndexUnusable:
        reading = Reading()
    reports = {report.path: report for report in reading.files}
    held: dict[str, list[Document]] = {}
    for document in documents:
        held.setdefault(document.source, []).append(document)
    names = sorted({*files, *(name for name in held), *(name for name in reports if name in files)})
    return Shelf(
        tuple(_row(name, files.get(name), reports.get(name), tuple(held.get(name, ()))) for name in names),
        reading,
    )


def _row(name: str, path: Path | None, report: FileReport | None, documents: tuple[Document, ...]) -> FileRow:
    try:
        stat = path.stat() if path else None
    except OSError:
        stat = None
    if path is None:
        state = "gone"
    elif report is None:
        state = "waiting"
    else:
        state = "left_out" if report.reason else "read"
    return FileRow(
        name, state, stat.st_size if stat else 0, stat.st_mtime if stat else 0.0, documents, report
    )


def shown_in(row: FileRow, show: str) -> bool:
    """Say whether a choice of the list shows this file."""
    if show == "doubtful":
        return row.state == "read" and row.serious > 0
    if show == "left_out":
        return row.state == "left_out"
    if show == "waiting":
        return row.state in ("waiting", "gone")
    return show == "all" or row.corrected


def chosen(rows: Iterable[FileRow], *, show: str, words: str) -> list[FileRow]:
    """Return the files of a choice whose name, or a title or number of whose documents, holds all words."""
    wanted = words.casefold().split()
    return [row for row in rows if shown_in(row, show) and all(word in _told(row) for word in wanted)]


def _told(row: FileRow) -> str:
    return " ".join(
        (row.path, *(f"{document.doc_no or ''} {document.title}" for document in row.documents))
    ).casefold()


def labels(document: Document) -> list[LabelRow]:
    """Return the provisions in their order, each as deep as the headings and units above it."""
    depths: dict[str, int] = {}
    rows = []
    for provision in document.provisions:
        above = depths.get(provision.parent or "")
        depth = len(provision.path) if above is None else above + 1
        if above is None and provision.heading and provision.path and provision.path[-1] == provision.heading:
            depth -= 1  # the path of an attachment ends with its own heading
        depths[provision.provision_id] = depth
        cut = _without_mark(" ".join((provision.heading or provision.text).split()), provision.label)
        rows.append(
            LabelRow(
                depth, provision.label, cut[:LABEL_WORDS] + "…" * (len(cut) > LABEL_WORDS), provision.provision_id,
                provision.kind,
            )
        )  # fmt: skip
    return rows


def _without_mark(words: str, label: str) -> str:
    """Return a unit's words without the mark that opens them: its label, or the last part of it, （三） of 三、（三）."""
    for mark in (label, *MARK.findall(label)[-1:]):
        if mark and words.startswith(mark):
            return words.removeprefix(mark).lstrip("、.．: ：")
    return words
