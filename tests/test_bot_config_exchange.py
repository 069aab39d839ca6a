"""`/config export` and `/config import`, as admins use them."""

import tomllib
from pathlib import Path
from typing import Any

import discord

from bot.settings.catalogue import Group
from tests.bot_world import World, bot_world, buttons, told, until, words
from tests.config_acts import admin_of, configure, holds, own, shown, try_without_rights

REFUSED = "Only members with the permission **Manage Server** can do this."


async def export(world: World, who: Any) -> bytes:
    message = shown(await who.slash(world.channel, "config export"))
    assert "</config import:" in message.content
    (file,) = message.attachments
    assert file.filename == f"settings-{world.guild.id}.toml"
    return bytes(await file.read())


async def send(world: World, who: Any, data: bytes | str, name: str = "settings.toml") -> Any:
    data = data.encode() if isinstance(data, str) else data
    return await who.slash(world.channel, "config import", file=(name, data))


async def test_exported_settings_are_put_back_after_a_look_also_after_a_restart(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        ada, artists = admin_of(world), world.guild.create_role("Artists")
        await configure(world, ada, "max_size_px", "256")
        await configure(world, ada, "allowed_channels", world.channel.mention)
        await configure(world, ada, "role_quotas", f"{artists.mention} 10")
        before = await own(world)
        file = await export(world, ada)
        assert set(tomllib.loads(file.decode())) == set(before)
        assert b"# studio" in file
        await configure(world, ada, "default_strength", "70")
        for setting in ("max_size_px", "role_quotas"):
            await ada.slash(world.channel, "config reset", setting=setting)
        preview = shown(await send(world, ada, file))
        assert words(preview) == (
            "### What this file would change\n"
            "**Largest size**: now 256 px. Before: 1024 px.\n"
            f"**Pictures a day by role**: now {artists.mention}: 10. Before: none.\n"
            "-# What the file does not name stays as it is. Applying can be undone."
        )
        assert await own(world) == {"allowed_channels": [world.channel.id], "default_strength": 70}
        await world.restart()
        applied = await ada.click(preview, label="Apply")
        assert told(applied).startswith("**Largest size**: now 256 px. Before: 1024 px.")
        assert await own(world) == before | {"default_strength": 70}
        undone = await ada.click(shown(applied), label="Undo")
        assert told(undone).count("\n") == 1
        assert await own(world) == {"allowed_channels": [world.channel.id], "default_strength": 70}


async def test_what_cannot_be_is_named_and_left_out_and_the_rest_can_be_applied(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        ada = admin_of(world)
        hidden = world.guild.create_text_channel("hidden", overwrites=closed_to_the_bot(world))
        preview = shown(
            await send(
                world,
                ada,
                f'hologram = 1\ndefault_strength = "much"\npictures_per_day = 5\nlog_channel_id = "{hidden.id}"\n'
                f'allowed_channels = ["{world.channel.id}", "123456789012345678"]\n',
            )
        )
        assert words(preview) == (
            "### What this file would change\n"
            "**Pictures a day**: now 5. Before: no limit.\n"
            f"**Channels**: now {world.channel.mention}. Before: everywhere.\n"
            "**What I would leave out**\n"
            "- Line 1: There is no setting called **hologram**.\n"
            "- Line 2: **Strength**: write a whole number from 0 to 100.\n"
            "- Line 5: There is no channel **123456789012345678** in this server that I can see.\n"
            f"- ⚠️ I cannot write to the log channel {hidden.mention}. I need **View Channel** and **Send Messages** "
            "there, or another channel.\n"
            "-# What the file does not name stays as it is. Applying can be undone."
        )
        await ada.click(preview, label="Apply")
        assert await own(world) == {"pictures_per_day": 5, "allowed_channels": [world.channel.id]}


def closed_to_the_bot(world: World) -> dict[Any, Any]:

    return {world.guild.default_role: discord.PermissionOverwrite(view_channel=False)}


async def test_files_of_no_use_have_no_button(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        ada = admin_of(world)
        said = shown(await send(world, ada, "default_strength = 50"))
        assert words(said) == "### What this file would change\nNothing: everything in the file is like this already."
        for data, line in (
            ("x = = 1", "- I cannot read line 1. Nothing was changed."),
            (b"\x89PNG\r\n\x1a\n\x00", "- This is not a file of settings: I cannot read it as TOML."),
            ("strength = 5", "- Line 1: There is no setting called **strength**."),
        ):
            said = shown(await send(world, ada, data))
            assert "Nothing in this file can be used." in words(said)
            assert line in words(said)
            assert buttons(said) == []
        assert told(await send(world, ada, b"#" * 17_000)) == "This file is too large for settings: at most 16 KiB."


async def test_many_faults_fit_into_a_message(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        ada = admin_of(world)
        many = "\n".join(f'"@everyone {number} **x**" = 1' for number in range(300))
        said = words(shown(await send(world, ada, many)))
        assert "more." in said
        assert "@everyone" not in said.replace("\\@everyone", "")
        assert len(said) < 4000


async def test_a_preview_does_not_overwrite_what_was_changed_after_it(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        ada = admin_of(world)
        preview = shown(await send(world, ada, "max_size_px = 256\npictures_per_day = 5"))
        await configure(world, ada, "pictures_per_day", "9")
        assert told(await ada.click(preview, label="Apply")) == (
            "The settings were changed after you saw this. Send the file again to see what it would change now."
        )
        assert await own(world) == {"pictures_per_day": 9}


async def test_an_import_is_one_change_of_the_history_and_stands_in_the_moderation_log(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        ada, logs = admin_of(world), world.guild.create_text_channel("logs")
        await configure(world, ada, "log_channel_id", logs.mention)
        preview = shown(await send(world, ada, "max_size_px = 256\npictures_per_day = 5"))
        await ada.click(preview, label="Apply")
        listed = words((await ada.slash(world.channel, "config history")).response.message)
        assert "· from a file\n**Largest size**: 1024 px → 256 px\n**Pictures a day**: no limit → 5" in listed
        line = "**Pictures a day**: now 5. Before: no limit."
        await until(lambda: any(line in message.content for message in world.history(logs)))


async def test_both_are_for_admins_alone_and_so_is_applying(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        ada, eve = admin_of(world), world.member("eve", moderate_members=True)
        assert told(await try_without_rights(world, eve, "config export")) == REFUSED
        file = ("settings.toml", b"max_size_px = 256")
        assert told(await try_without_rights(world, eve, "config import", file=file)) == REFUSED
        preview = shown(await send(world, ada, "max_size_px = 256"))
        for role in world.env.backend.guilds[world.guild.id].roles.values():
            if role.name == "ada's":
                role.permissions = 0
        assert told(await ada.click(preview, label="Apply")) == REFUSED
        assert (await holds(world)).max_size_px == 1024


async def test_an_export_after_a_form_names_what_was_set_there(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        ada = admin_of(world)
        form = await ada.slash(world.channel, "config edit", topic=Group.RECIPE.value)
        await ada.submit_modal(form, {"style_layers": "conv1_1 0.5, conv2_1"})
        assert tomllib.loads((await export(world, ada)).decode()) == {"style_layers": "conv1_1 0.5, conv2_1 1"}
