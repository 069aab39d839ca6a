"""`/moderation`: who may not ask for pictures in a server. Discord's own setting of who sees it is a hint only."""

import logging
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.jobs.moderation import MemberBlocked, MemberUnblocked
from bot.ui.gate import is_manager, is_moderator
from bot.ui.private_answer import hold, tell
from bot.ui.text import moderation as text
from bot.ui.visit import tenant_of
from bot.ui.words import words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

log = logging.getLogger(__name__)

LONGEST_REASON = 300


def moderation_commands() -> app_commands.Group:
    """A fresh `/moderation` for a command tree."""
    group = app_commands.Group(
        name="moderation",
        description=app_commands.locale_str(text.GROUP_DESCRIPTION),
        default_permissions=discord.Permissions(moderate_members=True),
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )

    @group.command(name="block", description=app_commands.locale_str(text.BLOCK_DESCRIPTION))
    @app_commands.describe(
        member=app_commands.locale_str(text.MEMBER_OPTION), reason=app_commands.locale_str(text.REASON_OPTION)
    )
    async def block(
        interaction: "discord.Interaction[StylizeClient]",
        member: discord.User,
        reason: app_commands.Range[str, 1, LONGEST_REASON] = "",
    ) -> None:
        if await is_moderator(interaction):
            await _block(interaction, member, reason.strip())

    @group.command(name="unblock", description=app_commands.locale_str(text.UNBLOCK_DESCRIPTION))
    @app_commands.describe(member=app_commands.locale_str(text.MEMBER_OPTION))
    async def unblock(interaction: "discord.Interaction[StylizeClient]", member: discord.User) -> None:
        may = is_manager if member.id == interaction.user.id else is_moderator  # no moderator lets themselves in again
        if await may(interaction):
            await _unblock(interaction, member)

    @group.command(name="blocked", description=app_commands.locale_str(text.BLOCKED_DESCRIPTION))
    async def blocked(interaction: "discord.Interaction[StylizeClient]") -> None:
        if await is_moderator(interaction):
            await _show_blocked(interaction)

    return group


async def _block(
    interaction: "discord.Interaction[StylizeClient]", member: discord.User | discord.Member, reason: str
) -> None:
    """Save it first: from then on nothing of theirs is let in, and what waits already is cancelled."""
    await hold(interaction)
    say = words_of(interaction)
    if (why := _cannot_be_blocked(interaction, member)) is not None:
        return await tell(interaction, say(why))
    services, tenant_id, by = interaction.client.services, tenant_of(interaction), interaction.user.id
    await services.blocked.block(tenant_id, str(member.id), reason=reason, by=str(by))
    cancelled = await services.store.cancel_queued(tenant_id=tenant_id, owner_id=str(member.id))
    log.info("blocked guild=%s user=%s by=%s cancelled=%s reason=%r", tenant_id, member.id, by, cancelled, reason)
    services.moderation_log.note(interaction.guild_id, MemberBlocked(by=by, user_id=member.id, reason=reason))
    return await tell(interaction, text.blocked(member.id, len(cancelled), say))


async def _unblock(interaction: "discord.Interaction[StylizeClient]", member: discord.User | discord.Member) -> None:
    await hold(interaction)
    services, tenant_id, by = interaction.client.services, tenant_of(interaction), interaction.user.id
    was_blocked = await services.blocked.unblock(tenant_id, str(member.id))
    if was_blocked:
        log.info("unblocked guild=%s user=%s by=%s", tenant_id, member.id, by)
        services.moderation_log.note(interaction.guild_id, MemberUnblocked(by=by, user_id=member.id))
    await tell(interaction, text.unblocked(member.id, was_blocked=was_blocked, say=words_of(interaction)))


async def _show_blocked(interaction: "discord.Interaction[StylizeClient]") -> None:
    await hold(interaction)
    blocks = await interaction.client.services.blocked.listed(tenant_of(interaction))
    await tell(interaction, text.listed(blocks, words_of(interaction)))


def _cannot_be_blocked(
    interaction: "discord.Interaction[StylizeClient]", member: discord.User | discord.Member
) -> str | None:
    if member.id == interaction.user.id:
        return text.NOT_YOURSELF
    if member.bot:
        return text.NOT_A_BOT
    if not isinstance(member, discord.Member):
        return None
    may = member.resolved_permissions or member.guild_permissions
    return text.NOT_AN_ADMIN if may.administrator or may.manage_guild else None
