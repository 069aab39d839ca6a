"""What holds for a request that leaves something out, looked up before the request is answered, so in little time."""

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING, TypeVar

import discord

from bot.settings.server import ServerSettings
from nst_engine.errors import QueueUnavailable

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

SECONDS_TO_LOOK_UP = 1.0

T = TypeVar("T")


async def defaults(interaction: "discord.Interaction[StylizeClient]") -> ServerSettings:
    """Of the server, the same for everybody. Raises QueueUnavailable."""
    return await in_time(interaction.client.services.settings.of(interaction.guild_id))


async def own_defaults(interaction: "discord.Interaction[StylizeClient]") -> ServerSettings:
    """The same for whoever asks, with what they set for themselves on top. Raises QueueUnavailable."""
    members = interaction.client.services.members
    return (await in_time(members.in_force(interaction.guild_id, interaction.user.id))).settings


async def in_time(looked_up: Awaitable[T], *, within: float = SECONDS_TO_LOOK_UP) -> T:
    """Raises QueueUnavailable where the database takes longer than a member may wait for an answer."""
    try:
        async with asyncio.timeout(within):
            return await looked_up
    except TimeoutError as error:
        raise QueueUnavailable("the database takes too long") from error
