"""Lets those in who may use a command. Discord's own setting of who sees one is a hint only."""

from typing import Any

import discord

from bot.jobs.admission import NotPermitted, Refused
from bot.ui.errors import answer_error
from bot.ui.visit import may_manage_server, may_moderate

Interaction = discord.Interaction[Any]


async def is_manager(interaction: Interaction) -> bool:
    """Whether this member may manage the server; if not, they have been told."""
    return await _is_let_in(interaction, "manage_guild", allowed=may_manage_server(interaction))


async def is_moderator(interaction: Interaction) -> bool:
    """Whether this member may time others out; if not, they have been told."""
    return await _is_let_in(interaction, "moderate_members", allowed=may_moderate(interaction))


async def _is_let_in(interaction: Interaction, permission: str, *, allowed: bool) -> bool:
    if not allowed:
        await answer_error(interaction, Refused(NotPermitted(permission)))
    return allowed
