"""Reads what members attach: fetched, checked and put into the blob store; only key and size stay in memory."""

import asyncio
import traceback
from dataclasses import dataclass

import aiohttp
import discord

from bot.config import MIB
from bot.jobs.admission import Refused, Role, UploadTooLarge
from bot.jobs.byte_budget import ByteBudget
from bot.jobs.errors import NotAnswered
from bot.jobs.picture_check import PictureCheck, PictureFacts
from bot.ui.errors import EXPECTED
from nst_engine.queue.blobs import BlobStore

SECONDS_TO_FETCH = 60.0
BYTES_AT_A_TIME = 25 * MIB
"""Fetching holds a picture twice for a moment; with that the bot stays under 150 MiB."""
SMALLEST_SHARE = 8 * MIB


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPicture:
    """A usable picture in the blob store."""

    key: str
    facts: PictureFacts


class PictureReader:
    """A few pictures at a time, however many members ask at once."""

    def __init__(self, blobs: BlobStore, check: PictureCheck, *, limit_bytes: int) -> None:
        self._blobs = blobs
        self._check = check
        self._limit_bytes = limit_bytes
        self._budget = ByteBudget(BYTES_AT_A_TIME, smallest_share=SMALLEST_SHARE)

    async def read_both(
        self, content: discord.Attachment, style: discord.Attachment
    ) -> tuple[KeptPicture, KeptPicture]:
        """Both at a time; where both are bad, the content picture is named."""
        kept_content, kept_style = await asyncio.gather(
            self.read(content, "content"), self.read(style, "style"), return_exceptions=True
        )
        if isinstance(kept_content, BaseException):
            raise kept_content
        if isinstance(kept_style, BaseException):
            raise kept_style
        return kept_content, kept_style

    async def read(self, file: discord.Attachment, role: Role) -> KeptPicture:
        """Read a file that is small enough by declaration.

        Raises Refused, BadPicture, NotAnswered, CheckUnavailable or QueueUnavailable.
        """
        async with self._budget.share(file.size):
            try:
                return await self._keep(await _fetch(file), role)
            except EXPECTED as error:
                _forget_locals(error)
                raise

    async def _keep(self, data: bytes, role: Role) -> KeptPicture:
        if len(data) > self._limit_bytes:
            raise Refused(UploadTooLarge(role, len(data), self._limit_bytes))
        facts = await self._check(data, role=role)
        return KeptPicture(key=await self._blobs.put(data), facts=facts)


async def _fetch(file: discord.Attachment) -> bytes:
    try:
        async with asyncio.timeout(SECONDS_TO_FETCH):
            return await file.read()
    except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
        raise NotAnswered(f"the file could not be fetched: {error!r}") from error


def _forget_locals(error: BaseException | None) -> None:
    """A traceback keeps the picture alive in its frames, for as long as somebody is being told about it."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__
