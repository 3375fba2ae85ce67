"""What a person asked and was answered, kept under their name until they delete it: mapped classes and their repository."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    CursorResult,
    ForeignKey,
    Index,
    Result,
    String,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)  # fmt: skip
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from qa.answer import Answer, answer_from_json, answer_to_json
from web.records.database import Base, Database, UtcTime, Words

LONGEST_TITLE = 80
MOST_CONVERSATIONS = 500  # of one person; the one that was left alone longest goes
MOST_TURNS = 200  # of one conversation; the oldest go


class NoConversation(KeyError):
    """There is no such conversation, or it is somebody else's, which is told the same."""


class Conversation(Base):
    """Turns under a title; `conversation_id` cannot be guessed."""

    __tablename__ = "conversations"
    __table_args__ = (Index("conversations_of_owner", "owner", "changed"),)

    conversation_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner: Mapped[str] = mapped_column(String(300))  # Person.owner
    title: Mapped[str] = mapped_column(Words)
    created: Mapped[datetime] = mapped_column(UtcTime)
    changed: Mapped[datetime] = mapped_column(UtcTime)
    turns: Mapped[list[KeptTurn]] = relationship(
        order_by="KeptTurn.number", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )


class KeptTurn(Base):
    """A question and its answer; without one, answering failed. Another answer is another turn, of another `turn_id`."""

    __tablename__ = "turns"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.conversation_id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)  # from 0, rising; not without gaps
    turn_id: Mapped[str] = mapped_column(String(32), unique=True)
    question: Mapped[str] = mapped_column(Words)
    text: Mapped[str] = mapped_column(Words)  # of the answer, for searching
    answer_json: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    @property
    def answer(self) -> Answer | None:
        """The answer as it was given; None when answering failed."""
        return answer_from_json(self.answer_json) if self.answer_json is not None else None


class Conversations:
    """The conversations of a database; each call names whose they are, and touches nobody else's."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def listed(
        self, owner: str, words: str = "", *, limit: int = MOST_CONVERSATIONS
    ) -> Sequence[Conversation]:
        """Return those whose title, questions or answers hold every word, the last changed first, without their turns."""
        wanted = select(Conversation).where(Conversation.owner == owner)
        for word in words.split():
            told = exists().where(
                KeptTurn.conversation_id == Conversation.conversation_id,
                or_(
                    KeptTurn.question.icontains(word, autoescape=True),
                    KeptTurn.text.icontains(word, autoescape=True),
                ),
            )
            in_title = Conversation.title.icontains(word, autoescape=True)
            wanted = wanted.where(or_(in_title, told))
        newest = wanted.order_by(Conversation.changed.desc(), Conversation.conversation_id).limit(limit)
        with self.database.session() as session:
            return session.scalars(newest).all()

    def opened(self, owner: str, conversation_id: str) -> Conversation:
        """Return one with its turns. Raises NoConversation."""
        wanted = (
            select(Conversation)
            .where(*_own(owner, conversation_id))
            .options(selectinload(Conversation.turns))
        )
        with self.database.session() as session:
            found = session.scalars(wanted).one_or_none()
        if found is None:
            raise NoConversation(conversation_id)
        return found

    def start(self, owner: str, question: str) -> str:
        """Return the id of a new conversation, named after its first question; the oldest beyond the limit go."""
        now = datetime.now(UTC)
        made = Conversation(
            conversation_id=secrets.token_urlsafe(12), owner=owner, title=title_of(question), created=now,
            changed=now,
        )  # fmt: skip
        own = select(Conversation.conversation_id).where(Conversation.owner == owner)
        with self.database.session() as session:
            session.add(made)
            session.flush()
            surplus = session.scalars(
                own.order_by(Conversation.changed.desc()).offset(MOST_CONVERSATIONS)
            ).all()
            session.execute(delete(Conversation).where(Conversation.conversation_id.in_(surplus)))
        return made.conversation_id

    def keep(
        self, owner: str, conversation_id: str, *, number: int | None, question: str, answer: Answer | None
    ) -> tuple[str, int]:
        """Put a turn in place of those from its number on, None: behind the last one, which another window may have put
        there meanwhile; return its id and its number. Raises NoConversation."""
        here = KeptTurn.conversation_id == conversation_id
        with self.database.session() as session:
            _change(
                session, owner, conversation_id, changed=datetime.now(UTC)
            )  # nobody else writes to it now
            if number is None:
                last = session.scalar(select(func.max(KeptTurn.number)).where(here))
                number = 0 if last is None else last + 1
            gone = or_(KeptTurn.number >= number, KeptTurn.number <= number - MOST_TURNS)
            session.execute(delete(KeptTurn).where(here, gone))
            turn = KeptTurn(
                conversation_id=conversation_id, number=number, turn_id=secrets.token_urlsafe(12),
                question=question, text=answer.text if answer else "",
                answer_json=answer_to_json(answer) if answer else None,
            )  # fmt: skip
            session.add(turn)
        return turn.turn_id, number

    def rename(self, owner: str, conversation_id: str, title: str) -> None:
        """Give it another title; an empty one is refused with ValueError. Raises NoConversation."""
        if not title.strip():
            raise ValueError("a title needs a word")
        with self.database.session() as session:
            _change(session, owner, conversation_id, title=title_of(title))

    def delete(self, owner: str, conversation_id: str) -> None:
        """Remove it and its turns for good. Raises NoConversation."""
        with self.database.session() as session:
            _found(
                session.execute(delete(Conversation).where(*_own(owner, conversation_id))), conversation_id
            )


def title_of(question: str) -> str:
    """Return a question as a title: one line, cut where it grows too long."""
    line = " ".join(question.split())
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1] + "…"


def _own(owner: str, conversation_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Conversation.conversation_id == conversation_id, Conversation.owner == owner


def _change(session: Session, owner: str, conversation_id: str, **values: Any) -> None:
    # Written before anything is read: of two at once, the second waits here.
    changed = session.execute(update(Conversation).where(*_own(owner, conversation_id)).values(**values))
    _found(changed, conversation_id)


def _found(result: Result[Any], conversation_id: str) -> None:
    assert isinstance(result, CursorResult)
    if not result.rowcount:
        raise NoConversation(conversation_id)
