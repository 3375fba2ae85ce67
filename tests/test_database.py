"""web.records.database: a database is opened, kept safe, and its absence told in words."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.operations import Operations
from sqlalchemy import text

from web.records.database import DatabaseError, open_database


def test_a_file_is_made_in_the_folder_of_the_config_and_keeps_references(tmp_path: Path):
    database = open_database("sqlite:///data/records.db", root=tmp_path)
    assert (tmp_path / "data" / "records.db").is_file()
    with database.session() as session:
        assert session.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert session.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    database.close()


@pytest.mark.parametrize("url", ["sqlite", "nosuch://x", "postgresql+pg8000://me:secret@127.0.0.1:1/none"])
def test_a_database_that_cannot_be_used_is_told_without_its_password(url: str, tmp_path: Path):
    with pytest.raises(DatabaseError, match=r"web\.database: .* cannot be used") as told:
        open_database(url, root=tmp_path)
    assert "secret" not in str(told.value)


def test_a_first_start_that_is_interrupted_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(Operations, "create_index", interrupted)  # behind the first table
        with pytest.raises(KeyboardInterrupt):
            open_database("sqlite:///records.db", root=tmp_path)
    database = open_database("sqlite:///records.db", root=tmp_path)
    with database.session() as session:
        assert session.execute(text("SELECT count(*) FROM conversations")).scalar() == 0
    database.close()


def test_servers_that_start_together_make_the_tables_once(database_url: str, tmp_path: Path):
    with ThreadPoolExecutor(4) as servers:
        for opened in servers.map(lambda _: open_database(database_url, root=tmp_path), range(4)):
            opened.close()
