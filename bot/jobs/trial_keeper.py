"""Sees every try through, from its jobs to the sheet of its pictures. The database is the truth, so a restart loses
nothing: what has not been handed in is handed in, and what has been painted is shown."""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pydantic import ValidationError

from bot.jobs.errors import BotError, NotAnswered
from bot.jobs.pace import Clock, Pace
from bot.jobs.trials import Cell, Progress, Trial, cell_of, new_jobs, progress_of, trial_of
from bot.store.trials import KeptTrial, TrialStore
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.jobs import Job
from nst_engine.queue.outage import Outage
from nst_engine.queue.outbox import Outbox
from nst_engine.queue.store import JobStore

log = logging.getLogger(__name__)


class Showroom(Protocol):
    """Where the admin who asked looks. All of it may raise BotError."""

    async def show(self, trial: Trial, progress: Progress) -> None:
        """How far it is, where that can still be said."""
        ...

    async def hang(self, trial: Trial, cells: Sequence[Cell]) -> None:
        """The sheet of all pictures, in the best place there is."""
        ...

    async def clear(self, trial: Trial) -> None:
        """Say that it was stopped, where that can still be said."""
        ...


@dataclass(slots=True)
class TrialDesk:
    """What commands and buttons work with."""

    store: TrialStore
    news: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a try has begun or is to be stopped."""


@dataclass(slots=True)
class _Care:
    """What is remembered about a try while it is open."""

    shown: Progress | None = None
    edit_at: float = 0.0
    hang_at: float = 0.0
    failures: Counter[bool] = field(default_factory=Counter)
    """Of bringing the sheet, by whether Discord had answered."""


class TrialKeeper:
    """Owns all that are open."""

    def __init__(
        self, desk: TrialDesk, store: JobStore, outbox: Outbox, showroom: Showroom, clock: Clock, pace: Pace
    ) -> None:
        self._desk = desk
        self._store = store
        self._outbox = outbox
        self._showroom = showroom
        self._clock = clock
        self._pace = pace
        self._cared: dict[int, _Care] = {}
        self._outage = Outage("the list of tries")

    async def run(self) -> None:
        """Until cancelled. Where no try is open, nothing is asked of the database."""
        while True:
            self._desk.news.clear()
            open_ones = await self._outage.once(self._desk.store.open_ones)
            for kept in open_ones or ():
                await self._look_safely(kept)
            if open_ones is None:
                await asyncio.sleep(self._pace.after_a_fault)
            elif open_ones:
                await self._clock.wait(self._desk.news, self._pace.between_challenge_looks)
            else:
                self._cared.clear()
                await self._desk.news.wait()

    async def _look_safely(self, kept: KeptTrial) -> None:
        """A try that cannot be dealt with does not keep the others waiting."""
        try:
            await self._look(trial_of(kept))
        except ValidationError:
            log.exception("a try of another version is given up trial=%s", kept.id)
            await self._desk.store.end(kept.id)
        except QueueUnavailable as error:
            log.warning("try again later trial=%s why=%r", kept.id, error)
        except Exception:
            log.exception("try met a fault trial=%s", kept.id)
            self._care(kept.id).hang_at = self._clock.monotonic() + self._pace.after_a_fault

    async def _look(self, trial: Trial) -> None:
        if trial.is_stopped:
            return await self._stop(trial)
        jobs = [await self._store.get(job.id) or await self._store.submit(job) for job in new_jobs(trial)]
        for job in jobs:
            if job.is_final and job.delivered_at is None:
                await self._outbox.delivered(job.id)  # by itself it has no last word
        progress = progress_of(jobs, has_engine=bool(await self._store.engines()))
        if not progress.is_over:
            return await self._show(trial, progress)
        if self._clock.monotonic() >= self._care(trial.id).hang_at:
            await self._hang(trial, jobs)
        return None

    async def _show(self, trial: Trial, progress: Progress) -> None:
        care, now = self._care(trial.id), self._clock.monotonic()
        if progress == care.shown or now < care.edit_at:
            return
        care.edit_at = now + self._pace.between_edits
        try:
            async with asyncio.timeout(self._pace.card_attempt):
                await self._showroom.show(trial, progress)
            care.shown = progress
        except (BotError, TimeoutError) as error:
            log.warning("progress of a try not shown trial=%s why=%r", trial.id, error)

    async def _hang(self, trial: Trial, jobs: Sequence[Job]) -> None:
        """Show it first: a bot that dies after that shows it once more, in the same message where it can."""
        try:
            async with asyncio.timeout(self._pace.delivery_attempt):
                await self._showroom.hang(trial, [cell_of(job) for job in jobs])
        except (BotError, TimeoutError) as error:
            if not self._is_given_up(trial, error):
                return
            log.error("nobody could be shown a try trial=%s why=%r", trial.id, error)  # noqa: TRY400  # an outage
        await self._end(trial)

    async def _stop(self, trial: Trial) -> None:
        for job in new_jobs(trial):
            await self._store.request_cancel(job.id)
            await self._outbox.delivered(job.id)
        try:
            async with asyncio.timeout(self._pace.card_attempt):
                await self._showroom.clear(trial)
        except (BotError, TimeoutError) as error:
            log.warning("end of a try not shown trial=%s why=%r", trial.id, error)
        await self._end(trial)

    async def _end(self, trial: Trial) -> None:
        await self._desk.store.end(trial.id)
        self._cared.pop(trial.id, None)
        log.info("try ended trial=%s guild=%s stopped=%s", trial.id, trial.tenant_id, trial.is_stopped)

    def _is_given_up(self, trial: Trial, error: Exception) -> bool:
        care = self._care(trial.id)
        is_silence = isinstance(error, NotAnswered | TimeoutError)
        care.failures[is_silence] += 1
        seconds = self._pace.retry_after(care.failures.total())
        care.hang_at = self._clock.monotonic() + seconds
        log.warning("sheet of a try again trial=%s in_s=%s why=%r", trial.id, seconds, error)
        patience = self._pace.delivery_attempts if is_silence else self._pace.attempts_when_refused
        return care.failures[is_silence] >= patience

    def _care(self, trial_id: int) -> _Care:
        return self._cared.setdefault(trial_id, _Care())
