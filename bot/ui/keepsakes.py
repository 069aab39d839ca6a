"""The Timelapse and Compare buttons: files about a finished picture that are kept with it, or made at once."""

import asyncio
import io
import logging
from functools import partial
from typing import TYPE_CHECKING, Any

import discord

from bot.jobs.address import Address
from bot.jobs.admission import Refused, Request, refuse
from bot.jobs.encode import FittedPicture, encode_to_fit, limits_to_try
from bot.jobs.errors import BotError, FileTooLarge, MessageGone, Rejected
from bot.jobs.side_by_side import longer_side, side_by_side
from bot.ui.earlier import CannotGoOn, Earlier, earlier, earlier_in_time, finished, public_words
from bot.ui.first_answer import surely
from bot.ui.first_look import first_look
from bot.ui.places import place, translated
from bot.ui.private_answer import hold, tell
from bot.ui.text import result_buttons as text
from bot.ui.words import words_of
from nst_engine.queue.blobs import BlobStore

if TYPE_CHECKING:
    from bot.ui.client import Services

log = logging.getLogger(__name__)

SECONDS_TO_FIND_MESSAGE = 0.6
"""With what is looked up before it, that stays within the three seconds."""

Interaction = discord.Interaction[Any]


async def timelapse(interaction: Interaction, job_id: str) -> None:
    """Posted once, for everybody who sees the picture; whoever asks again is told where it is."""
    services: Services = interaction.client.services
    with services.presses.one_at_a_time((job_id, "timelapse")):
        await _check_allowed(interaction)
        found = finished(await earlier_in_time(interaction, job_id))
        animation = await _blob(services.blobs, found.job.timelapse_blob, gone=_no_timelapse(found))
        if (link := await _link_to_timelapse(interaction, found.address)) is not None:
            await tell(interaction, text.timelapse_is_there(link, words_of(interaction)))
            return
        ephemeral = found.address.private
        await surely(interaction, partial(interaction.response.defer, thinking=True, ephemeral=ephemeral))
        await _show_timelapse(interaction, found, animation)


async def compare(interaction: Interaction, job_id: str) -> None:
    """Before and after, for whoever asks alone."""
    await hold(interaction)
    services: Services = interaction.client.services
    await _check_allowed(interaction)
    found = finished(await earlier(services.store, job_id))
    after = await _blob(services.blobs, found.job.result_blob, gone=text.RESULT_GONE)
    before = await _blob(services.blobs, found.job.content_blob, gone=text.PICTURES_GONE)
    side = await asyncio.to_thread(longer_side, after)
    small = await services.thumbnails(before, side_px=side)
    picture = await asyncio.to_thread(side_by_side, small, after)
    alt_text = text.before_and_after(found.address.names, words_of(interaction))
    await _attach(interaction, picture, f"compare-{job_id}", alt_text, found.address)


async def _check_allowed(interaction: Interaction) -> None:
    """Who may not use the bot here gets nothing from it either. Raises Refused."""
    look = await first_look(interaction)
    if (why := refuse(Request(uploads=(), size_px=0, visit=look.visit), look.house)) is not None:
        raise Refused(why)


def _no_timelapse(found: Earlier) -> str:
    return text.NO_TIMELAPSE_OF_MOVING if found.job.params.frames > 1 else text.NO_TIMELAPSE


async def _link_to_timelapse(interaction: Interaction, address: Address) -> str | None:
    """Where it was posted, which is where the button is, if it still is there; where nobody can tell, it is not posted
    twice.
    """
    if address.timelapse_message_id is None or address.timelapse_channel_id is None:
        return None
    channel = place(interaction.client, address.timelapse_channel_id, interaction.guild_id)
    try:
        with translated():
            async with asyncio.timeout(SECONDS_TO_FIND_MESSAGE):
                await channel.fetch_message(address.timelapse_message_id)
    except MessageGone:
        return None
    except BotError as error:
        log.info("timelapse not looked at why=%r", error)
    return channel.get_partial_message(address.timelapse_message_id).jump_url


async def _show_timelapse(interaction: Interaction, found: Earlier, animation: bytes) -> None:
    services: Services = interaction.client.services
    told = text.timelapse(found.address.names, await public_words(interaction))
    message = await _attach(interaction, animation, f"timelapse-{found.job.id}", told, found.address)
    if not found.address.private:
        again = await _unless_deleted(interaction, found.job.id)
        address = again.address.with_timelapse(message.id, message.channel.id)
        await services.store.set_address(found.job.id, address.saved())
    log.info("timelapse posted job=%s message=%s", found.job.id, message.id)


async def _unless_deleted(interaction: Interaction, job_id: str) -> Earlier:
    """What was posted goes again where its picture was deleted meanwhile. Raises CannotGoOn."""
    try:
        return await earlier(interaction.client.services.store, job_id)
    except CannotGoOn:
        with translated():
            await interaction.delete_original_response()
        raise


async def _attach(
    interaction: Interaction, data: bytes, title: str, alt_text: str, address: Address
) -> discord.InteractionMessage:
    """Put a picture into the answer, as small as Discord wants it. Raises BotError and CannotGoOn."""
    for limit in limits_to_try(address.upload_limit_bytes):
        try:
            fitted = await asyncio.to_thread(encode_to_fit, data, limit)
        except ValueError as error:
            raise CannotGoOn(text.TOO_LARGE_TO_SHOW) from error
        try:
            with translated():
                return await interaction.edit_original_response(
                    attachments=[_file(fitted, title, alt_text, covered=address.is_covered_in(interaction.guild_id))]
                )
        except FileTooLarge as error:
            log.info("too large for Discord file=%s why=%s", title, error)
    raise Rejected("no file is small enough for Discord")


def _file(picture: FittedPicture, title: str, alt_text: str, *, covered: bool) -> discord.File:
    data = io.BytesIO(picture.data)
    return discord.File(data, filename=f"{title}{picture.suffix}", description=alt_text, spoiler=covered)


async def _blob(blobs: BlobStore, key: str | None, *, gone: str) -> bytes:
    """Raises CannotGoOn where it is no longer kept, and QueueUnavailable."""
    if key is None or not await blobs.has(key):
        raise CannotGoOn(gone)
    return await blobs.get(key)
