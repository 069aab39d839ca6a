"""Where the bot speaks with its own token, and what Discord's refusals mean there."""

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot.jobs.errors import BotError, FileTooLarge, MessageGone, NotAnswered, PlaceGone

UNKNOWN_MESSAGE = 10008
TOO_LARGE = 40005
CLOSED_PLACES = frozenset({50083, 160005})
"""Archived and locked threads."""
THREAD_IS_THERE = 160004


@contextmanager
def translated() -> Iterator[None]:
    """Turn what discord.py and the network raise into `bot.jobs.errors`."""
    try:
        yield
    except discord.HTTPException as error:
        raise _meaning(error) from error
    except (discord.RateLimited, aiohttp.ClientError, OSError, TimeoutError) as error:
        raise NotAnswered(f"Discord did not answer: {error!r}") from error


def _meaning(error: discord.HTTPException) -> BotError:
    if error.status in {408, 429} or error.status >= 500:
        return NotAnswered(f"Discord answered {error.status}")
    if error.code == UNKNOWN_MESSAGE:
        return MessageGone(str(error))
    if error.status == 413 or error.code == TOO_LARGE:
        return FileTooLarge(str(error))
    if error.status in {403, 404} or error.code in CLOSED_PLACES:
        return PlaceGone(str(error))
    return NotAnswered(f"Discord refused: {error}")


def place(client: discord.Client, channel_id: int, guild_id: int | None) -> discord.PartialMessageable:
    """A channel or thread to speak in. Needs no cache, so it works before the gateway is there."""
    return client.get_partial_messageable(channel_id, guild_id=guild_id)
