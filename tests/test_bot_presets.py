"""Presets that a server keeps under names: saved from a try, chosen by members, listed and removed."""

from pathlib import Path
from typing import Any

import discord

from tests.bot_world import World, bot_world, told, until
from tests.test_bot_try import admin_of, begin, claimed, paint, shown


async def save(world: World, admin: Any, message: discord.Message, cell: int, name: str) -> str:
    form = await admin.click(message, label="Save as a preset…")
    return told(await admin.submit_modal(form, {"cell": [str(cell)], "name": name}))


async def test_a_picture_is_kept_as_a_preset_that_members_pick_by_its_name(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        await begin(world, admin, setting="style_scale", values="2", setting2="strength", values2="80")
        await paint(world, 4)
        message = await shown(world, admin)
        said = await save(world, admin, message, 3, " Big  strokes ")
        assert said.startswith("Saved as **Big strokes**. Members choose it as `preset` of </stylize:")
        assert said.endswith("\n-# default preset · strength 80 · stroke size 2")
        await world.restart()
        offered = await world.ann.autocomplete(world.channel, "stylize", "preset", "big")
        assert offered == [{"name": "Big strokes (of this server)", "value": "Big strokes"}]
        await world.stylize(preset="big strokes", seed=7)
        params = (await claimed(world)).params
        assert (params.strength, params.style_scale, params.size, params.seed) == (80, 2.0, 512, 7)
        await world.stylize(preset="Big strokes", strength=10, style_scale=0.5, size=128)
        params = (await claimed(world)).params
        assert (params.strength, params.style_scale, params.size) == (10, 0.5, 128)


async def test_a_preset_of_the_server_is_chosen_in_the_tweak_form_and_what_was_changed_there_goes_before(
    tmp_path: Path,
) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        await begin(world, admin, setting="style_scale", values="2", setting2="strength", values2="80")
        await paint(world, 4)
        await save(world, admin, await shown(world, admin), 3, "Big strokes")
        await world.stylize()
        job = await claimed(world)
        await world.engine.finish(job)
        result = await until(lambda: next(iter(world.results()), None))
        form = await world.ann.click(result, label="Tweak…")
        fields = {row["component"]["custom_id"]: row["component"] for row in form.modal["components"]}
        assert fields["preset"]["options"][-1]["label"] == "Big strokes (of this server)"
        sent = {name: fields[name]["value"] for name in ("strength", "size", "more")}
        chosen = {"preset": ["own:Big strokes"], "colours": ["no"]}
        await world.ann.submit_modal(form, sent | chosen)
        params = (await claimed(world)).params
        assert (params.strength, params.style_scale, params.size) == (80, 2.0, 512)
        form = await world.ann.click(result, label="Tweak…")
        await world.ann.submit_modal(form, sent | chosen | {"strength": "33"})
        params = (await claimed(world)).params
        assert (params.strength, params.style_scale) == (33, 2.0)


async def test_presets_are_listed_and_removed_and_their_names_are_checked(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        none = told(await admin.slash(world.channel, "config preset list"))
        assert none.startswith("This server has no presets of its own yet. </config try:")
        await begin(world, admin)
        await paint(world, 2)
        message = await shown(world, admin)
        await save(world, admin, message, 0, "Soft")
        assert await save(world, admin, message, 0, "soft") == (
            "There is a preset called **Soft** already. Choose another name, or remove that one first."
        )
        assert await save(world, admin, message, 0, "Paper") == (
            "There is a preset called **Paper** already. Choose another name, or remove that one first."
        )
        assert await save(world, admin, message, 0, "\u200b") == "A preset needs a name, of 1 to 32 letters."
        listed = told(await admin.slash(world.channel, "config preset list"))
        assert listed == "**1 preset of this server**\n- **Soft**: default preset · strength 25"
        assert told(await admin.slash(world.channel, "config preset remove", name="SOFT")) == (
            "The preset **Soft** is removed."
        )
        assert told(await world.stylize(preset="Soft")) == "There is no preset **Soft** here. Choose one from the list."
        assert told(await admin.slash(world.channel, "config preset remove", name="Soft")) == (
            "There is no preset **Soft** here."
        )
