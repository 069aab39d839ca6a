"""Where a picture of a request comes from, and how its bytes are had."""

import asyncio
import logging
from dataclasses import dataclass

import aiohttp
import discord

from bot.jobs.admission import Role, Upload
from bot.jobs.errors import NotAnswered, PictureGone
from bot.jobs.picture_check import PictureFacts

log = logging.getLogger(__name__)

SECONDS_TO_FETCH = 60.0
WAITS_BETWEEN_FETCHES = (0.1, 0.4, 1.0)
"""In seconds."""
AVATAR_SIDE_PX = 1024
COVERED = "SPOILER_"
"""How the names of files begin that Discord covers."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that a member attaches."""

    file: discord.Attachment

    @property
    def name(self) -> str:
        return self.file.filename.removeprefix(COVERED)

    @property
    def is_covered(self) -> bool:
        """Its owner wants people to choose whether to look."""
        return self.file.filename.startswith(COVERED)

    def declared(self, role: Role) -> Upload:
        """What Discord says about it before a byte is read."""
        file = self.file
        return Upload(role=role, name=file.filename, size_bytes=file.size, content_type=file.content_type)

    async def fetch(self) -> bytes:
        """Raises PictureGone and NotAnswered."""
        try:
            async with asyncio.timeout(SECONDS_TO_FETCH):
                return await _read(self.file)
        except discord.NotFound as error:
            raise PictureGone(f"the file is gone: {error!r}") from error
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
            raise NotAnswered(f"the file could not be fetched: {error!r}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosted:
    """A picture that Discord shows already: an avatar, an emoji, a sticker, the picture of a message.

    The address comes from Discord, never from a person.
    """

    name: str
    url: str
    size_bytes: int | None = None
    """None where only reading tells."""
    content_type: str | None = None
    is_covered: bool = False

    def declared(self, role: Role) -> Upload | None:
        """What Discord says about it before a byte is read, if it says anything."""
        if self.size_bytes is None:
            return None
        return Upload(role=role, name=self.name, size_bytes=self.size_bytes, content_type=self.content_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A picture in the blob store, which was read and checked before: of an earlier job, or of a style library."""

    name: str
    key: str
    facts: PictureFacts
    is_covered: bool = False

    def declared(self, _role: Role) -> None:
        """There is nothing to say: it was looked at before."""


Source = Attached | Hosted | Kept


def avatar_of(member: discord.Member | discord.User) -> Hosted:
    """The one that is shown here: a server's own first. One that moves stands still."""
    avatar = member.display_avatar.replace(size=AVATAR_SIDE_PX, format="png")
    return Hosted(name=member.display_name, url=avatar.url)


def hosted(file: discord.Attachment) -> Hosted:
    """A file of a message."""
    return Hosted(
        name=file.filename.removeprefix(COVERED),
        url=file.url,
        size_bytes=file.size,
        content_type=file.content_type,
        is_covered=file.is_spoiler(),
    )


def emoji_picture(name: str, emoji_id: int, *, animated: bool) -> Hosted:
    return Hosted(name=name, url=discord.PartialEmoji(name=name, id=emoji_id, animated=animated).url)


def sticker_picture(sticker: "discord.StickerItem | discord.Sticker") -> Hosted:
    return Hosted(name=sticker.name, url=sticker.url)


async def _read(file: discord.Attachment) -> bytes:
    """Again, where the network failed or the server was busy; a file that is gone stays gone."""
    for wait in WAITS_BETWEEN_FETCHES:
        try:
            return await file.read()
        except (discord.NotFound, discord.Forbidden):
            raise
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.info("fetching a file again in_s=%s why=%r", wait, error)
        await asyncio.sleep(wait)
    return await file.read()
