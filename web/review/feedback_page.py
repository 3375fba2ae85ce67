"""The feedback list: filtered, looked into, marked as handled, exported; for editors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Path
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web.access import audit
from web.access.people import Person, person_of
from web.desk.desk import Words
from web.desk.guard import editor
from web.records.feedback import Feedback, FeedbackBook, FeedbackFilter, NoFeedback, Verdict
from web.review.export import gold_lines, table
from web.review.texts import REVIEW_TEXTS
from web.rooms.views import language_of, page
from web.services import Services

ROWS = 30
Number = Annotated[int, Path(ge=0, lt=2**31)]
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(9000, 1, 1)  # what databases and time zones can count
HANDLED = {"open": False, "done": True, "all": None}


@dataclass(frozen=True)
class Asked:
    """What the list's form asks for, as typed; `bad_day` where a day is none."""

    verdict: str = ""
    q: str = ""
    first: str = ""
    last: str = ""
    handled: str = "open"

    @property
    def filter(self) -> FeedbackFilter:
        return FeedbackFilter(
            Verdict(self.verdict) if self.verdict in list(Verdict) else None,
            self.q,
            _day(self.first),
            _day(self.last),
            HANDLED.get(self.handled, False),
        )

    @property
    def bad_day(self) -> bool:
        return any(day and _day(day) is None for day in (self.first, self.last))

    def query(self, **changed: Any) -> str:
        """Return the address's query with some of it changed."""
        values = {**self.__dict__, **changed}
        return urlencode({name: value for name, value in values.items() if value not in ("", None)})


def feedback_router(services: Services) -> APIRouter:
    """Return the pages of the feedback of a server."""
    router = APIRouter(dependencies=[Depends(editor)], include_in_schema=False)
    book = FeedbackBook(services.database)

    def show(request: Request, template: str, *, status: int = 200, **shown: Any) -> Response:
        language = language_of(request, default=services.config.web.language)
        texts = REVIEW_TEXTS[language]
        return page(
            request, template, current="feedback", language=language, status=status, t=texts,
            words=Words(language), mask=services.mask, **shown,
        )  # fmt: skip

    @router.get("/feedback")
    def listed(request: Request, asked: Annotated[Asked, Depends()], number: int = 1) -> Response:
        wanted = asked.filter
        counts = book.counts(FeedbackFilter(None, wanted.words, wanted.first, wanted.last, wanted.handled))
        total = counts[wanted.verdict] if wanted.verdict else sum(counts.values())
        last = max(1, -(-total // ROWS))
        at = min(max(number, 1), last)
        rows = book.listed(wanted, page=at, size=ROWS)
        any_at_all = bool(rows) or bool(book.listed(size=1))
        return show(
            request, "feedback.html", rows=rows, asked=asked, counts=counts, at=at, last=last, any=any_at_all,
            verdicts=list(Verdict), total=sum(counts.values()),
        )  # fmt: skip

    @router.get("/feedback/export.csv")
    def export_table(request: Request, asked: Annotated[Asked, Depends()]) -> Response:
        texts = REVIEW_TEXTS[language_of(request, default=services.config.web.language)]
        return _file(table(exported(request, asked), texts), "feedback.csv", "text/csv")

    @router.get("/feedback/export.jsonl")
    def export_gold(request: Request, asked: Annotated[Asked, Depends()]) -> Response:
        return _file(gold_lines(exported(request, asked)), "feedback.jsonl", "application/x-ndjson")

    def exported(request: Request, asked: Asked) -> Sequence[Feedback]:
        rows = book.listed(asked.filter, size=None)
        audit.record(services.database, person_of(request), "feedback-exported", detail=f"{len(rows)} rows")
        return rows

    @router.get("/feedback/{feedback_id}")
    def one(request: Request, feedback_id: Number) -> Response:
        try:
            feedback = book.one(feedback_id)
        except NoFeedback:
            return show(request, "feedback_gone.html", status=404)
        return show(
            request, "feedback_one.html", item=feedback, answer=feedback.answer,
            is_current=feedback.index_build == services.assistant.index_build,
        )  # fmt: skip

    @router.post("/feedback/{feedback_id}/handle")
    def handle(
        request: Request,
        feedback_id: Number,
        person: Annotated[Person, Depends(editor)],
        handled: Annotated[str, Form()] = "",
    ) -> Response:
        try:
            book.handle(feedback_id, person.name if handled else None)
        except NoFeedback:
            return show(request, "feedback_gone.html", status=404)
        return RedirectResponse(f"/feedback/{feedback_id}", status_code=303)

    return router


def _file(text: str, name: str, kind: str) -> Response:
    return Response(
        text.encode("utf-8"),
        media_type=f"{kind}; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"},
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return day if day and FIRST_DAY <= day <= LAST_DAY else None
