"""An application served in this process, and what axe-core finds on a page of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Page


@contextmanager
def serving(app: FastAPI, port: int) -> Iterator[str]:
    """Yield the address of the application, without a slash at its end."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=20)


def serious(page: Page) -> list[str]:
    """Return what axe-core finds serious or critical, each with the element it is found on."""
    told = Axe().run(page).response
    assert len(told["passes"]) > 10  # it did look
    return [
        f"{item['id']}: {item['nodes'][0]['html'][:200]}"
        for item in told["violations"]
        if item["impact"] in ("serious", "critical")
    ]
