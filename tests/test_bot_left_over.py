"""A bot that ended while it read somebody's pictures says so when it is back, in place of the line it left."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.ui.text.refusals import RESTARTED
from nst_engine.errors import BadPicture
from nst_engine.queue.database import open_database
from nst_engine.queue.intake import Intake
from tests.bot_world import World, bot_world, until

STARTER = "🎨 **cat** in the style of **wave**"


async def left_over(world: World) -> list[tuple[str, dict[str, Any]]]:
    async with open_database(world.config.database.url) as database:
        return await Intake(database).left_over()


async def settled(world: World) -> None:
    while await left_over(world):
        pass


def said(world: World) -> list[str]:
    return [message.content for message in world.history(world.channel)]


async def ends_while_it_reads(world: World) -> None:
    """The process ends after its public answer, and has no time to say anything."""
    world.check.fault = asyncio.CancelledError()
    await world.stylize()
    assert said(world) == [STARTER]
    world.check.fault = None
    await world.stack.aclose()


async def test_a_request_cut_short_is_explained_by_the_next_process(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await ends_while_it_reads(world)
        assert [address["content_name"] for _, address in await left_over(world)] == ["cat.png"]
        await world.start_again()
        await settled(world)
        assert said(world) == [RESTARTED]


async def test_discord_not_answering_is_asked_again(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await ends_while_it_reads(world)
        world.env.inject_error("PATCH", "/channels/*/messages/*", status=503, times=8)
        await world.start_again()
        await settled(world)
        assert said(world) == [RESTARTED]


async def test_a_line_that_is_gone_is_left_at_that(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with bot_world(tmp_path) as world:
        await ends_while_it_reads(world)
        world.env.inject_error("PATCH", "/channels/*/messages/*", status=404, code=10008)
        await world.start_again()
        await settled(world)
        assert "left-over request cannot be explained" in caplog.text


async def test_an_address_of_another_version_is_left_at_that(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with bot_world(tmp_path) as world:
        await world.stack.aclose()
        async with open_database(world.config.database.url) as database:
            await Intake(database).begin("7", {"made_by": "another version"})
        await world.start_again()
        await settled(world)
        assert "left-over request cannot be explained request=7" in caplog.text


async def test_a_request_under_way_in_this_process_is_not_taken_for_left_over(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        world.check.fault = asyncio.CancelledError()
        await world.stylize()
        world.check.fault = None
        await world.stylize()
        await until(world.card)
        assert len(await left_over(world)) == 1, "the second one is a job"
        assert said(world).count(STARTER) == 2


@pytest.mark.parametrize("fault", [BadPicture("The style picture is junk."), ZeroDivisionError("a bug")])
async def test_a_refused_request_is_not_left_over(tmp_path: Path, fault: Exception) -> None:
    async with bot_world(tmp_path) as world:
        world.check.fault = fault
        await world.stylize()
        assert said(world) == []
        assert await left_over(world) == []
        assert len(world.env.errors) == isinstance(fault, ZeroDivisionError)
