"""`/help`: for everybody, in private. Its list of commands is that of the command tree."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ui import Container, LayoutView, Separator, TextDisplay

from bot.ui.command_names import command
from bot.ui.first_look import FirstLook, first_look
from bot.ui.private_answer import hold, show
from bot.ui.text import help as text
from bot.ui.words import Words, words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

LONGEST_TEXT = 3900
"""Discord takes 4000 in all texts of a message together."""

SlashCommand = app_commands.Command[Any, ..., Any] | app_commands.Group


def help_command() -> app_commands.Command[Any, ..., None]:
    """A fresh `/help` for a command tree."""

    @app_commands.command(name="help", description=app_commands.locale_str(text.DESCRIPTION))
    async def help_(interaction: "discord.Interaction[StylizeClient]") -> None:
        await hold(interaction)
        await show(interaction, _view(interaction, await first_look(interaction)))

    return help_


def _view(interaction: "discord.Interaction[StylizeClient]", look: FirstLook) -> LayoutView:
    client, say = interaction.client, words_of(interaction)
    what = say(text.WHAT, stylize=command(client.command_ids, "stylize"))
    lines = text.here(look.visit, look.house, look.usage, look.queue_limits, say)
    here = "\n".join(f"- {line}" for line in lines)
    container: Container[LayoutView] = Container()
    container.add_item(TextDisplay(f"### {say(text.TITLE)}\n{what}"))
    container.add_item(Separator())
    container.add_item(TextDisplay(f"**{say(text.HERE)}**\n{here}"))
    container.add_item(Separator())
    container.add_item(TextDisplay(_commands(interaction, LONGEST_TEXT - len(what) - len(here) - 200, say)))
    view = LayoutView(timeout=None)
    view.add_item(container)
    return view


def _commands(interaction: "discord.Interaction[StylizeClient]", room: int, say: Words) -> str:
    """Those that this member can use here, to press on."""
    tree, ids = interaction.client.tree, interaction.client.command_ids
    usable = [one for one in _slash_commands(tree.get_commands()) if _is_shown(one, interaction)]
    lines = [f"**{say(text.COMMANDS)}**"]
    lines += [f"- {' '.join(command(ids, name) for name in _names(one))} – {say(one.description)}" for one in usable]
    menus = [f"**{say(one.name)}**" for one in tree.get_commands() if isinstance(one, app_commands.ContextMenu)]
    if menus:
        lines.append(f"- {say(text.MENUS, names=say.listed(menus))}")
    while sum(len(line) + 1 for line in lines) > room:
        lines.pop()
    return "\n".join(lines)


def _slash_commands(commands: Iterable[object]) -> Iterator[SlashCommand]:
    return (one for one in commands if isinstance(one, app_commands.Command | app_commands.Group))


def _names(one: SlashCommand) -> list[str]:
    if isinstance(one, app_commands.Group):
        return [inner.qualified_name for inner in one.walk_commands() if isinstance(inner, app_commands.Command)]
    return [one.qualified_name]


def _is_shown(one: SlashCommand, interaction: "discord.Interaction[StylizeClient]") -> bool:
    """As Discord shows it to this member, unless the server's admins have decided otherwise."""
    contexts = one.allowed_contexts
    if interaction.guild_id is None and contexts is not None and not contexts.dm_channel:
        return False
    needed, may = one.default_permissions, interaction.permissions
    return needed is None or interaction.guild_id is None or may.administrator or needed <= may
