"""A request with files in, each staged or refused with the reason; never more is read than web.max_upload_mb allows."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.types import Message

from web.desk.folder import CorpusFolder, DeskError, said

MOST_FILES = 100  # of one request
FORM_ROOM = 64 * 2**10  # bytes of a form beside its file


@dataclass(frozen=True)
class Arrival:
    """What became of one file: added, replaced, same, exists (waits under `token`) or refused (for `problem`)."""

    name: str
    outcome: str
    token: str = ""
    problem: DeskError | None = None


async def receive_files(request: Request, folder: CorpusFolder, *, limit_mb: int, by: str) -> list[Arrival]:
    """Put the files of the form's field `files` into the corpus, but for those whose name is taken.

    Raises DeskError where the request as a whole is too large or holds no file.
    """
    limit = limit_mb * 2**20
    too_large = DeskError("too_large", name="", limit=str(limit_mb))
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > limit + FORM_ROOM:
        raise too_large
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        message = await request.receive()
        taken += len(message.get("body", b""))
        if taken > limit + FORM_ROOM:
            raise too_large
        return message

    with said(tempfile.gettempdir()):  # where the form's files lie until they are staged
        sent = await Request(request.scope, receive).form(max_files=MOST_FILES)
    try:
        files = [file for file in sent.getlist("files") if isinstance(file, UploadFile) and file.filename]
        if not files:
            raise DeskError("no_files")
        into = str(sent.get("folder", ""))
        return [await run_in_threadpool(_take, file, folder, into, limit, by) for file in files]
    finally:
        await sent.close()


def _take(file: UploadFile, folder: CorpusFolder, into: str, limit: int, by: str) -> Arrival:
    name = file.filename or ""
    try:
        staged = folder.stage(file.file, name, by=by, limit=limit, folder=into)
        outcome = folder.put(staged, replace=False)
    except DeskError as error:
        return Arrival(name, "refused", problem=error)
    return Arrival(staged.name, outcome, token=staged.token if outcome == "exists" else "")
