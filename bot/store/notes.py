"""What the bot remembers about itself, by name."""

from sqlalchemy import Connection, insert, select, update

from bot.store.schema import notes
from nst_engine.queue.database import Database


class Notes:
    """A few short texts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, name: str) -> str | None:
        """What was noted last, if anything was. Raises QueueUnavailable."""
        query = select(notes.c.value).where(notes.c.name == name)
        return await self._database.read(lambda connection: connection.execute(query).scalar_one_or_none())

    async def write(self, name: str, value: str) -> None:
        """Replaces what was noted before. Raises QueueUnavailable."""
        await self._database.write(lambda connection: _write(connection, name, value))


def _write(connection: Connection, name: str, value: str) -> None:
    if connection.execute(update(notes).where(notes.c.name == name).values(value=value)).rowcount:
        return
    connection.execute(insert(notes).values(name=name, value=value))
