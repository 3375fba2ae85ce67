"""Both back ends behind one protocol: the same hits; and what only one of them can get wrong."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from config import IndexConfig
from index.backend import Engine, Hit, IndexUnusable, ServerUnreachable
from index.build import engine_from_config, open_index, update_index
from index.faiss_backend import FaissBackend, FaissEngine, best_rows
from index.fusion import fuse
from index.lexical import LexicalIndex
from index.milvus_backend import MilvusBackend, MilvusEngine, Settings
from index.store import PassageIndex, current_build, load_index, sweep
from ingest.corpus import Corpus, read_corpus
from tests.letter_index import FIREWORKS, MEETINGS, LetterEncoder, build, files
from tests.milvus_server import free_port, milvus_server
from tests.small_corpus import FILES, config_of, write_small_corpus

QUESTIONS = (
    "区政府常务会议多久召开一次",
    "垃圾分类罚多少钱",
    "石桥路口由谁负责",
    "xyzzy",
    "陈立任什么职务",
    "“四个安心”",
)


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    (tmp_path / "corpus").mkdir()
    for name, text in FILES.items():
        (tmp_path / "corpus" / name).write_text(text, encoding="utf-8")
    return read_corpus(tmp_path / "corpus")


def every_chunk_scored(index: PassageIndex, question: str) -> list[str]:
    """Return all chunks as fusing the scores of all of them orders them."""
    vectors = index.encoder.encode_passages([f"{c.context}\n{c.text}" for c in index.chunks])
    dense = vectors @ index.encoder.encode_queries([question])[0]
    lexical = LexicalIndex.build([c.text for c in index.chunks], [c.context for c in index.chunks])
    scores = fuse(dense, lexical.scores(question), dense_weight=0.35)
    return [index.chunks[row].chunk_id for row in np.argsort(-np.round(scores, 5), kind="stable")]


@pytest.mark.parametrize("question", QUESTIONS)
def test_hits_are_those_of_scoring_every_chunk(
    corpus: Corpus, tmp_path: Path, engine: Engine, question: str
) -> None:
    index = build(corpus, tmp_path / "index", engine=engine)
    expected = every_chunk_scored(index, question)
    assert len(expected) > 40
    assert [hit.chunk.chunk_id for hit in index.search(question, top_k=20)] == expected[:20]
    index.candidates = 10
    assert index.search(question, top_k=1)[0].chunk.chunk_id == expected[0]


def test_both_parts_of_a_hit_are_exact_whichever_found_it(
    corpus: Corpus, tmp_path: Path, engine: Engine
) -> None:
    index = build(corpus, tmp_path / "index", engine=engine)
    index.candidates = 3
    lexical = LexicalIndex.build([c.text for c in index.chunks], [c.context for c in index.chunks])
    row = {chunk.chunk_id: place for place, chunk in enumerate(index.chunks)}
    hits = index.search("常务会议", top_k=3)
    scores = lexical.scores("常务会议")
    vectors = index.backend.vectors() @ index.encoder.encode_queries(["常务会议"])[0]
    for hit in hits:
        place = row[hit.chunk.chunk_id]
        assert hit.parts["lexical"] == pytest.approx(float(scores[place]), abs=1e-4)
        assert hit.parts["dense"] == pytest.approx(float(vectors[place]), abs=1e-5)


def test_an_encoder_of_another_dimension_is_refused(corpus: Corpus, tmp_path: Path, engine: Engine) -> None:
    class Half(LetterEncoder):
        def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
            return super().encode_queries(texts)[:, :32]

    build(corpus, tmp_path / "index", engine=engine)
    index = load_index(tmp_path / "index", Half(), engine)
    with pytest.raises(IndexUnusable, match="gives 32 numbers, the index holds vectors of 64"):
        index.search("会议", top_k=1)


def test_an_index_of_another_back_end_is_refused_and_built_anew(tmp_path: Path, milvus_uri: str) -> None:
    config = write_small_corpus(tmp_path / "root")
    milvus = {"path": config.index.path, "backend": "milvus", "uri": milvus_uri, "collection": "another"}
    other = config_of(tmp_path / "root", index=milvus)
    with pytest.raises(
        IndexUnusable, match=r"built for back end 'faiss auto', but config.yaml names 'milvus'"
    ):
        open_index(other)
    told: list[str] = []
    assert isinstance(update_index(other, report=told.append).backend, MilvusBackend)
    assert told[-1].startswith("index ready")
    assert isinstance(update_index(other, report=told.append).backend, MilvusBackend)
    assert sum(line.startswith("index ready") for line in told) == 1  # the second only opened it
    assert isinstance(update_index(config, report=told.append).backend, FaissBackend)


class Shortest:
    """Likes short chunks; remembers what it was given."""

    def __init__(self) -> None:
        self.given: list[tuple[str, int]] = []

    def scores(self, question: str, hits: Sequence[Hit]) -> np.ndarray:
        self.given.append((question, len(hits)))
        return np.array([-len(hit.chunk.text) for hit in hits], dtype=np.float32)


def test_a_reranker_orders_the_best_hits_and_the_rest_follows(corpus: Corpus, tmp_path: Path) -> None:
    index = build(corpus, tmp_path / "index")
    before = index.search("常务会议", top_k=8)
    index.reranker, index.reranked = Shortest(), 5
    hits = index.search("常务会议", top_k=8, asked="常务会议多久召开一次？")
    sizes = [len(hit.chunk.text) for hit in hits[:5]]
    assert sizes == sorted(sizes)
    assert [hit.parts.get("rerank") for hit in hits] == [*(-float(size) for size in sizes), None, None, None]
    assert [hit.rank for hit in hits] == list(range(1, 9))
    assert len({hit.chunk.chunk_id for hit in hits}) == 8
    assert [hit.chunk for hit in index.search("常务会议", top_k=2)] == [hit.chunk for hit in hits[:2]]
    assert index.reranker.given == [("常务会议多久召开一次？", 5), ("常务会议", 5)]
    assert index.search("常务会议", top_k=8, rerank=False) == before


def test_the_best_rows_are_the_highest_scores_above_zero_and_of_equal_ones_the_earlier() -> None:
    scores = np.array([0, 2, 1, 1, 0, 1, 3], dtype=np.float32)
    assert sorted(best_rows(scores, 3, None)) == [1, 2, 6]
    assert best_rows(scores, 9, None).tolist() == [1, 2, 3, 5, 6]
    assert sorted(best_rows(scores, 2, np.array([0, 3, 5]))) == [3, 5]
    assert best_rows(np.zeros(4, dtype=np.float32), 2, None).tolist() == []


# --- Milvus alone: what a server may lack ---


@pytest.fixture
def milvus(milvus_uri: str, request: pytest.FixtureRequest) -> MilvusEngine:
    """An engine with an alias of its own."""
    return MilvusEngine(
        Settings(milvus_uri, collection=f"own_{hashlib.md5(request.node.name.encode()).hexdigest()}")
    )


def collections(engine: MilvusEngine) -> list[str]:
    with engine.server.asked() as client:
        own = [c for c in client.list_collections() if c.startswith(engine.settings.collection)]
        return sorted(own)


def test_a_server_that_does_not_answer_is_told_with_its_address(tmp_path: Path) -> None:
    uri = f"http://127.0.0.1:{free_port()}"
    engine = MilvusEngine(Settings(uri, timeout_seconds=1))
    with pytest.raises(ServerUnreachable, match=rf"{uri}: no Milvus server answers there.*set index.uri"):
        engine.check()
    with pytest.raises(ServerUnreachable):
        build(files(tmp_path / "corpus", a=MEETINGS), tmp_path / "index", engine=engine)
    assert current_build(tmp_path / "index") is None


def test_a_server_that_stops_is_told_and_one_started_anew_answers_again(tmp_path: Path) -> None:
    port = free_port()
    with milvus_server(tmp_path / "server", port) as uri:
        engine = MilvusEngine(Settings(uri, timeout_seconds=5))
        index = build(files(tmp_path / "corpus", a=FIREWORKS), tmp_path / "index", engine=engine)
        before = index.search("烟花", top_k=3)
    with pytest.raises(ServerUnreachable, match=uri):
        index.search("烟花", top_k=3)
    with milvus_server(tmp_path / "server", port):
        until = time.monotonic() + 60
        while time.monotonic() < until:  # a channel that lost its server waits a little before it tries again
            try:
                assert index.search("烟花", top_k=3) == before
                return
            except ServerUnreachable:
                time.sleep(0.2)
    pytest.fail("the server was not asked again")


def test_a_collection_that_is_gone_is_told_when_opened_and_when_asked(
    tmp_path: Path, milvus: MilvusEngine
) -> None:
    corpus = files(tmp_path / "corpus", a=MEETINGS, b=FIREWORKS)
    index = build(corpus, tmp_path / "index", engine=milvus)
    with milvus.server.asked() as client:
        client.drop_alias(milvus.settings.collection)
        client.drop_collection(collections(milvus)[0])
    with pytest.raises(IndexUnusable, match=r"no collection own_.*run python -m index build"):
        index.search("会议", top_k=1)
    with pytest.raises(IndexUnusable, match=r"no collection own_.*run python -m index build"):
        load_index(tmp_path / "index", LetterEncoder(), milvus)
    assert build(corpus, tmp_path / "index", engine=milvus).search("会议", top_k=1)


def test_a_collection_that_is_not_whole_is_refused(tmp_path: Path, milvus: MilvusEngine) -> None:
    index = build(files(tmp_path / "corpus", a=MEETINGS, b=FIREWORKS), tmp_path / "index", engine=milvus)
    with milvus.server.asked() as client:
        client.delete(collections(milvus)[0], ids=[0])
    held = len(index.chunks)
    with pytest.raises(IndexUnusable, match=rf"holds {held - 1} of {held} chunks; run python -m index build"):
        load_index(tmp_path / "index", LetterEncoder(), milvus)


def test_the_alias_names_the_build_that_answers_and_the_old_one_goes_at_the_next_update(
    tmp_path: Path, milvus: MilvusEngine
) -> None:
    folder, alias = tmp_path / "index", milvus.settings.collection
    build(files(tmp_path / "corpus", a=MEETINGS), folder, engine=milvus)
    first = collections(milvus)
    build(files(tmp_path / "corpus", a=FIREWORKS), folder, engine=milvus)
    assert len(collections(milvus)) == 2
    sweep(folder, milvus)
    (kept,) = collections(milvus)
    assert [kept] != first
    with milvus.server.asked() as client:
        assert client.describe_alias(alias)["collection_name"] == kept
    assert load_index(folder, LetterEncoder(), milvus).search("烟花", top_k=1)


def test_the_collection_of_a_killed_build_is_swept_and_that_of_another_folder_is_not(
    tmp_path: Path, milvus: MilvusEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = files(tmp_path / "corpus", a=MEETINGS)
    build(corpus, tmp_path / "other", engine=milvus)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", killed)
        with pytest.raises(KeyboardInterrupt):
            build(corpus, tmp_path / "index", engine=milvus)
    assert len(collections(milvus)) == 2
    sweep(tmp_path / "index", milvus)
    assert len(collections(milvus)) == 1
    assert load_index(tmp_path / "other", LetterEncoder(), milvus).search("会议", top_k=1)


def test_an_alias_that_is_a_collection_of_somebody_else_is_refused(milvus_uri: str) -> None:
    engine = MilvusEngine(Settings(milvus_uri, collection="theirs"))
    with engine.server.asked() as client:
        client.create_collection("theirs", dimension=4)
        with pytest.raises(IndexUnusable, match=r"'theirs' is a collection there; set index.collection"):
            engine.check()
        client.drop_collection("theirs")
    engine.check()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (Settings(""), "index.uri: expected the address of a Milvus server.*found ''"),
        (Settings("./milvus.db"), "index.uri: expected the address.*found './milvus.db'"),
        (
            Settings("http://127.0.0.1:1", collection="我的"),
            "index.collection: expected letters.*found '我的'",
        ),
    ],
)
def test_settings_that_cannot_be_are_refused_by_name(settings: Settings, message: str) -> None:
    with pytest.raises(IndexUnusable, match=message):
        MilvusEngine(settings)


def test_without_its_package_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(IndexUnusable, match="needs the package pymilvus; run pip install pymilvus"):
        MilvusEngine(Settings("http://127.0.0.1:1")).check()


def test_the_config_names_the_engine(tmp_path: Path) -> None:
    assert isinstance(engine_from_config(config_of(tmp_path)), FaissEngine)
    own = {"backend": "milvus", "uri": "http://127.0.0.1:1", "collection": "c", "timeout_seconds": 3}
    engine = engine_from_config(config_of(tmp_path, index=own))
    assert isinstance(engine, MilvusEngine)
    assert engine.settings == Settings("http://127.0.0.1:1", "c", IndexConfig().token_env, "auto", 3)
