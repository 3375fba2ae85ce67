"""A password in, its hash or what is wrong with it out (argon2id)."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 10, 200

_hasher = PasswordHasher()
_at_once = BoundedSemaphore(2)  # each hash takes 64 MiB and all cores


class Fault(StrEnum):
    """Why a password is not taken; the words for it stand in texts.py."""

    SHORT = "short"
    LONG = "long"
    NAME = "name"
    MONOTONE = "monotone"


def fault_of(password: str, name: str) -> Fault | None:
    """Return what is wrong with a new password of `name`, None when nothing is."""
    password = _normal(password)
    if len(password) < SHORTEST:
        return Fault.SHORT
    if len(password) > LONGEST:
        return Fault.LONG
    if len(set(password)) < 4:
        return Fault.MONOTONE
    bare = password.casefold().replace(name.casefold(), "")
    return Fault.NAME if len(bare) < SHORTEST // 2 else None


def hashed(password: str) -> str:
    """Return the hash to keep, with its salt and parameters."""
    with _at_once:
        return _hasher.hash(_normal(password))


def matches(password: str, kept: str | None) -> bool:
    """Say whether this is the password of the hash; for None (nobody's) it works as long and says no."""
    if len(password) > LONGEST:
        return False
    with _at_once:
        try:
            return _hasher.verify(kept or _nobodys(), _normal(password)) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Say whether the hash was made with other parameters than a new one would be."""
    return _hasher.check_needs_rehash(kept)


def warm_up() -> None:
    """Make nobody's hash now, so that the first unknown name takes no longer than a known one."""
    _nobodys()


@cache
def _nobodys() -> str:
    return _hasher.hash("")


def _normal(password: str) -> str:
    # The same character may be typed as one code point or as two.
    return unicodedata.normalize("NFC", password)
