"""The public line that a request was answered with, where the request comes to nothing: taken back, or changed.

Through the interaction while its token works; by the bot's own token otherwise.
"""

import asyncio
import logging
from typing import Any

import discord

from bot.jobs.errors import BotError, MessageGone, NotAnswered, PlaceGone
from bot.ui.places import place, translated

log = logging.getLogger(__name__)

WAITS = (0.1, 0.5, 2.0)
"""In seconds, between attempts."""
LINE = "public line"


def remember(interaction: discord.Interaction[Any], message_id: int | None) -> None:
    """The interaction was answered with this message."""
    interaction.extras[LINE] = message_id


def has_one(interaction: discord.Interaction[Any]) -> bool:
    return LINE in interaction.extras


async def withdraw(interaction: discord.Interaction[Any]) -> None:
    """Delete it. Raises BotError."""
    try:
        with translated():
            await interaction.delete_original_response()
    except BotError as error:
        log.info("deleting the public line by our own token interaction=%s why=%r", interaction.id, error)
        await _surely_gone(interaction)


async def say_instead(interaction: discord.Interaction[Any], sentence: str) -> None:
    """Put a sentence in its place. Raises BotError."""
    for wait in WAITS:
        try:
            return await _edit(interaction, sentence)
        except NotAnswered as error:
            log.info("editing the public line again interaction=%s in_s=%s why=%r", interaction.id, wait, error)
        await asyncio.sleep(wait)
    return await _edit(interaction, sentence)


async def _surely_gone(interaction: discord.Interaction[Any]) -> None:
    for wait in WAITS:
        try:
            return await _delete(interaction)
        except MessageGone:
            return None
        except NotAnswered:
            await asyncio.sleep(wait)
    return await _delete(interaction)


async def _delete(interaction: discord.Interaction[Any]) -> None:
    with translated():
        await _line(interaction).delete()


async def _edit(interaction: discord.Interaction[Any], sentence: str) -> None:
    with translated():
        await _line(interaction).edit(content=sentence, allowed_mentions=discord.AllowedMentions.none())


def _line(interaction: discord.Interaction[Any]) -> discord.PartialMessage:
    message_id = interaction.extras.get(LINE)
    if message_id is None or interaction.channel_id is None:
        raise PlaceGone("nobody knows which message the public line is")
    return place(interaction.client, interaction.channel_id, interaction.guild_id).get_partial_message(message_id)
