"""Trying again while the database or the blob store is away, and saying so once."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from nst_engine.errors import QueueUnavailable

log = logging.getLogger(__name__)

Result = TypeVar("Result")
SHORTEST_PAUSE = 0.1
LONGEST_PAUSE = 5.0


def pauses(shortest: float, longest: float) -> Callable[[int], float]:
    """Pauses in seconds that double with each failure: the n-th, counted from 0."""
    return lambda failures: min(longest, shortest * 2.0 ** min(failures, 60))


class Outage:
    """One store that several tasks use: its first failure and its recovery are logged, once each."""

    def __init__(self, store: str) -> None:
        self._store = store
        self._since: float | None = None
        self._pause = pauses(SHORTEST_PAUSE, LONGEST_PAUSE)

    async def once(self, call: Callable[[], Awaitable[Result]]) -> Result | None:
        """One try; None where the store does not answer."""
        try:
            result = await call()
        except QueueUnavailable as error:
            self.note(error)
            return None
        self._end()
        return result

    async def until_done(self, call: Callable[[], Awaitable[Result]]) -> Result:
        """Try until the store answers. Every other error passes through."""
        failures = 0
        while True:
            try:
                result = await call()
            except QueueUnavailable as error:
                self.note(error)
            else:
                self._end()
                return result
            await asyncio.sleep(self._pause(failures))
            failures += 1

    def note(self, error: QueueUnavailable) -> None:
        """A call that was made elsewhere had no answer."""
        if self._since is None:
            self._since = time.monotonic()
            log.error("%s is away, trying again until it answers: %s", self._store, error)

    def _end(self) -> None:
        if self._since is not None:
            log.warning("%s is back after %.1f s", self._store, time.monotonic() - self._since)
            self._since = None
