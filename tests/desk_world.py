"""A corpus of two files with its desk, as a server has it; an update is made at once and in this process."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from config import Config
from index.build import update_index
from qa.assistant import Assistant
from qa.live import LiveAssistant
from qa.updates import UpdateState
from tests.small_corpus import config_of
from web.access.people import Person, Role
from web.desk.guard import show_who_may
from web.desk.router import desk_router
from web.records.database import open_database
from web.services import Services

JSON = {"accept": "application/json"}
RULES = "甲政发〔2023〕{n}号\n甲区{what}规则\n2023年2月15日\n第一条 {what}记录保存{days}天。\n第二条 材料送办公室。\n第四条 另行规定。\n"


def rules(n: int, what: str, days: int = 30) -> str:
    return RULES.format(n=n, what=what, days=days)


class UpdatesHere:
    """Updates the index before it answers: a page after a change sees what came of it."""

    def __init__(self, live: LiveAssistant) -> None:
        self.live, self.asked = live, list[bool]()
        self.state = UpdateState()

    def ask_for_update(self, *, anew: bool = False) -> int:
        self.asked.append(anew)
        update_index(self.live.config, report=lambda line: None, anew=anew)
        self.live.reopen()
        return len(self.asked)


class Comes:
    """Middleware: everybody is this person."""

    def __init__(self, app: ASGIApp, person: Person) -> None:
        self.app, self.person = app, person

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope.setdefault("state", {})["person"] = self.person
        await self.app(scope, receive, send)


class World:
    """The corpus below `root`, with its desk."""

    def __init__(self, root: Path) -> None:
        self.corpus = root / "corpus"
        self.corpus.mkdir()
        (self.corpus / "duty.txt").write_text(rules(1, "值班"), encoding="utf-8")
        (self.corpus / "meeting.txt").write_text(rules(2, "会议"), encoding="utf-8")
        self.config: Config = config_of(root, web={"max_upload_mb": 1})
        self.live = LiveAssistant(Assistant(update_index(self.config, report=lambda line: None), self.config))
        self.updates = UpdatesHere(self.live)
        database = open_database(self.config.web.database, root=root)
        self.services = Services(self.live, self.config, database, updates=self.updates)

    def client(self, router: APIRouter, *, name: str = "王五", role: Role = Role.EDITOR) -> TestClient:
        """Return a client of this router for a person of this name and role."""
        app = FastAPI()
        app.add_middleware(Comes, person=Person(name, role))
        show_who_may(app, language="zh")
        app.include_router(router)
        return TestClient(app)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def desk(world: World) -> Iterator[TestClient]:
    with world.client(desk_router(world.services)) as client:
        yield client


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A world for tests that change nothing."""
    return World(tmp_path_factory.mktemp("still"))


@pytest.fixture(scope="module")
def still_desk(still: World) -> Iterator[TestClient]:
    with still.client(desk_router(still.services)) as client:
        yield client


def upload(desk: TestClient, name: str, text: str | bytes) -> dict:
    data = text.encode() if isinstance(text, str) else text
    answer = desk.post("/desk/files", files={"files": (name, io.BytesIO(data))}, headers=JSON)
    return {"status": answer.status_code, **answer.json(), **(answer.json().get("files") or [{}])[0]}
