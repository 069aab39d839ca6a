"""The follower on a real queue that a test takes away, with Discord and time played by the test."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import pytest
from sqlalchemy import Connection

from bot.jobs.follower import Follower
from bot.jobs.pace import SystemClock
from bot.jobs.steward import Desk
from bot.jobs.turns import Turns
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.database import Database
from nst_engine.queue.outbox import Outbox
from nst_engine.queue.store import JobStore
from tests.bot_world import QUICK, until
from tests.fake_board import ADDRESS, FakeBoard, FakeCourier
from tests.fake_clock import FakeClock
from tests.queue_samples import new_job

Result = TypeVar("Result")


class ShakyDatabase(Database):
    """Each kind of call can be refused by itself; counts what is asked."""

    def __init__(self, whole: Database) -> None:
        self._whole = whole
        self.refuses: set[str] = set()
        self.refused = 0
        self.reads = 0

    async def read(self, transaction: Callable[[Connection], Result]) -> Result:
        self.reads += 1
        return await self._unless_refused("read", self._whole.read, transaction)

    async def write(self, transaction: Callable[[Connection], Result]) -> Result:
        return await self._unless_refused("write", self._whole.write, transaction)

    async def _unless_refused(self, kind: str, call: Callable[..., object], transaction: object) -> Result:
        if kind in self.refuses:
            self.refused += 1
            raise QueueUnavailable("the database does not answer: disk I/O error")
        return await call(transaction)  # type: ignore[misc,no-any-return]  # of read or write, whose types are checked


class QuietBus:
    """Nothing is ever said; looks come by themselves."""

    async def wait(self, seen: int, timeout: float) -> int:  # noqa: ASYNC109 - as the protocol has it
        await asyncio.sleep(0)
        return seen


@pytest.fixture
def shaky(database: Database) -> ShakyDatabase:
    return ShakyDatabase(database)


@pytest.fixture
def desk(shaky: ShakyDatabase) -> Desk:
    return Desk(
        store=JobStore(shaky),
        outbox=Outbox(shaky),
        board=FakeBoard(FakeClock()),
        courier=FakeCourier(),
        clock=SystemClock(),
        pace=QUICK,
        turns=Turns(SystemClock(), QUICK),
    )


@asynccontextmanager
async def following(desk: Desk) -> AsyncIterator[None]:
    task = asyncio.create_task(Follower(desk, QuietBus()).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_steward_that_meets_an_outage_says_so_once_and_its_job_is_delivered_after_it(
    desk: Desk, shaky: ShakyDatabase, store: JobStore, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(3):
        await store.submit(new_job(str(number), address=ADDRESS.saved()))
        await store.request_cancel(str(number))
    shaky.refuses = {"write"}
    async with following(desk):
        await until(lambda: shaky.refused >= 6)
        shaky.refuses = set()
        while await store.open_jobs():
            pass
    assert caplog.text.count("the queue is away, trying again until it answers: the database does not answer") == 1
    assert "Traceback" not in caplog.text


async def test_looks_that_fail_are_one_line_and_the_first_that_succeeds_another(
    desk: Desk, shaky: ShakyDatabase, store: JobStore, caplog: pytest.LogCaptureFixture
) -> None:
    shaky.refuses = {"read"}
    async with following(desk):
        await until(lambda: shaky.refused >= 3)
        shaky.refuses = set()
        await until(lambda: "the list of open jobs is back after" in caplog.text)
    assert caplog.text.count("the list of open jobs is away") == 1
    assert "Traceback" not in caplog.text


async def test_a_look_asks_the_queue_twice_however_many_jobs_wait(
    desk: Desk, shaky: ShakyDatabase, store: JobStore
) -> None:
    for number in range(20):
        await store.submit(new_job(str(number), address=ADDRESS.saved()))
    stewards = asyncio.TaskGroup()
    with pytest.raises(asyncio.CancelledError):
        async with stewards:
            await Follower(desk, QuietBus())._look(stewards)
            assert shaky.reads == 2
            raise asyncio.CancelledError  # ends the stewards
