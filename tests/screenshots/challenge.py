"""A challenge from its announcement to its podium, as it is photographed: six members, six entries, one style."""

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from bot.challenges.values import Author, Challenge, Entry, Phase, Picture
from bot.paintings.gallery import painting_named
from bot.ui.text.challenges.previewing import OPEN_NOW
from nst_engine.bench.pairs import photographs
from nst_engine.contract.params import StylizeParams
from tests.bot_world import until, words
from tests.challenge_acts import page
from tests.challenge_rounds import unguarded
from tests.screenshots.painting import painted, pretended
from tests.screenshots.stage import Stage

Shot = tuple[str, Image.Image]

STYLE = painting_named("wave")
ENTRY_PX = 384
THUMBNAIL_PX = 800
ENTRANTS = (
    ("chelsea.png", "Ann"),
    ("rocket.jpg", "Ben"),
    ("coffee.png", "Carla"),
    ("astronaut.png", "Dmitri"),
    ("motorcycle_left.png", "Emiko"),
    ("hubble_deep_field.jpg", "Farid"),
)
"""Photographs of scikit-image, and who brings them."""
HEARTS = (5, 3, 7, 4, 2, 3)
"""That each is given by members who enter nothing."""
DESCRIPTION = "Bring a photo, we lend you the wave. Pets, food, spaceships: everything counts."
CARD = (720, 1500)
GALLERY = (720, 2400)
SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """A finished picture, and the name of whoever made it."""

    name: str
    picture: bytes


def contributions(keep: Path, *, quick: bool) -> list[Contribution]:
    """By the engine, unless an earlier run has kept them; single colours where it has to be quick."""
    found = []
    for file, name in ENTRANTS:
        photograph = (photographs() / file).read_bytes()
        params = StylizeParams(size=ENTRY_PX)
        painting = pretended(photograph) if quick else painted(photograph, keep, params, style_name=STYLE.name)
        found.append(Contribution(name=name, picture=painting.result))
    return found


async def shots(stage: Stage, brought: Sequence[Contribution]) -> AsyncIterator[Shot]:
    """All of them: one challenge with hearts, and one with duels that goes on beside it."""
    salon = stage.world.guild.create_text_channel("challenges")
    challenge = await _announced(stage, salon, title="Ride the wave", mode="approval")
    entries = await _entered(stage, challenge, brought)
    card = await until(lambda: _said(stage, salon, "6 entries"), within=SECONDS)
    yield "challenge", await stage.shoot(salon, card, CARD)

    panel = await stage.ada.slash(salon, "challenge manage", challenge=str(challenge.id))
    yield "manage", await stage.shoot(salon, panel, CARD, viewer=stage.ada)

    await _next_phase(stage, challenge)
    ballot = await until(lambda: _said(stage, salon, "Vote now"), within=SECONDS)
    gallery = await stage.world.ann.click(ballot, label="Vote")
    yield "gallery", await stage.shoot(salon, gallery, GALLERY)

    await _given(stage, challenge, entries)
    await _next_phase(stage, challenge)
    podium = await until(lambda: _said(stage, salon, "Carla", with_picture=True), within=SECONDS)
    yield "podium", await stage.shoot(salon, podium, CARD)

    yield "duel", await _duel(stage, brought)


async def _duel(stage: Stage, brought: Sequence[Contribution]) -> Image.Image:
    arena = stage.world.guild.create_text_channel("duels")
    challenge = await _announced(stage, arena, title="Ride the wave, again", mode="duels")
    await _entered(stage, challenge, brought)
    await _next_phase(stage, challenge)
    ballot = await until(lambda: _said(stage, arena, "Vote now"), within=SECONDS)
    return await stage.shoot(arena, await stage.world.ann.click(ballot, label="Vote"), CARD)


async def _announced(stage: Stage, channel: Any, *, title: str, mode: str) -> Challenge:
    options = {"title": title, "description": DESCRIPTION, "from_library": STYLE.title, "mode": mode, "lasts": "5d"}
    preview = await stage.ada.slash(channel, "challenge create", **options)
    await stage.ada.click(page(preview), label=OPEN_NOW)
    await until(lambda: _said(stage, channel, title), within=SECONDS)
    newest: Challenge = (await _desk(stage).challenges.listed(str(stage.world.guild.id), Phase.OPEN))[0]
    return newest


async def _entered(stage: Stage, challenge: Challenge, brought: Sequence[Contribution]) -> list[Entry]:
    """At the store: how a picture becomes an entry is another story."""
    services, people = stage.world.app.client.services, _people(stage)
    entries = []
    for number, one in enumerate(brought):
        with Image.open(io.BytesIO(one.picture)) as picture:
            width, height = picture.size
        small = await services.thumbnails(one.picture, side_px=THUMBNAIL_PX, role="content")
        entered = Picture(
            job_id=f"{challenge.id}-{hashlib.sha256(one.picture).hexdigest()[:12]}",
            blob=await services.blobs.put(one.picture),
            thumbnail_blob=await services.blobs.put(small),
            width=width,
            height=height,
            covered=False,
        )
        author = Author(user_id=str(people[number].id), name=one.name, username=one.name.lower(), locale="en-US")
        now = services.clock.now()
        entries.append(
            await _desk(stage).entries.enter(challenge.id, author, entered, asked_at=now, now=now, guard=unguarded)
        )
    return entries


def _people(stage: Stage) -> list[Any]:
    """Those who enter, in their order; who is new joins now."""
    known = {"Ann": stage.world.ann, "Ben": stage.ben}
    ids = {user.name: user for user in stage.world.env.backend.users.values()}
    return [known.get(name) or ids.get(name.lower()) or stage.world.member(name.lower()) for _, name in ENTRANTS]


async def _given(stage: Stage, challenge: Challenge, entries: Sequence[Entry]) -> None:
    now = stage.world.app.client.services.clock.now()
    for entry, hearts in zip(entries, HEARTS, strict=True):
        for voter in range(hearts):
            await _desk(stage).votes.give_heart(
                challenge.id, str(5000 + voter), entry.id, given=True, now=now, guard=unguarded
            )


async def _next_phase(stage: Stage, challenge: Challenge) -> None:
    desk, now = _desk(stage), stage.world.app.client.services.clock.now()
    found = await desk.challenges.get(challenge.id)
    await desk.challenges.end_early(challenge.tenant_id, challenge.id, found.phase, now)
    await asyncio.sleep(0)


def _desk(stage: Stage) -> Any:
    return stage.world.app.client.services.challenges


def _said(stage: Stage, channel: Any, text: str, *, with_picture: bool = False) -> Any:
    """The newest of the bot's messages there that says so."""
    found = [
        message
        for message in stage.world.history(channel)
        if text in words(message) and (message.attachments or not with_picture)
    ]
    return found[-1] if found else None
