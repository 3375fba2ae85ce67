"""A day of an office in a real browser, over a copy of the corpus: from the first question to the last export."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from urllib.parse import unquote, urlsplit

import docx
import pytest
import yaml
from playwright.sync_api import Browser, Page

from config import PROJECT_ROOT
from tests.browsing import serious
from web.chat.chat_texts import ZH_CHAT
from web.desk.texts import ZH as DESK
from web.screenshot import DESKTOP, PHONE, ask, served_page
from web.texts import EN

pytestmark = pytest.mark.browser

QUESTION = "平谷区政府常务会议多久召开一次？"
DUTY = (
    "平政值发〔2025〕1号",
    "平谷区机关值班办法",
    "第一条 夜间值班由办公室安排两人。",
    "第二条 交接班时间为早上八点。",
)
NEW, OLD = "京平政发〔2023〕2号", "北京市平谷区人民政府工作规则@2019-10-09"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("day")
    shutil.copytree(PROJECT_ROOT / "corpus", folder / "corpus")
    settings = {"corpus": {"path": "corpus"}, "index": {"path": "data/index"}}
    (folder / "config.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    with served_page(folder / "config.yaml") as served:
        yield served.rstrip("/")


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page whose scripts must not fail and whose requests must stay on this machine."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    page, errors, hosts = context.new_page(), [], set()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda sent: hosts.add(urlsplit(sent.url).hostname))
    yield page
    context.close()
    assert errors == [] and hosts <= {"127.0.0.1", None}


def width_of(page: Page) -> int:
    assert page.viewport_size
    return page.viewport_size["width"]


def faultless(page: Page) -> None:
    """Fail where axe finds something serious or the page scrolls sideways."""
    assert serious(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= width_of(page), page.url


def test_a_day(page: Page, url: str, tmp_path: Path) -> None:
    # A question, and one that leans on it.
    page.goto(url)
    page.wait_for_selector("#question textarea")
    ask(page, QUESTION)
    assert "每周召开1次" in page.locator(".answer-text").last.inner_text()
    ask(page, "那通州呢？")
    assert "通政发〔2022〕1号" in page.locator("#evidence").inner_text()
    faultless(page)

    # Its citation in the reading room, and two versions side by side.
    card = page.locator("#evidence .card a[href^='/documents/']").last
    page.goto(f"{url}{card.get_attribute('href')}")
    page.wait_for_selector(".contents a[aria-current]", state="attached")
    assert unquote(urlsplit(page.url).path).endswith("通政发〔2022〕1号")
    faultless(page)
    page.goto(f"{url}/documents/{NEW}/compare/{OLD}")
    assert page.locator("main ins").count() > 5 and page.locator("main del").count() > 5
    faultless(page)

    # A file comes in, answers, and has its title put right.
    name = f"值班{width_of(page)}.docx"
    word = docx.Document()
    for paragraph in (DUTY[0].replace("1号", f"{width_of(page)}号"), *DUTY[1:]):
        word.add_paragraph(paragraph)
    word.save(str(tmp_path / name))
    page.goto(f"{url}/desk")
    faultless(page)
    page.set_input_files("#files", [tmp_path / name])
    page.wait_for_selector("#arrivals li.added")
    page.wait_for_selector("#update.ready", timeout=90_000)
    page.goto(f"{url}/desk/file?path={name}")
    page.get_by_role("link", name=DESK.correct, exact=True).click()
    page.get_by_label(DESK.fields["title"]).fill("平谷区机关夜间值班办法")
    page.get_by_role("button", name=DESK.save).click()
    page.wait_for_selector("#update.ready", timeout=90_000)
    page.goto(url)
    page.wait_for_selector(".turn")  # the conversation is still there
    ask(page, "平谷区机关夜间值班办法规定交接班是几点？")
    assert "早上八点" in page.locator(".answer-text").last.inner_text()
    assert "平谷区机关夜间值班办法" in page.locator("#evidence").inner_text()

    # A word on the answer, the conversation as a Word file, and the other language.
    page.locator(".feedback summary").last.click()
    page.locator(".feedback input[value=right]").last.check()
    page.locator(".feedback [type=submit]").last.click()
    page.wait_for_function(
        "word => [...document.querySelectorAll('.feedback summary')].at(-1).innerText !== word",
        arg=ZH_CHAT.judge,
    )
    if width_of(page) == PHONE[0]:
        page.locator("#drawer-button").click()
    page.locator(".kept .menu summary").first.click()
    with page.expect_download() as download:
        page.locator(".menu[open] a[href$='.docx']").click()
    exported = "\n".join(p.text for p in docx.Document(str(download.value.path())).paragraphs)
    assert QUESTION in exported and "通政发〔2022〕1号" in exported
    page.reload()
    page.wait_for_selector("#question textarea")
    page.locator("#language").click()
    page.wait_for_selector("html[lang=en]")
    page.wait_for_selector("#question textarea")
    assert EN.new_conversation in str(page.locator("#new").text_content())
    faultless(page)
    page.goto(f"{url}/feedback")
    assert page.get_by_text("平谷区机关夜间值班办法").count() >= 1
    faultless(page)


def test_the_page_is_painted_and_answers_at_once(browser: Browser, url: str) -> None:
    """Run it with -s for the figures."""
    page = browser.new_page(locale="zh-CN")
    page.goto(url, wait_until="load")
    page.wait_for_selector("#question textarea")
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    times = []
    for question in ("通州区政府全体会议多久召开一次？", "西城区政府常务会议由谁召集？", "加速器办法的有效期是几年？", "平谷哪些地方全年禁放烟花？",
                     "区政府公文由谁签发？", "平谷区政府常务会议的主要任务是什么？", "货车限行从哪天起执行？"):  # fmt: skip
        begun = time.perf_counter()
        ask(page, question)
        times.append(round((time.perf_counter() - begun) * 1000))
    page.context.close()
    print(f"first paint {painted:.0f} ms; from Enter to the answer {sorted(times)} ms")
    assert painted < 1500 and median(times) < 500
