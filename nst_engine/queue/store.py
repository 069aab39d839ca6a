"""The requester's side of the queue: hand a job in, see where it stands, cancel it."""

import json
import logging
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, func, insert, or_, select, update

from nst_engine.contract.jobs import CancelRequested, JobState
from nst_engine.errors import QueueFull, UnreadableJob
from nst_engine.queue.database import Database
from nst_engine.queue.fairness import tags_for
from nst_engine.queue.intake import end_request
from nst_engine.queue.jobs import EngineInfo, Job, NewJob, ProgressReport, Standing
from nst_engine.queue.rows import change_status, columns_of, find_job, job_of, progress_of
from nst_engine.queue.schema import database_now, engines, jobs, progress

log = logging.getLogger(__name__)

SECONDS_AN_ENGINE_MAY_BE_SILENT = 15.0
_OPEN_STATES = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLimits:
    """Caps on open (queued or running) jobs, checked in the transaction that inserts, so that no race passes them."""

    open_per_owner: int | None = None
    open_in_all: int | None = None


class JobStore:
    """Jobs as their requesters see them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._unreadable: set[str] = set()

    async def submit(self, job: NewJob, limits: QueueLimits | None = None) -> Job:
        """Save a job, its request no longer owed an answer; one with the same id is returned as it is.

        Raises QueueFull and QueueUnavailable.
        """
        return await self._database.write(lambda connection: _submit(connection, job, limits or QueueLimits()))

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

    async def standing(self, job: Job) -> Standing:
        """Where a job stands in the queue and when it should start."""
        return await self._database.read(lambda connection: _standing(connection, job))

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

    async def open_count(self, *, owner_id: str | None = None) -> int:
        """How many jobs are queued or running, of one owner or of all."""
        return await self._database.read(lambda connection: _open_count(connection, owner_id))

    async def engines(self) -> list[EngineInfo]:
        """The engines that are alive."""
        return await self._database.read(_engines_alive)


def _submit(connection: Connection, job: NewJob, limits: QueueLimits) -> Job:
    end_request(connection, job.id)
    already = find_job(connection, job.id)
    if already is not None:
        return already
    if limits.open_per_owner is not None and _open_count(connection, job.owner_id) >= limits.open_per_owner:
        raise QueueFull(limit=limits.open_per_owner, of_owner=True)
    if limits.open_in_all is not None and _open_count(connection, None) >= limits.open_in_all:
        raise QueueFull(limit=limits.open_in_all, of_owner=False)
    statement = insert(jobs).values(**columns_of(job), **tags_for(connection, job)).returning(*jobs.c)
    return job_of(connection.execute(statement).mappings().one())


def _open_count(connection: Connection, owner_id: str | None) -> int:
    query = select(func.count()).select_from(jobs).where(jobs.c.state.in_(_OPEN_STATES))
    if owner_id is not None:
        query = query.where(jobs.c.owner_id == owner_id)
    return int(connection.execute(query).scalar_one())


def _engines_alive(connection: Connection) -> list[EngineInfo]:
    query = select(engines).where(engines.c.seen_at > database_now() - SECONDS_AN_ENGINE_MAY_BE_SILENT)
    return [
        EngineInfo(id=row["id"], host=row["host"], device=row["device"], version=row["version"], speed=row["speed"])
        for row in connection.execute(query.order_by(engines.c.id)).mappings()
    ]


def _standing(connection: Connection, job: Job) -> Standing:
    alive = _engines_alive(connection)
    if job.state is not JobState.QUEUED:
        return Standing(place=0, seconds_to_start=None, engines_alive=len(alive))
    waiting, cost_ahead = _ahead_of(connection, job)
    running, seconds_running = _under_way(connection, alive)
    seconds: float | None = None
    speed = _speed_of_all(alive)
    if running + waiting < len(alive):
        seconds = 0.0
    elif alive and seconds_running is not None and (speed or not waiting):
        seconds = seconds_running / len(alive) + (cost_ahead / speed if speed else 0.0)
    return Standing(place=waiting + 1, seconds_to_start=seconds, engines_alive=len(alive))


def _ahead_of(connection: Connection, job: Job) -> tuple[int, float]:
    """How many queued jobs start before this one, and their cost."""
    before = or_(
        jobs.c.priority < job.priority,
        and_(jobs.c.priority == job.priority, jobs.c.vstart < job.vstart),
        and_(jobs.c.priority == job.priority, jobs.c.vstart == job.vstart, jobs.c.seq < job.seq),
    )
    query = select(func.count(), func.coalesce(func.sum(jobs.c.cost), 0.0)).where(
        jobs.c.state == JobState.QUEUED, before
    )
    waiting, cost = connection.execute(query).one()
    return int(waiting), float(cost)


def _under_way(connection: Connection, alive: list[EngineInfo]) -> tuple[int, float | None]:
    """How many jobs are running, and the seconds of work left in them (None while nothing is known)."""
    left = progress.c.seconds_left - (database_now() - progress.c.reported_at)
    query = (
        select(jobs.c.cost, left.label("seconds_left"))
        .outerjoin(progress, and_(progress.c.job_id == jobs.c.id, progress.c.epoch == jobs.c.epoch))
        .where(jobs.c.state == JobState.RUNNING)
    )
    rows = connection.execute(query).all()
    speed = _speed_of_all(alive)
    total = 0.0
    for cost, seconds_left in rows:
        if seconds_left is not None:
            total += max(seconds_left, 0.0)
        elif speed is None:
            return len(rows), None
        else:
            total += cost * len(alive) / speed
    return len(rows), total


def _speed_of_all(alive: list[EngineInfo]) -> float | None:
    """Cost units per second of all live engines; those not measured yet count as the mean of the others."""
    measured = [engine.speed for engine in alive if engine.speed]
    return sum(measured) * len(alive) / len(measured) if measured else None
