"""Pictures that somebody pointed at and has still to say what to do with: where Discord has them, for a day.

Discord shows an app the files of a message only when somebody points at it, so that they cannot be looked up later.
"""

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Delete, delete

from bot.store.notes import Notes
from bot.store.schema import notes
from nst_engine.queue.database import Database

_PREFIX = "picture:"
_DIGITS = 20
"""Of the longest id; shorter ones are filled up, so that the order of names is that of time."""


class FoundPicture(BaseModel):
    """What Discord said about it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    url: str
    size_bytes: int | None = None
    content_type: str | None = None
    is_covered: bool = False


class FoundPictures:
    """By the id of the interaction in which they were found. Every method may raise QueueUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._notes = Notes(database)

    async def keep(self, found_id: int, picture: FoundPicture, *, forget_before: int) -> None:
        """And forget all that were found before that id; Discord's links to them no longer work."""
        await self._database.write(lambda connection: connection.execute(_forget(forget_before)))
        await self._notes.write(_name(found_id), picture.model_dump_json())

    async def find(self, found_id: int) -> FoundPicture | None:
        saved = await self._notes.read(_name(found_id))
        return None if saved is None else FoundPicture.model_validate_json(saved)


def _name(found_id: int) -> str:
    return f"{_PREFIX}{found_id:0{_DIGITS}}"


def _forget(before: int) -> Delete:
    return delete(notes).where(notes.c.name.startswith(_PREFIX), notes.c.name < _name(before))
