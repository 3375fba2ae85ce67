"""python -m web.screenshot: open the real pages in Chromium and keep a picture of each."""

from __future__ import annotations

import argparse
import contextlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
QUESTION = "平谷、西城、通州的政府常务会议分别多久召开一次？"
DESKTOP, PHONE = (1360, 860), (390, 844)
NEW_RULES, OLD_RULES = "京平政发〔2023〕2号", "北京市平谷区人民政府工作规则@2019-10-09"
VIEWS = (  # name of the picture, address, window, colours
    ("chat", "/", DESKTOP, "light"),
    ("chat-dark", "/", DESKTOP, "dark"),
    ("chat-phone", "/", PHONE, "light"),
    ("documents", "/documents?q=常务会议", DESKTOP, "light"),
    ("document", f"/documents/{NEW_RULES}#第四十一条", DESKTOP, "light"),
    ("document-phone", f"/documents/{NEW_RULES}#第四十一条", PHONE, "light"),
    ("compare", f"/documents/{OLD_RULES}/compare/{NEW_RULES}", DESKTOP, "light"),
    ("desk", "/desk", DESKTOP, "light"),
    ("feedback", "/feedback", DESKTOP, "light"),
    ("evaluation", "/evaluation", DESKTOP, "light"),
    ("api", "/api/v1/docs", DESKTOP, "light"),
)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
START_SECONDS = 300  # a first start builds the index


class NotStarted(RuntimeError):
    """The page or the browser did not start; the message says what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a picture of each view; return 0."""
    parser = argparse.ArgumentParser(prog="python -m web.screenshot", description=__doc__)
    parser.add_argument("--config", type=Path, default=None, metavar="FILE")
    parser.add_argument("--question", default=QUESTION)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images", metavar="FOLDER")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    with served_page(options.config) as url, chromium() as browser:
        for name, path, size, scheme in VIEWS:
            page = open_page(browser, url, size=size, dark=scheme == "dark")
            if path == "/":
                ask(page, options.question)
            else:
                page.goto(url.rstrip("/") + path, wait_until="networkidle")
            page.wait_for_timeout(800)  # scrolling comes to rest
            page.screenshot(path=options.out / f"{name}.png")
            page.context.close()
            print(options.out / f"{name}.png")
    return 0


@contextlib.contextmanager
def served_page(config: Path | None = None) -> Iterator[str]:
    """Yield the address of the real page, run as `python -m web` on a free port and ended afterwards."""
    port = free_port()
    command = [sys.executable, "-m", "web", "--host", "127.0.0.1", "--port", str(port)]
    if config is not None:
        command += ["--config", str(config)]
    process = subprocess.Popen(command, cwd=ROOT)
    url = f"http://127.0.0.1:{port}/"
    try:
        wait_until_served(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_until_served(url: str, process: subprocess.Popen[bytes]) -> None:
    """Return when the page answers; raise NotStarted when its process ends or takes too long."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise NotStarted(f"python -m web ended with {process.returncode}; its messages are above.")
        with (
            contextlib.suppress(urllib.error.URLError, ConnectionError),
            urllib.request.urlopen(url, timeout=5),
        ):
            return
        time.sleep(0.2)
    raise NotStarted(f"{url} did not answer within {START_SECONDS} seconds.")


def free_port() -> int:
    """Return a port of the loopback address that nothing uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Yield the system's Chromium, headless."""
    from playwright.sync_api import sync_playwright

    path = next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)
    if path is None:
        raise NotStarted("no Chromium on this machine: run apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_ARGUMENTS))
        yield browser
        browser.close()


def open_page(browser: Browser, url: str, *, size: tuple[int, int] = DESKTOP, dark: bool = False) -> Page:
    """Return the page, ready for a question, in a context of its own."""
    width, height = size
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", locale="zh-CN"
    )
    page.goto(url)
    page.wait_for_selector("#question textarea")
    return page


def ask(page: Page, question: str) -> None:
    """Type the question, send it with Enter and wait for its answer."""
    from playwright.sync_api import TimeoutError as Late

    before = page.locator(".turn").count()
    for seconds in (15, 45):  # a busy machine may clear the box behind the words: a person types them again
        box = page.locator("#question textarea:enabled")
        box.fill(question)
        box.press("Enter")
        with contextlib.suppress(Late):
            page.wait_for_function(
                "before => document.querySelectorAll('.turn').length > before",
                arg=before,
                timeout=seconds * 1000,
            )
            break
    page.wait_for_function(
        "before => document.querySelectorAll('.turn').length > before"
        " && !document.querySelector('.answer.pending')",
        arg=before,
        timeout=60_000,
    )
    page.wait_for_selector("#question textarea:enabled")


if __name__ == "__main__":
    sys.exit(main())
