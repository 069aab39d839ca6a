"""The requester's side of the queue: hand a job in, see where it stands, cancel it."""

import json
import logging
from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, func, insert, select, update

from nst_engine.contract.jobs import CancelRequested, JobState
from nst_engine.errors import UnreadableJob
from nst_engine.queue.database import Database
from nst_engine.queue.fairness import tags_for
from nst_engine.queue.intake import end_request
from nst_engine.queue.jobs import EngineInfo, Job, NewJob, ProgressReport, Standing
from nst_engine.queue.quota import OPEN_STATES, QueueLimits, Usage, excess, look_up_usage
from nst_engine.queue.rows import change_status, columns_of, find_job, job_of, progress_of
from nst_engine.queue.schema import jobs, progress
from nst_engine.queue.standing import engines_alive, look, seconds_to_finish, standings

log = logging.getLogger(__name__)


class JobStore:
    """Jobs as their requesters see them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._unreadable: set[str] = set()

    async def submit(
        self, job: NewJob, limits: QueueLimits | None = None, guard: Callable[[Connection], None] | None = None
    ) -> Job:
        """Save a job, its request no longer owed an answer; one with the same id is returned as it is.

        `guard` looks in the same transaction whether anything forbids it, and raises that. Raises QueueFull, QuotaUsed,
        TooSoon and QueueUnavailable.
        """

        def save(connection: Connection) -> Job:
            if guard is not None:
                guard(connection)
            return _submit(connection, job, limits or QueueLimits())

        return await self._database.write(save)

    async def get(self, job_id: str) -> Job | None:
        """The job with this id."""
        return await self._database.read(lambda connection: find_job(connection, job_id))

    async def set_address(self, job_id: str, address: dict[str, Any]) -> None:
        """Change where the requester is answered."""
        statement = update(jobs).where(jobs.c.id == job_id).values(address=json.dumps(address))
        await self._database.write(lambda connection: connection.execute(statement))

    async def request_cancel(self, job_id: str) -> Job | None:
        """Cancel a queued job at once, and ask the engine to stop a running one. Returns the job after that."""

        def cancel(connection: Connection) -> Job | None:
            change_status(connection, job_id, CancelRequested())
            return find_job(connection, job_id)

        return await self._database.write(cancel)

    async def standings(self, asked: Sequence[Job]) -> dict[str, Standing]:
        """Where each of these jobs stands in the queue and when it should start, by its id; one look for all."""
        return standings(asked, await self._database.read(look))

    async def seconds_to_finish(self, cost: float) -> float | None:
        """Of another job with this cost, behind all others; None while nobody can tell."""
        return seconds_to_finish(cost, await self._database.read(look))

    async def progress(self, job_id: str) -> ProgressReport | None:
        """The newest report of the attempt under way; None before its first."""
        query = (
            select(progress)
            .join(jobs, and_(jobs.c.id == progress.c.job_id, jobs.c.epoch == progress.c.epoch))
            .where(progress.c.job_id == job_id)
        )

        def newest(connection: Connection) -> ProgressReport | None:
            row = connection.execute(query).mappings().one_or_none()
            return None if row is None else progress_of(row)

        return await self._database.read(newest)

    async def open_jobs(self) -> list[Job]:
        """Every job whose requester has not had the last word yet, oldest first. Another version's are left out."""
        query = select(jobs).where(jobs.c.delivered_at.is_(None)).order_by(jobs.c.seq)
        rows = await self._database.read(lambda connection: connection.execute(query).mappings().all())
        return [job for job in map(self._readable, rows) if job is not None]

    def _readable(self, row: RowMapping) -> Job | None:
        try:
            return job_of(row)
        except UnreadableJob as error:
            if error.job_id not in self._unreadable:
                self._unreadable.add(error.job_id)
                log.warning("left alone job=%s why=%s", error.job_id, error)
            return None

    async def latest(self, *, tenant_ids: Collection[str], owner_id: str, limit: int) -> list[Job]:
        """An owner's jobs in these tenants, newest first. Another version's are left out."""
        query = (
            select(jobs)
            .where(jobs.c.tenant_id.in_(tenant_ids), jobs.c.owner_id == owner_id)
            .order_by(jobs.c.created_at.desc(), jobs.c.seq.desc())
            .limit(limit)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).mappings().all())
        return [job for job in map(self._readable, rows) if job is not None]

    async def usage(self, *, tenant_id: str, owner_id: str) -> Usage:
        """What this owner has asked for, there and in all."""
        return await self._database.read(
            lambda connection: look_up_usage(connection, tenant_id=tenant_id, owner_id=owner_id)
        )

    async def cancel_queued(self, *, tenant_id: str, owner_id: str) -> list[str]:
        """Cancel all jobs of an owner in a tenant that no engine has yet, and return their ids."""
        query = select(jobs.c.id).where(
            jobs.c.tenant_id == tenant_id, jobs.c.owner_id == owner_id, jobs.c.state == JobState.QUEUED
        )

        def cancel(connection: Connection) -> list[str]:
            waiting = list(connection.execute(query).scalars())
            return [job_id for job_id in waiting if change_status(connection, job_id, CancelRequested())]

        return await self._database.write(cancel)

    async def open_count(self) -> int:
        """How many jobs are queued or running."""
        query = select(func.count()).select_from(jobs).where(jobs.c.state.in_(OPEN_STATES))
        return await self._database.read(lambda connection: int(connection.execute(query).scalar_one()))

    async def engines(self) -> list[EngineInfo]:
        """The engines that are alive."""
        return await self._database.read(engines_alive)


def _submit(connection: Connection, job: NewJob, limits: QueueLimits) -> Job:
    end_request(connection, job.id)
    already = find_job(connection, job.id)
    if already is not None:
        return already
    why = excess(look_up_usage(connection, tenant_id=job.tenant_id, owner_id=job.owner_id), limits)
    if why is not None:
        raise why
    statement = insert(jobs).values(**columns_of(job), **tags_for(connection, job)).returning(*jobs.c)
    return job_of(connection.execute(statement).mappings().one())
