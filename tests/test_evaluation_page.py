"""The evaluation page: the report that python -m eval writes, what it was made on, its failures; never a held-out question."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from config import Config
from eval.questions import EvalQuestion
from eval.report import Made, write_report
from eval.runner import run_questions
from eval.scores import score_outcome
from index.store import read_manifest
from qa.assistant import Assistant
from tests.desk_world import Comes
from tests.fakes import HOSTILE
from web.access.people import Person, Role
from web.desk.guard import show_who_may
from web.records.database import open_database
from web.review.evaluation_page import age, evaluation_router, failure_line
from web.review.report import read_report
from web.review.texts import EN, ZH
from web.services import Services

RIGHT = "甲山区政府常务会议多久召开一次？"
WRONG = f"甲山区政府常务会议多久召开一次？{HOSTILE}"
SECRET = "乙川区政府常务会议多久召开一次？"


def question(number: int, text: str, file: str, status: str, **more) -> EvalQuestion:
    return EvalQuestion(
        id=f"q{number}", question=text, type="number" if status == "answered" else "unanswerable", style="close",
        language="zh-Hans", status=status, facts=more.get("facts", ()), citations=(), quote="", file=file, line=number,
    )  # fmt: skip


@pytest.fixture(scope="module")
def scores(small: Assistant) -> list:
    asked = [
        question(1, RIGHT, "rules.jsonl", "answered", facts=(("1次",),)),
        question(2, WRONG, "rules.jsonl", "answered", facts=(("不存在的要点",),)),
        question(3, SECRET, "heldout_rules.jsonl", "answered", facts=(("不存在的要点",),)),
    ]
    return [
        score_outcome(outcome) for outcome in run_questions(small, asked, progress=lambda done, total: None)
    ]


@pytest.fixture
def parts(tmp_path: Path, small: Assistant, small_config: Config) -> Services:
    """A server over the small corpus, its data in a folder of this test."""
    config = replace(small_config, root=tmp_path)
    return Services(small, config, open_database(config.web.database, root=tmp_path))


@pytest.fixture
def page(parts: Services) -> Iterator[TestClient]:
    with client(parts, Role.EDITOR) as opened:
        yield opened


def client(parts: Services, role: Role) -> TestClient:
    app = FastAPI()
    app.add_middleware(Comes, person=Person("赵六", role))
    show_who_may(app, language="zh")
    app.include_router(evaluation_router(parts))
    return TestClient(app)


def made(parts: Services, **changes: str) -> Made:
    corpus = read_manifest(parts.config.resolve(parts.config.index.path)).corpus
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return replace(Made(now, parts.assistant.index_build, corpus), **changes)


def test_without_a_report_the_page_says_what_to_run(page: TestClient) -> None:
    text = page.get("/evaluation").text
    assert ZH.no_report in text and "python -m eval" in text


def test_the_report_is_shown_with_its_figures_plots_and_failures(
    page: TestClient, parts: Services, scores: list
) -> None:
    write_report(scores, parts.config.resolve("data/eval"), made=made(parts))
    text = page.get("/evaluation").text
    assert ZH.figures["right"] in text and "33.3%" in text and ZH.types["number"] in text
    assert ZH.index_same in text and "刚刚" in text
    assert 'href="/?q=%E7%94%B2' in text and "缺少要点：不存在的要点" in text
    assert "<script>window" not in text and "&lt;script&gt;" in text
    for name in ZH.plots:
        plot = page.get(f"/evaluation/plots/{name}")
        assert plot.headers["content-type"] == "image/png" and plot.content.startswith(b"\x89PNG")
    for name in ("report.json", "..%2freport.json", "x.png"):
        assert page.get(f"/evaluation/plots/{name}").status_code == 404


def test_held_out_questions_are_counted_and_never_listed(
    page: TestClient, parts: Services, scores: list
) -> None:
    folder = parts.config.resolve("data/eval")
    write_report(scores, folder, made=made(parts))
    text = page.get("/evaluation").text
    assert SECRET not in text and "heldout_rules.jsonl" in text and ZH.failures_held_out in text
    raw = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    raw["questions"].append({**raw["questions"][1], "question": SECRET, "file": "heldout_rules.jsonl"})
    (folder / "report.json").write_text(json.dumps(raw), encoding="utf-8")
    assert SECRET not in page.get("/evaluation").text
    report = read_report(folder)
    assert report is not None and [asked.id for asked in report.failed] == ["q2"]


def test_the_figures_of_an_older_index_are_told_as_such(
    page: TestClient, parts: Services, scores: list
) -> None:
    folder = parts.config.resolve("data/eval")
    write_report(scores, folder, made=made(parts, corpus="another"))
    assert ZH.index_other in page.get("/evaluation").text
    write_report(scores, folder)
    assert ZH.index_unknown in page.get("/evaluation").text


@pytest.mark.parametrize("text", ["{", "[]", '{"overall": {}}', '{"questions": 3}'])
def test_a_report_that_is_none_is_told(page: TestClient, parts: Services, text: str) -> None:
    folder = parts.config.resolve("data/eval")
    folder.mkdir(parents=True)
    (folder / "report.json").write_text(text, encoding="utf-8")
    answer = page.get("/evaluation")
    assert answer.status_code == 200 and ZH.bad_report.split("（")[0] in answer.text


def test_a_reader_gets_no_evaluation(parts: Services) -> None:
    with client(parts, Role.READER) as reader:
        assert reader.get("/evaluation").status_code == 403
        assert reader.get("/evaluation/plots/latency.png").status_code == 403


def test_what_is_wrong_is_told_in_the_pages_language() -> None:
    told = {
        "fact missing: 报区长审批": "缺少要点：报区长审批",
        "wrongly refused: status not_found": "误拒：未找到依据",
        "first citation wrong": "首条出处不对",
        "1 of 2 required citations missing": "应引 2 处，缺 1 处",
        "something new": "something new",
    }
    assert {text: failure_line(text, ZH) for text in told} == told
    assert failure_line("fact missing: x", EN) == "fact missing: x"


def test_an_age_is_told_in_the_largest_unit() -> None:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert age(datetime(2026, 11, 18, 11, tzinfo=UTC), "zh", now=now) == "3 天前"
    assert age(datetime(2026, 11, 21, 11, tzinfo=UTC), "en", now=now) == "1 hour ago"
    assert age(datetime(2026, 11, 21, 11, 58, tzinfo=UTC), "en", now=now) == "2 minutes ago"
    assert age(now, "zh", now=now) == "刚刚"
