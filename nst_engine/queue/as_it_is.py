"""A database that somebody else works with, opened to look at: nothing is made, and no schema is changed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import sqlalchemy

from nst_engine.errors import QueueUnavailable
from nst_engine.queue.database import Database, make_engine


def file_of(url: str) -> Path | None:
    """Where the database is kept, or None where it is not a file."""
    parsed = sqlalchemy.make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


@asynccontextmanager
async def open_as_it_is(url: str) -> AsyncIterator[Database]:
    """The database at `url`, whatever its schema. Raises QueueUnavailable where there is none."""
    file = file_of(url)
    if file is not None and not file.is_file():
        raise QueueUnavailable(f"there is no database yet: {file}")
    database = Database(make_engine(url))
    try:
        yield database
    finally:
        await asyncio.to_thread(database.close)
