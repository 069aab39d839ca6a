"""Sees every open job and keeps one steward at each. The database is the truth; the bus only says when to look."""

import asyncio
import logging
from functools import partial

from pydantic import ValidationError

from bot.jobs.address import Address, address_of
from bot.jobs.card_keeper import Snapshot
from bot.jobs.steward import Desk, Steward
from nst_engine.contract.jobs import JobState
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.bus import Bus
from nst_engine.queue.jobs import Job, Standing
from nst_engine.queue.outage import Outage

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
        self._outage = Outage("the list of open jobs")

    async def run(self) -> None:
        """Until cancelled. An error nobody expected costs one look, not the loop."""
        seen = 0
        async with asyncio.TaskGroup() as stewards:
            while True:
                try:
                    has_looked = await self._outage.once(partial(self._look, stewards))
                except Exception:
                    log.exception("a look at the queue failed")
                    has_looked = False
                await asyncio.sleep(self._desk.pace.between_looks if has_looked else self._desk.pace.after_a_fault)
                seen = await self._bus.wait(seen, self._desk.pace.idle_look)

    async def _look(self, stewards: asyncio.TaskGroup) -> bool:
        """True, once everybody has the newest facts."""
        jobs = [job for job in await self._desk.store.open_jobs() if self._wants_news(job)]
        wanted = [(job, self._stewards.get(job.id)) for job in jobs]
        queued = [job for job in jobs if job.state is JobState.QUEUED]
        standings = await self._desk.store.standings(queued) if queued else {}
        for job, steward in wanted:
            snapshot = await self._snapshot(job, standings.get(job.id))
            if steward is None:
                self._appoint(snapshot, stewards)
            else:
                steward.offer(snapshot)
        self._first_look = False
        return True

    def _wants_news(self, job: Job) -> bool:
        if job.id in self._left_alone:
            return False
        steward = self._stewards.get(job.id)
        if steward is None:
            return self._desk.clock.monotonic() >= self._resting.get(job.id, 0.0)
        return job.is_final or steward.wants_news

    def _appoint(self, snapshot: Snapshot, stewards: asyncio.TaskGroup) -> None:
        job = snapshot.job
        address = self._address(job)
        if address is None:
            return
        is_new = not self._first_look and job.id not in self._resting
        steward = Steward(self._desk, snapshot, address, may_have_card=not is_new)
        self._stewards[job.id] = steward
        stewards.create_task(self._run(job.id, steward), name=f"steward of job {job.id}")

    def _address(self, job: Job) -> Address | None:
        """Where to answer; a job without a usable address is left alone, and the log says so once."""
        try:
            address = address_of(job)
            if address is not None and address.trial_id is None:
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
        except QueueUnavailable as error:
            self._desk.outage.note(error)
            self._rest(job_id)
        except Exception:
            log.exception("steward fault job=%s", job_id)
            self._rest(job_id)
        finally:
            self._stewards.pop(job_id, None)

    def _rest(self, job_id: str) -> None:
        """Another steward is appointed in a while."""
        self._resting[job_id] = self._desk.clock.monotonic() + self._desk.pace.after_a_fault

    async def _snapshot(self, job: Job, standing: Standing | None) -> Snapshot:
        """Asks only for what the job's state can have."""
        progress = await self._desk.store.progress(job.id) if job.state is JobState.RUNNING else None
        return Snapshot(job=job, standing=standing, progress=progress)
