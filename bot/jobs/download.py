"""Fetches a picture that Discord hosts, and nothing from anywhere else; stops reading when there is too much of it."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from typing import Protocol
from urllib.parse import urlsplit

import aiohttp

from bot.jobs.errors import DownloadTooLarge, NotAnswered, PictureGone

log = logging.getLogger(__name__)

DISCORD_HOSTS = frozenset(
    {"cdn.discordapp.com", "media.discordapp.net", "images-ext-1.discordapp.net", "images-ext-2.discordapp.net"}
)
"""Files and avatars, their scaled copies, and what Discord itself fetched for a message's preview of a link."""
SECONDS_TO_DOWNLOAD = 60.0
WAITS_BETWEEN_ATTEMPTS = (0.1, 0.4, 1.0)
"""In seconds."""
_PIECE_BYTES = 64 * 1024
_GONE = frozenset({404, 410})


class Download(Protocol):
    """Raises PictureGone, DownloadTooLarge or NotAnswered."""

    async def __call__(self, url: str, *, limit_bytes: int) -> bytes: ...


def is_discords(url: str) -> bool:
    """Whether Discord itself hosts it."""
    return _is_among(url, DISCORD_HOSTS, scheme="https")


class CdnDownload:
    """From Discord's hosts; another address is an answer that never came."""

    def __init__(
        self,
        *,
        hosts: Collection[str] = DISCORD_HOSTS,
        scheme: str = "https",
        waits: Sequence[float] = WAITS_BETWEEN_ATTEMPTS,
    ) -> None:
        self._hosts = hosts
        self._scheme = scheme
        self._waits = waits

    async def __call__(self, url: str, *, limit_bytes: int) -> bytes:
        if not _is_among(url, self._hosts, scheme=self._scheme):
            raise NotAnswered(f"this is none of Discord's hosts: {urlsplit(url).hostname}")
        try:
            async with asyncio.timeout(SECONDS_TO_DOWNLOAD), aiohttp.ClientSession() as session:
                return await self._fetch(session, url, limit_bytes)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise NotAnswered(f"the picture could not be fetched: {error!r}") from error

    async def _fetch(self, session: aiohttp.ClientSession, url: str, limit_bytes: int) -> bytes:
        """Again, where the network failed or the server was busy; a picture that is gone stays gone."""
        for wait in self._waits:
            try:
                return await _fetch(session, url, limit_bytes)
            except (NotAnswered, aiohttp.ClientError, OSError) as error:
                log.info("fetching a picture again in_s=%s why=%r", wait, error)
            await asyncio.sleep(wait)
        return await _fetch(session, url, limit_bytes)


async def _fetch(session: aiohttp.ClientSession, url: str, limit_bytes: int) -> bytes:
    """A redirect is not followed: it might lead anywhere."""
    async with session.get(url, allow_redirects=False) as response:
        if response.status in _GONE:
            raise PictureGone(f"status {response.status}")
        if response.status != 200:
            raise NotAnswered(f"the picture could not be fetched: status {response.status}")
        return await _read(response, limit_bytes)


async def _read(response: aiohttp.ClientResponse, limit_bytes: int) -> bytes:
    if (response.content_length or 0) > limit_bytes:
        raise DownloadTooLarge(limit_bytes)
    data = bytearray()
    async for piece in response.content.iter_chunked(_PIECE_BYTES):
        data += piece
        if len(data) > limit_bytes:
            raise DownloadTooLarge(limit_bytes)
    return bytes(data)


def _is_among(url: str, hosts: Collection[str], *, scheme: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == scheme and parts.hostname in hosts
