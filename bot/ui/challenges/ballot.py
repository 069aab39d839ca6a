"""Voting: hearts or duels, seen by nobody but the voter."""

from typing import TYPE_CHECKING, assert_never

import discord

from bot.challenges.errors import WrongPhase
from bot.challenges.values import VotingMode
from bot.ui.challenges.ballot_rights import check_voter
from bot.ui.challenges.duel import show_next
from bot.ui.challenges.gallery import show_page
from bot.ui.challenges.visitor import find_challenge
from bot.ui.private_answer import hold
from bot.ui.text.challenges import voting as text
from bot.ui.words import words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient


async def open_ballot(interaction: "discord.Interaction[StylizeClient]", challenge_id: int) -> None:
    """The first answer to the interaction is still to be given. Raises what is told to whoever pressed."""
    await hold(interaction)
    challenge = await find_challenge(interaction, challenge_id)
    try:
        await check_voter(interaction, challenge)
    except WrongPhase:
        await interaction.edit_original_response(content=text.no_vote_now(challenge, words_of(interaction)))
        return
    match challenge.terms.mode:
        case VotingMode.APPROVAL:
            await show_page(interaction, challenge, 1, is_new=True)
        case VotingMode.DUELS:
            await show_next(interaction, challenge)
        case _:
            assert_never(challenge.terms.mode)
