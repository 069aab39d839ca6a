"""The form that asks a moderator why: what they write is told to those whom it concerns."""

from typing import Any

import discord
from discord import ui

from bot.challenges.values import LONGEST_REASON
from bot.ui.modals import modal
from bot.ui.text.challenges.managing import REASON
from bot.ui.words import Words


def reason_form(custom_id: str, title: str, hint: str, say: Words) -> ui.Modal:
    """`title` and `hint` before they are translated; `reason` is its field."""
    line = ui.TextInput[Any](custom_id="reason", style=discord.TextStyle.paragraph, max_length=LONGEST_REASON)
    return modal(custom_id, say(title), ui.Label[Any](text=say(REASON), description=say(hint), component=line))
