"""Commands in the menu of a message or a member: they find its picture and open a form for the rest."""

from datetime import timedelta
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.ui.defaults import in_time, own_defaults
from bot.ui.errors import mistakes_answered
from bot.ui.message_pictures import picture_of
from bot.ui.modals import show
from bot.ui.picture_forms import as_found, style_form, stylize_form
from bot.ui.sources import Hosted, avatar_of
from bot.ui.text import commands as text
from bot.ui.visit import tenant_of
from bot.ui.words import words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

REMEMBERED_FOR = timedelta(days=1)
"""Discord's links to files work no longer than that."""


def context_menus() -> tuple[app_commands.ContextMenu, ...]:
    """Fresh ones for a command tree."""
    return (
        app_commands.ContextMenu(name=text.STYLIZE_PICTURE, callback=_stylize_picture),
        app_commands.ContextMenu(name=text.USE_AS_STYLE, callback=_use_as_style),
        app_commands.ContextMenu(name=text.STYLIZE_AVATAR, callback=_stylize_avatar),
    )


async def _stylize_picture(interaction: "discord.Interaction[StylizeClient]", message: discord.Message) -> None:
    async with mistakes_answered(interaction):
        await _ask_for_styles(interaction, await picture_of(message))


async def _stylize_avatar(interaction: "discord.Interaction[StylizeClient]", member: discord.User) -> None:
    async with mistakes_answered(interaction):
        await _ask_for_styles(interaction, avatar_of(member))


async def _use_as_style(interaction: "discord.Interaction[StylizeClient]", message: discord.Message) -> None:
    async with mistakes_answered(interaction):
        await _remember(interaction, await picture_of(message))
        await show(interaction, style_form(interaction.id, await own_defaults(interaction), words_of(interaction)))


async def _ask_for_styles(interaction: "discord.Interaction[StylizeClient]", picture: Hosted) -> None:
    await _remember(interaction, picture)
    library = await in_time(interaction.client.services.library.listed(tenant_of(interaction)))
    form = stylize_form(interaction.id, library, await own_defaults(interaction), words_of(interaction))
    await show(interaction, form)


async def _remember(interaction: "discord.Interaction[StylizeClient]", picture: Hosted) -> None:
    """Until the form is sent, whoever restarts the bot meanwhile. Raises QueueUnavailable."""
    too_old = discord.utils.time_snowflake(interaction.created_at - REMEMBERED_FOR)
    found = interaction.client.services.found
    await in_time(found.keep(interaction.id, as_found(picture), forget_before=too_old))
