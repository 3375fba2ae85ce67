"""Who may come in: people with their passwords, log-ins and keys, and the log of what they did. Mapped classes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from web.records.database import Base, UtcTime, Words

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)


class User(Base):
    """A person who logs in here."""

    __tablename__ = "users"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(300))
    made: Mapped[datetime] = mapped_column(UtcTime)


class LoginSession(Base):
    """A log-in that may still hold; of its token only the hash is kept."""

    __tablename__ = "login_sessions"

    session_id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(ForeignKey("users.name", ondelete="CASCADE"), index=True)
    made: Mapped[datetime] = mapped_column(UtcTime)
    seen: Mapped[datetime] = mapped_column(UtcTime)  # to the minute
    address: Mapped[str] = mapped_column(String(100))
    agent: Mapped[str] = mapped_column(Words)  # as the browser calls itself


class ApiKey(Base):
    """A key with which a program acts for a person; only its hash is kept."""

    __tablename__ = "api_keys"

    key_id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(ForeignKey("users.name", ondelete="CASCADE"), index=True)
    note: Mapped[str] = mapped_column(Words)
    made: Mapped[datetime] = mapped_column(UtcTime)
    used: Mapped[datetime | None] = mapped_column(UtcTime)  # to the minute


class AuditEntry(Base):
    """Something that a person did, or tried to do, to people or to the corpus; never what they asked."""

    __tablename__ = "audit"
    __table_args__ = (Index("audit_of_day", "at"),)

    entry_id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    person: Mapped[str] = mapped_column(String(200))  # stays when the person is removed
    address: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(50))
    object: Mapped[str] = mapped_column(Words)
    detail: Mapped[str] = mapped_column(Words)
