"""`/settings`: what a member has chosen for themselves, where it comes from, and a form that changes it."""

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import discord
from discord import app_commands, ui
from discord.ui import ActionRow, Container, LayoutView, TextDisplay
from pydantic import JsonValue

from bot.settings.catalogue import PERSONAL_SETTINGS, Setting
from bot.settings.in_force import InForce, value_in_force
from bot.settings.server import ServerSettings
from bot.settings.typed import BadValue
from bot.ui import config_typing as typing
from bot.ui import modals
from bot.ui.config_fields import Put, Shown, field, put_into
from bot.ui.config_view import setting_line
from bot.ui.defaults import in_time
from bot.ui.first_answer import surely
from bot.ui.modals import Form, Route, modal
from bot.ui.pressing import carry_out
from bot.ui.private_answer import hold, show
from bot.ui.text import member_settings as text
from bot.ui.text.settings import problem, value
from bot.ui.words import Words, words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

Interaction: TypeAlias = "discord.Interaction[StylizeClient]"


def settings_command() -> app_commands.Command[Any, ..., None]:
    """A fresh `/settings` for a command tree."""

    @app_commands.command(name="settings", description=app_commands.locale_str(text.DESCRIPTION))
    async def settings(interaction: "discord.Interaction[StylizeClient]") -> None:
        await hold(interaction)
        await _show(interaction)

    return settings


class ChangeOwnButton(ui.DynamicItem[ui.Button[Any]], template=r"settings:change"):
    """Opens the form of whoever presses."""

    def __init__(self, say: Words) -> None:
        button: ui.Button[Any] = ui.Button(
            style=discord.ButtonStyle.primary, label=say(text.CHANGE), custom_id="settings:change"
        )
        super().__init__(button)

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], _item: ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        return cls(words_of(interaction))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await carry_out(interaction, self.custom_id, partial(_open, interaction))


class ForgetOwnButton(ui.DynamicItem[ui.Button[Any]], template=r"settings:forget"):
    """What is usual holds again for whoever presses."""

    def __init__(self, say: Words, *, is_of_use: bool = True) -> None:
        button: ui.Button[Any] = ui.Button(
            style=discord.ButtonStyle.secondary,
            label=say(text.FORGET),
            custom_id="settings:forget",
            disabled=not is_of_use,
        )
        super().__init__(button)

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], _item: ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        return cls(words_of(interaction))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await carry_out(interaction, "settings", partial(_forget, interaction))


async def _show(interaction: Interaction, remark: str = "") -> None:
    """In the answer to an interaction, which was deferred; beside it where it is gone. Raises QueueUnavailable."""
    in_force, say = await _in_force(interaction), words_of(interaction)
    try:
        await interaction.edit_original_response(view=settings_view(in_force, remark, say))
    except discord.NotFound:
        await show(interaction, settings_view(in_force, remark, say))


def settings_view(in_force: InForce, remark: str, say: Words) -> LayoutView:
    """A fresh view; `remark` says what was done just now."""
    lines = [setting_line(setting, in_force, say) for setting in PERSONAL_SETTINGS]
    container: Container[LayoutView] = Container(
        TextDisplay(f"### {say(text.TITLE)}\n{say(text.WHAT)}"),
        TextDisplay("\n".join(lines)),
        TextDisplay(f"-# {say(text.EVERYWHERE)}"),
    )
    view = LayoutView(timeout=None)
    if remark:
        view.add_item(TextDisplay(remark))
    view.add_item(container)
    row: ActionRow[Any] = ActionRow(ChangeOwnButton(say), ForgetOwnButton(say, is_of_use=bool(in_force.theirs)))
    view.add_item(row)
    return view


async def _open(interaction: Interaction) -> None:
    in_force, say = await in_time(_in_force(interaction)), words_of(interaction)
    usual = await in_time(interaction.client.services.settings.of(interaction.guild_id))
    fields = [field(setting, _shown(interaction, setting, in_force, usual, say), say) for setting in PERSONAL_SETTINGS]
    await modals.show(interaction, modal("settings:form", say(text.TITLE), *fields))


def _shown(interaction: Interaction, setting: Setting, in_force: InForce, usual: ServerSettings, say: Words) -> Shown:
    around = typing.around(interaction, setting, in_force)
    return Shown(
        settings=in_force.settings,
        around=around,
        description=text.description(setting, around.most, say),
        as_usual=text.as_usual(value(setting, usual, say), say),
        is_chosen=setting.name in in_force.theirs,
    )


async def _submitted(interaction: Interaction, _match: re.Match[str], form: Form) -> None:
    await carry_out(interaction, "settings", partial(_save, interaction, form))


CHANGE_OWN = Route(r"settings:form", _submitted)


async def _save(interaction: Interaction, form: Form) -> None:
    """What is right is saved whatever else is wrong."""
    await surely(interaction, interaction.response.defer)
    in_force, say = await _in_force(interaction), words_of(interaction)
    values: dict[str, JsonValue] = {}
    unset, problems = [], []
    for setting in PERSONAL_SETTINGS:
        try:
            put = put_into(setting, form, typing.around(interaction, setting, in_force))
        except BadValue as error:
            problems.append(problem(setting, error.problem, say))
            continue
        if put is not None and put.unset:
            unset.append(setting.name)
        elif put is not None and not _is_as_shown(setting, put, in_force):
            values[setting.name] = put.value
    await interaction.client.services.members.change(interaction.user.id, values, unset=unset)
    await _show(interaction, text.remark(problems, saved=len(problems) < len(PERSONAL_SETTINGS), say=say))


def _is_as_shown(setting: Setting, put: Put, in_force: InForce) -> bool:
    """What a server cuts was chosen for others as well, and stays as it is."""
    return setting.name in in_force.theirs and put.value == value_in_force(in_force, setting.name)


async def _forget(interaction: Interaction) -> None:
    await surely(interaction, interaction.response.defer)
    unset = [setting.name for setting in PERSONAL_SETTINGS]
    await interaction.client.services.members.change(interaction.user.id, {}, unset=unset)
    await _show(interaction, words_of(interaction)(text.FORGOTTEN))


async def _in_force(interaction: Interaction) -> InForce:
    return await interaction.client.services.members.in_force(interaction.guild_id, interaction.user.id)
