"""Notes in the database that the bot is alive, and whether it is connected to Discord."""

import asyncio
from collections.abc import Callable
from functools import partial

from bot.jobs.pace import Clock, Pace
from bot.store.notes import Notes
from bot.store.pulse import NOTE, Pulse
from nst_engine.queue.outage import Outage


class Heartbeat:
    """A bot that hangs, or that cannot write its database, has none."""

    def __init__(self, notes: Notes, is_online: Callable[[], bool], clock: Clock, pace: Pace) -> None:
        self._notes = notes
        self._is_online = is_online
        self._clock = clock
        self._pace = pace
        self._outage = Outage("the database, for the sign of life,")

    async def run(self) -> None:
        """Until cancelled."""
        online_at = 0.0
        while True:
            now = self._clock.now()
            online_at = now if self._is_online() else online_at
            pulse = Pulse(at=now, online_at=online_at)
            await self._outage.once(partial(self._notes.write, NOTE, pulse.model_dump_json()))
            await asyncio.sleep(self._pace.between_heartbeats)
