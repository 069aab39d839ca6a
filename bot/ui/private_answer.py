"""Something said to one person alone, whatever was answered before."""

from functools import partial
from typing import Any

import discord
from discord.ui import LayoutView

from bot.ui.first_answer import surely


async def tell(interaction: discord.Interaction[Any], sentence: str) -> None:
    """Raises what an answer may meet."""
    if interaction.response.is_done():
        await interaction.followup.send(sentence, ephemeral=True)
    else:
        await surely(interaction, partial(interaction.response.send_message, sentence, ephemeral=True))


async def hold(interaction: discord.Interaction[Any]) -> None:
    """Say that an answer will come, within the three seconds. Raises what an answer may meet."""
    await surely(interaction, partial(interaction.response.defer, ephemeral=True, thinking=True))


async def show(interaction: discord.Interaction[Any], view: LayoutView) -> None:
    """After `hold`."""
    await interaction.followup.send(view=view, ephemeral=True)
