"""People, passwords, log-ins, keys and the audit log as the database keeps them: on SQLite and on a PostgreSQL server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text, update

from tests.office import Clock
from web.access import audit
from web.access.accounts import AccountError, Accounts, BadPassword, proper_name
from web.access.keys import KeyRefused, Keys
from web.access.passwords import Fault, fault_of, warm_up
from web.access.people import NOBODY, Person, Role
from web.access.sessions import Known, Sessions
from web.records.conversations import Conversations
from web.records.database import Database, open_database
from web.records.people import User

PASSWORD = "correct horse battery"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    """li.si with a password, in a file."""
    database = open_database("sqlite:///records.db", root=tmp_path)
    accounts = Accounts(database)
    accounts.add("Li.Si", PASSWORD, Role.READER)
    yield accounts
    database.close()


@pytest.fixture
def database(database: Database, clock: Clock) -> Database:
    """li.si and wang, whose passwords nobody needs, in a database of each kind."""
    with database.session() as session:
        for name in ("li.si", "wang"):
            session.add(User(name=name, role="reader", password_hash="", made=clock.at))
    return database


@pytest.fixture
def sessions(database: Database, clock: Clock) -> Sessions:
    return Sessions(database, idle=timedelta(hours=3), longest=timedelta(hours=12), now=clock)


def everything_kept(database: Database) -> str:
    """Return all values of all tables, as one text."""
    with database.session() as session:
        return "\n".join(
            repr(row)
            for table in ("users", "login_sessions", "api_keys", "audit")
            for row in session.execute(text(f"SELECT * FROM {table}"))
        )


def test_a_person_is_known_by_the_password_alone_whatever_the_capitals_of_the_name(accounts: Accounts):
    assert accounts.check("LI.SI ", PASSWORD) is not None
    assert accounts.check("ｌｉ．ｓｉ", PASSWORD) is not None  # full-width letters of an input method
    assert accounts.check("li.si", PASSWORD + " ") is None
    assert accounts.check("li.si", "") is None
    assert accounts.check("nobody", PASSWORD) is None
    assert accounts.check("nobody", "") is None  # the stand-in's own password lets nobody in
    assert accounts.check("li.si", "x" * 100_000) is None


def test_a_name_that_is_taken_or_is_none_is_refused(accounts: Accounts):
    with pytest.raises(AccountError, match=r"li\.si is there already.*passwd li\.si"):
        accounts.add("LI.SI", PASSWORD, Role.EDITOR)
    assert proper_name(" 张三 ") == "张三"
    for name in ("", "a b", "x/y", "<b>", "长" * 65):
        with pytest.raises(AccountError, match="is no name"):
            proper_name(name)
    with pytest.raises(AccountError, match=r"nobody is called ghost.*web\.people list"):
        accounts.set_role("ghost", Role.EDITOR)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("123456789", Fault.SHORT),
        ("平谷区密码太短了点", Fault.SHORT),
        ("x" * 201, Fault.LONG),
        ("aaaaaaaaaabb", Fault.MONOTONE),
        ("zhang.san1", Fault.NAME),
        ("ZHANG.SANzhang.san!", Fault.NAME),
        ("十个汉字也就够长的了", None),
        (PASSWORD, None),
    ],
)
def test_a_password_is_long_and_not_the_name(password: str, fault: Fault | None):
    assert fault_of(password, "zhang.san") is fault


def test_a_bad_new_password_changes_nothing(accounts: Accounts):
    with pytest.raises(BadPassword):
        accounts.set_password("li.si", "short")
    assert accounts.check("li.si", PASSWORD) is not None


def test_an_unknown_name_costs_the_same_work_as_a_known_one(accounts: Accounts):
    def work(name: str) -> float:
        before = time.process_time()
        for _ in range(2):
            assert accounts.check(name, "some wrong password") is None
        return time.process_time() - before

    warm_up()
    known, unknown = work("li.si"), work("nobody")
    assert 0.4 < unknown / known < 2.5


def test_a_hash_of_older_parameters_is_made_anew_at_the_next_log_in(accounts: Accounts):
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with accounts.database.session() as session:
        session.execute(update(User).values(password_hash=old))
    assert accounts.check("li.si", "wrong password") is None
    assert accounts.find("li.si").password_hash == old
    assert accounts.check("li.si", PASSWORD) is not None
    new = accounts.find("li.si").password_hash
    assert new != old and not PasswordHasher().check_needs_rehash(new)
    assert accounts.check("li.si", PASSWORD) is not None


def test_no_password_token_or_key_is_kept_in_clear(sessions: Sessions, database: Database):
    Accounts(database).set_password("li.si", PASSWORD)
    token, key = sessions.start("li.si", address="10.1.2.3"), Keys(database).make("li.si", "OA")
    assert len(token) > 40 and len(key) > 40
    kept = everything_kept(database)
    assert "10.1.2.3" in kept and "OA" in kept
    assert [secret for secret in (PASSWORD, token, key, key.removeprefix("gwq_")) if secret in kept] == []


def test_a_log_in_ends_after_idle_time_and_after_absolute_time(sessions: Sessions, clock: Clock):
    token = sessions.start("li.si")
    known = sessions.known(token)
    assert known is not None and (known.name, known.role) == ("li.si", Role.READER)
    for _ in range(4):  # used every two hours and 50 minutes it goes on
        clock.forward(hours=2, minutes=50)
        assert sessions.known(token) is not None
    clock.forward(minutes=50)  # 12 hours and 10 minutes after it began
    assert sessions.known(token) is None
    idle = sessions.start("li.si")
    clock.forward(hours=3, minutes=1)
    assert sessions.known(idle) is None
    clock.forward(hours=-3)
    assert sessions.known(idle) is None  # it was removed, not just refused
    assert sessions.known("") is None


def test_log_ins_end_with_the_password_with_the_person_and_when_they_are_told_to(
    sessions: Sessions, database: Database
):
    accounts = Accounts(database)
    first, second, other = sessions.start("li.si"), sessions.start("li.si"), sessions.start("wang")
    ids = {item.session_id for item in sessions.of("li.si")}
    assert len(ids) == 2
    for session_id in ids:
        sessions.end("wang", session_id)  # another person's stay
    kept = sessions.known(second)
    assert kept is not None
    sessions.end_others("li.si", kept.session_id)
    assert sessions.known(first) is None and sessions.known(second) is not None
    accounts.set_password("li.si", "another password 2")
    assert sessions.known(second) is None and sessions.known(other) is not None
    accounts.remove("wang")
    assert sessions.known(other) is None


def test_a_role_counts_from_the_next_request_on(sessions: Sessions, database: Database):
    token = sessions.start("li.si")
    Accounts(database).set_role("li.si", Role.EDITOR)
    known = sessions.known(token)
    assert known is not None and known.role is Role.EDITOR


def test_a_key_stands_for_its_person_until_it_or_the_person_goes(database: Database, clock: Clock):
    keys = Keys(database, now=clock)
    first, second = keys.make("li.si", " OA "), keys.make("li.si", "")
    assert keys.known(first) == Known("li.si", Role.READER, session_id=0)
    held = keys.of("li.si")
    assert [(key.note, key.used) for key in held] == [("OA", clock.at), ("", None)]
    with pytest.raises(KeyRefused, match="there is no key"):
        keys.revoke(held[0].key_id, name="wang")
    keys.revoke(held[0].key_id)
    assert keys.known(first) is None and keys.known(second) is not None
    Accounts(database).remove("li.si")
    assert keys.known(second) is None and keys.of() == []


def test_whoever_gets_a_name_next_finds_no_conversation_of_the_one_before(database: Database):
    kept = Conversations(database)
    mine, other = kept.start("user:li.si", "多久召开一次？"), kept.start("user:wang", "由谁召集？")
    Accounts(database).remove("li.si")
    assert kept.listed("user:li.si") == []
    assert [item.conversation_id for item in kept.listed("user:wang")] == [other]
    assert mine != other


def test_the_log_is_kept_so_many_days(database: Database, clock: Clock):
    person = Person("li.si", Role.EDITOR, address="10.1.2.3")
    audit.record(database, person, "document-added", "京平政发〔2023〕2号", "规则.docx", now=clock)
    clock.forward(days=10)
    audit.record(database, NOBODY, audit.Action.LOG_IN_FAILED, "", now=clock)
    all_of_it = audit.entries(database)
    assert [(entry.person, entry.action, entry.address) for entry in all_of_it] == [
        ("li.si", "document-added", "10.1.2.3"),
        ("", "log-in-failed", ""),
    ]
    assert [entry.action for entry in audit.entries(database, since=clock.at)] == ["log-in-failed"]
    audit.forget(database, days=9, now=clock)
    assert [entry.action for entry in audit.entries(database)] == ["log-in-failed"]
