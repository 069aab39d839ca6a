"""Sees every open job and keeps one steward at each. The database is the truth; the bus only says when to look."""

import asyncio
import logging

from pydantic import ValidationError

from bot.jobs.address import Address, address_of
from bot.jobs.card_keeper import Snapshot
from bot.jobs.steward import Desk, Steward
from nst_engine.contract.jobs import JobState
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.bus import Bus
from nst_engine.queue.jobs import Job

log = logging.getLogger(__name__)


class Follower:
    """Owns the stewards."""

    def __init__(self, desk: Desk, bus: Bus) -> None:
        self._desk = desk
        self._bus = bus
        self._stewards: dict[str, Steward] = {}
        self._resting: dict[str, float] = {}
        self._left_alone: set[str] = set()
        self._first_look = True
        self._queue_is_away = False

    async def run(self) -> None:
        """Until cancelled. An error nobody expected costs one look, not the loop."""
        seen = 0
        async with asyncio.TaskGroup() as stewards:
            while True:
                try:
                    await self._look(stewards)
                    self._queue_is_away = False
                except QueueUnavailable as error:
                    self._note_outage(error)
                    await asyncio.sleep(self._desk.pace.after_a_fault)
                except Exception:
                    log.exception("a look at the queue failed")
                    await asyncio.sleep(self._desk.pace.after_a_fault)
                await asyncio.sleep(self._desk.pace.between_looks)
                seen = await self._bus.wait(seen, self._desk.pace.idle_look)

    def _note_outage(self, error: QueueUnavailable) -> None:
        """Once for each outage."""
        if not self._queue_is_away:
            log.warning("cannot follow the jobs for now why=%s", error)
        self._queue_is_away = True

    async def _look(self, stewards: asyncio.TaskGroup) -> None:
        for job in await self._desk.store.open_jobs():
            steward = self._stewards.get(job.id)
            if job.id in self._left_alone:
                continue
            if steward is None:
                await self._appoint(job, stewards)
            elif job.is_final or steward.wants_news:
                steward.offer(await self._snapshot(job))
        self._first_look = False

    async def _appoint(self, job: Job, stewards: asyncio.TaskGroup) -> None:
        address = self._address(job)
        if address is None or self._desk.clock.monotonic() < self._resting.get(job.id, 0.0):
            return
        is_new = not self._first_look and job.id not in self._resting
        steward = Steward(self._desk, await self._snapshot(job), address, may_have_card=not is_new)
        self._stewards[job.id] = steward
        stewards.create_task(self._run(job.id, steward), name=f"steward of job {job.id}")

    def _address(self, job: Job) -> Address | None:
        """Where to answer; a job without a usable address is left alone, and the log says so once."""
        try:
            if (address := address_of(job)) is not None:
                return address
            log.info("nobody to answer job=%s", job.id)
        except ValidationError:
            log.exception("unreadable address job=%s", job.id)
        self._left_alone.add(job.id)
        return None

    async def _run(self, job_id: str, steward: Steward) -> None:
        try:
            await steward.run()
            self._resting.pop(job_id, None)
        except Exception:
            log.exception("steward fault job=%s", job_id)
            self._resting[job_id] = self._desk.clock.monotonic() + self._desk.pace.after_a_fault
        finally:
            self._stewards.pop(job_id, None)

    async def _snapshot(self, job: Job) -> Snapshot:
        """Asks only for what the job's state can have."""
        standing = await self._desk.store.standing(job) if job.state is JobState.QUEUED else None
        progress = await self._desk.store.progress(job.id) if job.state is JobState.RUNNING else None
        return Snapshot(job=job, standing=standing, progress=progress)
