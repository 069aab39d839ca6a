"""What the bot keeps about servers: the settings that a server has changed, and when it was welcomed."""

import json
from collections.abc import Callable, Mapping, Sequence

from pydantic import JsonValue
from sqlalchemy import Connection, insert, select, update

from bot.store.schema import servers
from bot.store.setting_changes import (
    Change,
    Changed,
    Chosen,
    How,
    chosen_in,
    count_changes,
    find_change,
    newest_changes,
    note_change,
)
from nst_engine.queue.database import Database
from nst_engine.queue.schema import database_now


class ServerStore:
    """Rows of servers by tenant: the server's id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def chosen(self, tenant_id: str) -> Chosen:
        """What the server has set itself. Raises QueueUnavailable."""
        return await self._database.read(lambda connection: _chosen(connection, tenant_id))

    async def change(
        self, tenant_id: str, edit: Callable[[Chosen], Mapping[str, JsonValue]], *, by: str, how: How = How.SET
    ) -> Changed:
        """Replace what the server has set by what `edit` makes of it, and note who did; in one transaction.

        Raises QueueUnavailable, and what `edit` raises.
        """

        def save(connection: Connection) -> Changed:
            before = _chosen(connection, tenant_id)
            after = dict(edit(dict(before)))
            change = note_change(connection, tenant_id, before, after, by=by, how=how)
            if change is not None:
                values = {"settings": json.dumps(after), "changed_by": by, "changed_at": database_now()}
                _put(connection, tenant_id, values)
            return Changed(chosen=after, change=change)

        return await self._database.write(save)

    async def find_change(self, tenant_id: str, change_id: int) -> Change | None:
        """None where it is another server's, or long ago. Raises QueueUnavailable."""
        return await self._database.read(lambda connection: find_change(connection, tenant_id, change_id))

    async def newest_changes(self, tenant_id: str, *, skip: int, limit: int) -> Sequence[Change]:
        """Raises QueueUnavailable."""
        return await self._database.read(
            lambda connection: newest_changes(connection, tenant_id, skip=skip, limit=limit)
        )

    async def count_changes(self, tenant_id: str) -> int:
        """Raises QueueUnavailable."""
        return await self._database.read(lambda connection: count_changes(connection, tenant_id))

    async def note_welcomed(self, tenant_id: str) -> None:
        """Whoever set the bot up there has been greeted, or there is no need to. Raises QueueUnavailable."""
        values = {"welcomed_at": database_now()}
        await self._database.write(lambda connection: _put(connection, tenant_id, values))

    async def welcomed(self) -> set[str]:
        """The servers that need no greeting any more. Raises QueueUnavailable."""
        query = select(servers.c.tenant_id).where(servers.c.welcomed_at.is_not(None))
        return await self._database.read(lambda connection: set(connection.execute(query).scalars()))


def _chosen(connection: Connection, tenant_id: str) -> Chosen:
    query = select(servers.c.settings).where(servers.c.tenant_id == tenant_id)
    return chosen_in(connection.execute(query).scalar_one_or_none())


def _put(connection: Connection, tenant_id: str, values: Mapping[str, object]) -> None:
    if connection.execute(update(servers).where(servers.c.tenant_id == tenant_id).values(**values)).rowcount:
        return
    connection.execute(insert(servers).values(tenant_id=tenant_id, **values))
