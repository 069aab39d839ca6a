"""`/config`: what holds in a server, for members who may manage it. It goes by the catalogue of settings."""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.jobs.moderation import SettingChanged
from bot.settings.catalogue import SETTINGS, Setting, find_setting
from bot.settings.in_force import InForce
from bot.settings.typed import BadValue, parse
from bot.ui import config_typing as typing
from bot.ui.config_view import config_view
from bot.ui.gate import is_manager
from bot.ui.log_channel import is_closed
from bot.ui.private_answer import hold, show, tell
from bot.ui.text import config as text
from bot.ui.text.settings import problem
from bot.ui.words import words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

log = logging.getLogger(__name__)


def config_commands() -> app_commands.Group:
    """A fresh `/config` for a command tree."""
    group = app_commands.Group(
        name="config",
        description=app_commands.locale_str(text.GROUP_DESCRIPTION),
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )

    @group.command(name="show", description=app_commands.locale_str(text.SHOW_DESCRIPTION))
    async def show_(interaction: "discord.Interaction[StylizeClient]") -> None:
        if await is_manager(interaction):
            await _show(interaction)

    @group.command(name="set", description=app_commands.locale_str(text.SET_DESCRIPTION))
    @app_commands.describe(
        setting=app_commands.locale_str(text.SETTING_OPTION), value=app_commands.locale_str(text.VALUE_OPTION)
    )
    @app_commands.autocomplete(setting=typing.settings, value=typing.values)
    async def set_(interaction: "discord.Interaction[StylizeClient]", setting: str, value: str) -> None:
        if await is_manager(interaction):
            await _set(interaction, setting, value)

    @group.command(name="reset", description=app_commands.locale_str(text.RESET_DESCRIPTION))
    @app_commands.describe(setting=app_commands.locale_str(text.RESET_OPTION))
    @app_commands.autocomplete(setting=typing.resets)
    async def reset(interaction: "discord.Interaction[StylizeClient]", setting: str) -> None:
        if await is_manager(interaction):
            await _reset(interaction, setting)

    return group


async def _show(interaction: "discord.Interaction[StylizeClient]") -> None:
    await hold(interaction)
    client, say = interaction.client, words_of(interaction)
    in_force = await client.services.settings.in_force(interaction.guild_id)
    warnings = _warnings(interaction, in_force.settings.log_channel_id)
    await show(interaction, config_view(in_force, warnings, client.command_ids, say))


async def _set(interaction: "discord.Interaction[StylizeClient]", named: str, typed: str) -> None:
    await hold(interaction)
    say, setting = words_of(interaction), find_setting(named)
    if setting is None:
        return await tell(interaction, text.unknown_setting(named, say))
    try:
        changes = await _change(interaction, setting, typed)
    except BadValue as error:
        return await tell(interaction, problem(setting, error.problem, say))
    return await tell(interaction, "\n".join(changes))


async def _change(interaction: "discord.Interaction[StylizeClient]", setting: Setting, typed: str) -> list[str]:
    """What there is to tell. Raises BadValue and QueueUnavailable."""
    guild_id, settings = interaction.guild_id or 0, interaction.client.services.settings
    before = await settings.in_force(guild_id)
    value = parse(setting, typed, typing.around(interaction, setting, before))
    if setting.name == "log_channel_id" and (warnings := _warnings(interaction, value)):
        return warnings
    await settings.set(guild_id, setting.name, value, by=interaction.user.id)
    after = await settings.in_force(guild_id)
    changes = _told_and_logged(interaction, [setting], before, after)
    return changes + _warnings(interaction, after.settings.log_channel_id)


async def _reset(interaction: "discord.Interaction[StylizeClient]", named: str) -> None:
    await hold(interaction)
    guild_id, settings = interaction.guild_id or 0, interaction.client.services.settings
    say, setting = words_of(interaction), find_setting(named)
    if setting is None and named.strip().lower() != text.ALL:
        return await tell(interaction, text.unknown_setting(named, say))
    before = await settings.in_force(guild_id)
    own = [one for one in ((setting,) if setting else SETTINGS) if before.is_own(one.name)]
    await settings.reset(guild_id, *(one.name for one in own), by=interaction.user.id)
    changes = _told_and_logged(interaction, own, before, await settings.in_force(guild_id))
    return await tell(interaction, text.put_back(changes, say))


def _told_and_logged(
    interaction: "discord.Interaction[StylizeClient]", settings: Sequence[Setting], before: InForce, after: InForce
) -> list[str]:
    say, guild_id, by = words_of(interaction), interaction.guild_id, interaction.user.id
    for setting in settings:
        was, now = getattr(before.settings, setting.name), getattr(after.settings, setting.name)
        if was == now:
            continue
        log.info("setting changed guild=%s user=%s name=%s before=%r after=%r", guild_id, by, setting.name, was, now)
        note = SettingChanged(by=by, name=setting.name, before=before.settings, after=after.settings)
        interaction.client.services.moderation_log.note(guild_id, note)
    return [text.changed(setting, before.settings, after.settings, say) for setting in settings]


def _warnings(interaction: "discord.Interaction[StylizeClient]", log_channel_id: object) -> list[str]:
    """What an admin has to know: nobody else would be told."""
    if not isinstance(log_channel_id, int) or interaction.guild is None:
        return []
    if not is_closed(interaction.guild, log_channel_id):
        return []
    return [text.log_channel_closed(log_channel_id, words_of(interaction))]
