"""Documents, provisions and hits in, the bodies of responses out, their words masked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from index.backend import Hit
from index.filters import Filter, UnknownFilterValue, documents_left
from ingest.document import Document, Provision, Relation, Validity
from web.api.errors import ApiError, busy
from web.api.models import (
    CitedValidity,
    DocumentBody,
    DocumentList,
    DocumentSummary,
    HitBody,
    ProvisionBody,
    ProvisionKind,
    ProvisionWithDocument,
    RelationBody,
    RelationKind,
    ValidityBody,
    ValidityStatus,
)
from web.rooms.shelf import matching_documents
from web.services import AssistantLike


class Contents:
    """What the corpus holds, as the interfaces tell it. Raises ApiError for what it does not hold."""

    def __init__(self, assistant: AssistantLike, mask: Callable[[str], str]) -> None:
        self.assistant, self.mask = assistant, mask

    def documents(
        self, wanted: Filter, *, words: str = "", status: str = "", offset: int = 0, limit: int = 50
    ) -> DocumentList:
        """Return the documents that `wanted` leaves, that hold all of `words` and are of this validity, a part of them."""
        documents, day = self.assistant.documents, wanted.in_force_on or date.today()
        try:
            left = documents_left(wanted, documents, _Validities(self.assistant))
            held = [d for d, fits in zip(documents, left, strict=True) if fits]
            held = matching_documents(held, words)
            if status:
                held = [d for d in held if self.assistant.validity(d.document_id, day).status == status]
            shown = [self.summary(d, day) for d in held[offset : offset + limit]]
        except UnknownFilterValue as error:
            raise ApiError(422, str(error), code="unknown_filter_value") from error
        except KeyError as error:
            raise busy("the documents changed while they were listed; ask again.") from error
        return DocumentList(total=len(held), offset=offset, documents=shown)

    def document(self, document_id: str) -> Document:
        """Return a document."""
        try:
            return self.assistant.document(document_id)
        except KeyError as error:
            raise ApiError(
                404,
                f"no document {document_id!r} here; /api/v1/documents lists them.",
                code="no_such_document",
            ) from error

    def whole(self, document_id: str, as_of: date | None) -> DocumentBody:
        """Return all that is known of a document."""
        document = self.document(document_id)
        others = (relation for other in self.assistant.documents for relation in other.relations)
        return DocumentBody(
            document=self.summary(document, as_of),
            relations=[self._relation(relation) for relation in document.relations],
            related=[self._relation(relation) for relation in others if relation.target_id == document_id],
            text=self.mask(document.text),
            provisions=[self._provision(provision) for provision in document.provisions],
        )

    def provision(self, provision_id: str, as_of: date | None = None) -> ProvisionWithDocument:
        """Return a provision and what is known of its document."""
        for document in self.assistant.documents:
            if provision_id.startswith(document.document_id):
                for provision in document.provisions:
                    if provision.provision_id == provision_id:
                        told = self._provision(provision).model_dump()
                        return ProvisionWithDocument(**told, document=self.summary(document, as_of))
        raise ApiError(
            404,
            f"no provision {provision_id!r} here; an id is the document's id, # and the label, such as "
            "京平政发〔2023〕2号#第四十一条, and /api/v1/documents/{document_id} lists a document's.",
            code="no_such_provision",
        )

    def validity(self, document_id: str, as_of: date | None) -> ValidityBody:
        """Return whether a document holds."""
        document, day = self.document(document_id), as_of or date.today()
        held = self.assistant.validity(document_id, day)
        return ValidityBody(
            document_id=document_id, doc_no=document.doc_no, title=self.mask(document.title), as_of=day,
            status=cast(ValidityStatus, held.status), by=held.by, by_id=held.by_id, since=held.since, provision_id=held.provision_id,
        )  # fmt: skip

    def hits(self, hits: Sequence[Hit], as_of: date | None = None) -> list[HitBody]:
        """Return what was found."""
        try:
            return [self._hit(hit, self.assistant.document(hit.chunk.document_id), as_of) for hit in hits]
        except KeyError as error:
            raise busy("the documents changed while they were searched; ask again.") from error

    def summary(self, document: Document, as_of: date | None = None) -> DocumentSummary:
        """Return what is known of a document, without its text."""
        return DocumentSummary(
            document_id=document.document_id, doc_no=document.doc_no, title=self.mask(document.title),
            notice_title=self.mask(document.notice_title), issuer=document.issuer, issued_on=document.issued_on,
            effective_on=document.effective_on, expires_on=document.expires_on, kind=document.kind,
            source=document.source, scanned=document.scanned, provisions=len(document.provisions),
            validity=self._validity(document, as_of),
        )  # fmt: skip

    def _validity(self, document: Document, as_of: date | None) -> CitedValidity:
        held = self.assistant.validity(document.document_id, as_of)
        return CitedValidity(status=cast(ValidityStatus, held.status), by=held.by, since=held.since)

    def _provision(self, provision: Provision) -> ProvisionBody:
        return ProvisionBody(
            provision_id=provision.provision_id, document_id=provision.document_id, label=provision.label,
            path=[self.mask(heading) for heading in provision.path], heading=self.mask(provision.heading),
            text=self.mask(provision.text), start=provision.start, end=provision.end, parent=provision.parent,
            is_heading=provision.is_heading, kind=cast(ProvisionKind, provision.kind), page=provision.page,
        )  # fmt: skip

    def _relation(self, relation: Relation) -> RelationBody:
        return RelationBody(
            kind=cast(RelationKind, relation.kind), document_id=relation.document_id, provision_id=relation.provision_id,
            target_no=relation.target_no, target_title=relation.target_title, target_id=relation.target_id,
            target_label=relation.target_label, since=relation.since, until=relation.until,
            quote=self.mask(relation.quote),
        )  # fmt: skip

    def _hit(self, hit: Hit, document: Document, as_of: date | None) -> HitBody:
        chunk = hit.chunk
        return HitBody(
            rank=hit.rank, score=round(hit.score, 4), parts={name: round(value, 4) for name, value in hit.parts.items()},
            document_id=chunk.document_id, doc_no=document.doc_no, title=self.mask(document.title),
            issuer=document.issuer, issued_on=document.issued_on, provision_id=chunk.provision_id,
            label=chunk.label, text=self.mask(chunk.text), start=chunk.start, end=chunk.end,
            validity=self._validity(document, as_of),
        )  # fmt: skip


@dataclass(frozen=True)
class _Validities:
    """The validities that an assistant tells, as index.filters asks for them."""

    assistant: AssistantLike

    def of(self, document: Document, as_of: date) -> Validity:
        return self.assistant.validity(document.document_id, as_of)
