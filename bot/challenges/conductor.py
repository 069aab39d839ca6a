"""Moves challenges on when their time has come, and sees to it that Discord is told, once and in order."""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol

from bot.challenges.desk import ChallengeDesk
from bot.challenges.live_cards import LiveCards
from bot.challenges.tasks import Task, TaskKind
from bot.challenges.values import Challenge, Counts
from bot.jobs.errors import BotError, NotAnswered, PlaceGone, Rejected
from bot.jobs.pace import Clock, Pace
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.outage import Outage

log = logging.getLogger(__name__)

MOST_AT_ONCE = 12
"""Tasks under way. So many slow servers keep the others waiting, for as long as one attempt lasts."""
FOR_ONE_MEMBER = frozenset({TaskKind.WINNER_ROLE, TaskKind.APPROVED, TaskKind.REMOVED})
"""They leave the card as it is."""
POSTS_CARD = frozenset({TaskKind.ANNOUNCE, TaskKind.REPOST})
EXPECTED = (BotError, QueueUnavailable, TimeoutError)
"""What a task may meet without anything being wrong with the program."""


class Herald(Protocol):
    """Speaks to Discord for the conductor."""

    async def carry_out(self, task: Task, challenge: Challenge, *, may_be_done: bool) -> None:
        """Do it once; `may_be_done`: an earlier attempt may have. Raises BotError."""
        ...

    async def refresh(self, challenge: Challenge, counts: Counts) -> None:
        """Edit the live card to what holds now; nothing where it was deleted. Raises BotError."""
        ...

    def moved_on(self, challenge: Challenge) -> None:
        """A deadline has passed and was carried out. Never waits."""
        ...

    def gave_up(self, task: Task, challenge: Challenge) -> None:
        """It cannot be done. Never waits."""
        ...


class Conductor:
    """One for the bot."""

    def __init__(self, desk: ChallengeDesk, herald: Herald, clock: Clock, pace: Pace) -> None:
        self._desk = desk
        self._herald = herald
        self._clock = clock
        self._pace = pace
        self._cards = LiveCards(desk, herald, clock, pace)
        self._outage = Outage("the queue")
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._failures: defaultdict[int, Counter[type[Exception]]] = defaultdict(Counter)
        """By task; the kinds are counted apart, so that an outage does not use up the patience with a refusal."""

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._cards.run(), name="cards of challenges")
            while True:
                went_well = await self.look(group)
                wait = self._pace.between_challenge_looks if went_well else self._pace.after_a_fault
                await self._clock.wait(asyncio.Event(), wait)

    async def look(self, group: asyncio.TaskGroup) -> bool:
        """Carry out what is due, and begin to tell it; waits for the database only. False after a fault."""
        moved_on = await self._survived(self._move_on)
        begun = await self._survived(partial(self._begin, group))
        return moved_on and begun

    async def _survived(self, step: Callable[[], Awaitable[None]]) -> bool:
        """One step that meets an error nobody expected must not keep the other from being made."""
        try:
            await self._outage.once(step)
        except Exception:
            log.exception("challenges: a look broke")
            return False
        return True

    async def _move_on(self) -> None:
        for challenge in await self._desk.challenges.carry_out_due(self._clock.now()):
            log.info("challenge moved on challenge=%s phase=%s", challenge.id, challenge.phase.value)
            self._herald.moved_on(challenge)

    async def _begin(self, group: asyncio.TaskGroup) -> None:
        free = MOST_AT_ONCE - len(self._under_way)
        if free <= 0:
            return
        lease = self._pace.delivery_lease
        for task in await self._desk.tasks.begin_due(self._clock.now(), lease_seconds=lease, limit=free):
            if task.id not in self._under_way:
                self._under_way[task.id] = group.create_task(self._see_to(task))

    async def _see_to(self, task: Task) -> None:
        """One attempt; what became of it is recorded whatever happens."""
        try:
            await self._attempt(task)
        except asyncio.CancelledError:
            await self._outage.once(partial(self._desk.tasks.postpone, task.id, self._clock.now()))
            raise
        except Exception:
            log.exception("challenges: a task broke task=%s", task.id)
        finally:
            del self._under_way[task.id]

    async def _attempt(self, task: Task) -> None:
        challenge = await self._outage.until_done(partial(self._desk.challenges.get, task.challenge_id))
        if challenge is None:
            log.warning("no such challenge any more task=%s challenge=%s", task.id, task.challenge_id)
            return await self._conclude(task)
        try:
            async with asyncio.timeout(self._pace.delivery_attempt):
                await self._carry_out(task, challenge)
        except Exception as error:
            if not isinstance(error, EXPECTED):
                log.exception("challenges: fault task=%s kind=%s attempt=%s", task.id, task.kind, task.attempts)
            return await self._after_failure(task, challenge, error)
        log.info("done task=%s kind=%s challenge=%s attempt=%s", task.id, task.kind, challenge.id, task.attempts)
        return await self._conclude(task)

    async def _carry_out(self, task: Task, challenge: Challenge) -> None:
        may_be_done = task.attempts > 1
        if task.kind in FOR_ONE_MEMBER:
            return await self._herald.carry_out(task, challenge, may_be_done=may_be_done)
        async with self._cards.left_alone(challenge.id):
            counts = await self._desk.challenges.counts(challenge.id)
            await self._herald.carry_out(task, challenge, may_be_done=may_be_done)
            if task.kind in POSTS_CARD and not may_be_done:
                await self._cards.posted(challenge, counts)
        return None

    async def _after_failure(self, task: Task, challenge: Challenge, error: Exception) -> None:
        failures = self._failures[task.id]
        failures[type(error)] += 1
        if task.attempts >= self._pace.delivery_attempts or failures[type(error)] >= _patience(error, self._pace):
            log.error(
                "given up task=%s kind=%s challenge=%s attempts=%s why=%r",
                task.id,
                task.kind,
                challenge.id,
                task.attempts,
                error,
            )
            self._herald.gave_up(task, challenge)
            return await self._conclude(task)
        seconds = self._pace.retry_after(task.attempts)
        log.warning(
            "again task=%s kind=%s attempt=%s in_s=%s why=%r", task.id, task.kind, task.attempts, seconds, error
        )
        until = self._clock.now() + seconds
        return await self._outage.until_done(partial(self._desk.tasks.postpone, task.id, until))

    async def _conclude(self, task: Task) -> None:
        self._failures.pop(task.id, None)
        await self._outage.until_done(partial(self._desk.tasks.done, task.id, self._clock.now()))


def _patience(error: Exception, pace: Pace) -> int:
    """How many times a task may meet this before it is given up."""
    match error:
        case NotAnswered() | QueueUnavailable() | TimeoutError():
            return pace.delivery_attempts
        case Rejected() | PlaceGone():
            return pace.attempts_when_refused
        case _:
            return pace.attempts_at_a_fault
