"""Opening the database, `nst_engine/queue/database.py`, and its migrations."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from nst_engine.errors import QueueUnavailable, UnknownSchema
from nst_engine.queue.database import Database, make_engine, open_database
from nst_engine.queue.store import JobStore
from tests.queue_samples import new_job
from tests.schema_now import every_table


async def test_what_was_saved_is_there_after_a_restart(database_url: str) -> None:
    async with open_database(database_url) as database:
        await JobStore(database).submit(new_job())
    async with open_database(database_url) as database:
        assert await JobStore(database).get("1") is not None


async def test_the_migrations_make_the_schema_that_the_code_expects(database: Database) -> None:
    differences = await database.read(
        lambda connection: compare_metadata(MigrationContext.configure(connection), every_table())
    )
    assert differences == []


async def test_several_processes_may_open_a_new_database_at_the_same_time(database_url: str) -> None:
    async def open_and_submit(number: int) -> None:
        async with open_database(database_url) as database:
            await JobStore(database).submit(new_job(str(number)))

    await asyncio.gather(*(open_and_submit(number) for number in range(4)))
    async with open_database(database_url) as database:
        assert await JobStore(database).open_count() == 4


async def test_a_schema_of_another_version_is_refused_with_its_name(database_url: str, tmp_path: Path) -> None:
    async with open_database(database_url):
        pass
    with sqlite3.connect(tmp_path / "queue" / "jobs.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(UnknownSchema, match="9999"):
        async with open_database(database_url):
            pass


async def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "jobs.db").write_bytes(b"this is not a database, but it is long enough to look at" * 50)
    with pytest.raises(QueueUnavailable, match="not a database"):
        async with open_database(f"sqlite:///{tmp_path}/jobs.db"):
            pass


async def test_a_folder_that_cannot_be_made_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(QueueUnavailable, match="cannot be made"):
        make_engine(f"sqlite:///{tmp_path}/file/jobs.db")


async def test_a_failed_transaction_leaves_nothing_behind(database: Database) -> None:
    store = JobStore(database)

    def half_done(connection: object) -> None:
        connection.exec_driver_sql("DELETE FROM jobs")  # type: ignore[attr-defined]  # a plain object is enough here
        raise RuntimeError("in the middle")

    await store.submit(new_job())
    with pytest.raises(RuntimeError, match="in the middle"):
        await database.write(half_done)
    assert await store.open_count() == 1
