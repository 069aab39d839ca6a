"""Forms that change several settings of a server at once, one for each topic."""

import re
from dataclasses import dataclass
from dataclasses import field as with_default
from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import discord
from discord import ui
from pydantic import JsonValue

from bot.settings.catalogue import SETTINGS, Group, Kind, Setting
from bot.settings.in_force import InForce, value_in_force
from bot.settings.typed import BadValue
from bot.store.setting_changes import How
from bot.ui import config_typing as typing
from bot.ui import modals
from bot.ui.command_names import command
from bot.ui.config_changing import log_channel_warnings, make, tell_made
from bot.ui.config_fields import Put, Shown, field, fits, put_into
from bot.ui.defaults import in_time
from bot.ui.gate import is_manager
from bot.ui.modals import Form, Route, modal
from bot.ui.pressing import carry_out
from bot.ui.private_answer import hold, tell
from bot.ui.text import config as text
from bot.ui.text.settings import DESCRIPTIONS, problem
from bot.ui.words import Words, words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

Interaction: TypeAlias = "discord.Interaction[StylizeClient]"

_GROUPS = "|".join(Group)


@dataclass(slots=True)
class Sent:
    """What a form asks for, and what of it cannot be."""

    values: dict[str, JsonValue] = with_default(default_factory=dict)
    unset: list[str] = with_default(default_factory=list)
    problems: list[str] = with_default(default_factory=list)


async def open_form(interaction: Interaction, group: Group) -> None:
    """The first answer to an interaction. Raises QueueUnavailable."""
    if not await is_manager(interaction):
        return
    in_force = await in_time(interaction.client.services.settings.in_force(interaction.guild_id))
    say = words_of(interaction)
    fields = [_field(interaction, setting, in_force, say) for setting in _settings(group)]
    await modals.show(interaction, modal(f"config:form:{group}", say(text.TOPICS[group]), *fields))


class SettingsFormButton(ui.DynamicItem[ui.Button[Any]], template=rf"config:open:(?P<group>{_GROUPS})"):
    """Opens a form; for members who may manage the server."""

    def __init__(self, group: Group, label: str) -> None:
        button: ui.Button[Any] = ui.Button(
            style=discord.ButtonStyle.secondary, label=label, custom_id=f"config:open:{group}"
        )
        super().__init__(button)
        self.group = group

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(Group(match["group"]), str(getattr(item, "label", "")))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await carry_out(interaction, self.custom_id, partial(open_form, interaction, self.group))


def topic_buttons(say: Words) -> list[SettingsFormButton]:
    """Fresh ones, one for each form."""
    return [SettingsFormButton(group, say(called)) for group, called in text.TOPICS.items()]


async def _submitted(interaction: Interaction, match: re.Match[str], form: Form) -> None:
    group = Group(match["group"])
    await carry_out(interaction, f"config:{interaction.guild_id}", partial(_save, interaction, group, form))


CHANGE_SETTINGS = Route(rf"config:form:(?P<group>{_GROUPS})", _submitted)


async def _save(interaction: Interaction, group: Group, form: Form) -> None:
    """What is right is saved whatever else is wrong."""
    if not await is_manager(interaction):
        return None
    await hold(interaction)
    settings, guild_id, say = interaction.client.services.settings, interaction.guild_id or 0, words_of(interaction)
    sent = _read(interaction, group, form, await settings.in_force(guild_id))
    change = partial(settings.change, guild_id, sent.values, unset=sent.unset, by=interaction.user.id, how=How.FORM)
    made = await make(interaction, change)
    if sent.problems:
        said = text.not_saved(sent.problems, made.lines, say)
        return await tell_made(interaction, said, made.change, SettingsFormButton(group, say(text.BACK_TO_FORM)))
    if made.change is None:
        return await tell(interaction, say(text.AS_BEFORE))
    return await tell_made(interaction, text.fitting(made.lines, say), made.change)


def _read(interaction: Interaction, group: Group, form: Form, in_force: InForce) -> Sent:
    sent, say = Sent(), words_of(interaction)
    for setting in _settings(group):
        around = typing.around(interaction, setting, in_force)
        if setting.kind is Kind.ROLE_QUOTAS:
            around = typing.with_empty_list(around)
        try:
            put = put_into(setting, form, around)
        except BadValue as error:
            sent.problems.append(problem(setting, error.problem, say))
            continue
        if put is None:
            continue
        closed = log_channel_warnings(interaction, put.value) if setting.name == "log_channel_id" else []
        if closed and not _is_held(setting, put, in_force):
            sent.problems += closed
        else:
            _add(sent, setting, put, in_force)
    return sent


def _add(sent: Sent, setting: Setting, put: Put, in_force: InForce) -> None:
    """What holds already is not set anew: a form brings every field."""
    if put.unset:
        sent.unset.append(setting.name)
    elif not _is_held(setting, put, in_force):
        sent.values[setting.name] = put.value


def _is_held(setting: Setting, put: Put, in_force: InForce) -> bool:
    return not put.unset and put.value == value_in_force(in_force, setting.name)


def _settings(group: Group) -> list[Setting]:
    return [setting for setting in SETTINGS if setting.group is group]


def _field(interaction: Interaction, setting: Setting, in_force: InForce, say: Words) -> ui.Item[Any]:
    """A list that is too long for a form is left alone by it."""
    if not fits(setting, in_force.settings):
        set_command = command(interaction.client.command_ids, "config set")
        return ui.TextDisplay(text.too_long(setting, set_command, say))
    around = typing.around(interaction, setting, in_force)
    shown = Shown(settings=in_force.settings, around=around, description=say(DESCRIPTIONS[setting.name]))
    return field(setting, shown, say)
