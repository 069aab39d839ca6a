"""Answers a request where nobody but the requester sees it: in direct messages, else in an answer for them alone."""

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.jobs.address import Address
from bot.jobs.errors import BotError, NotAnswered, PlaceGone, Rejected
from bot.jobs.whereabouts import NotEvenDirect, NoWay, TooLongForPrivate, fits_the_token
from bot.ui import public_line
from bot.ui.first_answer import answered_message_id, surely
from bot.ui.places import ChannelSpot, Post, direct_channel, place, translated, webhook_of
from bot.ui.text import places as text
from bot.ui.text.last_word import starter
from bot.ui.words import words_of
from nst_engine.queue.jobs import NewJob
from nst_engine.queue.store import JobStore

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

log = logging.getLogger(__name__)

WAITS = (0.1, 0.5, 2.0)
"""In seconds, between attempts to write a direct message."""
LINE = "direct line"


async def answer_directly(interaction: "discord.Interaction[StylizeClient]", address: Address, remark: str) -> Address:
    """What is not private is not shown in the channel either: there are permissions missing. Raises NoWay."""
    say = words_of(interaction)
    first = partial(interaction.response.send_message, say(text.LOOKING), ephemeral=True)
    sent = await surely(interaction, first)
    answer_id = sent.message_id if sent is not None else await answered_message_id(interaction)
    public_line.remember(interaction, answer_id)
    written = await _write(interaction, starter(address.names, say, remark))
    if written is not None:
        channel_id, message_id = written
        interaction.extras[LINE] = written
        link = f"https://discord.com/channels/@me/{channel_id}/{message_id}"
        missing = () if address.private else address.missing_permissions
        await _say_instead(interaction, text.goes_direct(link=link, missing=missing, say=say))
        return address.in_direct_messages(channel_id).model_copy(update={"starter_message_id": message_id})
    if not address.private:
        raise NoWay(NotEvenDirect(address.missing_permissions))
    await _say_instead(interaction, text.stays_in_answer(address.names, say))
    webhook = webhook_of(interaction, ephemeral=True)
    return address.model_copy(update={"direct": True, "webhook": webhook, "starter_message_id": answer_id})


async def refuse_what_takes_too_long(job: NewJob, address: Address, store: JobStore) -> None:
    """What only an answer for the requester alone can show has to be finished while that can be edited.

    What is painted for a challenge need not: it can be asked for there. Raises NoWay and QueueUnavailable.
    """
    if address.webhook is None or not address.webhook.ephemeral or address.challenge_id is not None:
        return
    if not fits_the_token(await store.seconds_to_finish(job.cost)):
        raise NoWay(TooLongForPrivate())


async def take_back(interaction: "discord.Interaction[StylizeClient]") -> None:
    """The line in direct messages, where the request comes to nothing. Never raises: it is not worth an error."""
    if LINE not in interaction.extras:
        return
    channel_id, message_id = interaction.extras.pop(LINE)
    try:
        with translated():
            await place(interaction.client, channel_id, None).get_partial_message(message_id).delete()
    except BotError as error:
        log.warning("direct line stays interaction=%s why=%r", interaction.id, error)


async def _write(interaction: "discord.Interaction[StylizeClient]", line: str) -> tuple[int, int] | None:
    """Channel and message of a line written to the requester; None where their direct messages are closed."""
    for wait in (*WAITS, None):
        try:
            channel_id = await direct_channel(interaction.client, interaction.user.id)
            if channel_id is None:
                return None
            spot = ChannelSpot(interaction.client, channel_id)
            nobody = discord.AllowedMentions.none()
            return channel_id, await spot.post(Post(content=line, nonce=str(interaction.id), mentions=nobody))
        except (PlaceGone, Rejected) as error:
            log.info("direct messages are closed interaction=%s why=%r", interaction.id, error)
            return None
        except NotAnswered as error:
            log.warning("writing directly again interaction=%s in_s=%s why=%r", interaction.id, wait, error)
        if wait is not None:
            await asyncio.sleep(wait)
    return None


async def _say_instead(interaction: "discord.Interaction[StylizeClient]", sentence: str) -> None:
    """In the answer; what cannot be said there is seen in the direct messages or in the card."""
    try:
        await interaction.edit_original_response(content=sentence)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        log.warning("answer not edited interaction=%s why=%r", interaction.id, error)
