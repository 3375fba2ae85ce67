"""What several test modules share: both back ends, and assistants whose indexes are built once in a run by the encoder that ships."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from config import PROJECT_ROOT, Config
from index.backend import Engine
from index.build import update_index
from index.faiss_backend import FaissEngine
from index.milvus_backend import MilvusEngine, Settings
from qa.assistant import Assistant
from tests.fakes import FakeAssistant, services
from tests.milvus_server import milvus_server
from tests.postgres import postgres_server
from tests.small_corpus import config_of, write_small_corpus
from tests.toy_training import train_toy_encoder, write_toy_files, write_toy_questions
from web.records.database import Database, open_database
from web.screenshot import NotStarted, chromium, free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def milvus_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real Milvus server that all tests of a run share."""
    with milvus_server(tmp_path_factory.mktemp("milvus")) as uri:
        yield uri


@pytest.fixture(params=["faiss", "milvus"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each back end in turn."""
    if request.param == "faiss":
        return FaissEngine()
    return MilvusEngine(Settings(request.getfixturevalue("milvus_uri"), collection="tests"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium, headless."""
    try:
        with chromium() as started:
            yield started
    except NotStarted as error:  # never skipped: an untested page is a broken page
        pytest.fail(f"{error} (or leave these tests out: pytest -m 'not browser')")


@pytest.fixture(scope="module")
def fake() -> FakeAssistant:
    """An assistant that fails on demand and whose documents are hostile."""
    return FakeAssistant()


@pytest.fixture(scope="module")
def fake_url(fake: FakeAssistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page over it."""
    from tests.browsing import serving  # slow imports: most tests need no page
    from web.server import create_app

    port = free_port()
    app = create_app(services(fake, tmp_path_factory.mktemp("fake"), port=port, max_question_chars=50))
    with serving(app, port) as url:
        yield f"{url}/"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a real PostgreSQL server that all tests of a run share; never skipped where there is none."""
    with postgres_server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'records.db'}"
    server, name = request.getfixturevalue("postgres_url"), f"test_{uuid4().hex}"
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return f"{server}/{name}"


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[Database]:
    """A database with its tables, of each kind in turn."""
    opened = open_database(database_url, root=tmp_path)
    yield opened
    opened.close()


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


@pytest.fixture(scope="session")
def toy_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of toy training files."""
    return write_toy_files(tmp_path_factory.mktemp("toy"))


@pytest.fixture(scope="session")
def toy_questions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Questions on two packs of the toy law."""
    return write_toy_questions(tmp_path_factory.mktemp("asked") / "questions")


@pytest.fixture(scope="session")
def toy_encoder(toy_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A static embedding trained on them."""
    return train_toy_encoder(toy_files, tmp_path_factory.mktemp("encoder"))


@pytest.fixture(scope="session")
def ways_url(real: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server over the corpus of the repository, MCP among its ways in."""
    from tests.ways import served, services_of  # slow imports, of a few tests

    with served(services_of(real, tmp_path_factory.mktemp("ways"), mcp=True)) as url:
        yield url
