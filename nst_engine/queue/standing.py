"""Where jobs stand in the queue and when they should start: one look at the tables, and then arithmetic."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from sqlalchemy import Connection, and_, select

from nst_engine.contract.jobs import JobState
from nst_engine.queue.jobs import EngineInfo, Job, Standing
from nst_engine.queue.schema import database_now, engines, jobs, progress

SECONDS_AN_ENGINE_MAY_BE_SILENT = 15.0

Key = tuple[int, float, int]
"""Priority, start tag and number of a job: who has the smallest starts next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueNow:
    """The queue at one moment."""

    waiting: tuple[Key, ...]
    """In the order of starting."""
    cost_before: tuple[float, ...]
    """Of each that waits, what those before it cost together; and of one behind the last."""
    running: int
    seconds_running: float | None
    """Work left in the running jobs, None while nothing is known."""
    engines: int
    speed: float | None
    """Cost units per second of all living engines, None until one is measured."""


def look(connection: Connection) -> QueueNow:
    """Three queries, however many jobs are asked about."""
    alive = engines_alive(connection)
    speed = _speed_of_all(alive)
    query = select(jobs.c.priority, jobs.c.vstart, jobs.c.seq, jobs.c.cost).where(jobs.c.state == JobState.QUEUED)
    rows = connection.execute(query.order_by(jobs.c.priority, jobs.c.vstart, jobs.c.seq)).all()
    running, seconds_running = _under_way(connection, len(alive), speed)
    return QueueNow(
        waiting=tuple((priority, vstart, seq) for priority, vstart, seq, _ in rows),
        cost_before=tuple(accumulate((cost for *_, cost in rows), initial=0.0)),
        running=running,
        seconds_running=seconds_running,
        engines=len(alive),
        speed=speed,
    )


def standings(asked: Sequence[Job], now: QueueNow) -> dict[str, Standing]:
    """Of each job, by its id."""
    return {job.id: _standing(job, now) for job in asked}


def seconds_to_finish(cost: float, now: QueueNow) -> float | None:
    """For a job of this cost, handed in now, that has to wait for all others; None while nobody can tell."""
    seconds_to_start = _seconds_to_start(len(now.waiting), now)
    if seconds_to_start is None or not now.speed:
        return None
    return seconds_to_start + cost * now.engines / now.speed


def engines_alive(connection: Connection) -> list[EngineInfo]:
    """Those that have said so not long ago."""
    query = select(engines).where(engines.c.seen_at > database_now() - SECONDS_AN_ENGINE_MAY_BE_SILENT)
    return [
        EngineInfo(id=row["id"], host=row["host"], device=row["device"], version=row["version"], speed=row["speed"])
        for row in connection.execute(query.order_by(engines.c.id)).mappings()
    ]


def _standing(job: Job, now: QueueNow) -> Standing:
    if job.state is not JobState.QUEUED:
        return Standing(place=0, seconds_to_start=None, engines_alive=now.engines)
    before = bisect_left(now.waiting, (job.priority, job.vstart, job.seq))
    return Standing(place=before + 1, seconds_to_start=_seconds_to_start(before, now), engines_alive=now.engines)


def _seconds_to_start(before: int, now: QueueNow) -> float | None:
    """For the job that `before` others start before."""
    if now.running + before < now.engines:
        return 0.0
    if not now.engines or now.seconds_running is None or (before and not now.speed):
        return None
    return now.seconds_running / now.engines + (now.cost_before[before] / now.speed if now.speed else 0.0)


def _under_way(connection: Connection, engines_count: int, speed: float | None) -> tuple[int, float | None]:
    """How many jobs are running, and the seconds of work left in them (None while nothing is known)."""
    left = progress.c.seconds_left - (database_now() - progress.c.reported_at)
    query = (
        select(jobs.c.cost, left.label("seconds_left"))
        .outerjoin(progress, and_(progress.c.job_id == jobs.c.id, progress.c.epoch == jobs.c.epoch))
        .where(jobs.c.state == JobState.RUNNING)
    )
    rows = connection.execute(query).all()
    total = 0.0
    for cost, seconds_left in rows:
        if seconds_left is not None:
            total += max(seconds_left, 0.0)
        elif speed is None:
            return len(rows), None
        else:
            total += cost * engines_count / speed
    return len(rows), total


def _speed_of_all(alive: list[EngineInfo]) -> float | None:
    """Cost units per second of all live engines; those not measured yet count as the mean of the others."""
    measured = [engine.speed for engine in alive if engine.speed]
    return sum(measured) * len(alive) / len(measured) if measured else None
