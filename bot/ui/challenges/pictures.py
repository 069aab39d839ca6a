"""Entries' pictures as files of a message."""

import io
import logging

import discord

from bot.challenges.values import Entry
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.blobs import BlobStore

log = logging.getLogger(__name__)


def entry_file_name(entry: Entry) -> str:
    """As an `attachment://` of a view names it."""
    name = f"entry-{entry.id}.jpg"
    return f"SPOILER_{name}" if entry.picture.covered else name


async def entry_file(blobs: BlobStore, entry: Entry) -> discord.File | None:
    """A fresh file of the small picture; None where it cannot be read, which keeps nobody from the rest."""
    try:
        data = await blobs.get(entry.picture.thumbnail_blob)
    except QueueUnavailable as error:
        log.warning("no picture of an entry entry=%s why=%r", entry.id, error)
        return None
    return discord.File(io.BytesIO(data), filename=entry_file_name(entry))
