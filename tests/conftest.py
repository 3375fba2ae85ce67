"""What several test modules share: both back ends, and assistants whose indexes are built once in a run by the encoder that ships."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from config import PROJECT_ROOT, Config
from index.backend import Engine
from index.build import update_index
from index.faiss_backend import FaissEngine
from index.milvus_backend import MilvusEngine, Settings
from qa.assistant import Assistant
from tests.milvus_server import milvus_server
from tests.small_corpus import config_of, write_small_corpus
from tests.toy_training import train_toy_encoder, write_toy_files


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
def toy_encoder(toy_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A static embedding trained on them."""
    return train_toy_encoder(toy_files, tmp_path_factory.mktemp("encoder"))


@pytest.fixture(scope="session")
def ways_url(real: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server over the corpus of the repository, MCP among its ways in."""
    from tests.ways import served, services_of  # slow imports, of a few tests

    with served(services_of(real, tmp_path_factory.mktemp("ways"), mcp=True)) as url:
        yield url
