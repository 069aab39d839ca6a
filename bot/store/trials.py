"""Tries: pictures that the admins of a server compare settings by. One at a time for each server.

What is painted in one is JSON here: its meaning is known above.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.store.schema import trials
from nst_engine.queue.database import Database
from nst_engine.queue.schema import database_now


class TrialUnderWay(Exception):
    """The server has one that has not ended yet."""

    def __init__(self, trial_id: int | None) -> None:
        super().__init__(f"try {trial_id} has not ended")
        self.trial_id = trial_id


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTrial:
    """`plan` and `webhook` are JSON."""

    id: int
    tenant_id: str
    plan: str
    webhook: str | None
    """How the answer to the command is spoken to, which `message_id` is; None once that is over."""
    message_id: int | None
    is_stopped: bool
    asked_at: float
    """Seconds since 1970 on the database's clock."""
    has_ended: bool


class TrialStore:
    """Every method may raise QueueUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, tenant_id: str, plan: str, webhook: str) -> KeptTrial:
        """Raises TrialUnderWay."""
        values = {"tenant_id": tenant_id, "open_for": tenant_id, "plan": plan, "webhook": webhook}
        statement = insert(trials).values(**values, asked_at=database_now()).returning(*trials.c)

        def save(connection: Connection) -> KeptTrial:
            if (before := _open_one(connection, tenant_id)) is not None:
                raise TrialUnderWay(before)
            try:
                return _trial(connection.execute(statement).mappings().one())
            except IntegrityError as error:  # by another bot at this very moment, where writers do not wait
                raise TrialUnderWay(None) from error

        return await self._database.write(save)

    async def open_one(self, tenant_id: str) -> int | None:
        """The id of the server's try that has not ended."""
        return await self._database.read(lambda connection: _open_one(connection, tenant_id))

    async def open_ones(self) -> list[KeptTrial]:
        """Of all servers, oldest first."""
        query = select(trials).where(trials.c.ended_at.is_(None)).order_by(trials.c.id)
        return await self._database.read(lambda connection: list(map(_trial, connection.execute(query).mappings())))

    async def find(self, trial_id: int) -> KeptTrial | None:
        query = select(trials).where(trials.c.id == trial_id)

        def find(connection: Connection) -> KeptTrial | None:
            row = connection.execute(query).mappings().one_or_none()
            return None if row is None else _trial(row)

        return await self._database.read(find)

    async def note_message(self, trial_id: int, message_id: int) -> None:
        await self._change(trial_id, message_id=message_id)

    async def stop(self, trial_id: int, *, by: str) -> None:
        """Nothing more is to be painted for it."""
        await self._change(trial_id, stopped_by=by)

    async def end(self, trial_id: int) -> None:
        """Another one may begin; what this one was answered by is forgotten."""
        await self._change(trial_id, open_for=None, webhook=None, ended_at=database_now())

    async def _change(self, trial_id: int, **values: object) -> None:
        statement = update(trials).where(trials.c.id == trial_id).values(**values)
        await self._database.write(lambda connection: connection.execute(statement))


def _open_one(connection: Connection, tenant_id: str) -> int | None:
    query = select(trials.c.id).where(trials.c.open_for == tenant_id)
    return connection.execute(query).scalar_one_or_none()


def _trial(row: RowMapping) -> KeptTrial:
    return KeptTrial(
        id=row["id"],
        tenant_id=row["tenant_id"],
        plan=row["plan"],
        webhook=row["webhook"],
        message_id=row["message_id"],
        is_stopped=row["stopped_by"] is not None,
        asked_at=row["asked_at"],
        has_ended=row["ended_at"] is not None,
    )
