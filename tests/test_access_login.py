"""Log-in, log-out, account and keys, by requests to the real application."""

from __future__ import annotations

import re
import time
from types import SimpleNamespace
from urllib.parse import quote

import pytest

from tests.office import COOKIE, EDITOR, EDITOR_PASSWORD, READER, READER_PASSWORD, Office, log_in, open_office
from web.access.account import local_path
from web.access.devices import device_of
from web.access.doors import EDITORS_PATHS
from web.access.keys import Keys
from web.access.people import Role
from web.access.texts import EN, ZH

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return open_office(tmp_path_factory.mktemp("office"))


def new_key(page: str) -> str:
    found = re.search(r'id="new-key" value="(gwq_[\w-]+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize(
    "path", ["/", "/documents", "/desk", "/account", "/config", "/api/v1/docs", "/nowhere?a=1&b=二"]
)
def test_a_page_leads_to_the_log_in_and_from_there_to_itself(path: str, office: Office):
    browser = office.client()
    response = browser.get(path)
    assert response.status_code == 303
    browser.headers["accept"] = "text/html"
    asked = browser.get(response.headers["location"])
    assert ZH.log_in_lead in asked.text
    told = re.search(r'name="next" value="([^"]*)"', asked.text)
    assert told and told[1].replace("&amp;", "&") == quote(path, safe="/?=&")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/documents"), ("POST", "/api/v1/ask"), ("POST", "/v1/chat/completions"), ("POST", "/mcp"),
        ("GET", "/metrics"), ("POST", "/gradio_api/queue/join"), ("GET", "/gradio_api/queue/data?session_hash=x"),
        ("GET", "/gradio_api/info"), ("GET", "/assets/index.js"), ("POST", "/desk/files"), ("DELETE", "/documents/x"),
    ],
)  # fmt: skip
def test_a_program_is_told_in_json_that_it_needs_a_key(method: str, path: str, office: Office):
    for headers in ({}, {"Authorization": "Bearer gwq_wrong"}, {"Cookie": f"{COOKIE}=wrong"}):
        response = office.client().request(method, path, headers=headers)
        assert response.status_code == 401
        assert response.headers["www-authenticate"].startswith("Bearer")
        assert response.json() == {
            "error": {"code": "unauthorized", "message": ZH.refusals["unauthorized"][1]}
        }


def test_style_sheets_the_log_in_and_the_health_check_are_open_to_all(office: Office):
    browser = office.client()
    assert browser.get("/static/house.css").status_code == 200
    assert browser.get("/login").status_code == 200
    assert browser.get("/favicon.ico").status_code == 200
    assert browser.get("/health").status_code not in (303, 401)
    assert browser.get("/healthy").status_code == 303


def test_the_right_password_lets_in_under_a_new_token_and_logging_out_ends_it(office: Office):
    browser = office.client()
    assert log_in(browser, READER, "wrong password").status_code == 401
    response = log_in(browser, READER, next="/account?done=key")
    assert (response.status_code, response.headers["location"]) == (303, "/account?done=key")
    cookie = response.headers["set-cookie"]
    assert all(part in cookie for part in (f"{COOKIE}=", "HttpOnly", "SameSite=lax", "Path=/"))
    assert "Secure" not in cookie and "Max-Age" not in cookie
    first = browser.cookies[COOKIE]
    assert READER in browser.get("/account").text
    assert browser.get("/login?next=/documents").headers["location"] == "/documents"
    log_in(browser, READER)
    second = browser.cookies[COOKIE]
    assert second != first
    stale = office.client(cookies={COOKIE: first})
    assert stale.get("/account").status_code == 303

    response = browser.post("/logout")
    assert response.headers["location"] == "/login?after=out"
    assert ZH.logged_out in browser.get("/login?after=out").text
    assert office.client(cookies={COOKIE: second}).get("/account").status_code == 303
    assert [entry[1:] for entry in office.logged() if entry[0] == READER][-3:] == [
        ("log-in", ""), ("log-in", ""), ("log-out", ""),
    ]  # fmt: skip


def test_over_https_the_cookie_never_travels_in_clear(office: Office):
    browser = office.client(base_url="https://testserver")
    assert "Secure" in log_in(browser, READER).headers["set-cookie"]


def test_a_log_in_ends_while_the_page_stands_open(office: Office):
    browser = office.logged_in(READER)
    office.clock.forward(hours=3, minutes=1)
    assert browser.post("/gradio_api/queue/join", json={}).status_code == 401
    assert ZH.ended in browser.get("/login?after=ended").text


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example", "//evil.example/x", "/\\evil.example", "/\t/evil.example", "\\\\evil.example", "javascript:alert(1)",
        "evil.example", "", "/x\r\nSet-Cookie: a=b", "http:/documents", "/login?next=/login", "/logout", "//[",
    ],
)  # fmt: skip
def test_after_log_in_nobody_is_led_to_another_site(path: str, office: Office):
    assert local_path(path) == "/"
    assert f'name="next" value="{"/"}"' in office.client().get("/login", params={"next": path}).text


def test_after_log_in_a_page_of_this_server_is_shown_again():
    for path in ("/documents?doc=京平政发〔2023〕2号", "/a//b", "/x?next=https://evil.example"):
        assert local_path(path) == path


def test_names_and_words_of_a_stranger_are_shown_and_not_run(office: Office):
    page = log_in(office.client(address="10.6.6.6"), '"><script>x</script>', "p", next='/"><script>').text
    assert "<script>x" not in page and "&lt;script&gt;" in page


def test_who_guesses_waits_longer_and_longer_and_the_person_elsewhere_does_not(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    at = time.time()
    stopped = SimpleNamespace(time=lambda: at)
    for module in ("limits.storage.memory", "web.access.rates"):
        monkeypatch.setattr(f"{module}.time", stopped)
    monkeypatch.setattr("web.access.accounts.matches", lambda password, kept: password == READER_PASSWORD)
    guesser = office.client(address="10.9.9.9")
    waits = []
    for _ in range(4):
        for _ in range(5):
            assert log_in(guesser, READER, "guess").status_code == 401
        locked = log_in(guesser, READER, READER_PASSWORD)  # not even the right one is heard now
        assert locked.status_code == 429
        waits.append(int(locked.headers["retry-after"]))
        assert ZH.locked.format(wait=ZH.wait(waits[-1])) in locked.text
        at += waits[-1]
    assert waits == [60, 15 * 60 - 60, 60 * 60 - 15 * 60, 6 * 3600 - 3600]
    assert log_in(office.client(address="10.9.9.8"), READER).status_code == 303
    assert log_in(guesser, READER).status_code == 303
    assert log_in(guesser, READER, "guess").status_code == 401  # a log-in clears the count
    assert ("", "log-in-locked", READER) in office.logged()


def test_an_address_that_tries_one_name_after_another_is_stopped_and_no_name_it_typed_is_kept(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("web.access.accounts.matches", lambda password, kept: False)
    guesser = office.client(address="10.8.8.8")
    answers = [log_in(guesser, f"my-secret-{number}", "guess").status_code for number in range(40)]
    assert answers == [401] * 30 + [429] * 10
    assert not any("my-secret" in entry[2] for entry in office.logged())


def test_a_reader_is_kept_from_editors_pages_and_an_editor_is_not(office: Office):
    reader, editor = office.logged_in(READER), office.logged_in(EDITOR)
    for path in (*EDITORS_PATHS, "/desk/anything"):
        page = reader.get(path, headers={"accept": "text/html"})
        assert page.status_code == 403 and ZH.refusals["forbidden"][0] in page.text
        assert reader.post(path).json()["error"]["code"] == "forbidden"
        assert editor.get(path).status_code != 403
    assert reader.get("/desktop").status_code != 403
    assert "/desk" not in reader.get("/account").text.partition("<main")[0]
    assert 'href="/desk"' in editor.get("/account").text


def test_a_program_acts_with_a_key_as_its_person_and_cannot_change_the_account(office: Office):
    browser = office.logged_in(READER)
    page = browser.post("/account/keys", data={"note": "<b>OA</b>"})
    key = new_key(page.text)
    assert "&lt;b&gt;OA" in page.text and page.headers["cache-control"] == "no-store"
    assert key not in browser.get("/account").text
    program = office.client(headers={"Authorization": f"Bearer {key}"})
    assert program.get("/config").status_code == 200
    assert program.get("/desk").status_code == 403
    for path in ("/account", "/account/keys", "/account/password", "/account/sessions/end"):
        method = "GET" if path == "/account" else "POST"
        answer = program.request(method, path)
        assert answer.status_code == 403 and answer.json()["error"]["code"] == "needs_session"
    wrong = office.client(headers={"Authorization": "Bearer x"}, cookies={COOKIE: browser.cookies[COOKIE]})
    assert wrong.get("/gradio_api/info").status_code == 401  # a cookie does not make a wrong key good

    held = Keys(office.services.database).of(READER)[-1]
    office.logged_in(EDITOR).post(f"/account/keys/{held.key_id}/revoke")  # not theirs
    assert program.get("/config").status_code == 200
    browser.post(f"/account/keys/{held.key_id}/revoke")
    assert program.get("/gradio_api/info").status_code == 401
    mine = [entry[1:] for entry in office.logged() if entry[0] == READER]
    assert mine[-2:] == [("key-made", "<b>OA</b>"), ("key-revoked", "<b>OA</b>")]


def test_a_person_ends_their_other_log_ins(office: Office):
    first, second = (
        office.logged_in(READER, headers={"user-agent": FIREFOX}),
        office.logged_in(READER, address="10.1.2.4"),
    )
    page = first.get("/account").text
    assert "Firefox · Linux" in page and ZH.unknown_device in page and "10.1.2.4" in page
    foreign = office.logged_in(EDITOR)
    foreign.post("/account/sessions/end")
    assert second.get("/account").status_code == 200
    ids = re.findall(r"/account/sessions/(\d+)/end", page)
    assert ids
    for session_id in ids:
        foreign.post(f"/account/sessions/{session_id}/end")  # not theirs
    assert second.get("/account").status_code == 200
    assert first.post("/account/sessions/end").headers["location"] == "/account?done=session"
    assert second.get("/account").status_code == 303
    assert ZH.done["session"] in first.get("/account?done=session").text


def test_a_password_is_changed_with_the_present_one_alone_and_ends_the_other_log_ins(office: Office):
    browser, other = office.client(address="10.4.4.4"), office.logged_in(EDITOR)
    log_in(browser, EDITOR)
    token = browser.cookies[COOKIE]

    def change(now: str, new: str, again: str) -> tuple[int, str]:
        response = browser.post("/account/password", data={"password": now, "new": new, "again": again})
        return response.status_code, response.text

    new = "新的密码也要长一点才行"
    status, page = change("wrong password", new, new)
    assert status == 422 and ZH.wrong_now in page
    status, page = change(EDITOR_PASSWORD, new, new + "x")
    assert status == 422 and ZH.not_the_same in page
    status, page = change(EDITOR_PASSWORD, "短", "短")
    assert status == 422 and ZH.faults["short"] in page
    assert other.get("/account").status_code == 200

    status, _ = change(EDITOR_PASSWORD, new, new)
    assert status == 303 and browser.cookies[COOKIE] != token
    assert ZH.done["password"] in browser.get("/account?done=password").text
    assert other.get("/account").status_code == 303
    assert log_in(office.client(), EDITOR).status_code == 401
    office.accounts.set_password(EDITOR, EDITOR_PASSWORD)
    assert browser.get("/account").status_code == 303
    assert (EDITOR, "password-changed", EDITOR) in office.logged()


def test_the_pages_speak_english_too(office: Office):
    browser = office.client(cookies={"gongwen-language": "en"})
    assert EN.log_in_lead in browser.get("/login").text
    page = log_in(browser, READER, "wrong password").text
    assert EN.refused in page and '<html lang="en">' in page
    assert log_in(browser, READER).status_code == 303
    assert EN.sessions_lead in browser.get("/account").text


def test_both_languages_have_words_for_the_same_things():
    for field in ("faults", "refusals", "done", "roles", "roles_explained"):
        assert getattr(ZH, field).keys() == getattr(EN, field).keys()


def test_pages_of_a_person_are_kept_nowhere_and_what_is_the_same_for_all_is(office: Office):
    browser = office.logged_in(READER)
    for path in ("/", "/account", "/config"):
        assert browser.get(path).headers["cache-control"] == "no-store"
    page = browser.get("/").text
    asset = re.search(r'"(\./|/)(assets/[\w./-]+\.js)"', page)
    assert asset
    assert "immutable" in browser.get(f"/{asset[2]}").headers["cache-control"]
    assert "immutable" in browser.get("/static/house.css?v=1a2b").headers["cache-control"]
    assert browser.get("/static/none.css?v=1a2b").headers["cache-control"] == "no-store"
    sheet = browser.get("/static/house.css")
    assert sheet.headers["cache-control"] == "no-cache"
    again = browser.get("/static/house.css", headers={"if-none-match": sheet.headers["etag"]})
    assert again.status_code == 304


def test_a_device_is_called_by_its_name():
    edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36 Edg/142.0"
    assert device_of(edge) == "Edge · Windows"
    assert device_of(FIREFOX) == "Firefox · Linux"
    assert device_of("python-httpx/0.28") == ""


def test_a_removed_person_is_out_at_once(office: Office):
    office.accounts.add("wang", "a password of wang's", Role.READER)
    browser = office.client()
    log_in(browser, "wang", "a password of wang's")
    assert browser.get("/account").status_code == 200
    office.accounts.remove("wang")
    assert browser.get("/account").status_code == 303
