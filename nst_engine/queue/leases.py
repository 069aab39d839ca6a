"""The engine's side of the queue: claim a job, hold its lease, report, and end it exactly once."""

from contextlib import suppress
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, insert, select, update

from nst_engine.contract.events import FailureReason, Summary
from nst_engine.contract.jobs import (
    Broke,
    Claimed,
    Completed,
    EngineDied,
    HandedBack,
    JobEvent,
    JobState,
    StoppedEarly,
)
from nst_engine.errors import FencedOut, UnreadableJob
from nst_engine.queue.database import Database
from nst_engine.queue.jobs import EngineInfo, Job, ProgressReport
from nst_engine.queue.rows import change_status, find_job, job_of
from nst_engine.queue.schema import database_now, engines, jobs, progress

SECONDS_AN_ENGINE_IS_REMEMBERED = 7 * 24 * 3600.0


class Leases:
    """Jobs as engines see them. Each change names the epoch of its claim, and a stale one raises FencedOut."""

    def __init__(self, database: Database, *, lease_seconds: float) -> None:
        self._database = database
        self._lease_seconds = lease_seconds

    async def check_in(self, engine: EngineInfo) -> None:
        """Say that an engine is alive, and how fast. A new one inherits the speed last seen on its host and device."""
        await self._database.write(lambda connection: _check_in(connection, engine))

    async def check_out(self, engine_id: str) -> None:
        """Say that an engine has gone, in good order."""
        statement = update(engines).where(engines.c.id == engine_id).values(seen_at=0.0)
        await self._database.write(lambda connection: connection.execute(statement))

    async def claim(self, engine_id: str) -> Job | None:
        """Take the next job, or None where none waits."""
        return await self._database.write(lambda connection: self._claim(connection, engine_id))

    def _claim(self, connection: Connection, engine_id: str) -> Job | None:
        """The first job that this version can read; the others are left to the engines of another version."""
        unreadable: list[int] = []
        while (row := connection.execute(_next_but(unreadable)).mappings().one_or_none()) is not None:
            try:
                job_of(row)
            except UnreadableJob:
                unreadable.append(row["seq"])
                continue
            lease = {"engine_id": engine_id, "lease_until": database_now() + self._lease_seconds}
            change_status(connection, row["id"], Claimed(), **lease)
            return find_job(connection, row["id"])
        return None

    async def renew(self, job: Job) -> bool:
        """Keep the lease; True where the requester wants the job stopped. Raises FencedOut."""
        statement = (
            update(jobs)
            .where(jobs.c.id == job.id, jobs.c.epoch == job.epoch, jobs.c.state == JobState.RUNNING)
            .values(lease_until=database_now() + self._lease_seconds)
            .returning(jobs.c.cancel_requested)
        )
        cancel = await self._database.write(lambda connection: connection.execute(statement).scalar())
        if cancel is None:
            raise _fenced_out(job)
        return bool(cancel)

    async def cancel_requested(self, job: Job) -> bool:
        """Whether the requester wants the job stopped, without writing. Raises FencedOut."""
        query = select(jobs.c.cancel_requested).where(
            jobs.c.id == job.id, jobs.c.epoch == job.epoch, jobs.c.state == JobState.RUNNING
        )
        cancel = await self._database.read(lambda connection: connection.execute(query).scalar())
        if cancel is None:
            raise _fenced_out(job)
        return bool(cancel)

    async def report(self, job: Job, report: ProgressReport) -> None:
        """Replace the job's progress; without a preview the last one stays. Raises FencedOut."""
        if not await self._database.write(lambda connection: _report(connection, job, report)):
            raise _fenced_out(job)

    async def complete(
        self, job: Job, *, result_blob: str, result_format: str, summary: Summary, timelapse_blob: str | None = None
    ) -> None:
        """End the job with its picture, which is saved already, as the timelapse is. Raises FencedOut."""
        columns = {
            "result_blob": result_blob,
            "result_format": result_format,
            "timelapse_blob": timelapse_blob,
            "summary": summary.model_dump_json(),
            "failure_detail": None,
        }
        await self._end(job, Completed(job.epoch), **columns)

    async def fail(self, job: Job, reason: FailureReason, detail: str) -> None:
        """End the job without a picture. Raises FencedOut."""
        await self._end(job, Broke(job.epoch, reason), failure_detail=detail)

    async def stopped(self, job: Job) -> None:
        """End the job as its requester wished. Raises FencedOut."""
        await self._end(job, StoppedEarly(job.epoch))

    async def hand_back(self, job: Job) -> None:
        """Put the job back into the queue at its old place, this attempt not counted. Raises FencedOut."""
        await self._end(job, HandedBack(job.epoch))

    async def engine_died(self, job: Job, detail: str) -> Job:
        """The GPU child died at the job: queue it again, or fail it after its last attempt. Raises FencedOut."""
        await self._end(job, EngineDied(job.epoch), failure_detail=detail)
        after = await self._database.read(lambda connection: find_job(connection, job.id))
        return after or job

    async def _end(self, job: Job, event: JobEvent, **columns: Any) -> None:
        if not await self._database.write(lambda connection: change_status(connection, job.id, event, **columns)):
            raise _fenced_out(job)

    async def release_expired(self) -> list[Job]:
        """Queue again, or fail after the last attempt, every job whose engine let its lease run out."""
        return await self._database.write(_release_expired)


def _next_but(skipped: list[int]) -> Select[Any]:
    return (
        select(jobs)
        .where(jobs.c.state == JobState.QUEUED, jobs.c.seq.not_in(skipped))
        .order_by(jobs.c.priority, jobs.c.vstart, jobs.c.seq)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _fenced_out(job: Job) -> FencedOut:
    return FencedOut(f"job {job.id} is no longer this engine's (epoch {job.epoch} has passed)")


def _check_in(connection: Connection, engine: EngineInfo) -> None:
    seen: dict[str, Any] = {
        "host": engine.host,
        "device": engine.device,
        "version": engine.version,
        "seen_at": database_now(),
    }
    if engine.speed is not None:
        seen["speed"] = engine.speed
    if connection.execute(update(engines).where(engines.c.id == engine.id).values(**seen)).rowcount:
        return
    inherited = (
        select(engines.c.speed)
        .where(engines.c.host == engine.host, engines.c.device == engine.device, engines.c.speed.is_not(None))
        .order_by(engines.c.seen_at.desc())
        .limit(1)
    )
    speed = engine.speed if engine.speed is not None else connection.execute(inherited).scalar()
    connection.execute(delete(engines).where(_forgotten()))
    connection.execute(insert(engines).values(id=engine.id, **(seen | {"speed": speed})))


def _forgotten() -> ColumnElement[bool]:
    return (engines.c.seen_at > 0) & (engines.c.seen_at < database_now() - SECONDS_AN_ENGINE_IS_REMEMBERED)


def _report(connection: Connection, job: Job, report: ProgressReport) -> bool:
    holds = select(jobs.c.id).where(jobs.c.id == job.id, jobs.c.epoch == job.epoch, jobs.c.state == JobState.RUNNING)
    if connection.execute(holds).scalar() is None:
        return False
    columns: dict[str, Any] = {
        "epoch": job.epoch,
        "step": report.step,
        "steps": report.steps,
        "steps_per_second": report.steps_per_second,
        "seconds_left": report.seconds_left,
        "reported_at": database_now(),
    }
    if report.preview is not None:
        columns |= {"preview": report.preview, "preview_number": progress.c.preview_number + 1}
    if connection.execute(update(progress).where(progress.c.job_id == job.id).values(**columns)).rowcount:
        return True
    columns |= {"preview": report.preview, "preview_number": int(report.preview is not None)}
    connection.execute(insert(progress).values(job_id=job.id, **columns))
    return True


def _release_expired(connection: Connection) -> list[Job]:
    query = select(jobs.c.id, jobs.c.epoch).where(jobs.c.state == JobState.RUNNING, jobs.c.lease_until < database_now())
    released = []
    for job_id, epoch in connection.execute(query.with_for_update(skip_locked=True)).all():
        detail = "the engine's lease ran out"
        with suppress(UnreadableJob):  # it is released all the same, and whoever can read it goes on with it
            if change_status(connection, job_id, EngineDied(epoch), failure_detail=detail):
                released.append(find_job(connection, job_id))
    return [job for job in released if job is not None]
