"""Corpora and indexes in odd places: links, locked folders, names that are no UTF-8, read-only, damaged, shared."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from config import PROJECT_ROOT, Config
from index.build import index_is_current, update_index
from index.store import IndexUnusable, current_build, sweep
from ingest import workers as workers_module
from ingest.cache import ReadCache
from ingest.corpus import CorpusError, corpus_fingerprint, list_files, read_corpus
from ingest.reading import read_file
from ingest.workers import working
from qa.assistant import Assistant
from qa.live import LiveAssistant
from tests.small_corpus import config_of

RULES = (
    "甲政发〔2023〕{n}号\n甲区值班规则\n2023年2月15日\n第一条 值班记录保存{days}天。\n第二条 材料送办公室。\n"
)
NOBODY = 65534


def write(folder: Path, name: str, *, n: int = 1, days: int = 30) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(RULES.format(n=n, days=days), encoding="utf-8")
    return path


def quiet(line: str) -> None:
    pass


def as_nobody(work: Callable[[], object]) -> str:
    """Return what `work` returned or raised, in a process that may not do everything."""
    if os.geteuid() != 0:
        return repr(work())
    receiver, sender = os.pipe()
    child = os.fork()
    if not child:
        os.setuid(NOBODY)
        try:
            said = repr(work())
        except Exception as error:
            said = f"raised {error!r}"
        os.write(sender, said.encode())
        os._exit(0)
    os.close(sender)
    os.waitpid(child, 0)
    with os.fdopen(receiver, "rb") as pipe:
        return pipe.read().decode()


def open_to_all(folder: Path) -> None:
    for path in (folder, *folder.parents):
        if path.stat().st_uid == os.getuid() and path != Path(path.anchor):
            path.chmod(path.stat().st_mode | 0o055)


# --- the corpus ---


def test_a_name_that_is_no_utf_8_is_kept_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "corpus", "a.txt")
    os.rename(tmp_path / "corpus" / "a.txt", os.path.join(os.fsencode(tmp_path / "corpus"), b"\xff.txt"))
    monkeypatch.setattr("ingest.cache.SETTLED_AFTER", -10.0)
    corpus = read_corpus(tmp_path / "corpus", cache=tmp_path / "cache")
    assert [file.path for file in corpus.files] == ["?.txt"]
    (key,) = json.loads((tmp_path / "cache" / "digests.json").read_text())
    assert key.endswith("\\xff.txt")
    assert corpus_fingerprint(tmp_path / "corpus", cache=tmp_path / "cache") == corpus.fingerprint


def test_links_to_nothing_and_to_folders_are_reported_and_pipes_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "corpus", "a.txt")
    write(tmp_path / "elsewhere", "b.txt")
    for name, target in (
        ("gone.txt", "nowhere"),
        ("round", "."),
        ("one.txt", "one.txt"),
        ("z", "../elsewhere"),
    ):
        (tmp_path / "corpus" / name).symlink_to(target)
    os.mkfifo(tmp_path / "corpus" / "pipe.txt")
    reasons = {file.path: file.reason for file in read_corpus(tmp_path / "corpus").files}
    assert reasons["a.txt"] == "" and set(reasons) == {"a.txt", "gone.txt", "one.txt", "round", "z"}
    assert "No such file" in reasons["gone.txt"] and "not followed" in reasons["z"]


def test_a_folder_that_cannot_be_opened_is_reported(tmp_path: Path) -> None:
    write(tmp_path / "corpus", "a.txt")
    write(tmp_path / "corpus" / "locked", "b.txt", n=2)
    open_to_all(tmp_path / "corpus")
    for mode in (0o000, 0o744):  # not even listed; listed, but its files cannot be looked at
        (tmp_path / "corpus" / "locked").chmod(mode)
        try:
            said = as_nobody(
                lambda: [file.relative_to(tmp_path).as_posix() for file in list_files(tmp_path / "corpus")]
            )
        finally:
            (tmp_path / "corpus" / "locked").chmod(0o755)
        assert "'corpus/a.txt'" in said and "'corpus/locked" in said
    assert "a folder that cannot be opened" in read_file(tmp_path / "corpus" / "locked", "locked").reason


def test_a_folder_marked_as_a_cache_is_no_part_of_the_corpus(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    marked = write(tmp_path / "marked", "b.txt").parent
    write(tmp_path / "other", "c.txt").with_name("CACHEDIR.TAG").write_text("not the signature")
    assert len(list_files(tmp_path)) == 4
    (marked / "CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f06886806bc55\n# whoever made it")
    assert [file.name for file in list_files(tmp_path)] == ["a.txt", "CACHEDIR.TAG", "c.txt"]


def test_a_cache_that_cannot_be_written_is_said_once_and_all_is_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path / "corpus", "a.txt")
    write(tmp_path / "corpus", "b.txt", n=2)
    (tmp_path / "cache").write_text("a file stands where the folder should be")
    assert len(read_corpus(tmp_path / "corpus", cache=tmp_path / "cache").documents) == 2
    assert caplog.text.count("cannot be kept") == 1


def test_the_cache_removes_only_its_own_files(tmp_path: Path) -> None:
    cache = ReadCache(tmp_path)
    foreign = [tmp_path / name for name in (".gitignore", ".hidden.txt", "notes.txt")]
    own = tmp_path / ".0f.msgpack.0123abcd"
    for path in (*foreign, own):
        path.write_text("x")
        os.utime(path, (time.time() - 7200,) * 2)
    cache.keep_only([])
    assert all(path.exists() for path in foreign) and not own.exists()


def test_the_fingerprint_changes_with_what_decides_which_files_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a file skipped for want of LibreOffice, or of time, is never tried again."""
    write(tmp_path, "a.txt")
    (tmp_path / "b.doc").write_bytes(b"{\\rtf1 }")
    there = corpus_fingerprint(tmp_path)
    assert corpus_fingerprint(tmp_path, seconds_per_file=7200) != there
    monkeypatch.setattr("shutil.which", lambda name: None)
    without = corpus_fingerprint(tmp_path)
    monkeypatch.setattr("shutil.which", lambda name: f"/opt/{name}")
    assert corpus_fingerprint(tmp_path) != without


# --- the processes that read ---

READER_WITH_A_CHILD = """
import subprocess, sys
import ingest.workers
def read_file(file, name):
    child = subprocess.Popen(["sleep", "60"], start_new_session=True)
    file.with_suffix(".pid").write_text(str(child.pid))
    try: child.wait()
    finally: child.kill(); child.wait()
ingest.workers.read_file = read_file
ingest.workers.main()
"""


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("seconds", [1.5, 60])
def test_a_reader_that_is_stopped_stops_what_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    monkeypatch.setattr(workers_module, "COMMAND", [sys.executable, "-c", READER_WITH_A_CHILD])
    file, note = write(tmp_path, "a.txt"), tmp_path / "a.pid"
    with working(1, seconds_per_file=seconds) as workers:
        future = workers.submit(file, "a.txt")
        deadline = time.monotonic() + 20
        while not (note.is_file() and note.read_text()) and time.monotonic() < deadline:
            time.sleep(0.05)
        if seconds < 60:
            assert "within 2 seconds" in future.result().reason
    assert not is_alive(int(note.read_text()))


def test_a_reader_that_nobody_stops_ends_by_itself(tmp_path: Path) -> None:
    code = "import ingest.workers as w, time; w.read_file = lambda file, name: time.sleep(60); w.main()"
    line = json.dumps([str(write(tmp_path, "a.txt")), "a.txt", 1.0]).encode() + b"\n"
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=line,
        capture_output=True,
        cwd=PROJECT_ROOT,
        timeout=50,
        check=False,
    )
    assert done.returncode != 0 and done.stdout == b"" and time.monotonic() - started < 40


def test_closed_workers_start_no_process(tmp_path: Path) -> None:
    with working(1, seconds_per_file=60) as workers:
        pass
    with pytest.raises(RuntimeError):
        workers.submit(write(tmp_path, "a.txt"), "a.txt")


# --- the index ---


def small(root: Path, *, corpus: str = "corpus", index: str = "index") -> Config:
    """Return the config of one file; both paths are below `root`: no test may reach the project's own folders."""
    write(root / "corpus", "a.txt")
    return config_of(root, corpus={"path": str(root / corpus)}, index={"path": str(root / index)})


@pytest.mark.slow
def test_a_damaged_index_is_built_anew_by_an_update(tmp_path: Path) -> None:
    config = small(tmp_path)
    update_index(config, report=quiet)
    name = current_build(tmp_path / "index")
    assert name
    (tmp_path / "index" / name / "chunks.jsonl").write_bytes(b"[")
    told: list[str] = []
    assert update_index(config, report=told.append).search("值班", top_k=1)
    assert "damaged" in told[0] and current_build(tmp_path / "index") != name


@pytest.mark.slow
def test_a_damaged_pointer_is_replaced(tmp_path: Path) -> None:
    config = small(tmp_path)
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "CURRENT").write_bytes(b"\xff\x00\xfe")
    assert update_index(config, report=quiet).chunks and index_is_current(config)


@pytest.mark.slow
def test_an_index_inside_its_corpus_is_no_part_of_it(tmp_path: Path) -> None:
    config = small(tmp_path, corpus=".")
    told: list[str] = []
    update_index(config, report=told.append)
    assert not [line for line in told if "skipped index" in line] and index_is_current(config)


@pytest.mark.slow
def test_only_a_folder_that_holds_nothing_but_the_index_is_marked_as_a_cache(tmp_path: Path) -> None:
    """Backup programs leave out what is marked."""
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "notes.txt").write_text("kept by hand")
    for name in ("index", "shared", "index"):
        update_index(small(tmp_path, index=name), report=quiet)
    assert (tmp_path / "index" / "CACHEDIR.TAG").is_file()
    assert not (tmp_path / "shared" / "CACHEDIR.TAG").exists()


def test_corpus_and_index_in_one_folder_are_refused(tmp_path: Path) -> None:
    for name in ("corpus", "corpus/../corpus"):
        with pytest.raises(CorpusError, match="one folder"):
            update_index(small(tmp_path, index=name), report=quiet)
    assert [path.name for path in (tmp_path / "corpus").iterdir()] == ["a.txt"]


@pytest.mark.slow
def test_an_index_that_is_read_only_answers_while_it_is_current_and_says_so_when_not(tmp_path: Path) -> None:
    config = small(tmp_path)
    chunks = len(update_index(config, report=quiet).chunks)
    open_to_all(tmp_path)
    subprocess.run(["chmod", "-R", "a+rX,a-w", str(tmp_path / "index")], check=True)
    assert as_nobody(lambda: len(update_index(config, report=quiet).chunks)) == str(chunks)
    write(tmp_path / "corpus", "b.txt", n=2, days=7)
    said = as_nobody(lambda: update_index(config, report=quiet))
    subprocess.run(["chmod", "-R", "u+w", str(tmp_path / "index")], check=True)
    assert said.startswith("raised IndexUnusable") and "cannot be updated" in said


@pytest.mark.slow
def test_a_full_disk_is_said_in_a_line_and_leaves_the_old_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = small(tmp_path)
    update_index(config, report=quiet)
    name = current_build(tmp_path / "index")
    write(tmp_path / "corpus", "b.txt", n=2, days=7)

    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(IndexUnusable, match="No space left"):
            update_index(config, report=quiet)
    assert current_build(tmp_path / "index") == name
    update_index(config, report=quiet)
    assert len(list((tmp_path / "index").glob("build-*"))) == 1 and index_is_current(config)


def test_sweeping_leaves_folders_alone_that_no_build_made(tmp_path: Path) -> None:
    for name in ("build-notes", "build-20200101000000-0123abcd"):
        (tmp_path / name).mkdir()
    sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["build-notes"]


@pytest.mark.slow
def test_an_index_put_in_place_before_following_began_is_opened(tmp_path: Path) -> None:
    config = small(tmp_path)
    assistant = Assistant(update_index(config, report=quiet), config)
    write(tmp_path / "corpus", "a.txt", days=90)
    update_index(config, report=quiet)
    live = LiveAssistant(assistant)
    assert live.reopen() and "90天" in live.ask("值班记录保存几天？").text and not live.reopen()


@pytest.mark.slow
def test_an_update_that_fails_is_told_as_a_failure(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    config = small(tmp_path)
    raw = {"corpus": {"path": "corpus"}, "index": {"path": "index"}, "encoder": {"model": "no/such model"}}
    (tmp_path / "broken.json").write_text(json.dumps(raw), encoding="utf-8")
    live = LiveAssistant(Assistant(update_index(config, report=quiet), config), tmp_path / "broken.json")
    write(tmp_path / "corpus", "b.txt", n=2, days=7)
    with caplog.at_level(logging.WARNING):
        assert [live.update() for _ in range(2)] == [False, False]
    assert "failed" in caplog.text and "index updated" not in caplog.text
