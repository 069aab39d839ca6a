"""A simulated server with the real bot in it, dressed for pictures: names, faces, an hour of the day, a camera."""

import asyncio
import hashlib
import io
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import discord
import simcord
from PIL import Image
from simcord.backend.cdn import CDN_BASE

from bot.jobs.gallery import ChildGallery, Gallery
from bot.jobs.pace import SystemClock
from bot.paintings.gallery import GALLERY
from nst_engine.bench.pairs import photographs
from nst_engine.queue.jobs import Job, ProgressReport
from tests.bot_world import EVERYBODY, QUICK, World, bot_world, until
from tests.fake_engine import FakeEngine, picture
from tests.screenshots.browser import Lens
from tests.screenshots.painting import Painting
from tests.screenshots.pictures import framed

OPENING_HOURS = timedelta(hours=16, minutes=20)
FACE_PX = 128
BOT_FACE = (110, 0, 365, 255)
FACES = (
    ("coffee.png", (80, 0, 480, 400)),
    ("rocket.jpg", (200, 0, 600, 400)),
    ("hubble_deep_field.jpg", (0, 0, 400, 400)),
)
"""Photographs of scikit-image, and what is cut out of them; the bot has one of its own making."""
log = logging.getLogger(__name__)

SECONDS_TO_SHOW = 60.0
SECONDS_FOR_ALL = 3600.0
ATTEMPTS = 4
"""Of taking one picture."""
MAY_POST = EVERYBODY | discord.Permissions(send_messages=True, send_messages_in_threads=True, attach_files=True)

Size = tuple[int, int]
Layout = Literal["message", "channel"]


class PlainGallery:
    """Single colours under the names of the paintings."""

    async def titles(self) -> Mapping[str, str]:
        return {painting.name: painting.title for painting in GALLERY}

    async def draw(self, name: str) -> bytes:
        return picture("teal", size=(96, 72))


class StillClock(SystemClock):
    """It is always the same moment of the simulation; what waits, waits as ever."""

    def __init__(self) -> None:
        self.moment = 0.0

    def now(self) -> float:
        return self.moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where the scenes are played."""

    world: World
    lens: Lens
    photograph: bytes
    painting: Painting
    faces: Mapping[str, tuple[str, bytes]]
    ben: Any
    ada: Any
    """Manages the server."""

    async def shoot(self, place: Any, target: Any, viewport: Size, *, viewer: Any = None) -> Image.Image:
        """A message, or the form that answered an interaction."""
        async with self._preview(place, viewer or self.world.ann, "message") as preview:
            return framed(await _taken(preview, target=target, mode="surface", viewport=viewport))

    async def shoot_place(self, place: Any, last: Any, viewport: Size) -> Image.Image:
        """All of a channel or thread, up to its last message."""
        async with self._preview(place, self.world.ann, "channel") as preview:
            return await _taken(preview, target=last, mode="viewport", viewport=viewport)

    @asynccontextmanager
    async def _preview(self, place: Any, viewer: Any, layout: Layout) -> AsyncIterator[simcord.Preview]:
        now, faces = self.world.env.now(), self.faces
        async with self.world.env.preview(
            place, viewers=[viewer], layout=layout, display="fixed", presentation_time=now, assets=faces
        ) as preview:
            preview._capture_manager._browser = self.lens  # SimCord has no other way to be given a browser
            yield preview

    async def show_progress(self, job: Job, share: float, thread: Any) -> None:
        """The engine reports about this share of the way, and the card shows it."""
        report = self.painting.about(share)
        await self.world.engine.leases.report(
            job,
            ProgressReport(
                step=report.step,
                steps=report.steps,
                steps_per_second=report.steps_per_second,
                seconds_left=report.seconds_left,
                preview=report.preview,
            ),
        )
        await until(lambda: f"step {report.step} of" in self.world.card_text(thread), within=SECONDS_TO_SHOW)

    async def finish(self, job: Job, thread: Any) -> Any:
        """The message with the finished picture, once the card has closed."""
        key = await self.world.app.blobs.put(self.painting.result)
        await self.world.engine.leases.complete(
            job, result_blob=key, result_format="png", summary=self.painting.summary
        )
        await until(lambda: "Finished" in self.world.card_text(thread), within=SECONDS_TO_SHOW)
        return self.world.results(thread)[-1]


@asynccontextmanager
async def open_stage(
    folder: Path, lens: Lens, photograph: bytes, painting: Painting, *, quick: bool
) -> AsyncIterator[Stage]:
    """With every painting in the library, and people in the server."""
    gallery: Gallery = PlainGallery() if quick else ChildGallery()
    clock, pace = StillClock(), replace(QUICK, before_welcome=0.05)
    async with bot_world(folder, pace=pace, clock=clock, gallery=gallery, real_check=not quick) as world:
        world.env.backend.clock.advance(OPENING_HOURS.total_seconds())
        clock.moment = world.env.now().timestamp()
        world.env.backend.bot_user.name = "Stylize"
        world.engine = FakeEngine(world.app.database, world.app.blobs, lease_seconds=SECONDS_FOR_ALL)
        for role in world.env.backend.guilds[world.guild.id].roles.values():
            role.permissions |= MAY_POST.value
        ben, ada = world.member("ben"), world.member("ada", manage_guild=True)
        people = (world.env.backend.bot_user.id, world.ann.id, ben.id, ada.id)
        await _library_is_hung(world)
        yield Stage(
            world=world,
            lens=lens,
            photograph=photograph,
            painting=painting,
            faces=dict(_face(world, *pair) for pair in zip(people, _faces(painting), strict=True)),
            ben=ben,
            ada=ada,
        )


async def _library_is_hung(world: World) -> None:
    async with asyncio.timeout(SECONDS_FOR_ALL):
        while len(await world.app.client.services.library.listed(str(world.guild.id))) < len(GALLERY):  # noqa: ASYNC110  # nobody tells when it is
            await asyncio.sleep(0.1)


async def _taken(preview: simcord.Preview, *, target: Any, mode: str, viewport: Size) -> Image.Image:
    """On a busy machine the page may not be ready within SimCord's time, and is the next time."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _opened((await preview.screenshot(target=target, mode=mode, viewport=viewport)).png)
        except simcord.SetupError as error:
            if attempt == ATTEMPTS or "deadline exceeded" not in str(error):
                raise
            log.warning("the page was not ready in time attempt=%s", attempt)
    raise AssertionError("every attempt returns or raises")


def _opened(png: bytes | None) -> Image.Image:
    return Image.open(io.BytesIO(png or b"")).convert("RGB")


def _faces(painting: Painting) -> Iterator[bytes]:
    with Image.open(io.BytesIO(painting.result)) as own:
        yield _cut(own, BOT_FACE)
    for file, box in FACES:
        with Image.open(photographs() / file) as photograph:
            yield _cut(photograph, box)


def _cut(picture: Image.Image, box: tuple[int, int, int, int]) -> bytes:
    buffer = io.BytesIO()
    picture.convert("RGB").crop(box).resize((FACE_PX, FACE_PX), Image.Resampling.LANCZOS).save(buffer, "PNG")
    return buffer.getvalue()


def _face(world: World, user_id: int, face: bytes) -> tuple[str, tuple[str, bytes]]:
    """Gives it to a user; returns its address and what is there."""
    user = world.env.backend.users[user_id]
    user.avatar = hashlib.md5(face, usedforsecurity=False).hexdigest()
    return f"{CDN_BASE}/avatars/{user_id}/{user.avatar}.png", ("face.png", face)
