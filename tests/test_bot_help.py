"""`/help`, as members and admins read it."""

from pathlib import Path
from typing import Any

import discord
from discord import app_commands

from tests.bot_world import World, bot_world, told


async def help_for(world: World, who: Any, where: Any = None) -> str:
    answer = await (who.slash("help") if where is None else who.slash(where, "help"))
    return told(answer)


async def test_a_member_reads_what_the_bot_does_and_what_holds_here(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        said = await help_for(world, world.ann, world.channel)
        ids = world.app.client.command_ids
        assert f"</stylize:{ids['stylize']}>" in said
        assert f"</help:{ids['help']}>" in said
        assert "The largest size is 1024 pixels." in said
        assert "You can have 3 pictures waiting or being painted at a time." in said
        assert "http" not in said
        assert len(said) < 4000


async def test_quota_places_and_roles_of_the_server_are_told(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        artists = world.guild.create_role("Artists")
        settings = world.app.client.services.settings
        for name, value in (
            ("pictures_per_day", 2),
            ("cooldown_seconds", 60),
            ("allowed_channels", [world.channel.id]),
            ("max_size_px", 512),
        ):
            await settings.set(world.guild.id, name, value, by=1)
        said = await help_for(world, world.ann, world.channel)
        assert "You have 2 pictures left of 2 in 24 hours." in said
        assert "From one picture to the next, you wait 1 min." in said
        assert f"Pictures are painted in {world.channel.mention}." in said
        assert "The largest size is 512 pixels." in said
        await world.stylize()
        await world.engine.finish(await world.engine.claim())
        await world.restart()
        assert "You have 1 picture left of 2 in 24 hours." in await help_for(world, world.ann, world.channel)
        await settings_of(world).set(world.guild.id, "pictures_per_day", 1, by=1)
        await settings_of(world).set(world.guild.id, "allowed_roles", [artists.id], by=1)
        said = await help_for(world, world.ann, world.channel)
        assert "No picture is left for you in these 24 hours; the next is possible <t:" in said
        assert f"You need the role {artists.mention}." in said


def settings_of(world: World) -> Any:
    return world.app.client.services.settings


async def test_moderators_have_no_quota_to_be_told(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await settings_of(world).set(world.guild.id, "pictures_per_day", 1, by=1)
        assert "24 hours" not in await help_for(world, world.member("ada", manage_guild=True), world.channel)


async def test_commands_for_moderators_are_shown_to_moderators(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        assert "/config" not in (said := await help_for(world, world.ann, world.channel))
        assert "/moderation" not in said
        admin = world.member("ada", manage_guild=True, moderate_members=True)
        said = await help_for(world, admin, world.channel)
        assert "</config set:" in said
        assert "</moderation block:" in said


async def test_every_command_of_everybody_is_named(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin = world.member("ada", administrator=True)
        said = await help_for(world, admin, world.channel)
        for command in world.app.client.tree.walk_commands():
            if isinstance(command, app_commands.Command):
                assert f"</{command.qualified_name}:" in said
        for menu in world.app.client.tree.get_commands(type=discord.AppCommandType.message):
            assert menu.name in said


async def test_in_a_direct_message_there_is_no_server_to_speak_of(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        said = await help_for(world, world.env.create_user("bob"))
        assert "The largest size is 1024 pixels." in said
        assert "/config" not in said


async def test_a_blocked_member_reads_it_there(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.app.client.services.blocked.block(str(world.guild.id), str(world.ann.id), reason="spam", by="1")
        said = await help_for(world, world.ann, world.channel)
        assert "The moderators of this server have blocked you from asking for pictures here." in said


async def test_without_known_ids_commands_are_named_in_plain_words(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        world.app.client.command_ids = {}
        assert "`/stylize`" in await help_for(world, world.ann, world.channel)
