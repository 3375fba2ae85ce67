"""API keys: made, shown once, known by their hash, revoked."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from web.access.people import Role
from web.access.sessions import MINUTE, Known
from web.access.tokens import KEY_PREFIX, new_token, token_hash
from web.records.database import Database
from web.records.people import ApiKey, Clock, User, utc_now

LONGEST_NOTE = 100
MOST_KEYS = 50  # of one person


class KeyRefused(ValueError):
    """No such key, or one too many; the message says which."""


class Keys:
    """The keys of a database."""

    def __init__(self, database: Database, *, now: Clock = utc_now) -> None:
        self.database, self.now = database, now

    def make(self, name: str, note: str) -> str:
        """Return a new key of a person, which nobody can ask for again. Raises KeyRefused."""
        if len(self.of(name)) >= MOST_KEYS:
            raise KeyRefused(f"{name} has {MOST_KEYS} keys, the most there may be; revoke some first")
        key = KEY_PREFIX + new_token()
        made = ApiKey(key_hash=token_hash(key), name=name, note=note.strip()[:LONGEST_NOTE], made=self.now())
        with self.database.session() as session:
            session.add(made)
        return key

    def known(self, key: str) -> Known | None:
        """Return whose key this is, None when it was revoked or never was."""
        now = self.now()
        wanted = select(ApiKey, User.role).join(User).where(ApiKey.key_hash == token_hash(key))
        with self.database.session() as session:
            found = session.execute(wanted).one_or_none()
        if found is None:
            return None
        held, role = found
        if held.used is None or now - held.used > MINUTE:
            this = ApiKey.key_id == held.key_id
            with self.database.session() as session:
                session.execute(update(ApiKey).where(this).values(used=now))
        return Known(held.name, Role(role), session_id=0)

    def of(self, name: str | None = None) -> Sequence[ApiKey]:
        """Return the keys of one person, or everybody's, oldest first."""
        wanted = select(ApiKey).order_by(ApiKey.key_id)
        with self.database.session() as session:
            return session.scalars(wanted.where(ApiKey.name == name) if name is not None else wanted).all()

    def revoke(self, key_id: int, *, name: str | None = None) -> ApiKey:
        """End a key, where `name` is given only one of that person; return what it was. Raises KeyRefused."""
        with self.database.session() as session:
            held = session.get(ApiKey, key_id)
            if held is None or name not in (None, held.name):
                raise KeyRefused(f"there is no key {key_id}; those there are: python -m web.people keys")
            session.execute(delete(ApiKey).where(ApiKey.key_id == key_id))
        return held
