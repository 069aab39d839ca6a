"""What Discord is to be told of a challenge: noted in the transaction that made it so, and done once."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, exists, insert, select, update

from bot.challenges.values import Challenge, Phase, Schedule
from bot.store.schema import challenge_tasks, challenges
from nst_engine.queue.database import Database


class TaskKind(StrEnum):
    ANNOUNCE = "announce"
    """Post the card; also for a challenge that opens later."""
    OPENED = "opened"
    """A challenge that was announced for later is open now."""
    EXTENDED = "extended"
    """The phase lasts longer: until the end that is the task's subject, as `end_of` writes it."""
    VOTE = "vote"
    """Say that voting is open, with the buttons for it."""
    PODIUM = "podium"
    CALLED_OFF = "called_off"
    WINNER_ROLE = "winner_role"
    """For the member who is the task's subject."""
    APPROVED = "approved"
    """Tell the author of the entry that is the task's subject."""
    REMOVED = "removed"
    """The same."""
    REPOST = "repost"
    """Post the card once more, because a moderator asked for it."""


AGAIN = "again"
"""The subject of what is said once more because a moderator asked for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    id: int
    challenge_id: int
    kind: TaskKind
    subject: str
    """An entry's or a user's id, or something else, where the kind says so."""
    attempts: int
    """Begun so far, this one included: above 1 it may have been done already."""

    @property
    def is_said_again(self) -> bool:
        return self.kind is TaskKind.REPOST or self.subject == AGAIN


IN_ORDER = (
    *(TaskKind.ANNOUNCE, TaskKind.OPENED, TaskKind.EXTENDED, TaskKind.VOTE),
    *(TaskKind.PODIUM, TaskKind.CALLED_OFF, TaskKind.REPOST),
)
"""What is said in public about one challenge, one after another; the others wait for nothing."""
_BELONGS_TO: Mapping[Phase, TaskKind] = MappingProxyType({Phase.VOTING: TaskKind.VOTE, Phase.CLOSED: TaskKind.PODIUM})
"""What is said again after the card."""


class Tasks:
    """Every method may raise QueueUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin_due(self, now: float, *, lease_seconds: float, limit: int = 20) -> list[Task]:
        """Those that are due, oldest first, counted as begun; nobody else is given them for `lease_seconds`.

        Of one challenge only the oldest that is not done, so that what is said comes in order; except that roles and
        letters to authors wait for nothing and keep nothing waiting.
        """
        query = _next_ones(now).limit(limit)
        waiting = await self._database.read(lambda connection: list(connection.execute(query).scalars()))
        if not waiting:
            return []
        return await self._database.write(lambda connection: _begin(connection, waiting, now, now + lease_seconds))

    async def done(self, task_id: int, now: float) -> None:
        await self._set(task_id, done_at=now)

    async def postpone(self, task_id: int, until: float) -> None:
        await self._set(task_id, due_at=until)

    async def add(self, challenge_id: int, kind: TaskKind, now: float, subject: str = "") -> None:
        """In a transaction of its own; nothing where the same is still to be done."""
        await self._database.write(lambda connection: _add_once(connection, challenge_id, kind, now, subject))

    async def say_again(self, challenge: Challenge, now: float) -> None:
        """The card, and what belongs to the phase that the challenge is in."""
        await self._database.write(lambda connection: _say_again(connection, challenge, now))

    async def _set(self, task_id: int, **columns: float) -> None:
        undone = (challenge_tasks.c.id == task_id) & challenge_tasks.c.done_at.is_(None)
        statement = update(challenge_tasks).where(undone).values(**columns)
        await self._database.write(lambda connection: connection.execute(statement))


def add_task(connection: Connection, challenge_id: int, kind: TaskKind, now: float, subject: str = "") -> None:
    """In a transaction of the caller's."""
    new = {"challenge_id": challenge_id, "kind": kind, "subject": subject, "due_at": now}
    connection.execute(insert(challenge_tasks).values(**new))


def end_of(schedule: Schedule) -> str:
    """Of the phase, as a task's subject; of one that was extended since, it is another."""
    return f"{schedule.deadline or 0:.0f}"


def _next_ones(now: float) -> Select[Any]:
    earlier = challenge_tasks.alias()
    waits_for_another = exists().where(
        earlier.c.challenge_id == challenge_tasks.c.challenge_id,
        earlier.c.id < challenge_tasks.c.id,
        earlier.c.done_at.is_(None),
        earlier.c.kind.in_(IN_ORDER),
    )
    in_order = challenge_tasks.c.kind.in_(IN_ORDER)
    known = challenge_tasks.c.kind.in_(list(TaskKind))  # a newer version's are left to it
    return (
        select(challenge_tasks.c.id)
        .where(_is_due(now), known, ~(in_order & waits_for_another))
        .order_by(challenge_tasks.c.id)
    )


def _begin(connection: Connection, waiting: list[int], now: float, until: float) -> list[Task]:
    """Those of them that nobody else has begun meanwhile."""
    begun: list[Task] = []
    for task_id in waiting:
        statement = (
            update(challenge_tasks)
            .where(challenge_tasks.c.id == task_id, _is_due(now))
            .values(attempts=challenge_tasks.c.attempts + 1, due_at=until)
            .returning(*challenge_tasks.c)
        )
        row = connection.execute(statement).mappings().one_or_none()
        if row is not None:
            begun.append(_task(row))
    return begun


def _is_due(now: float) -> ColumnElement[bool]:
    return challenge_tasks.c.done_at.is_(None) & (challenge_tasks.c.due_at <= now)


def _task(row: RowMapping) -> Task:
    return Task(
        id=row["id"],
        challenge_id=row["challenge_id"],
        kind=TaskKind(row["kind"]),
        subject=row["subject"],
        attempts=row["attempts"],
    )


def _add_once(connection: Connection, challenge_id: int, kind: TaskKind, now: float, subject: str) -> None:
    connection.execute(select(challenges.c.id).where(challenges.c.id == challenge_id).with_for_update())
    if subject not in _undone_subjects(connection, challenge_id, kind):
        add_task(connection, challenge_id, kind, now, subject)


def _say_again(connection: Connection, challenge: Challenge, now: float) -> None:
    """What is still to be said for the first time is not said twice."""
    _add_once(connection, challenge.id, TaskKind.REPOST, now, "")
    kind = _BELONGS_TO.get(challenge.phase)
    if kind is not None and not _undone_subjects(connection, challenge.id, kind):
        add_task(connection, challenge.id, kind, now, AGAIN)


def _undone_subjects(connection: Connection, challenge_id: int, kind: TaskKind) -> set[str]:
    """Of the tasks of this kind that are still to be done."""
    undone = select(challenge_tasks.c.subject).where(
        challenge_tasks.c.challenge_id == challenge_id,
        challenge_tasks.c.kind == kind,
        challenge_tasks.c.done_at.is_(None),
    )
    return set(connection.execute(undone).scalars())
