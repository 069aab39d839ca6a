"""Series: a challenge every week, each with the next style of a list."""

import math
from dataclasses import dataclass, replace

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, RowMapping, delete, insert, select, update

from bot.challenges.errors import NoSuchChallenge
from bot.challenges.moves import insert_draft, move
from bot.challenges.phases import Confirmed
from bot.challenges.rows import LeftAlone, locked_challenge, unreadable
from bot.challenges.values import Challenge, ChallengeStyle, NewChallenge, Terms
from bot.store.schema import challenge_series, challenges
from nst_engine.queue.database import Database

WEEK_SECONDS = 7 * 24 * 3600.0
_STYLES = TypeAdapter(tuple[ChallengeStyle, ...])
_OF_THE_FIRST = {"styles": (), "later_styles": (), "ends_at_a_moment": False}
"""What of a challenge's terms is not handed on to those that follow it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """`terms` are those of each challenge, with the styles left out: each has the next one of `styles`."""

    id: int
    tenant_id: str
    title: str
    terms: Terms
    styles: tuple[ChallengeStyle, ...]
    channel_id: int
    open_seconds: float
    next_number: int
    """From 1; `styles[next_number - 1]` is its style."""
    next_at: float | None
    """When the next one opens; None once all styles were used, or after `stop`."""
    created_by: str


class SeriesStore:
    """Every method may raise QueueUnavailable. `Challenges.carry_out_due` starts what is due."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._left_alone = LeftAlone()

    async def begin(
        self, challenge_id: int, *, styles: tuple[ChallengeStyle, ...], open_seconds: float, now: float
    ) -> Series:
        """Make a confirmed or drafted challenge the first of a series; `styles` are those of the later ones.

        The next opens a week after the first; a week that was missed altogether is left out, not made up for.
        Raises NoSuchChallenge; ValueError where the challenge has no style of its own.
        """

        def save(connection: Connection) -> Series:
            challenge = locked_challenge(connection, challenge_id)
            return _begin(connection, challenge, styles, open_seconds, now)

        return await self._database.write(save)

    async def listed(self, tenant_id: str) -> list[Series]:
        """Those that still go on."""
        going_on = (challenge_series.c.tenant_id == tenant_id) & challenge_series.c.next_at.is_not(None)
        query = select(challenge_series).where(going_on).order_by(challenge_series.c.id)
        rows = await self._database.read(lambda connection: connection.execute(query).mappings().all())
        return self._left_alone.readable(rows, _series_of)

    async def stop(self, tenant_id: str, series_id: int) -> None:
        """No further challenge; the current one goes on. Raises NoSuchChallenge."""
        theirs = (challenge_series.c.tenant_id == tenant_id) & (challenge_series.c.id == series_id)
        statement = update(challenge_series).where(theirs).values(next_at=None)
        if not await self._database.write(lambda connection: connection.execute(statement).rowcount):
            raise NoSuchChallenge


def begin_series_of(connection: Connection, first: Challenge, now: float) -> Challenge:
    """The challenge, just confirmed, with what follows it where its draft names styles for later."""
    later = first.terms.later_styles
    if not later:
        return first
    series = _begin(connection, first, later, first.schedule.entries_end_at - first.schedule.opens_at, now)
    return replace(first, series_id=series.id, number=1)


def due_series(connection: Connection, now: float) -> list[int]:
    return list(connection.execute(select(challenge_series.c.id).where(challenge_series.c.next_at <= now)).scalars())


def start_next(connection: Connection, series_id: int, now: float) -> Challenge | None:
    """The next challenge of a due series, open and to be announced; None where another bot was faster.

    Raises UnreadableChallenge.
    """
    due = (challenge_series.c.id == series_id) & (challenge_series.c.next_at <= now)
    row = connection.execute(select(challenge_series).where(due).with_for_update()).mappings().one_or_none()
    if row is None:
        return None
    series = _series_of(row)
    number = series.next_number
    following = _first_after(row["next_at"], now) if number < len(series.styles) else None
    statement = update(challenge_series).where(due, challenge_series.c.next_number == number)
    if not connection.execute(statement.values(next_number=number + 1, next_at=following)).rowcount:
        return None
    draft = insert_draft(connection, _next_of(series, now), now, series_id=series_id, number=number)
    return move(connection, draft, Confirmed(), now)


def forget_series_of(connection: Connection, drafts: ColumnElement[bool]) -> None:
    """Nothing follows drafts that are given up."""
    of_them = select(challenges.c.series_id).where(drafts, challenges.c.series_id.is_not(None))
    connection.execute(delete(challenge_series).where(challenge_series.c.id.in_(of_them)))


def _begin(
    connection: Connection, challenge: Challenge, later: tuple[ChallengeStyle, ...], open_seconds: float, now: float
) -> Series:
    if challenge.series_id is not None:
        return _series_at(connection, challenge.series_id)
    if not challenge.terms.styles:
        raise ValueError(f"challenge {challenge.id} has no style that others could follow")
    row = {
        "tenant_id": challenge.tenant_id,
        "title": challenge.title,
        "terms": challenge.terms.model_copy(update=_OF_THE_FIRST).model_dump_json(),
        "styles": _STYLES.dump_json((challenge.terms.styles[0], *later)).decode(),
        "channel_id": challenge.channel_id,
        "open_seconds": open_seconds,
        "next_number": 2,
        "next_at": _first_after(challenge.schedule.opens_at, now) if later else None,
        "created_by": challenge.created_by,
    }
    made = insert(challenge_series).values(**row).returning(challenge_series.c.id)
    series_id = connection.execute(made).scalar_one()
    this_one = update(challenges).where(challenges.c.id == challenge.id)
    connection.execute(this_one.values(series_id=series_id, number=1))
    return _series_at(connection, series_id)


def _first_after(began_at: float, now: float) -> float:
    """The first of the weeks after `began_at` that is still to come."""
    missed = max(0, math.floor((now - began_at) / WEEK_SECONDS))
    return began_at + (missed + 1) * WEEK_SECONDS


def _next_of(series: Series, now: float) -> NewChallenge:
    style = series.styles[series.next_number - 1]
    return NewChallenge(
        tenant_id=series.tenant_id,
        title=series.title,
        terms=series.terms.model_copy(update={"styles": (style,)}),
        channel_id=series.channel_id,
        opens_at=now,
        entries_end_at=now + series.open_seconds,
        created_by=series.created_by,
    )


def _series_at(connection: Connection, series_id: int) -> Series:
    query = select(challenge_series).where(challenge_series.c.id == series_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NoSuchChallenge
    return _series_of(row)


def _series_of(row: RowMapping) -> Series:
    """The series in a full row. Raises UnreadableChallenge."""
    try:
        terms, styles = Terms.model_validate_json(row["terms"]), _STYLES.validate_json(row["styles"])
    except ValueError as error:
        raise unreadable("series", row, error) from error
    return Series(
        id=row["id"],
        tenant_id=row["tenant_id"],
        title=row["title"],
        terms=terms,
        styles=styles,
        channel_id=row["channel_id"],
        open_seconds=row["open_seconds"],
        next_number=row["next_number"],
        next_at=row["next_at"],
        created_by=row["created_by"],
    )
