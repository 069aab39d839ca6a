"""The engine's side of the queue, `nst_engine/queue/leases.py`."""

import pytest
from sqlalchemy import select, update

from nst_engine.contract.events import FailureReason
from nst_engine.contract.jobs import MAX_ATTEMPTS, JobState
from nst_engine.errors import FencedOut, UnreadableJob
from nst_engine.queue.database import Database
from nst_engine.queue.jobs import Job
from nst_engine.queue.leases import Leases
from nst_engine.queue.schema import jobs, progress
from nst_engine.queue.store import JobStore
from tests.queue_samples import SUMMARY, engine, new_job, report


@pytest.fixture
def dead_leases(database: Database) -> Leases:
    """Leases that have run out the moment they are taken: time passes without waiting for it."""
    return Leases(database, lease_seconds=-1)


async def claim(leases: Leases) -> Job:
    job = await leases.claim("engine")
    assert job is not None
    return job


async def test_a_claim_takes_each_job_once(store: JobStore, leases: Leases) -> None:
    await store.submit(new_job("1"))
    job = await claim(leases)
    assert (job.id, job.state, job.epoch, job.attempts, job.engine_id) == ("1", JobState.RUNNING, 1, 1, "engine")
    assert await leases.claim("another") is None


async def test_renewing_returns_the_cancel_flag(store: JobStore, leases: Leases) -> None:
    await store.submit(new_job())
    job = await claim(leases)
    assert await leases.renew(job) is False
    await store.request_cancel("1")
    assert await leases.renew(job) is True
    assert await leases.cancel_requested(job) is True


async def test_a_finished_job_keeps_its_picture_and_summary(store: JobStore, leases: Leases) -> None:
    await store.submit(new_job())
    await leases.complete(await claim(leases), result_blob="r", result_format="png", summary=SUMMARY)
    job = await store.get("1")
    assert job is not None
    assert (job.state, job.result_blob, job.result_format, job.summary) == (JobState.DONE, "r", "png", SUMMARY)
    assert job.engine_id is None


async def test_a_finished_job_keeps_its_timelapse_where_there_is_one(store: JobStore, leases: Leases) -> None:
    for job_id, timelapse in (("with", "t"), ("without", None)):
        await store.submit(new_job(job_id))
        claimed = await claim(leases)
        await leases.complete(claimed, result_blob="r", result_format="png", summary=SUMMARY, timelapse_blob=timelapse)
        job = await store.get(job_id)
        assert job is not None
        assert job.timelapse_blob == timelapse


async def test_a_job_that_succeeds_at_last_keeps_nothing_of_its_failed_attempts(
    store: JobStore, leases: Leases
) -> None:
    await store.submit(new_job())
    await leases.engine_died(await claim(leases), "killed")
    await leases.complete(await claim(leases), result_blob="r", result_format="png", summary=SUMMARY)
    job = await store.get("1")
    assert job is not None
    assert (job.state, job.failure, job.failure_detail) == (JobState.DONE, None, None)


async def test_a_failed_job_keeps_its_reason_and_detail(store: JobStore, leases: Leases) -> None:
    await store.submit(new_job())
    await leases.fail(await claim(leases), FailureReason.BAD_PICTURE, "The style picture is cut off.")
    job = await store.get("1")
    assert job is not None
    assert (job.state, job.failure, job.failure_detail) == (
        JobState.FAILED,
        FailureReason.BAD_PICTURE,
        "The style picture is cut off.",
    )


async def test_a_job_whose_lease_ran_out_goes_to_another_engine_and_the_first_is_fenced_out(
    store: JobStore, leases: Leases, dead_leases: Leases
) -> None:
    await store.submit(new_job())
    lost = await claim(dead_leases)
    released = await leases.release_expired()
    assert [job.state for job in released] == [JobState.QUEUED]
    second = await claim(leases)
    assert second.epoch == lost.epoch + 1
    with pytest.raises(FencedOut):
        await leases.renew(lost)
    with pytest.raises(FencedOut):
        await leases.report(lost, report())
    with pytest.raises(FencedOut):
        await leases.complete(lost, result_blob="stale", result_format="png", summary=SUMMARY)
    await leases.complete(second, result_blob="fresh", result_format="png", summary=SUMMARY)
    job = await store.get("1")
    assert job is not None
    assert job.result_blob == "fresh"


async def test_a_living_lease_is_left_alone(store: JobStore, leases: Leases) -> None:
    await store.submit(new_job())
    await claim(leases)
    assert await leases.release_expired() == []


async def test_a_job_that_takes_every_engine_down_fails(store: JobStore, leases: Leases) -> None:
    await store.submit(new_job())
    for _ in range(MAX_ATTEMPTS):
        after = await leases.engine_died(await claim(leases), "the GPU child was killed by signal 9")
    assert (after.state, after.failure) == (JobState.FAILED, FailureReason.ENGINE_LOST)
    assert after.failure_detail == "the GPU child was killed by signal 9"
    assert await leases.claim("engine") is None


async def test_a_handed_back_job_keeps_its_place_and_its_attempts(store: JobStore, leases: Leases) -> None:
    await store.submit(new_job("1"))
    await store.submit(new_job("2"))
    await leases.hand_back(await claim(leases))
    again = await claim(leases)
    assert (again.id, again.attempts, again.epoch) == ("1", 1, 2)


async def test_a_cancelled_job_ends_when_the_engine_obeys(store: JobStore, leases: Leases) -> None:
    await store.submit(new_job())
    job = await claim(leases)
    await store.request_cancel("1")
    await leases.stopped(job)
    after = await store.get("1")
    assert after is not None
    assert after.state is JobState.CANCELLED


async def test_progress_is_the_newest_report_and_keeps_the_last_preview(store: JobStore, leases: Leases) -> None:
    await store.submit(new_job())
    job = await claim(leases)
    assert await store.progress("1") is None
    await leases.report(job, report(1, preview=b"first"))
    await leases.report(job, report(2))
    newest = await store.progress("1")
    assert newest is not None
    assert (newest.step, newest.preview, newest.preview_number) == (2, b"first", 1)
    await leases.report(job, report(3, preview=b"second"))
    newest = await store.progress("1")
    assert newest is not None
    assert (newest.preview, newest.preview_number) == (b"second", 2)


async def test_progress_of_an_earlier_attempt_is_not_shown(store: JobStore, leases: Leases) -> None:
    await store.submit(new_job())
    first = await claim(leases)
    await leases.report(first, report(9))
    await leases.hand_back(first)
    await claim(leases)
    assert await store.progress("1") is None


async def test_an_ended_job_keeps_no_progress(store: JobStore, leases: Leases, database: Database) -> None:
    await store.submit(new_job())
    job = await claim(leases)
    await leases.report(job, report(preview=b"large"))
    await leases.complete(job, result_blob="r", result_format="png", summary=SUMMARY)
    rows = await database.read(lambda connection: connection.execute(select(progress)).all())
    assert rows == []


async def test_a_job_of_another_version_is_left_to_it_and_stops_nobody(
    store: JobStore, leases: Leases, dead_leases: Leases, database: Database
) -> None:
    """After a rollback, or while two versions run side by side."""
    await store.submit(new_job("new"))
    await store.submit(new_job("old"))
    strange = update(jobs).where(jobs.c.id == "new").values(params='{"preset": "watercolour"}')
    await database.write(lambda connection: connection.execute(strange))
    assert (await claim(leases)).id == "old"
    assert await leases.claim("engine") is None
    assert [job.id for job in await store.open_jobs()] == ["old"]

    lost = update(jobs).where(jobs.c.id == "new").values(state=JobState.RUNNING, lease_until=0.0)
    await database.write(lambda connection: connection.execute(lost))
    assert await dead_leases.release_expired() == []
    with pytest.raises(UnreadableJob, match="watercolour"):
        await store.get("new")


async def test_the_registry_shows_living_engines_with_their_speed(store: JobStore, leases: Leases) -> None:
    await leases.check_in(engine("a"))
    await leases.check_in(engine("a", speed=3.0))
    await leases.check_in(engine("b", device="cuda"))
    await leases.check_out("b")
    assert await store.engines() == [engine("a", speed=3.0)]


async def test_a_restarted_engine_inherits_the_speed_of_its_device(store: JobStore, leases: Leases) -> None:
    await leases.check_in(engine("old", speed=3.0))
    await leases.check_out("old")
    await leases.check_in(engine("new"))
    assert await store.engines() == [engine("new", speed=3.0)]
