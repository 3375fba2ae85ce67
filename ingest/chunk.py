"""Cut Provisions into Chunks that fit the encoder: whole articles where they fit, else pieces ending at sentences."""

from __future__ import annotations

from collections.abc import Iterable

from langchain_text_splitters import RecursiveCharacterTextSplitter

from ingest.document import Chunk, Document, Provision

SEPARATORS = ["\n", "。", "；", "，", "、", ""]
MAX_CONTEXT = 160  # characters


def make_chunks(document: Document, *, size: int, overlap: int = 0) -> list[Chunk]:
    """Return the chunks of one document in the order of its text; an item is in the chunk of its article.

    Sizes count characters. A table row and a short article are one chunk each.
    """
    splitter = RecursiveCharacterTextSplitter(
        separators=SEPARATORS, chunk_size=size, chunk_overlap=overlap, keep_separator="end",
        add_start_index=True, strip_whitespace=False,
    )  # fmt: skip
    chunks: list[Chunk] = []
    for provision in document.provisions:
        if provision.parent is None:
            chunks.extend(_pieces(document, provision, splitter))
    return chunks


def _pieces(
    document: Document, provision: Provision, splitter: RecursiveCharacterTextSplitter
) -> Iterable[Chunk]:
    lead = provision.text.split("\n", 1)[0][:60]
    for number, piece in enumerate(splitter.create_documents([provision.text])):
        start = provision.start + piece.metadata["start_index"]
        text = piece.page_content
        extra = lead if number else ""  # a later piece of a long article keeps what the article is about
        yield Chunk(
            chunk_id=f"{provision.provision_id}-{number}", document_id=document.document_id,
            provision_id=provision.provision_id, label=provision.label,
            context=context_line(document, provision, extra), text=text, start=start, end=start + len(text),
        )  # fmt: skip


def context_line(document: Document, provision: Provision, extra: str = "") -> str:
    """Return what a reader would know of a provision from its place: issuer, title, number, headings, label."""
    issuer = document.issuer if document.issuer and document.issuer not in document.title else ""
    parts = [issuer or "", document.title, document.doc_no or "", *provision.path, extra]
    return " ".join(part for part in parts if part)[:MAX_CONTEXT] + f" {provision.label}".rstrip()
