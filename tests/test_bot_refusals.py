"""Every request that cannot be taken ends in one clear sentence that only its author sees."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

from bot.jobs.errors import CheckUnavailable
from bot.ui.first_look import first_look
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.quota import QueueLimits, Usage
from tests.bot_world import CAT, PERMISSIONS, WAVE, World, bot_world, until
from tests.fake_engine import picture


def assert_refused(answer: Any, sentence: str, world: World) -> None:
    """One private sentence, and nothing in public."""
    said = answer.followups[-1] if answer.followups else answer.response
    assert said.content == sentence
    assert said.ephemeral
    assert [m for m in world.channel.history() if not m.flags.ephemeral] == []
    assert world.threads() == []


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"content": ("cat.png", b"")}, "The content picture is an empty file (0 bytes)."),
        (
            {"style": ("notes.txt", b"hello")},
            "The style file is not a picture (text/plain). Use PNG, JPEG, WebP, GIF, BMP, TIFF, AVIF or HEIC.",
        ),
        (
            {"style": ("program", b"hello")},
            "The style file is not a picture. Use PNG, JPEG, WebP, GIF, BMP, TIFF, AVIF or HEIC.",
        ),
        (
            {"content": ("big.png", bytes(2**20 + 100_000))},
            "The content picture is 1.1 MiB large; I read files of up to 1 MiB.",
        ),
        ({"size": 2000}, "2000 pixels is more than I paint here; the largest size is 1024."),
    ],
)
async def test_what_is_declared_is_refused_before_a_byte_is_read(
    tmp_path: Path, options: dict[str, Any], sentence: str
) -> None:
    async with bot_world(tmp_path, max_upload_mib=1) as world:
        world.app.client.http.get_from_cdn = _never  # type: ignore[method-assign]  # a test that nothing is fetched
        answer = await world.stylize(**options)
        assert_refused(answer, sentence, world)
        assert not answer.deferred


async def _never(url: str) -> bytes:
    raise AssertionError(f"nothing was to be read: {url}")


async def test_bad_pixels_take_the_placeholder_back(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        world.check.bad[b"junk"] = "is not a picture that can be read"
        answer = await world.stylize(style=("wave.png", b"junk"))
        assert_refused(answer, "The style picture is not a picture that can be read.", world)
        assert await world.app.store.open_jobs() == []


async def test_when_both_pictures_are_bad_the_content_is_named(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        world.check.bad |= {b"junk": "is junk", b"trash": "is trash"}
        answer = await world.stylize(content=("a.png", b"trash"), style=("b.png", b"junk"))
        assert_refused(answer, "The content picture is trash.", world)


async def test_files_that_discord_no_longer_has_are_asked_for_again(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:

        async def gone(url: str) -> bytes:
            raise OSError("connection reset")

        world.app.client.http.get_from_cdn = gone  # type: ignore[method-assign]  # the network's part
        answer = await world.stylize()
        assert_refused(answer, "I could not fetch your files from Discord. Please attach them again.", world)


async def test_a_member_has_a_few_open_pictures_at_a_time(tmp_path: Path) -> None:
    async with bot_world(tmp_path, max_open_jobs_per_member=1) as world:
        await world.stylize()
        answer = await world.stylize()
        assert answer.response.ephemeral
        assert answer.response.content == (
            "You have a picture waiting or being painted, which is the most at a time. Wait for it, or cancel it."
        )


async def test_the_queue_has_an_end(tmp_path: Path) -> None:
    async with bot_world(tmp_path, max_open_jobs=1) as world:
        await world.stylize()
        answer = await world.stylize(world.guild.add_member(world.env.create_user("bob")))
        assert answer.response.ephemeral
        assert answer.response.content == "My queue is full: no more than 1 at a time. Please try again later."


async def test_two_commands_at_the_same_moment_cannot_both_take_the_last_place(tmp_path: Path) -> None:
    """The first look says there is room for both; saving the job decides."""
    async with bot_world(tmp_path, max_open_jobs_per_member=1) as world:

        async def none_yet(**_: str) -> Usage:
            return Usage(now=0.0)

        world.app.store.usage = none_yet  # type: ignore[method-assign]  # as both commands saw it
        await world.stylize()
        answer = await world.stylize()
        assert answer.followups[-1].content.startswith("You have a picture waiting or being painted")
        assert answer.response is None, "the public answer is taken back"
        assert len(await world.app.store.open_jobs()) == 1


async def test_a_picture_that_is_ended_leaves_room_for_another(tmp_path: Path) -> None:
    async with bot_world(tmp_path, max_open_jobs_per_member=1) as world:
        await world.stylize()
        await world.engine.finish(await world.engine.claim())
        assert (await world.stylize()).response.content.startswith("🎨")


async def test_a_slow_queue_does_not_delay_the_answer(tmp_path: Path) -> None:
    """Asked directly: the simulated Discord holds a callback's timers back while the callback is busy."""
    async with bot_world(tmp_path, max_open_jobs=1) as world:
        await world.stylize()
        release = asyncio.Event()
        blocked = asyncio.create_task(_block(world, release))
        look = await first_look(_asked_by(world), within=0.05)
        assert (look.usage.open_of_owner, look.usage.open_in_all) == (0, 0)
        assert not blocked.done()
        release.set()
        await blocked


def _asked_by(world: World) -> Any:
    """As much of Ann's interaction as a first look needs."""
    user = SimpleNamespace(id=world.ann.id, roles=[])
    permissions = discord.Permissions.none()
    return SimpleNamespace(
        client=world.app.client,
        guild=None,
        guild_id=world.guild.id,
        channel=None,
        channel_id=None,
        user=user,
        permissions=permissions,
    )


async def _block(world: World, release: asyncio.Event) -> None:
    """Keep the database's one thread busy, as a slow disk would."""
    loop = asyncio.get_running_loop()

    def wait_for_release(_connection: object) -> None:
        asyncio.run_coroutine_threadsafe(release.wait(), loop).result(timeout=10)

    await world.app.database.read(wait_for_release)


async def test_a_queue_that_is_away_is_said_so(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:

        async def away(*_: Any, **__: Any) -> None:
            raise QueueUnavailable("the database does not answer")

        world.app.store.submit = away  # type: ignore[method-assign, assignment]  # the database's part
        answer = await world.stylize()
        assert_refused(answer, "I cannot reach my queue at the moment. Please try again in a minute.", world)


async def test_a_check_that_does_not_start_is_not_the_pictures_fault(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        world.check.fault = CheckUnavailable("no memory")
        answer = await world.stylize()
        assert_refused(answer, "I cannot look at pictures at the moment. Please try again in a minute.", world)


async def test_a_fault_of_ours_is_admitted_and_kept_out_of_sight(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        world.check.fault = ZeroDivisionError("a bug")
        answer = await world.stylize()
        sentence = "Something went wrong on my side, and it has been noted. Please try again in a minute."
        assert_refused(answer, sentence, world)
        (error,) = world.env.errors
        assert isinstance(error.__cause__, ZeroDivisionError)


async def test_a_command_that_discord_gave_up_on_makes_no_job(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        world.env.inject_error("POST", "/interactions/*/*/callback", status=404, code=10062, times=None)
        await world.stylize()
        assert await world.app.store.open_jobs() == []
        assert len(world.env.errors) == 1


async def test_the_real_check_is_asked_about_real_pictures(tmp_path: Path) -> None:
    """The child process, once good and once bad; its own tests know all the other kinds."""
    async with bot_world(tmp_path, real_check=True) as world:
        answer = await world.stylize(style=("wave.png", picture()[:40]))
        assert answer.followups[-1].content.startswith("The style picture ")
        answer = await world.stylize(content=CAT, style=WAVE)
        assert answer.response.content.startswith("🎨")


async def test_permissions_of_the_thread_itself_count(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        await until(world.threads)
        lacking = discord.Permissions(PERMISSIONS.value & ~discord.Permissions(send_messages_in_threads=True).value)
        for role in world.env.backend.guilds[world.guild.id].roles.values():
            role.permissions = lacking.value if role.managed else role.permissions
        answer = await world.stylize(where=world.threads()[0])
        assert "**Send Messages in Threads**" in answer.response.content


async def test_commands_under_way_count_like_open_pictures(tmp_path: Path) -> None:
    async with bot_world(tmp_path, max_open_jobs_per_member=1) as world:
        under_way = world.app.client.services.under_way
        with under_way.admitted(str(world.ann.id), str(world.guild.id), Usage(now=0.0), QueueLimits()):
            answer = await world.stylize()
        assert_refused(
            answer,
            "You have a picture waiting or being painted, which is the most at a time. Wait for it, or cancel it.",
            world,
        )
        await world.stylize()
        assert len(await world.app.store.open_jobs()) == 1


async def test_an_answer_that_the_network_loses_is_not_an_error_of_its_own(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bot_world(tmp_path) as world:
        world.check.bad[CAT[1]] = "is junk"
        lost: list[str] = []

        async def lose(webhook: discord.Webhook, content: str, **options: Any) -> None:
            lost.append(content)
            raise aiohttp.ServerDisconnectedError

        monkeypatch.setattr(discord.Webhook, "send", lose)  # the network's part
        await world.stylize()
        assert lost == ["The content picture is junk."]
        assert "not told in private" in caplog.text
        assert [line.content for line in world.history(world.channel)] == ["The content picture is junk."]
        assert world.env.errors == []
