"""A clock that only moves when somebody waits on it."""

import asyncio


class FakeClock:
    """Waiting takes no time, except on the clock; a set event ends a wait at once."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self._now = now
        self.waits: list[float] = []

    def monotonic(self) -> float:
        return self._now

    def now(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += seconds

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        await asyncio.sleep(0)
        if not event.is_set():
            self.waits.append(seconds)
            self._now += seconds
