"""How many bytes may be in memory at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class ByteBudget:
    """Whoever finds too little left waits in line. Nobody is overtaken, so the largest share comes out, too."""

    def __init__(self, size_bytes: int, *, smallest_share: int) -> None:
        """`smallest_share` is what even less is counted as, so that there is a limit to how many there are."""
        self._size = self._left = size_bytes
        self._smallest_share = smallest_share
        self._line = asyncio.Lock()
        self._returned = asyncio.Event()

    @asynccontextmanager
    async def share(self, size_bytes: int) -> AsyncIterator[None]:
        """So many bytes; for more than there are, all of them."""
        share = min(max(size_bytes, self._smallest_share), self._size)
        async with self._line:
            while self._left < share:
                self._returned.clear()
                await self._returned.wait()
            self._left -= share
        try:
            yield
        finally:
            self._left += share
            self._returned.set()
