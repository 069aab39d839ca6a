"""What whoever runs challenges does with one: each act changes it, notes it, and returns what to say."""

import logging
from typing import TYPE_CHECKING, TypeAlias

import discord

from bot.challenges.errors import NoSuchChallenge
from bot.challenges.times import DAY, MINUTE, Range, parse_length
from bot.challenges.values import Challenge, Phase
from bot.jobs.challenge_notes import (
    ChallengeCancelled,
    ChallengeEnded,
    ChallengeExtended,
    ChallengeNote,
    EntriesEnded,
    SeriesStopped,
)
from bot.ui.challenges.visitor import find_challenge
from bot.ui.text.challenges import managing as text
from bot.ui.visit import tenant_of
from bot.ui.words import words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

log = logging.getLogger(__name__)

Interaction: TypeAlias = "discord.Interaction[StylizeClient]"

EXTENSION = Range(5 * MINUTE, 30 * DAY)


def parse_extension(typed: str) -> float:
    """Seconds. Raises BadTimes."""
    return parse_length(typed, EXTENSION)


async def end(interaction: Interaction, challenge_id: int, seen: Phase) -> str:
    """End the phase that the moderator saw. Raises NoSuchChallenge, and WrongPhase where somebody else was quicker."""
    services, by = interaction.client.services, interaction.user.id
    after = await services.challenges.challenges.end_early(
        tenant_of(interaction), challenge_id, seen, services.clock.now()
    )
    voting = after.phase is Phase.VOTING
    _note(interaction, after, EntriesEnded(by=by, title=after.title) if voting else _ended(by, after))
    return text.ended(after, words_of(interaction))


async def extend(interaction: Interaction, challenge_id: int, seen: Phase, seconds: float) -> str:
    """Raises NoSuchChallenge and WrongPhase."""
    services = interaction.client.services
    after = await services.challenges.challenges.extend(
        tenant_of(interaction), challenge_id, seen, seconds, services.clock.now()
    )
    until = after.schedule.deadline or services.clock.now()
    _note(interaction, after, ChallengeExtended(by=interaction.user.id, title=after.title, until=until))
    return text.extended(after, words_of(interaction))


async def cancel(interaction: Interaction, challenge_id: int, reason: str) -> str:
    """Raises NoSuchChallenge and WrongPhase."""
    services = interaction.client.services
    after = await services.challenges.challenges.cancel(
        tenant_of(interaction), challenge_id, reason, services.clock.now()
    )
    _note(interaction, after, ChallengeCancelled(by=interaction.user.id, title=after.title, reason=reason))
    return text.cancelled(words_of(interaction))


async def repost(interaction: Interaction, challenge_id: int) -> str:
    """Raises NoSuchChallenge."""
    services = interaction.client.services
    challenge = await find_challenge(interaction, challenge_id)
    await services.challenges.tasks.say_again(challenge, services.clock.now())
    log.info("repost challenge=%s guild=%s user=%s", challenge.id, challenge.tenant_id, interaction.user.id)
    return text.reposted(challenge, words_of(interaction))


async def stop_series(interaction: Interaction, challenge_id: int) -> str:
    """Raises NoSuchChallenge where the challenge itself is gone."""
    say, services = words_of(interaction), interaction.client.services
    challenge = await find_challenge(interaction, challenge_id)
    if challenge.series_id is None:
        return say(text.NOT_A_SERIES)
    try:
        await services.challenges.series.stop(challenge.tenant_id, challenge.series_id)
    except NoSuchChallenge:
        return say(text.NOT_A_SERIES)
    _note(interaction, challenge, SeriesStopped(by=interaction.user.id, title=challenge.title))
    return say(text.STOPPED)


def _ended(by: int, challenge: Challenge) -> ChallengeEnded:
    return ChallengeEnded(by=by, title=challenge.title)


def _note(interaction: Interaction, challenge: Challenge, note: ChallengeNote) -> None:
    what = type(note).__name__
    log.info("%s challenge=%s guild=%s user=%s", what, challenge.id, challenge.tenant_id, interaction.user.id)
    interaction.client.services.moderation_log.note(interaction.guild_id, note)
