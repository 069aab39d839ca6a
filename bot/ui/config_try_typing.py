"""What Discord shows while an admin types `/config try`. What is offered can be tried."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.settings.catalogue import find_setting
from bot.settings.presets import MOST_VALUES, SETTING_OF, Tunable, parts_of
from bot.ui import config_typing as typing
from bot.ui.config_choices import LONGEST_CHOICE, MOST_CHOICES, offered_values
from bot.ui.defaults import in_time
from bot.ui.text import trying as text
from bot.ui.visit import may_manage_server
from bot.ui.words import words_of
from nst_engine.errors import QueueUnavailable

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

Choices = list[app_commands.Choice[str]]
SCALES = ("0.5", "1", "1.5", "2", "3")


async def suggest_tunables(interaction: "discord.Interaction[StylizeClient]", typed: str) -> Choices:
    say, wanted = words_of(interaction), typed.strip().casefold()
    offered = [(say(text.NAMES[one]), one.value) for one in Tunable]
    return [
        app_commands.Choice(name=name, value=value)
        for name, value in offered
        if wanted in name.casefold() or wanted in value
    ]


async def suggest_values(interaction: "discord.Interaction[StylizeClient]", typed: str) -> Choices:
    return await _offered(interaction, interaction.namespace.setting, typed)


async def suggest_values2(interaction: "discord.Interaction[StylizeClient]", typed: str) -> Choices:
    return await _offered(interaction, interaction.namespace.setting2, typed)


async def _offered(interaction: "discord.Interaction[StylizeClient]", setting: object, typed: str) -> Choices:
    """For the last of the values; those before it stay as they are."""
    named = str(setting or "").strip()
    tunable = next((one for one in Tunable if one.value == named), None)
    before, _, last = typed.rpartition(",")
    chosen = parts_of(before)
    if tunable is None or len(chosen) >= MOST_VALUES or not may_manage_server(interaction):
        return []
    values = [value for value in await _values(interaction, tunable, last.strip()) if value not in chosen]
    offered = (", ".join((*chosen, value)) for value in values)
    fitting = [one for one in offered if len(one) <= LONGEST_CHOICE]
    return [app_commands.Choice(name=one, value=one) for one in fitting[:MOST_CHOICES]]


async def _values(interaction: "discord.Interaction[StylizeClient]", tunable: Tunable, typed: str) -> list[str]:
    setting = find_setting(SETTING_OF.get(tunable, ""))
    if setting is None:
        return [scale for scale in SCALES if scale.startswith(typed)]
    try:
        in_force = await in_time(interaction.client.services.settings.in_force(interaction.guild_id))
    except QueueUnavailable:
        return []
    around = typing.around(interaction, setting, in_force)
    return [offer.value for offer in offered_values(setting, typed, in_force, around, words_of(interaction))]
