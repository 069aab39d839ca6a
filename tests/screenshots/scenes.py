"""What is photographed: each scene acts as members do and yields the name of a picture with the picture."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from PIL import Image

from bot.ui.text.commands import STYLIZE_PICTURE
from tests.bot_world import until, words
from tests.screenshots import challenge
from tests.screenshots.challenge import Contribution
from tests.screenshots.painting import SIZE_PX, STYLE
from tests.screenshots.pictures import side_by_side
from tests.screenshots.stage import SECONDS_TO_SHOW, Stage

Shot = tuple[str, Image.Image]

CARD = (720, 900)
FORM = (720, 1300)
PAGE = (720, 1600)
THREAD = (660, 690)


async def shots(stage: Stage, brought: Sequence[Contribution]) -> AsyncIterator[Shot]:
    """All of them."""
    async for shot in _of_the_welcome(stage):  # first: it comes by itself
        yield shot
    async for shot in _of_a_job(stage):
        yield shot
    async for shot in _of_the_library(stage):
        yield shot
    async for shot in challenge.shots(stage, brought):
        yield shot
    async for shot in _of_the_server(stage):  # last: a page cannot show members commands that only admins see
        yield shot


async def _of_the_welcome(stage: Stage) -> AsyncIterator[Shot]:
    """It goes again: a page cannot show members commands that only admins see."""
    world, studio = stage.world, stage.world.channel
    (greeting,) = await until(lambda: [message for message in world.history(studio) if "config" in words(message)])
    yield "welcome", await stage.shoot(studio, greeting, CARD, viewer=stage.ada)
    world.env.backend.delete_message(studio.id, greeting.id)


async def _of_the_library(stage: Stage) -> AsyncIterator[Shot]:
    world, studio = stage.world, stage.world.channel
    yield "styles", await stage.shoot(studio, await world.ann.slash(studio, "style list"), PAGE)

    shown = await world.ann.slash(studio, "style show", name=STYLE.title)
    yield "style", await stage.shoot(studio, shown, CARD)

    posted = await stage.ben.send(studio, "Look who sat for me!", attachments=[("cat.png", stage.photograph)])
    form = await world.ann.context_menu(studio, STYLIZE_PICTURE, posted)
    yield "menu", await stage.shoot(studio, form, FORM)


async def _of_a_job(stage: Stage) -> AsyncIterator[Shot]:
    world = stage.world
    thread = await _asked_for(stage)
    yield "waiting", await stage.shoot(thread, world.card(thread), CARD)

    await world.engine.claim()
    job = await world.engine.claim()
    await stage.show_progress(job, 0.3, thread)
    painting = await stage.shoot_place(thread, world.card(thread), THREAD)
    await stage.show_progress(job, 0.6, thread)
    yield "card", await stage.shoot(thread, world.card(thread), CARD)

    result = await stage.finish(job, thread)
    yield "result", await stage.shoot(thread, result, CARD)
    finished = await stage.shoot_place(thread, result, THREAD)
    yield "thread", side_by_side([painting, finished])

    form = await world.ann.click(result, label="Tweak…")
    yield "tweak", await stage.shoot(thread, form, FORM)


async def _asked_for(stage: Stage) -> Any:
    """The thread of Ann's picture, which waits until the engine is done with those of Ben and Ada."""
    world, seconds = stage.world, stage.painting.summary.seconds
    asked = {"content": ("cat.png", stage.photograph), "style": None, "from_library": STYLE.title, "size": SIZE_PX}
    await world.stylize(stage.ben, **asked)
    (job,) = await world.app.store.open_jobs()
    world.engine.speed = job.cost / seconds
    await world.engine.check_in()
    await world.engine.report(await world.engine.claim(), 50, seconds_left=seconds / 2)
    await world.stylize(stage.ada, **asked)
    await world.stylize(world.ann, **asked)
    await until(lambda: len(world.threads()) == 3)
    thread = world.threads()[-1]
    await until(lambda: "number 2 in the queue" in world.card_text(thread), within=SECONDS_TO_SHOW)
    return thread


async def _of_the_server(stage: Stage) -> AsyncIterator[Shot]:
    world, studio = stage.world, stage.world.channel
    for setting, value in (
        ("pictures_per_day", "20"),
        ("cooldown_seconds", "60"),
        ("allowed_channels", studio.mention),
    ):
        await stage.ada.slash(studio, "config set", setting=setting, value=value)
    yield "help", await stage.shoot(studio, await world.ann.slash(studio, "help"), PAGE)

    shown = await stage.ada.slash(studio, "config show")
    yield "config", await stage.shoot(studio, shown, PAGE, viewer=stage.ada)
