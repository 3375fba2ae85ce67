"""Secrets that need no slow hash, since nobody could guess them: 256 random bits."""

from __future__ import annotations

import hashlib
import secrets

KEY_PREFIX = "gwq_"  # tells people, and programs that search for leaked keys, what it is


def new_token() -> str:
    """Return a new secret."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
