"""Who does something, and where, as values for the rules of `bot.jobs.admission`."""

from typing import Any

import discord

from bot.jobs.admission import Visit, may_cancel
from bot.store.blocked import Block

AGE_RESTRICTED_SERVERS = frozenset({discord.NSFWLevel.explicit, discord.NSFWLevel.age_restricted})

Interaction = discord.Interaction[Any]


def visit_of(interaction: Interaction, block: Block | None = None) -> Visit:
    member = interaction.user
    return Visit(
        role_ids=frozenset(role.id for role in member.roles) if isinstance(member, discord.Member) else frozenset(),
        is_moderator=may_manage_server(interaction),
        channel_ids=_channel_ids(interaction),
        age_restricted=is_age_restricted(interaction),
        block_reason=None if block is None else block.reason,
    )


def tenant_of(interaction: Interaction) -> str:
    """The server, or where a direct message has none, the member."""
    return str(interaction.guild_id or interaction.user.id)


def may_manage_server(interaction: Interaction) -> bool:
    """As Discord says for this very interaction. An administrator may do everything."""
    may = interaction.permissions
    return interaction.guild_id is not None and (may.manage_guild or may.administrator)


def may_moderate(interaction: Interaction) -> bool:
    """May time members out, or manage the server."""
    return may_manage_server(interaction) or (
        interaction.guild_id is not None and interaction.permissions.moderate_members
    )


def may_run_challenges(interaction: Interaction) -> bool:
    """Make, extend, end and cancel challenges: whoever may manage the server or all of its events."""
    return may_manage_server(interaction) or _everywhere(interaction).manage_events


def may_judge_entries(interaction: Interaction, channel_id: int | None = None) -> bool:
    """Approve and remove entries of a challenge in this channel: whoever runs challenges, moderates members, or manages
    messages there. Without one, where the member is now.
    """
    everywhere = _everywhere(interaction)
    if everywhere.manage_messages or everywhere.moderate_members or may_run_challenges(interaction):
        return True
    member, guild = interaction.user, interaction.guild
    if not isinstance(member, discord.Member) or guild is None or not interaction.permissions.manage_messages:
        return False
    channel = None if channel_id is None else guild.get_channel(channel_id)
    return channel_id is None or (channel is not None and channel.permissions_for(member).manage_messages)


def may_end(interaction: Interaction, owner_id: int) -> bool:
    """Cancel a job of this owner's, or delete its picture: they themselves, and moderators of messages."""
    is_moderator = interaction.guild_id is not None and interaction.permissions.manage_messages
    return may_cancel(owner_id=owner_id, member_id=interaction.user.id, is_moderator=is_moderator)


def is_age_restricted(interaction: Interaction) -> bool:
    """The channel, the channel of the thread, or the whole server. A thread whose channel is unknown counts as one."""
    if interaction.guild is not None and interaction.guild.nsfw_level in AGE_RESTRICTED_SERVERS:
        return True
    match interaction.channel:
        case discord.Thread(parent=None):
            return True
        case None | discord.DMChannel() | discord.GroupChannel():
            return False
        case channel:
            return channel.is_nsfw()


def _everywhere(interaction: Interaction) -> discord.Permissions:
    """What the member may do here, as Discord says, and by their roles in the whole server: not by a channel alone."""
    member = interaction.user
    if not isinstance(member, discord.Member) or member.guild.get_role(member.guild.id) is None:
        return discord.Permissions.none()  # of a server that Discord has not described yet, no roles are known
    return interaction.permissions & member.guild_permissions


def _channel_ids(interaction: Interaction) -> frozenset[int]:
    parent_id = interaction.channel.parent_id if isinstance(interaction.channel, discord.Thread) else None
    return frozenset(channel_id for channel_id in (interaction.channel_id, parent_id) if channel_id is not None)
