"""What an owner has asked for, and whether more is allowed: one rule, for a first look and for the transaction that
inserts."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, func, not_, select

from nst_engine.contract.jobs import JobState
from nst_engine.errors import EngineError, QueueFull, QuotaUsed, TooSoon
from nst_engine.queue.schema import database_now, jobs

DAY_SECONDS = 24 * 3600.0
OPEN_STATES = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLimits:
    """How much is allowed; None is no limit. Checked in the transaction that inserts, so that no race passes them."""

    open_per_owner: int | None = None
    """Open is queued or running."""
    open_per_owner_here: int | None = None
    """Of one tenant."""
    open_in_all: int | None = None
    per_day: int | None = None
    """Of an owner in one tenant, in any 24 hours."""
    seconds_apart: float = 0.0
    """From one job of an owner in a tenant to the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What an owner has asked for. Times are seconds since 1970 on the database's clock."""

    now: float
    open_of_owner: int = 0
    open_here: int = 0
    open_in_all: int = 0
    made_here: tuple[float, ...] = ()
    """When the jobs of the last 24 hours in this tenant were handed in, newest first. Those that failed, or were
    cancelled before an engine had them, do not count."""
    last_here: float | None = None
    """When the newest job in this tenant was handed in, whatever became of it."""


def excess(usage: Usage, limits: QueueLimits) -> EngineError | None:
    """Why one more would be too many, or None. The caps that hold for everybody come first."""
    return _too_many_open(usage, limits) or _quota_used(usage, limits) or _too_soon(usage, limits)


def left_today(usage: Usage, per_day: int) -> int:
    return max(0, per_day - len(usage.made_here))


def next_possible_at(usage: Usage, per_day: int) -> float | None:
    """When there is room for one more: now, or as soon as enough are a day old; None where it is never."""
    if per_day <= 0:
        return None
    if len(usage.made_here) < per_day:
        return usage.now
    return usage.made_here[per_day - 1] + DAY_SECONDS


def look_up_usage(connection: Connection, *, tenant_id: str, owner_id: str) -> Usage:
    """In a transaction of the caller's."""
    now = float(connection.execute(select(database_now())).scalar_one())
    of_owner = jobs.c.owner_id == owner_id
    here = and_(jobs.c.tenant_id == tenant_id, of_owner)
    not_counted = (jobs.c.state == JobState.CANCELLED) & jobs.c.started_at.is_(None)
    made = (
        select(jobs.c.created_at)
        .where(here, jobs.c.created_at > now - DAY_SECONDS, jobs.c.state != JobState.FAILED, not_(not_counted))
        .order_by(jobs.c.created_at.desc())
    )
    return Usage(
        now=now,
        open_of_owner=_open(connection, of_owner),
        open_here=_open(connection, here),
        open_in_all=_open(connection),
        made_here=tuple(float(at) for at in connection.execute(made).scalars()),
        last_here=connection.execute(select(func.max(jobs.c.created_at)).where(here)).scalar_one(),
    )


def _open(connection: Connection, *whose: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(jobs).where(jobs.c.state.in_(OPEN_STATES), *whose)
    return int(connection.execute(query).scalar_one())


def _too_many_open(usage: Usage, limits: QueueLimits) -> QueueFull | None:
    if _is_reached(usage.open_of_owner, limits.open_per_owner):
        return QueueFull(limit=limits.open_per_owner or 0, of_owner=True)
    if _is_reached(usage.open_here, limits.open_per_owner_here):
        return QueueFull(limit=limits.open_per_owner_here or 0, of_owner=True)
    if _is_reached(usage.open_in_all, limits.open_in_all):
        return QueueFull(limit=limits.open_in_all or 0, of_owner=False)
    return None


def _is_reached(count: int, limit: int | None) -> bool:
    return limit is not None and count >= limit


def _quota_used(usage: Usage, limits: QueueLimits) -> QuotaUsed | None:
    if limits.per_day is None or left_today(usage, limits.per_day) > 0:
        return None
    return QuotaUsed(limit=limits.per_day, next_at=next_possible_at(usage, limits.per_day))


def _too_soon(usage: Usage, limits: QueueLimits) -> TooSoon | None:
    if usage.last_here is None:
        return None
    seconds = usage.last_here + limits.seconds_apart - usage.now
    return TooSoon(seconds=seconds) if seconds > 0 else None
