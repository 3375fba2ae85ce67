"""An update of the index that somebody asks for: it tells how far it is and how it ended; made anew, it reads all again."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from index.build import index_is_current, update_index
from index.store import IndexUnusable, current_build, read_reading
from qa.assistant import Assistant
from qa.live import LiveAssistant
from qa.updates import Updater
from tests.test_living_corpus import config_file, quiet, small, write


@pytest.mark.slow
def test_an_update_that_is_asked_for_waits_for_no_rest_and_tells_how_it_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = steps_told(monkeypatch)
    config = small(tmp_path)
    path = config_file(tmp_path)
    update_index(config, report=quiet)
    live = LiveAssistant(Assistant.open(path), path)
    live.follow(0)  # only when asked
    write(tmp_path / "corpus", "4.txt", n=4, what="公章")
    number = live.ask_for_update()
    wait_for_rest(live)
    assert (live.state.step, live.state.number) == ("ready", number) and len(live.documents) == 4
    assert {"reading", "embedding"} <= {step for step, _ in steps}
    assert max(done for step, done in steps if step == "reading") == 4

    number = live.ask_for_update()  # nothing changed: it is ready at once
    wait_for_rest(live)
    assert (live.state.step, live.state.number) == ("ready", number)

    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "corrections.yaml").write_text("{", encoding="utf-8")
    live.ask_for_update()
    wait_for_rest(live)
    assert live.state.step == "failed" and "corrections.yaml" in live.state.message
    assert "30天" in live.ask("公章记录保存几天？").text
    live.close()


def steps_told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Return the list to which every step that an update tells is added, with how much of it was done."""
    told: list[tuple[str, int]] = []
    tell = Updater.tell

    def noted(updater: Updater, step: str, *, done: int = 0, **more: Any) -> None:
        told.append((step, done))
        tell(updater, step, done=done, **more)

    monkeypatch.setattr(Updater, "tell", noted)
    return told


def wait_for_rest(live: LiveAssistant) -> None:
    """Wait until the update has ended."""
    deadline = time.monotonic() + 60
    while live.state.running and time.monotonic() < deadline:
        time.sleep(0.002)


@pytest.mark.slow
def test_closing_ends_an_update_at_once_and_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    config = small(tmp_path)
    path = config_file(tmp_path)
    update_index(config, report=quiet)
    build = current_build(tmp_path / "index")
    live = LiveAssistant(Assistant.open(path), path)
    live.follow(0)
    write(tmp_path / "corpus", "4.txt", n=4, what="公章")
    live.ask_for_update()
    while live.state.step == "asked":
        time.sleep(0.01)
    started = time.monotonic()
    live.close()
    assert time.monotonic() - started < 5
    assert current_build(tmp_path / "index") == build and live.state.step == "failed"


def test_what_is_asked_for_while_an_update_runs_is_the_next_one() -> None:
    updater = Updater(None)
    assert updater.asked() == 1 and updater.asked() == 1  # both are met by the one that has not begun
    updater.tell("reading", done=1, total=2)
    assert updater.state.number == 1 and updater.asked() == 2
    updater.tell("ready")
    updater.tell("asked")
    assert updater.state.number == 2 and updater.state.running
    updater.settled("ready")
    updater.settled("failed", message="nothing is at work any more")
    assert (updater.state.step, updater.state.message) == ("ready", "")


def test_an_index_made_anew_reads_every_file_and_embeds_every_chunk_again(tmp_path: Path) -> None:
    config = small(tmp_path)
    index = update_index(config, report=quiet)
    build, kept = current_build(tmp_path / "index"), list((tmp_path / "index" / "read").glob("*.msgpack"))
    before = {path: path.stat().st_mtime_ns for path in kept}
    embedded: list[tuple[int, int]] = []
    update_index(config, report=quiet, embedding=lambda *told: embedded.append(told), anew=True)
    assert embedded[0] == (0, len(index.chunks)) and embedded[-1] == (len(index.chunks),) * 2
    assert all(path.stat().st_mtime_ns > before[path] for path in kept) and len(kept) == 3
    assert current_build(tmp_path / "index") != build and index_is_current(config)


def test_the_index_tells_what_became_of_each_file(tmp_path: Path) -> None:
    config = small(tmp_path)
    (tmp_path / "corpus" / "bad.docx").write_bytes(b"no zip")
    update_index(config, report=quiet)
    reading = read_reading(tmp_path / "index")
    assert {file.path: file.reason == "" for file in reading.files} == {
        "1.txt": True, "2.txt": True, "3.txt": True, "bad.docx": False,
    }  # fmt: skip
    assert all(len(file.digest) == 64 for file in reading.files)
    (tmp_path / "index" / str(current_build(tmp_path / "index")) / "files.json").write_text("{")
    with pytest.raises(IndexUnusable, match=r"files\.json cannot be read"):
        read_reading(tmp_path / "index")
