"""Keeps one GPU child warm: starts it, waits until it is ready, and starts another when it goes. Knows no jobs."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence

from nst_engine.agent.child_link import ChildLink, ChildLost
from nst_engine.contract.events import Failed, Ready
from nst_engine.queue.outage import pauses

log = logging.getLogger(__name__)

SECONDS_TO_GET_READY = 1800.0
"""Long enough for the first start to download its weights."""
SHORTEST_PAUSE = 0.2
LONGEST_PAUSE = 30.0


class ChildKeeper:
    """`child` is the one that is ready for work, if there is one; `ring` is called whenever that changes."""

    def __init__(
        self, command: Sequence[str], ring: Callable[[], None], *, seconds_to_get_ready: float = SECONDS_TO_GET_READY
    ) -> None:
        self.child: ChildLink | None = None
        self.device: str | None = None
        """Of the last child that was ready."""
        self._command = command
        self._ring = ring
        self._seconds_to_get_ready = seconds_to_get_ready
        self._retired = False
        self._pause = pauses(SHORTEST_PAUSE, LONGEST_PAUSE)

    def retire(self) -> None:
        """Start no other child after this one."""
        self._retired = True

    async def run(self) -> None:
        """Keep a child until cancelled, or until the last one is gone; none is left after that."""
        deaths_without_work = 0
        while not self._retired:
            has_worked = await self._one_life()
            deaths_without_work = 0 if has_worked else deaths_without_work + 1
            if deaths_without_work and not self._retired:
                seconds = self._pause(deaths_without_work - 1)
                log.warning("another GPU child starts in %.1f s", seconds)
                await asyncio.sleep(seconds)

    async def _one_life(self) -> bool:
        """Start a child and stay until it is gone; whether it has worked."""
        try:
            link = await ChildLink.start(self._command, self._ring)
        except OSError as error:
            log.error("the GPU child cannot be started: %s", error)  # noqa: TRY400 - the sentence is all there is to know
            return False
        log.info("child=%d started", link.pid)
        try:
            await self._until_gone(link)
        finally:
            self.child = None
            await link.close()
        return link.has_worked

    async def _until_gone(self, link: ChildLink) -> None:
        started = time.monotonic()
        try:
            event = await link.next_event(self._seconds_to_get_ready)
        except ChildLost as lost:
            log.error("child=%d the GPU child %s before it was ready", link.pid, lost)  # noqa: TRY400 - as above
            return
        match event:
            case Ready(device=device):
                log.info("child=%d ready on %s after %.1f s", link.pid, device, time.monotonic() - started)
                self.child, self.device = link, device
                self._ring()
                await link.gone.wait()
                log.warning("child=%d the GPU child %s", link.pid, link.fate)
            case Failed(detail=detail):
                log.error("child=%d the GPU child cannot start: %s", link.pid, detail)
            case _:
                log.error("child=%d the GPU child began with %r instead of ready", link.pid, event.kind)
