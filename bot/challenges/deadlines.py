"""Carries out what is due, each challenge in a transaction of its own; `bot.challenges.phases` says what follows."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy import ColumnElement, Connection, delete, select

from bot.challenges.errors import NoSuchChallenge, UnreadableChallenge
from bot.challenges.moves import contenders, move
from bot.challenges.phases import TimePassed, is_due
from bot.challenges.rows import LeftAlone, locked_challenge
from bot.challenges.series import due_series, forget_series_of, start_next
from bot.challenges.values import Challenge, Phase
from bot.store.schema import challenges
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.database import Database

log = logging.getLogger(__name__)
SECONDS_A_DRAFT_IS_KEPT = 24 * 3600.0
Step = Callable[[Connection], Challenge | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Ids of challenges and series whose time has come, and whether there are drafts to forget."""

    challenges: tuple[int, ...]
    series: tuple[int, ...]
    old_drafts: bool


def look_for_due(connection: Connection, now: float) -> Due:
    passed = select(challenges.c.id).where(challenges.c.deadline <= now).order_by(challenges.c.deadline)
    return Due(
        challenges=tuple(connection.execute(passed).scalars()),
        series=tuple(due_series(connection, now)),
        old_drafts=connection.execute(select(challenges.c.id).where(_is_forgotten(now)).limit(1)).first() is not None,
    )


async def carry_out(database: Database, due: Due, now: float, left_alone: LeftAlone) -> list[Challenge]:
    """Those that changed. Raises QueueUnavailable where the database takes nothing at all."""
    if due.old_drafts:
        await database.write(lambda connection: delete_drafts(connection, _is_forgotten(now)))
    steps: dict[str, Step] = {
        f"challenge={each}": partial(_move_on, challenge_id=each, now=now) for each in due.challenges
    }
    steps |= {f"series={each}": partial(start_next, series_id=each, now=now) for each in due.series}
    changed: list[Challenge] = []
    away: QueueUnavailable | None = None
    for which, step in steps.items():
        try:
            after = await database.write(step)
        except UnreadableChallenge as error:
            left_alone.note(error)
        except QueueUnavailable as error:
            away = error
            log.warning("not carried out: %s: %s", which, error)
        except Exception as error:  # noqa: BLE001  # one that cannot be carried out must not keep the others
            left_alone.note_fault(which, error)
        else:
            changed += [] if after is None else [after]
    if away is not None and not changed:
        raise away
    return changed


def delete_drafts(connection: Connection, which: ColumnElement[bool]) -> None:
    """Those of them that nobody has confirmed, and the series that they would have begun."""
    drafts = which & (challenges.c.phase == Phase.DRAFT) & challenges.c.confirmed.is_(False)
    forget_series_of(connection, drafts)
    connection.execute(delete(challenges).where(drafts))


def _is_forgotten(now: float) -> ColumnElement[bool]:
    is_old = challenges.c.created_at <= now - SECONDS_A_DRAFT_IS_KEPT
    return is_old & (challenges.c.phase == Phase.DRAFT) & challenges.c.confirmed.is_(False)


def _move_on(connection: Connection, challenge_id: int, now: float) -> Challenge | None:
    """None where somebody else has moved it on meanwhile."""
    try:
        challenge = locked_challenge(connection, challenge_id)
    except UnreadableChallenge:
        raise
    except NoSuchChallenge:
        return None
    if not is_due(challenge.schedule, now):
        return None
    return move(connection, challenge, TimePassed(contenders(connection, challenge)), now)
