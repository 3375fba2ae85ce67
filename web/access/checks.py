"""Settings in; an error out where they would let in anybody, or nobody."""

from __future__ import annotations

import ipaddress

from config import ConfigError, WebConfig
from web.access.accounts import Accounts
from web.access.addresses import is_loopback, names
from web.records.database import Database

DOCS = "see docs/access.md"


def check_access(web: WebConfig) -> None:
    """Raise ConfigError where the settings would let in anybody, or nobody."""
    for part in names(web.trusted_proxies):
        try:
            ipaddress.ip_network(part)
        except ValueError as error:
            raise ConfigError(
                f"web.trusted_proxies: {part!r} is no address and no network such as 10.1.0.0/16 ({error})."
            ) from error
    if web.access == "none" and not is_loopback(web.host):
        raise ConfigError(
            f"web.host {web.host} lets others in, and web.access: none would let them do everything. Either keep "
            "web.host: 127.0.0.1, or make a user (python -m web.people add NAME --role editor) and set "
            f"web.access: users; {DOCS}."
        )
    if web.access == "none" and web.public_host:
        raise ConfigError(
            f"web.public_host {web.public_host!r} is for others, and web.access: none would let them do everything. "
            f"Set web.access: users or proxy, or leave web.public_host empty; {DOCS}."
        )
    if web.access == "proxy":
        for setting in ("trusted_proxies", "proxy_header", "public_host"):
            if not getattr(web, setting).strip():
                raise ConfigError(f"web.access: proxy needs web.{setting}, which is empty; {DOCS}.")


def check_people(web: WebConfig, database: Database) -> None:
    """Raise ConfigError where people should log in and there are none."""
    if web.access == "users" and not Accounts(database).exist():
        raise ConfigError(
            "web.access: users, but there is no user yet. Make one: python -m web.people add NAME --role editor"
        )
