"""Styles of the library, chosen by name."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.jobs.choices import UnknownStyle, WrongChoice, names_in
from bot.jobs.picture_check import PictureFacts
from bot.store.styles import LibraryStyle, StyleLibrary
from bot.ui.sources import Kept
from bot.ui.visit import tenant_of
from nst_engine.errors import QueueUnavailable

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

MOST_CHOICES = 25
LONGEST_CHOICE = 100


async def named_styles(library: StyleLibrary, tenant_id: str, typed: str) -> tuple[Kept, ...]:
    """Every style that was named, in that order. Raises WrongChoice and QueueUnavailable."""
    found = []
    for name in names_in(typed):
        style = await library.find(tenant_id, name)
        if style is None:
            raise WrongChoice(UnknownStyle(name))
        found.append(kept(style))
    return tuple(found)


def kept(style: LibraryStyle) -> Kept:
    """As a picture of a request."""
    return Kept(name=style.name, key=style.blob, facts=PictureFacts(width=style.width, height=style.height))


async def suggest_styles(
    interaction: "discord.Interaction[StylizeClient]", typed: str
) -> list[app_commands.Choice[str]]:
    """For the last of the names; those before it stay as they are."""
    before, _, last = typed.rpartition(",")
    chosen = names_in(before)
    try:
        matching = await interaction.client.services.library.matching(tenant_of(interaction), last.strip())
    except QueueUnavailable:
        return []
    taken = {name.casefold() for name in chosen}
    offered = (", ".join((*chosen, style.name)) for style in matching if style.name.casefold() not in taken)
    fitting = [names for names in offered if len(names) <= LONGEST_CHOICE]
    return [app_commands.Choice(name=names, value=names) for names in fitting[:MOST_CHOICES]]
