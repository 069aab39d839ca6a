"""A desk of challenges on a database, and short ways to bring a challenge to where a test begins."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import sqlalchemy
from sqlalchemy import Connection

from bot.challenges.desk import ChallengeDesk, challenge_desk
from bot.challenges.values import (
    Author,
    Challenge,
    ChallengeStyle,
    Entry,
    NewChallenge,
    Phase,
    Picture,
    Terms,
    VotingMode,
)
from bot.store.schema import challenge_tasks
from nst_engine.queue.database import Database, make_engine
from tests.schema_now import every_table

HERE, THERE = "4711", "99"
NOW = 1_780_000_000.0
HOUR = 3600.0
DAY = 24 * HOUR
DUELS = VotingMode.DUELS
STYLE = ChallengeStyle(name="Waves", blob="s" * 64, thumbnail_blob="t" * 64, width=640, height=480)


def nobody_minds(_connection: Connection) -> None:
    """A guard that finds nothing in the way."""


@asynccontextmanager
async def desk_in_memory() -> AsyncIterator[ChallengeDesk]:
    """On a new database that is gone afterwards; quick to make, for tests that need many."""
    engine = make_engine("sqlite://")
    every_table().create_all(engine)
    database = Database(engine)
    try:
        yield challenge_desk(database)
    finally:
        database.close()


def terms(**changes: Any) -> Terms:
    return Terms(**({"styles": (STYLE,), "voting_seconds": DAY} | changes))


def new_challenge(*, opens_at: float = NOW, lasts: float = DAY, tenant_id: str = HERE, **changes: Any) -> NewChallenge:
    """Open for a day from now on, then voted on for a day."""
    return NewChallenge(
        tenant_id=tenant_id,
        title="Waves",
        terms=terms(**changes),
        channel_id=7,
        opens_at=opens_at,
        entries_end_at=opens_at + lasts,
        created_by="moderator",
    )


def author(user_id: str, name: str = "") -> Author:
    return Author(user_id=user_id, name=name or user_id.title(), username=user_id, locale="en-US")


def picture(job_id: str) -> Picture:
    return Picture(job_id=job_id, blob="b" * 64, thumbnail_blob="c" * 64, width=640, height=480, covered=False)


async def opened(desk: ChallengeDesk, **changes: Any) -> Challenge:
    draft = await desk.challenges.create(new_challenge(**changes), NOW)
    return await desk.challenges.confirm(draft.tenant_id, draft.id, NOW)


async def entered(
    desk: ChallengeDesk, challenge: Challenge, user_id: str, job_id: str = "", *, now: float = NOW + 1
) -> Entry:
    """The member's picture, of a job that is named like them unless another is given."""
    made = picture(job_id or user_id)
    return await desk.entries.enter(
        challenge.id, author(user_id), made, asked_at=min(now, NOW + 1), now=now, guard=nobody_minds
    )


async def voted_on(desk: ChallengeDesk, *user_ids: str, **changes: Any) -> tuple[Challenge, list[Entry]]:
    """Each member has an entry, and voting has begun at the planned time."""
    challenge = await opened(desk, **changes)
    entries = [await entered(desk, challenge, user_id) for user_id in user_ids]
    moved = await desk.challenges.carry_out_due(challenge.schedule.entries_end_at)
    assert [each.phase for each in moved] == [Phase.VOTING]
    return moved[0], entries


async def heart(
    desk: ChallengeDesk,
    challenge: Challenge,
    voter_id: str,
    entry: Entry,
    *,
    given: bool = True,
    now: float = NOW + DAY,
) -> frozenset[int]:
    return await desk.votes.give_heart(challenge.id, voter_id, entry.id, given=given, now=now, guard=nobody_minds)


async def judge(
    desk: ChallengeDesk, challenge: Challenge, voter_id: str, winner: Entry, loser: Entry, *, now: float = NOW + DAY
) -> None:
    await desk.votes.judge(challenge.id, voter_id, winner_id=winner.id, loser_id=loser.id, now=now, guard=nobody_minds)


async def closed(desk: ChallengeDesk, challenge: Challenge) -> Challenge:
    """At the planned time."""
    (moved,) = await desk.challenges.carry_out_due(challenge.schedule.voting_ends_at)
    assert moved.phase is Phase.CLOSED
    return moved


async def tasks_of(database: Database, challenge_id: int) -> list[str]:
    """Kinds and subjects of all that was ever to be told, oldest first."""
    query = (
        sqlalchemy.select(challenge_tasks.c.kind, challenge_tasks.c.subject)
        .where(challenge_tasks.c.challenge_id == challenge_id)
        .order_by(challenge_tasks.c.id)
    )
    rows = await database.read(lambda connection: connection.execute(query).all())
    return [" ".join(filter(None, row)) for row in rows]
