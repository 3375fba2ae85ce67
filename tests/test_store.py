"""The index in a folder: built, searched, updated, and never half-built."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.__main__ import main
from index.backend import Engine
from index.filters import Filter, UnknownFilterValue
from index.store import (
    FORMAT,
    IndexNotBuilt,
    IndexUnusable,
    PassageIndex,
    build_index,
    current_build,
    load_index,
    read_manifest,
    sweep,
)
from ingest.corpus import Corpus, read_corpus
from tests.letter_index import FIREWORKS, MEETINGS, LetterEncoder, build, files, found

LAST_SAVED = {
    "faiss auto": "index.lexical.LexicalIndex.save",
    "milvus": "index.vocabulary.Vocabulary.save",
}  # what a back end does last


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return files(tmp_path / "corpus", a=MEETINGS, b=FIREWORKS)


def test_the_hit_that_answers_is_first_and_ranks_count_from_one(
    corpus: Corpus, tmp_path: Path, engine: Engine
) -> None:
    index = build(corpus, tmp_path / "index", engine=engine)
    hits = index.search("烟花爆竹在哪里禁止燃放", top_k=3)
    assert hits[0].chunk.text.startswith("第一条 禁止燃放烟花爆竹")
    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert set(hits[0].parts) == {"dense", "lexical"}


def test_a_search_may_be_kept_to_some_documents(corpus: Corpus, tmp_path: Path, engine: Engine) -> None:
    index = build(corpus, tmp_path / "index", engine=engine)
    kept = index.search("烟花爆竹", top_k=9, filter=Filter(documents=("甲政发〔2023〕1号",)))
    held = [chunk for chunk in index.chunks if chunk.document_id == "甲政发〔2023〕1号"]
    assert sorted(hit.chunk.start for hit in kept) == sorted(chunk.start for chunk in held)
    assert {hit.chunk.document_id for hit in kept} == {"甲政发〔2023〕1号"}
    assert index.search("烟花爆竹", top_k=9, filter=Filter(years=(1999,))) == []
    with pytest.raises(UnknownFilterValue, match="document '没有'; there are: 甲政发〔2023〕1号"):
        index.search("烟花爆竹", top_k=9, filter=Filter(documents=("没有",)))


def test_equal_scores_go_to_the_earlier_chunk(corpus: Corpus, tmp_path: Path, engine: Engine) -> None:
    index = build(corpus, tmp_path / "index", engine=engine)
    hits = index.search("xyzzy", top_k=99, dense_weight=0.0)
    assert [hit.chunk for hit in hits] == list(index.chunks)


@settings(max_examples=40, deadline=None)
@given(question=st.text(max_size=60), weight=st.floats(0, 1))
def test_any_question_is_searched(
    question: str, weight: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    hits = _shared(tmp_path_factory).search(question, top_k=2, dense_weight=weight)
    assert len(hits) == 2 and all(np.isfinite(hit.score) for hit in hits)


_made: list[PassageIndex] = []


def _shared(factory: pytest.TempPathFactory) -> PassageIndex:
    if not _made:
        folder = factory.mktemp("shared")
        _made.append(build(files(folder / "corpus", a=MEETINGS, b=FIREWORKS), folder / "index"))
    return _made[0]


def test_a_loaded_index_answers_as_the_built_one(corpus: Corpus, tmp_path: Path, engine: Engine) -> None:
    built = build(corpus, tmp_path / "index", engine=engine)
    loaded = load_index(tmp_path / "index", LetterEncoder(), engine)
    assert loaded.documents == built.documents and list(loaded.chunks) == list(built.chunks)
    for question in ("会议材料提前几天", "烟花", "谁处罚"):
        assert loaded.search(question, top_k=4) == built.search(question, top_k=4)


def test_the_manifest_says_what_the_index_was_built_from(corpus: Corpus, tmp_path: Path) -> None:
    build(corpus, tmp_path / "index")
    manifest = read_manifest(tmp_path / "index")
    assert (manifest.format, manifest.corpus, manifest.encoder) == (FORMAT, corpus.fingerprint, "letters")
    assert (manifest.encoder_name, manifest.chunk_size, manifest.chunk_overlap) == ("letters", 200, 0)


def test_an_update_embeds_only_what_changed_and_equals_a_fresh_build(
    corpus: Corpus, tmp_path: Path, engine: Engine
) -> None:
    first, second, fresh = LetterEncoder(), LetterEncoder(), LetterEncoder()
    before = build(corpus, tmp_path / "index", first, engine=engine)
    changed = files(tmp_path / "corpus", a=MEETINGS, b=FIREWORKS.replace("滨河街道", "兴谷街道"))
    updated = build(changed, tmp_path / "index", second, engine=engine)
    assert first.embedded == len(before.chunks) and second.embedded == 1
    whole = build(changed, tmp_path / "other", fresh, engine=engine)
    assert np.allclose(updated.backend.vectors(), whole.backend.vectors())
    assert found(updated, "兴谷街道") == found(whole, "兴谷街道")


def test_a_deleted_file_is_gone_after_an_update(corpus: Corpus, tmp_path: Path, engine: Engine) -> None:
    build(corpus, tmp_path / "index", engine=engine)
    (tmp_path / "corpus" / "b.txt").unlink()
    updated = build(read_corpus(tmp_path / "corpus"), tmp_path / "index", engine=engine)
    assert {chunk.document_id for chunk in updated.chunks} == {"甲政发〔2023〕1号"}


def test_vectors_of_another_encoder_are_not_used_again(corpus: Corpus, tmp_path: Path) -> None:
    build(corpus, tmp_path / "index", LetterEncoder("one"))
    other = LetterEncoder("two")
    index = build(corpus, tmp_path / "index", other)
    assert other.embedded == len(index.chunks)


def test_progress_counts_the_chunks_embedded(corpus: Corpus, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    index = build_index(
        corpus, LetterEncoder(), tmp_path / "index", encoder_name="letters", chunk_size=200,
        progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert told == [(0, len(index.chunks)), (len(index.chunks), len(index.chunks))]


# --- builds that are killed, run twice, or find damage ---


@pytest.mark.parametrize("step", ["save", "os.replace"])
def test_a_build_killed_before_the_swap_leaves_the_old_index_answering(
    corpus: Corpus, tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    build(corpus, tmp_path / "index", engine=engine)
    changed = files(tmp_path / "corpus", a=MEETINGS, b=FIREWORKS.replace("滨河街道", "兴谷街道"))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(LAST_SAVED[engine.name] if step == "save" else step, killed)
        with pytest.raises(KeyboardInterrupt):
            build(changed, tmp_path / "index", engine=engine)
    old = load_index(tmp_path / "index", LetterEncoder(), engine)
    assert "滨河街道" in old.search("烟花爆竹禁止燃放区域", top_k=1)[0].chunk.text
    assert (
        "兴谷街道"
        in build(changed, tmp_path / "index", engine=engine)
        .search("烟花爆竹禁止燃放区域", top_k=1)[0]
        .chunk.text
    )
    assert (
        "兴谷街道"
        in load_index(tmp_path / "index", LetterEncoder(), engine)
        .search("烟花爆竹禁止燃放区域", top_k=1)[0]
        .chunk.text
    )


def test_the_first_build_killed_leaves_no_index(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            build(corpus, tmp_path / "index")
    with pytest.raises(IndexNotBuilt):
        load_index(tmp_path / "index", LetterEncoder())


def test_what_killed_builds_left_is_swept_and_the_current_build_stays(
    corpus: Corpus, tmp_path: Path, engine: Engine
) -> None:
    folder = tmp_path / "index"
    (folder / "build-20200101000000-killed").mkdir(parents=True)
    (folder / "CURRENT.killed").write_text("build-20200101000000-killed", encoding="utf-8")
    build(corpus, folder, engine=engine)
    sweep(folder, engine)
    assert {path.name for path in folder.iterdir()} == {"CURRENT", "swap.lock", current_build(folder)}
    assert load_index(folder, LetterEncoder(), engine).documents == corpus.documents


def test_builds_at_the_same_time_leave_one_whole_index(
    corpus: Corpus, tmp_path: Path, engine: Engine
) -> None:
    folder = tmp_path / "index"
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: build(corpus, folder, engine=engine), range(8)))
    assert (
        found(load_index(folder, LetterEncoder(), engine), "烟花爆竹禁止燃放区域")[0]
        == "甲政发〔2023〕2号 第一条"
    )


def test_an_index_loaded_before_an_update_goes_on_answering(
    corpus: Corpus, tmp_path: Path, engine: Engine
) -> None:
    build(corpus, tmp_path / "index", engine=engine)
    reader = load_index(tmp_path / "index", LetterEncoder(), engine)
    build(files(tmp_path / "corpus", a=MEETINGS, b="第一条 空。\n"), tmp_path / "index", engine=engine)
    assert "滨河街道" in reader.search("烟花爆竹禁止燃放区域", top_k=1)[0].chunk.text


def test_another_encoder_is_refused_with_both_names_and_the_command(corpus: Corpus, tmp_path: Path) -> None:
    build(corpus, tmp_path / "index")
    with pytest.raises(
        IndexUnusable, match=r"built with encoder 'letters'.*another model.*run python -m index build"
    ):
        load_index(tmp_path / "index", LetterEncoder("other"))


def test_no_index_says_how_to_build_one(tmp_path: Path) -> None:
    with pytest.raises(IndexNotBuilt, match="run python -m index build"):
        load_index(tmp_path / "none", LetterEncoder())


def _current(folder: Path) -> Path:
    return folder / (folder / "CURRENT").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["manifest.json", "documents.json", "chunks.jsonl", "of the back end"])
def test_a_damaged_index_is_refused_and_a_build_mends_it(
    corpus: Corpus, tmp_path: Path, engine: Engine, name: str
) -> None:
    folder = tmp_path / "index"
    build(corpus, folder, engine=engine)
    own = "milvus.json" if engine.name == "milvus" else "vectors.faiss"
    path = _current(folder) / (own if name == "of the back end" else name)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(IndexUnusable, match="run python -m index build"):
        load_index(folder, LetterEncoder(), engine)
    build(corpus, folder, engine=engine)
    assert load_index(folder, LetterEncoder(), engine).search("会议", top_k=1)


def test_a_missing_part_is_damage_too(corpus: Corpus, tmp_path: Path, engine: Engine) -> None:
    folder = tmp_path / "index"
    build(corpus, folder, engine=engine)
    (_current(folder) / "chunks.jsonl").unlink()
    with pytest.raises(IndexUnusable, match="damaged"):
        load_index(folder, LetterEncoder(), engine)


def test_an_index_of_another_format_is_refused(corpus: Corpus, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    build(corpus, folder)
    path = _current(folder) / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": FORMAT + 1}))
    with pytest.raises(IndexUnusable, match=f"format {FORMAT + 1}, needed {FORMAT}"):
        load_index(folder, LetterEncoder())


def test_a_corpus_without_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match="no text to index"):
        build(Corpus((), (), "empty"), tmp_path / "index")
    assert not (tmp_path / "index" / "CURRENT").exists()


def test_the_command_builds_and_searches_with_the_shipped_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files(tmp_path / "文 件", a=MEETINGS, b=FIREWORKS)
    config = tmp_path / "my.yaml"
    shipped = Path(__file__).resolve().parent.parent / "models" / "gongwen-static"
    config.write_text(
        f"corpus: {{path: 文 件}}\nindex: {{path: 索引}}\nencoder: {{model: {shipped}}}\n", encoding="utf-8"
    )
    assert main(["search", "烟花", "--config", str(config)]) == 2
    assert "run python -m index build" in capsys.readouterr().err
    assert main(["build", "--config", str(config)]) == 0
    assert main(["search", "烟花爆竹禁止燃放", "-k", "2", "--json", "--config", str(config)]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["text"].startswith("第一条 禁止燃放") and first["score"] >= second["score"]
    parts = {"dense", "lexical", "search", "rerank"}
    assert set(first) == {"rank", "score", "document_id", "label", "text"} | parts
