"""The reading room in a real browser: deep links, search as one types, steps by keyboard, copying, two side by side, a phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from qa.assistant import Assistant
from qa.citations import mask_mobile_numbers
from tests.browsing import serious, serving
from tests.fakes import services
from web.rooms.links import compare_url, document_url
from web.screenshot import DESKTOP, PHONE, free_port
from web.server import create_app

NEW = "京平政发〔2023〕2号"
OLD = "北京市平谷区人民政府工作规则@2019-10-09"
TABLES = "京平政发〔2021〕11号"
ACCELERATOR, PROJECTS = "京平政发〔2019〕24号", "京平政发〔2021〕8号"  # its term is over; tables
ARTICLE = document_url(NEW, f"{NEW}#第四十一条")
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def url(real: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application over the corpus of the repository."""
    port = free_port()
    parts = replace(services(real, tmp_path_factory.mktemp("room"), port=port), mask=mask_mobile_numbers)
    with serving(create_app(parts), port) as served:
        yield served


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page on a desk whose scripts must not fail and whose requests must stay on this machine."""
    yield from opened(browser, DESKTOP)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    yield from opened(browser, PHONE)


def opened(browser: Browser, size: tuple[int, int], **options: Any) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN",
        permissions=["clipboard-read", "clipboard-write"], **options,
    )  # fmt: skip
    page, errors, hosts = context.new_page(), [], set()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    yield page
    context.close()
    assert errors == []
    assert hosts <= {"127.0.0.1", None}


def top_of(page: Page, fragment: str) -> float:
    """Return how far below the top of the window a provision begins."""
    return page.evaluate("id => document.getElementById(id).getBoundingClientRect().top", fragment)


def test_a_deep_link_shows_its_provision_marked_and_where_it_stands_in_the_contents(page: Page, url: str):
    page.goto(f"{url}/documents?doc={NEW}#第四十一条")
    assert unquote(page.url) == f"{url}{unquote(ARTICLE)}"
    page.wait_for_selector(".contents a[aria-current]")
    assert page.locator(".contents a[aria-current]").inner_text().startswith("第四十一条")
    assert 64 <= top_of(page, "第四十一条") <= 200
    shade = "id => getComputedStyle(document.getElementById(id)).backgroundColor"
    assert page.evaluate(shade, "第四十一条") != page.evaluate(shade, "第四十二条")
    row = document_url(TABLES, f"{TABLES}#附件6 第3项")
    page.goto(url + row)
    page.wait_for_function(
        "document.querySelector('.contents a[aria-current]')?.innerText.startsWith('第3项')"
    )
    assert 64 <= top_of(page, "附件6 第3项") <= 200


def test_a_fragment_that_names_no_provision_leads_to_a_page_that_says_so(page: Page, url: str):
    page.goto(f"{url}{document_url(NEW)}#第九十九条")
    page.wait_for_selector(".message")
    assert "没有“第九十九条”" in page.locator(".message").inner_text()
    page.locator(".message a", has_text="第七十七条").click()
    page.wait_for_selector(".sheet")
    assert unquote(page.url).endswith("#第七十七条")


def test_results_come_while_one_types_and_the_address_keeps_them(page: Page, url: str):
    page.goto(f"{url}/documents")
    page.locator("#q").press_sequentially("常务会议", delay=20)
    expect(page.locator(".hits mark").first).to_have_text(
        "常务会议"
    )  # those of the first letters come before
    assert unquote(page.url).endswith("/documents?q=常务会议")
    page.locator("#q").fill("工作规则")
    page.wait_for_function("document.querySelectorAll('.documents > li').length === 4")
    page.locator("#year").select_option("2023")
    page.wait_for_function("document.querySelectorAll('.documents > li').length === 1")
    page.reload()
    assert page.locator("#q").input_value() == "工作规则" and page.locator("#year").input_value() == "2023"
    assert page.locator(".documents > li").count() == 1
    page.locator(".hits a").first.click()
    page.wait_for_selector(".sheet mark")
    page.go_back()
    assert page.locator("#q").input_value() == "工作规则"


def test_without_a_script_the_form_the_links_and_the_fragment_do_the_same(browser: Browser, url: str):
    for page in opened(browser, DESKTOP, java_script_enabled=False):
        page.goto(f"{url}/documents")
        page.locator("#q").fill("常务会议")
        page.locator("form.seek button").click()
        page.locator(".hits a").first.click()
        assert "/documents/" in page.url and page.locator(".paper mark").count() > 1
        page.locator("#find").fill("区长")
        page.locator("form.find button").click()
        assert page.locator("#matches").inner_text().endswith("处")
        page.goto(url + ARTICLE)
        assert page.locator(":target").get_attribute("data-label") == "第四十一条"
        assert page.locator("button[data-step]:visible, button[data-copy]:visible").count() == 0


def test_arrows_step_from_provision_to_provision_and_a_slash_goes_to_the_words(page: Page, url: str):
    page.goto(url + ARTICLE)
    page.wait_for_selector(".contents a[aria-current]")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("decodeURIComponent(location.hash) === '#第四十一条（一）'")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("decodeURIComponent(location.hash) === '#第四十条（四）'")
    page.keyboard.press("/")
    page.keyboard.type("签发")
    page.keyboard.press("Enter")
    page.wait_for_selector("mark.current")
    count = page.locator(".paper mark").count()
    assert page.locator("#matches").inner_text() == f"1 / {count}"
    page.locator("[data-match='-1']").click()
    assert page.locator("#matches").inner_text() == f"{count} / {count}"


def test_a_provision_is_cited_linked_and_asked_about(page: Page, url: str):
    page.goto(url + ARTICLE)
    tools = page.locator("[id='第四十一条'] > .tools")
    tools.locator("[data-copy=citation]").click()
    page.wait_for_selector("#toast:not([hidden])")
    assert (
        page.evaluate("navigator.clipboard.readText()")
        == "《北京市平谷区人民政府工作规则》（京平政发〔2023〕2号）第四十一条"
    )
    tools.locator("[data-copy=link]").click()
    page.wait_for_function("document.getElementById('toast').innerText === '已复制链接'")
    assert page.evaluate("navigator.clipboard.readText()") == url + ARTICLE
    asked = unquote(tools.locator("[data-ask]").get_attribute("href") or "")
    assert asked == "/?q=京平政发〔2023〕2号第四十一条规定了什么？"


def test_the_day_of_the_validity_is_chosen_in_the_page(page: Page, url: str):
    page.goto(url + document_url(OLD))
    assert page.locator(".title-panel .badge").inner_text() == "已有新版"
    page.locator("#as_of").fill("2020-01-01")
    page.wait_for_url("**as_of=2020-01-01")
    assert page.locator(".title-panel .badge").inner_text() == "现行有效"


def test_two_documents_are_chosen_and_compared(page: Page, url: str):
    page.goto(url + document_url(OLD))
    page.locator(".actions a").first.click()
    page.locator("#q").fill("通州")
    page.wait_for_function("document.querySelectorAll('.documents > li').length === 1")
    page.locator(".documents a.button").click()
    page.wait_for_selector(".pairs")
    assert "通政发〔2022〕1号" in page.locator(".heads").inner_text()
    page.goto(url + compare_url(OLD, NEW))
    decoration = "element => getComputedStyle(element).textDecorationLine"
    assert page.locator("del").first.evaluate(decoration) == "line-through"
    assert page.locator("ins").first.evaluate(decoration) == "underline"
    same = page.locator("details.same").first
    assert not same.locator(".side").first.is_visible()
    same.locator("summary").click()
    assert same.locator(".side").first.is_visible()


def test_a_phone_reads_lists_and_compares_without_sideways_scrolling(phone: Page, url: str):
    for address in (
        f"/documents?q={'常务会议'}",
        ARTICLE,
        document_url(TABLES),
        compare_url(OLD, NEW),
        "/documents/无",
    ):
        phone.goto(url + address)
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE[0], address
    phone.goto(url + compare_url(OLD, NEW))
    left, right = (phone.locator(".pair.changed .side").nth(n).bounding_box() for n in (0, 1))
    assert left and right and right["y"] >= left["y"] + left["height"]
    phone.goto(url + document_url(NEW))
    assert not phone.locator(".contents li a").first.is_visible()
    phone.locator(".contents-box > summary").click()
    assert phone.locator(".contents li a").first.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Browser, url: str, scheme: str):
    for page in opened(browser, DESKTOP, color_scheme=scheme):
        for address in (
            "/documents?q=工作规则", document_url(ACCELERATOR, find="企业"), document_url(PROJECTS),
            compare_url("京平政发〔2019〕23号", "京平政发〔2019〕26号"), "/documents/无",
        ):  # fmt: skip
            page.goto(url + address)
            page.wait_for_load_state("networkidle")
            assert serious(page) == [], address
