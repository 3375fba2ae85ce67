"""What stands before every request, with and without a log-in: names, origins, sizes, rates, headers, settings that open the door."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

from config import ConfigError, WebConfig
from tests.fakes import FakeAssistant, services
from tests.office import COOKIE, READER, Office, log_in, open_office
from web.__main__ import main
from web.access.checks import check_access
from web.access.doors import ByProxy
from web.access.gate import MB, Gate
from web.access.rates import Rates
from web.access.texts import ZH
from web.server import create_app

OURS = "http://127.0.0.1:7860"
PROXIED: dict[str, Any] = {
    "access": "proxy",
    "trusted_proxies": "10.0.0.1, 192.168.4.0/24",
    "proxy_editors": "王五, zhao",
}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """A browser of the server as it comes: this machine alone, nobody logs in; three questions a minute."""
    parts = services(FakeAssistant(), tmp_path_factory.mktemp("alone"), public_host="", asks_per_minute=3)
    return TestClient(create_app(parts), base_url=OURS, client=("127.0.0.1", 50000), follow_redirects=False)


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A server behind a proxy that logs people in."""
    return open_office(
        tmp_path_factory.mktemp("proxied"), people=False, public_host="gongwen.example.cn", asks_per_minute=2, **PROXIED
    )  # fmt: skip


# -- whose name, whose page ---------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost", "LOCALHOST:1", "[::1]:7860"])
def test_the_servers_own_names_are_served(host: str, alone: TestClient):
    assert alone.get("/static/house.css", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example:7860", "10.1.2.3", "", "[::1", "localhost@evil.example:7860"],
)
def test_a_name_that_is_not_the_servers_is_refused_everywhere(host: str, alone: TestClient):
    for path in ("/", "/static/house.css", "/gradio_api/info", "/api/v1/ask"):
        refused = alone.get(path, headers={"host": host})
        assert refused.status_code == 421
        assert refused.json()["error"]["code"] == "unknown_host"


def test_an_address_may_be_typed_where_every_address_is_served():
    async def app(*_: object) -> None: ...

    everywhere = Gate(app, WebConfig(host="0.0.0.0", public_host="gongwen.example.cn, GW.example.cn:8443"))
    for host, ours in {
        "10.1.2.3:7860": True, "[fe80::1]": True, "gongwen.example.cn": True, "gw.example.cn:8443": True, "localhost": True,
        "evil.example": False, "0x7f.1": False, "": False,
    }.items():  # fmt: skip
        assert everywhere._is_ours(host) is ours, host
    assert not Gate(app, WebConfig(host="10.1.2.3"))._is_ours("10.1.2.4")


STATE_CHANGING = [
    ("POST", "/gradio_api/queue/join"),
    ("POST", "/api/v1/ask"),
    ("DELETE", "/desk/x"),
    ("PUT", "/x"),
]


@pytest.mark.parametrize(("method", "path"), STATE_CHANGING)
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"}, {"origin": "http://127.0.0.1:9999"}, {"origin": "null"}, {"origin": ""},
        {"origin": "http://127.0.0.1:7860.evil.example"}, {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": OURS}, {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
    ],
)  # fmt: skip
def test_a_page_of_another_site_changes_nothing(
    method: str, path: str, headers: dict[str, str], alone: TestClient
):
    refused = alone.request(method, path, headers=headers, json={})
    assert refused.status_code == 403
    assert refused.json() == {"error": {"code": "foreign_page", "message": ZH.refusals["foreign_page"][1]}}


@pytest.mark.parametrize(
    "headers", [{}, {"origin": OURS}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}]
)
def test_own_pages_and_programs_get_through(headers: dict[str, str], alone: TestClient):
    assert alone.post("/gradio_api/reset", json={"event_id": "x"}, headers=headers).status_code == 200


def test_another_site_may_link_here_and_read_nothing(alone: TestClient):
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert alone.get("/", headers=link).status_code == 200
    assert alone.get("/gradio_api/info", headers=link).status_code == 403
    assert alone.get("/static/house.js", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    for origin in ("https://evil.example", "http://127.0.0.1:9999"):
        answer = alone.get("/config", headers={"origin": origin})
        assert answer.status_code == 403 and "access-control-allow-origin" not in answer.headers
        preflight = alone.options("/x", headers={"origin": origin, "access-control-request-method": "POST"})
        assert preflight.status_code == 403 and "access-control-allow-origin" not in preflight.headers


def test_a_person_who_is_logged_in_is_not_borrowed_by_another_site(tmp_path: Path):
    office = open_office(tmp_path)
    browser = office.logged_in(READER)
    assert browser.post("/logout", headers={"origin": "https://evil.example"}).status_code == 403
    assert browser.get("/account").status_code == 200
    forged = browser.post("/login", data={"name": "x"}, headers={"sec-fetch-site": "cross-site"})
    assert forged.status_code == 403  # nor logged in as somebody else
    assert browser.post("/logout", headers={"origin": "http://testserver"}).status_code == 303


# -- how much, how often ------------------------------------------------------------------------------------


def test_a_body_beyond_the_limit_is_refused_told_beforehand_or_not(alone: TestClient):
    def endless() -> Iterator[bytes]:
        for _ in range(3 * 1024):
            yield b" " * 1024

    for content in (b" " * (MB + 1), endless()):
        refused = alone.post(
            "/gradio_api/queue/join", content=content, headers={"content-type": "application/json"}
        )
        assert refused.status_code == 413
        assert refused.json() == {"error": {"code": "too_large", "message": "请求内容超过 1 MB，没有接收。"}}
    told = alone.post("/desk/files", headers={"content-length": str(102 * MB)})
    assert told.status_code == 413
    assert alone.post("/desk/files", content=b" " * (2 * MB)).status_code != 413


def test_who_asks_too_often_is_told_when_to_come_again(alone: TestClient):
    answers = [alone.post("/api/v1/ask", json={}) for _ in range(5)]
    assert [answer.status_code == 429 for answer in answers] == [False] * 3 + [True] * 2
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60
    assert answers[-1].json()["error"]["code"] == "too_many_requests"
    assert alone.get("/api/v1/documents").status_code != 429  # reading is not asking
    joined = [alone.post("/gradio_api/queue/join", json={}).status_code for _ in range(20)]
    assert 429 not in joined[:4] and joined[-5:] == [429] * 5  # the page also opens and stops


def test_on_this_machine_alone_one_may_ask_as_often_as_one_likes_unless_the_settings_say_otherwise():
    async def app(*_: object) -> None: ...

    assert Rates(app, WebConfig()).per_minute == 0
    assert (
        Rates(app, WebConfig(access="users")).per_minute == Rates(app, WebConfig(**PROXIED)).per_minute == 120
    )
    assert Rates(app, WebConfig(access="users", asks_per_minute=0)).per_minute == 0


# -- what browsers are told ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/login", "/static/house.css", "/gradio_api/file=/etc/passwd", "/assets/none.js"]
)
def test_every_response_has_the_security_headers_refusals_too(path: str, alone: TestClient):
    for headers in ({}, {"host": "evil.example"}):
        told = alone.get(path, headers=headers).headers
        assert "default-src 'self'" in told["content-security-policy"]
        assert told["x-content-type-options"] == "nosniff" and told["x-frame-options"] == "SAMEORIGIN"
        assert told["referrer-policy"] == "same-origin" and "camera=()" in told["permissions-policy"]
        assert told["cross-origin-opener-policy"] == told["cross-origin-resource-policy"] == "same-origin"
        assert "server" not in told


def test_a_websocket_is_not_spoken(alone: TestClient):
    with pytest.raises(Exception) as refused, alone.websocket_connect("/x"):
        pass
    assert type(refused.value).__name__ == "WebSocketDisconnect"


def test_without_a_log_in_there_is_no_log_in_page_and_a_forged_visitor_is_a_new_one(alone: TestClient):
    for method in ("GET", "POST"):
        assert alone.request(method, "/login").headers["location"] == "/"
    told = alone.get("/login", headers={"cookie": f"gongwen-visitor={'x' * 500}"})
    assert "gongwen-visitor=" in told.headers["set-cookie"]


# -- a proxy that logs people in ----------------------------------------------------------------------------


def by_proxy(office: Office, peer: str, headers: Mapping[str, str | bytes]) -> TestClient:
    return office.client(address=peer, base_url="https://gongwen.example.cn", headers=headers)


def test_a_trusted_proxys_word_is_taken(proxied: Office):
    for peer in ("10.0.0.1", "192.168.4.200"):
        reader = by_proxy(proxied, peer, {"X-Remote-User": "li.si"})
        assert reader.get("/config").status_code == 200
        assert reader.get("/desk").status_code == 403
    editor = by_proxy(proxied, "10.0.0.1", {"X-Remote-User": "王五".encode()})
    assert editor.get("/desk").status_code != 403
    assert by_proxy(proxied, "10.0.0.1", {"X-Remote-User": "Zhao"}).get("/desk").status_code != 403


@pytest.mark.parametrize("peer", ["10.0.0.2", "127.0.0.1", "testclient", "192.168.5.1"])
def test_anybody_elses_word_is_not(peer: str, proxied: Office):
    liar = by_proxy(proxied, peer, {"X-Remote-User": "zhao", "X-Forwarded-For": "10.0.0.1"})
    for path in ("/", "/config", "/api/v1/documents", "/login"):
        assert liar.get(path).json()["error"]["code"] == "not_through_proxy"
    page = liar.get("/", headers={"accept": "text/html"})
    assert page.status_code == 401 and ZH.refusals["not_through_proxy"][1] in page.text
    assert liar.get("/health").status_code != 401


@pytest.mark.parametrize("name", [None, "", " ", "x" * 101, "a\tb"])
def test_a_proxy_that_names_nobody_lets_nobody_in(name: str | None, proxied: Office):
    headers = [] if name is None else [(b"x-remote-user", name.encode("latin-1"))]
    client = by_proxy(proxied, "10.0.0.1", {})
    assert client.get("/config", headers=headers).status_code == 401


def test_a_name_that_stands_there_twice_is_nobodys(proxied: Office):
    twice = [(b"x-remote-user", b"li.si"), (b"x-remote-user", b"zhao")]
    client = by_proxy(proxied, "10.0.0.1", {})
    assert client.get("/config", headers=twice).status_code == 401


def test_a_name_that_is_no_utf8_is_nobodys():
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "state": {"peer": "10.0.0.1"}}
    request = Request({**scope, "headers": [(b"x-remote-user", b"\xff\xfe")]})
    answer = asyncio.run(ByProxy(WebConfig(**PROXIED))(request))
    assert isinstance(answer, Response) and answer.status_code == 401


def test_a_proxy_may_tell_the_role(tmp_path: Path):
    office = open_office(
        tmp_path, people=False, public_host="gongwen.example.cn", proxy_role_header="X-Remote-Groups", **PROXIED
    )  # fmt: skip
    for groups, allowed in (("staff, Editor", True), ("editors", False), ("", False), ("reader", False)):
        told = by_proxy(office, "10.0.0.1", {"X-Remote-User": "li.si", "X-Remote-Groups": groups})
        assert (told.get("/desk").status_code != 403) is allowed


def test_behind_a_proxy_limits_are_each_persons_own(proxied: Office):
    first, second = (by_proxy(proxied, "10.0.0.1", {"X-Remote-User": name}) for name in ("one", "two"))
    assert [first.post("/api/v1/ask").status_code == 429 for _ in range(3)] == [False, False, True]
    assert second.post("/api/v1/ask").status_code != 429


def test_behind_a_trusted_proxy_the_browsers_own_address_and_https_count(tmp_path: Path):
    office = open_office(tmp_path, trusted_proxies="10.0.0.1")
    forwarded = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
    for peer, address in (("10.0.0.1", "203.0.113.7"), ("10.0.0.2", "10.0.0.2")):
        browser = office.client(address=peer, headers=forwarded)
        assert log_in(browser, READER).status_code == 303
        cookie = browser.cookies.jar
        assert [item.secure for item in cookie if item.name == COOKIE] == [peer == "10.0.0.1"]
        held = office.client(address=peer, cookies={COOKIE: browser.cookies.get(COOKIE) or ""})
        assert address in held.get("/account").text


# -- who may start it ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.3.2.1"])
def test_on_this_machine_alone_nobody_needs_to_log_in(host: str):
    check_access(WebConfig(host=host))


@pytest.mark.parametrize(
    ("web", "told"),
    [
        ({"host": "0.0.0.0"}, r"web\.people add NAME.*web\.access: users"),
        ({"host": "10.1.2.3"}, r"web\.access: none would let them do everything"),
        ({"host": "gongwen.example.cn"}, r"docs/access\.md"),
        ({"public_host": "gongwen.example.cn"}, r"web\.public_host 'gongwen\.example\.cn' is for others"),
        ({**PROXIED, "trusted_proxies": " "}, r"needs web\.trusted_proxies, which is empty"),
        ({**PROXIED, "proxy_header": ""}, r"needs web\.proxy_header"),
        (PROXIED, r"needs web\.public_host"),
        (
            {**PROXIED, "trusted_proxies": "10.1.0.0/33"},
            r"web\.trusted_proxies: '10\.1\.0\.0/33' is no address",
        ),
        ({**PROXIED, "trusted_proxies": "*"}, r"'\*' is no address"),
    ],
)
def test_settings_that_let_in_anybody_or_nobody_are_refused_in_words(web: dict[str, Any], told: str):
    with pytest.raises(ConfigError, match=told):
        check_access(WebConfig(**web))


def test_a_proxys_settings_that_are_whole_are_taken():
    check_access(WebConfig(host="0.0.0.0", public_host="gongwen.example.cn", **PROXIED))
    check_access(replace(WebConfig(), host="0.0.0.0", access="users"))


def test_the_command_starts_neither_open_to_all_nor_closed_to_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    config = tmp_path / "my.yaml"
    config.write_text(yaml.safe_dump({"web": {"port": 7999}}), encoding="utf-8")
    assert main(["--config", str(config), "--host", "0.0.0.0"]) == 2
    assert "web.people add" in capsys.readouterr().err
    config.write_text(yaml.safe_dump({"web": {"access": "users", "port": 7999}}), encoding="utf-8")
    assert main(["--config", str(config)]) == 2
    assert "there is no user yet" in capsys.readouterr().err


def test_an_error_is_json_that_a_program_can_read(alone: TestClient):
    refused = alone.get("/gradio_api/info", headers={"origin": "https://evil.example", "accept": "text/html"})
    assert json.loads(refused.text)["error"]["code"] == "foreign_page"
