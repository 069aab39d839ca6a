"""`/config`, as the members who may manage a server use it."""

from pathlib import Path
from typing import Any

import discord
import pytest

from bot.settings.catalogue import SETTINGS, Kind
from bot.settings.language import Language
from bot.settings.server import ServerSettings, Spoilers
from bot.ui.text.config import changed, put_back
from bot.ui.words import words_in
from tests.bot_world import World, bot_world, told, until


def admin_of(world: World) -> Any:
    return world.member("ada", manage_guild=True)


async def configure(world: World, admin: Any, setting: str, value: str) -> str:
    return told(await admin.slash(world.channel, "config set", setting=setting, value=value))


async def test_a_setting_is_changed_holds_at_once_and_after_a_restart(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        assert await configure(world, admin, "max_size_px", "256") == ("**Largest size**: now 256 px. Before: 1024 px.")
        assert "the largest size is 256" in told(await world.stylize(size=512))
        await world.restart()
        assert "the largest size is 256" in told(await world.stylize(size=512))
        assert "Largest size: **256 px** · set here" in told(await admin.slash(world.channel, "config show"))
        assert await configure(world, admin, "max_size_px", "512") == "**Largest size**: now 512 px. Before: 256 px."


async def test_everything_is_shown_with_what_holds_and_what_is_the_servers_own(tmp_path: Path) -> None:
    async with bot_world(tmp_path, max_size_px=2048) as world:
        admin = admin_of(world)
        await configure(world, admin, "cooldown_seconds", "90")
        shown = told(await admin.slash(world.channel, "config show"))
        assert "Largest size: **2048 px** · set by the operator\n" in shown
        assert "Strength: **50** · as delivered\n" in shown
        assert "Wait between pictures: **1 min 30 s** · set here" in shown
        assert "\nChannels: **everywhere** · as delivered" in shown
        assert "\nLanguage: **that of whoever asks** · as delivered" in shown
        assert "</config set:" in shown
        assert len(shown) < 4000


async def test_a_setting_is_put_back_and_so_are_all(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        for setting, value in (("max_size_px", "256"), ("pictures_per_day", "5"), ("language", "de")):
            await configure(world, admin, setting, value)
        await world.restart()
        one = told(await admin.slash(world.channel, "config reset", setting="language"))
        assert one == "**Language**: now that of whoever asks. Before: Deutsch."
        rest = told(await admin.slash(world.channel, "config reset", setting="all"))
        assert rest == ("**Largest size**: now 1024 px. Before: 256 px.\n**Pictures a day**: now no limit. Before: 5.")
        again = told(await admin.slash(world.channel, "config reset", setting="all"))
        assert again == "This was as it is at first already; nothing has changed."


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("max_size_px", "5000", "**Largest size**: write a whole number from 64 to 1024."),
        ("max_open_jobs_per_member", "4", "**Open pictures**: write a whole number from 1 to 3."),
        ("pictures_per_day", "many", "**Pictures a day**: write a number from 0 to 10000, or `none` for no limit."),
        ("default_preset", "oil", "**Preset**: choose `default`, `paper` or `seed`."),
        (
            "cooldown_seconds",
            "2 days",
            "**Wait between pictures**: write a time such as `30 s` or `5 min`, at most 24 h.",
        ),
        (
            "allowed_channels",
            "#nowhere",
            "There is no channel **\\#nowhere** here that I can see. Choose one from the list, or mention it.",
        ),
        ("allowed_roles", "@Nobody", "There is no role **\\@Nobody** here. Choose one from the list, or mention it."),
        ("hologram", "on", "There is no setting called **hologram**. Choose one from the list."),
    ],
)
async def test_a_wrong_value_is_refused_with_what_is_allowed(
    tmp_path: Path, setting: str, value: str, sentence: str
) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        assert await configure(world, admin, setting, value) == sentence
        assert (await world.app.client.services.settings.in_force(world.guild.id)).own == {}


async def test_channels_and_roles_are_given_as_mentions_and_shown_as_mentions(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin, lounge = admin_of(world), world.guild.create_text_channel("lounge")
        artists = world.guild.create_role("Artists")
        said = await configure(world, admin, "allowed_channels", f"{world.channel.mention} {lounge.mention}")
        assert said == (f"**Channels**: now {world.channel.mention} and {lounge.mention}. Before: everywhere.")
        said = await configure(world, admin, "allowed_channels", f"-{lounge.id}")
        assert said.startswith(f"**Channels**: now {world.channel.mention}. Before:")
        said = await configure(world, admin, "role_quotas", f"{artists.mention} 10")
        assert said == f"**Pictures a day by role**: now {artists.mention}: 10. Before: none."


async def test_members_who_may_not_manage_the_server_are_refused_whatever_discord_shows_them(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        eve = world.member("eve", moderate_members=True)
        for command, options in (
            ("config show", {}),
            ("config set", {"setting": "max_size_px", "value": "256"}),
            ("config reset", {"setting": "all"}),
        ):
            _let_discord_show(world, command.split()[0], eve)
            answer = await eve.slash(world.channel, command, **options)
            assert told(answer) == "Only members with the permission **Manage Server** can do this."
        assert await eve.autocomplete(world.channel, "config reset", "setting", "") == []
        assert (await world.app.client.services.settings.of(world.guild.id)).max_size_px == 1024


def _let_discord_show(world: World, command: str, member: Any) -> None:
    """A server's own admins may show a command to anybody."""
    world.guild.set_command_permissions(world.app.client.command_ids[command], {member: True})


async def test_every_setting_is_offered_and_so_are_values_that_can_be_set(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        world.guild.create_role("Artists")
        offered = await admin.autocomplete(world.channel, "config set", "setting", "")
        assert [choice["value"] for choice in offered] == [setting.name for setting in SETTINGS]
        assert all(len(choice["name"]) <= 100 for choice in offered)
        for setting in SETTINGS:
            values = await admin.autocomplete(world.channel, "config set", "value", "", setting=setting.name)
            assert values, setting.name
            for choice in values[:3]:
                said = await configure(world, admin, setting.name, choice["value"])
                assert said.startswith("**"), (setting.name, choice, said)


async def test_what_is_typed_narrows_what_is_offered(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        for name in ("lounge", "gallery"):
            world.guild.create_text_channel(name)
        found = await admin.autocomplete(world.channel, "config set", "setting", "log")
        assert "log_channel_id" in [choice["value"] for choice in found]
        values = await admin.autocomplete(world.channel, "config set", "value", "gal", setting="allowed_channels")
        assert [choice["name"] for choice in values] == ["add #gallery"]
        await configure(world, admin, "allowed_channels", values[0]["value"])
        values = await admin.autocomplete(world.channel, "config set", "value", "gal", setting="allowed_channels")
        assert [choice["name"] for choice in values] == ["take out #gallery"]
        world.guild.create_role("Artists")
        values = await admin.autocomplete(world.channel, "config set", "value", "artists 7", setting="role_quotas")
        assert [choice["name"] for choice in values] == ["@Artists: 7 pictures a day"]
        own = await admin.autocomplete(world.channel, "config reset", "setting", "")
        assert [choice["value"] for choice in own] == ["allowed_channels", "all"]


async def test_a_change_stands_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    async with bot_world(tmp_path) as world:
        await configure(world, admin_of(world), "max_size_px", "256")
        assert "name=max_size_px before=1024 after=256" in caplog.text


async def test_a_log_channel_that_is_closed_is_refused_and_later_told_of(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        admin = admin_of(world)
        hidden = world.guild.create_text_channel("hidden", overwrites=_closed_to_the_bot(world))
        said = await configure(world, admin, "log_channel_id", hidden.mention)
        assert said.startswith(f"⚠️ I cannot write to the log channel {hidden.mention}.")
        logs = world.guild.create_text_channel("logs")
        await configure(world, admin, "log_channel_id", logs.mention)
        await until(lambda: world.history(logs))
        world.env.backend.delete_channel(logs.id)
        shown = told(await admin.slash(world.channel, "config show"))
        assert f"⚠️ I cannot write to the log channel {logs.mention}." in shown
        said = await configure(world, admin, "max_size_px", "256")
        assert "⚠️ I cannot write to the log channel" in said


def _closed_to_the_bot(world: World) -> dict[Any, discord.PermissionOverwrite]:
    return {world.guild.default_role: discord.PermissionOverwrite(view_channel=False)}


async def test_the_servers_language_is_spoken_in_public_and_the_readers_own_in_private(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await configure(world, admin_of(world), "language", "Deutsch")
        await world.stylize()
        (job,) = await world.app.store.open_jobs()
        assert job.address is not None
        assert job.address["locale"] == "de"


def test_every_kind_of_setting_is_in_the_catalogue() -> None:
    assert {setting.kind for setting in SETTINGS} == set(Kind)


@pytest.mark.parametrize("language", list(Language))
def test_however_much_is_put_back_the_answer_fits_into_a_message(language: Language) -> None:
    ids = tuple(10**18 + number for number in range(50))
    before = ServerSettings(
        default_size_px=256,
        pictures_per_day=10,
        cooldown_seconds=86_399,
        role_quotas=dict.fromkeys(ids, 10),
        allowed_channels=ids,
        allowed_roles=ids,
        spoilers=Spoilers.LISTED,
        spoiler_channels=ids,
        log_channel_id=ids[0],
    )
    say = words_in(language)
    changes = [changed(setting, before, ServerSettings(), say) for setting in SETTINGS]
    assert len(put_back([*changes, *changes], say)) <= 2000
