"""How many challenges of a server may go on at once."""

from typing import TYPE_CHECKING

import discord

from bot.challenges.creation import MOST_UNFINISHED, CannotCreate, TooManyUnfinished
from bot.challenges.values import Challenge, Phase
from bot.ui.visit import tenant_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient


async def unfinished(interaction: "discord.Interaction[StylizeClient]") -> list[Challenge]:
    """Announced, open or being voted on, newest first. Raises QueueUnavailable."""
    store = interaction.client.services.challenges.challenges
    return await store.listed(tenant_of(interaction), Phase.DRAFT, Phase.OPEN, Phase.VOTING)


async def check_unfinished(interaction: "discord.Interaction[StylizeClient]") -> None:
    """Whether there is room for one more. Raises CannotCreate and QueueUnavailable."""
    if len(await unfinished(interaction)) >= MOST_UNFINISHED:
        raise CannotCreate(TooManyUnfinished(MOST_UNFINISHED))
