"""One job from its first card to its last word: who owns a job alone decides what its requester sees next."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Protocol

from bot.jobs.address import Address
from bot.jobs.card_keeper import Board, CardKeeper, Snapshot
from bot.jobs.errors import NotAnswered
from bot.jobs.pace import Clock, Pace
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.jobs import Job
from nst_engine.queue.outbox import Outbox
from nst_engine.queue.store import JobStore

log = logging.getLogger(__name__)


class Courier(Protocol):
    """Brings the last word of a job to its requester."""

    async def deliver(self, job: Job, address: Address, *, may_have_posted: bool) -> None:
        """Post it once, in the best place there is; where there is none, say so in the log. Raises NotAnswered."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a steward works with."""

    store: JobStore
    outbox: Outbox
    board: Board
    courier: Courier
    clock: Clock
    pace: Pace


class Steward:
    """Follows one job: the newest state wins, and the last word always goes out."""

    def __init__(self, desk: Desk, snapshot: Snapshot, address: Address, *, may_have_card: bool) -> None:
        self._desk = desk
        self._job_id = snapshot.job.id
        self._keeper = CardKeeper(
            desk.board,
            desk.store,
            address=address,
            may_have_card=may_have_card,
            clock=desk.clock,
            pace=desk.pace,
        )
        self._news = asyncio.Event()
        self._ended = asyncio.Event()
        self.offer(snapshot)

    def offer(self, snapshot: Snapshot) -> None:
        """Take note of newer facts; never waits."""
        self._newest = snapshot
        self._news.set()
        if snapshot.job.is_final:
            self._ended.set()

    @property
    def wants_news(self) -> bool:
        """An edit will be allowed before the queue is looked at again."""
        return self._keeper.seconds_until_edit() <= self._desk.pace.between_looks + self._desk.pace.idle_look

    async def run(self) -> None:
        """Until the last word has been delivered."""
        while not await self.act():
            pass

    async def act(self) -> bool:
        """Wait for news and act on the newest; True when the last word has been delivered."""
        await self._news.wait()
        self._news.clear()
        await self._desk.clock.wait(self._ended, self._keeper.seconds_until_edit())
        if self._newest.job.is_final:
            return await self._deliver()
        await self._keeper.show(self._newest)
        return False

    async def _deliver(self) -> bool:
        """One attempt; True when there is nothing left to do."""
        job = await self._desk.outbox.begin(self._job_id, lease_seconds=self._desk.pace.delivery_lease)
        if job is None:
            return await self._is_delivered()
        try:
            async with asyncio.timeout(self._desk.pace.delivery_attempt):
                await self._attempt(job)
        except asyncio.CancelledError:
            await self._desk.outbox.postpone(job.id, seconds=0.0)
            raise
        except (NotAnswered, QueueUnavailable, TimeoutError) as error:
            return await self._try_later(job, repr(error))
        except Exception:
            log.exception("delivery fault job=%s attempt=%s", job.id, job.delivery_attempts)
            return await self._try_later(job, "fault")
        await self._desk.outbox.delivered(job.id)
        log.info("delivered job=%s state=%s attempt=%s", job.id, job.state, job.delivery_attempts)
        return True

    async def _attempt(self, job: Job) -> None:
        await self._keeper.settle_place(job.id)
        await self._desk.courier.deliver(job, self._keeper.address, may_have_posted=job.delivery_attempts > 1)
        await self._desk.clock.wait(asyncio.Event(), self._keeper.seconds_until_edit())
        await self._keeper.close(self._newest)

    async def _try_later(self, job: Job, why: str) -> bool:
        if job.delivery_attempts >= self._desk.pace.delivery_attempts:
            log.error("undeliverable job=%s attempts=%s why=%s", job.id, job.delivery_attempts, why)
            await self._desk.outbox.delivered(job.id)
            return True
        seconds = self._desk.pace.retry_after(job.delivery_attempts)
        log.warning("delivery again job=%s attempt=%s in_s=%s why=%s", job.id, job.delivery_attempts, seconds, why)
        await self._desk.outbox.postpone(job.id, seconds=seconds)
        return False

    async def _is_delivered(self) -> bool:
        job = await self._desk.store.get(self._job_id)
        return job is None or job.delivered_at is not None
