"""One wake-up for everything that may concern the agent's loops: the bus, the child, a request to drain."""

import asyncio
from contextlib import suppress


class Bell:
    """Whoever waits wakes at the first ring since it last looked, so that none is missed in between."""

    def __init__(self) -> None:
        self.rings = 0
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self.rings += 1
        self._rung.set()
        self._rung = asyncio.Event()

    async def wait(self, seen: int, seconds: float) -> None:
        """Return once `rings` differs from `seen`, or after `seconds`."""
        if self.rings != seen:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()
