"""Puts the project's own paintings into everybody's library, those that are missing; work for the background."""

import logging
from dataclasses import dataclass

from bot.jobs.errors import CheckUnavailable, NotDrawn
from bot.jobs.gallery import Gallery
from bot.jobs.picture_check import PictureCheck
from bot.jobs.thumbnails import Thumbnails
from bot.store.errors import NameTaken, StyleRefused
from bot.store.styles import EVERYBODY, NewStyle, StyleLibrary
from nst_engine.errors import BadPicture
from nst_engine.queue.blobs import BlobStore

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeding:
    """What it takes to add a painting."""

    gallery: Gallery
    library: StyleLibrary
    blobs: BlobStore
    check: PictureCheck
    thumbnails: Thumbnails

    async def run(self) -> None:
        """Once for each start. Raises QueueUnavailable, after which it may run again."""
        try:
            titles = await self.gallery.titles()
        except NotDrawn as error:
            log.warning("no paintings for the library why=%r", error)
            return
        for name, title in titles.items():
            if await self.library.find(EVERYBODY, title) is None:
                await self._add(name, title)

    async def _add(self, name: str, title: str) -> None:
        """Without one, there are still the others."""
        try:
            await self.library.add(await self._painted(name, title))
        except NameTaken:
            log.info("painting is there already name=%s", name)
        except (NotDrawn, BadPicture, CheckUnavailable, StyleRefused) as error:
            log.warning("painting not added name=%s why=%r", name, error)
        else:
            log.info("painting added name=%s title=%r", name, title)

    async def _painted(self, name: str, title: str) -> NewStyle:
        png = await self.gallery.draw(name)
        facts = await self.check(png, role="style")
        small = await self.thumbnails(png, role="style")
        return NewStyle(
            tenant_id=EVERYBODY,
            name=title,
            blob=await self.blobs.put(png),
            thumbnail_blob=await self.blobs.put(small),
            width=facts.width,
            height=facts.height,
        )
