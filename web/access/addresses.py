"""Hosts and addresses as settings and headers name them."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def names(listed: str) -> tuple[str, ...]:
    """Return the parts of a setting that stand between commas, in small letters."""
    return tuple(part.strip().lower() for part in listed.split(",") if part.strip())


def hostname(host: str) -> str:
    """Return a Host header's name without its port, "" for one that is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def is_address(name: str) -> bool:
    """Say whether this is an IP address and no name."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches a server on this host."""
    return host.lower() == "localhost" or (is_address(host) and ipaddress.ip_address(host).is_loopback)
