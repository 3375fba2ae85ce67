"""python -m web.people: who may log in, their keys, and the log of what they did."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from pathlib import Path

from config import ConfigError, load_config
from web.access import audit
from web.access.accounts import AccountError, Accounts, BadPassword
from web.access.audit import Action
from web.access.keys import KeyRefused, Keys
from web.access.people import Person, Role
from web.access.texts import EN
from web.records.database import Database, DatabaseError, open_database

Command = Callable[[argparse.Namespace, Database], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what one command says; return 0, or 2 with a line on stderr when it cannot be done."""
    options = _parser().parse_args(arguments)
    try:
        config = load_config(options.config)
        database = open_database(config.web.database, root=config.root)
        try:
            options.command(options, database)
        finally:
            database.close()
    except BadPassword as error:
        print(f"people: {EN.faults[error.fault]}", file=sys.stderr)
        return 2
    except (AccountError, ConfigError, DatabaseError, KeyRefused) as error:
        print(f"people: {error}", file=sys.stderr)
        return 2
    return 0


def add(options: argparse.Namespace, database: Database) -> None:
    """Add a person."""
    user = Accounts(database).add(options.name, _new_password(), Role(options.role))
    _record(database, Action.USER_ADDED, user.name, user.role)
    _say(f"{user.name} may log in, as {user.role}.")


def passwd(options: argparse.Namespace, database: Database) -> None:
    """Give a person another password."""
    accounts = Accounts(database)
    user = accounts.find(options.name)
    accounts.set_password(user.name, _new_password())
    _record(database, Action.PASSWORD_CHANGED, user.name)
    _say(f"The password of {user.name} is changed; log-ins with the old one have ended.")


def role(options: argparse.Namespace, database: Database) -> None:
    """Make a person a reader or an editor."""
    accounts = Accounts(database)
    user = accounts.find(options.name)
    accounts.set_role(user.name, Role(options.role))
    _record(database, Action.ROLE_CHANGED, user.name, f"{user.role} -> {options.role}")
    _say(f"{user.name} is {options.role} now.")


def remove(options: argparse.Namespace, database: Database) -> None:
    """Remove a person."""
    accounts = Accounts(database)
    user = accounts.find(options.name)
    accounts.remove(user.name)
    _record(database, Action.USER_REMOVED, user.name)
    _say(f"{user.name} is removed, with conversations; log-ins and keys have ended.")


def list_people(options: argparse.Namespace, database: Database) -> None:
    """Print everybody."""
    keys = Keys(database)
    for user in Accounts(database).all():
        print(f"{user.role:<7} {_local(user.made)}  {len(keys.of(user.name))} keys  {user.name}")


def make_key(options: argparse.Namespace, database: Database) -> None:
    """Print a new key."""
    user = Accounts(database).find(options.name)
    key = Keys(database).make(user.name, options.note)
    _record(database, Action.KEY_MADE, user.name, options.note)
    print(key)
    _say("It is shown this once and kept as a hash: copy it now.")


def list_keys(options: argparse.Namespace, database: Database) -> None:
    """Print the keys of one person, or of all."""
    name = Accounts(database).find(options.name).name if options.name else None
    for key in Keys(database).of(name):
        used = _local(key.used) if key.used else "never"
        print(f"{key.key_id:>4}  made {_local(key.made)}  used {used:<16}  {key.name}  {key.note}")


def revoke(options: argparse.Namespace, database: Database) -> None:
    """End a key."""
    key = Keys(database).revoke(options.key_id)
    _record(database, Action.KEY_REVOKED, key.name, key.note)
    _say(f"Key {options.key_id} of {key.name} is revoked.")


def show_audit(options: argparse.Namespace, database: Database) -> None:
    """Print the audit log."""
    since = datetime.combine(options.since, time()).astimezone() if options.since else None
    for entry in audit.entries(database, since=since):
        told = {
            "at": entry.at.astimezone().isoformat(timespec="seconds"), "person": entry.person, "address": entry.address,
            "action": entry.action, "object": entry.object, "detail": entry.detail,
        }  # fmt: skip
        if options.json:
            print(json.dumps(told, ensure_ascii=False))
        else:
            print("  ".join(" ".join(value.split()) or "-" for value in told.values()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m web.people", description=__doc__.partition(": ")[2])
    parser.add_argument("--config", type=Path, default=None, metavar="FILE", help="default: config.yaml")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, does: Command) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=does.__doc__, description=does.__doc__)
        made.set_defaults(command=does)
        return made

    roles = [role.value for role in Role]
    made = command("add", add)
    made.add_argument("name", metavar="NAME")
    made.add_argument("--role", choices=roles, default=Role.READER.value, help="default: reader")
    command("passwd", passwd).add_argument("name", metavar="NAME")
    made = command("role", role)
    made.add_argument("name", metavar="NAME")
    made.add_argument("role", choices=roles)
    command("remove", remove).add_argument("name", metavar="NAME")
    command("list", list_people)
    made = command("key", make_key)
    made.add_argument("name", metavar="NAME")
    made.add_argument("--note", default="", help="what it is for")
    command("keys", list_keys).add_argument("name", metavar="NAME", nargs="?")
    command("revoke", revoke).add_argument(
        "key_id", metavar="KEY", type=int, help="its number in the list of keys"
    )
    made = command("audit", show_audit)
    made.add_argument("--since", type=date.fromisoformat, metavar="DAY", help="such as 2026-11-01")
    made.add_argument("--json", action="store_true", help="a line of JSON for each entry")
    return parser


def _new_password() -> str:
    """Return a password typed twice, or the first line of a pipe. Raises AccountError."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("New password: ")
    if getpass.getpass("The same again: ") != password:
        raise AccountError("the two are not the same; nothing was changed")
    return password


def _record(database: Database, action: Action, object: str, detail: str = "") -> None:
    # Whoever has the machine needs no name here; the system's says who it was.
    person = Person(f"{getpass.getuser()} (command line)", Role.EDITOR)
    audit.record(database, person, action, object, detail)


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _local(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M")


if __name__ == "__main__":
    sys.exit(main())
