"""`/config history`: the last changes of a server's settings, a page at a time, each with a button that undoes it."""

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import discord
from discord import ui
from discord.ui import Container, LayoutView, Section, TextDisplay

from bot.settings.catalogue import find_setting
from bot.settings.server import Own, ServerSettings, resolve
from bot.store.setting_changes import Change, changed_since
from bot.ui.config_changing import UndoButton
from bot.ui.first_answer import surely
from bot.ui.gate import is_manager
from bot.ui.paging import Part, Turn, nearest, page_button, pressed_turn, turning
from bot.ui.pressing import carry_out
from bot.ui.text import config_history as text
from bot.ui.text.config import fitting
from bot.ui.words import Words, words_of

if TYPE_CHECKING:
    from bot.config import LimitSettings
    from bot.ui.client import StylizeClient

Interaction: TypeAlias = "discord.Interaction[StylizeClient]"

PER_PAGE = 6
LONGEST_CHANGE = 500
"""So that a page stays under the 4000 characters that Discord takes."""


async def show_history(interaction: Interaction, number: int) -> None:
    """In the answer to an interaction, which was deferred. Raises QueueUnavailable."""
    settings, guild_id = interaction.client.services.settings, interaction.guild_id or 0
    part = nearest(number, await settings.count_changes(guild_id), PER_PAGE)
    changes = await settings.newest_changes(guild_id, skip=(part.number - 1) * PER_PAGE, limit=PER_PAGE)
    page = _Page(list(changes), (await settings.in_force(guild_id)).own, settings.operator, words_of(interaction))
    await interaction.edit_original_response(view=page.view(part))


class HistoryPageButton(ui.DynamicItem[ui.Button[Any]], template=r"config:history:(?P<number>\d{1,6})"):
    """Turns to another page; for members who may manage the server."""

    def __init__(self, turn: Turn) -> None:
        super().__init__(page_button(f"config:history:{turn.number}", turn))
        self.turn = turn

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(pressed_turn(item, match["number"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await carry_out(interaction, "config:history", partial(_turn, interaction, self.turn.number))


async def _turn(interaction: Interaction, number: int) -> None:
    if await is_manager(interaction):
        await surely(interaction, interaction.response.defer)
        await show_history(interaction, number)


class _Page:
    """Some changes, and what holds now."""

    def __init__(self, changes: list[Change], own: Own, operator: "LimitSettings", say: Words) -> None:
        self._changes = changes
        self._own = own
        self._operator = operator
        self._say = say

    def view(self, part: Part) -> LayoutView:
        """A fresh one."""
        say = self._say
        container: Container[LayoutView] = Container(TextDisplay(f"### {say(text.TITLE)}"))
        for change in self._changes:
            section: Section[Any] = Section(self._said(change), accessory=self._button(change))
            container.add_item(section)
        container.add_item(TextDisplay(f"-# {say(text.HINT)}" if self._changes else say(text.NONE_YET)))
        view = LayoutView(timeout=None)
        view.add_item(container)
        for row in turning(part.number, part.pages, HistoryPageButton, say):
            view.add_item(row)
        return view

    def _button(self, change: Change) -> UndoButton:
        """Of no use where all of it was changed again since then."""
        can_be = changed_since(change, self._own) != change.names
        return UndoButton(change.id, self._say, can_be=can_be)

    def _said(self, change: Change) -> str:
        before, after = resolve(self._operator, change.before), resolve(self._operator, change.after)
        steps = [self._step(name, before, after) for name in sorted(change.names)]
        return f"-# {text.heading(change, self._say)}\n{fitting(steps, self._say, LONGEST_CHANGE)}"

    def _step(self, name: str, before: ServerSettings, after: ServerSettings) -> str:
        setting = find_setting(name)
        return text.unknown_step(name, self._say) if setting is None else text.step(setting, before, after, self._say)
