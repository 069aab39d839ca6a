"""Discord is told which commands there are when they changed, and at no other time."""

from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands

from tests.bot_world import World, bot_world


def registrations(world: World) -> int:
    return sum(entry.method == "PUT" and entry.path.endswith("/commands") for entry in world.env.http_requests)


@app_commands.command(name="another", description="Something new")
async def another(interaction: discord.Interaction[Any]) -> None:
    await interaction.response.send_message("new")


async def test_a_restart_registers_nothing_anew_and_the_commands_go_on_working(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        assert registrations(world) == 1
        ids = dict(world.app.client.command_ids)
        assert ids["stylize"] > 0
        await world.restart()
        assert registrations(world) == 1
        assert world.app.client.command_ids == ids
        assert (await world.stylize()).response.content.startswith("🎨")


async def test_a_changed_command_is_registered_at_the_next_start(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        world.app.client.tree.add_command(another)
        await world.env.restart_bot(world.app.client)
        assert registrations(world) == 2
        answer = await world.ann.slash(world.channel, "another")
        assert answer.response.content == "new"


async def test_commands_that_discord_refused_are_registered_at_the_next_start(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        world.app.client.tree.add_command(another)
        world.env.inject_error("PUT", "/applications/*/commands", status=400, times=1)
        await world.env.restart_bot(world.app.client)
        assert "another" not in world.ann.available_commands(world.channel)
        assert "stylize" in world.ann.available_commands(world.channel)
        assert world.app.client.command_ids["stylize"] > 0
        await world.env.restart_bot(world.app.client)
        assert "another" in world.ann.available_commands(world.channel)


@pytest.mark.parametrize("damage", ["not json", "{}", '{"fingerprint": "old", "ids": {}}'])
async def test_a_damaged_note_costs_one_registration(tmp_path: Path, damage: str) -> None:
    async with bot_world(tmp_path) as world:
        name = f"commands:{world.app.client.application_id}:all"
        await world.app.client.services.notes.write(name, damage)
        await world.env.restart_bot(world.app.client)
        assert registrations(world) == 2
        await world.env.restart_bot(world.app.client)
        assert registrations(world) == 2
