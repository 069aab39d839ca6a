"""The bus: "something changed in the database". It may lose or repeat a message; the tables are the truth."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

import sqlalchemy

from nst_engine.errors import QueueUnavailable

SECONDS_BETWEEN_LOOKS = 0.015


class Bus(Protocol):
    """Wakes whoever waits when anybody, in any process, has committed."""

    async def wait(self, seen: int, timeout: float) -> int:  # noqa: ASYNC109 - a wait that ends quietly, not a failure
        """Return the counter of changes as soon as it differs from `seen`, or after `timeout` seconds as it is then."""
        ...


class SqliteBus:
    """Looks at SQLite's `data_version`, a counter in shared memory, some sixty times a second."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._changes = 0
        self._changed = asyncio.Condition()

    async def wait(self, seen: int, timeout: float) -> int:  # noqa: ASYNC109 - as the protocol has it
        await asyncio.sleep(0)  # a caller that is always behind must not keep everybody else waiting
        async with self._changed:
            try:
                async with asyncio.timeout(timeout):
                    await self._changed.wait_for(lambda: self._changes != seen)
            except TimeoutError:
                pass
            return self._changes

    async def watch(self) -> None:
        """Look for changes until cancelled."""
        connection = sqlite3.connect(self._path, isolation_level=None)
        try:
            last = None
            while True:
                last = await self._look(connection, last)
                await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        finally:
            connection.close()

    async def _look(self, connection: sqlite3.Connection, last: int | None) -> int | None:
        try:
            version: int = connection.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.OperationalError:
            version = -1  # a look that failed counts as a change: better once too often
        if version != last:
            async with self._changed:
                self._changes += 1
                self._changed.notify_all()
        return version


@asynccontextmanager
async def open_bus(url: str) -> AsyncIterator[Bus]:
    """The bus that belongs to the database at `url`. Raises QueueUnavailable."""
    parsed = sqlalchemy.make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise QueueUnavailable(f"there is no bus for {parsed.get_backend_name()} databases")
    bus = SqliteBus(parsed.database)
    watcher = asyncio.create_task(bus.watch(), name="bus")
    try:
        yield bus
    finally:
        watcher.cancel()
        await asyncio.gather(watcher, return_exceptions=True)
