"""What Discord's refusals, and a network that fails, mean for the bot: where it speaks next, and when."""

from pathlib import Path
from types import SimpleNamespace

import aiohttp
import discord
import pytest
from discord.http import Route

from bot.jobs.errors import BotError, FileTooLarge, MessageGone, NotAnswered, PlaceGone, Rejected, ThreadClosed
from bot.ui.places import translated
from tests.bot_world import bot_world, until
from tests.test_bot_delivery import all_delivered, running


@pytest.mark.parametrize(
    ("status", "code", "meaning"),
    [
        (403, 50001, PlaceGone),
        (404, 10003, PlaceGone),
        (404, 10008, MessageGone),
        (400, 50083, ThreadClosed),
        (403, 160005, ThreadClosed),
        (413, 0, FileTooLarge),
        (400, 40005, FileTooLarge),
        (400, 20009, Rejected),
        (400, 50035, Rejected),
        (403, 0, NotAnswered),
        (404, 0, NotAnswered),
        (403, 40333, NotAnswered),
        (400, 0, NotAnswered),
        (429, 30046, NotAnswered),
        (502, 0, NotAnswered),
    ],
)
def test_a_refusal_means_one_thing(status: int, code: int, meaning: type[BotError]) -> None:
    response = SimpleNamespace(status=status, reason="refused")
    with pytest.raises(BotError) as caught, translated():
        raise discord.HTTPException(response, {"code": code, "message": "no"})
    assert type(caught.value) is meaning


async def test_a_session_that_was_closed_meanwhile_is_a_request_not_answered() -> None:
    session = aiohttp.ClientSession()
    await session.close()
    with pytest.raises(NotAnswered), translated():
        await session.get("http://127.0.0.1/")


async def test_a_client_without_a_session_is_a_request_not_answered() -> None:
    async with discord.Client(intents=discord.Intents.none()) as client:
        with pytest.raises(NotAnswered), translated():
            await client.http.request(Route("GET", "/gateway"))


@pytest.mark.parametrize("bug", [RuntimeError("a bug"), AttributeError("a bug", name="x", obj="y")])
def test_a_bug_stays_a_bug(bug: Exception) -> None:
    with pytest.raises(type(bug), match="a bug"), translated():
        raise bug


async def test_when_the_thread_was_deleted_the_picture_comes_to_the_channel(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        await until(world.card)
        job = await world.engine.claim()
        world.env.backend.delete_channel(world.threads()[0].id)
        await world.engine.finish(job)
        await until(lambda: world.results(world.channel))
        await all_delivered(world)
        assert len(world.results(world.channel)) == 1


async def test_when_the_thread_was_deleted_midway_the_card_goes_on_in_the_channel(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        await until(world.card)
        job = await world.engine.claim()
        world.env.backend.delete_channel(world.threads()[0].id)
        await world.engine.report(job, 5)
        await until(lambda: world.card(world.channel))
        await world.engine.finish(job)
        await until(lambda: "Finished" in world.card_text(world.channel))


async def test_when_channel_and_thread_are_closed_the_picture_comes_as_a_direct_message(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        await until(world.card)
        job = await world.engine.claim()
        for channel in (world.threads()[0], world.channel):
            world.env.backend.delete_channel(channel.id)
        await world.engine.finish(job)
        await all_delivered(world)
        assert len(world.results(world.ann.user.dm_channel)) == 1


async def test_where_nobody_can_be_reached_the_job_is_closed_with_a_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        await until(world.card)
        world.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=None)
        world.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, times=None)
        await world.engine.finish(await world.engine.claim())
        await until(lambda: "Finished" in world.card_text())
        assert "undeliverable job=" in caplog.text
        assert "nobody could be told job=" in caplog.text
        assert await world.app.store.open_jobs() == []


async def test_a_moment_in_which_no_place_is_left_only_delays_the_picture(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        await until(world.card)
        world.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=2)
        world.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, times=1)
        await world.engine.finish(await world.engine.claim())
        await all_delivered(world)
        assert len(world.results()) == 1
        assert "undeliverable job=" not in caplog.text


@pytest.mark.parametrize("status", [403, 404])
async def test_a_refusal_by_what_stands_before_discord_leaves_the_picture_where_it_belongs(
    tmp_path: Path, status: int
) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        await until(world.card)
        world.env.inject_error("POST", "/channels/*/messages", status=status, code=0, times=3)
        await world.engine.finish(await world.engine.claim())
        await all_delivered(world)
        assert len(world.results()) == 1
        assert world.results(world.channel) == []


@pytest.mark.parametrize("code", [50083, 160005])
async def test_a_thread_that_was_archived_still_gets_its_picture(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, code: int
) -> None:
    """Discord refuses edits in it, and a post reopens it."""
    async with bot_world(tmp_path) as world:
        job = await running(world)
        thread = world.threads()[0].id
        world.env.inject_error("PATCH", f"/channels/{thread}/messages/*", status=400, code=code, times=None)
        await world.engine.report(job, 7)
        await until(lambda: f"card not shown job={job.id}" in caplog.text)
        await world.engine.finish(job)
        await all_delivered(world)
        assert len(world.results()) == 1
        assert world.results(world.channel) == []
        assert world.card(world.channel) is None
