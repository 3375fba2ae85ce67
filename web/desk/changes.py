"""What editors change at the desk: each change is a POST, and has the index updated."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from ingest.corrections import CorrectionsError
from web.access.people import Person
from web.desk.amending import made_corrections, read_form, version_of
from web.desk.desk import Desk, error_line, file_url, see, status_of
from web.desk.folder import DeskError
from web.desk.guard import editor
from web.desk.uploads import Arrival, receive_files
from web.desk.views import form

Editor = Annotated[Person, Depends(editor)]
Text = Annotated[str, Form()]


def add_changes(router: APIRouter, desk: Desk) -> None:
    """Add what changes the corpus to `router`."""

    @router.post("/desk/files")
    async def upload(request: Request, person: Editor) -> Response:
        limit = desk.services.config.web.max_upload_mb
        try:
            arrivals = await receive_files(request, desk.folder, limit_mb=limit, by=person.name)
        except DeskError as error:
            return _refused(request, error)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody reads it
        return await run_in_threadpool(_arrived, request, arrivals, person)

    @router.post("/desk/staged")
    def settle(request: Request, person: Editor, token: Text, replace: Text = "") -> Response:
        try:
            staged = desk.folder.staged(token)
            if replace:
                outcome = desk.folder.put(staged, replace=True)
            else:
                desk.folder.drop(token)
                outcome = "kept"
        except DeskError as error:
            return _refused(request, error)
        if _wants_json(request):
            return _arrived(request, [Arrival(staged.name, outcome)], person)
        if outcome != "kept":
            _changed(person, outcome, staged.name)
        return see("/desk", outcome, staged.name)

    @router.post("/desk/remove")
    def remove(request: Request, person: Editor, path: Text) -> Response:
        try:
            desk.folder.remove(path, by=person.name)
        except DeskError as error:
            return desk.problem(request, error)
        _changed(person, "removed", path)
        return see("/desk", "removed", path)

    @router.post("/desk/restore")
    def restore(request: Request, person: Editor, token: Text) -> Response:
        try:
            name = desk.folder.restore(token)
        except DeskError as error:
            return desk.problem(request, error)
        _changed(person, "restored", name)
        return see("/desk", "restored", name)

    @router.post("/desk/rebuild")
    def rebuild(person: Editor) -> Response:
        desk.update(anew=True)
        desk.note(person, "rebuild", "")
        return see("/desk", "rebuild")

    @router.post("/desk/correct")
    async def correct(request: Request, person: Editor) -> Response:
        typed = {name: str(value) for name, value in (await request.form()).items()}
        return await run_in_threadpool(_correct, request, person, typed)

    @router.post("/desk/take-back")
    def take_back(request: Request, person: Editor, document: Text, field: Text) -> Response:
        try:
            found = desk.document(document)
            desk.book.take_back(found, field)
        except (DeskError, CorrectionsError) as error:
            return desk.problem(request, error)
        _changed(person, "taken_back", f"{document} {field}")
        return see(file_url(found.source), "taken_back")

    @router.post("/desk/unapplied")
    def settle_unapplied(request: Request, person: Editor, digest: Text, document: Text = "") -> Response:
        try:
            if document:
                found = desk.document(document)
                desk.book.adopt(digest, found, desk.file_digest(found))
            else:
                desk.book.drop(digest)
        except (DeskError, CorrectionsError) as error:
            return desk.problem(request, error)
        done = "adopted" if document else "dropped"
        _changed(person, done, document or digest)
        return see("/desk", done)

    def _correct(request: Request, person: Person, typed: dict[str, str]) -> Response:
        try:
            document = desk.document(typed.get("document", ""))
            entry, computed = desk.book.of(document), desk.validity(document)
            others = [d for d in desk.services.assistant.documents if d.document_id != document.document_id]
            amendment = read_form(typed, document, others)
            if amendment.problems:
                return form(desk, request, document, amendment)
            made = made_corrections(amendment, document, entry, computed, by=person.name)
            if tuple(made) == (entry.corrections if entry else ()):
                return see(file_url(document.source), "unchanged")
            seen = typed.get("seen", version_of(entry))
            try:
                desk.book.keep(document, desk.file_digest(document), made, seen=seen)
            except DeskError as error:
                if error.kind != "meanwhile":
                    raise
                who = error.values["by"] or desk.texts(request).somebody
                return form(desk, request, document, amendment, meanwhile=who)
        except (DeskError, CorrectionsError) as error:
            return desk.problem(request, error)
        _changed(person, "corrected", document.document_id)
        return see(file_url(document.source), "saved")

    def _changed(person: Person, action: str, object: str) -> int:
        number = desk.update()
        desk.note(person, action, object)
        return number

    def _arrived(request: Request, arrivals: list[Arrival], person: Person) -> Response:
        moved = [arrival for arrival in arrivals if arrival.outcome in ("added", "replaced")]
        number = desk.update() if moved else desk.state.number
        for arrival in moved:
            desk.note(person, arrival.outcome, arrival.name)
        texts = desk.texts(request)
        told = [
            {
                "name": arrival.name,
                "outcome": arrival.outcome,
                "token": arrival.token,
                "message": error_line(arrival.problem, texts)
                if arrival.problem
                else texts.outcomes[arrival.outcome],
            }
            for arrival in arrivals
        ]
        if _wants_json(request):
            return JSONResponse({"files": told, "number": number})
        return desk.page(request, "desk_uploaded.html", arrivals=told)

    def _refused(request: Request, error: DeskError) -> Response:
        if _wants_json(request):
            line = error_line(error, desk.texts(request))
            return JSONResponse({"message": line}, status_code=status_of(error))
        return desk.problem(request, error)


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")
