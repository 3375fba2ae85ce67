"""The evaluation page: the last report of `python -m eval`, its plots, and its failures to ask again; for editors."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from index.store import IndexUnusable, read_manifest
from web.desk.desk import Words
from web.desk.guard import editor
from web.review.report import FILE, Report, ReportError, count_of, read_report
from web.review.texts import REVIEW_TEXTS, ReviewTexts
from web.rooms.views import language_of, page
from web.services import Services

FOLDER = "data/eval"  # where python -m eval writes unless told otherwise
GROUP_FIGURES = ("right", "all_facts", "first_citation", "refused", "recall_at_10")
MISSING = re.compile(r"(\d+) of (\d+) required citations missing")
HEADLINES = ("right", "first_citation", "refused", "verified")


def evaluation_router(services: Services) -> APIRouter:
    """Return the evaluation page of a server, and the plots on it."""
    router = APIRouter(dependencies=[Depends(editor)], include_in_schema=False)
    folder = services.config.resolve(FOLDER)

    @router.get("/evaluation")
    def evaluation(request: Request) -> Response:
        language = language_of(request, default=services.config.web.language)
        texts = REVIEW_TEXTS[language]

        def show(report: Report | None, problem: str = "", **shown: Any) -> Response:
            return page(
                request, "evaluation.html", current="evaluation", language=language, t=texts, report=report,
                problem=problem, groups=tuple(texts.groups), group_figures=GROUP_FIGURES, headlines=HEADLINES,
                count_of=count_of, number=_number, percent=_percent, words=Words(language),
                ask=lambda question: f"/?{urlencode({'q': question})}",
                failure=lambda text: failure_line(text, texts), **shown,
            )  # fmt: skip

        try:
            report = read_report(folder)
        except ReportError as error:
            return show(None, texts.bad_report.format(why=error), plots=[], about="")
        if report is None:
            return show(None, plots=[], about="")
        plots = [name for name in texts.plots if (folder / name).is_file()]
        return show(report, plots=plots, about=_about(report, folder, services, texts, language))

    @router.get("/evaluation/plots/{name}")
    def plot(name: str) -> Response:
        if name not in REVIEW_TEXTS["zh"].plots or not (folder / name).is_file():
            return PlainTextResponse("not found", status_code=404)
        return FileResponse(folder / name, media_type="image/png", headers={"cache-control": "no-cache"})

    return router


def _about(report: Report, folder: Path, services: Services, texts: ReviewTexts, language: str) -> str:
    """Return when the report was made, and whether of the index that answers now."""
    made = datetime.fromtimestamp((folder / FILE).stat().st_mtime, UTC)
    if report.made:
        made = report.made.at
    at = made.astimezone().strftime("%Y-%m-%d %H:%M")
    index = texts.index_unknown
    if report.made:
        try:
            now = read_manifest(services.config.resolve(services.config.index.path)).corpus
        except IndexUnusable:
            now = ""
        index = texts.index_same if report.made.corpus == now else texts.index_other
    parts = (
        texts.made_at.format(at=at, age=age(made, language)),
        texts.of_questions.format(report.overall["all"].questions),
        index,
    )
    return ("，" if language == "zh" else ", ").join(parts)


def age(made: datetime, language: str, *, now: datetime | None = None) -> str:
    """Return how long ago that was, in the largest unit that fits."""
    seconds = max(0, int(((now or datetime.now(UTC)) - made).total_seconds()))
    for size, zh, en in ((86400, "天", "day"), (3600, "小时", "hour"), (60, "分钟", "minute")):
        if count := seconds // size:
            return f"{count} {zh}前" if language == "zh" else f"{count} {en}{'s' * (count > 1)} ago"
    return "刚刚" if language == "zh" else "just now"


def _number(value: float | int | None) -> str:
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.1f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}%"


def failure_line(text: str, texts: ReviewTexts) -> str:
    """Return what is wrong with an answer in the page's language, as far as its words are known."""
    if texts.citations_missing and (match := MISSING.fullmatch(text)):
        return texts.citations_missing.format(*match.groups())
    head, colon, rest = text.partition(": ")
    words = texts.failure_words.get(head)
    if words is None:
        return text
    status = rest.removeprefix("status ")
    return f"{words}：{texts.statuses.get(status, rest)}" if colon else words
