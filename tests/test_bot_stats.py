"""The figures of `python -m bot stats`: from rows, from a database in use, and from an empty one."""

import json
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.__main__ import main
from bot.stats import DIRECT_MESSAGES, Row, gather, period
from bot.stats_report import as_json, as_text
from nst_engine.contract.events import FailureReason
from nst_engine.contract.jobs import JobState
from nst_engine.errors import QueueUnavailable, UnknownSchema
from nst_engine.queue.blobs import DirectoryBlobs
from nst_engine.queue.database import Database
from nst_engine.queue.outbox import Outbox
from nst_engine.queue.schema import jobs
from nst_engine.queue.store import JobStore
from tests.fake_engine import FakeEngine
from tests.queue_samples import new_job
from tests.schema_0001 import make_old_database

NOW = 1_000_000.0
HOUR = 3600.0


def row(
    state: JobState,
    *,
    hours_ago: float = 0.0,
    waited: float | None = None,
    painted: float = 0.0,
    why: str | None = None,
) -> Row:
    created = NOW - hours_ago * HOUR
    started = None if waited is None else created + waited
    finished = None if started is None else started + painted
    return Row(state=state, failure=why, created_at=created, started_at=started, finished_at=finished)


def test_a_period_counts_what_was_handed_in_during_it() -> None:
    rows = [
        row(JobState.DONE, hours_ago=1, waited=2, painted=10),
        row(JobState.DONE, hours_ago=2, waited=4, painted=30),
        row(JobState.DONE, hours_ago=30, waited=100, painted=50),
        row(JobState.FAILED, hours_ago=3, waited=6, painted=1, why="out_of_memory"),
        row(JobState.QUEUED),
    ]
    day, week = (period(rows, hours=hours, now=NOW) for hours in (24, 168))
    assert (day.handed_in, week.handed_in) == (4, 5)
    assert day.states == {"queued": 1, "running": 0, "done": 2, "failed": 1, "cancelled": 0}
    assert day.failures == {"out_of_memory": 1}
    assert (day.median_wait_seconds, day.median_painting_seconds) == (4, 20)
    assert (week.median_wait_seconds, week.median_painting_seconds) == (5, 30)


def test_nothing_has_no_median() -> None:
    nothing = period([], hours=24, now=NOW)
    assert (nothing.handed_in, nothing.median_wait_seconds, nothing.median_painting_seconds) == (0, None, None)


async def test_a_database_in_use_is_reported(database: Database, database_url: str, tmp_path: Path) -> None:
    engine = FakeEngine(database, DirectoryBlobs(tmp_path / "blobs"), speed=2.5)
    await engine.check_in()
    for number, tenant in enumerate(("school", "school", "club", "ann")):
        await JobStore(database).submit(new_job(f"job-{number}", tenant_id=tenant, owner_id="ann"))
    for _ in range(3):
        await engine.finish(await engine.claim())
    await engine.fail(await engine.claim(), FailureReason.OUT_OF_MEMORY)
    await Outbox(database).delivered("job-0")
    await JobStore(database).submit(new_job("waits"))
    stats = await gather(database_url)
    assert (stats.waiting, stats.running) == (1, 0)
    assert [(one.device, one.speed) for one in stats.engines] == [("fake", 2.5)]
    assert stats.deliveries.under_way == 3
    assert stats.day.states["done"] == 3
    assert stats.week.failures == {"out_of_memory": 1}
    assert stats.servers == {"school": 2, "club": 1}, "the job in direct messages failed"
    said = as_text(stats)
    assert "fake on testhost, version 0: 2.50 megapixel evaluations/s" in said
    assert "  school                           2" in said
    assert json.loads(as_json(stats))["deliveries"]["under_way"] == 3


async def test_direct_messages_are_counted_together(database: Database, database_url: str, tmp_path: Path) -> None:
    engine = FakeEngine(database, DirectoryBlobs(tmp_path / "blobs"))
    for name in ("ann", "bob"):
        await JobStore(database).submit(new_job(f"of {name}", tenant_id=name, owner_id=name))
        await engine.finish(await engine.claim())
    assert (await gather(database_url)).servers == {DIRECT_MESSAGES: 2}


async def test_what_is_older_than_a_week_is_left_out(database: Database, database_url: str, tmp_path: Path) -> None:
    engine = FakeEngine(database, DirectoryBlobs(tmp_path / "blobs"))
    await JobStore(database).submit(new_job("old"))
    await engine.finish(await engine.claim())
    await database.write(lambda connection: connection.execute(update(jobs).values(created_at=1.0)))
    stats = await gather(database_url)
    assert (stats.week.handed_in, stats.servers) == (0, {})
    assert stats.deliveries.under_way == 1, "it is owed all the same"


async def test_an_empty_database_gives_zeros(database: Database, database_url: str) -> None:
    stats = await gather(database_url)
    assert (stats.day.handed_in, stats.deliveries.oldest_seconds, stats.servers) == (0, None, {})
    assert "median wait" in as_text(stats)


async def test_another_versions_database_is_left_as_it_is(database_url: str) -> None:
    make_old_database(database_url)
    for _ in range(2):
        with pytest.raises(UnknownSchema, match="the database has schema 0001, and this version reads"):
            await gather(database_url)


async def test_no_database_is_made(tmp_path: Path) -> None:
    with pytest.raises(QueueUnavailable, match="there is no database yet"):
        await gather(f"sqlite:///{tmp_path}/none.db")
    assert list(tmp_path.iterdir()) == []


def test_the_command_prints_text_or_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.toml").write_text("[engine]\nspawn = false\n")
    command = ["--config", str(tmp_path / "config.toml")]
    assert main(["stats", *command]) == 1
    assert "there is no database yet" in capsys.readouterr().err
    assert main(["db", "upgrade", *command]) == 0
    capsys.readouterr()
    assert main(["stats", *command]) == 0
    assert "engines alive: 0" in capsys.readouterr().out
    assert main(["stats", "--json", *command]) == 0
    assert json.loads(capsys.readouterr().out)["waiting"] == 0
