"""Where a challenge may be announced, and which roles it may mention and give: by what Discord says of the bot, and of
whoever asks, for whom the bot does nothing that they may not do themselves.
"""

from typing import Any

import discord

from bot.challenges.creation import (
    BotLacks,
    CannotCreate,
    MemberLacks,
    NoTag,
    NotForGiving,
    NotForPinging,
    NotTheirsToGive,
    NotTheirsToPing,
    NoVenue,
)
from bot.ui.visit import may_manage_server

Interaction = discord.Interaction[Any]
Venue = discord.TextChannel | discord.ForumChannel

NEEDED = ("view_channel", "send_messages", "attach_files")
NEEDED_IN_A_FORUM = (*NEEDED, "send_messages_in_threads")


def venue_of(interaction: Interaction, channel_id: int | None) -> Venue:
    """The channel that was chosen, or where the command was given. Raises CannotCreate."""
    here = interaction.channel
    if channel_id is None:
        channel_id = here.parent_id if isinstance(here, discord.Thread) else interaction.channel_id
    found = venue(interaction.guild, channel_id or 0)
    member = interaction.user
    if isinstance(member, discord.Member) and not may_manage_server(interaction):
        may = found.permissions_for(member)
        if not (may.view_channel and may.send_messages):
            raise CannotCreate(MemberLacks(found.id))
    return found


def venue(guild: discord.Guild | None, channel_id: int) -> Venue:
    """A channel where the bot can announce. Raises CannotCreate."""
    found = guild.get_channel(channel_id) if guild else None
    if guild is None or not isinstance(found, discord.TextChannel | discord.ForumChannel):
        raise CannotCreate(NoVenue())
    if isinstance(found, discord.ForumChannel) and found.is_media():
        raise CannotCreate(NoVenue())
    may = found.permissions_for(guild.me)
    needed = NEEDED_IN_A_FORUM if isinstance(found, discord.ForumChannel) else NEEDED
    if lacking := tuple(name for name in needed if not getattr(may, name)):
        raise CannotCreate(BotLacks(found.id, lacking))
    if isinstance(found, discord.ForumChannel) and found.flags.require_tag and not _has_a_tag(found):
        raise CannotCreate(NoTag(found.id))
    return found


def check_winner_role(interaction: Interaction, role: discord.Role | None) -> None:
    """Raises CannotCreate. Permissions of the channel do not count: there the same name means another thing."""
    if role is None:
        return
    if role.is_default() or role.managed:
        raise CannotCreate(NotForGiving(role.id))
    member = interaction.user
    if not isinstance(member, discord.Member) or member.id == member.guild.owner_id:
        return
    if not member.guild_permissions.manage_roles or member.top_role <= role:
        raise CannotCreate(NotTheirsToGive(role.id))


def check_ping_role(interaction: Interaction, role: discord.Role | None, place: Venue) -> None:
    """Raises CannotCreate."""
    if role is None:
        return
    if role.is_default():
        raise CannotCreate(NotForPinging())
    member = interaction.user
    if isinstance(member, discord.Member) and not _may_mention(member, role, place):
        raise CannotCreate(NotTheirsToPing(role.id))


def bot_may_mention(role: discord.Role, place: Venue) -> bool:
    return _may_mention(place.guild.me, role, place)


def _may_mention(member: discord.Member, role: discord.Role, place: Venue) -> bool:
    return role.mentionable or place.permissions_for(member).mention_everyone


def _has_a_tag(forum: discord.ForumChannel) -> bool:
    """One that the bot may put on a post."""
    may_moderate = forum.permissions_for(forum.guild.me).manage_threads
    return any(may_moderate or not tag.moderated for tag in forum.available_tags)
