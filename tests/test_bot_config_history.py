"""Who changed which setting, and how it is undone."""

from pathlib import Path
from typing import Any

import pytest

from bot.settings.catalogue import Group
from tests.bot_world import World, bot_world, buttons, told, until, words
from tests.config_acts import admin_of, configure, holds, own, shown, try_without_rights

REFUSED = "Only members with the permission **Manage Server** can do this."


async def history(world: World, who: Any) -> Any:
    return (await who.slash(world.channel, "config history")).response.message


def undo_buttons(message: Any) -> list[Any]:
    rows = message.components[0].children
    return [row.accessory for row in rows if hasattr(row, "accessory")]


async def test_every_change_is_listed_with_who_and_when_the_newest_first(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        ada, ben = admin_of(world), admin_of(world, "ben")
        assert "Nobody has changed a setting of this server yet." in words(await history(world, ada))
        await configure(world, ada, "max_size_px", "256")
        await configure(world, ada, "max_size_px", "256")
        form = await ben.slash(world.channel, "config edit", topic=Group.RECIPE.value)
        await ben.submit_modal(form, {"default_steps": "50", "content_layers": "conv3_2"})
        await ada.slash(world.channel, "config reset", setting="all")
        await world.restart()
        lines = words(await history(world, ada)).split("\n")
        assert lines[0] == "### Changes of the settings"
        assert lines[1].startswith("-# <t:")
        assert lines[1].endswith(f":f> · {ada.mention} · put back")
        assert lines[2:5] == [
            "**Content layers**: `conv3_2 1` → as the preset has it",
            "**Steps**: 50 → as the preset has it",
            "**Largest size**: 256 px → 1024 px",
        ]
        assert lines[5].endswith(f"{ben.mention} · in the form")
        assert lines[8].endswith(f"{ada.mention}")
        assert lines[9] == "**Largest size**: 1024 px → 256 px"
        assert len(lines) == 11


@pytest.mark.parametrize("after_restart", [False, True])
async def test_a_change_is_undone_by_its_button_and_the_undo_as_well(tmp_path: Path, *, after_restart: bool) -> None:
    async with bot_world(tmp_path) as world:
        ada, ben = admin_of(world), admin_of(world, "ben")
        await configure(world, ada, "max_size_px", "256")
        change = shown(await configure(world, ada, "max_size_px", "512"))
        if after_restart:
            await world.restart()
        undone = await ada.click(change, label="Undo")
        assert told(undone) == "**Largest size**: now 256 px. Before: 512 px."
        assert await own(world) == {"max_size_px": 256}
        listed = await history(world, ben)
        again = await ben.click(listed, custom_id=undo_buttons(listed)[0].custom_id)
        assert told(again) == "**Largest size**: now 512 px. Before: 256 px."
        assert await own(world) == {"max_size_px": 512}


async def test_what_was_not_set_before_is_not_set_after_an_undo(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        ada = admin_of(world)
        await ada.click(shown(await configure(world, ada, "pictures_per_day", "5")), label="Undo")
        assert await own(world) == {}


async def test_an_undo_leaves_alone_what_was_changed_again_and_says_so(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        ada = admin_of(world)
        form = await ada.slash(world.channel, "config edit", topic=Group.RECIPE.value)
        both = shown(await ada.submit_modal(form, {"default_steps": "50", "content_layers": "conv3_2"}))
        await configure(world, ada, "default_steps", "80")
        assert told(await ada.click(both, label="Undo")) == (
            "Changed again since then, so I left it as it is: **Steps**.\n"
            "**Content layers**: now as the preset has it. Before: `conv3_2 1`."
        )
        assert await own(world) == {"default_steps": 80}
        assert told(await ada.click(both, label="Undo")) == (
            "There is nothing left to undo: all of it was changed again since then."
        )


async def test_changes_are_undone_from_the_list_and_those_that_cannot_be_are_marked(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        ada = admin_of(world)
        await configure(world, ada, "max_size_px", "256")
        await configure(world, ada, "default_strength", "70")
        await configure(world, ada, "max_size_px", "512")
        listed = await history(world, ada)
        assert [button.disabled for button in undo_buttons(listed)] == [False, False, True]
        await world.restart()
        undone = await ada.click(listed, custom_id=undo_buttons(listed)[1].custom_id)
        assert told(undone) == "**Strength**: now 50. Before: 70."
        assert "· undone" in words(await history(world, ada))


async def test_a_long_history_has_pages(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        ada = admin_of(world)
        for number in range(8):
            await world.app.client.services.settings.set(world.guild.id, "default_strength", 60 + number, by=ada.id)
        first = await history(world, ada)
        assert buttons(first)[-2:] == ["Previous", "Next"]
        assert "**Strength**: 66 → 67" in words(first)
        await world.restart()
        second = (await ada.click(first, label="Next")).response.message
        assert "**Strength**: 50 → 60" in words(second)
        assert "66 → 67" not in words(second)


async def test_a_very_long_change_fits_into_the_page(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        ada = admin_of(world)
        channels = [world.guild.create_text_channel(f"c{number}") for number in range(20)]
        for count in range(10, 20):
            mentions = " ".join(channel.mention for channel in channels[:count])
            await configure(world, ada, "allowed_channels", mentions)
        said = words(await history(world, ada))
        assert "**Channels**: a list changed" in said
        assert len(said) < 4000


async def test_an_undo_is_for_admins_and_of_their_own_server(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        ada, eve = admin_of(world), world.member("eve", moderate_members=True)
        change = shown(await configure(world, ada, "max_size_px", "256"))
        assert told(await try_without_rights(world, eve, "config history")) == REFUSED
        settings = world.app.client.services.settings
        (made,) = await settings.newest_changes(world.guild.id, skip=0, limit=5)
        assert await settings.find_change(world.guild.id + 1, made.id) is None
        for role in world.env.backend.guilds[world.guild.id].roles.values():
            if role.name == "ada's":
                role.permissions = 0
        assert told(await ada.click(change, label="Undo")) == REFUSED
        assert (await holds(world)).max_size_px == 256


async def test_an_undo_stands_in_the_moderation_log(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        ada, logs = admin_of(world), world.guild.create_text_channel("logs")
        await configure(world, ada, "log_channel_id", logs.mention)
        await ada.click(shown(await configure(world, ada, "max_size_px", "256")), label="Undo")
        line = f"⚙️ {ada.mention}: **Largest size**: now 1024 px. Before: 256 px."
        await until(lambda: any(line in message.content for message in world.history(logs)))
