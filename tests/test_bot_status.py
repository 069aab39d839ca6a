"""`/status`, as moderators read it: the numbers are those of `python -m bot stats`."""

from pathlib import Path
from typing import Any

from bot.stats import EngineSeen, Period, gather
from bot.ui.text.status import FAILURES, engines, kept, last_day
from bot.ui.words import words_for
from nst_engine.contract.events import FailureReason
from nst_engine.queue.jobs import EngineInfo
from tests.bot_world import World, bot_world, told, until

SAY = words_for("en-US")
GIB = 2**30


def mod_of(world: World) -> Any:
    return world.member("mo", moderate_members=True)


async def status(world: World, who: Any) -> str:
    return told(await who.slash(world.channel, "status"))


async def test_a_moderator_reads_queue_engines_and_failures_in_private_also_after_a_restart(tmp_path: Path) -> None:
    async with bot_world(tmp_path, max_open_jobs_per_member=9) as world:
        for size in (64, 65, 66, 67):
            await world.stylize(size=size)
        await world.engine.check_in()
        await world.engine.finish(await world.engine.claim())
        await world.engine.fail(await world.engine.claim(), FailureReason.OUT_OF_MEMORY)
        await until(lambda: world.results(world.threads()[0]))
        await world.engine.claim()
        await world.restart()
        said = await status(world, mod_of(world))
        assert "Waiting: **1**\nBeing painted: **1**\n" in said
        assert "🟢 **fake**\n-# version 0 · 1.0 megapixel passes a second · seen" in said
        assert "Asked for: **4** · painted: **1** · cancelled: **0** · failed: **1**" in said
        assert "- Failed, not enough memory: 1" in said
        assert "Usual wait: **" in said
        assert "Room left for pictures: " in said
        stats = await gather(world.config.database.url)
        assert (stats.waiting, stats.running, stats.day.handed_in) == (1, 1, 4)


async def test_without_an_engine_and_without_pictures_it_says_so(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        said = await status(world, world.member("ada", manage_guild=True, moderate_members=True))
        assert "⚠️ No engine has been seen in 24 hours" in said
        assert "Asked for: **0**" in said
        assert "Nothing failed." in said


async def test_members_who_are_no_moderators_are_told_so(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        world.guild.set_command_permissions(world.app.client.command_ids["status"], {world.ann: True})
        said = await status(world, world.ann)
        assert said == "Only members with the permission **Timeout Members** can do this."


def test_engines_that_are_gone_are_told_apart_and_many_are_counted() -> None:
    info = EngineInfo(id="e", host="gpu-7", device="NVIDIA *H100*", version="1.2", speed=None)
    gone = EngineSeen(info=info, seconds_silent=3700.0, is_alive=False)
    said = engines([gone] * 12, SAY)
    assert said.startswith("⚠️ No engine is running: pictures wait until one does.\n⚪ **NVIDIA \\*H100\\***\n")
    assert "speed not measured yet · gone for 1 h 1 min" in said
    assert said.endswith("… and 2 more.")


def test_every_reason_has_words_and_one_of_another_version_does_not_break_them() -> None:
    assert set(FAILURES) == set(FailureReason)
    day = Period(
        hours=24,
        handed_in=1234,
        states={"failed": 3},
        failures={"timed_out": 2, "sunspots": 1},
        median_wait_seconds=2.34,
        median_painting_seconds=65.0,
    )
    said = last_day(day, SAY)
    assert "Asked for: **1,234**" in said
    assert "- Failed, took too long: 2\n- Failed, another reason: 1" in said
    assert "Usual wait: **2.3 s**\nUsual time to paint: **1 min 5 s**" in said


def test_room_is_told_once_for_one_disk_and_warned_of_where_it_is_little() -> None:
    assert kept(2**20, 50 * GIB, 50 * GIB, SAY) == "Database: 1.0 MiB\nRoom left for pictures: 50.0 GiB"
    assert "Room left for the database: 9.0 GiB" in kept(2**20, 9 * GIB, 50 * GIB, SAY)
    assert "⚠️ Little room is left." in kept(None, None, GIB // 2, SAY)
    assert kept(None, None, None, SAY) == "Kept on another machine."
