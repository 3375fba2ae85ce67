"""The reading room: the list of documents, one document, two side by side. Services in, a router out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from fastapi import APIRouter
from rapidfuzz import fuzz, process
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ingest.document import Document
from ingest.numerals import NUMERAL, parse_numeral
from web.chat.cards import provision_citation
from web.rooms.links import ROOM, compare_url, document_url, fragment_of
from web.rooms.listing import Asked, BadRequest, shown
from web.rooms.reading_texts import READING, ReadingTexts
from web.rooms.sheet import State, made_sheet
from web.rooms.shelf import NEAREST, SORTS, Shelf, Shelves
from web.rooms.views import language_of, page
from web.services import Services
from web.texts import TEXTS, Texts

COMPARE = "/compare/"
ARTICLE = re.compile(rf"第({NUMERAL}+)条")
MOST_FOUND = 100  # characters of words to find in a document


def reading_room(services: Services) -> APIRouter:
    """Return the pages below /documents."""
    room = ReadingRoom(services)
    router = APIRouter(include_in_schema=False)
    router.get(ROOM)(room.browse)
    router.get(ROOM + "/{asked:path}")(room.read)
    return router


class ReadingRoom:
    """Answers the requests; what it needs of the corpus is made once for each state of it."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.shelves = Shelves(lambda: services.assistant.documents)

    def browse(self, request: Request) -> Response:
        """The list, or only its results (?part=results); ?doc= leads to a document."""
        if asked_for := request.query_params.get("doc"):
            return RedirectResponse(document_url(asked_for), status_code=303)
        try:
            asked = Asked.of(request.query_params)
        except BadRequest as error:
            return self._refused(request, error)
        limit = self.services.config.web.max_question_chars
        if len(asked.q) > limit:
            too_long = self._texts(request).too_long.format(limit=limit, length=len(asked.q))
            return self._message(request, 400, heading=self._words(request).bad_value, help=too_long)
        shelf = self.shelves.now()
        listed = shown(asked, shelf, self.services.assistant, mask=self.services.mask, day=date.today())
        template = "results.html" if request.query_params.get("part") == "results" else "documents.html"
        return self._page(
            request, template, asked=asked, listed=listed, sorts=SORTS, state=self._state(request, shelf),
            choosing=shelf.by_id.get(asked.compare), name_of=lambda d: provision_citation(d, None, self._texts(request)),
        )  # fmt: skip

    def read(self, request: Request, asked: str) -> Response:
        """A document, or two of them: <id>/compare/<id>. Ids may hold any character."""
        if not asked:
            return RedirectResponse(ROOM, status_code=303)
        shelf = self.shelves.now()
        if document := shelf.by_id.get(asked):
            return self._document(request, document, shelf)
        parts = asked.split(COMPARE)
        for cut in range(1, len(parts)):
            if left := shelf.by_id.get(COMPARE.join(parts[:cut])):
                return self._compare(request, left, COMPARE.join(parts[cut:]), shelf)
        return self._unknown_document(request, asked, shelf)

    def _document(self, request: Request, document: Document, shelf: Shelf) -> Response:
        given = request.query_params
        if label := given.get("label"):
            return self._provision(request, document, label)
        try:
            day = day_of(given.get("as_of", ""))
        except BadRequest as error:
            return self._refused(request, error)
        sheet = made_sheet(
            document, shelf, self._texts(request), day=day, find=given.get("find", "")[:MOST_FOUND],
            mask=self.services.mask, mentions=shelf.is_small or "mentions" in given,
        )  # fmt: skip
        return self._page(
            request,
            "document.html",
            sheet=sheet,
            printed=self.services.mask,
            wants_mentions="mentions" in given,
            state=self._state(request, shelf, day),
            today=date.today(),
        )

    def _provision(self, request: Request, document: Document, label: str) -> Response:
        """Lead to a provision by its label, for who cannot name it behind #."""
        labels = {fragment_of(document.document_id, p.provision_id): p for p in document.provisions}
        if provision := labels.get(label):
            return RedirectResponse(
                document_url(document.document_id, provision.provision_id), status_code=303
            )
        words, name = self._words(request), provision_citation(document, None, self._texts(request))
        near = nearest_labels(label, [name for name in labels if labels[name].label])
        links = [(found, document_url(document.document_id, labels[found].provision_id)) for found in near]
        return self._message(
            request, 404, heading=words.missing_provision, help=words.missing_provision_help.format(name, label),
            links=[*links, (words.whole_document, document_url(document.document_id))],
        )  # fmt: skip

    def _compare(self, request: Request, left: Document, other: str, shelf: Shelf) -> Response:
        right = shelf.by_id.get(other)
        if right is None:
            return self._unknown_document(request, other, shelf)
        if right is left:
            words = self._words(request)
            again = Asked(compare=left.document_id).address()
            return self._message(
                request,
                400,
                heading=words.bad_value,
                help=words.same_document,
                links=[(words.other_choice, again)],
            )
        texts = self._texts(request)
        return self._page(
            request, "compare.html", left=left, right=right, state=self._state(request, shelf),
            comparison=shelf.compared(left, right, self.services.mask),
            names=(provision_citation(left, None, texts), provision_citation(right, None, texts)),
            backwards=bool(left.issued_on and right.issued_on and left.issued_on > right.issued_on),
        )  # fmt: skip

    def _unknown_document(self, request: Request, asked: str, shelf: Shelf) -> Response:
        words, texts = self._words(request), self._texts(request)
        links = [
            (provision_citation(d, None, texts), document_url(d.document_id)) for d in shelf.nearest(asked)
        ]
        return self._message(
            request,
            404,
            heading=words.missing_document,
            help=words.missing_document_help.format(asked),
            links=links,
        )

    def _refused(self, request: Request, error: BadRequest) -> Response:
        words = self._words(request)
        reason: str = getattr(words, error.reason)
        return self._message(request, 400, heading=words.bad_value, help=reason.format(error.value))

    def _message(
        self,
        request: Request,
        status: int,
        *,
        heading: str,
        help: str,
        links: list[tuple[str, str]] | None = None,
    ) -> Response:
        return self._page(request, "missing.html", status, heading=heading, help=help, links=links or [])

    def _page(self, request: Request, template: str, status: int = 200, **shown: Any) -> Response:
        language = self._language(request)
        return page(
            request, template, current="documents", language=language, status=status, words=READING[language],
            document_url=document_url, compare_url=compare_url, **shown,
        )  # fmt: skip

    def _state(self, request: Request, shelf: Shelf, day: date | None = None) -> State:
        return State(shelf, self._texts(request), day or date.today())

    def _language(self, request: Request) -> str:
        return language_of(request, default=self.services.config.web.language)

    def _words(self, request: Request) -> ReadingTexts:
        return READING[self._language(request)]

    def _texts(self, request: Request) -> Texts:
        return TEXTS[self._language(request)]


def nearest_labels(asked: str, labels: Sequence[str]) -> list[str]:
    """Return the labels most like the one asked for; among articles those of the nearest number."""
    number = _article(asked)
    articles = [label for label in labels if _article(label) is not None]
    if number is not None and articles:
        near = sorted(articles, key=lambda label: abs((_article(label) or 0) - number))[:NEAREST]
        return sorted(near, key=labels.index)
    return [label for label, *_ in process.extract(asked, labels, scorer=fuzz.ratio, limit=NEAREST)]


def _article(label: str) -> int | None:
    match = ARTICLE.fullmatch(label)
    return parse_numeral(match[1]) if match else None


def day_of(value: str) -> date:
    """Return the day of an ISO date, today for "". Raises BadRequest."""
    try:
        return date.fromisoformat(value) if value else date.today()
    except ValueError as error:
        raise BadRequest(value, "bad_day") from error
