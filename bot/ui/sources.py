"""Where a picture of a request comes from, and how its bytes are had."""

import asyncio
from dataclasses import dataclass

import aiohttp
import discord

from bot.jobs.admission import Role, Upload
from bot.jobs.errors import NotAnswered
from bot.jobs.picture_check import PictureFacts

SECONDS_TO_FETCH = 60.0


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that a member attaches."""

    file: discord.Attachment

    @property
    def name(self) -> str:
        return self.file.filename

    def declared(self, role: Role) -> Upload:
        """What Discord says about it before a byte is read."""
        file = self.file
        return Upload(role=role, name=file.filename, size_bytes=file.size, content_type=file.content_type)

    async def fetch(self) -> bytes:
        """Raises NotAnswered."""
        try:
            async with asyncio.timeout(SECONDS_TO_FETCH):
                return await self.file.read()
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
            raise NotAnswered(f"the file could not be fetched: {error!r}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A picture in the blob store, which was read and checked before: of an earlier job, or of a style library."""

    name: str
    key: str
    facts: PictureFacts


Source = Attached | Kept
