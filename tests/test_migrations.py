"""A database that an earlier version made, opened by this one: `nst_engine/queue/migrations`."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from nst_engine.contract.events import FailureReason
from nst_engine.contract.jobs import JobState
from nst_engine.contract.params import PresetName, StylizeParams
from nst_engine.queue.database import open_database
from nst_engine.queue.leases import Leases
from nst_engine.queue.outbox import Outbox
from nst_engine.queue.store import JobStore
from tests.queue_samples import SUMMARY
from tests.schema_0001 import STATES, insert_old_job, make_old_database
from tests.schema_now import every_table


async def test_an_old_database_gets_the_schema_of_a_new_one(database_url: str) -> None:
    make_old_database(database_url)
    async with open_database(database_url) as database:
        differences = await database.read(
            lambda connection: compare_metadata(MigrationContext.configure(connection), every_table())
        )
    assert differences == []


async def test_jobs_of_every_state_are_read_as_they_were_with_none_of_the_new_choices(database_url: str) -> None:
    make_old_database(database_url)
    async with open_database(database_url) as database:
        jobs = [await JobStore(database).get(state) for state in STATES]
    assert [job.state for job in jobs if job] == list(JobState)
    for job in jobs:
        assert job is not None
        assert job.params == StylizeParams(preset=PresetName.PAPER, strength=60, seed=7)
        assert (job.mask_blobs, job.start_blob, job.timelapse_blob, job.address) == ((), None, None, {"channel": 7})
    running, done, failed = jobs[1:4]
    assert (running and running.epoch, done and done.result_blob, done and done.summary) == (1, "r", SUMMARY)
    assert failed is not None
    assert (failed.failure, failed.failure_detail) == (FailureReason.BAD_PICTURE, "Empty.")


async def test_old_jobs_go_on_from_where_they_stood(database_url: str) -> None:
    make_old_database(database_url)
    async with open_database(database_url) as database:
        leases, outbox = Leases(database, lease_seconds=10), Outbox(database)
        assert await outbox.due() == ["done", "failed"]
        assert [job.id for job in await leases.release_expired()] == ["running"]
        claimed = [await leases.claim("engine") for _ in range(3)]
        assert [job and (job.id, job.attempts) for job in claimed] == [("queued", 1), ("running", 2), None]
        assert claimed[0] is not None
        await leases.complete(claimed[0], result_blob="r", result_format="png", summary=SUMMARY, timelapse_blob="t")
        job = await JobStore(database).get("queued")
        assert job is not None
        assert job.timelapse_blob == "t"


async def test_a_bot_of_the_version_before_that_still_runs_goes_on_handing_in_jobs(database_url: str) -> None:
    make_old_database(database_url)
    async with open_database(database_url) as database:
        insert_old_job(database_url, {"id": "late"})
        job = await JobStore(database).get("late")
    assert job is not None
    assert (job.state, job.mask_blobs) == (JobState.QUEUED, ())


async def test_opening_it_a_second_time_changes_nothing(database_url: str) -> None:
    make_old_database(database_url)
    for _ in range(2):
        async with open_database(database_url) as database:
            assert len(await JobStore(database).open_jobs()) == 4
