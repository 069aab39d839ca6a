"""Who may vote: decided anew at every press, from what Discord says with it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import discord
from sqlalchemy import Connection

from bot.challenges.eligibility import check_may_vote
from bot.challenges.errors import VoterBlocked, WrongPhase
from bot.challenges.phases import is_due
from bot.challenges.values import Challenge, Phase
from bot.store.blocked import find_block
from bot.ui.challenges.visitor import visitor_of
from bot.ui.visit import tenant_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient


async def check_voter(interaction: "discord.Interaction[StylizeClient]", challenge: Challenge) -> None:
    """Raises WrongPhase, NotEligible, VoterBlocked and QueueUnavailable."""
    services = interaction.client.services
    now = services.clock.now()
    if challenge.phase is not Phase.VOTING or is_due(challenge.schedule, now):
        raise WrongPhase(challenge.phase)
    check_may_vote(challenge.terms, visitor_of(interaction), now)
    block = await services.blocked.find(tenant_of(interaction), str(interaction.user.id))
    if block is not None:
        raise VoterBlocked(block.reason)


def voter_not_blocked(interaction: "discord.Interaction[StylizeClient]") -> Callable[[Connection], None]:
    """For the transaction that saves a vote: the member may have been blocked since."""
    tenant_id, user_id = tenant_of(interaction), str(interaction.user.id)

    def guard(connection: Connection) -> None:
        if (block := find_block(connection, tenant_id, user_id)) is not None:
            raise VoterBlocked(block.reason)

    return guard
