"""`python -m bot health`: whether the bot of this installation is alive, for container health checks and monitors.

Changes nothing, and must be quick: it knows neither Discord's library nor the app.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass

from bot.config import BotConfig
from bot.store.notes import Notes
from bot.store.pulse import NOTE, Pulse
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.as_it_is import open_as_it_is
from nst_engine.queue.jobs import EngineInfo
from nst_engine.queue.standing import engines_alive

SECONDS_OF_SILENCE = 60.0
"""Four signs of life have not come."""
SECONDS_OFFLINE = 180.0
"""Discord's gateway goes away now and then; after this somebody should look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One thing that was looked at, in one line."""

    is_well: bool
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the database says of who is alive."""

    pulse: Pulse | None
    engines: int


def look(config: BotConfig) -> list[Sign]:
    """The signs of the bot, and of its engine where it has one of its own."""
    try:
        seen = asyncio.run(_ask(config.database.url))
    except QueueUnavailable as error:
        return [Sign(is_well=False, line=str(error))]
    return list(signs(seen, now=time.time(), with_engine=config.engine.spawn))


def signs(seen: Seen, *, now: float, with_engine: bool) -> Iterator[Sign]:
    yield bot_sign(seen.pulse, now=now)
    if with_engine:
        said = "is alive" if seen.engines else "is not alive: it is starting, or the log says why"
        yield Sign(is_well=seen.engines > 0, line=f"engine: {said}")


def bot_sign(pulse: Pulse | None, *, now: float) -> Sign:
    """What the last sign of life means `now`."""
    if pulse is None:
        return Sign(is_well=False, line="bot: has never run on this database")
    silent, offline = now - pulse.at, now - pulse.online_at
    if silent > SECONDS_OF_SILENCE:
        return Sign(is_well=False, line=f"bot: no sign of life for {silent:.0f} s")
    if pulse.online_at == 0:
        return Sign(is_well=False, line="bot: runs, and has not reached Discord yet")
    if offline > SECONDS_OFFLINE:
        return Sign(is_well=False, line=f"bot: runs, without a connection to Discord for {offline:.0f} s")
    return Sign(is_well=True, line=f"bot: online, seen {max(0.0, silent):.0f} s ago")


async def _ask(url: str) -> Seen:
    async with open_as_it_is(url) as database:
        engines: list[EngineInfo] = await database.read(engines_alive)
        return Seen(pulse=Pulse.read(await Notes(database).read(NOTE)), engines=len(engines))
