"""Addresses of the reading room."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from ingest.document import Document

ROOM = "/documents"
FIRST_UNLABELLED = "~1"  # the first provision without a label; the next ones are ~2, ~3 by their ids


def fragment_of(document_id: str, provision_id: str) -> str:
    """Return the part of a provision's id that tells it within its document: its label, 第四十一条."""
    return provision_id.removeprefix(f"{document_id}#") or FIRST_UNLABELLED


def document_url(document_id: str, provision_id: str = "", **query: str | None) -> str:
    """Return the address of a document, at one of its provisions where one is given."""
    fragment = f"#{quote(fragment_of(document_id, provision_id))}" if provision_id else ""
    return f"{ROOM}/{quote(document_id, safe='')}{query_string(query)}{fragment}"


def compare_url(document_id: str, other_id: str) -> str:
    """Return the address of two documents side by side, the first on the left."""
    return f"{ROOM}/{quote(document_id, safe='')}/compare/{quote(other_id, safe='')}"


def query_string(query: dict[str, str | None]) -> str:
    """Return ?q=… of what is not empty, "" of nothing."""
    shown = {name: value for name, value in query.items() if value}
    return f"?{urlencode(shown)}" if shown else ""


def ask_url(document: Document, label: str) -> str:
    """Return the address of the chat with a question about a provision in its box."""
    name = document.doc_no or f"《{document.title}》"
    year = f"{document.issued_on.year}年" if document.issued_on and not document.doc_no else ""
    return f"/?{urlencode({'q': f'{year}{name}{label}规定了什么？'})}"
