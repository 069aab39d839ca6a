"""What is being painted, or was painted, for a challenge on behalf of one member and is not entered."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from bot.challenges.entering import check_in_time
from bot.challenges.errors import WrongPhase
from bot.challenges.values import Challenge
from bot.jobs.address import Address, address_of
from bot.jobs.card import CardState, card_state
from bot.ui.challenges.enter_result import asked_at
from nst_engine.contract.jobs import JobState
from nst_engine.queue.jobs import Job

if TYPE_CHECKING:
    from bot.ui.client import Services, StylizeClient

JOBS_LOOKED_AT = 100
"""Of the member, the newest."""
MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Painted:
    """A finished picture."""

    job: Job
    address: Address


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """A picture that waits or is being painted; or the newest of all, where it failed."""

    address: Address
    state: CardState


async def painted_for(
    interaction: "discord.Interaction[StylizeClient]", challenge: Challenge, entered: Collection[str]
) -> tuple[list[Painted], list[OnItsWay]]:
    """Newest first, those left out whose jobs are `entered` already. Raises QueueUnavailable."""
    services = interaction.client.services
    found = await _of_challenge(interaction, challenge.id)
    pictures = [Painted(job, address) for job, address in found if job.state is JobState.DONE and job.id not in entered]
    waiting = [(job, address) for job, address in found if not job.is_final]
    failed = [(job, address) for job, address in found[:1] if job.state is JobState.FAILED]
    return pictures[:MOST_SHOWN], await _on_their_way(services, (*failed, *waiting)[:MOST_SHOWN])


async def _of_challenge(
    interaction: "discord.Interaction[StylizeClient]", challenge_id: int
) -> list[tuple[Job, Address]]:
    """Asked for in its server, or from there on in direct messages."""
    user_id = str(interaction.user.id)
    tenant_ids = {str(interaction.guild_id), user_id}
    store = interaction.client.services.store
    jobs = await store.latest(tenant_ids=tenant_ids, owner_id=user_id, limit=JOBS_LOOKED_AT)
    found = [(job, address) for job in jobs if (address := address_of(job)) is not None]
    return [(job, address) for job, address in found if address.challenge_id == challenge_id and not address.deleted]


async def _on_their_way(services: "Services", jobs: Collection[tuple[Job, Address]]) -> list[OnItsWay]:
    standings = await services.store.standings([job for job, _ in jobs])
    states = []
    for job, address in jobs:
        progress = await services.store.progress(job.id)
        state = card_state(job, standings.get(job.id), progress, now=services.clock.now())
        states.append(OnItsWay(address, state))
    return states


def can_be_entered(challenge: Challenge, picture: Painted, now: float) -> bool:
    """As far as time goes."""
    try:
        check_in_time(challenge.schedule, asked_at=asked_at(picture.job.id), now=now)
    except WrongPhase:
        return False
    return True
