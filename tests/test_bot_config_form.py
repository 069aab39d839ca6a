"""The forms behind `/config edit` and the buttons under `/config show`."""

from pathlib import Path
from typing import Any

import pytest

from bot.settings.catalogue import SETTINGS, Group
from bot.settings.server import Spoilers
from bot.ui.text.config import TOPICS
from nst_engine.contract.params import LAYERS, KeepColours, PresetName
from tests.bot_world import World, bot_world, buttons, told
from tests.config_acts import admin_of, configure, holds, own, shown, try_without_rights

REFUSED = "Only members with the permission **Manage Server** can do this."


async def edit(world: World, who: Any, group: Group) -> Any:
    return await who.slash(world.channel, "config edit", topic=group.value)


def fields(form: Any) -> dict[str, Any]:
    return {label["component"]["custom_id"]: label["component"] for label in form.modal["components"]}


def chosen(field: Any) -> list[str]:
    return [option["value"] for option in field["options"] if option.get("default")]


async def test_a_form_shows_what_holds_and_what_is_sent_holds_after_a_restart(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        await configure(world, admin, "default_strength", "60")
        form = await edit(world, admin, Group.DEFAULTS)
        found = fields(form)
        assert form.modal["title"] == "Defaults"
        assert list(found) == ["default_preset", "default_strength", "default_size_px", "keep_colours", "private"]
        assert chosen(found["default_preset"]) == ["default"]
        assert (found["default_strength"]["value"], found["default_size_px"]["value"]) == ("60", "512")
        assert found["default_size_px"]["placeholder"] == "64 to 1024"
        values = {
            "default_preset": ["paper"],
            "default_strength": "70",
            "default_size_px": "256 px",
            "keep_colours": ["luminance"],
            "private": ["yes"],
        }
        await world.restart()
        answer = await admin.submit_modal(form, values)
        assert told(answer) == (
            "**Preset**: now paper: as Gatys, Ecker and Bethge published it. Before: default: the best for most "
            "pictures.\n**Strength**: now 70. Before: 60.\n**Size**: now 256 px. Before: 512 px.\n"
            "**Colours**: now light and dark only: every colour stays in its place. Before: no: the style's colours.\n"
            "**Private results**: now yes. Before: no."
        )
        await world.restart()
        now = await holds(world)
        assert (now.default_preset, now.default_strength, now.default_size_px) == (PresetName.PAPER, 70, 256)
        assert (now.keep_colours, now.private) == (KeepColours.LUMINANCE, True)


async def test_the_buttons_under_the_settings_open_the_forms(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        page = shown(await admin.slash(world.channel, "config show"))
        assert buttons(page) == list(TOPICS.values())
        await world.restart()
        for group, called in TOPICS.items():
            form = await admin.click(page, label=called)
            assert list(fields(form)) == [setting.name for setting in SETTINGS if setting.group is group]
            assert len(fields(form)) <= 5


@pytest.mark.parametrize("group", list(Group))
async def test_a_form_sent_as_it_was_opened_changes_nothing(tmp_path: Path, group: Group) -> None:
    async with bot_world(tmp_path) as world:
        admin, artists = admin_of(world), world.guild.create_role("Artists")
        odd = world.guild.create_role("A, b 5")
        for setting, value in (
            ("role_quotas", f"{artists.mention} 10, {odd.mention} no limit"),
            ("allowed_channels", world.channel.mention),
            ("allowed_roles", artists.mention),
            ("log_channel_id", world.channel.mention),
            ("cooldown_seconds", "3700"),
            ("pictures_per_day", "7"),
            ("style_layers", "conv1_1 0.5, conv3_1"),
            ("default_steps", "50"),
            ("spoilers", "always"),
            ("language", "de"),
        ):
            await configure(world, admin, setting, value)
        before = await own(world)
        form = await edit(world, admin, group)
        handles = {int(handle.id): handle for handle in (world.channel, artists, odd)}
        as_sent = {name: as_filled(field, handles) for name, field in fields(form).items()}
        answer = await admin.submit_modal(form, as_sent)
        assert told(answer) == "These settings are as they were; nothing has changed."
        assert await own(world) == before


def as_filled(field: Any, handles: dict[int, Any]) -> Any:
    if "options" in field:
        return chosen(field)
    if "value" in field or "placeholder" in field:
        return field.get("value") or ""
    return [handles[int(value["id"])] for value in field.get("default_values", [])]


async def test_what_is_right_is_saved_and_what_is_wrong_is_told_with_what_is_allowed(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        form = await edit(world, admin, Group.LIMITS)
        values = {
            "max_size_px": "9000",
            "max_open_jobs_per_member": "two",
            "pictures_per_day": "12",
            "role_quotas": "@Nobody 3",
            "cooldown_seconds": "5 min",
        }
        answer = await admin.submit_modal(form, values)
        assert told(answer) == (
            "Some of this cannot be; the rest was saved.\n"
            "- **Largest size**: write a whole number from 64 to 1024.\n"
            "- **Open pictures**: write a whole number from 1 to 3.\n"
            "- There is no role **\\@Nobody** here. Choose one from the list, or mention it.\n"
            "\n**Pictures a day**: now 12. Before: no limit.\n"
            "**Wait between pictures**: now 5 min. Before: none."
        )
        assert await own(world) == {"pictures_per_day": 12, "cooldown_seconds": 300}
        await world.restart()
        again = await admin.click(shown(answer), label="Back to the form")
        assert fields(again)["pictures_per_day"]["value"] == "12"
        answer = await admin.submit_modal(again, values | {"max_size_px": "nought", "role_quotas": ""})
        assert told(answer).startswith("Nothing was saved, because this cannot be:\n- **Largest size**")
        assert (await holds(world)).pictures_per_day == 12


async def test_an_empty_field_is_as_it_is_at_first(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        await configure(world, admin, "max_size_px", "256")
        await configure(world, admin, "cooldown_seconds", "60")
        form = await edit(world, admin, Group.LIMITS)
        said = told(await admin.submit_modal(form, {"max_size_px": "", "cooldown_seconds": "2 min"}))
        assert (
            said
            == "**Largest size**: now 1024 px. Before: 256 px.\n**Wait between pictures**: now 2 min. Before: 1 min."
        )
        assert await own(world) == {"cooldown_seconds": 120}


async def test_channels_and_roles_are_chosen_from_lists(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin, artists = admin_of(world), world.guild.create_role("Artists")
        gone = world.guild.create_text_channel("gone")
        await configure(world, admin, "allowed_channels", gone.mention)
        world.env.backend.delete_channel(gone.id)
        form = await edit(world, admin, Group.PLACES)
        assert not fields(form)["allowed_channels"].get("default_values")
        values = {"allowed_channels": [world.channel], "allowed_roles": [artists]}
        await admin.submit_modal(form, values)
        now = await holds(world)
        assert (now.allowed_channels, now.allowed_roles) == ((world.channel.id,), (artists.id,))
        form = await edit(world, admin, Group.PLACES)
        await admin.submit_modal(form, {"allowed_channels": [], "allowed_roles": []})
        assert await own(world) == {}


async def test_moderation_is_set_in_a_form(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin, logs = admin_of(world), world.guild.create_text_channel("logs")
        form = await edit(world, admin, Group.MODERATION)
        assert chosen(fields(form)["language"]) == ["none"]
        values = {"spoilers": ["always"], "spoiler_channels": [], "log_channel_id": [logs], "language": ["fr"]}
        await admin.submit_modal(form, values)
        now = await holds(world)
        assert (now.spoilers, now.log_channel_id, now.language) == (Spoilers.ALWAYS, logs.id, "fr")


async def test_rights_are_looked_at_when_a_form_is_opened_and_when_it_is_sent(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin, eve = admin_of(world), world.member("eve", moderate_members=True)
        assert told(await try_without_rights(world, eve, "config edit", topic="limits")) == REFUSED
        page = shown(await admin.slash(world.channel, "config show"))
        form = await admin.click(page, label="Limits")
        for role in world.env.backend.guilds[world.guild.id].roles.values():
            if role.name == "ada's":
                role.permissions = 0
        assert told(await admin.submit_modal(form, {"max_size_px": "256"})) == REFUSED
        assert told(await admin.click(page, label="Limits")) == REFUSED
        assert await own(world) == {}


async def test_a_list_too_long_for_a_form_is_left_alone_by_it(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        channels = [world.guild.create_text_channel(f"c{number}") for number in range(26)]
        await configure(world, admin, "allowed_channels", " ".join(channel.mention for channel in channels))
        form = await edit(world, admin, Group.PLACES)
        note, roles = form.modal["components"]
        assert note["content"].startswith("**Channels** has too many entries for a form. Use </config set:")
        assert roles["component"]["custom_id"] == "allowed_roles"
        await admin.submit_modal(form, {"allowed_roles": [world.guild.create_role("Artists")]})
        assert len((await holds(world)).allowed_channels) == 26


async def test_a_form_opens_however_much_is_set(tmp_path: Path) -> None:
    """Discord refuses a field whose text is longer than it may be."""
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        roles = [world.guild.create_role(chr(65 + number) * 90) for number in range(24)]
        await configure(world, admin, "role_quotas", ", ".join(f"{role.mention} 10000" for role in roles))
        quotas = fields(await edit(world, admin, Group.LIMITS))["role_quotas"]
        assert len(quotas["value"]) <= quotas["max_length"]
        await configure(world, admin, "style_layers", ", ".join(f"{layer} 9999.{'123456789' * 9}" for layer in LAYERS))
        layers = fields(await edit(world, admin, Group.RECIPE))["style_layers"]
        assert len(layers["value"]) <= layers["max_length"]
        assert layers["value"].startswith("conv1_1 9999.123457, conv1_2")
