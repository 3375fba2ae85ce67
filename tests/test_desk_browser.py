"""The corpus desk in a real browser: a Word file comes in, answers, is corrected and goes; every page by keyboard, phone and reader."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import docx
import pytest
import yaml
from playwright.sync_api import Browser, FilePayload, Page

from config import PROJECT_ROOT
from tests.browsing import serious
from tests.desk_world import rules
from tests.fakes import FakeAssistant
from web.desk.texts import EN, ZH
from web.records.database import open_database
from web.records.feedback import FeedbackBook, Judged, Verdict
from web.review.texts import ZH as REVIEW
from web.screenshot import DESKTOP, PHONE, ask, served_page

PARAGRAPHS = (
    "甲政发〔2024〕9号", "甲区印章管理规则", "第一条 公章由办公室保管。", "第二条 用印记录保存90天。", "甲区人民政府", "2024年3月1日",
)  # fmt: skip
QUESTION = "用印记录保存多少天？"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "值班.txt").write_text(rules(1, "值班"), encoding="utf-8")
    (folder / "corpus" / "会议").mkdir()
    (folder / "corpus" / "会议" / "空.txt").write_text("", encoding="utf-8")
    database = open_database("sqlite:///data/records.db", root=folder)
    answer, before = FakeAssistant().ask("多久召开一次？"), [("此前的问题", "此前的答案")]
    FeedbackBook(database).give("user:王五", Judged("t", answer, before, "b"), Verdict.INCOMPLETE, "少一句")
    database.close()
    summary = {"questions": 1, "figures": {"right": 0.0}}
    failed = {
        "id": "q", "question": QUESTION, "file": "rules.jsonl", "expected_status": "answered", "status": "not_found",
        "text": "没有找到。", "failures": ["wrongly refused: status not_found"],
    }  # fmt: skip
    groups = {f"by_{name}": {"number": summary} for name in ("type", "style", "language", "file")}
    (folder / "data" / "eval").mkdir()
    (folder / "data" / "eval" / "report.json").write_text(
        json.dumps({"overall": {"all": summary}, **groups, "questions": [failed]}), encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    """The pages as `python -m web` serves them over a corpus of one file."""
    settings = {
        "corpus": {"path": "corpus"},
        "index": {"path": "data/index"},
        "encoder": {"model": str(PROJECT_ROOT / "models" / "gongwen-static")},
    }
    (folder / "config.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    with served_page(folder / "config.yaml") as served:
        yield served.rstrip("/")


def open_page(browser: Browser, address: str, *, size: tuple[int, int] = DESKTOP, dark: bool = False) -> Page:
    width, height = size
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", locale="zh-CN"
    )
    page.goto(address)
    return page


def updated(page: Page) -> None:
    """Wait until the update that the page follows has ended well, and its outcome is shown."""
    page.wait_for_selector("#update.ready", timeout=60_000)


def answer(browser: Browser, url: str) -> str:
    """Ask in a chat of its own and return the page with the answer and its card."""
    page = open_page(browser, url)
    page.wait_for_selector("#question textarea")
    ask(page, QUESTION)
    told = page.locator("body").inner_text()
    page.context.close()
    return told


@pytest.mark.browser
def test_a_word_file_comes_in_answers_is_corrected_and_goes(
    browser: Browser, url: str, folder: Path, tmp_path: Path
) -> None:
    word = docx.Document()
    for paragraph in PARAGRAPHS:
        word.add_paragraph(paragraph)
    word.save(str(tmp_path / "印章.docx"))
    page = open_page(browser, f"{url}/desk")
    hosts, errors = set(), []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.on("pageerror", lambda error: errors.append(str(error)))

    page.set_input_files("#files", [tmp_path / "印章.docx"])
    page.wait_for_selector("#arrivals li.added")
    page.wait_for_selector("#update:is(.asked, .reading, .embedding)")
    updated(page)
    page.locator("#live").get_by_text("印章.docx").click()
    assert "第二条" in page.locator(".labels").inner_text()
    told = answer(browser, url)
    assert "保存90天" in told and "甲区印章管理规则" in told

    page.goto(f"{url}/desk/file?path=印章.docx")
    page.get_by_role("link", name=ZH.correct, exact=True).click()
    page.get_by_label(ZH.fields["title"]).fill("甲区印章管理办法")
    page.get_by_role("button", name=ZH.save).click()
    updated(page)
    page.wait_for_selector(".corrections")
    assert "甲区印章管理规则 → 甲区印章管理办法" in page.locator(".corrections").inner_text()
    assert "甲区印章管理办法" in answer(browser, url)

    page.goto(f"{url}/desk/file?path=印章.docx")
    page.get_by_role("button", name=ZH.take_back).click()
    updated(page)
    page.wait_for_function("!document.querySelector('.corrections')")
    assert page.locator(".document h2").inner_text() == "甲区印章管理规则"

    page.get_by_role("link", name=ZH.remove, exact=True).click()
    page.get_by_role("button", name=ZH.remove_do).click()
    updated(page)
    page.wait_for_function("!document.querySelector('#live').innerText.includes('印章.docx')")
    assert "保存90天" not in answer(browser, url)
    assert [file.name for file in (folder / "corpus").iterdir() if file.is_file()] == ["值班.txt"]
    assert [entry.name for entry in (folder / "data" / "trash").glob("*/file")] == ["file"]
    assert hosts == {"127.0.0.1"} and errors == []
    page.context.close()


@pytest.mark.browser
def test_a_taken_name_is_asked_about_on_the_page_and_a_dropped_file_comes_in(
    browser: Browser, url: str, folder: Path
) -> None:
    page = open_page(browser, f"{url}/desk")
    page.evaluate(
        """([name, text]) => {
            const held = new DataTransfer();
            held.items.add(new File([text], name, { type: "text/plain" }));
            document.dispatchEvent(new DragEvent("drop", { dataTransfer: held, bubbles: true, cancelable: true }));
        }""",
        ["值班.txt", rules(1, "值班", 45)],
    )
    page.wait_for_selector("#arrivals li.exists")
    assert "30天" in (folder / "corpus" / "值班.txt").read_text(encoding="utf-8")
    page.get_by_role("button", name=ZH.keep).click()
    page.wait_for_selector("#arrivals li.kept")
    page.set_input_files("#files", FilePayload(name="值班.exe", mimeType="x/y", buffer=b"MZ"))
    page.wait_for_selector("#arrivals li.refused")
    assert ".docx" in page.locator("#arrivals li.refused").inner_text()
    page.context.close()


ADDRESSES = (
    "/desk", "/desk/file?path=值班.txt", "/desk/correct?document=甲政发〔2023〕1号", "/desk/remove?path=值班.txt",
    "/desk/rebuild", "/desk/trash", "/desk/file?path=nothing", "/desk?show=left_out", "/feedback", "/feedback/1", "/feedback/9",
    "/evaluation",
)  # fmt: skip


@pytest.mark.browser
@pytest.mark.parametrize(("size", "dark"), [(DESKTOP, False), (PHONE, True)], ids=["desktop", "phone-dark"])
def test_no_page_has_a_serious_fault_or_scrolls_sideways(
    browser: Browser, url: str, size: tuple[int, int], dark: bool
) -> None:
    page = open_page(browser, f"{url}/desk", size=size, dark=dark)
    for address in ADDRESSES:
        page.goto(url + address)
        assert serious(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], address
    page.context.close()


@pytest.mark.browser
def test_a_question_that_failed_is_asked_again_by_a_click(browser: Browser, url: str) -> None:
    page = open_page(browser, f"{url}/evaluation")
    link = page.get_by_role("link", name=QUESTION)
    assert link.get_attribute("href") == f"/?{urlencode({'q': QUESTION})}"
    page.goto(f"{url}/feedback")
    page.get_by_text("少一句").click()
    page.get_by_role("button", name=REVIEW.handle).click()
    page.get_by_role("button", name=REVIEW.unhandle).wait_for()
    page.context.close()


@pytest.mark.browser
def test_the_desk_speaks_english_when_asked_to(browser: Browser, url: str) -> None:
    page = open_page(browser, f"{url}/desk")
    page.locator("[data-action=language]").click()
    page.wait_for_selector("html[lang=en]")
    assert page.locator("h1").inner_text() == EN.title and EN.rebuild in page.content()
    page.context.close()
