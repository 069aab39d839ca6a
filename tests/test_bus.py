"""The bus, `nst_engine/queue/bus.py`."""

import asyncio

import pytest

from nst_engine.errors import QueueUnavailable
from nst_engine.queue.bus import open_bus
from nst_engine.queue.database import Database
from nst_engine.queue.store import JobStore
from tests.queue_samples import new_job


async def test_a_commit_wakes_everybody_who_waits(database: Database, database_url: str) -> None:
    async with open_bus(database_url) as bus:
        seen = await bus.wait(0, timeout=5)
        waiting = [asyncio.create_task(bus.wait(seen, timeout=30)) for _ in range(3)]
        await JobStore(database).submit(new_job())
        assert all(counter != seen for counter in await asyncio.gather(*waiting))


async def test_a_change_that_came_before_the_wait_is_not_missed(database: Database, database_url: str) -> None:
    async with open_bus(database_url) as bus:
        seen = await bus.wait(0, timeout=5)
        await JobStore(database).submit(new_job())
        first = await bus.wait(seen, timeout=30)
        assert await bus.wait(seen, timeout=30) == first


async def test_a_quiet_database_lets_the_wait_end_with_the_same_counter(database: Database, database_url: str) -> None:
    async with open_bus(database_url) as bus:
        seen = await bus.wait(0, timeout=5)
        assert await bus.wait(seen, timeout=0.05) == seen


async def test_a_database_without_a_bus_is_refused() -> None:
    with pytest.raises(QueueUnavailable, match="mysql"):
        async with open_bus("mysql://host/name"):
            pass
