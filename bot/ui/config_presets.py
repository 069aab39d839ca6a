"""`/config preset`: the presets that a server keeps under names; and such a name where a member chooses a preset."""

import logging
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.jobs.choices import UnknownPreset, WrongChoice
from bot.settings.presets import names_beginning, read_choices
from bot.store.presets import NoSuchPreset
from bot.ui.command_names import command
from bot.ui.defaults import in_time
from bot.ui.gate import is_manager
from bot.ui.private_answer import hold, tell
from bot.ui.text import trying as text
from bot.ui.text.commands import PRESET_NAMES
from bot.ui.visit import tenant_of
from bot.ui.words import words_of
from nst_engine.contract.params import PresetName, StylizeParams
from nst_engine.errors import QueueUnavailable

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

log = logging.getLogger(__name__)

MOST_CHOICES = 25
_LOC = app_commands.locale_str
Choices = list[app_commands.Choice[str]]


def add_preset_commands(group: app_commands.Group) -> None:
    """To `/config`."""
    presets = app_commands.Group(name="preset", description=_LOC(text.PRESET_GROUP_DESCRIPTION), parent=group)

    @presets.command(name="list", description=_LOC(text.PRESET_LIST_DESCRIPTION))
    async def list_(interaction: "discord.Interaction[StylizeClient]") -> None:
        if await is_manager(interaction):
            await _list(interaction)

    @presets.command(name="remove", description=_LOC(text.PRESET_REMOVE_DESCRIPTION))
    @app_commands.describe(name=_LOC(text.PRESET_NAME_OPTION))
    @app_commands.autocomplete(name=_suggest_own)
    async def remove(interaction: "discord.Interaction[StylizeClient]", name: str) -> None:
        if await is_manager(interaction):
            await _remove(interaction, name)


async def suggest_presets(interaction: "discord.Interaction[StylizeClient]", typed: str) -> Choices:
    """For a member: the project's own, then the server's."""
    say = words_of(interaction)
    built_in = [(name, say(PRESET_NAMES[name])) for name in PresetName]
    own = [(name, text.choice(name, say)) for name in names_beginning(await preset_names(interaction), typed)]
    wanted = typed.casefold().strip()
    offered = [*((name, said) for name, said in built_in if wanted in said.casefold()), *own]
    return [app_commands.Choice(name=said, value=name) for name, said in offered[:MOST_CHOICES]]


async def chosen_preset(
    interaction: "discord.Interaction[StylizeClient]", typed: str | None
) -> PresetName | StylizeParams | None:
    """One of the project's own, or what one of the server's means; None where nothing was typed.

    Raises WrongChoice and QueueUnavailable.
    """
    name = " ".join((typed or "").split())
    if not name:
        return None
    if (built_in := next((one for one in PresetName if one == name.casefold()), None)) is not None:
        return built_in
    kept = await in_time(interaction.client.services.presets.find(tenant_of(interaction), name))
    params = None if kept is None else read_choices(kept.choices)
    if params is None:
        raise WrongChoice(UnknownPreset(name))
    return params


async def preset_names(interaction: "discord.Interaction[StylizeClient]") -> list[str]:
    """The server's own; none while nobody can tell."""
    try:
        listed = await in_time(interaction.client.services.presets.listed(tenant_of(interaction)))
    except QueueUnavailable:
        return []
    return [preset.name for preset in listed]


async def _suggest_own(interaction: "discord.Interaction[StylizeClient]", typed: str) -> Choices:
    found = names_beginning(await preset_names(interaction), typed)
    return [app_commands.Choice(name=name, value=name) for name in found[:MOST_CHOICES]]


async def _list(interaction: "discord.Interaction[StylizeClient]") -> None:
    await hold(interaction)
    client, say = interaction.client, words_of(interaction)
    presets = await client.services.presets.listed(tenant_of(interaction))
    if not presets:
        return await tell(interaction, say(text.NO_PRESETS, try_=command(client.command_ids, "config try")))
    read = [(preset.name, read_choices(preset.choices)) for preset in presets]
    return await tell(interaction, text.listed(read, say))


async def _remove(interaction: "discord.Interaction[StylizeClient]", name: str) -> None:
    """Pictures that were painted with it stay as they are."""
    await hold(interaction)
    say, tenant_id = words_of(interaction), tenant_of(interaction)
    try:
        gone = await interaction.client.services.presets.remove(tenant_id, name)
    except NoSuchPreset as why:
        return await tell(interaction, text.refused(why, say))
    log.info("preset removed guild=%s user=%s name=%r", tenant_id, interaction.user.id, gone.name)
    return await tell(interaction, text.removed(gone.name, say))
