"""Who presses a button of a challenge, and which challenge they mean."""

from typing import TYPE_CHECKING

import discord

from bot.challenges.eligibility import Visitor
from bot.challenges.values import Author, Challenge
from bot.jobs.admission import NotPermitted, Refused
from bot.ui.visit import may_judge_entries, tenant_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

LONGEST_NAME = 64


def visitor_of(interaction: "discord.Interaction[StylizeClient]") -> Visitor:
    """As Discord describes them with this very interaction."""
    return visitor_as(interaction.user)


def visitor_as(member: discord.Member | discord.User) -> Visitor:
    """As Discord describes them; a mere user is no member."""
    if not isinstance(member, discord.Member):
        return Visitor(role_ids=frozenset(), joined_at=None, is_member=False)
    joined_at = member.joined_at.timestamp() if member.joined_at else None
    return Visitor(role_ids=frozenset(role.id for role in member.roles), joined_at=joined_at)


def author_as(user: discord.Member | discord.User, locale: str) -> Author:
    """As the archive keeps them: with the name that their server knows, where they are a member."""
    return Author(
        user_id=str(user.id),
        name=user.display_name[:LONGEST_NAME],
        username=user.name[:LONGEST_NAME],
        locale=locale,
    )


async def find_challenge(interaction: "discord.Interaction[StylizeClient]", challenge_id: int) -> Challenge:
    """Of the server that the interaction comes from. Raises NoSuchChallenge and QueueUnavailable."""
    return await interaction.client.services.challenges.challenges.find(tenant_of(interaction), challenge_id)


async def find_judged(interaction: "discord.Interaction[StylizeClient]", challenge_id: int) -> Challenge:
    """One whose entries whoever asks may judge. Raises Refused, NoSuchChallenge and QueueUnavailable."""
    challenge = await find_challenge(interaction, challenge_id)
    if not may_judge_entries(interaction, challenge.channel_id):
        raise Refused(NotPermitted("manage_messages"))
    return challenge
