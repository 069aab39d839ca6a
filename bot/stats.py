"""`python -m bot stats`: what the database says about the last day and week, as values. It changes nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from sqlalchemy import Connection, case, func, literal, select

from bot.health import bot_sign
from bot.store.notes import Notes
from bot.store.pulse import NOTE, Pulse
from nst_engine.contract.jobs import FINAL_STATES, JobState
from nst_engine.errors import UnknownSchema
from nst_engine.queue.as_it_is import open_as_it_is
from nst_engine.queue.database import Database, SchemaVersion, schema_version
from nst_engine.queue.jobs import EngineInfo
from nst_engine.queue.schema import database_now, engines, jobs
from nst_engine.queue.standing import engines_alive

HOURS_OF_A_DAY = 24
HOURS_OF_A_WEEK = 7 * 24
SERVERS_NAMED = 5
DIRECT_MESSAGES = "direct messages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Jobs handed in during the last hours, as they stand now. Medians are None where there is nothing to measure."""

    hours: int
    handed_in: int
    states: Mapping[str, int]
    failures: Mapping[str, int]
    """By reason."""
    median_wait_seconds: float | None
    """From handing in to the start of the last attempt."""
    median_painting_seconds: float | None
    """Of the last attempt, of jobs that are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliveries:
    """Ended jobs whose requesters have not been told yet."""

    under_way: int
    oldest_seconds: float | None
    most_attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """`at` is seconds since 1970 on the database's clock."""

    at: float
    bot: str
    engines: tuple[EngineInfo, ...]
    waiting: int
    running: int
    deliveries: Deliveries
    day: Period
    week: Period
    servers: Mapping[str, int]
    """Those with most finished pictures in the week, by their ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSeen:
    """An engine that may have gone since."""

    info: EngineInfo
    seconds_silent: float
    is_alive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What counts of a job."""

    state: str
    failure: str | None
    created_at: float
    started_at: float | None
    finished_at: float | None


async def gather(url: str) -> Stats:
    """Everything, from one look at the database. Raises QueueUnavailable, and UnknownSchema for another version's."""
    async with open_as_it_is(url) as database:
        _require_this_version(await database.read(schema_version))
        return await gather_from(database)


async def gather_from(database: Database) -> Stats:
    """The same from a database that is open already. Raises QueueUnavailable."""
    pulse = Pulse.read(await Notes(database).read(NOTE))
    return await database.read(lambda connection: _stats(connection, pulse))


async def engines_seen(database: Database, *, hours: int) -> list[EngineSeen]:
    """Those that were alive during the last hours, those seen last first. Raises QueueUnavailable."""
    return await database.read(lambda connection: _engines_seen(connection, hours * 3600.0))


def _require_this_version(found: SchemaVersion) -> None:
    if found.current != found.newest:
        raise UnknownSchema(
            f"the database has schema {found.current or 'none yet'}, and this version reads {found.newest}; "
            "start the bot of this version, or run: python -m bot db upgrade"
        )


def _stats(connection: Connection, pulse: Pulse | None) -> Stats:
    now = float(connection.execute(select(database_now())).scalar_one())
    rows = _rows(connection, since=now - HOURS_OF_A_WEEK * 3600.0)
    open_ = _open_counts(connection)
    return Stats(
        at=now,
        bot=bot_sign(pulse, now=now).line.removeprefix("bot: "),
        engines=tuple(engines_alive(connection)),
        waiting=open_.get(JobState.QUEUED, 0),
        running=open_.get(JobState.RUNNING, 0),
        deliveries=_deliveries(connection, now),
        day=period(rows, hours=HOURS_OF_A_DAY, now=now),
        week=period(rows, hours=HOURS_OF_A_WEEK, now=now),
        servers=_servers(connection, since=now - HOURS_OF_A_WEEK * 3600.0),
    )


def period(rows: Sequence[Row], *, hours: int, now: float) -> Period:
    """Those of `rows` that were handed in during the last `hours`."""
    within = [row for row in rows if row.created_at >= now - hours * 3600.0]
    states = Counter(row.state for row in within)
    return Period(
        hours=hours,
        handed_in=len(within),
        states={state: states.get(state, 0) for state in JobState},
        failures=dict(
            Counter(row.failure or "unknown" for row in within if row.state == JobState.FAILED).most_common()
        ),
        median_wait_seconds=_median([row.started_at - row.created_at for row in within if row.started_at is not None]),
        median_painting_seconds=_median([seconds for row in within if (seconds := _painting_seconds(row)) is not None]),
    )


def _painting_seconds(row: Row) -> float | None:
    if row.state != JobState.DONE or row.started_at is None or row.finished_at is None:
        return None
    return row.finished_at - row.started_at


def _median(seconds: Sequence[float]) -> float | None:
    return median(seconds) if seconds else None


def _rows(connection: Connection, *, since: float) -> list[Row]:
    columns = (jobs.c.state, jobs.c.failure, jobs.c.created_at, jobs.c.started_at, jobs.c.finished_at)
    found = connection.execute(select(*columns).where(jobs.c.created_at >= since)).mappings()
    return [Row(**row) for row in found]


def _engines_seen(connection: Connection, within_seconds: float) -> list[EngineSeen]:
    silent = (database_now() - engines.c.seen_at).label("silent")
    alive = {engine.id for engine in engines_alive(connection)}
    query = select(engines, silent).where(silent < within_seconds).order_by(silent)
    return [
        EngineSeen(
            info=EngineInfo(
                id=row["id"], host=row["host"], device=row["device"], version=row["version"], speed=row["speed"]
            ),
            seconds_silent=max(0.0, row["silent"]),
            is_alive=row["id"] in alive,
        )
        for row in connection.execute(query).mappings()
    ]


def _open_counts(connection: Connection) -> dict[str, int]:
    query = select(jobs.c.state, func.count()).where(jobs.c.state.not_in(list(FINAL_STATES))).group_by(jobs.c.state)
    return {row[0]: row[1] for row in connection.execute(query)}


def _deliveries(connection: Connection, now: float) -> Deliveries:
    query = select(func.count(), func.min(jobs.c.finished_at), func.max(jobs.c.delivery_attempts)).where(
        jobs.c.state.in_(list(FINAL_STATES)), jobs.c.delivered_at.is_(None)
    )
    count, oldest, attempts = connection.execute(query).one()
    age = None if oldest is None else max(0.0, now - oldest)
    return Deliveries(under_way=count, oldest_seconds=age, most_attempts=attempts or 0)


def _servers(connection: Connection, *, since: float) -> dict[str, int]:
    """A direct message's tenant is whoever asked: those are counted together."""
    place = case((jobs.c.tenant_id == jobs.c.owner_id, literal(DIRECT_MESSAGES)), else_=jobs.c.tenant_id).label("place")
    query = (
        select(place, func.count().label("pictures"))
        .where(jobs.c.state == JobState.DONE, jobs.c.created_at >= since)
        .group_by(place)
        .order_by(func.count().desc(), place)
        .limit(SERVERS_NAMED)
    )
    return {row[0]: row[1] for row in connection.execute(query)}
