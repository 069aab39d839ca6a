"""What Discord shows while an admin types `/config`, and what typed words are understood by."""

from dataclasses import replace
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.settings.catalogue import Kind, Setting, find_setting, most_allowed
from bot.settings.in_force import InForce, value_in_force
from bot.settings.typed import Around
from bot.ui import config_choices
from bot.ui.defaults import in_time
from bot.ui.text.settings import choice, nothing
from bot.ui.visit import may_manage_server
from bot.ui.words import words_of
from nst_engine.errors import QueueUnavailable

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

Choices = list[app_commands.Choice[str]]
SPOKEN_IN = (discord.TextChannel, discord.ForumChannel, discord.VoiceChannel, discord.StageChannel)


async def settings(interaction: "discord.Interaction[StylizeClient]", typed: str) -> Choices:
    return _shown(config_choices.offered_settings(typed, words_of(interaction)))


async def resets(interaction: "discord.Interaction[StylizeClient]", typed: str) -> Choices:
    in_force = await _in_force(interaction)
    return [] if in_force is None else _shown(config_choices.offered_resets(typed, in_force, words_of(interaction)))


async def values(interaction: "discord.Interaction[StylizeClient]", typed: str) -> Choices:
    setting, in_force = find_setting(str(interaction.namespace.setting or "")), await _in_force(interaction)
    if setting is None or in_force is None:
        return []
    found = around(interaction, setting, in_force)
    return _shown(config_choices.offered_values(setting, typed, in_force, found, words_of(interaction)))


def around(interaction: "discord.Interaction[StylizeClient]", setting: Setting, in_force: InForce) -> Around:
    """What a value typed in this server is understood by."""
    guild, say = interaction.guild, words_of(interaction)
    operator = interaction.client.services.limits
    is_spoken_in = (discord.TextChannel,) if setting.kind is Kind.CHANNEL else SPOKEN_IN
    return Around(
        most=most_allowed(setting, operator, in_force.settings),
        current=value_in_force(in_force, setting.name),
        channels={one.id: one.name for one in guild.channels if isinstance(one, is_spoken_in)} if guild else {},
        roles={role.id: role.name for role in guild.roles if not role.is_default()} if guild else {},
        labels={one: choice(setting, one, say) for one in setting.choices},
        nothing=frozenset({nothing(setting, say).casefold()}) if setting.may_be_empty else frozenset(),
    )


def with_empty_list(around: Around) -> Around:
    """Where all of a list is typed, and not what is to change in it."""
    return replace(around, current=[])


async def _in_force(interaction: "discord.Interaction[StylizeClient]") -> InForce | None:
    """None for those who may not see it, and while nobody can tell."""
    if not may_manage_server(interaction):
        return None
    try:
        return await in_time(interaction.client.services.settings.in_force(interaction.guild_id))
    except QueueUnavailable:
        return None


def _shown(offers: list[config_choices.Offer]) -> Choices:
    return [app_commands.Choice(name=offer.label, value=offer.value) for offer in offers]
