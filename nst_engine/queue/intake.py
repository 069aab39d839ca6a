"""Requests answered in public that are no jobs yet: what a bot that dies meanwhile still owes an answer to."""

import json
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from nst_engine.queue.database import Database
from nst_engine.queue.schema import database_now, requests


class Intake:
    """A request is here from its public answer until its job is saved (`JobStore.submit` takes it out) or refused."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, request_id: str, address: dict[str, Any]) -> None:
        """Note where a request was answered; noting it again replaces the address."""
        await self._database.write(lambda connection: _begin(connection, request_id, json.dumps(address)))

    async def end(self, request_id: str) -> None:
        """The request has had its last word."""
        await self._database.write(lambda connection: end_request(connection, request_id))

    async def left_over(self) -> list[tuple[str, dict[str, Any]]]:
        """Id and address of every request noted, oldest first."""
        query = select(requests.c.id, requests.c.address).order_by(requests.c.created_at)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [(request_id, json.loads(address)) for request_id, address in rows]


def end_request(connection: Connection, request_id: str) -> None:
    """Forget a request, in a transaction of the caller's."""
    connection.execute(delete(requests).where(requests.c.id == request_id))


def _begin(connection: Connection, request_id: str, address: str) -> None:
    if connection.execute(update(requests).where(requests.c.id == request_id).values(address=address)).rowcount:
        return
    connection.execute(insert(requests).values(id=request_id, address=address, created_at=database_now()))
