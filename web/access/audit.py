"""The log of what people did to people and to the corpus: who, when, from where. What they ask is never in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select

from web.access.people import Person
from web.records.database import Database
from web.records.people import AuditEntry, Clock, utc_now


class Action(StrEnum):
    """What is logged here; other parts name their own actions in the same way."""

    LOG_IN = "log-in"
    LOG_IN_FAILED = "log-in-failed"
    LOG_IN_LOCKED = "log-in-locked"
    LOG_OUT = "log-out"
    SESSION_ENDED = "session-ended"
    PASSWORD_CHANGED = "password-changed"
    KEY_MADE = "key-made"
    KEY_REVOKED = "key-revoked"
    USER_ADDED = "user-added"
    USER_REMOVED = "user-removed"
    ROLE_CHANGED = "role-changed"


def record(
    database: Database,
    person: Person,
    action: str,
    object: str = "",
    detail: str = "",
    *,
    now: Clock = utc_now,
) -> None:
    """Put into the log that `person` did `action` to `object` (a name, a document's number, a file)."""
    who = person.owner if person.visitor else person.name
    entry = AuditEntry(
        at=now(), person=who, address=person.address, action=str(action), object=object,
        detail=detail,
    )  # fmt: skip
    with database.session() as session:
        session.add(entry)


def entries(database: Database, *, since: datetime | None = None) -> Sequence[AuditEntry]:
    """Return what was logged, oldest first."""
    wanted = select(AuditEntry).order_by(AuditEntry.entry_id)
    with database.session() as session:
        return session.scalars(wanted.where(AuditEntry.at >= since) if since else wanted).all()


def forget(database: Database, *, days: int, now: Clock = utc_now) -> None:
    """Remove what is older than so many days."""
    with database.session() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.at < now() - timedelta(days=days)))
