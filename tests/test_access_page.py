"""Log-in, account and chat in a real browser: by keyboard alone, and as axe-core judges them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browsing import serious, serving
from tests.office import COOKIE, EDITOR, EDITOR_PASSWORD, Office, open_office
from web.access.texts import EN, ZH
from web.screenshot import PHONE, free_port

QUESTION = "常务会议多久召开一次？"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return open_office(tmp_path_factory.mktemp("office"), port=free_port())


@pytest.fixture(scope="module")
def url(office: Office) -> Iterator[str]:
    port = office.services.config.web.port
    with serving(office.app, port) as served:
        yield served


def log_in_by_keyboard(page: Page, password: str = EDITOR_PASSWORD) -> None:
    page.wait_for_selector("input:focus")  # the first field has the focus
    page.keyboard.type(EDITOR)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def ask(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")


@pytest.mark.browser
def test_a_day_by_keyboard_from_the_log_in_to_the_log_out(browser: Browser, url: str, office: Office) -> None:
    page = browser.new_page(viewport={"width": 1360, "height": 860}, locale="zh-CN")
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.goto(f"{url}/")
    assert page.url == f"{url}/login"
    log_in_by_keyboard(page, "wrong password")
    page.wait_for_selector("[role=alert]")
    assert page.locator("[role=alert]").inner_text() == ZH.refused
    page.wait_for_selector("input[type=password]:focus")  # the name is kept
    page.keyboard.type(EDITOR_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".person .who")
    assert page.locator(".person .who").inner_text() == EDITOR
    ask(page, QUESTION)
    page.wait_for_selector(".answer.answered .marker")

    office.clock.forward(hours=4)  # a lunch that took too long
    ask(page, "刚才的问题再问一遍")
    page.wait_for_selector("main.entrance")
    assert page.locator("[role=status]").inner_text() == ZH.ended
    log_in_by_keyboard(page)
    page.wait_for_selector(".person .who")
    page.wait_for_function("document.querySelector('#question textarea')?.value === '刚才的问题再问一遍'")
    page.locator("#question textarea").press("Enter")
    page.wait_for_selector(".answer.answered")

    page.locator(".person button").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("main.entrance")
    assert page.locator("[role=status]").inner_text() == ZH.logged_out
    assert all(cookie["name"] != COOKIE for cookie in page.context.cookies())
    page.go_back()
    page.wait_for_selector("main.entrance")  # nothing of the page was kept
    assert all(address.startswith((url, "data:", "blob:")) for address in seen)
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "language"), [("light", "zh"), ("dark", "en")])
def test_log_in_and_account_have_no_serious_fault_and_fit_a_phone(
    browser: Browser, url: str, scheme: str, language: str
) -> None:
    texts = {"zh": ZH, "en": EN}[language]
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, color_scheme=scheme)  # type: ignore[arg-type]
    context.add_cookies([{"name": "gongwen-language", "value": language, "url": url}])
    page = context.new_page()
    page.goto(f"{url}/account")
    assert serious(page) == []
    log_in_by_keyboard(page, "wrong password")
    page.wait_for_selector("[role=alert]")
    assert serious(page) == []
    page.keyboard.type(EDITOR_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("main.account")
    page.locator("#note").fill(f"OA {language}")
    page.keyboard.press("Enter")
    page.wait_for_selector("#new-key")
    for size in (PHONE, (1360, 860)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert serious(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]

    page.on(
        "dialog", lambda dialog: dialog.accept() if dialog.message == texts.revoke_sure else dialog.dismiss()
    )
    page.get_by_label(texts.revoke_named.format(note=f"OA {language}")).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=status]")
    assert page.locator("[role=status]").inner_text() == texts.done["key"]
    context.close()
