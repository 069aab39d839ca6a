"""The agent: claims one job after another for its GPU child, says that it is alive, and drains when told to."""

import asyncio
import logging
import socket
import time
import uuid
from collections.abc import Sequence
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import Never

from nst_engine.agent.bell import Bell
from nst_engine.agent.child_keeper import ChildKeeper
from nst_engine.agent.child_link import ChildLink
from nst_engine.agent.ending import Delivered, Ending, Halt, Lost, Unbegun
from nst_engine.agent.job_folder import remove_abandoned_folders
from nst_engine.agent.lease_holder import RENEWALS_PER_LEASE
from nst_engine.agent.painting import Painting
from nst_engine.agent.settle import settle
from nst_engine.agent.speed import smoothed
from nst_engine.agent.stores import Stores
from nst_engine.contract.settings import EngineSettings
from nst_engine.errors import FencedOut
from nst_engine.queue.bus import Bus
from nst_engine.queue.jobs import EngineInfo, Job
from nst_engine.queue.outage import Outage, pauses

log = logging.getLogger(__name__)

SECONDS_TO_DRAIN = 6.0
SECONDS_TO_CHECK_OUT = 2.0
SHORTEST_REST = 1.0
LONGEST_REST = 60.0
LONGEST_SILENCE = 5.0
"""Seconds between two signs of life, at most: the queue takes an engine for dead after three times as long."""


class Agent:
    """One engine as the queue sees it. `run` it once."""

    def __init__(self, stores: Stores, bus: Bus, settings: EngineSettings, child_command: Sequence[str]) -> None:
        self.id = str(uuid.uuid4())
        self._stores = stores
        self._bus = bus
        self._settings = settings
        self._bell = Bell()
        self._keeper = ChildKeeper(child_command, self._bell.ring)
        self._seconds_between_looks = min(settings.lease_seconds / RENEWALS_PER_LEASE, LONGEST_SILENCE)
        self._look_for_expired_at = 0.0
        self._speed: float | None = None
        self._host_faults = 0
        self._rests_until = 0.0
        self._painting: Painting | None = None
        self._draining = False
        self._deadline: asyncio.Timeout | None = None

    def drain(self) -> None:
        """Take no more jobs, hand back the one under way, and let `run` return within a few seconds."""
        if self._draining:
            return
        log.info("draining")
        self._draining = True
        if self._deadline is not None:
            self._deadline.reschedule(asyncio.get_running_loop().time() + SECONDS_TO_DRAIN)
        self._keeper.retire()
        if self._painting is not None:
            self._painting.halt(Halt.DRAIN)
        self._bell.ring()

    async def run(self) -> None:
        """Work until drained."""
        log.info("engine=%s on %s starts", self.id, socket.gethostname())
        await asyncio.to_thread(remove_abandoned_folders)
        deadline = self._deadline = asyncio.timeout(None)
        try:
            async with deadline:
                await self._work_until_drained()
        except TimeoutError:
            if not deadline.expired():
                raise
            log.error("not drained after %g s; a job under way goes on when its lease ends", SECONDS_TO_DRAIN)  # noqa: TRY400
        await self._check_out()
        log.info("engine=%s ends", self.id)

    async def _work_until_drained(self) -> None:
        async with asyncio.TaskGroup() as group:
            around = [
                group.create_task(self._keeper.run(), name="child keeper"),
                group.create_task(self._listen(), name="bus listener"),
                group.create_task(self._check_in(), name="check-in"),
            ]
            try:
                while not self._draining:
                    await self._look_once()
            finally:
                for task in around:
                    task.cancel()

    async def _look_once(self) -> None:
        """Paint the next job if there is one and a child for it; wait for something to happen otherwise."""
        seen = self._bell.rings
        await self._release_expired()
        child = self._keeper.child
        if child is not None and time.monotonic() >= self._rests_until:
            claim = partial(self._stores.leases.claim, self.id)
            job = await self._stores.database_outage.once(claim)
            if job is not None:
                await self._paint(job, child)
                return
        await self._bell.wait(seen, self._seconds_between_looks)

    async def _paint(self, job: Job, child: ChildLink) -> None:
        what = f"preset={job.params.preset} size={job.params.size} waited={(job.started_at or 0) - job.created_at:.3f}s"
        log.info("job=%s claimed attempt=%d epoch=%d %s", job.id, job.attempts, job.epoch, what)
        self._painting = Painting(job, child, self._stores, self._bell, self._settings)
        if self._draining:
            self._painting.halt(Halt.DRAIN)
        try:
            ending = await self._painting.run()
        except Exception:
            log.exception("job=%s the agent met an error it did not expect", job.id)
            await self._give_up(job, child)
        else:
            self._learn_from(job, ending)
        finally:
            self._painting = None

    def _learn_from(self, job: Job, ending: Ending | None) -> None:
        """The speed, from a picture; to leave the queue to other engines for a while, from a fault of this host."""
        match ending:
            case Delivered(summary=done):
                self._speed = smoothed(self._speed, cost=job.cost, seconds=done.seconds)
                self._host_faults = 0
            case Unbegun(host_fault=str(fault)):
                seconds = pauses(SHORTEST_REST, LONGEST_REST)(self._host_faults)
                self._host_faults += 1
                self._rests_until = time.monotonic() + seconds
                log.error("engine=%s takes no job for %g s: %s", self.id, seconds, fault)
            case _:
                pass

    async def _give_up(self, job: Job, child: ChildLink) -> None:
        child.kill("was at a job that its agent gave up")
        try:
            await settle(job, Lost(detail="the engine agent met an error that it did not expect"), self._stores)
        except FencedOut as fenced:
            log.warning("job=%s %s", job.id, fenced)

    async def _release_expired(self) -> None:
        """Free the jobs of dead engines. Done between jobs only: a job of our own is never among them."""
        if time.monotonic() < self._look_for_expired_at:
            return
        self._look_for_expired_at = time.monotonic() + self._seconds_between_looks
        for job in await self._stores.database_outage.once(self._stores.leases.release_expired) or ():
            log.warning("job=%s its engine's lease ran out, now %s, attempts=%d", job.id, job.state, job.attempts)

    async def _listen(self) -> Never:
        seen, outage = 0, Outage("the bus")
        while True:
            seen = await outage.until_done(partial(self._bus.wait, seen, timeout=60.0))
            self._bell.ring()

    async def _check_in(self) -> Never:
        """Say that this engine is alive, as long as it has a child that can work."""
        while True:
            seen = self._bell.rings
            if self._keeper.child is None or self._keeper.device is None:
                await self._bell.wait(seen, self._seconds_between_looks)
                continue
            await self._stores.database_outage.once(partial(self._stores.leases.check_in, self._describe()))
            await asyncio.sleep(self._seconds_between_looks)

    def _describe(self) -> EngineInfo:
        return EngineInfo(
            id=self.id,
            host=socket.gethostname(),
            device=self._keeper.device or "",
            version=_version(),
            speed=self._speed,
        )

    async def _check_out(self) -> None:
        try:
            async with asyncio.timeout(SECONDS_TO_CHECK_OUT):
                await self._stores.database_outage.once(partial(self._stores.leases.check_out, self.id))
        except TimeoutError:
            log.warning("engine=%s could not check out", self.id)


def _version() -> str:
    try:
        return version("stylize-bot")
    except PackageNotFoundError:
        return "unknown"
