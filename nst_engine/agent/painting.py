"""One claimed job on its way through the GPU child: fetch, paint, keep the picture, and tell the queue once."""

import asyncio
import logging
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import assert_never

from nst_engine.agent.bell import Bell
from nst_engine.agent.child_link import ChildLink, ChildLost
from nst_engine.agent.commission import commission, pictures, result_format
from nst_engine.agent.ending import Delivered, Ending, Halt, Lost, Unbegun, ending_after_halt
from nst_engine.agent.job_folder import job_folder
from nst_engine.agent.lease_holder import LeaseHolder
from nst_engine.agent.settle import settle
from nst_engine.agent.stores import Stores
from nst_engine.contract.commands import Paint, Stop
from nst_engine.contract.events import Failed, FailureReason, Finished, Progress, Ready, Started, Stopped
from nst_engine.contract.settings import EngineSettings
from nst_engine.errors import FencedOut, QueueUnavailable
from nst_engine.queue.jobs import Job

log = logging.getLogger(__name__)

SECONDS_TO_STOP_WHEN_DRAINING = 2.0


class Painting:
    """The job, the child that paints it, and why it must end early, if it must."""

    def __init__(self, job: Job, link: ChildLink, stores: Stores, bell: Bell, settings: EngineSettings) -> None:
        self.job = job
        self._link = link
        self._stores = stores
        self._settings = settings
        self._holder = LeaseHolder(job, stores, bell, lease_seconds=settings.lease_seconds, halt=self.halt)
        self._halt: Halt | None = None
        self._halted = asyncio.Event()
        self._under_way: Paint | None = None
        """What the child is on, as long as it is."""
        self._kill_timer: asyncio.TimerHandle | None = None

    def halt(self, why: Halt) -> None:
        """End the painting early: ask the child to stop, and kill it when it does not."""
        if self._halt is not None and why <= self._halt:
            return
        self._halt = why
        self._halted.set()
        log.info("job=%s halted: %s", self.job.id, why.name.lower())
        if self._under_way is not None:
            self._stop_child(self._under_way, why)

    def _stop_child(self, paint: Paint, why: Halt) -> None:
        seconds = self._settings.cancel_grace_seconds
        if why is Halt.DRAIN:
            seconds = min(seconds, SECONDS_TO_STOP_WHEN_DRAINING)
        self._link.send(Stop(job=paint.job))
        self._stand_kill_timer_down()
        fate = f"did not stop within {seconds:g} s and was killed"
        self._kill_timer = asyncio.get_running_loop().call_later(seconds, self._link.kill, fate)

    def _stand_kill_timer_down(self) -> None:
        if self._kill_timer is not None:
            self._kill_timer.cancel()
            self._kill_timer = None

    async def run(self) -> Ending | None:
        """Paint the job and tell the queue how it ended; returns that, or None where it is another engine's by now."""
        try:
            with job_folder() as folder:
                reached = await self._paint_holding_lease(folder)
        except OSError as error:
            reached = Unbegun(host_fault=f"it has no place for the pictures of a job: {error}")
        ending = ending_after_halt(reached, self._halt)
        with suppress(FencedOut):
            if ending is not None:
                await settle(self.job, ending, self._stores)
                return ending
        log.warning("job=%s belongs to another engine now; what was painted here is forgotten", self.job.id)
        return None

    async def _paint_holding_lease(self, folder: Path) -> Ending:
        async with asyncio.TaskGroup() as group:
            holding = group.create_task(self._holder.hold(), name=f"hold {self.job.id}")
            try:
                return await self._paint(folder)
            finally:
                self._stand_kill_timer_down()
                holding.cancel()

    async def _paint(self, folder: Path) -> Ending:
        try:
            paint = await self._fetch(folder)
        except QueueUnavailable as error:
            return Lost(detail=f"the pictures to work from could not be read: {error}")
        except OSError as error:
            return Unbegun(host_fault=f"it cannot write down the pictures to work from: {error}")
        if self._halt is not None or self._link.fate is not None:
            return Unbegun()
        try:
            self._link.send(paint)
            self._under_way = paint
            ended = await self._follow()
        except ChildLost as lost:
            return Lost(detail=f"the GPU child {lost}")
        finally:
            self._under_way = None
        self._stand_kill_timer_down()
        return await self._keep(ended, paint) if isinstance(ended, Finished) else ended

    async def _fetch(self, folder: Path) -> Paint:
        """Write the job's pictures where the child can read them. Raises QueueUnavailable after several tries."""
        for pause in self._stores.pauses_between_fetches:
            paint = await self._stores.blobs_outage.once(partial(self._fetch_once, folder))
            if paint is not None:
                return paint
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._halted.wait()
        return await self._fetch_once(folder)

    async def _fetch_once(self, folder: Path) -> Paint:
        paint = commission(self.job, folder)
        for path, key in pictures(self.job, paint):
            await asyncio.to_thread(path.write_bytes, await self._stores.blobs.get(key))
        return paint

    async def _follow(self) -> Finished | Failed | Stopped:
        """Pass on what the child says until it has said its last word on the job. Raises ChildLost."""
        while True:
            event = await self._link.next_event(self._settings.silence_seconds)
            match event:
                case Started():
                    size = f"{event.width}x{event.height}"
                    log.info("job=%s painting size=%s steps=%d", self.job.id, size, event.steps)
                case Progress():
                    self._holder.take(event)
                case Finished() | Failed() | Stopped():
                    return event
                case Ready():
                    log.warning("job=%s the GPU child said ready in the middle of it", self.job.id)
                case _:
                    assert_never(event)

    async def _keep(self, finished: Finished, paint: Paint) -> Delivered | Failed:
        """Save first, then tell: the pictures are in the blob store before the job table names them."""
        try:
            picture = await asyncio.to_thread(paint.output.read_bytes)
        except OSError as error:
            log.error("job=%s the GPU child wrote no picture: %s", self.job.id, error)  # noqa: TRY400 - says it all
            return Failed(reason=FailureReason.ENGINE_ERROR, detail="the engine finished but left no picture")
        return Delivered(
            timelapse_blob=await self._keep_timelapse(paint.timelapse) if paint.timelapse else None,
            result_blob=await self._put(picture),
            result_format=result_format(self.job.params),
            summary=finished.summary,
        )

    async def _keep_timelapse(self, timelapse: Path) -> str | None:
        """An extra beside the result: without it the job is done all the same."""
        try:
            animation = await asyncio.to_thread(timelapse.read_bytes)
        except OSError as error:
            log.warning("job=%s the GPU child wrote no timelapse: %s", self.job.id, error)
            return None
        return await self._put(animation)

    async def _put(self, picture: bytes) -> str:
        return await self._stores.blobs_outage.until_done(partial(self._stores.blobs.put, picture))
