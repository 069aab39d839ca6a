"""The first answer to an interaction, made sure of. Discord waits for it three seconds, and the library tries once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import aiohttp
import discord

from bot.jobs.errors import NotAnswered

log = logging.getLogger(__name__)

ALREADY_ANSWERED = 40060
WAITS = (0.1, 0.3, 0.7)
"""In seconds, between attempts."""
NETWORK = (aiohttp.ClientError, OSError, TimeoutError)

T = TypeVar("T")


async def surely(interaction: discord.Interaction[Any], answer: Callable[[], Awaitable[T]]) -> T | None:
    """What `answer` returned; None where it had arrived, and only Discord's word of that got lost.

    Raises discord.HTTPException and NotAnswered.
    """
    for wait in WAITS:
        try:
            return await _once(answer)
        except NETWORK as error:
            log.warning("answering again interaction=%s in_s=%s why=%r", interaction.id, wait, error)
        await asyncio.sleep(wait)
    try:
        return await _once(answer)
    except NETWORK as error:
        raise NotAnswered(f"no answer could be given: {error!r}") from error


async def _once(answer: Callable[[], Awaitable[T]]) -> T | None:
    try:
        return await answer()
    except discord.HTTPException as error:
        if error.code != ALREADY_ANSWERED:
            raise
        return None


async def answered_message_id(interaction: discord.Interaction[Any]) -> int | None:
    """The message of an answer of which Discord's word got lost; None where Discord does not say."""
    for wait in WAITS:
        try:
            return (await interaction.original_response()).id
        except (discord.DiscordException, *NETWORK) as error:
            log.warning("own answer not found interaction=%s why=%r", interaction.id, error)
        await asyncio.sleep(wait)
    return None
