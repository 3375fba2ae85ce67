"""A Corpus in, what a clerk needs to see out: documents with their validity, what was skipped, what is doubtful."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec

from ingest.corpus import Corpus, FileReport
from ingest.corrections import UNAPPLIED
from ingest.document import DOUBTS, Document, Doubt, Provision
from ingest.validity import ValidityIndex


def report_lines(corpus: Corpus, *, as_of: date) -> list[str]:
    """Return the report as lines: one a document, then what was skipped and what is doubtful."""
    validity = ValidityIndex(corpus.documents)
    lines = []
    for document in corpus.documents:
        state = validity.of(document, as_of)
        by = (f" by {state.by}" if state.by else "") + (" (by hand)" if state.by_hand else "")
        lines.append(
            f"{document.doc_no or '(no number)'}  {document.issued_on or '(no date)'}  "
            f"{len(document.provisions):4} provisions  {state.status}{by}  {document.title}{_corrected(document)}"
        )
    lines.append(totals_line(corpus))
    lines += [f"skipped {file.path}: {file.reason}" for file in corpus.files if file.reason]
    lines += [f"doubtful {file.path}: {doubt}" for file in corpus.files for doubt in file.doubts]
    lines += [
        f"not applied {item.entry.source}: corrections of {item.entry.document}: {UNAPPLIED[item.reason]}"
        for item in corpus.unapplied
    ]
    return lines


def _corrected(document: Document) -> str:
    fields = ", ".join(correction.field for correction in document.corrections)
    return f"  (corrected: {fields})" if fields else ""


def totals_line(corpus: Corpus) -> str:
    """Return how much was read, in one line."""
    counts = _totals(corpus)
    return (
        f"{counts['documents']} documents, {counts['provisions']} provisions from {counts['read']} files; "
        f"{counts['skipped']} files skipped, {counts['doubts']} doubts"
    )


def report_json(corpus: Corpus, *, as_of: date) -> dict[str, Any]:
    """Return the report as a JSON object: `totals`, `documents` with validity and relations, `files` with doubts."""
    validity = ValidityIndex(corpus.documents)
    return {
        "as_of": as_of.isoformat(),
        "fingerprint": corpus.fingerprint,
        "totals": _totals(corpus),
        "documents": [_document_json(document, validity, as_of) for document in corpus.documents],
        "files": [_file_json(file) for file in corpus.files],
        "unapplied_corrections": [msgspec.to_builtins(item) for item in corpus.unapplied],
    }


def _totals(corpus: Corpus) -> dict[str, int]:
    skipped = sum(1 for file in corpus.files if file.reason)
    return {
        "documents": len(corpus.documents),
        "provisions": sum(len(document.provisions) for document in corpus.documents),
        "read": len(corpus.files) - skipped,
        "skipped": skipped,
        "doubts": sum(len(file.doubts) for file in corpus.files),
    }


def _document_json(document: Document, validity: ValidityIndex, as_of: date) -> dict[str, Any]:
    state = validity.of(document, as_of)
    return {
        "document_id": document.document_id, "doc_no": document.doc_no, "title": document.title,
        "issuer": document.issuer, "kind": document.kind, "source": document.source,
        "issued_on": _iso(document.issued_on), "effective_on": _iso(document.effective_on),
        "expires_on": _iso(document.expires_on), "provisions": len(document.provisions),
        "validity": {
            "status": state.status, "by": state.by, "since": _iso(state.since),
            "by_id": state.by_id, "provision_id": state.provision_id, "by_hand": state.by_hand,
        },
        "corrections": [msgspec.to_builtins(correction) for correction in document.corrections],
        "relations": [
            {
                "kind": relation.kind, "target_no": relation.target_no, "target_title": relation.target_title,
                "target_id": relation.target_id, "since": _iso(relation.since),
                "provision_id": relation.provision_id, "quote": relation.quote,
            }
            for relation in document.relations
        ],
    }  # fmt: skip


def _file_json(file: FileReport) -> dict[str, Any]:
    return {
        "path": file.path, "status": "skipped" if file.reason else "read", "reason": file.reason,
        "encoding": file.encoding, "pages": file.pages, "characters": file.characters,
        "documents": file.documents, "provisions": file.provisions,
        "doubts": [_doubt_json(doubt) for doubt in file.doubts],
    }  # fmt: skip


def _doubt_json(doubt: Doubt) -> dict[str, Any]:
    return {
        "kind": doubt.kind, "text": doubt.text, "line": doubt.line, "page": doubt.page,
        "message": DOUBTS[doubt.kind],
    }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def provision_rows(corpus: Corpus) -> Iterable[dict[str, Any]]:
    """Yield every provision as the dump writes it."""
    for document in corpus.documents:
        for provision in document.provisions:
            yield provision_row(document, provision)


def provision_row(document: Document, provision: Provision) -> dict[str, Any]:
    """Return one provision as a JSON object: `start`, `end` count in the cleaned text, `source_*` in the file."""
    return {
        "document_id": document.document_id,
        "doc_no": document.doc_no,
        "title": document.title,
        "issuer": document.issuer,
        "issued_on": _iso(document.issued_on),
        "label": provision.label,
        "path": list(provision.path),
        "text": provision.text,
        "start": provision.start,
        "end": provision.end,
        "source": document.source,
        "source_start": provision.source_start,
        "source_end": provision.source_end,
        "page": provision.page,
        "kind": provision.kind,
        "is_heading": provision.is_heading,
    }
