"""Where the bot speaks with its own token, and what Discord's refusals mean there."""

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot.jobs.errors import BotError, FileTooLarge, MessageGone, NotAnswered, PlaceGone, Rejected, ThreadClosed

NOT_FROM_DISCORD = frozenset({0, 40333})
"""A refusal by what stands before Discord, a proxy or Cloudflare: it says nothing about the place."""
UNKNOWN_MESSAGE = 10008
TOO_LARGE = 40005
CLOSED_THREADS = frozenset({50083, 160005})
"""Archived, and locked."""
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
    except (RuntimeError, AttributeError) as error:
        if not _client_is_closed(error):
            raise
        raise NotAnswered("the client is logging in anew") from error


def place(client: discord.Client, channel_id: int, guild_id: int | None) -> discord.PartialMessageable:
    """A channel or thread to speak in. Needs no cache, so it works before the gateway is there."""
    return client.get_partial_messageable(channel_id, guild_id=guild_id)


def own_id(client: discord.Client) -> int:
    """By which our own messages are known. Raises NotAnswered while the client logs in anew."""
    if client.user is None:
        raise NotAnswered("the client is logging in anew")
    return client.user.id


def _meaning(error: discord.HTTPException) -> BotError:
    if error.status == 413 or error.code == TOO_LARGE:
        return FileTooLarge(str(error))
    if error.status in {408, 429} or error.status >= 500 or error.code in NOT_FROM_DISCORD:
        return NotAnswered(f"Discord answered {error.status}")
    if error.code == UNKNOWN_MESSAGE:
        return MessageGone(str(error))
    if error.code in CLOSED_THREADS:
        return ThreadClosed(str(error))
    if error.status in {403, 404}:
        return PlaceGone(str(error))
    return Rejected(str(error))


def _client_is_closed(error: RuntimeError | AttributeError) -> bool:
    """While the client logs in anew, its session is closed, and then for a moment there is none."""
    if isinstance(error, AttributeError):
        return error.obj is discord.utils.MISSING
    return str(error) == "Session is closed"
