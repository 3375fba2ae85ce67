"""python -m web.people: people, keys and the log from the command line."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from config import PROJECT_ROOT
from web import people
from web.access.accounts import Accounts
from web.access.keys import Keys
from web.records.database import Database, open_database

PASSWORD = "平谷的密码要长一点才行"
TERMINAL = "<a person at the keyboard>"
Run = Callable[..., tuple[int, str, str]]


class Terminal(io.StringIO):
    """An input at which a person sits."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "my.yaml"
    file.write_text("web: {access: users}\n", encoding="utf-8")
    return file


@pytest.fixture
def run(config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that gives a command its arguments and its input, and returns its code, stdout and stderr."""

    def run(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", Terminal() if typed == TERMINAL else io.StringIO(typed))
        code = people.main(["--config", str(config), *arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def database(config: Path) -> Database:
    return open_database("sqlite:///data/records.db", root=config.parent)


def test_a_person_is_added_and_changed_and_removed_and_the_log_tells_it(run: Run, config: Path):
    assert run("add", "张三", "--role", "editor", typed=f"{PASSWORD}\n")[0] == 0
    assert run("add", "Li.Si", typed="reader-pass-word-1") == (0, "", "li.si may log in, as reader.\n")
    listed = run("list")[1].splitlines()
    assert [line.split()[0] for line in listed] == ["reader", "editor"]
    accounts = Accounts(database(config))
    assert accounts.check("张三", PASSWORD) is not None

    assert run("role", "li.si", "editor")[0] == 0
    assert run("passwd", "li.si", typed="another-pass-word\n")[0] == 0
    assert accounts.check("li.si", "another-pass-word") is not None
    assert run("remove", "li.si")[0] == 0
    assert run("list")[1].count("\n") == 1

    told = [json.loads(line) for line in run("audit", "--json")[1].splitlines()]
    assert [(entry["action"], entry["object"], entry["detail"]) for entry in told] == [
        ("user-added", "张三", "editor"), ("user-added", "li.si", "reader"), ("role-changed", "li.si", "reader -> editor"),
        ("password-changed", "li.si", ""), ("user-removed", "li.si", ""),
    ]  # fmt: skip
    assert all("(command line)" in entry["person"] for entry in told)
    assert run("audit", "--since", "2999-01-01")[1] == ""
    assert run("audit", "--since", "2020-01-01")[1].count("user-added") == 2
    assert PASSWORD not in run("audit")[1]


def test_a_key_is_printed_once_and_kept_as_a_hash(run: Run, config: Path):
    run("add", "li.si", typed=PASSWORD)
    code, out, err = run("key", "li.si", "--note", "办公自动化")
    key = out.strip()
    assert code == 0 and key.startswith("gwq_") and "\n" not in key and "this once" in err
    keys = Keys(database(config))
    assert keys.known(key) is not None
    listed = run("keys")[1]
    assert "办公自动化" in listed and key not in listed
    assert run("keys", "li.si")[1].split()[0] == listed.split()[0]
    assert key.encode() not in b"".join(file.read_bytes() for file in config.parent.glob("data/*"))
    assert run("revoke", listed.split()[0])[0] == 0
    assert keys.known(key) is None and run("keys")[1] == ""


@pytest.mark.parametrize(
    ("arguments", "typed", "told"),
    [
        (("add", "li.si"), "short", "too short: at least 10 characters"),
        (("add", "li.si"), "", "too short"),
        (("add", "a b"), PASSWORD, "is no name"),
        (("passwd", "ghost"), PASSWORD, "nobody is called ghost"),
        (("role", "ghost", "editor"), "", "nobody is called ghost"),
        (("remove", "ghost"), "", "python -m web.people list"),
        (("key", "ghost"), "", "nobody is called ghost"),
        (("keys", "ghost"), "", "nobody is called ghost"),
        (("revoke", "7"), "", "there is no key 7"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(arguments: tuple[str, ...], typed: str, told: str, run: Run):
    code, out, err = run(*arguments, typed=typed)
    assert (code, out) == (2, "")
    assert err.startswith("people: ") and told in err and err.count("\n") == 1


def test_a_typed_password_is_asked_for_twice(run: Run, monkeypatch: pytest.MonkeyPatch):
    typed = iter([PASSWORD, PASSWORD + "x", PASSWORD, PASSWORD])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    assert "not the same" in run("add", "li.si", typed=TERMINAL)[2]
    assert run("add", "li.si", typed=TERMINAL)[0] == 0


@pytest.mark.parametrize(
    "arguments", [(), ("add",), ("add", "x", "--role", "admin"), ("audit", "--since", "monday")]
)
def test_bad_usage_is_told_by_the_parser(arguments: tuple[str, ...], run: Run):
    with pytest.raises(SystemExit) as stopped:
        run(*arguments)
    assert stopped.value.code == 2


def test_the_command_reads_a_pipe_and_never_shows_the_password(config: Path):
    command = [
        sys.executable,
        "-m",
        "web.people",
        "--config",
        str(config),
        "add",
        "li.si",
        "--role",
        "editor",
    ]
    done = subprocess.run(
        command, input=f"{PASSWORD}\n", capture_output=True, text=True, cwd=PROJECT_ROOT, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "li.si may log in, as editor.\n"
