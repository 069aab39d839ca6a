"""`/style`: a server's style library. In direct messages everybody has one of their own."""

import logging
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import discord
from discord import app_commands

from bot.jobs.admission import House, Refused, Request, refuse
from bot.settings.server import ServerSettings
from bot.store.errors import NoSuchStyle
from bot.store.styles import LibraryStyle, NewStyle, best_matches
from bot.ui.command_names import command
from bot.ui.defaults import in_time
from bot.ui.errors import mistakes_answered
from bot.ui.first_answer import surely
from bot.ui.library_page import show_page
from bot.ui.private_answer import hold, tell
from bot.ui.sources import Attached
from bot.ui.style_card import show
from bot.ui.text import library as text
from bot.ui.visit import tenant_of
from bot.ui.words import words_of
from nst_engine.contract.params import MIN_SIZE_PX
from nst_engine.errors import QueueUnavailable

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

log = logging.getLogger(__name__)

Interaction: TypeAlias = "discord.Interaction[StylizeClient]"
Choices = list[app_commands.Choice[str]]


async def suggest(interaction: Interaction, typed: str) -> Choices:
    """Names in the library."""
    try:
        return _choices(await interaction.client.services.library.matching(tenant_of(interaction), typed))
    except QueueUnavailable:
        return []


async def suggest_taken_out(interaction: Interaction, typed: str) -> Choices:
    """Names of what can be put back."""
    try:
        taken_out = await interaction.client.services.library.taken_out(tenant_of(interaction))
    except QueueUnavailable:
        return []
    return _choices(best_matches(taken_out, typed, limit=25))


class StyleCommands(app_commands.Group):
    """Who may change a library is looked at in each command: Discord knows permissions only for all of them at once."""

    def __init__(self) -> None:
        super().__init__(name="style", description=text.STYLE_DESCRIPTION)

    @app_commands.command(description=text.ADD_DESCRIPTION)
    @app_commands.describe(name=text.NEW_NAME_OPTION, picture=text.PICTURE_OPTION)
    async def add(self, interaction: Interaction, name: str, picture: discord.Attachment) -> None:
        async with mistakes_answered(interaction):
            if await _may_change(interaction):
                await _add(interaction, name, Attached(picture))

    @app_commands.command(name="list", description=text.LIST_DESCRIPTION)
    async def list_styles(self, interaction: Interaction) -> None:
        async with mistakes_answered(interaction):
            await hold(interaction)
            await show_page(interaction, 1)

    @app_commands.command(description=text.SHOW_DESCRIPTION)
    @app_commands.describe(name=text.NAME_OPTION)
    @app_commands.autocomplete(name=suggest)
    async def show(self, interaction: Interaction, name: str) -> None:
        async with mistakes_answered(interaction):
            await _show(interaction, name)

    @app_commands.command(description=text.REMOVE_DESCRIPTION)
    @app_commands.describe(name=text.NAME_OPTION)
    @app_commands.autocomplete(name=suggest)
    async def remove(self, interaction: Interaction, name: str) -> None:
        async with mistakes_answered(interaction):
            if await _may_change(interaction):
                await _remove(interaction, name)

    @app_commands.command(description=text.RESTORE_DESCRIPTION)
    @app_commands.describe(name=text.NAME_OPTION)
    @app_commands.autocomplete(name=suggest_taken_out)
    async def restore(self, interaction: Interaction, name: str) -> None:
        async with mistakes_answered(interaction):
            if await _may_change(interaction):
                await _restore(interaction, name)


async def _may_change(interaction: Interaction) -> bool:
    """Whether this member may change this library; if not, they are told."""
    may = interaction.permissions
    allowed = interaction.guild_id is None or may.administrator or may.manage_guild or may.manage_expressions
    if not allowed:
        await tell(interaction, words_of(interaction)(text.NOT_ALLOWED))
    return allowed


async def _add(interaction: Interaction, name: str, picture: Attached) -> None:
    """Everything that can be refused without reading the picture is, before anything is answered."""
    services, tenant_id = interaction.client.services, tenant_of(interaction)
    uploads = (picture.declared("style"),)
    house = House(services.limits, ServerSettings())
    if (why := refuse(Request(uploads=uploads, size_px=MIN_SIZE_PX), house)) is not None:
        raise Refused(why)
    await in_time(services.library.check(tenant_id, name))
    await hold(interaction)
    whole = await services.reader.read(picture, "style")
    small = await services.thumbnails(await services.blobs.get(whole.key), role="style")
    new = NewStyle(
        tenant_id=tenant_id,
        name=name,
        blob=whole.key,
        thumbnail_blob=await services.blobs.put(small),
        width=whole.facts.width,
        height=whole.facts.height,
        added_by=str(interaction.user.id),
    )
    style = await services.library.add(new)
    _log(interaction, "added", style)
    await show(interaction, style, remark=text.added(style, words_of(interaction)))


async def _show(interaction: Interaction, name: str) -> None:
    """Looked up first, so that a wrong name is told to whoever typed it alone."""
    style = await in_time(interaction.client.services.library.find(tenant_of(interaction), name))
    if style is None:
        raise NoSuchStyle(name)
    await surely(interaction, partial(interaction.response.defer, thinking=True))
    await show(interaction, style)


async def _remove(interaction: Interaction, name: str) -> None:
    await hold(interaction)
    style = await interaction.client.services.library.remove(tenant_of(interaction), name)
    _log(interaction, "removed", style)
    restore = command(interaction.client.command_ids, "style restore")
    await interaction.edit_original_response(content=text.removed(style, restore, words_of(interaction)))


async def _restore(interaction: Interaction, name: str) -> None:
    await hold(interaction)
    style = await interaction.client.services.library.restore(tenant_of(interaction), name)
    _log(interaction, "restored", style)
    await interaction.edit_original_response(content=text.restored(style, words_of(interaction)))


def _choices(styles: list[LibraryStyle]) -> Choices:
    return [app_commands.Choice(name=style.name, value=style.name) for style in styles]


def _log(interaction: Interaction, what: str, style: LibraryStyle) -> None:
    log.info("style %s style=%s guild=%s user=%s", what, style.id, interaction.guild_id, interaction.user.id)
