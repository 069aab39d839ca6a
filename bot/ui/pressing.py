"""Carries out what somebody asks of an earlier job, by a button or a form, so that it always ends in an answer."""

from collections.abc import Awaitable, Callable, Hashable
from typing import Any

import discord

from bot.jobs.presses import AlreadyPressed
from bot.jobs.variation import AtLimit
from bot.ui.earlier import CannotGoOn
from bot.ui.errors import always_answered
from bot.ui.private_answer import tell
from bot.ui.text import result_buttons as text
from bot.ui.words import words_of


async def carry_out(interaction: discord.Interaction[Any], what: Hashable, act: Callable[[], Awaitable[None]]) -> None:
    """Once at a time for one person. Never raises."""
    say = words_of(interaction)
    async with always_answered(interaction):
        try:
            with interaction.client.services.presses.one_at_a_time((interaction.user.id, what)):
                await act()
        except AlreadyPressed:
            await tell(interaction, say(text.UNDER_WAY))
        except AtLimit as reached:
            await tell(interaction, text.at_limit(reached.limit, say))
        except CannotGoOn as error:
            await tell(interaction, say(error.sentence))
