"""`/config`: what holds in a server, for members who may manage it. It goes by the catalogue of settings."""

from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import discord
from discord import app_commands

from bot.settings.catalogue import SETTINGS, Group, Setting, find_setting
from bot.settings.typed import BadValue, parse
from bot.store.setting_changes import How
from bot.ui import config_typing as typing
from bot.ui.config_changing import Made, log_channel_warnings, make, tell_made
from bot.ui.config_exchange import export_settings, preview_import
from bot.ui.config_form import open_form
from bot.ui.config_history import show_history
from bot.ui.config_presets import add_preset_commands
from bot.ui.config_try import add_try_command
from bot.ui.config_view import config_view
from bot.ui.errors import mistakes_answered
from bot.ui.gate import is_manager
from bot.ui.private_answer import hold, show, tell
from bot.ui.text import config as text
from bot.ui.text import config_exchange, config_history
from bot.ui.text.settings import problem
from bot.ui.words import words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

Interaction: TypeAlias = "discord.Interaction[StylizeClient]"

TOPICS = [
    app_commands.Choice(name=app_commands.locale_str(called), value=group.value)
    for group, called in text.TOPICS.items()
]


def config_commands() -> app_commands.Group:
    """A fresh `/config` for a command tree."""
    group = app_commands.Group(
        name="config",
        description=app_commands.locale_str(text.GROUP_DESCRIPTION),
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )
    _add_changing(group)
    _add_looking(group)
    _add_exchange(group)
    add_try_command(group)
    add_preset_commands(group)
    return group


def _add_looking(group: app_commands.Group) -> None:
    @group.command(name="show", description=app_commands.locale_str(text.SHOW_DESCRIPTION))
    async def show_(interaction: "discord.Interaction[StylizeClient]") -> None:
        if await is_manager(interaction):
            await _show(interaction)

    @group.command(name="history", description=app_commands.locale_str(config_history.DESCRIPTION))
    async def history(interaction: "discord.Interaction[StylizeClient]") -> None:
        if await is_manager(interaction):
            await hold(interaction)
            await show_history(interaction, 1)


def _add_changing(group: app_commands.Group) -> None:
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

    @group.command(name="edit", description=app_commands.locale_str(text.EDIT_DESCRIPTION))
    @app_commands.describe(topic=app_commands.locale_str(text.TOPIC_OPTION))
    @app_commands.choices(topic=TOPICS)
    async def edit(interaction: "discord.Interaction[StylizeClient]", topic: str) -> None:
        async with mistakes_answered(interaction):
            await open_form(interaction, Group(topic))


def _add_exchange(group: app_commands.Group) -> None:
    @group.command(name="export", description=app_commands.locale_str(config_exchange.EXPORT_DESCRIPTION))
    async def export(interaction: "discord.Interaction[StylizeClient]") -> None:
        if await is_manager(interaction):
            await hold(interaction)
            await export_settings(interaction)

    @group.command(name="import", description=app_commands.locale_str(config_exchange.IMPORT_DESCRIPTION))
    @app_commands.describe(file=app_commands.locale_str(config_exchange.FILE_OPTION))
    async def import_(interaction: "discord.Interaction[StylizeClient]", file: discord.Attachment) -> None:
        async with mistakes_answered(interaction):
            if await is_manager(interaction):
                await hold(interaction)
                await preview_import(interaction, file)


async def _show(interaction: Interaction) -> None:
    await hold(interaction)
    client, say = interaction.client, words_of(interaction)
    in_force = await client.services.settings.in_force(interaction.guild_id)
    warnings = log_channel_warnings(interaction, in_force.settings.log_channel_id)
    await show(interaction, config_view(in_force, warnings, client.command_ids, say))


async def _set(interaction: Interaction, named: str, typed: str) -> None:
    await hold(interaction)
    say, setting = words_of(interaction), find_setting(named)
    if setting is None:
        return await tell(interaction, text.unknown_setting(named, say))
    try:
        made = await _change(interaction, setting, typed)
    except BadValue as error:
        return await tell(interaction, problem(setting, error.problem, say))
    return await tell_made(interaction, "\n".join(made.lines), made.change)


async def _change(interaction: Interaction, setting: Setting, typed: str) -> Made:
    """Raises BadValue and QueueUnavailable."""
    guild_id, settings = interaction.guild_id or 0, interaction.client.services.settings
    before = await settings.in_force(guild_id)
    value = parse(setting, typed, typing.around(interaction, setting, before))
    if setting.name == "log_channel_id" and (warnings := log_channel_warnings(interaction, value)):
        return Made(lines=warnings, change=None)
    change = partial(settings.change, guild_id, {setting.name: value}, by=interaction.user.id, how=How.SET)
    made = await make(interaction, change, [setting])
    log_channel_id = (await settings.of(guild_id)).log_channel_id
    return Made(lines=made.lines + log_channel_warnings(interaction, log_channel_id), change=made.change)


async def _reset(interaction: Interaction, named: str) -> None:
    await hold(interaction)
    guild_id, settings = interaction.guild_id or 0, interaction.client.services.settings
    say, setting = words_of(interaction), find_setting(named)
    if setting is None and named.strip().lower() != text.ALL:
        return await tell(interaction, text.unknown_setting(named, say))
    before = await settings.in_force(guild_id)
    own = [one for one in ((setting,) if setting else SETTINGS) if before.is_own(one.name)]
    reset = partial(settings.reset, guild_id, *(one.name for one in own), by=interaction.user.id)
    made = await make(interaction, reset)
    return await tell_made(interaction, text.put_back(made.lines, say), made.change)
