"""Opening the operator's database and running short transactions on it away from the event loop."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from nst_engine.errors import QueueUnavailable, UnknownSchema

Result = TypeVar("Result")
SECONDS_TO_WAIT_FOR_A_LOCK = 10.0


class Database:
    """Runs one short transaction at a time, each as one plain function, in a thread of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")

    async def read(self, transaction: Callable[[Connection], Result]) -> Result:
        """Run `transaction` on a consistent view. Raises QueueUnavailable."""
        return await self._run(transaction, writes=False)

    async def write(self, transaction: Callable[[Connection], Result]) -> Result:
        """Run `transaction` and commit, or roll all of it back. Raises QueueUnavailable."""
        return await self._run(transaction, writes=True)

    async def _run(self, transaction: Callable[[Connection], Result], *, writes: bool) -> Result:
        work = self._thread.submit(self._transact, transaction, writes=writes)
        # Shielded: a cancelled caller must not leave anybody guessing whether a queued commit happens.
        return await asyncio.shield(asyncio.wrap_future(work))

    def _transact(self, transaction: Callable[[Connection], Result], *, writes: bool) -> Result:
        try:
            with self._engine.connect().execution_options(writes=writes) as connection, connection.begin():
                return transaction(connection)
        except DBAPIError as error:
            raise QueueUnavailable(f"the database does not answer: {error.orig}") from error

    def close(self) -> None:
        """Finish what is under way and let the connections go."""
        self._thread.shutdown(wait=True)
        self._engine.dispose()


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """The database at `url`, its schema brought up to date. Raises QueueUnavailable or UnknownSchema."""
    engine = make_engine(url)
    database = Database(engine)
    try:
        await asyncio.to_thread(prepare_schema, engine)
        yield database
    finally:
        await asyncio.to_thread(database.close)


def make_engine(url: str) -> Engine:
    """An engine for `url`; for SQLite with write-ahead logging and real transactions."""
    parsed = sqlalchemy.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return sqlalchemy.create_engine(url, pool_pre_ping=True)
    _make_folder(parsed.database)
    engine = sqlalchemy.create_engine(
        url,
        poolclass=StaticPool,
        connect_args={"timeout": SECONDS_TO_WAIT_FOR_A_LOCK, "check_same_thread": False},
    )
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(database: str | None) -> None:
    if not database:
        return
    try:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise QueueUnavailable(f"the folder of the database {database} cannot be made: {error}") from error


def _configure_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late; ours is in `_begin_sqlite`
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # "saved" must survive a power cut: it is told to people
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def prepare_schema(engine: Engine) -> None:
    """Make the schema or bring it up to date. Raises UnknownSchema for one of a newer version."""
    try:
        with engine.connect() as connection, connection.begin():  # exclusive on SQLite: two starters cannot race
            _upgrade(connection)
    except DBAPIError as error:
        raise _cannot_open(engine, error.orig) from error
    except SQLAlchemyError as error:
        raise _cannot_open(engine, error) from error


def _cannot_open(engine: Engine, why: object) -> QueueUnavailable:
    return QueueUnavailable(f'the database cannot be opened (database.url = "{engine.url!r}"): {why}')


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaVersion:
    """Of a database, None where it has no tables yet; and the newest that this program knows."""

    current: str | None
    newest: str
    is_known: bool


def schema_version(connection: Connection) -> SchemaVersion:
    """Changes nothing."""
    script = ScriptDirectory.from_config(_migrations())
    current = MigrationContext.configure(connection).get_current_revision()
    known = {revision.revision for revision in script.walk_revisions()}
    newest = script.get_current_head() or ""
    return SchemaVersion(current=current, newest=newest, is_known=current is None or current in known)


def _upgrade(connection: Connection) -> None:
    found = schema_version(connection)
    if not found.is_known:
        raise UnknownSchema(
            f"the database has schema {found.current}, which this version does not know; "
            "install the version of stylize-bot that made it, or a newer one"
        )
    if found.current != found.newest:
        config = _migrations()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config
