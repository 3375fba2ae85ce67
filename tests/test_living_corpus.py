"""A corpus that lives: what was read is kept, only changes are read again, kills and rivals do no harm."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from config import PROJECT_ROOT, Config
from index.build import index_is_current, update_index
from index.store import current_build
from ingest import corpus as corpus_module
from ingest import workers as workers_module
from ingest.__main__ import main
from ingest.cache import ReadCache
from ingest.corpus import Corpus, corpus_fingerprint, read_corpus
from ingest.progress import Progress, reading_bar
from ingest.readers.source import SourceText
from ingest.reading import FileContent, read_file
from ingest.structure import ReadFile, read_documents
from ingest.workers import working
from qa.assistant import Assistant
from qa.live import LiveAssistant
from tests.small_corpus import config_of

RULES = "甲政发〔2023〕{n}号\n甲区{what}规则\n2023年2月15日\n第一条 {what}记录保存{days}天。\n第二条 材料送办公室。\n"


def write(folder: Path, name: str, *, n: int = 1, what: str = "值班", days: int = 30) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(RULES.format(n=n, what=what, days=days), encoding="utf-8")
    return path


def settle(folder: Path) -> None:
    """Make the files look as if nobody had touched them for a minute."""
    for path in folder.rglob("*"):
        os.utime(path, (time.time() - 60, time.time() - 60))


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were really read."""
    names: list[str] = []
    real = read_file

    def counted(file: Path, name: str) -> FileContent:
        names.append(name)
        return real(file, name)

    monkeypatch.setattr(corpus_module, "read_file", counted)
    return names


def read(root: Path) -> Corpus:
    return read_corpus(root / "corpus", cache=root / "cache")


def test_only_new_and_changed_files_are_read_again(tmp_path: Path, reads: list[str]) -> None:
    write(tmp_path / "corpus", "a.txt")
    write(tmp_path / "corpus", "b.txt", n=2, what="会议")
    first = read(tmp_path)
    assert sorted(reads) == ["a.txt", "b.txt"]
    reads.clear()
    assert read(tmp_path) == first and reads == []
    write(tmp_path / "corpus", "b.txt", n=2, what="会议", days=7)
    write(tmp_path / "corpus", "c.txt", n=3, what="档案")
    changed = read(tmp_path)
    assert sorted(reads) == ["b.txt", "c.txt"]
    assert changed == read_corpus(tmp_path / "corpus")


def test_a_reading_that_is_broken_off_goes_on_where_it_stopped(tmp_path: Path, reads: list[str]) -> None:
    for n in range(1, 6):
        write(tmp_path / "corpus", f"{n}.txt", n=n)

    def break_off(progress: Progress) -> None:
        if progress.files == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_corpus(tmp_path / "corpus", cache=tmp_path / "cache", progress=break_off)
    first = set(reads)
    reads.clear()
    assert len(read(tmp_path).documents) == 5
    assert len(first) == 3 and first | set(reads) == {f"{n}.txt" for n in range(1, 6)} and len(reads) == 2


def test_a_renamed_file_is_not_read_again_and_is_cited_by_its_new_name(
    tmp_path: Path, reads: list[str]
) -> None:
    path = write(tmp_path / "corpus", "a.txt")
    read(tmp_path)
    reads.clear()
    path.rename(tmp_path / "corpus" / "新名.txt")
    (document,) = read(tmp_path).documents
    assert document.source == "新名.txt" and reads == []


def test_a_file_whose_name_stands_for_its_title_is_read_again_under_a_new_name(
    tmp_path: Path, reads: list[str]
) -> None:
    path = tmp_path / "corpus" / "无题甲.txt"
    path.parent.mkdir()
    path.write_text("第一条 材料送办公室。\n第二条 记录保存三十天。\n", encoding="utf-8")
    read(tmp_path)
    path.rename(path.with_name("无题乙.txt"))
    assert read(tmp_path) == read_corpus(tmp_path / "corpus")
    assert reads.count("无题乙.txt") == 2


def test_a_removed_file_leaves_nothing_behind(tmp_path: Path) -> None:
    path = write(tmp_path / "corpus", "a.txt")
    write(tmp_path / "corpus", "b.txt", n=2)
    read(tmp_path)
    kept = len(list((tmp_path / "cache").glob("*.msgpack")))
    path.unlink()
    assert [document.doc_no for document in read(tmp_path).documents] == ["甲政发〔2023〕2号"]
    assert (kept, len(list((tmp_path / "cache").glob("*.msgpack")))) == (2, 1)


def test_a_damaged_or_cut_cache_entry_is_read_anew(tmp_path: Path, reads: list[str]) -> None:
    write(tmp_path / "corpus", "a.txt")
    first = read(tmp_path)
    (entry,) = (tmp_path / "cache").glob("*.msgpack")
    for damage in (b"", entry.read_bytes()[:-5], b"\x00noise"):
        entry.write_bytes(damage)
        reads.clear()
        assert read(tmp_path) == first and reads == ["a.txt"]


def test_an_unreadable_file_is_tried_again_each_time(tmp_path: Path, reads: list[str]) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_bytes(b"")
    write(tmp_path / "corpus", "b.txt")
    for _ in range(2):
        reads.clear()
        assert [file.reason != "" for file in read(tmp_path).files] == [True, False]
        assert reads.count("a.txt") == 1


def test_an_unchanged_file_is_told_by_its_size_and_times_and_a_changed_one_by_its_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "corpus", "a.txt")
    monkeypatch.setattr("ingest.cache.SETTLED_AFTER", -1.0)
    read(tmp_path)
    before = corpus_fingerprint(tmp_path / "corpus", cache=tmp_path / "cache")
    with monkeypatch.context() as patch:
        patch.setattr("ingest.cache.file_digest", lambda file: pytest.fail("its bytes were read"))
        assert corpus_fingerprint(tmp_path / "corpus", cache=tmp_path / "cache") == before
    path.write_bytes(path.read_bytes().replace(b"30", b"31"))  # of the same size
    assert corpus_fingerprint(tmp_path / "corpus", cache=tmp_path / "cache") != before


def test_a_file_written_just_now_is_not_trusted_by_its_times(tmp_path: Path) -> None:
    path = write(tmp_path / "corpus", "a.txt")
    cache = ReadCache(tmp_path / "cache")
    cache.digest(path)
    cache.keep_only([])
    assert json.loads((tmp_path / "cache" / "digests.json").read_text()) == {}


def test_the_same_text_in_two_files_answers_once_and_the_copy_is_reported(tmp_path: Path) -> None:
    write(tmp_path / "corpus", "a.txt")
    write(tmp_path / "corpus" / "sub", "b.txt")
    corpus = read(tmp_path)
    assert [document.source for document in corpus.documents] == ["a.txt"]
    (doubt,) = next(file.doubts for file in corpus.files if file.path == "sub/b.txt")
    assert doubt.kind == "duplicate" and "a.txt" in doubt.text


def test_worker_processes_read_what_this_process_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(1, 6):
        write(tmp_path / "corpus", f"规 则{n}.txt", n=n)
    (tmp_path / "corpus" / "bad.txt").write_bytes(b"")
    here = read_corpus(tmp_path / "corpus")
    monkeypatch.setattr(corpus_module, "INLINE_BYTES", 0)
    told: list[Progress] = []
    assert read_corpus(tmp_path / "corpus", jobs=2, progress=told.append) == here
    assert [step.files for step in told] == [1, 2, 3, 4, 5, 6] and told[-1].provisions == 15


READER_THAT_DIES = """
import os, sys, time
from pathlib import Path
import ingest.reading, ingest.workers
real = ingest.workers.read_file
def read_file(file, name):
    if "dies" in name: os.abort()
    if "hangs" in name: time.sleep(60)
    print("a library talks on stdout")
    return real(file, name)
ingest.workers.read_file = read_file
ingest.workers.main()
"""


def test_a_file_that_kills_or_hangs_its_reader_is_reported_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(workers_module, "COMMAND", [sys.executable, "-c", READER_THAT_DIES])
    files = [write(tmp_path, f"{name}.txt") for name in ("a", "dies", "b", "hangs", "c")]
    with working(1, seconds_per_file=2) as workers:
        found = [future.result() for future in [workers.submit(file, file.name) for file in files]]
    reasons = {content.name: content.reason for content in found}
    assert [reasons[f"{name}.txt"] for name in "abc"] == ["", "", ""]
    assert "ended the process" in reasons["dies.txt"] and "within 2 seconds" in reasons["hangs.txt"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_shows_files_provisions_and_the_time_left_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for terminal in (Terminal(), io.StringIO()):
        monkeypatch.setattr(sys, "stderr", terminal)
        with reading_bar() as show:
            for n in (1, 2):
                time.sleep(0.15)  # it draws ten times a second at most
                show(Progress("a.txt", n, 4, 10 * n, 100 * n, 400, 75.0))
        shown = (
            " 50%|" in terminal.getvalue() and "2/4 files, 20 provisions, 01:15 left" in terminal.getvalue()
        )
        assert shown == terminal.isatty()


def test_closing_the_workers_ends_their_processes_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers_module, "COMMAND", [sys.executable, "-c", READER_THAT_DIES])
    started = time.monotonic()
    with working(2, seconds_per_file=60) as workers:
        for name in ("hangs1", "hangs2", "hangs3"):
            workers.submit(write(tmp_path, f"{name}.txt"), f"{name}.txt")
        time.sleep(1)
    assert time.monotonic() - started < 10


def test_a_defect_of_a_reader_is_reported_and_the_other_files_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(source: SourceText) -> ReadFile:
        if source.path == "b.txt":
            raise KeyError("缺陷")
        return read_documents(source)

    monkeypatch.setattr("ingest.reading.read_documents", failing)
    for n, name in enumerate("abc", start=1):
        write(tmp_path / "corpus", f"{name}.txt", n=n)
    corpus = read(tmp_path)
    assert len(corpus.documents) == 2
    assert [file.reason for file in corpus.files if file.path == "b.txt"] == [
        "the reader failed on it (KeyError: '缺陷'); report this."
    ]


def test_the_json_report_names_documents_validity_skips_and_doubts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "corpus"
    write(folder, "a.txt")
    folder.joinpath("b.txt").write_text(
        RULES.format(n=2, what="值班", days=7)
        + "第三条 报办公室。\n第五条 本规则自2024年1月1日起施行，《甲区值班规则》（甲政发〔2023〕1号）同时废止。\n",
        encoding="utf-8",
    )
    folder.joinpath("c.exe").write_bytes(b"MZ")
    assert main([str(folder), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["totals"]["documents"], report["totals"]["read"], report["totals"]["skipped"]) == (2, 2, 1)
    old = next(item for item in report["documents"] if item["doc_no"] == "甲政发〔2023〕1号")
    assert (old["validity"]["status"], old["validity"]["by"]) == ("repealed", "甲政发〔2023〕2号")
    files = {item["path"]: item for item in report["files"]}
    assert files["c.exe"]["status"] == "skipped" and ".exe" in files["c.exe"]["reason"]
    (gap,) = [doubt for doubt in files["b.txt"]["doubts"] if doubt["kind"] == "gap"]
    assert gap["line"] == 7 and gap["text"].startswith("第五条") and "gap" in gap["message"]


# --- the index ---


def small(root: Path, **sections: object) -> Config:
    for n, what in enumerate(("值班", "会议", "档案"), start=1):
        write(root / "corpus", f"{n}.txt", n=n, what=what)
    return config_of(root, **sections)


def config_file(root: Path) -> Path:
    """Write what `small` configures as a file, for commands of their own; JSON is YAML."""
    raw = {
        "corpus": {"path": "corpus"}, "index": {"path": "index"},
        "encoder": {"model": str(PROJECT_ROOT / "models/gongwen-static")},
    }  # fmt: skip
    (root / "config.json").write_text(json.dumps(raw), encoding="utf-8")
    return root / "config.json"


def quiet(line: str) -> None:
    pass


@pytest.mark.slow
def test_an_index_that_is_current_is_opened_and_not_built(tmp_path: Path) -> None:
    config = small(tmp_path)
    update_index(config, report=quiet)
    build = current_build(tmp_path / "index")
    told: list[str] = []
    update_index(config, report=told.append)
    assert told == [] and current_build(tmp_path / "index") == build and index_is_current(config)


@pytest.mark.slow
def test_two_updates_at_once_build_once_and_both_answer(tmp_path: Path) -> None:
    config = small(tmp_path)
    path = config_file(tmp_path)
    command = [sys.executable, "-m", "index", "build", "--config", str(path)]
    pair = [subprocess.Popen(command, cwd=PROJECT_ROOT, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate()[1] for process in pair]
    assert [process.returncode for process in pair] == [0, 0]
    assert sum("index ready" in text for text in said) == 1
    assert len(list((tmp_path / "index").glob("build-*"))) == 1 and index_is_current(config)


@pytest.mark.slow
def test_the_page_follows_files_that_come_change_and_go(tmp_path: Path) -> None:
    config = small(tmp_path)
    path = config_file(tmp_path)
    update_index(config, report=quiet)
    live = LiveAssistant(Assistant.open(path), path)
    assert not live.update() and not live.reopen()
    write(tmp_path / "corpus", "1.txt", n=1, what="值班", days=90)
    (tmp_path / "corpus" / "2.txt").unlink()
    write(tmp_path / "corpus", "4.txt", n=4, what="公章")
    assert not live.update(), "a corpus that may still be changing is left alone"
    assert live.update() and live.reopen() and not live.update()
    assert sorted(document.doc_no or "" for document in live.documents) == [
        "甲政发〔2023〕1号", "甲政发〔2023〕3号", "甲政发〔2023〕4号",
    ]  # fmt: skip
    assert "90天" in live.ask("值班记录保存几天？").text
    assert "公章" in live.ask("公章记录保存几天？").citations[0].title
    cited = {c.document_id for c in live.ask("会议记录保存几天？").citations}
    assert "甲政发〔2023〕2号" not in cited


@pytest.mark.slow
def test_following_goes_on_in_its_thread_until_closed(tmp_path: Path) -> None:
    config = small(tmp_path)
    path = config_file(tmp_path)
    update_index(config, report=quiet)
    live = LiveAssistant(Assistant.open(path), path)
    live.follow(0.2)
    write(tmp_path / "corpus", "4.txt", n=4, what="公章")
    deadline = time.monotonic() + 60
    while len(live.documents) < 4 and time.monotonic() < deadline:
        time.sleep(0.2)
    live.close()
    assert len(live.documents) == 4 and "follow" not in {thread.name for thread in threading.enumerate()}


@pytest.mark.slow
def test_an_index_of_another_encoder_put_in_place_does_not_take_the_answers_away(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    config = small(tmp_path)
    live = LiveAssistant(Assistant(update_index(config, report=quiet), config))
    other = config_of(
        tmp_path,
        encoder={"model": str(PROJECT_ROOT / "models/gongwen-static"), "query_prompt": "query: "},
    )
    update_index(other, report=quiet)
    assert not live.reopen() and "old one goes on" in caplog.text
    assert "30天" in live.ask("值班记录保存几天？").text


@pytest.mark.slow
def test_updates_killed_50_times_leave_the_old_or_the_new_index_answering() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.kill_updates", "--times", "50"],
        cwd=PROJECT_ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    answered_new = int(done.stdout.rsplit(": ", 1)[1].split()[0])
    assert 0 < answered_new < 50, done.stdout
