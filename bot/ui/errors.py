"""The one place that turns errors into what a member sees."""

import logging
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot.jobs.admission import Refused, TooManyOpenJobs
from bot.jobs.errors import CheckUnavailable, NotAnswered
from bot.ui.text import refusals
from bot.ui.words import Words, words_of
from nst_engine.errors import BadPicture, QueueFull, QueueUnavailable

log = logging.getLogger(__name__)

EXPECTED = (Refused, BadPicture, QueueFull, QueueUnavailable, CheckUnavailable, NotAnswered)
"""What a request may meet without anything being wrong with the program."""


def sentence(error: BaseException, say: Words) -> str:
    """What to tell the member."""
    match error:
        case Refused(refusal=why):
            return refusals.refusal(why, say)
        case BadPicture():
            return str(error)
        case QueueFull(limit=limit, of_owner=of_owner):
            return refusals.refusal(TooManyOpenJobs(limit, of_member=of_owner), say)
        case QueueUnavailable():
            return say(refusals.QUEUE_UNAVAILABLE)
        case CheckUnavailable():
            return say(refusals.CHECK_UNAVAILABLE)
        case NotAnswered():
            return say(refusals.FILES_UNAVAILABLE)
        case _:
            return say(refusals.FAULT)


async def answer_error(interaction: discord.Interaction[Any], error: BaseException) -> None:
    """Tell the member in private, taking back a public answer. Never raises: it may be called for anything."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    _log(interaction, cause)
    try:
        await _tell(interaction, sentence(cause, words_of(interaction)))
    except (discord.DiscordException, aiohttp.ClientError, OSError) as silence:
        log.warning("nobody could be told interaction=%s why=%r", interaction.id, silence)


def _log(interaction: discord.Interaction[Any], cause: BaseException) -> None:
    facts = f"interaction={interaction.id} guild={interaction.guild_id} user={interaction.user.id}"
    if isinstance(cause, EXPECTED):
        log.info("refused %s why=%r", facts, cause)
    else:
        log.error("fault %s", facts, exc_info=cause)


async def _tell(interaction: discord.Interaction[Any], answer: str) -> None:
    if not interaction.response.is_done():
        await interaction.response.send_message(answer, ephemeral=True)
        return
    await interaction.followup.send(answer, ephemeral=True)
    if interaction.type is discord.InteractionType.application_command:
        await interaction.delete_original_response()
