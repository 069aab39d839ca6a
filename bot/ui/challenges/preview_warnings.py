"""What a moderator should know before a challenge is announced: what will not work, or not as they may think."""

import logging
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import discord

from bot.challenges.creation import CannotCreate
from bot.challenges.values import Challenge, Terms, VotingMode
from bot.jobs.errors import BotError
from bot.ui.challenges.venue import bot_may_mention, venue
from bot.ui.errors import sentence
from bot.ui.places import translated
from bot.ui.text.challenges import previewing as text
from bot.ui.words import Words, words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

log = logging.getLogger(__name__)


async def warnings(interaction: "discord.Interaction[StylizeClient]", challenge: Challenge) -> list[str]:
    """A sentence for each."""
    guild, say, terms = interaction.guild, words_of(interaction), challenge.terms
    if guild is None:
        return []
    return [
        *_theme(terms, say),
        *_winner_role(guild, terms, say),
        *_ping_role(guild, challenge, say),
        *_nobody(terms, await _sizes(guild, terms), say),
    ]


def _theme(terms: Terms, say: Words) -> Iterator[str]:
    if not terms.styles:
        yield say(text.FREE_THEME)
    if terms.mode is VotingMode.DUELS and terms.hearts is not None:
        yield say(text.DUELS_HAVE_NO_HEARTS)


def _winner_role(guild: discord.Guild, terms: Terms, say: Words) -> Iterator[str]:
    if terms.winner_role_id is None:
        return
    role = guild.get_role(terms.winner_role_id)
    if role is None:
        yield text.role_gone(say)
    elif not guild.me.guild_permissions.manage_roles:
        yield text.cannot_give(role.id, say)
    elif guild.me.top_role <= role:
        yield text.stands_above(role.id, say)


def _ping_role(guild: discord.Guild, challenge: Challenge, say: Words) -> Iterator[str]:
    if challenge.terms.ping_role_id is None:
        return
    role = guild.get_role(challenge.terms.ping_role_id)
    try:
        place = venue(guild, challenge.channel_id)
    except CannotCreate as error:
        yield sentence(error, say)
        return
    if role is None:
        yield text.role_gone(say)
    elif not bot_may_mention(role, place):
        yield text.cannot_mention(role.id, say)


def _nobody(terms: Terms, sizes: Mapping[int, int], say: Words) -> Iterator[str]:
    if terms.enter_role_ids and not any(sizes.get(role_id, 1) for role_id in terms.enter_role_ids):
        yield text.nobody_enters(terms.enter_role_ids[0], say)
    if terms.vote_role_ids and not any(sizes.get(role_id, 1) for role_id in terms.vote_role_ids):
        yield text.nobody_votes(terms.vote_role_ids[0], say)


async def _sizes(guild: discord.Guild, terms: Terms) -> Mapping[int, int]:
    """How many members have a role, where Discord tells: the bot itself does not know a server's members."""
    is_asked_for = terms.enter_role_ids or terms.vote_role_ids
    if not is_asked_for or not guild.me.guild_permissions.manage_roles:
        return {}
    try:
        with translated():
            counts = await guild.role_member_counts()
    except BotError as error:
        log.warning("sizes of roles unknown guild=%s why=%r", guild.id, error)
        return {}
    return {role.id: count for role, count in counts.items()}
