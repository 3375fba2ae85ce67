"""The chat page in a real browser: it answers, shows its evidence, and asks nothing of any other machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from playwright.sync_api import Browser, Page

from config import PROJECT_ROOT
from tests.fakes import FakeAssistant, document
from web.chat.asking import answered_turns, question_refusal
from web.chat.conversation import Turn
from web.chat.examples import example_questions
from web.screenshot import PHONE, ask, open_page, served_page
from web.server import is_served
from web.texts import EN, ZH

QUESTION = "平谷区政府常务会议多久开一次？"


@pytest.fixture(scope="module")
def real_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page as `python -m web` serves it, over the project's corpus, its index built in a new folder."""
    folder = tmp_path_factory.mktemp("page")
    settings = {
        "corpus": {"path": str(PROJECT_ROOT / "corpus")},
        "index": {"path": str(folder / "index")},
        "encoder": {"model": str(PROJECT_ROOT / "models" / "gongwen-static")},
    }
    config = folder / "config.yaml"
    config.write_text(yaml.safe_dump(settings), encoding="utf-8")
    with served_page(config) as url:
        yield url


def recorded_requests(page: Page) -> list[str]:
    """Return a list that grows with the address of every request of the page, those that fail too."""
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.on("requestfailed", lambda request: seen.append(request.url))
    page.on("websocket", lambda socket: seen.append(socket.url))
    return seen


def assert_stayed_on_this_machine(seen: list[str]) -> None:
    assert seen
    outside = [url for url in seen if urlsplit(url).hostname not in ("127.0.0.1", None)]
    assert outside == []
    assert all(urlsplit(url).scheme in ("http", "ws", "data", "blob") for url in seen)


@pytest.mark.browser
def test_a_question_gets_its_answer_card_badge_and_context_without_an_outside_request(
    browser: Browser, real_url: str
) -> None:
    page = browser.new_page(viewport={"width": 1360, "height": 860}, locale="zh-CN")
    seen, errors = recorded_requests(page), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(real_url)
    page.wait_for_selector("#question textarea")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.locator(".examples .chip:visible").count() >= 3

    page.locator("#question textarea").type(QUESTION)
    ask(page, QUESTION)
    assert "每周召开1次" in page.locator(".answer-text").inner_text().replace(" ", "")
    marker = page.locator(".marker").first
    marker.hover()
    assert (
        page.locator("#tip")
        .inner_text()
        .startswith("《北京市平谷区人民政府工作规则》（京平政发〔2023〕2号）第四十一条")
    )
    card = page.locator(f"#card-{marker.get_attribute('data-card')}")
    assert "京平政发〔2023〕2号" in card.locator(".doc-no").inner_text()
    assert "第四十一条" in card.locator(".label").inner_text()
    assert card.locator(".badge").inner_text() == "现行有效"
    assert "1次" in card.locator("blockquote mark").first.inner_text()

    marker.click()
    page.wait_for_selector(f"#{card.get_attribute('id')}.flash")
    card.locator("details.context summary").click()
    context = card.locator(".context-text")
    assert context.is_visible()
    assert len(context.inner_text()) > len(card.locator("blockquote").inner_text()) + 200
    assert "1次" in context.locator("mark").first.inner_text()

    room = card.locator("a.room").get_attribute("href")
    assert unquote(room or "") == "/documents/京平政发〔2023〕2号#第四十一条"
    assert_stayed_on_this_machine(seen)
    assert errors == []
    page.context.close()


@pytest.mark.browser
def test_english_turns_every_word_of_the_page_and_back(browser: Browser, fake_url: str) -> None:
    page = open_page(browser, fake_url)
    ask(page, "多久召开一次？")
    page.locator("#language").click()
    page.wait_for_selector("html[lang=en]")
    page.wait_for_function("document.querySelector('.badge')?.textContent === 'In force'")
    assert page.locator("#send").inner_text() == "Send"
    assert page.locator(".side-title").inner_text() == "Sources"
    assert page.locator("#question textarea").get_attribute("placeholder") == EN.placeholder
    page.locator("#language").click()
    page.wait_for_selector("html[lang=zh-CN]")
    page.wait_for_function("document.querySelector('.badge')?.textContent === '现行有效'")
    page.context.close()


@pytest.mark.browser
def test_hostile_documents_and_questions_are_shown_and_not_run(browser: Browser, fake_url: str) -> None:
    page = open_page(browser, fake_url)
    seen = recorded_requests(page)
    question = "${window.hostile=1} {{x}} <img src=x onerror=a()>"
    ask(page, question)
    assert question in page.locator(".question").inner_text()
    assert "<script>" in page.locator(".answer-text").inner_text()
    assert page.evaluate("window.hostile") is None
    assert_stayed_on_this_machine(seen)
    page.context.close()


@pytest.mark.browser
def test_a_failure_gets_an_error_card_and_the_page_goes_on(
    browser: Browser, fake_url: str, fake: FakeAssistant
) -> None:
    page = open_page(browser, fake_url)
    ask(page, "这个问题是坏的")
    assert ZH.error_line in page.locator(".answer.error").inner_text()
    page.evaluate("document.querySelector('.answer.error').classList.add('before')")
    page.locator(".retry").click()
    page.wait_for_selector(".answer.error:not(.before)")
    assert page.locator(".turn").count() == 1
    ask(page, "多久召开一次？")
    assert page.locator(".answer.answered .marker").count() == 2
    ask(page, "再问一次")
    assert fake.histories[-1] == [("多久召开一次？", fake.ask("").text)]
    ask(page, "无依据的问题")
    assert page.locator(".answer.not_found .status-title").inner_text() == ZH.status_titles["not_found"]

    page.locator("#new").click()
    page.wait_for_function("document.querySelectorAll('.turn').length === 0")
    assert page.locator(".examples").is_visible()
    page.context.close()


@pytest.mark.browser
def test_an_answer_grows_before_the_eyes_and_the_stop_button_ends_the_models_work(
    browser: Browser, fake_url: str, fake: FakeAssistant
) -> None:
    page = open_page(browser, fake_url)
    box = page.locator("#question textarea")
    box.fill("慢慢答的问题")
    box.press("Enter")
    page.wait_for_selector(".answer.pending .answer-text")
    assert "<script>" in page.locator(".answer.pending").inner_text()
    assert "慢慢答的问题" not in fake.closed
    page.locator("#stop").click()
    page.wait_for_function("words => document.querySelector('#message').innerText === words", arg=ZH.stopped)
    assert box.input_value() == "慢慢答的问题"
    assert page.locator(".turn").count() == 0
    while "慢慢答的问题" not in fake.closed:  # the time limit of the test run is the limit here
        time.sleep(0.05)
    ask(page, "多久召开一次？")
    assert page.locator(".answer.answered .marker").count() == 2
    page.context.close()


@pytest.mark.browser
def test_a_lost_server_is_said_in_chinese_and_keeps_the_question(browser: Browser, fake_url: str) -> None:
    page = open_page(browser, fake_url)
    page.context.set_offline(True)
    box = page.locator("#question textarea")
    box.fill("多久召开一次？")
    box.press("Enter")
    page.wait_for_function("words => document.body.innerText.includes(words)", arg=ZH.lost)
    assert box.input_value() == "多久召开一次？"
    page.context.close()


@pytest.mark.browser
def test_shift_enter_breaks_the_line_and_a_long_question_is_refused_in_words(
    browser: Browser, fake_url: str
) -> None:
    page = open_page(browser, fake_url)
    box = page.locator("#question textarea")
    box.press("a")
    box.press("Shift+Enter")
    box.press("b")
    assert box.input_value() == "a\nb"
    box.fill("长" * 51)
    box.press("Enter")
    page.wait_for_selector("#message p")
    assert page.locator("#message").inner_text() == "问题太长了：最多 50 个字，现有 51 个字。请删减后再发送。"
    assert box.input_value() == "长" * 51
    page.context.close()


@pytest.mark.browser
def test_a_panel_says_why_when_it_is_opened_in_both_languages(browser: Browser, real_url: str) -> None:
    page = open_page(browser, real_url)
    ask(page, QUESTION)
    panel = page.locator("details.why")
    assert not panel.locator(".why-text").is_visible()
    panel.locator("summary").click()
    page.wait_for_selector("details.why[open] .chosen")
    told = panel.inner_text()
    assert "所问\n数量" in told and "地区\n平谷" in told and ZH.explanation.steps["from_evidence"] in told
    assert "每周召开1次" in panel.locator("ol").first.locator(".chosen").first.inner_text()
    assert all(words in panel.locator("ol").last.inner_text() for words in ("语义相近", "字词相符", "精排"))
    ask(page, "那通州呢？")
    assert page.locator("details.why[open]").count() == 0
    page.locator("details.why summary").last.click()
    page.wait_for_selector("details.why[open] .chosen")
    assert "按上文理解为\n通州" in page.locator("details.why[open]").inner_text()
    page.locator("#language").click()
    page.wait_for_selector("html[lang=en] .turn")
    page.locator("details.why summary").last.click()
    page.wait_for_selector("details.why[open] .chosen")
    assert EN.explanation.steps["from_evidence"] in page.locator("details.why").last.inner_text()
    page.context.close()


@pytest.mark.browser
def test_an_explanation_is_made_once_of_hostile_text_too_and_its_failure_is_said(
    browser: Browser, fake_url: str, fake: FakeAssistant
) -> None:
    page = open_page(browser, fake_url)
    ask(page, "多久召开一次？")
    ask(page, "谜")
    first, second = page.locator("details.why").all()
    made = len(fake.explained)
    first.locator("summary").click()
    page.wait_for_selector("details.why[open] .chosen")
    assert "<script>" in first.inner_text() and page.evaluate("window.hostile") is None
    first.locator("summary").click()
    first.locator("summary").click()
    second.locator("summary").click()
    page.wait_for_selector("details.why [role=alert]")
    assert second.locator(".why-text").inner_text() == ZH.explanation.failed
    assert [question for question, _ in fake.explained[made:]] == ["多久召开一次？", "谜"]
    assert fake.explained[-1][1] == [("多久召开一次？", fake.ask("").text)]
    page.context.close()


@pytest.mark.browser
def test_the_copy_button_copies_the_answer_with_its_citations(browser: Browser, fake_url: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(fake_url)
    ask(page, "多久召开一次？")
    page.locator(".answer-footer .copy").click()
    page.wait_for_function("document.querySelector('.answer-footer .copy').textContent === '已复制'")
    copied = page.evaluate("navigator.clipboard.readText()").replace("\r\n", "\n")
    assert "\n〔1〕《甲区人民政府工作规则》（甲政发〔2023〕2号）第二条" in copied
    context.close()


@pytest.mark.browser
def test_an_example_is_asked_by_a_click_and_by_the_keyboard(browser: Browser, fake_url: str) -> None:
    page = open_page(browser, fake_url)
    example = page.locator(".examples .chip:visible").first
    words = example.inner_text()
    example.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".answer.answered")
    assert words in page.locator(".question").inner_text()
    page.context.close()


@pytest.mark.browser
def test_a_phone_needs_no_sideways_scrolling(browser: Browser, real_url: str, tmp_path: Path) -> None:
    page = open_page(browser, real_url, size=PHONE)
    ask(page, QUESTION)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    box = page.locator("#question textarea").bounding_box()
    assert box is not None and box["y"] + box["height"] <= PHONE[1]
    marker = page.locator(".marker").first
    marker.click()
    page.wait_for_selector(".card.flash")
    page.screenshot(path=tmp_path / "phone.png")
    assert (tmp_path / "phone.png").stat().st_size > 10_000
    page.context.close()


@pytest.mark.parametrize(
    "path", ["/", "/assets/x.js", "/gradio_api/queue/join", "/gradio_api/heartbeat/ab12", "/api/ask"]
)
def test_what_the_page_needs_is_served(path: str):
    assert is_served(path)


@pytest.mark.parametrize(
    "path", ["upload", "proxy=http://x.com", "file=/etc/passwd", "vibe-edit", "call/x", "run/x"]
)
def test_what_the_page_does_not_need_is_not_served(path: str):
    assert not is_served(f"/gradio_api/{path}")


def test_a_question_is_refused_when_empty_or_too_long():
    assert question_refusal("", ZH, limit=10) == ZH.empty_question
    assert "最多 10 个字，现有 11 个字" in question_refusal("长" * 11, ZH, limit=10)
    assert question_refusal("长" * 10, ZH, limit=10) == ""


def test_a_failing_assistant_makes_a_failed_turn_and_a_logged_traceback(caplog: pytest.LogCaptureFixture):
    turns = list(answered_turns(FakeAssistant(), Turn(4, "坏"), []))
    assert turns == [Turn(4, "坏", failed=True)]
    assert "the assistant broke" in caplog.text


def test_examples_are_those_that_the_corpus_can_answer():
    documents = FakeAssistant().documents
    assert example_questions(documents, "zh")[0] == "甲政发〔2023〕2号第一条"
    pinggu = document("京平政发〔2023〕2号", title="北京市平谷区人民政府工作规则")
    assert QUESTION in example_questions([pinggu], "zh")
    assert example_questions([], "zh") == []
