"""The feedback list: found by verdict, words and days, looked after, and taken out as a table or as draft gold questions."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from eval.check import check_gold
from eval.questions import read_file
from qa.answer import Answer
from qa.assistant import Assistant
from tests.desk_world import Comes
from tests.fakes import HOSTILE, FakeAssistant, services
from tests.small_corpus import NEW_RULES
from web.access.audit import entries
from web.access.people import Person, Role
from web.desk.guard import show_who_may
from web.records.database import Database
from web.records.feedback import FeedbackBook, FeedbackFilter, Judged, Verdict
from web.review.export import language_of_question
from web.review.feedback_page import feedback_router
from web.review.texts import ZH

QUESTION = "甲山区政府常务会议多久召开一次？"
HISTORY = (("甲山区政府常务会议的任务是什么？", "讨论通过……〔1〕"),)


class Given:
    """A server's feedback with one of each verdict, its pages, and a client for them."""

    def __init__(self, folder: Path, small: Assistant) -> None:
        self.services = services(FakeAssistant(), folder)
        self.book = FeedbackBook(self.services.database)
        answers = [
            (QUESTION, small.ask(QUESTION), (), Verdict.RIGHT, ""),
            ("=1+1 多久召开？", small.ask("乙川区政府常务会议多久召开一次？"), (), Verdict.WRONG_ANSWER, "=HYPERLINK(0)"),
            ("那由谁召集？", small.ask(QUESTION), HISTORY, Verdict.INCOMPLETE, f"少了一句{HOSTILE}"),
            ("火星移民怎么报名？", Answer("火星移民怎么报名？", "not_found", "库中没有依据。"), (), Verdict.RIGHT, "拒答正确"),
        ]  # fmt: skip
        self.ids = []
        for number, (question, answer, history, verdict, word) in enumerate(answers):
            kept = Answer(question, answer.status, answer.text, answer.citations)
            judged = Judged(f"turn-{number}", kept, history, "build-1")
            self.ids.append(self.book.give("user:王五", judged, verdict, word))

    def client(self, role: Role = Role.EDITOR) -> TestClient:
        app = FastAPI()
        app.add_middleware(Comes, person=Person("赵六", role))
        show_who_may(app, language="zh")
        app.include_router(feedback_router(self.services))
        return TestClient(app)


@pytest.fixture
def given(tmp_path: Path, small: Assistant) -> Given:
    return Given(tmp_path, small)


@pytest.fixture
def pages(given: Given) -> Iterator[TestClient]:
    with given.client() as client:
        yield client


def shown(pages: TestClient, **query: str) -> list[str]:
    """Return the questions that the list shows, its newest first."""
    text = pages.get("/feedback", params=query).text
    return [part.split("</span>")[0] for part in text.split('class="question">')[1:]]


def test_feedback_is_found_by_verdict_words_and_days(pages: TestClient) -> None:
    assert len(shown(pages)) == 4
    assert shown(pages, verdict="right") == ["火星移民怎么报名？", QUESTION]
    assert shown(pages, q="拒答") == ["火星移民怎么报名？"]
    assert shown(pages, last="2020-01-01") == [] and len(shown(pages, first="2020-01-01")) == 4
    assert ZH.bad_day in pages.get("/feedback", params={"first": "昨天"}).text
    assert ZH.none_found in pages.get("/feedback", params={"q": "没有的词"}).text


def test_one_shows_all_that_was_judged_with_links_into_the_reading_room(
    given: Given, pages: TestClient
) -> None:
    text = pages.get(f"/feedback/{given.ids[2]}").text
    assert (
        "甲山区政府常务会议的任务是什么？" in text
        and "少了一句&lt;script&gt;" in text
        and "<script>window" not in text
    )
    assert "/documents/%E7%94%B2%E6%94%BF%E5%8F%91%E3%80%942023%E3%80%952%E5%8F%B7#%E7%AC%AC" in text
    assert "build-1" in text and ZH.index_old in text and "王五" in text
    assert pages.get("/feedback/999").status_code == 404


def test_what_was_looked_after_leaves_the_list_until_the_person_says_something_else(
    given: Given, pages: TestClient
) -> None:
    done = pages.post(f"/feedback/{given.ids[0]}/handle", data={"handled": "1"})
    assert "赵六" in done.text and ZH.unhandle in done.text
    assert (
        len(shown(pages)) == 3
        and shown(pages, handled="done") == [QUESTION]
        and len(shown(pages, handled="all")) == 4
    )
    given.book.change("user:王五", given.ids[0], Verdict.INCOMPLETE)
    assert len(shown(pages)) == 4
    pages.post(f"/feedback/{given.ids[1]}/handle", data={"handled": "1"})
    pages.post(f"/feedback/{given.ids[1]}/handle", data={"handled": ""})
    assert len(shown(pages)) == 4 and pages.post("/feedback/999/handle").status_code == 404


def test_both_kinds_of_database_keep_who_looked_after_what(database: Database, small: Assistant) -> None:
    book = FeedbackBook(database)
    kept = book.give("user:王五", Judged("turn", small.ask(QUESTION)), Verdict.WRONG_ANSWER)
    book.handle(kept, "赵六")
    assert book.one(kept).handled_by == "赵六" and book.one(kept).handled_at is not None
    assert [len(book.listed(FeedbackFilter(handled=handled))) for handled in (True, False, None)] == [1, 0, 1]
    book.give("user:王五", Judged("turn", small.ask(QUESTION)), Verdict.INCOMPLETE)
    assert (
        book.one(kept).handled_at is None
        and book.counts(FeedbackFilter(handled=True))[Verdict.INCOMPLETE] == 0
    )


def test_the_export_is_gold_that_the_evaluation_reads_and_finds_borne_out(
    pages: TestClient, small: Assistant, tmp_path: Path
) -> None:
    file = tmp_path / "feedback.jsonl"
    file.write_bytes(pages.get("/feedback/export.jsonl").content)
    questions = {question.question: question for question in read_file(file)}
    right = questions[QUESTION]
    assert (right.status, right.type, right.language) == ("answered", "fact", "zh-Hans")
    assert right.citations[0][0].document_id == NEW_RULES and right.facts
    follow_up = questions["那由谁召集？"]
    assert (follow_up.type, follow_up.history, follow_up.facts) == ("follow_up", (HISTORY[0][0],), ())
    silent = questions["火星移民怎么报名？"]
    assert (silent.type, silent.status, silent.citations) == ("unanswerable", "not_found", ())
    assert [str(p) for p in check_gold([right, silent], small.documents) if not p.is_note] == []
    only = pages.get("/feedback/export.jsonl", params={"verdict": "incomplete"}).text
    assert only.count("\n") == 1 and "feedback-3-incomplete" in only


def test_the_table_opens_in_a_spreadsheet_runs_nothing_and_is_logged(given: Given, pages: TestClient) -> None:
    answer = pages.get("/feedback/export.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="feedback.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 5 and len({len(row) for row in rows}) == 1
    cells = [cell for row in rows for cell in row]
    assert "'=1+1 多久召开？" in cells and "'=HYPERLINK(0)" in cells
    assert not any(cell.startswith("=") for cell in cells)
    [logged] = entries(given.services.database)
    assert (logged.person, logged.action, logged.detail) == ("赵六", "feedback-exported", "4 rows")


def test_a_reader_sees_nobodys_feedback(given: Given) -> None:
    with given.client(Role.READER) as reader:
        for path in ("/feedback", "/feedback/1", "/feedback/export.csv", "/feedback/export.jsonl"):
            assert reader.get(path).status_code == 403
        assert reader.post("/feedback/1/handle", data={"handled": "1"}).status_code == 403
    assert given.book.one(given.ids[0]).handled_at is None


def test_an_empty_list_says_where_feedback_comes_from(tmp_path: Path, small: Assistant) -> None:
    parts = services(FakeAssistant(), tmp_path)
    app = FastAPI()
    app.add_middleware(Comes, person=Person("赵六", Role.EDITOR))
    app.include_router(feedback_router(parts))
    with TestClient(app) as client:
        assert ZH.none in client.get("/feedback").text


def test_the_language_of_a_question_is_told() -> None:
    assert language_of_question("多久召开一次？") == "zh-Hans"
    assert language_of_question("多久召開一次？") == "zh-Hant"
    assert language_of_question("How often?") == "en"
