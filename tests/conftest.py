"""Assistants that several test modules ask: their indexes are built once in a run, by the encoder that ships."""

from __future__ import annotations

import pytest

from config import PROJECT_ROOT, Config
from index.build import update_index
from qa.assistant import Assistant
from tests.small_corpus import config_of, write_small_corpus


@pytest.fixture(scope="session")
def small_config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The config of the small corpus, its index built."""
    return write_small_corpus(tmp_path_factory.mktemp("small") / "root")


@pytest.fixture(scope="session")
def small(small_config: Config) -> Assistant:
    """An assistant over the small corpus."""
    return Assistant.from_config(small_config)


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """An assistant over the corpus of the repository."""
    config = config_of(tmp_path_factory.mktemp("real"), corpus={"path": str(PROJECT_ROOT / "corpus")})
    return Assistant(update_index(config, report=lambda line: None), config)
