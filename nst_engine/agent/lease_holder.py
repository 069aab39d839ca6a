"""Holds the lease of one job while it is painted: renews it, listens for a cancel, reports progress."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from nst_engine.agent.bell import Bell
from nst_engine.agent.ending import Halt
from nst_engine.agent.stores import Stores
from nst_engine.contract.events import Progress
from nst_engine.errors import FencedOut, QueueUnavailable
from nst_engine.queue.jobs import Job, ProgressReport

log = logging.getLogger(__name__)

RENEWALS_PER_LEASE = 4


class LeaseHolder:
    """Calls `halt` when the job is cancelled or belongs to another engine. Never makes the painting wait."""

    def __init__(
        self, job: Job, stores: Stores, bell: Bell, *, lease_seconds: float, halt: Callable[[Halt], None]
    ) -> None:
        self._job = job
        self._stores = stores
        self._bell = bell
        self._seconds_between_renewals = lease_seconds / RENEWALS_PER_LEASE
        self._halt = halt
        self._newest: ProgressReport | None = None
        self._has_news = asyncio.Event()

    def take(self, progress: Progress) -> None:
        """Report this, unless something newer comes first; a preview that was not sent yet goes with the next."""
        unsent = self._newest.preview if self._newest is not None else None
        self._newest = ProgressReport(
            step=progress.step,
            steps=progress.steps,
            steps_per_second=progress.steps_per_second,
            seconds_left=progress.seconds_left,
            preview=progress.preview or unsent,
        )
        self._has_news.set()

    async def hold(self) -> None:
        """Renew, listen and report until cancelled, or until the job is another engine's."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._renew_and_listen(), name=f"lease {self._job.id}")
                group.create_task(self._report(), name=f"progress {self._job.id}")
        except* FencedOut:
            self._halt(Halt.FENCED)

    async def _renew_and_listen(self) -> None:
        due = time.monotonic() + self._seconds_between_renewals
        while True:
            seen = self._bell.rings
            if time.monotonic() >= due:
                due = time.monotonic() + self._seconds_between_renewals
                is_cancelled = await self._stores.database_outage.once(partial(self._stores.leases.renew, self._job))
            else:
                is_cancelled = await self._look()
            if is_cancelled:
                self._halt(Halt.CANCEL)
            await self._bell.wait(seen, max(0.0, due - time.monotonic()))

    async def _look(self) -> bool:
        """Without a word about outages: reading often works while writing does not, and the renewals tell of that."""
        try:
            return await self._stores.leases.cancel_requested(self._job)
        except QueueUnavailable:
            return False

    async def _report(self) -> None:
        while True:
            await self._has_news.wait()
            self._has_news.clear()
            await self._stores.database_outage.until_done(self._report_newest)

    async def _report_newest(self) -> None:
        """After an outage this finds the newest report, not the one that failed."""
        report = self._newest
        if report is None:
            return
        await self._stores.leases.report(self._job, report)
        if self._newest is report:
            self._newest = None
        elif self._newest is not None and self._newest.preview is report.preview:
            self._newest = replace(self._newest, preview=None)
