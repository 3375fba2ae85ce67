"""web.records.feedback, on SQLite and on a PostgreSQL server."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update

from tests.fakes import FakeAssistant
from web.records.database import Database
from web.records.feedback import (
    LONGEST_WORD,
    Feedback,
    FeedbackBook,
    FeedbackFilter,
    Judged,
    NoFeedback,
    Verdict,
)  # fmt: skip

OWNER, OTHER = "visitor:one", "user:two"
ANSWER = FakeAssistant().ask("多久召开一次？")
JUDGED = Judged("turn-1", ANSWER, [("先问", "先答")], "build-1")


@pytest.fixture
def book(database: Database) -> FeedbackBook:
    return FeedbackBook(database)


def test_a_verdict_is_kept_with_all_that_it_is_on(book: FeedbackBook):
    kept = book.one(book.give(OWNER, JUDGED, Verdict.WRONG_CITATION, " 应引第三条 "))
    assert (kept.owner, kept.turn_id, kept.verdict, kept.word) == (
        OWNER,
        "turn-1",
        "wrong_citation",
        "应引第三条",
    )
    assert kept.answer == replace(ANSWER, latency_ms=12.3) and kept.question == ANSWER.question
    assert (kept.history, kept.index_build) == ([["先问", "先答"]], "build-1")
    assert datetime.now().astimezone() - kept.made_at < timedelta(minutes=1)


def test_a_persons_second_verdict_on_an_answer_takes_the_place_of_the_first(book: FeedbackBook):
    first = book.give(OWNER, JUDGED, Verdict.RIGHT)
    assert book.give(OWNER, JUDGED, Verdict.INCOMPLETE, "缺一项") == first
    book.give(OTHER, JUDGED, Verdict.RIGHT)
    book.give(OWNER, replace(JUDGED, turn_id="turn-2"), Verdict.RIGHT)
    assert [(item.owner, item.turn_id, item.verdict) for item in book.listed()] == [
        (OWNER, "turn-2", "right"), (OTHER, "turn-1", "right"), (OWNER, "turn-1", "incomplete"),
    ]  # fmt: skip
    given = book.given(OWNER, ["turn-1", "turn-2", "turn-3"])
    assert {turn: item.word for turn, item in given.items()} == {"turn-1": "缺一项", "turn-2": ""}


def test_feedback_is_changed_and_withdrawn_by_its_owner_alone(book: FeedbackBook):
    given = book.give(OWNER, JUDGED, Verdict.RIGHT)
    with pytest.raises(NoFeedback):
        book.change(OTHER, given, Verdict.INCOMPLETE)
    book.withdraw(OTHER, "turn-1")
    book.change(OWNER, given, Verdict.WRONG_ANSWER, "应为两周")
    assert (book.one(given).verdict, book.one(given).word) == ("wrong_answer", "应为两周")
    book.withdraw(OWNER, "turn-1")
    for attempt in (lambda: book.one(given), lambda: book.change(OWNER, given, Verdict.RIGHT)):
        with pytest.raises(NoFeedback):
            attempt()


def test_a_word_that_is_too_long_is_refused(book: FeedbackBook):
    book.give(OWNER, JUDGED, Verdict.RIGHT, "长" * LONGEST_WORD)
    with pytest.raises(ValueError, match="2001 characters; at most 2000"):
        book.give(OWNER, JUDGED, Verdict.RIGHT, "长" * (LONGEST_WORD + 1))


def test_feedback_is_filtered_by_verdict_words_and_days_and_counted(book: FeedbackBook):
    ids = [
        book.give(OWNER, replace(JUDGED, turn_id=f"turn-{n}"), verdict, word)
        for n, (verdict, word) in enumerate(
            [(Verdict.RIGHT, ""), (Verdict.WRONG_ANSWER, "应为100%"), (Verdict.WRONG_ANSWER, "应为两周")]
        )
    ]
    moments = [datetime(2026, 3, 1), datetime(2026, 3, 2, 23, 59), datetime(2026, 3, 3)]
    with book.database.session() as session:
        for feedback_id, moment in zip(ids, moments, strict=True):
            at = moment.astimezone()
            session.execute(update(Feedback).where(Feedback.feedback_id == feedback_id).values(made_at=at))

    def found(**wanted) -> list[int]:
        return [ids.index(item.feedback_id) for item in book.listed(FeedbackFilter(**wanted))]

    assert found() == [2, 1, 0]
    assert found(verdict=Verdict.WRONG_ANSWER) == [2, 1] and found(verdict=Verdict.INCOMPLETE) == []
    assert found(words="应为 两周") == [2] and found(words="0%") == [1] and found(words="%%") == []
    assert found(words="每周召开1次") == found(words="多久") == [2, 1, 0]
    assert found(first=date(2026, 3, 2)) == [2, 1] and found(last=date(2026, 3, 2)) == [1, 0]
    assert book.counts(FeedbackFilter(first=date(2026, 3, 2))) == {
        Verdict.RIGHT: 0, Verdict.WRONG_ANSWER: 2, Verdict.WRONG_CITATION: 0, Verdict.INCOMPLETE: 0,
    }  # fmt: skip
    pages = [[ids.index(item.feedback_id) for item in book.listed(page=page, size=2)] for page in (1, 2, 3)]
    assert pages == [[2, 1], [0], []] and len(book.listed(size=None)) == 3
