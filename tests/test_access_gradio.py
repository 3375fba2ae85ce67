"""Gradio behind the log-in: each person's questions are their own, and none of its files, uploads or fetches is served."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import gradio as gr
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.office import COOKIE, EDITOR, READER, Office, open_office
from web.access.entrance import add_access
from web.access.people import person_of
from web.access.queues import MOST_QUEUES, OwnQueues, named_queues


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return open_office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def diary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A page of one function, behind the same log-in: it keeps what each page says, and knows who says it."""
    office = open_office(tmp_path_factory.mktemp("diary"))

    def say(words: str, kept: list[str], request: gr.Request) -> tuple[list[str], str]:
        assert request.request is not None
        kept = [*kept, words]
        return kept, f"{person_of(request.request).owner}: {'; '.join(kept)}"

    with gr.Blocks(analytics_enabled=False) as page:
        words, kept, shown = gr.Textbox(), gr.State([]), gr.Textbox()
        words.submit(say, [words, kept], [kept, shown])
    app = FastAPI()
    add_access(app, office.services, now=office.clock)
    office.app = gr.mount_gradio_app(app, page, path="/")
    with TestClient(office.app) as started:
        office.portal = started.portal
        yield office


def said(browser: TestClient, session: str, words: str) -> str:
    """Call the function as the page does; return all that comes back."""
    call = {"data": [words, None], "fn_index": 0, "session_hash": session}
    joined = browser.post("/gradio_api/queue/join", json=call)
    assert joined.status_code == 200, joined.text
    return browser.get("/gradio_api/queue/data", params={"session_hash": session}).text


def test_the_page_knows_who_asks_and_two_people_see_only_their_own(diary: Office):
    first, second = diary.logged_in(EDITOR), diary.logged_in(READER)
    assert f"user:{EDITOR}: one" in said(first, "firsthash", "one")
    assert f"user:{READER}: two" in said(second, "secondhash", "two")
    call = {"data": ["three", None], "fn_index": 0, "session_hash": "firsthash"}
    for method, path, body in (
        ("GET", "/gradio_api/queue/data?session_hash=firsthash", None),
        ("GET", "/gradio_api/heartbeat/firsthash", None),
        ("POST", "/gradio_api/queue/join", call),
        ("POST", "/gradio_api/queue/join/", call),
        ("POST", "/gradio_api/cancel", {"session_hash": "firsthash", "fn_index": 0, "event_id": "x"}),
    ):
        refused = second.request(method, path, json=body)
        assert refused.status_code == 403 and refused.json()["error"]["code"] == "forbidden"
    assert f"user:{EDITOR}: one; four" in said(first, "firsthash", "four")


def test_the_queue_that_was_left_alone_longest_is_forgotten_first():
    async def app(*_: object) -> None: ...

    queues = OwnQueues(app, web=None)  # type: ignore[arg-type]
    assert queues._belongs("a", "one") and queues._belongs("b", "one")
    for number in range(MOST_QUEUES - 1):
        queues._belongs("a", "one")
        queues._belongs(str(number), "two")
    assert not queues._belongs("a", "two")
    assert queues._belongs("b", "two")


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"\xff", b'{"session_hash": 3}', b"[" * 100_000])
def test_a_body_without_a_queue_names_none(body: bytes):
    assert named_queues(body) == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/gradio_api/file=/etc/passwd"), ("GET", "/gradio_api/file=config.yaml"), ("GET", "/gradio_api/file/x"),
        ("POST", "/gradio_api/upload"), ("GET", "/gradio_api/upload_progress?upload_id=x"),
        ("GET", "/gradio_api/proxy=https://example.com/"), ("GET", "/gradio_api/stream/a/b/c/playlist.m3u8"),
        ("POST", "/gradio_api/process_recording"), ("POST", "/gradio_api/component_server"), ("GET", "/gradio_api/deep_link"),
        ("POST", "/gradio_api/vibe-edit"), ("GET", "/gradio_api/runs"), ("POST", "/gradio_api/run-history/connect"),
        ("GET", "/gradio_api/dev/reload"), ("GET", "/gradio_api/token"), ("GET", "/gradio_api/openapi.json"),
        ("GET", "/monitoring"), ("GET", "/monitoring/summary"),
    ],
)  # fmt: skip
def test_what_takes_files_gives_files_or_fetches_is_not_served(method: str, path: str, office: Office):
    browser = office.logged_in(EDITOR)
    for tried in (path, f"{path}/", path.replace("/gradio_api/", "/gradio_api//")):
        assert browser.request(method, tried).status_code == 404, tried


@pytest.mark.parametrize("path", ["file=/etc/passwd", "%66ile=/etc/passwd", "..%2f..%2fetc/passwd", "Upload"])
def test_nor_under_another_spelling(path: str, office: Office):
    assert office.logged_in(EDITOR).get(f"/gradio_api/{path}").status_code == 404


def test_the_settings_of_the_page_are_those_of_an_offline_page(office: Office):
    browser = office.logged_in(EDITOR)
    config = browser.get("/config").json()
    assert config["analytics_enabled"] is False
    assert 0 < config["max_file_size"] <= 1024 * 1024
    assert config.get("is_space") in (False, None) and not config.get("pwa")
    assert not {item["type"] for item in config["components"]} & {
        "uploadbutton",
        "file",
        "image",
        "audio",
        "video",
    }
    page, theme = browser.get("/").text, browser.get("/theme.css").text
    for text in (page, theme):
        hosts = set(re.findall(r"https?://([\w.-]+)", text)) - {"www.w3.org"}
        assert {
            host for host in hosts if not host.startswith(("127.0.0.1", "localhost", "testserver"))
        } == set()
    assert "@import" not in theme and "fonts.g" not in theme + page


def test_asking_leaves_no_flagged_file_and_no_upload(
    diary: Office, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    said(diary.logged_in(READER), "leavesnothing", "one")
    assert list(tmp_path.rglob("*")) == []
    calls = office.logged_in(READER).get("/config").json()["dependencies"]
    assert not any("flag" in str(call.get("api_name")) for call in calls)


def test_a_stolen_queue_without_a_log_in_is_nothing(office: Office):
    stranger = office.client(cookies={COOKIE: "guess"})
    assert stranger.get("/gradio_api/queue/data", params={"session_hash": "firsthash"}).status_code == 401
