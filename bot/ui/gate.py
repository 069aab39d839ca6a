"""Lets those in who may use a command. Discord's own setting of who sees one is a hint only."""

from typing import Any

import discord

from bot.jobs.admission import NotPermitted, Refused
from bot.ui.errors import answer_error
from bot.ui.visit import may_judge_entries, may_manage_server, may_moderate, may_run_challenges

Interaction = discord.Interaction[Any]


async def is_manager(interaction: Interaction) -> bool:
    """Whether this member may manage the server; if not, they have been told."""
    return await _is_let_in(interaction, "manage_guild", allowed=may_manage_server(interaction))


async def is_moderator(interaction: Interaction) -> bool:
    """Whether this member may time others out; if not, they have been told."""
    return await _is_let_in(interaction, "moderate_members", allowed=may_moderate(interaction))


async def runs_challenges(interaction: Interaction) -> bool:
    """Whether this member may make and end challenges; if not, they have been told."""
    return await _is_let_in(interaction, "manage_events", allowed=may_run_challenges(interaction))


async def judges_entries(interaction: Interaction) -> bool:
    """Whether this member may approve and remove entries; if not, they have been told."""
    return await _is_let_in(interaction, "manage_messages", allowed=may_judge_entries(interaction))


async def _is_let_in(interaction: Interaction, permission: str, *, allowed: bool) -> bool:
    if not allowed:
        await answer_error(interaction, Refused(NotPermitted(permission)))
    return allowed
