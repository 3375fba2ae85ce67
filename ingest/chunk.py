"""Cut Provisions into Chunks that fit the encoder: whole articles where they fit, else pieces ending at sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from langchain_text_splitters import RecursiveCharacterTextSplitter

from ingest.document import Chunk, Document, Provision

SEPARATORS = ["\n", "。", "；", "，", "、", ""]
MAX_CONTEXT = 160  # characters
SHORT_ITEM = 60  # characters


def make_chunks(document: Document, *, size: int, overlap: int = 0) -> list[Chunk]:
    """Return the chunks of one document in the order of its text: an article, or an item of one too long for a chunk.

    Sizes count characters. A table row and a short article, with its items, are one chunk each; short items next to
    each other share one, under their article's label.
    """
    splitter = RecursiveCharacterTextSplitter(
        separators=SEPARATORS, chunk_size=size, chunk_overlap=overlap, keep_separator="end",
        add_start_index=True, strip_whitespace=False,
    )  # fmt: skip
    items: dict[str | None, list[Provision]] = {}
    for provision in document.provisions:
        items.setdefault(provision.parent, []).append(provision)
    chunks: list[Chunk] = []
    for provision in items.get(None, []):
        lead, numbers = provision.text.split("\n", 1)[0][:60], Counter[str]()
        for part in _parts(provision, items, size):
            text = document.text[part.start : part.end]
            for piece in splitter.create_documents([text]):
                start, owner = part.start + piece.metadata["start_index"], part.owner
                number = numbers[owner.provision_id]
                numbers[owner.provision_id] += 1
                extra = lead if start > provision.start else ""  # what the article is about
                chunks.append(
                    Chunk(
                        f"{owner.provision_id}-{number}", document.document_id, owner.provision_id, owner.label,
                        context_line(document, owner, extra), piece.page_content, start, start + len(piece.page_content),
                    )
                )  # fmt: skip
    return chunks


@dataclass(frozen=True)
class _Part:
    """A stretch of the document's text, and the provision that it is a part of."""

    start: int
    end: int
    owner: Provision

    def __len__(self) -> int:
        return self.end - self.start


def _parts(provision: Provision, items: Mapping[str | None, Sequence[Provision]], size: int) -> list[_Part]:
    """Return the provision whole where it fits, else its lead and its items, the long ones cut in the same way."""
    inner = items.get(provision.provision_id, [])
    if provision.end - provision.start <= size or not inner:
        return [_Part(provision.start, provision.end, provision)]
    ends = [*(item.start for item in inner[1:]), provision.end]
    parts = [_Part(provision.start, inner[0].start, provision)] if inner[0].start > provision.start else []
    for item, end in zip(inner, ends, strict=True):
        deeper = _parts(item, items, size)
        parts += [*deeper[:-1], _Part(deeper[-1].start, end, deeper[-1].owner)]
    return _joined(parts, provision, size)


def _joined(parts: Iterable[_Part], provision: Provision, size: int) -> list[_Part]:
    """Join short neighbours, up to the size: a list of a few words an item is read as one."""
    out: list[_Part] = []
    for is_short, run in groupby(parts, key=lambda part: len(part) < SHORT_ITEM):
        joined: list[_Part] = []
        for part in run:
            if is_short and joined and part.end - joined[-1].start <= size:
                joined[-1] = _Part(joined[-1].start, part.end, provision)
            else:
                joined.append(part)
        out += joined
    return out


def context_line(document: Document, provision: Provision, extra: str = "") -> str:
    """Return what a reader would know of a provision from its place: issuer, title, number, headings, label."""
    issuer = document.issuer if document.issuer and document.issuer not in document.title else ""
    parts = [issuer or "", document.title, document.doc_no or "", *provision.path, extra]
    return " ".join(part for part in parts if part)[:MAX_CONTEXT] + f" {provision.label}".rstrip()
