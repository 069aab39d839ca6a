"""A change of a server's settings, told to whoever made it with a button that undoes it, and noted for moderators."""

import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import discord
from discord import ui

from bot.jobs.moderation import SettingChanged
from bot.settings.catalogue import SETTINGS, Setting
from bot.settings.in_force import InForce
from bot.store.setting_changes import Change, changed_since
from bot.ui.gate import is_manager
from bot.ui.log_channel import is_closed
from bot.ui.pressing import carry_out
from bot.ui.private_answer import hold, tell
from bot.ui.text import config as text
from bot.ui.words import Words, words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

log = logging.getLogger(__name__)

Interaction: TypeAlias = "discord.Interaction[StylizeClient]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What came of it: a line for each setting, and what can be undone."""

    lines: list[str]
    change: Change | None


async def make(
    interaction: Interaction,
    act: Callable[[], Awaitable[Change | None]],
    named: Sequence[Setting] = (),
    *,
    guild_id: int | None = None,
) -> Made:
    """Change settings by `act`, and note it. `named` are told of also where they stay as they were.

    `guild_id`: of another place than the interaction's, where it comes from direct messages.

    Raises what `act` raises, and QueueUnavailable.
    """
    settings, say = interaction.client.services.settings, words_of(interaction)
    guild_id = guild_id or interaction.guild_id
    before = await settings.in_force(guild_id)
    change = await act()
    after = await settings.in_force(guild_id)
    touched = settings_in(change)
    _note(interaction, guild_id, touched, before, after)
    told = [setting for setting in SETTINGS if setting in touched or setting in named]
    lines = [text.changed(setting, before.settings, after.settings, say) for setting in told]
    return Made(lines=lines, change=change)


def settings_in(change: Change | None) -> list[Setting]:
    """Those that this version knows."""
    return [] if change is None else [setting for setting in SETTINGS if setting.name in change.names]


def _note(
    interaction: Interaction, guild_id: int | None, touched: Sequence[Setting], before: InForce, after: InForce
) -> None:
    by = interaction.user.id
    for setting in touched:
        was, now = getattr(before.settings, setting.name), getattr(after.settings, setting.name)
        if was == now:
            continue
        log.info("setting changed guild=%s user=%s name=%s before=%r after=%r", guild_id, by, setting.name, was, now)
        note = SettingChanged(by=by, name=setting.name, before=before.settings, after=after.settings)
        interaction.client.services.moderation_log.note(guild_id, note)


async def tell_made(interaction: Interaction, said: str, change: Change | None, *more: ui.Item[Any]) -> None:
    """In private, after `hold`; with a button to undo it, and others. Nothing but dynamic ones."""
    view = ui.View(timeout=None)
    for item in more:
        view.add_item(item)
    if change is not None:
        view.add_item(UndoButton(change.id, words_of(interaction)))
    if view.children:
        await interaction.followup.send(said, view=view, ephemeral=True)
    else:
        await tell(interaction, said)


class UndoButton(ui.DynamicItem[ui.Button[Any]], template=r"config:undo:(?P<change_id>\d{1,18})"):
    """For members who may manage the server, whoever made the change."""

    def __init__(self, change_id: int, say: Words, *, can_be: bool = True) -> None:
        button: ui.Button[Any] = ui.Button(
            style=discord.ButtonStyle.secondary,
            label=say(text.UNDO),
            custom_id=f"config:undo:{change_id}",
            disabled=not can_be,
        )
        super().__init__(button)
        self.change_id = change_id

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["change_id"]), words_of(interaction))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await carry_out(interaction, self.custom_id, partial(_undo, interaction, self.change_id))


async def _undo(interaction: Interaction, change_id: int) -> None:
    """What was changed again since then stays as it is, and is named."""
    if not await is_manager(interaction):
        return None
    await hold(interaction)
    settings, guild_id, say = interaction.client.services.settings, interaction.guild_id or 0, words_of(interaction)
    change = await settings.find_change(guild_id, change_id)
    if change is None:
        return await tell(interaction, say(text.GONE))
    later = changed_since(change, (await settings.in_force(guild_id)).own)
    made = await make(interaction, partial(settings.undo, guild_id, change, by=interaction.user.id))
    if made.change is None:
        return await tell(interaction, say(text.NOTHING_LEFT))
    left = [setting for setting in SETTINGS if setting.name in later]
    lines = [*([text.changed_since(left, say)] if left else []), *made.lines]
    warnings = log_channel_warnings(interaction, (await settings.of(guild_id)).log_channel_id)
    return await tell_made(interaction, text.fitting([*warnings, *lines], say), made.change)


def log_channel_warnings(interaction: discord.Interaction[Any], log_channel_id: object) -> list[str]:
    """What an admin has to know: nobody else would be told."""
    if not isinstance(log_channel_id, int) or interaction.guild is None:
        return []
    if not is_closed(interaction.guild, log_channel_id):
        return []
    return [text.log_channel_closed(log_channel_id, words_of(interaction))]
