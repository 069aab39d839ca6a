"""What the bot keeps about servers: the settings that a server has changed, and when it was welcomed."""

import json
import logging
from collections.abc import Callable, Mapping

from pydantic import JsonValue
from sqlalchemy import Connection, insert, select, update

from bot.store.schema import servers
from nst_engine.queue.database import Database
from nst_engine.queue.schema import database_now

log = logging.getLogger(__name__)

Chosen = dict[str, JsonValue]
"""The settings that differ from the operator's, by name. Names that only a newer version knows are kept as they are."""


class ServerStore:
    """Rows of servers by tenant: the server's id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def chosen(self, tenant_id: str) -> Chosen:
        """What the server has set itself. Raises QueueUnavailable."""
        return await self._database.read(lambda connection: _chosen(connection, tenant_id))

    async def change(self, tenant_id: str, edit: Callable[[Chosen], Mapping[str, JsonValue]], *, by: str) -> Chosen:
        """Replace what the server has set by what `edit` makes of it, in one transaction. Raises QueueUnavailable."""

        def save(connection: Connection) -> Chosen:
            after = dict(edit(_chosen(connection, tenant_id)))
            values = {"settings": json.dumps(after), "changed_by": by, "changed_at": database_now()}
            _put(connection, tenant_id, values)
            return after

        return await self._database.write(save)

    async def note_welcomed(self, tenant_id: str) -> None:
        """Whoever set the bot up there has been greeted, or there is no need to. Raises QueueUnavailable."""
        values = {"welcomed_at": database_now()}
        await self._database.write(lambda connection: _put(connection, tenant_id, values))

    async def welcomed(self) -> set[str]:
        """The servers that need no greeting any more. Raises QueueUnavailable."""
        query = select(servers.c.tenant_id).where(servers.c.welcomed_at.is_not(None))
        return await self._database.read(lambda connection: set(connection.execute(query).scalars()))


def _chosen(connection: Connection, tenant_id: str) -> Chosen:
    kept = connection.execute(select(servers.c.settings).where(servers.c.tenant_id == tenant_id)).scalar_one_or_none()
    try:
        chosen = json.loads(kept) if kept else {}
    except ValueError:
        chosen = None
    if isinstance(chosen, dict):
        return chosen
    log.error("settings of a server cannot be read tenant=%s kept=%r", tenant_id, kept)
    return {}


def _put(connection: Connection, tenant_id: str, values: Mapping[str, object]) -> None:
    if connection.execute(update(servers).where(servers.c.tenant_id == tenant_id).values(**values)).rowcount:
        return
    connection.execute(insert(servers).values(tenant_id=tenant_id, **values))
