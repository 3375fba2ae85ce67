"""A server's parts in, what the desk's pages and changes share out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from index.store import current_build
from ingest.corrections import CorrectionsError
from ingest.document import Document, Validity
from qa.updates import UpdateState
from web.access import audit
from web.access.people import Person
from web.desk.amending import CorrectionsBook
from web.desk.doubt_texts import doubt_words, failure_words, reason_words
from web.desk.folder import CorpusFolder, DeskError
from web.desk.listing import Shelf, shelf
from web.desk.texts import DESK_TEXTS, DeskTexts
from web.rooms.views import language_of, page
from web.services import Services
from web.texts import TEXTS


class Desk:
    """The corpus of one server, its corrections and its updates."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.folder = CorpusFolder(services.config)
        self.book = CorrectionsBook(services.config.corrections_file)

    def shelf(self) -> Shelf:
        """Return all files, as they are now and as the index that answers holds them."""
        index = self.services.config.resolve(self.services.config.index.path)
        return shelf(self.folder.files(), self.services.assistant.documents, index)

    def document(self, document_id: str) -> Document:
        """Return a document of the index. Raises DeskError."""
        try:
            return self.services.assistant.document(document_id)
        except KeyError as error:
            raise DeskError("no_document") from error

    def file_digest(self, document: Document) -> str:
        """Return the digest of the document's file as it was when the index that answers was built; "" where another
        index lies in its folder by now."""
        folder = self.services.config.resolve(self.services.config.index.path)
        if current_build(folder) != self.services.assistant.index_build:
            return ""
        row = self.shelf().row(document.source)
        return row.report.digest if row and row.report else ""

    def validity(self, document: Document) -> Validity:
        try:
            return self.services.assistant.validity(document.document_id)
        except KeyError:  # a new index, without it, was swapped in between
            return Validity("unknown")

    @property
    def state(self) -> UpdateState:
        updates = self.services.updates
        return updates.state if updates else UpdateState()

    def update(self, *, anew: bool = False) -> int:
        """Have the index updated; return the number of that update."""
        return self.services.updates.ask_for_update(anew=anew) if self.services.updates else 0

    def note(self, person: Person, action: str, object: str) -> None:
        """Keep who did what to the corpus."""
        audit.record(self.services.database, person, f"corpus-{action}", object)

    def language(self, request: Request) -> str:
        return language_of(request, default=self.services.config.web.language)

    def texts(self, request: Request) -> DeskTexts:
        return DESK_TEXTS[self.language(request)]

    def page(self, request: Request, template: str, *, status: int = 200, **shown: Any) -> Response:
        """Return a page of the desk."""
        language = self.language(request)
        desk = DESK_TEXTS[language]
        return page(
            request, template, current="desk", language=language, status=status, desk=desk,
            words=Words(language), state=self.state, state_line=state_line(self.state, language), count_line=count_line(self.state),
            following=self.services.updates is not None, done=done_line(request, desk), **shown,
        )  # fmt: skip

    def problem(self, request: Request, error: DeskError | CorrectionsError) -> Response:
        """Return a page that says what could not be done; nothing was changed."""
        return self.page(
            request,
            "desk_problem.html",
            status=status_of(error),
            problem=error_line(error, self.texts(request)),
        )


class Words:
    """What templates call to put doubts, days and addresses into words."""

    def __init__(self, language: str) -> None:
        self.language, self.texts = language, TEXTS[language]
        self.doubt = lambda doubt: doubt_words(doubt, language)
        self.reason = lambda reason: reason_words(reason, language)

    def moment(self, iso: str) -> str:
        """Return a moment as this machine's clock shows it."""
        try:
            return datetime.fromisoformat(iso).astimezone().strftime("%Y-%m-%d %H:%M")
        except ValueError:
            return iso

    def stamp(self, seconds: float) -> str:
        return datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M") if seconds else ""

    def day(self, day: date | None) -> str:
        return self.texts.date(day)

    def value(self, field: str, value: str, desk: DeskTexts) -> str:
        """Return a corrected value as a person reads it."""
        if not value:
            return desk.none
        return self.texts.validity.get(value, value) if field == "validity" else self.texts.date(value)

    def room(self, document_id: str, provision_id: str = "") -> str:
        """Return the address in the reading room of a document, or of one of its provisions."""
        label = provision_id.removeprefix(f"{document_id}#")
        return f"/documents/{quote(document_id, safe='')}{'#' * bool(label)}{quote(label)}"

    def file(self, path: str) -> str:
        return file_url(path)


def file_url(path: str) -> str:
    """Return the address of a file's page."""
    return f"/desk/file?{urlencode({'path': path})}"


def state_line(state: UpdateState, language: str) -> str:
    """Return what the update is doing, or why it failed, in words."""
    desk = DESK_TEXTS[language]
    if state.step == "failed" and (why := failure_words(state.message, language)):
        return desk.failed_for.format(why)
    return desk.steps[state.step]


def count_line(state: UpdateState) -> str:
    """Return how far the update is within its step; "" where that is not counted."""
    return f"{state.done} / {state.total}" if state.running and state.total else ""


def error_line(error: DeskError | CorrectionsError, desk: DeskTexts) -> str:
    """Return what could not be done, in words."""
    if isinstance(error, CorrectionsError):
        return desk.errors["corrections"].format(why=error)
    return desk.errors[error.kind].format(**error.values)


def status_of(error: DeskError | CorrectionsError) -> int:
    if isinstance(error, CorrectionsError):
        return 500
    missing = ("no_such_file", "no_document", "trash_gone", "staged_gone")
    full = ("disk_full", "read_only", "trash_failed", "other", "busy")
    return (
        404
        if error.kind in missing
        else 413
        if error.kind == "too_large"
        else 507
        if error.kind in full
        else 400
    )


def done_line(request: Request, desk: DeskTexts) -> str:
    """Return what the change before this page did, "" for none."""
    done = desk.done.get(request.query_params.get("done", ""), "")
    return done.format(request.query_params.get("name", "")[:300])


def see(address: str, done: str, name: str = "") -> Response:
    """Return a redirection to a page that says what was done."""
    told = urlencode({"done": done, "name": name} if name else {"done": done})
    return RedirectResponse(f"{address}{'&' if '?' in address else '?'}{told}", status_code=303)
