"""The outbox: ended jobs whose requester has not been told yet.

A delivery is leased, so that two bots cannot make it at the same time.
"""

import json
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from nst_engine.contract.jobs import FINAL_STATES
from nst_engine.queue.database import Database
from nst_engine.queue.jobs import Job
from nst_engine.queue.rows import find_job
from nst_engine.queue.schema import database_now, jobs


class Outbox:
    """Deliveries that are due."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due(self) -> list[str]:
        """Ids of the jobs to deliver now, longest ended first."""
        query = select(jobs.c.id).where(_is_due()).order_by(jobs.c.finished_at)
        return await self._database.read(lambda connection: list(connection.execute(query).scalars()))

    async def begin(self, job_id: str, *, lease_seconds: float) -> Job | None:
        """Take a delivery and count the attempt; None where it is done or somebody else is at it.

        `delivery_attempts` above one means that an earlier attempt ended in the dark: it may have posted already.
        """

        def take(connection: Connection) -> Job | None:
            statement = (
                update(jobs)
                .where(jobs.c.id == job_id, _is_due())
                .values(
                    delivery_attempts=jobs.c.delivery_attempts + 1,
                    delivery_due_at=database_now() + lease_seconds,
                )
            )
            taken = connection.execute(statement).rowcount
            return find_job(connection, job_id) if taken else None

        return await self._database.write(take)

    async def delivered(self, job_id: str, *, address: dict[str, Any] | None = None) -> None:
        """The requester has had the last word. `address` is kept instead of the one before, where it is given."""
        kept = {} if address is None else {"address": json.dumps(address)}
        statement = update(jobs).where(jobs.c.id == job_id).values(delivered_at=database_now(), **kept)
        await self._database.write(lambda connection: connection.execute(statement))

    async def postpone(self, job_id: str, *, seconds: float) -> None:
        """Give a delivery back, to be tried again in `seconds`."""
        statement = update(jobs).where(jobs.c.id == job_id).values(delivery_due_at=database_now() + seconds)
        await self._database.write(lambda connection: connection.execute(statement))


def _is_due() -> ColumnElement[bool]:
    return (
        jobs.c.state.in_(list(FINAL_STATES))
        & jobs.c.delivered_at.is_(None)
        & (jobs.c.delivery_due_at <= database_now())
    )
