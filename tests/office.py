"""An office that logs in: the real application over a real database, two people, and a clock that is put forward by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.fakes import FakeAssistant, services
from web.access import audit
from web.access.accounts import Accounts
from web.access.people import Role
from web.access.sessions import Sessions
from web.server import create_app
from web.services import Services

EDITOR, EDITOR_PASSWORD = "张三", "平谷的密码要长一点才行"
READER, READER_PASSWORD = "li.si", "reader-pass-word-1"
PASSWORDS = {EDITOR: EDITOR_PASSWORD, READER: READER_PASSWORD}
COOKIE = "gongwen-session"


class Clock:
    """Stands still until it is put forward."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class Office:
    """The application and what it stands on."""

    app: FastAPI
    services: Services
    accounts: Accounts
    sessions: Sessions
    clock: Clock
    portal: BlockingPortal | None = None  # of a started application: one loop for all browsers

    def client(
        self, *, address: str = "10.1.2.3", base_url: str = "http://testserver", **options: Any
    ) -> TestClient:
        """Return a browser without cookies at this address; it follows no redirect."""
        browser = TestClient(
            self.app, base_url=base_url, client=(address, 50000), follow_redirects=False, **options
        )
        browser.portal = self.portal
        return browser

    def logged_in(self, name: str, *, address: str = "10.1.2.3", **options: Any) -> TestClient:
        """Return a browser in which this person is logged in already."""
        browser = self.client(address=address, **options)
        agent = browser.headers["user-agent"]
        browser.cookies.set(COOKIE, self.sessions.start(name, address=address, agent=agent))
        return browser

    def logged(self) -> list[tuple[str, str, str]]:
        """Return the audit log: person, action, object."""
        return [(entry.person, entry.action, entry.object) for entry in audit.entries(self.services.database)]


def open_office(folder: Path, *, people: bool = True, **web: Any) -> Office:
    """Return an office with an editor and a reader."""
    clock = Clock()
    parts = services(FakeAssistant(), folder, **{"access": "users", **web})
    accounts = Accounts(parts.database, now=clock)
    if people:
        accounts.add(EDITOR, EDITOR_PASSWORD, Role.EDITOR)
        accounts.add(READER, READER_PASSWORD, Role.READER)
    sessions = Sessions(parts.database, idle=timedelta(hours=3), longest=timedelta(hours=12), now=clock)
    return Office(create_app(parts, now=clock), parts, accounts, sessions, clock)


def log_in(browser: TestClient, name: str, password: str | None = None, **fields: str) -> Any:
    """Send the log-in form; return the response."""
    password = PASSWORDS[name] if password is None else password
    return browser.post("/login", data={"name": name, "password": password, **fields})
