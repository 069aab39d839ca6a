"""`/stylize`: what a member chooses, as an order."""

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.ui.order import Order, take
from bot.ui.sources import Attached
from bot.ui.text import commands as text
from nst_engine.contract.params import MAX_SIZE_PX, MIN_SIZE_PX, NEUTRAL_STRENGTH, PresetName, StylizeParams

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient


def stylize_command() -> app_commands.Command[Any, ..., None]:
    """A fresh `/stylize` for a command tree."""

    @app_commands.command(name="stylize", description=text.STYLIZE_DESCRIPTION)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.describe(
        content=text.CONTENT_OPTION,
        style=text.STYLE_OPTION,
        strength=text.STRENGTH_OPTION,
        size=text.SIZE_OPTION,
        preset=text.PRESET_OPTION,
    )
    @app_commands.choices(preset=[app_commands.Choice(name=text.PRESET_NAMES[name], value=name) for name in PresetName])
    async def stylize(
        interaction: "discord.Interaction[StylizeClient]",
        content: discord.Attachment,
        style: discord.Attachment,
        strength: app_commands.Range[int, 0, 100] = NEUTRAL_STRENGTH,
        size: app_commands.Range[int, MIN_SIZE_PX, MAX_SIZE_PX] | None = None,
        preset: str = PresetName.DEFAULT,
    ) -> None:
        size_px = size or interaction.client.services.limits.default_size_px
        params = StylizeParams(preset=PresetName(preset), size=size_px, strength=strength)
        await take(interaction, Order(content=Attached(content), styles=(Attached(style),), params=params))

    return stylize
