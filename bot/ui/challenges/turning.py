"""Pages of the archive: a public one stays as it is, and whoever turns it gets an answer of their own."""

from functools import partial
from typing import Any

import discord
from discord.ui import LayoutView

from bot.ui.first_answer import surely


async def answer(interaction: discord.Interaction[Any], view: LayoutView, *, public: bool = False) -> None:
    """The first answer: in place of a private page, else as a message. Raises what an answer may meet."""
    shown = interaction.message
    if shown is not None and shown.flags.ephemeral:
        await surely(interaction, partial(interaction.response.edit_message, view=view))
    else:
        await surely(interaction, partial(interaction.response.send_message, view=view, ephemeral=not public))
