"""Reads the pictures of a request: fetched, checked and put into the blob store; only key and size stay in memory."""

import asyncio
import traceback
from collections.abc import Sequence
from dataclasses import dataclass

from bot.config import MIB
from bot.jobs.admission import Refused, Role, UploadTooLarge
from bot.jobs.byte_budget import ByteBudget
from bot.jobs.download import Download
from bot.jobs.errors import DownloadTooLarge
from bot.jobs.picture_check import PictureCheck, PictureFacts
from bot.ui.errors import EXPECTED
from bot.ui.sources import Attached, Hosted, Kept, Source
from nst_engine.queue.blobs import BlobStore

BYTES_AT_A_TIME = 25 * MIB
"""Fetching holds a picture twice for a moment; with that the bot stays under 150 MiB."""
SMALLEST_SHARE = 8 * MIB
MOST_HOSTED_BYTES = 8 * MIB
"""Of a picture whose size only reading tells: more than any avatar, emoji or sticker has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPicture:
    """A usable picture in the blob store."""

    key: str
    facts: PictureFacts


class PictureReader:
    """A few pictures at a time, however many members ask at once."""

    def __init__(self, blobs: BlobStore, check: PictureCheck, download: Download, *, limit_bytes: int) -> None:
        self._blobs = blobs
        self._check = check
        self._download = download
        self._limit_bytes = limit_bytes
        self._budget = ByteBudget(BYTES_AT_A_TIME, smallest_share=SMALLEST_SHARE)

    async def read_all(self, pictures: Sequence[tuple[Source, Role]]) -> list[KeptPicture]:
        """All at a time; where several are bad, the first is named. Raises what `read` raises."""
        kept = await asyncio.gather(*(self.read(source, role) for source, role in pictures), return_exceptions=True)
        for picture in kept:
            if isinstance(picture, BaseException):
                raise picture
        return [picture for picture in kept if not isinstance(picture, BaseException)]

    async def read(self, source: Source, role: Role) -> KeptPicture:
        """Read a picture that is small enough by declaration.

        Raises Refused, BadPicture, PictureGone, NotAnswered, CheckUnavailable or QueueUnavailable.
        """
        if isinstance(source, Kept):
            return KeptPicture(key=source.key, facts=source.facts)
        async with self._budget.share(_share_of(source)):
            try:
                return await self._keep(await self._fetch(source, role), role)
            except EXPECTED as error:
                _forget_locals(error)
                raise

    async def _fetch(self, source: Attached | Hosted, role: Role) -> bytes:
        if isinstance(source, Attached):
            return await source.fetch()
        limit = min(self._limit_bytes, _share_of(source))
        try:
            return await self._download(source.url, limit_bytes=limit)
        except DownloadTooLarge as error:
            raise Refused(UploadTooLarge(role, None, limit)) from error

    async def _keep(self, data: bytes, role: Role) -> KeptPicture:
        if len(data) > self._limit_bytes:
            raise Refused(UploadTooLarge(role, len(data), self._limit_bytes))
        facts = await self._check(data, role=role)
        return KeptPicture(key=await self._blobs.put(data), facts=facts)


def _share_of(source: Attached | Hosted) -> int:
    """How many bytes will be in memory at most."""
    if isinstance(source, Attached):
        return source.file.size
    return MOST_HOSTED_BYTES if source.size_bytes is None else source.size_bytes


def _forget_locals(error: BaseException | None) -> None:
    """A traceback keeps the picture alive in its frames, for as long as somebody is being told about it."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__
