"""One job from its first card to its last word: who owns a job alone decides what its requester sees next."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from bot.jobs.address import Address
from bot.jobs.card_keeper import Board, CardKeeper, Snapshot
from bot.jobs.errors import BotError, NoPlaceLeft, NotAnswered, PlaceGone, Rejected
from bot.jobs.pace import Clock, Pace
from bot.jobs.turns import Turns
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.jobs import Job
from nst_engine.queue.outage import Outage
from nst_engine.queue.outbox import Outbox
from nst_engine.queue.store import JobStore

log = logging.getLogger(__name__)

EXPECTED = (BotError, QueueUnavailable, TimeoutError)
"""What a delivery may meet without anything being wrong with the program."""


class Courier(Protocol):
    """Brings the last word of a job to its requester."""

    async def deliver(self, job: Job, address: Address, *, may_have_posted: bool) -> None:
        """Post it once, in the best place there is. Raises BotError."""
        ...

    async def apologize(self, job: Job, address: Address) -> None:
        """Say in plain words that it could not be posted. Raises BotError."""
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
    turns: Turns
    """Of the cards that share a channel."""
    on_delivered: Callable[[Job, Address], None] = lambda _job, _address: None
    """Told of each job whose last word was posted; must not wait."""
    outage: Outage = field(default_factory=lambda: Outage("the queue"))
    """Of writing to it, which may fail where reading does not."""


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
            turns=desk.turns,
        )
        self._given_up = False
        """There is only an apology left to post."""
        self._failures: Counter[type[Exception]] = Counter()
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
                await self._post(job)
            await self._pause(self._keeper.seconds_until_edit())
        except asyncio.CancelledError:
            await self._desk.outbox.postpone(job.id, seconds=0.0)
            raise
        except Exception as error:
            if not isinstance(error, EXPECTED):
                log.exception("delivery fault job=%s attempt=%s", job.id, job.delivery_attempts)
            return await self._after_failure(job, error)
        log.info("delivered job=%s state=%s attempt=%s", job.id, job.state, job.delivery_attempts)
        if not self._given_up:
            self._desk.on_delivered(job, self._keeper.address)
        await self._conclude(job)
        return True

    async def _post(self, job: Job) -> None:
        await self._keeper.settle_place(job.id)
        await self._keeper.make_room(job)
        if self._given_up:
            await self._desk.courier.apologize(job, self._keeper.address)
        else:
            await self._desk.courier.deliver(job, self._keeper.address, may_have_posted=job.delivery_attempts > 1)

    async def _after_failure(self, job: Job, error: Exception) -> bool:
        """Try again later; after enough of that, to apologize; at last leave it. True when it is left."""
        if self._can_be_asked_for(error):
            log.info("nowhere to post it, its challenge keeps it job=%s why=%r", job.id, error)
            await self._conclude(job)
            return True
        self._failures[type(error)] += 1
        if not self._is_hopeless(job, error):
            seconds = self._desk.pace.retry_after(job.delivery_attempts)
            log.warning(
                "delivery again job=%s attempt=%s in_s=%s why=%r", job.id, job.delivery_attempts, seconds, error
            )
            await self._desk.outbox.postpone(job.id, seconds=seconds)
            return False
        if not self._given_up:
            log.error("undeliverable job=%s attempts=%s why=%r", job.id, job.delivery_attempts, error)
            self._given_up = True
            self._failures.clear()
            await self._desk.outbox.postpone(job.id, seconds=0.0)
            return False
        log.error("nobody could be told job=%s attempts=%s why=%r", job.id, job.delivery_attempts, error)
        await self._conclude(job)
        return True

    def _can_be_asked_for(self, error: Exception) -> bool:
        """There is no place for it, but its requester finds it in the challenge that it was painted for."""
        return self._keeper.address.challenge_id is not None and isinstance(error, NoPlaceLeft | PlaceGone)

    def _is_hopeless(self, job: Job, error: Exception) -> bool:
        """The kinds are counted apart: an outage does not use up the patience with a refusal after it."""
        pace = self._desk.pace
        if self._given_up:
            return self._failures.total() >= pace.attempts_to_apologize
        return job.delivery_attempts >= pace.delivery_attempts or self._failures[type(error)] >= _patience(error, pace)

    async def _conclude(self, job: Job) -> None:
        """Record it first: a card that cannot be edited must not keep a posted picture undelivered.

        The card may be edited at once here, since the wait for that came before: who is stopped in that wait finds the
        post again and goes on. A bot killed in the moment between record and edit leaves a card with a Cancel button,
        which answers that the picture is finished.
        """
        afterwards = self._keeper.address_afterwards
        await self._desk.outbox.delivered(job.id, address=afterwards.saved() if afterwards else None)
        await self._end_card(job)

    async def _end_card(self, job: Job) -> None:
        for attempt in range(self._desk.pace.attempts_to_close_card):
            wait = self._desk.pace.retry_after(attempt) if attempt else 0.0
            await self._pause(max(wait, self._keeper.seconds_until_edit()))
            if await self._close_card():
                return
        log.error("card stays open job=%s", job.id)

    async def _close_card(self) -> bool:
        try:
            async with asyncio.timeout(self._desk.pace.card_attempt):
                await self._keeper.close(self._newest)
        except (BotError, TimeoutError) as error:
            log.warning("card not closed job=%s why=%r", self._job_id, error)
            return False
        return True

    async def _pause(self, seconds: float) -> None:
        await self._desk.clock.wait(asyncio.Event(), seconds)

    async def _is_delivered(self) -> bool:
        job = await self._desk.store.get(self._job_id)
        return job is None or job.delivered_at is not None


def _patience(error: Exception, pace: Pace) -> int:
    """How many times a delivery may meet this before it is given up."""
    match error:
        case NotAnswered() | QueueUnavailable() | TimeoutError():
            return pace.delivery_attempts
        case Rejected() | NoPlaceLeft() | PlaceGone():
            return pace.attempts_when_refused
        case _:
            return pace.attempts_at_a_fault
