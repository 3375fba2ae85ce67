"""A form in, checked corrections out; kept in the file that ingest reads, each editor's over the one that they saw."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from ingest.corrections import (
    DAY_FIELDS,
    FIELDS,
    TEXT_FIELDS,
    Entry,
    corrected,
    id_of,
    load_corrections,
    problem_of,
    text_digest,
    write_corrections,
)
from ingest.document import Correction, Document, Validity
from ingest.headers import DOC_NO, normalise_doc_no
from ingest.tidy import without_spaces
from web.desk.folder import DeskError, locked, said


@dataclass(frozen=True)
class Amendment:
    """What a person typed into the form; `problems` by field are words of DeskTexts.problems."""

    values: Mapping[str, str]
    ended_by: str = ""
    since: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    twin: Document | None = None  # the document whose id it would get


class CorrectionsBook:
    """The corrections of a corpus, as editors change them."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self) -> tuple[Entry, ...]:
        """Return all of them. Raises CorrectionsError."""
        return load_corrections(self.path)

    def of(self, document: Document) -> Entry | None:
        """Return what is kept for this document."""
        return next((entry for entry in self.entries() if belongs(entry, document)), None)

    def keep(self, document: Document, file_digest: str, made: Sequence[Correction], *, seen: str) -> None:
        """Keep `made` as the corrections of a document in place of those that `seen` stands for.

        Raises DeskError("meanwhile") where somebody else changed them since.
        """
        with self._alone():
            entries = self.entries()
            held = next((entry for entry in entries if belongs(entry, document)), None)
            if version_of(held) != seen:
                raise DeskError("meanwhile", name=document.title, by=_last_by(held))
            others = [entry for entry in entries if not belongs(entry, document)]
            entry = Entry(
                document.source, document.read_as, document.place, file_digest, text_digest(document), tuple(made)
            )  # fmt: skip
            write_corrections(self.path, [*others, entry])

    def take_back(self, document: Document, name: str) -> None:
        """Remove the correction of one field, so that what the file says holds again."""
        with self._alone():
            write_corrections(
                self.path,
                [
                    replace(entry, corrections=tuple(c for c in entry.corrections if c.field != name))
                    if belongs(entry, document)
                    else entry
                    for entry in self.entries()
                ],
            )

    def drop(self, digest: str) -> None:
        """Remove the entry of this text, which fits no document any more."""
        with self._alone():
            write_corrections(self.path, [e for e in self.entries() if e.text_digest != digest])

    def adopt(self, digest: str, document: Document, file_digest: str) -> None:
        """Give the entry of a text that is gone to the document that stands in its place, as a person decided."""
        with self._alone():
            entries = self.entries()
            if any(belongs(entry, document) for entry in entries):
                raise DeskError("has_own", name=document.title)
            moved = [
                replace(
                    entry, source=document.source, document=document.read_as, place=document.place,
                    file_digest=file_digest, text_digest=text_digest(document),
                ) if entry.text_digest == digest else entry
                for entry in entries
            ]  # fmt: skip
            write_corrections(self.path, moved)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lock of the file; the system's errors become the desk's."""
        with said(str(self.path)):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with locked(Path(f"{self.path}.lock")):
                yield


def belongs(entry: Entry, document: Document) -> bool:
    """Say whether the entry is this document's, as ingest decided or would."""
    applied = bool(document.corrections)
    if entry.text_digest == text_digest(document):
        return applied or entry.document == document.read_as
    return applied and (entry.source, entry.document) == (document.source, document.read_as)


def version_of(entry: Entry | None) -> str:
    """Return a sign of what is kept, for the form to send back: another one means that it has changed."""
    return hashlib.sha256(repr(entry.corrections if entry else ()).encode()).hexdigest()[:16]


def _last_by(entry: Entry | None) -> str:
    latest = max(entry.corrections, key=lambda c: c.at, default=None) if entry else None
    return latest.by if latest else ""


def as_read(document: Document, name: str, computed: Validity) -> str:
    """Return a field's value before any correction, as text; "" for none."""
    for correction in document.corrections:
        if correction.field == name:
            return correction.old
    if name == "validity":
        return computed.status
    value = getattr(document, name)
    return value.isoformat() if isinstance(value, date) else value or ""


def current_values(document: Document, entry: Entry | None, computed: Validity) -> Amendment:
    """Return what holds now, what was kept but is not yet in the index included; no validity where none was set."""
    kept = {c.field: c for c in entry.corrections} if entry else {}
    values = {
        name: kept[name].new
        if name in kept
        else ""
        if name == "validity"
        else as_read(document, name, computed)
        for name in FIELDS
    }
    state = kept.get("validity")
    since = state.since.isoformat() if state and state.since else ""
    return Amendment(values, state.ended_by if state else "", since)


def read_form(form: Mapping[str, str], document: Document, others: Iterable[Document]) -> Amendment:
    """Return what was typed, tidied and checked against sense and against the other documents of the corpus."""
    values = {name: " ".join(form.get(name, "").split()) for name in FIELDS}
    problems: dict[str, str] = {}
    if number := values["doc_no"]:
        whole = DOC_NO.fullmatch(without_spaces(number))
        values["doc_no"] = (normalise_doc_no(number) or number) if whole else number
        if not whole:
            problems["doc_no"] = "doc_no"
    ended_by, since = " ".join(form.get("ended_by", "").split()), form.get("since", "").strip()
    for name in FIELDS:
        # No validity is the computed one, and a document without a title need not get one.
        silent = not values[name] and (name == "validity" or not as_read(document, name, Validity("unknown")))
        if not silent and name not in problems and problem_of(name, values[name], ended_by=ended_by):
            problems[name] = (
                "day" if name in DAY_FIELDS else name if name in ("title", "doc_no", "validity") else "text"
            )
    if since and problem_of("issued_on", since):
        problems["since"] = "day"
    start, end = values["effective_on"], values["expires_on"]
    if start and end and not {"effective_on", "expires_on"} & set(problems) and end <= start:
        problems["expires_on"] = "order"
    twin = None
    if not problems:
        wanted_id = corrected(document, _plain_corrections(values)).document_id
        if wanted_id != id_of(document):  # one that shares its number already may be corrected in the rest
            twin = next((other for other in others if other.document_id == wanted_id), None)
        if twin:
            problems["doc_no" if values["doc_no"] else "title"] = "twin"
    return Amendment(values, ended_by, since, problems, twin)


def _plain_corrections(values: Mapping[str, str]) -> list[Correction]:
    return [
        Correction(name, "", values[name], "", "") for name in ("doc_no", "title", "issued_on", "kind")
    ]  # fmt: skip


def made_corrections(
    amendment: Amendment, document: Document, entry: Entry | None, computed: Validity, *, by: str
) -> list[Correction]:
    """Return the corrections that the form asks for: of what differs from the file; those that stay keep who and when."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    kept = {c.field: c for c in entry.corrections} if entry else {}
    made = []
    for name in (*TEXT_FIELDS, *DAY_FIELDS):
        new, old = amendment.values[name], as_read(document, name, computed)
        if new == (kept[name].new if name in kept else old):
            made += [kept[name]] if name in kept else []
        elif new != old:
            made.append(Correction(name, old, new, by, at))
    if status := amendment.values["validity"]:
        day = date.fromisoformat(amendment.since) if amendment.since else None
        held = kept.get("validity")
        if held and (held.new, held.ended_by, held.since) == (status, amendment.ended_by, day):
            made.append(held)
        else:
            old = held.old if held else as_read(document, "validity", computed)
            made.append(Correction("validity", old, status, by, at, amendment.ended_by, day))
    return made
