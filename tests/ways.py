"""A really running server in a thread of the test process, and the ways in to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from config import Config
from qa.assistant import Assistant
from qa.citations import mask_mobile_numbers
from tests.browsing import serving
from web.records.database import open_database
from web.screenshot import free_port
from web.server import create_app
from web.services import Services


@contextmanager
def served(services: Services) -> Iterator[str]:
    """Yield the address of a server of these services, without a slash at its end."""
    with serving(create_app(services), free_port()) as url:
        yield url


def services_of(assistant: Assistant, folder: Path, **web: Any) -> Services:
    """Return a server's parts over a real assistant, its records in `folder`."""
    config = replace(assistant.config, web=replace(assistant.config.web, **web))
    return Services(assistant, config, open_database(config.web.database, root=folder), mask_mobile_numbers)


def config_file(config: Config, folder: Path) -> Path:
    """Return a settings file that names the corpus and the index of `config`."""
    settings = {
        "corpus": {"path": str(config.resolve(config.corpus.path)), "follow_seconds": 0},
        "index": {"path": str(config.resolve(config.index.path))},
    }
    file = folder / "config.yaml"
    file.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return file
