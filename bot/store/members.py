"""What members set for themselves: it goes with them into every server and into direct messages."""

import json
from collections.abc import Mapping

from pydantic import JsonValue
from sqlalchemy import Connection, delete, insert, select, update

from bot.store.schema import members
from bot.store.setting_changes import Chosen, chosen_in
from nst_engine.queue.database import Database
from nst_engine.queue.schema import database_now


class MemberStore:
    """Rows of members by their id. Every method may raise QueueUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def chosen(self, user_id: str) -> Chosen:
        query = select(members.c.settings).where(members.c.user_id == user_id)
        return await self._database.read(lambda connection: chosen_in(connection.execute(query).scalar_one_or_none()))

    async def keep(self, user_id: str, chosen: Mapping[str, JsonValue]) -> None:
        """Instead of what was there. Who chose nothing has no row."""
        await self._database.write(lambda connection: _keep(connection, user_id, chosen))


def _keep(connection: Connection, user_id: str, chosen: Mapping[str, JsonValue]) -> None:
    theirs = members.c.user_id == user_id
    if not chosen:
        connection.execute(delete(members).where(theirs))
        return
    values = {"settings": json.dumps(dict(chosen)), "changed_at": database_now()}
    if not connection.execute(update(members).where(theirs).values(**values)).rowcount:
        connection.execute(insert(members).values(user_id=user_id, **values))
