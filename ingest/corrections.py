"""What people put right by hand: kept in a file of its own, laid over what the files say at each reading.

An entry belongs to one document, known by its text; where the text is gone, by its file's bytes and its id as read. What
fits no document, or more than one, is not applied and told.
"""

from __future__ import annotations

import hashlib
import os
import re
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec
import yaml

from ingest.document import Correction, Document, Validity
from ingest.headers import document_kind, normalise_doc_no

TEXT_FIELDS = ("doc_no", "title", "issuer", "kind")
DAY_FIELDS = ("issued_on", "effective_on", "expires_on")
FIELDS = (*TEXT_FIELDS, *DAY_FIELDS, "validity")
STATUSES = ("in_force", "repealed", "invalidated", "expired", "superseded", "not_yet")
LACKING = {"doc_no": "no_number", "title": "no_title", "issued_on": "no_date", "effective_on": "no_start"}
MOST_CHARACTERS = 300
HEAD = """# What people put right by hand in the corpus desk: laid over what the files say at every reading of the corpus.
# Each entry names the document that it belongs to: its file, its id as read, and digests of the file and of its text.
"""


class CorrectionsError(ValueError):
    """The file of corrections, or one of them, cannot be used; the message says what was found and what to do."""


@dataclass(frozen=True)
class Entry:
    """The corrections of one document, and what it is known by."""

    source: str  # its file, relative to the corpus folder
    document: str  # its id as read, before any correction
    place: int  # among the documents of the file, from 1
    file_digest: str
    text_digest: str
    corrections: tuple[Correction, ...]


@dataclass(frozen=True)
class Unapplied:
    """An entry that fits no document now: its file is gone, has changed, or is read as something else."""

    entry: Entry
    reason: Literal["gone", "changed", "reread"]


@dataclass(frozen=True)
class ReadDocument:
    """A document as its file gives it, with the digest of the file's bytes."""

    document: Document
    file_digest: str


UNAPPLIED = {
    "gone": "its file is no longer in the corpus",
    "changed": "its file has changed, and the text that was corrected is no longer there",
    "reread": "its file is now read in another way, and the document is not found",
}


def text_digest(document: Document) -> str:
    """Return a digest of the document's text."""
    return hashlib.sha256(document.text.encode("utf-8", "backslashreplace")).hexdigest()


def load_corrections(path: Path | None) -> tuple[Entry, ...]:
    """Return what the file at `path` holds, nothing where there is none. Raises CorrectionsError."""
    try:
        data = path.read_bytes() if path else None
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise CorrectionsError(f"{path}: cannot be read ({error}); give the right to read it.") from error
    if data is None:
        return ()
    if not data.strip():  # written it always has a head: something else emptied it
        raise CorrectionsError(f"{path}: is empty; bring it back from a copy, or remove it.")
    try:
        entries = msgspec.yaml.decode(data, type=tuple[Entry, ...] | None) or ()
    except (msgspec.DecodeError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise CorrectionsError(
            f"{path}: no list of corrections ({' '.join(str(error).split())}); mend or remove it."
        ) from error
    for entry in entries:
        for correction in entry.corrections:
            if problem := problem_of(correction.field, correction.new, ended_by=correction.ended_by):
                raise CorrectionsError(
                    f"{path}: {entry.document}: {correction.field}: {problem}, found {correction.new!r}."
                )
    return entries


def write_corrections(path: Path, entries: Iterable[Entry]) -> None:
    """Put `entries` in the place of what the file holds, whole or not at all. Raises OSError."""
    raw = msgspec.to_builtins(tuple(entry for entry in entries if entry.corrections), builtin_types=(date,))
    text = HEAD + yaml.safe_dump(raw, allow_unicode=True, sort_keys=False, width=1000)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}")
    try:
        with aside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    except OSError:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise


def corrections_digest(path: Path | None) -> str:
    """Return a digest of the file's bytes, "" where there is none; a change of it changes what is read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path else ""
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"error {error.errno}"


def problem_of(field: str, value: str, *, ended_by: str = "") -> str:
    """Return what is wrong with a corrected value, "" when nothing is."""
    if field not in FIELDS:
        return f"no field of a document; known: {', '.join(FIELDS)}"
    if len(value) > MOST_CHARACTERS or len(ended_by) > MOST_CHARACTERS:
        return f"longer than {MOST_CHARACTERS} characters"
    if re.search(r"[\x00-\x1f\x7f]", value + ended_by):
        return "holds a line break or a control character"
    if field == "title" and not value.strip():
        return "a document needs a title"
    if field == "doc_no" and value and normalise_doc_no(value) != value:
        return "no document number such as 京平政发〔2023〕2号"
    if field == "validity" and value not in STATUSES:
        return f"no validity; known: {', '.join(STATUSES)}"
    if field in DAY_FIELDS and value and not _is_day(value):
        return "no day such as 2023-02-15"
    return ""


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def lay_over(
    found: Sequence[ReadDocument], entries: Sequence[Entry], *, files: dict[str, str]
) -> tuple[list[Document], list[Unapplied]]:
    """Return the documents with their corrections, in their order, and the entries that fit none.

    `files`: the digest of every file of the corpus by its name.
    """
    if not entries:
        return [item.document for item in found], []
    digests = [text_digest(item.document) for item in found]
    made = [item.document for item in found]
    unapplied = []
    for entry in entries:
        place = _place_of(entry, found, digests)
        if place is not None:
            made[place] = corrected(made[place], entry.corrections)
            continue
        there = files.get(entry.source)
        reason = "gone" if there is None else "reread" if there == entry.file_digest else "changed"
        unapplied.append(Unapplied(entry, reason))  # type: ignore[arg-type]
    return made, unapplied


def _place_of(entry: Entry, found: Sequence[ReadDocument], digests: Sequence[str]) -> int | None:
    """Return the one place in `found` of the entry's document."""
    places = [n for n, digest in enumerate(digests) if digest == entry.text_digest]
    if not places:  # the same bytes, cut otherwise by a newer reader: only under the id that it had
        places = [
            n for n, item in enumerate(found)
            if (item.file_digest, item.document.source, item.document.document_id)
            == (entry.file_digest, entry.source, entry.document)
        ]  # fmt: skip
    for name, wanted in (("source", entry.source), ("document_id", entry.document), ("place", entry.place)):
        places = [n for n in places if getattr(found[n].document, name) == wanted] or places
    return places[0] if len(places) == 1 else None


def corrected(document: Document, corrections: Sequence[Correction]) -> Document:
    """Return the document with these values, and the id that follows from them; its provisions are renamed with it."""
    values = {correction.field: correction.new for correction in corrections}
    texts = {field: values[field] for field in TEXT_FIELDS if field in values}
    if "title" in texts:
        texts.setdefault("kind", document_kind(texts["title"]))
    made = replace(
        document,
        **{name: text if name in ("title", "kind") else text or None for name, text in texts.items()},  # type: ignore[arg-type]
        issued_on=_day(values.get("issued_on"), document.issued_on),
        corrections=(*document.corrections, *corrections),
        doubts=tuple(d for d in document.doubts if not _is_settled(d.kind, values)),
    )
    return renamed_document(made, id_of(made))


def id_of(document: Document) -> str:
    """Return the id that follows from a document's number, or from its title and day."""
    return document.doc_no or f"{document.title or document.source}@{document.issued_on or 'undated'}"


def _is_settled(doubt: str, values: dict[str, str]) -> bool:
    return any(values.get(field) and doubt == kind for field, kind in LACKING.items())


def _day(value: str | None, read: date | None) -> date | None:
    """Return the corrected day, None where it was taken away; the day read where it was left alone."""
    if value is None:
        return read
    return date.fromisoformat(value) if value else None


def with_corrected_days(document: Document) -> Document:
    """Return the document with its days of effect and of expiry as people set them."""
    values = {correction.field: correction.new for correction in document.corrections}
    if not values:
        return document
    return replace(
        document,
        effective_on=_day(values.get("effective_on"), document.effective_on),
        expires_on=_day(values.get("expires_on"), document.expires_on),
        doubts=tuple(d for d in document.doubts if not _is_settled(d.kind, values)),
    )


def validity_by_hand(document: Document) -> Validity | None:
    """Return the validity that a person gave the document; None where nobody did."""
    for correction in reversed(document.corrections):
        if correction.field == "validity":
            return Validity(correction.new, correction.ended_by or None, correction.since, by_hand=True)
    return None


def renamed_document(document: Document, id: str) -> Document:
    """Return the document under another id, and its provisions with it."""
    old = document.document_id
    if id == old:
        return document

    def rename(provision_id: str) -> str:
        return id + provision_id.removeprefix(old)

    provisions = tuple(
        replace(
            p,
            document_id=id,
            provision_id=rename(p.provision_id),
            parent=rename(p.parent) if p.parent else None,
        )
        for p in document.provisions
    )
    return replace(document, document_id=id, provisions=provisions)
