"""A token out at log-in, the person in with it at each request, until the log-in ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, or_, select, update

from web.access.people import Role
from web.access.tokens import new_token, token_hash
from web.records.database import Database
from web.records.people import Clock, LoginSession, User, utc_now

MINUTE = timedelta(
    minutes=1
)  # how exactly it is kept when someone was last here: not a write for each request


@dataclass(frozen=True)
class Known:
    """Whose log-in a token stands for."""

    name: str
    role: Role
    session_id: int


class Sessions:
    """The log-ins of a database; one ends `idle` after its last request, `longest` after its start, or when told to."""

    def __init__(
        self, database: Database, *, idle: timedelta, longest: timedelta, now: Clock = utc_now
    ) -> None:
        self.database, self.idle, self.longest, self.now = database, idle, longest, now

    def start(self, name: str, *, address: str = "", agent: str = "") -> str:
        """Return the token of a new log-in, which nobody can ask for again."""
        token, now = new_token(), self.now()
        made = LoginSession(
            token_hash=token_hash(token), name=name, made=now, seen=now, address=address, agent=agent[:300]
        )
        with self.database.session() as session:
            session.add(made)
        return token

    def known(self, token: str) -> Known | None:
        """Return whose log-in this is, None when it ended or never was."""
        now = self.now()
        wanted = (
            select(LoginSession, User.role).join(User).where(LoginSession.token_hash == token_hash(token))
        )
        with self.database.session() as session:
            found = session.execute(wanted).one_or_none()
        if found is None:
            return None
        held, role = found
        if now - held.seen > self.idle or now - held.made > self.longest:
            self.end(held.name, held.session_id)
            return None
        if now - held.seen > MINUTE:
            this = LoginSession.session_id == held.session_id
            with self.database.session() as session:
                session.execute(update(LoginSession).where(this).values(seen=now))
        return Known(held.name, Role(role), held.session_id)

    def of(self, name: str) -> Sequence[LoginSession]:
        """Return a person's log-ins that still hold, the last used first."""
        self.forget_ended()
        wanted = select(LoginSession).where(LoginSession.name == name)
        with self.database.session() as session:
            return session.scalars(
                wanted.order_by(LoginSession.seen.desc(), LoginSession.session_id.desc())
            ).all()

    def end(self, name: str, session_id: int) -> bool:
        """End one of a person's log-ins, nobody else's; say whether there was such a one."""
        one = LoginSession.session_id == session_id
        with self.database.session() as session:
            ended = session.execute(
                delete(LoginSession).where(LoginSession.name == name, one).returning(LoginSession.session_id)
            )
            return ended.first() is not None

    def end_others(self, name: str, session_id: int) -> None:
        """End a person's log-ins but this one."""
        others = LoginSession.session_id != session_id
        with self.database.session() as session:
            session.execute(delete(LoginSession).where(LoginSession.name == name, others))

    def forget_ended(self) -> None:
        """Remove what no longer holds."""
        now = self.now()
        ended = or_(LoginSession.seen < now - self.idle, LoginSession.made < now - self.longest)
        with self.database.session() as session:
            session.execute(delete(LoginSession).where(ended))
