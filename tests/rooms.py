"""A client of the reading room, for tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import lxml.html
from fastapi import FastAPI
from lxml.html import HtmlElement
from starlette.testclient import TestClient

from tests.fakes import services
from web.access.people import Visitors
from web.rooms.reading import reading_room
from web.services import AssistantLike


class Room:
    """A client of the pages over an assistant."""

    def __init__(self, assistant: AssistantLike, folder: Path, mask: Callable[[str], str] = str) -> None:
        app = FastAPI()
        app.add_middleware(Visitors)
        app.include_router(reading_room(replace(services(assistant, folder), mask=mask)))
        self.client = TestClient(app, follow_redirects=False)

    def page(self, address: str, *, status: int = 200) -> HtmlElement:
        answer = self.client.get(address)
        assert answer.status_code == status, address
        return lxml.html.fromstring(answer.text)

    def location(self, address: str) -> str:
        answer = self.client.get(address)
        assert answer.status_code == 303
        return answer.headers["location"]
