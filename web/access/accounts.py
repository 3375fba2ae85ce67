"""Names and passwords in, people out: those who log in here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from sqlalchemy import delete, func, select, update

from web.access.passwords import Fault, fault_of, hashed, is_outdated, matches
from web.access.people import Person, Role
from web.records.conversations import Conversation
from web.records.database import Database
from web.records.people import Clock, LoginSession, User, utc_now

NAME = re.compile(r"[\w.@-]{1,64}")


class AccountError(ValueError):
    """A person cannot be added, found or changed; the message says why and what to do."""


class BadPassword(AccountError):
    """A new password is not taken; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class Accounts:
    """The people of a database."""

    def __init__(self, database: Database, *, now: Clock = utc_now) -> None:
        self.database, self.now = database, now

    def add(self, name: str, password: str, role: Role) -> User:
        """Add a person. Raises AccountError for a name that is taken or no name, BadPassword."""
        name = proper_name(name)
        with self.database.session() as session:
            if session.get(User, name) is not None:
                raise AccountError(f"{name} is there already; to change the password: passwd {name}")
        kept = _checked_hash(password, name)
        user = User(name=name, role=role.value, password_hash=kept, made=self.now())
        with self.database.session() as session:
            session.add(user)
        return user

    def check(self, name: str, password: str) -> User | None:
        """Return the person of this name when it is their password; otherwise None, after the same work."""
        name = normal_name(name)
        with self.database.session() as session:
            user = session.get(User, name)
        if not matches(password, user.password_hash if user else None) or user is None:
            return None
        if is_outdated(user.password_hash):
            self._keep(name, hashed(password), ends_sessions=False)
        return user

    def set_password(self, name: str, password: str) -> None:
        """Give a person another password, which ends their log-ins. Raises AccountError, BadPassword."""
        user = self.find(name)
        self._keep(user.name, _checked_hash(password, user.name), ends_sessions=True)

    def set_role(self, name: str, role: Role) -> None:
        """Give a person another role, from their next request on. Raises AccountError."""
        user = self.find(name)
        with self.database.session() as session:
            session.execute(update(User).where(User.name == user.name).values(role=role.value))

    def remove(self, name: str) -> None:
        """Remove a person with their log-ins, keys and conversations. Raises AccountError."""
        user = self.find(name)
        owner = Person(user.name, Role(user.role)).owner
        with self.database.session() as session:  # whoever gets the name next must not find them
            session.execute(delete(Conversation).where(Conversation.owner == owner))
            session.execute(delete(User).where(User.name == user.name))

    def find(self, name: str) -> User:
        """Return the person of this name. Raises AccountError."""
        with self.database.session() as session:
            user = session.get(User, normal_name(name))
        if user is None:
            raise AccountError(f"nobody is called {name}; those who are there: python -m web.people list")
        return user

    def all(self) -> Sequence[User]:
        """Return everybody, by name."""
        with self.database.session() as session:
            return session.scalars(select(User).order_by(User.name)).all()

    def exist(self) -> bool:
        """Say whether there is anybody."""
        with self.database.session() as session:
            return bool(session.scalar(select(func.count()).select_from(User)))

    def _keep(self, name: str, password_hash: str, *, ends_sessions: bool) -> None:
        with self.database.session() as session:
            session.execute(update(User).where(User.name == name).values(password_hash=password_hash))
            if ends_sessions:
                session.execute(delete(LoginSession).where(LoginSession.name == name))


def normal_name(name: str) -> str:
    """Return a name as it is kept: 张三, zhang.san; capitals and full-width letters make no other person."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def proper_name(name: str) -> str:
    """Return a new person's name as it is kept. Raises AccountError."""
    normal = normal_name(name)
    if not NAME.fullmatch(normal):
        raise AccountError(
            f"{name!r} is no name: 1 to 64 letters, digits, Chinese characters, or any of . _ - @"
        )
    return normal


def _checked_hash(password: str, name: str) -> str:
    fault = fault_of(password, name)
    if fault is not None:
        raise BadPassword(fault)
    return hashed(password)
