"""What people said of an answer, kept with all that it was said of: a mapped class and its repository."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Index,
    String,
    UniqueConstraint,
    delete,
    func,
    or_,
    select,
)  # fmt: skip
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from qa.answer import Answer, answer_from_json, answer_to_json
from web.records.database import Base, Database, UtcTime, Words

LONGEST_WORD = 2000  # characters of what a person writes beside the verdict


class NoFeedback(KeyError):
    """There is no such feedback, or it is somebody else's, which is told the same."""


class Verdict(StrEnum):
    """What a person may say of an answer."""

    RIGHT = "right"
    WRONG_ANSWER = "wrong_answer"
    WRONG_CITATION = "wrong_citation"
    INCOMPLETE = "incomplete"


class Feedback(Base):
    """One person's verdict on one answer."""

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("owner", "turn_id"), Index("feedback_of_day", "made_at"))

    feedback_id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UtcTime)  # or last changed
    owner: Mapped[str] = mapped_column(String(300))  # Person.owner
    turn_id: Mapped[str] = mapped_column(String(32))  # of the conversation, which may be gone
    verdict: Mapped[str] = mapped_column(String(20))
    word: Mapped[str] = mapped_column(Words)
    question: Mapped[str] = mapped_column(Words)
    text: Mapped[str] = mapped_column(Words)  # of the answer, for searching
    answer_json: Mapped[dict[str, Any]] = mapped_column(JSON)
    history: Mapped[list[list[str]]] = mapped_column(
        JSON
    )  # the turns before: [question, answer text], oldest first
    index_build: Mapped[str] = mapped_column(String(100))  # which index answered

    @property
    def answer(self) -> Answer:
        """The answer that was judged."""
        return answer_from_json(self.answer_json)


@dataclass(frozen=True)
class Judged:
    """What a verdict is on."""

    turn_id: str
    answer: Answer
    history: Sequence[tuple[str, str]] = ()
    index_build: str = ""


@dataclass(frozen=True)
class FeedbackFilter:
    """Which feedback is wanted: of one verdict, with every word in question, answer or remark, from day to day (this machine's)."""

    verdict: Verdict | None = None
    words: str = ""
    first: date | None = None
    last: date | None = None


class FeedbackBook:
    """The feedback of a database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def give(self, owner: str, judged: Judged, verdict: Verdict, word: str = "") -> int:
        """Keep a verdict, in place of what this person said of this answer before; return its id.

        Raises ValueError for a word that is too long.
        """
        _check(word)
        try:
            return self._put(owner, judged, verdict, word)
        except IntegrityError:  # the same person's other tab was faster
            return self._put(owner, judged, verdict, word)

    def _put(self, owner: str, judged: Judged, verdict: Verdict, word: str) -> int:
        known = select(Feedback).where(Feedback.owner == owner, Feedback.turn_id == judged.turn_id)
        with self.database.session() as session:
            feedback = session.scalars(known).one_or_none() or Feedback(owner=owner, turn_id=judged.turn_id)
            feedback.made_at, feedback.verdict, feedback.word = datetime.now(UTC), verdict.value, word.strip()
            feedback.question, feedback.text = judged.answer.question, judged.answer.text
            feedback.answer_json = answer_to_json(judged.answer)
            feedback.history = [list(pair) for pair in judged.history]
            feedback.index_build = judged.index_build
            session.add(feedback)
            session.flush()
            return feedback.feedback_id

    def change(self, owner: str, feedback_id: int, verdict: Verdict, word: str = "") -> None:
        """Say something else of the same answer. Raises NoFeedback; ValueError for a word that is too long."""
        _check(word)
        with self.database.session() as session:
            feedback = session.get(Feedback, feedback_id)
            if feedback is None or feedback.owner != owner:
                raise NoFeedback(feedback_id)
            feedback.made_at, feedback.verdict, feedback.word = datetime.now(UTC), verdict.value, word.strip()

    def withdraw(self, owner: str, turn_id: str) -> None:
        """Remove what this person said of this answer, if anything."""
        with self.database.session() as session:
            session.execute(delete(Feedback).where(Feedback.owner == owner, Feedback.turn_id == turn_id))

    def given(self, owner: str, turn_ids: Sequence[str]) -> dict[str, Feedback]:
        """Return what this person said of these answers, by turn."""
        wanted = select(Feedback).where(Feedback.owner == owner, Feedback.turn_id.in_(turn_ids))
        with self.database.session() as session:
            return {feedback.turn_id: feedback for feedback in session.scalars(wanted)}

    def one(self, feedback_id: int) -> Feedback:
        """Return one of anybody's. Raises NoFeedback."""
        with self.database.session() as session:
            found = session.get(Feedback, feedback_id)
        if found is None:
            raise NoFeedback(feedback_id)
        return found

    def listed(
        self, wanted: FeedbackFilter = FeedbackFilter(), *, page: int = 1, size: int | None = 50
    ) -> Sequence[Feedback]:
        """Return a page (from 1) of everybody's, the newest first; size None: all of it."""
        chosen = (
            select(Feedback)
            .where(*_conditions(wanted))
            .order_by(Feedback.made_at.desc(), Feedback.feedback_id.desc())
        )
        if size is not None:
            chosen = chosen.limit(size).offset((page - 1) * size)
        with self.database.session() as session:
            return session.scalars(chosen).all()

    def counts(self, wanted: FeedbackFilter = FeedbackFilter()) -> dict[Verdict, int]:
        """Return how many there are of each verdict, none left out."""
        counted = (
            select(Feedback.verdict, func.count()).where(*_conditions(wanted)).group_by(Feedback.verdict)
        )
        with self.database.session() as session:
            found = {verdict: count for verdict, count in session.execute(counted)}
        return {verdict: found.get(verdict.value, 0) for verdict in Verdict}


def _check(word: str) -> None:
    if len(word) > LONGEST_WORD:
        raise ValueError(f"the word has {len(word)} characters; at most {LONGEST_WORD}.")


def _conditions(wanted: FeedbackFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.verdict is not None:
        conditions.append(Feedback.verdict == wanted.verdict.value)
    if wanted.first is not None:
        conditions.append(Feedback.made_at >= _midnight(wanted.first))
    if wanted.last is not None:
        conditions.append(Feedback.made_at < _midnight(wanted.last + timedelta(days=1)))
    searched = (Feedback.question, Feedback.text, Feedback.word)
    conditions += [
        or_(*(column.icontains(word, autoescape=True) for column in searched))
        for word in wanted.words.split()
    ]
    return conditions


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min).astimezone()
