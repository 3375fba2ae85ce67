"""The pages of the corpus desk: the list of files, one file, the form of corrections, the trash, and what asks for a yes."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ingest.corrections import STATUSES, CorrectionsError, Unapplied
from ingest.document import Document
from ingest.readers import SUFFIXES
from web.desk.amending import Amendment, as_read, current_values, version_of
from web.desk.desk import Desk, count_line, state_line
from web.desk.folder import DeskError
from web.desk.listing import ROWS_AT_MOST, SHOWS, Shelf, chosen, labels


def add_pages(router: APIRouter, desk: Desk) -> None:
    """Add what the desk shows to `router`."""

    @router.get("/desk")
    def files(request: Request, show: str = "all", q: str = "", number: int = 1) -> Response:
        shelf = desk.shelf()
        show = show if show in SHOWS else "all"
        rows = chosen(shelf.rows, show=show, words=q)
        last = max(1, -(-len(rows) // ROWS_AT_MOST))
        at = min(max(number, 1), last)
        return desk.page(
            request, "desk.html", shelf=shelf, rows=rows[(at - 1) * ROWS_AT_MOST : at * ROWS_AT_MOST], show=show,
            q=q, at=at, last=last, counts=shelf.counts(), shows=SHOWS, unapplied=unapplied(desk, shelf),
            suffixes=sorted(SUFFIXES), limit=desk.services.config.web.max_upload_mb,
            trashed=len(desk.folder.trashed()), folders=desk.folder.folders(),
        )  # fmt: skip

    @router.get("/desk/progress")
    def progress(request: Request) -> Response:
        state = desk.state
        told = {
            **asdict(state),
            "running": state.running,
            "line": state_line(state, desk.language(request)),
            "count": count_line(state),
        }
        return JSONResponse(told)

    @router.get("/desk/file")
    def file(request: Request, path: str) -> Response:
        row = desk.shelf().row(path)
        if row is None:
            return desk.problem(request, DeskError("no_such_file", name=path))
        parts = [(document, desk.validity(document), labels(document)) for document in row.documents]
        return desk.page(request, "desk_file.html", row=row, parts=parts)

    @router.get("/desk/correct")
    def correct(request: Request, document: str) -> Response:
        try:
            return form(desk, request, desk.document(document))
        except (DeskError, CorrectionsError) as error:
            return desk.problem(request, error)

    @router.get("/desk/remove")
    def remove(request: Request, path: str) -> Response:
        row = desk.shelf().row(path)
        if row is None or row.state == "gone":
            return desk.problem(request, DeskError("no_such_file", name=path))
        return desk.page(request, "desk_ask.html", what="remove", row=row)

    @router.get("/desk/rebuild")
    def rebuild(request: Request) -> Response:
        return desk.page(request, "desk_ask.html", what="rebuild", row=None)

    @router.get("/desk/trash")
    def trash(request: Request) -> Response:
        return desk.page(
            request, "desk_trash.html", entries=desk.folder.trashed(), where=desk.services.config.corpus.trash
        )


def form(
    desk: Desk,
    request: Request,
    document: Document,
    typed: Amendment | None = None,
    *,
    meanwhile: str | None = None,
) -> Response:
    """Return the form of a document's corrections, with what holds now or with what was `typed` and its problems.

    `meanwhile`: who corrected it since the form was opened.
    """
    entry, computed = desk.book.of(document), desk.validity(document)
    shown = typed or current_values(document, entry, computed)
    read = {name: as_read(document, name, computed) for name in shown.values}
    applied = {(c.field, c.new, c.at) for c in document.corrections}
    kept = [(c, (c.field, c.new, c.at) in applied) for c in (entry.corrections if entry else ())]
    return desk.page(
        request, "desk_correct.html", document=document, shown=shown, read=read, kept=kept, statuses=STATUSES,
        seen=version_of(entry), meanwhile=meanwhile,
        status=409 if meanwhile is not None else 422 if shown.problems else 200,
    )  # fmt: skip


def unapplied(desk: Desk, shelf: Shelf) -> list[tuple[Unapplied, Document | None]]:
    """Return the corrections that fit no document, those dropped since left out; with the document now in the place."""
    try:
        kept = {entry.text_digest for entry in desk.book.entries()}
    except CorrectionsError:
        kept = set()
    found = []
    for item in shelf.reading.unapplied:
        row = shelf.row(item.entry.source)
        same = [d for d in (row.documents if row else ()) if d.read_as == item.entry.document]
        if item.entry.text_digest in kept:
            found.append((item, same[0] if len(same) == 1 and not same[0].corrections else None))
    return found
