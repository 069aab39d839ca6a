"""Who acts for a challenge, looked up in its server where they press a button in their direct messages."""

import asyncio
import logging
from typing import TYPE_CHECKING

import discord

from bot.challenges.eligibility import check_may_enter
from bot.challenges.errors import Lack, NotEligible
from bot.challenges.values import Author, Challenge
from bot.jobs.errors import BotError, PlaceGone
from bot.ui.challenges.visitor import author_as, visitor_as
from bot.ui.places import translated

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

log = logging.getLogger(__name__)

SECONDS_TO_ASK_DISCORD = 5.0


async def entrant(interaction: "discord.Interaction[StylizeClient]", challenge: Challenge) -> Author:
    """Whoever asks, if they may enter. Raises NotEligible.

    While Discord does not say who they are there, it is enough that they could hand in a photo.
    """
    member = await _member(interaction, int(challenge.tenant_id))
    if member is not None:
        check_may_enter(challenge.terms, visitor_as(member), interaction.client.services.clock.now())
    return author_as(member or interaction.user, str(interaction.locale))


async def _member(interaction: "discord.Interaction[StylizeClient]", guild_id: int) -> discord.Member | None:
    """What the library remembers of members may be old: without the intent for members nobody tells it of changes."""
    user = interaction.user
    if isinstance(user, discord.Member) and user.guild.id == guild_id:
        return user
    guild = interaction.client.get_guild(guild_id)
    if guild is None:
        return None
    try:
        async with asyncio.timeout(SECONDS_TO_ASK_DISCORD):
            with translated():
                return await guild.fetch_member(user.id)
    except PlaceGone as error:
        raise NotEligible(Lack.NOT_A_MEMBER) from error
    except (BotError, TimeoutError) as error:
        log.warning("member not looked up guild=%s user=%s why=%r", guild_id, user.id, error)
        return None
