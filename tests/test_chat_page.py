"""The chat page in a real browser: conversations kept and found again, answers judged, questions changed, nothing lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from tests.browsing import serious
from tests.fakes import FakeAssistant
from web.chat.chat_texts import EN_CHAT, ZH_CHAT
from web.screenshot import PHONE, ask, open_page
from web.texts import ZH

pytestmark = pytest.mark.browser

QUESTION = "多久召开一次？"


@pytest.fixture
def page(browser: Browser, fake_url: str) -> Iterator[Page]:
    """The page of a new visitor."""
    opened = open_page(browser, fake_url)
    yield opened
    opened.context.close()


def titles(page: Page) -> list[str]:
    return [link.inner_text() for link in page.locator(".kept > a").all()]


def wait_for_titles(page: Page, wanted: list[str]) -> None:
    page.wait_for_function(
        "wanted => JSON.stringify([...document.querySelectorAll('.kept > a')].map(a => a.innerText)) === wanted",
        arg=json.dumps(wanted, ensure_ascii=False, separators=(",", ":")),
    )


def answered(page: Page, count: int) -> None:
    page.wait_for_function(
        "count => document.querySelectorAll('.answer.answered').length === count"
        " && !document.querySelector('.answer.pending')",
        arg=count,
    )
    page.wait_for_selector("#question textarea:enabled")


def test_a_reload_shows_the_conversation_again_and_nobody_else_sees_it(
    page: Page, browser: Browser, fake_url: str
) -> None:
    assert page.locator("#conversations").inner_text() == ZH_CHAT.no_conversations
    ask(page, QUESTION)
    ask(page, "再问一次")
    wait_for_titles(page, [QUESTION])
    address = page.url
    assert "/?c=" in address
    page.reload()
    answered(page, 2)
    assert page.locator(".question .words").all_inner_texts() == [QUESTION, "再问一次"]
    page.goto(fake_url)  # as from another page of the house
    answered(page, 2)
    assert page.url == address
    other = open_page(browser, address)
    other.wait_for_selector("#message p")
    assert other.locator("#message").inner_text() == ZH_CHAT.gone and titles(other) == []
    other.context.close()


def test_conversations_are_listed_searched_renamed_opened_and_deleted(page: Page) -> None:
    ask(page, "先问的")
    page.locator("#new").click()
    page.wait_for_function("!document.querySelector('.turn')")
    assert page.url.endswith("/")
    ask(page, "后问的")
    wait_for_titles(page, ["后问的", "先问的"])
    page.locator(".kept > a", has_text="先问的").click()
    page.wait_for_function("document.querySelector('.question .words').innerText === '先问的'")
    assert page.locator(".kept > a[aria-current]").inner_text() == "先问的"
    page.go_back()
    page.wait_for_function("document.querySelector('.question .words').innerText === '后问的'")

    page.locator(".kept", has_text="先问的").locator(".menu summary").click()
    page.locator(".menu[open] .rename").click()
    page.locator("#ask-title").fill("<b>议事</b>")
    page.keyboard.press("Enter")
    wait_for_titles(page, ["后问的", "<b>议事</b>"])
    page.locator("#search").fill("议事")
    wait_for_titles(page, ["<b>议事</b>"])
    page.locator("#search").fill("没有的")
    page.wait_for_function(
        "words => document.querySelector('#conversations').innerText === words", arg=ZH_CHAT.searched_none
    )
    page.locator("#search").fill("")
    wait_for_titles(page, ["后问的", "<b>议事</b>"])

    for answer, left in (("#ask-no", ["后问的", "<b>议事</b>"]), ("#ask-yes", ["<b>议事</b>"])):
        page.locator(".kept", has_text="后问的").locator(".menu summary").click()
        page.locator(".menu[open] .delete").click()
        assert page.locator("#ask-words").inner_text() == ZH_CHAT.delete_sure.format("后问的")
        page.locator(answer).click()
        wait_for_titles(page, left)
    page.wait_for_function("!document.querySelector('.turn')")  # it was the one that stood open


def test_an_edited_question_takes_the_place_of_what_followed(page: Page, fake: FakeAssistant) -> None:
    for question in ("一问", "二问", "三问"):
        ask(page, question)
    page.locator(".turn").nth(1).hover()
    page.locator(".edit").nth(1).click()
    box = page.locator("#question textarea")
    assert box.input_value() == "二问" and page.locator(".turn.replaced").count() == 2
    box.fill("改问")
    box.press("Enter")
    answered(page, 2)
    assert page.locator(".question .words").all_inner_texts() == ["一问", "改问"]
    assert [question for question, _ in fake.histories[-1]] == ["一问"]
    page.reload()
    answered(page, 2)
    assert page.locator(".question .words").all_inner_texts() == ["一问", "改问"]
    page.locator(".edit").first.click()
    page.keyboard.press("Escape")
    assert page.locator("#editing").count() == 0 and page.locator("#question textarea").input_value() == ""


def test_feedback_is_given_changed_and_withdrawn_and_outlives_a_reload(page: Page) -> None:
    ask(page, QUESTION)
    page.locator(".feedback summary").click()
    page.locator(".feedback input[value=wrong_citation]").check()
    page.locator(".feedback textarea").fill("应引<第三条>")
    page.locator(".feedback [type=submit]").click()
    page.wait_for_selector(".feedback.said")
    assert page.locator(".feedback summary").inner_text() == "已评价：出处有误"
    page.reload()
    page.wait_for_selector(".feedback.said")
    page.locator(".feedback summary").click()
    assert page.locator(".feedback textarea").input_value() == "应引<第三条>"
    page.locator(".feedback input[value=right]").check()
    page.locator(".feedback [type=submit]").click()
    page.wait_for_function("document.querySelector('.feedback summary').innerText === '已评价：答得对'")
    page.locator(".feedback summary").click()
    page.locator(".withdraw").click()
    page.wait_for_selector(".feedback.said", state="detached")
    assert page.locator(".feedback summary").inner_text() == ZH_CHAT.judge


def test_a_suggestion_is_asked_by_a_click_and_stands_under_the_last_answer_only(page: Page) -> None:
    ask(page, QUESTION)
    chips = page.locator(".next .chip")
    assert chips.all_inner_texts() == [
        "甲政发〔2023〕2号第三条规定了什么？",
        "甲政发〔2023〕2号现在还有效吗？",
    ]
    chips.first.click()
    answered(page, 2)
    assert page.locator(".question .words").last.inner_text() == "甲政发〔2023〕2号第三条规定了什么？"
    assert page.locator(".next").count() == 1


def test_a_marker_tells_its_quotation_to_pointer_and_keyboard(page: Page) -> None:
    ask(page, QUESTION)
    marker, tip = page.locator(".marker").last, page.locator("#tip")
    page.wait_for_timeout(600)  # scrolling comes to rest
    marker.hover()
    assert "由甲政发" not in tip.inner_text() and "常务会议一般每周召开1次" in tip.inner_text()
    tip.hover()  # the pointer may go into it
    page.wait_for_timeout(300)
    assert tip.is_visible() and "<script>" in tip.inner_text()
    page.keyboard.press("Escape")
    assert not tip.is_visible()
    page.keyboard.press("Tab")
    page.locator(".marker").first.focus()
    assert marker.get_attribute("aria-describedby") is None and tip.is_visible()
    assert page.locator(".marker").first.get_attribute("aria-describedby") == "tip"
    page.keyboard.press("Enter")
    page.wait_for_selector(".card.flash")
    page.wait_for_function("document.activeElement.id === 'card-0-1'")


def test_a_question_comes_by_its_address_and_a_draft_outlives_another_page(page: Page, fake_url: str) -> None:
    page.goto(f"{fake_url}?q={quote('甲政发〔2023〕2号第二条')}")
    box = page.locator("#question textarea")
    page.wait_for_function(
        "document.querySelector('#question textarea')?.value === '甲政发〔2023〕2号第二条'"
    )
    assert page.locator(".turn").count() == 0 and page.url == fake_url
    page.locator("#language").click()
    page.wait_for_selector("html[lang=en] #question textarea")
    page.wait_for_function(
        "document.querySelector('#question textarea')?.value === '甲政发〔2023〕2号第二条'"
    )
    assert page.locator("#new").inner_text() == "New" and box.is_enabled()
    page.locator(".brand h1").click()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"


def test_escape_stops_an_answer(page: Page) -> None:
    box = page.locator("#question textarea")
    box.fill("慢慢答")
    box.press("Enter")
    page.wait_for_selector("#stop")
    page.keyboard.press("Escape")
    page.wait_for_function("words => document.querySelector('#message').innerText === words", arg=ZH.stopped)
    assert box.input_value() == "慢慢答" and page.locator(".turn").count() == 0


def test_the_conversations_are_a_drawer_on_a_phone(browser: Browser, fake_url: str) -> None:
    page = open_page(browser, fake_url, size=PHONE)
    ask(page, QUESTION)
    drawer, button = page.locator("#drawer"), page.locator("#drawer-button")
    assert not drawer.is_visible() and button.get_attribute("aria-expanded") == "false"
    button.click()
    assert drawer.is_visible() and page.evaluate("document.activeElement.id") == "new"
    page.keyboard.press("Escape")
    assert not drawer.is_visible() and page.evaluate("document.activeElement.id") == "drawer-button"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    page.context.close()


def test_the_theme_that_was_chosen_outlives_a_reload(page: Page) -> None:
    assert not page.evaluate("document.body.classList.contains('dark')")
    page.locator("#theme").click()
    page.reload()
    page.wait_for_selector("#question textarea")
    page.wait_for_timeout(300)  # Gradio sets its own theme late
    assert page.evaluate("document.body.classList.contains('dark')")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [(1360, 860), PHONE])
def test_axe_finds_nothing_serious(
    browser: Browser, fake_url: str, dark: bool, size: tuple[int, int]
) -> None:
    page = open_page(browser, fake_url, size=size, dark=dark)
    assert serious(page) == []
    ask(page, QUESTION)
    page.locator(".feedback summary").click()
    page.locator("details.why summary").click()
    page.wait_for_selector("details.why .chosen")
    page.locator("details.context summary").first.click()
    ask(page, "甲、乙比较")
    ask(page, "无依据的问题")
    ask(page, "这个问题是坏的")
    if size == PHONE:
        page.locator("#drawer-button").click()
    page.locator(".menu summary").first.click()
    page.locator("#language").click() if dark else None
    page.wait_for_timeout(400)
    assert serious(page) == []
    page.context.close()


def test_both_languages_have_words_for_everything():
    assert {name: type(value) for name, value in vars(ZH_CHAT).items()} == {
        name: type(value) for name, value in vars(EN_CHAT).items()
    }
    assert all(vars(ZH_CHAT).values()) and all(vars(EN_CHAT).values())
    assert ZH_CHAT.verdicts.keys() == EN_CHAT.verdicts.keys()
