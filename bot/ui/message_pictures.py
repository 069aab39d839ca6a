"""The picture that a message shows: a file, a sticker, or the preview of a link."""

import asyncio
import logging
from collections.abc import Iterable, Iterator

import aiohttp
import discord

from bot.jobs.admission import may_be_a_picture
from bot.jobs.choices import Wrong, WrongChoice
from bot.jobs.download import is_discords
from bot.ui.expressions import picture_of_sticker
from bot.ui.sources import Attached, Hosted, hosted

log = logging.getLogger(__name__)

SECONDS_TO_LOOK = 0.8
"""The form has to be the first answer, within three seconds, and the database is asked before it as well."""

Shown = discord.Message | discord.MessageSnapshot
DeletedMessage = discord.DeletedReferencedMessage


async def picture_of(message: discord.Message) -> Hosted:
    """Its first picture, or that of the message it replies to. Raises WrongChoice."""
    if (found := _shown(message)) is not None:
        return found
    reference = message.reference
    if reference is None or reference.message_id is None or reference.type is not discord.MessageReferenceType.reply:
        raise WrongChoice(Wrong.NO_PICTURE)
    if (found := await _picture_replied_to(message.channel, reference.message_id, reference.resolved)) is None:
        raise WrongChoice(Wrong.NO_PICTURE_IN_REPLY)
    return found


def _shown(message: discord.Message) -> Hosted | None:
    """Its own, or that of a message that it forwards. Raises WrongChoice for a sticker that has no pixels."""
    shown: tuple[Shown, ...] = (message, *message.message_snapshots)
    return next((picture for one in shown if (picture := _first(one)) is not None), None)


def _first(message: Shown) -> Hosted | None:
    files = (file for file in message.attachments if may_be_a_picture(Attached(file).declared("content")))
    if (file := next(files, None)) is not None:
        return hosted(file)
    if message.stickers:
        return picture_of_sticker(message.stickers[0])
    return next(_previews(message.embeds), None)


def _previews(embeds: Iterable[discord.Embed]) -> Iterator[Hosted]:
    """Only as Discord itself fetched them: the address of the original may be anybody's."""
    for embed in embeds:
        for picture in (embed.image, embed.thumbnail):
            if picture.proxy_url and is_discords(picture.proxy_url):
                yield Hosted(name=embed.title or "", url=picture.proxy_url)


async def _picture_replied_to(
    channel: discord.abc.Messageable, message_id: int, sent_along: discord.Message | DeletedMessage | None
) -> Hosted | None:
    """Discord lets an app see what is in it where the app wrote it itself, and always in direct messages.

    Elsewhere it comes along empty; to be asked for anew, it is whole for an app that may read all messages.
    """
    if isinstance(sent_along, DeletedMessage):
        return None
    if sent_along is not None and (found := _shown(sent_along)) is not None:
        return found
    try:
        async with asyncio.timeout(SECONDS_TO_LOOK):
            return _shown(await channel.fetch_message(message_id))
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        log.info("replied-to message not seen message=%s why=%r", message_id, error)
        return None
