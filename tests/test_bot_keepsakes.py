"""Timelapse and Compare: what there is to see of a finished picture beside itself."""

import asyncio
import io
from pathlib import Path

import discord
import pytest
from PIL import Image, ImageColor

from bot.jobs.encode import SMALLEST_UPLOAD_LIMIT_BYTES, FittedPicture, encode_to_fit
from bot.ui import keepsakes
from tests.bot_world import World, bot_world, until
from tests.elsewhere import without
from tests.fake_pictures import is_near
from tests.result_acts import (
    all_delivered,
    animation,
    finished,
    job_of,
    moderator,
    pressed_at_once,
    said_in_private,
    stranger,
)

each_time = pytest.mark.parametrize("after_restart", [False, True], ids=["at once", "after a restart"])


def timelapses(world: World) -> list[discord.Message]:
    found = [message for message in world.history() if message.attachments]
    return [message for message in found if "timelapse-" in message.attachments[0].filename]


async def test_a_still_picture_is_painted_with_a_timelapse(tmp_path: Path) -> None:
    async with bot_world(tmp_path, timelapse_frames=12) as world:
        _, job = await finished(world)
        assert job.params.timelapse_frames == 12


async def test_a_moving_picture_is_painted_without_one(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        world.check.frames = 3
        message, job = await finished(world)
        assert (job.params.frames, job.params.timelapse_frames) == (3, 0)
        answer = await world.ann.click(message, label="Timelapse")
        assert said_in_private(answer) == "There is a timelapse of still pictures only, and this one moves."


@each_time
async def test_the_timelapse_is_posted_for_everybody(tmp_path: Path, after_restart: bool) -> None:
    async with bot_world(tmp_path) as world:
        way = animation()
        message, job = await finished(world, timelapse=way)
        if after_restart:
            await world.restart()
        answer = await stranger(world).click(message, label="Timelapse")
        assert not answer.ephemeral
        (posted,) = timelapses(world)
        (file,) = posted.attachments
        assert file.filename == f"timelapse-{job.id}.webp"
        assert file.description == "How it was painted: cat in the style of wave"
        assert await file.read() == way
        assert len(world.results()) == 1, "it is not taken for the picture"


@each_time
async def test_a_timelapse_is_posted_once_and_then_shown_where_it_is(tmp_path: Path, after_restart: bool) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world, timelapse=animation())
        await world.ann.click(message, label="Timelapse")
        (posted,) = timelapses(world)
        if after_restart:
            await world.restart()
        answer = await stranger(world).click(message, label="Timelapse")
        assert said_in_private(answer) == f"The timelapse is here: {posted.jump_url}"
        assert len(timelapses(world)) == 1


async def test_a_timelapse_that_was_deleted_is_posted_again(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world, timelapse=animation())
        await world.ann.click(message, label="Timelapse")
        await moderator(world).delete(timelapses(world)[0])
        await world.ann.click(message, label="Timelapse")
        assert len(timelapses(world)) == 1


async def test_two_who_ask_at_once_get_one_timelapse(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world, timelapse=animation())
        eve = stranger(world)
        answers = await pressed_at_once(world, (world.ann, message, "Timelapse"), (eve, message, "Timelapse"))
        assert len(timelapses(world)) == 1
        assert said_in_private(answers[1]) == "One moment, please: I am doing that already."


async def test_a_picture_without_a_timelapse_says_so(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world)
        answer = await world.ann.click(message, label="Timelapse")
        assert said_in_private(answer) == "No timelapse was kept of this picture."


async def test_a_timelapse_that_is_no_longer_kept_is_answered_in_words(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, job = await finished(world, timelapse=animation())
        world.blob_path(str(job.timelapse_blob)).unlink()
        answer = await world.ann.click(message, label="Timelapse")
        assert said_in_private(answer) == "No timelapse was kept of this picture."
        assert all(each is None or each.ephemeral for each in (answer.response, *answer.followups))


async def test_a_timelapse_too_large_for_discord_is_made_smaller(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world, timelapse=animation())
        world.env.inject_error("PATCH", "/webhooks/*/*/messages/*", status=413, code=40005, times=1)
        await world.ann.click(message, label="Timelapse")
        (posted,) = timelapses(world)
        assert posted.attachments[0].size <= 5 * 2**20
        assert SMALLEST_UPLOAD_LIMIT_BYTES < 5 * 2**20


async def test_a_timelapse_goes_with_its_picture(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, job = await finished(world, timelapse=animation())
        await stranger(world).click(message, label="Timelapse")
        await world.ann.click(message, label="Delete")
        assert timelapses(world) == []
        assert world.results() == []
        assert (await job_of(world, job.id)).timelapse_blob is not None, "what is kept is another matter"


async def test_what_is_covered_stays_covered(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, job = await finished(world, timelapse=animation())
        await world.app.store.set_address(job.id, dict(job.address or {}, spoiler=True))
        compared = await world.ann.click(message, label="Compare")
        await world.ann.click(message, label="Timelapse")
        files = [*compared.response.attachments, *timelapses(world)[0].attachments]
        assert [file.filename.startswith("SPOILER_") for file in files] == [True, True]


@each_time
async def test_before_and_after_are_shown_to_whoever_asks(tmp_path: Path, after_restart: bool) -> None:
    async with bot_world(tmp_path) as world:
        message, job = await finished(world)
        if after_restart:
            await world.restart()
        answer = await stranger(world).click(message, label="Compare")
        assert answer.ephemeral
        (file,) = answer.response.attachments
        assert file.filename == f"compare-{job.id}.jpg"
        assert file.description == "Before and after: cat on the left, cat in the style of wave on the right"
        both = Image.open(io.BytesIO(await file.read()))
        assert both.size == (64 + 4 + 64, 48)
        assert is_near(pixel_of(both, 10), ImageColor.getrgb("olive"))
        assert is_near(pixel_of(both, 100), ImageColor.getrgb("purple"))


def pixel_of(picture: Image.Image, x: int) -> tuple[int, ...]:
    found = picture.getpixel((x, 24))
    assert isinstance(found, tuple)
    return found


async def test_of_what_moves_the_first_frames_are_compared(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        job = await world.engine.claim()
        await world.engine.finish(job, animation(("red", "green")))
        (message,) = await until(world.results)
        answer = await world.ann.click(message, label="Compare")
        (file,) = answer.response.attachments
        both = Image.open(io.BytesIO(await file.read()))
        assert is_near(pixel_of(both, 120), ImageColor.getrgb("red"))


async def test_a_timelapse_whose_place_the_bot_does_not_see_is_not_posted_again(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world, timelapse=animation())
        await world.ann.click(message, label="Timelapse")
        world.env.inject_error("GET", "/channels/*/messages/*", status=404, code=10003, times=1)
        answer = await world.ann.click(message, label="Timelapse")
        assert said_in_private(answer).startswith("The timelapse is here: ")
        assert len(timelapses(world)) == 1


async def test_a_timelapse_made_while_its_picture_is_deleted_does_not_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world, timelapse=animation())

        def deleted_meanwhile(data: bytes, limit: int) -> FittedPicture:
            asyncio.run_coroutine_threadsafe(world.ann.click(message, label="Delete"), loop).result(timeout=5)
            return encode_to_fit(data, limit)

        loop = asyncio.get_running_loop()
        monkeypatch.setattr(keepsakes, "encode_to_fit", deleted_meanwhile)
        await stranger(world).click(message, label="Timelapse")
        assert timelapses(world) == []


async def test_the_link_to_a_timelapse_leads_to_where_it_is(tmp_path: Path) -> None:
    """The bot may not attach files in the channel, so that everything is in Ann's direct messages."""
    async with bot_world(tmp_path, permissions=without("attach_files")) as world:
        await world.stylize()
        await world.engine.finish(await world.engine.claim(), timelapse=animation())
        direct = world.ann.user.dm_channel
        await until(lambda: world.results(direct))
        await all_delivered(world)
        (message,) = world.results(direct)
        await world.ann.user.click(message, label="Timelapse")
        answer = await world.ann.user.click(message, label="Timelapse")
        assert f"https://discord.com/channels/@me/{direct.id}/" in said_in_private(answer)
