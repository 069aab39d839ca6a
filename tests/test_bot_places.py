"""What Discord's refusals, and a network that fails, mean for the bot: where it speaks next, and when."""

from pathlib import Path
from types import SimpleNamespace

import aiohttp
import discord
import pytest
from discord.http import Route
from simcord.backend.models.channel import Overwrite
from simcord.enums import OverwriteType

from bot.jobs.errors import BotError, FileTooLarge, MessageGone, NotAnswered, PlaceGone, Rejected, ThreadClosed
from bot.ui.places import translated
from tests.bot_world import World, bot_world, until, words
from tests.elsewhere import without
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
        (404, 10015, PlaceGone),
        (401, 50027, PlaceGone),
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


@pytest.mark.parametrize(
    ("lacking", "name"),
    [
        ("view_channel", "View Channel"),
        ("send_messages", "Send Messages"),
        ("read_message_history", "Read Message History"),
    ],
)
async def test_where_the_bot_may_not_speak_the_answer_names_why_and_becomes_the_card(
    tmp_path: Path, lacking: str, name: str
) -> None:
    async with bot_world(tmp_path) as world:
        deny_bot(world, lacking)
        answer = await world.stylize()
        sentence = f"I lack the permission **{name}** here, so I show the picture in this answer."
        limit = "If it takes longer than 15 minutes, it comes as a direct message."
        assert answer.response.content.endswith(f"-# {sentence} {limit}") or answer.response.flags.components_v2
        await until(lambda: sentence in world.card_text(world.channel))
        await world.engine.finish(await world.engine.claim())
        await all_delivered(world)
        assert len(world.results(world.channel)) == 1
        assert world.threads() == []


def deny_bot(world: World, permission: str) -> None:
    """In the channel; everybody else may."""
    bot_id = world.env.backend.bot_user.id
    deny = discord.Permissions(**{permission: True}).value
    overwrite = Overwrite(target_id=bot_id, type=OverwriteType.MEMBER, deny=deny)
    world.env.backend.channels[world.channel.id].overwrites.append(overwrite)


async def test_where_no_thread_may_be_opened_the_answer_names_the_permission(tmp_path: Path) -> None:
    async with bot_world(tmp_path, permissions=without("create_public_threads")) as world:
        answer = await world.stylize()
        assert answer.response.content.endswith(
            "-# I open no thread, since I lack the permission **Create Public Threads** here."
        )
        await until(lambda: world.card(world.channel))


async def test_in_a_thread_that_is_locked_a_picture_is_refused_with_what_to_do(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        (thread,) = await until(world.threads)
        await until(world.card)
        backend = world.env.backend
        backend.channels[thread.id].thread_metadata.locked = True
        backend.announce_channel_update(thread.id)
        answer = await world.stylize(where=thread)
        assert answer.ephemeral
        assert answer.response.content == (
            "This thread is locked. Please ask in another channel, or have a moderator unlock it."
        )


async def test_in_a_thread_where_the_bot_may_not_speak_the_answer_becomes_the_card(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        (thread,) = await until(world.threads)
        await until(world.card)
        await world.engine.finish(await world.engine.claim())
        await all_delivered(world)
        for role in world.env.backend.guilds[world.guild.id].roles.values():
            role.permissions &= ~discord.Permissions(send_messages_in_threads=True).value
        answer = await world.stylize(where=thread)
        await until(lambda: answer.response.flags.components_v2)
        assert "I lack the permission **Send Messages in Threads** here" in words(answer.response.message)
        await world.engine.finish(await world.engine.claim())
        await all_delivered(world)
        assert len(world.results(thread)) == 2
