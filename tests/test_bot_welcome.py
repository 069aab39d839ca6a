"""The welcome of a server that the bot has joined."""

from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.jobs.pace import SystemClock
from bot.store.notes import Notes
from bot.store.servers import ServerStore
from bot.ui.welcome import SINCE
from nst_engine.queue.database import open_database
from tests.bot_world import PERMISSIONS, QUICK, World, bot_world, until, words

SOON = replace(QUICK, before_welcome=0.1)
LATE_2025 = 1_766_000_000.0
TITLE = "Hello! I paint pictures in the style of others"


class BeforeThat(SystemClock):
    """Servers are joined at the time of the simulated Discord, which is a little after this."""

    def now(self) -> float:
        return LATE_2025


def new_world(folder: Path, **options: Any) -> AbstractAsyncContextManager[World]:
    return bot_world(folder, pace=SOON, clock=BeforeThat(), **options)


def welcomes(world: World, where: Any) -> list[discord.Message]:
    return [message for message in world.history(where) if message.flags.components_v2 and TITLE in words(message)]


def open_up(world: World, guild: Any, permissions: discord.Permissions = PERMISSIONS) -> None:
    for role in world.env.backend.guilds[guild.id].roles.values():
        role.permissions = permissions.value


async def test_a_server_is_welcomed_in_its_system_channel_once(tmp_path: Path) -> None:
    async with new_world(tmp_path) as world:
        world.guild.create_text_channel("general")
        system = world.guild.create_text_channel("system")
        world.env.backend.guilds[world.guild.id].system_channel_id = system.id
        known = world.app.client.get_guild(world.guild.id)
        assert known is not None
        known._system_channel_id = system.id
        (said,) = await until(lambda: welcomes(world, system))
        assert f"</stylize:{world.app.client.command_ids['stylize']}>" in words(said)
        assert "</config set:" in words(said)
        await noted(world)
        await world.restart()
        await settled(world)
        assert len(welcomes(world, system)) == 1
        assert welcomes(world, world.channel) == []


async def noted(world: World) -> None:
    store = ServerStore(world.app.database)
    while str(world.guild.id) not in await store.welcomed():
        pass


async def settled(world: World) -> None:
    """Whoever was to be welcomed would have been."""
    await until(world.app.client.services.welcome._joined.empty)


async def test_without_a_system_channel_it_is_the_first_where_the_bot_may_speak(tmp_path: Path) -> None:
    async with new_world(tmp_path) as world:
        await until(lambda: welcomes(world, world.channel))


async def test_where_no_channel_is_open_the_owner_is_told(tmp_path: Path) -> None:
    silent = discord.Permissions(PERMISSIONS.value & ~discord.Permissions(send_messages=True).value)
    async with new_world(tmp_path, permissions=silent) as world:
        owner = world.guild.owner
        (said,) = await until(lambda: welcomes(world, owner.dm_channel))
        assert "This is about your server **Art School**" in words(said)
        assert welcomes(world, world.channel) == []


async def test_where_nobody_can_be_told_the_log_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    silent = discord.Permissions(PERMISSIONS.value & ~discord.Permissions(send_messages=True).value)
    async with new_world(tmp_path, permissions=silent) as world:
        world.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, times=None)
        await until(lambda: "nobody could be welcomed guild=4711" in caplog.text)


async def test_a_server_joined_while_the_bot_was_down_is_welcomed_at_its_start(tmp_path: Path) -> None:
    async with new_world(tmp_path) as world:
        await until(lambda: welcomes(world, world.channel))
        await world.stack.aclose()
        other = world.env.create_guild("Joined meanwhile", id=4712)
        open_up(world, other)
        studio = other.create_text_channel("studio")
        await world.start_again()
        await until(lambda: welcomes(world, studio))


async def test_servers_from_before_the_bot_knew_how_to_welcome_are_left_alone(tmp_path: Path) -> None:
    async with new_world(tmp_path) as world:
        await world.stack.aclose()
        async with open_database(world.config.database.url) as database:
            await Notes(database).write(SINCE, str(4e9))
        other = world.env.create_guild("Old", id=4712)
        open_up(world, other)
        studio = other.create_text_channel("studio")
        await world.start_again()
        await settled(world)
        assert welcomes(world, studio) == []


async def test_a_welcome_that_discord_does_not_take_for_now_comes_later_once(tmp_path: Path) -> None:
    async with new_world(tmp_path) as world:
        world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=500, times=6)
        await until(lambda: welcomes(world, world.channel), within=30)
        await noted(world)
        assert len(welcomes(world, world.channel)) == 1
