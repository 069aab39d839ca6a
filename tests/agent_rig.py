"""A real agent with a fake GPU child on a real queue in a folder, and the few things a test does with them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection

from nst_engine.agent.loop import Agent
from nst_engine.agent.stores import Stores
from nst_engine.contract.jobs import JobState
from nst_engine.contract.params import StylizeParams
from nst_engine.contract.settings import EngineSettings
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.blobs import BlobStore, DirectoryBlobs
from nst_engine.queue.bus import Bus, open_bus
from nst_engine.queue.database import Database, open_database
from nst_engine.queue.jobs import EngineInfo, Job, NewJob
from nst_engine.queue.leases import Leases
from nst_engine.queue.store import JobStore
from tests.fake_child import attempts, fake_child, lives

SECONDS_TO_WAIT = 60.0
Result = TypeVar("Result")


class FlakyDatabase(Database):
    """The database as the agent sees it, which a test can take away."""

    def __init__(self, database: Database) -> None:
        self._whole = database
        self.away = False
        self.refusals = 0

    async def read(self, transaction: Callable[[Connection], Result]) -> Result:
        self._refuse()
        return await self._whole.read(transaction)

    async def write(self, transaction: Callable[[Connection], Result]) -> Result:
        self._refuse()
        return await self._whole.write(transaction)

    def _refuse(self) -> None:
        if self.away:
            self.refusals += 1
            raise QueueUnavailable("the database does not answer: it was taken away")


@dataclass(kw_only=True)
class Queue:
    """The requester's end of it."""

    folder: Path
    store: JobStore
    leases: Leases
    database: Database
    bus: Bus
    blobs: BlobStore

    @property
    def lives(self) -> list[int]:
        return lives(self.folder)

    @property
    def attempts(self) -> list[str]:
        return attempts(self.folder)

    async def submit(self, job_id: str, **changes: Any) -> Job:
        fields: dict[str, Any] = {
            "owner_id": "owner",
            "tenant_id": "tenant",
            "params": StylizeParams(),
            "content_blob": await self.blobs.put(b"a content"),
            "style_blobs": (await self.blobs.put(b"a style"),),
            "cost": 10.0,
        }
        return await self.store.submit(NewJob(id=job_id, **(fields | changes)))

    async def until(self, holds: Callable[[Job], bool], job_id: str) -> Job:
        """The job as soon as this holds."""
        seen = -1
        async with asyncio.timeout(SECONDS_TO_WAIT):
            while True:
                job = await self.store.get(job_id)
                if job is not None and holds(job):
                    return job
                seen = await self.bus.wait(seen, 1.0)

    async def until_state(self, state: JobState, job_id: str) -> Job:
        return await self.until(lambda job: job.state is state, job_id)

    async def until_done(self, job_id: str) -> Job:
        return await self.until_state(JobState.DONE, job_id)

    async def until_progress(self, job_id: str, step: int = 1) -> Job:
        """The job as soon as its child has reported this step: it is in the middle of it."""
        seen = -1
        async with asyncio.timeout(SECONDS_TO_WAIT):
            while (report := await self.store.progress(job_id)) is None or report.step < step:
                seen = await self.bus.wait(seen, 1.0)
        return await self.until_state(JobState.RUNNING, job_id)

    async def until_engine(self, holds: Callable[[EngineInfo], bool] = lambda _: True) -> EngineInfo:
        """The engine as soon as it is registered and this holds."""
        seen = -1
        async with asyncio.timeout(SECONDS_TO_WAIT):
            while True:
                for engine in await self.store.engines():
                    if holds(engine):
                        return engine
                seen = await self.bus.wait(seen, 1.0)

    async def until_true(self, holds: Callable[[], bool]) -> None:
        """Wait for something that no bus announces, such as a file."""
        seen = -1
        async with asyncio.timeout(SECONDS_TO_WAIT):
            while not holds():
                seen = await self.bus.wait(seen, 0.02)

    async def picture(self, job: Job) -> bytes:
        return await self.blobs.get(job.result_blob or "")


@dataclass(kw_only=True)
class Rig(Queue):
    """The queue with an agent at work on it."""

    agent: Agent
    agents_database: FlakyDatabase
    running: asyncio.Task[None]


def url_of(folder: Path) -> str:
    return f"sqlite:///{folder / 'stylize.db'}"


def settings_for_tests(**changes: Any) -> EngineSettings:
    """Short times, some of them shorter than an operator may choose."""
    seconds = {"lease_seconds": 1.0, "cancel_grace_seconds": 0.2, "silence_seconds": 10.0}
    return EngineSettings.model_construct(**(EngineSettings().model_dump() | seconds | changes))


@asynccontextmanager
async def open_queue(folder: Path) -> AsyncIterator[Queue]:
    url = url_of(folder)
    async with open_database(url) as database, open_bus(url) as bus:
        yield Queue(
            folder=folder,
            store=JobStore(database),
            leases=Leases(database, lease_seconds=1.0),
            database=database,
            bus=bus,
            blobs=DirectoryBlobs(folder / "blobs"),
        )


@asynccontextmanager
async def running_agent(
    folder: Path,
    plan: Mapping[str, Sequence[str]] | None = None,
    *,
    starts: Sequence[str] = (),
    settings: EngineSettings | None = None,
    blobs: BlobStore | None = None,
) -> AsyncIterator[Rig]:
    """An agent at work; drained at the end, if it is not by then."""
    settings = settings or settings_for_tests()
    async with open_queue(folder) as queue:
        flaky = FlakyDatabase(queue.database)
        leases = Leases(flaky, lease_seconds=settings.lease_seconds)
        stores = Stores(leases=leases, blobs=blobs or queue.blobs, pauses_between_fetches=(0.05, 0.1))
        agent = Agent(stores, queue.bus, settings, fake_child(folder, plan or {}, starts))
        running = asyncio.create_task(agent.run())
        try:
            yield Rig(**vars(queue), agent=agent, agents_database=flaky, running=running)
        finally:
            agent.drain()
            await running
