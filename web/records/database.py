"""A database URL in, a Database out: its tables brought to the newest form by Alembic."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import DateTime, Dialect, Engine, Text, TypeDecorator, create_engine, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

MIGRATIONS = Path(__file__).with_name("migrations")
MIGRATING = 20_231_241  # any number that nothing else on the server locks by


class DatabaseError(RuntimeError):
    """The database cannot be used; the message names it without its password, and says what to do."""


class Base(DeclarativeBase):
    """The mapped classes of this package; their tables are made by the migrations."""


class UtcTime(TypeDecorator[datetime]):
    """A moment, with its zone in Python and as UTC in the table: SQLite knows no zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


class Words(TypeDecorator[str]):
    """What people write, without what PostgreSQL cannot keep: the character 0 and halves of characters."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value.encode("utf-8", "replace").decode("utf-8").replace("\0", "") if value else value


class Database:
    """Opens sessions: `with database.session() as session:` commits at the end, and rolls back on an error."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._sessions = sessionmaker(engine, expire_on_commit=False)

    def session(self) -> Session:
        """Return a context manager of one transaction."""
        return self._sessions.begin()  # type: ignore[return-value]  # a context manager that yields a Session

    def close(self) -> None:
        """Close the connections that are kept open."""
        self.engine.dispose()


def open_database(url: str, *, root: Path) -> Database:
    """Return the database at `url` (SQLAlchemy's form), its tables brought up to date.

    The path of an SQLite file is taken from `root` unless absolute; its folder is made. Raises DatabaseError.
    """
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:"):
            file = root / str(address.database)
            file.parent.mkdir(parents=True, exist_ok=True)
            address = address.set(database=str(file))
        engine = create_engine(address, pool_pre_ping=True)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _careful)
        with engine.begin() as connection:
            # Whole or not at all, and one process at a time: SQLite's driver would commit each table by itself.
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            elif engine.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))
            settings = AlembicConfig()
            settings.set_main_option("script_location", str(MIGRATIONS))
            settings.attributes["connection"] = connection
            command.upgrade(settings, "head")
    except (ArgumentError, ModuleNotFoundError, OSError, SQLAlchemyError) as error:
        shown = url if "@" not in url else url.split("://")[0] + "://…@" + url.rpartition("@")[2]
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise DatabaseError(
            f"web.database: {shown} cannot be used ({reason}); name another, such as sqlite:///data/records.db."
        ) from error
    return Database(engine)


def _careful(connection: object, _: object) -> None:
    # Readers go on while one writes; a second writer waits; references between tables hold.
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for setting in ("journal_mode=WAL", "busy_timeout=10000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()
