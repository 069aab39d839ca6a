"""`/challenge create`: what a moderator chooses, as a draft that they see before anybody else does."""

from typing import TYPE_CHECKING, Any, TypeAlias

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.challenges.creation import TypedTimes
from bot.challenges.values import LONGEST_DESCRIPTION, LONGEST_TITLE, MOST_ENTRIES_PER_MEMBER, VotingMode
from bot.ui.challenges import create_typing as typing
from bot.ui.challenges.draft import Wanted, make_draft
from bot.ui.challenges.draft_form import LONGEST_TIME
from bot.ui.challenges.preview import show_preview
from bot.ui.errors import mistakes_answered
from bot.ui.from_library import suggest_styles
from bot.ui.gate import runs_challenges
from bot.ui.private_answer import hold
from bot.ui.text.challenges import creating as text

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

Interaction: TypeAlias = "discord.Interaction[StylizeClient]"
Time = app_commands.Range[str, 1, LONGEST_TIME]
MOST_HEARTS = 100
LONGEST_NAMES = 1000
MODES = [app_commands.Choice(name=locale_str(text.MODES[mode]), value=mode.value) for mode in VotingMode]
OPTIONS = {name: locale_str(description) for name, description in text.CREATE_OPTIONS.items()}


class VenueOption(app_commands.Transformer):
    """A channel as Discord names it with the command, so that one the bot cannot see is refused in words."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        return [discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.forum]

    async def transform(self, _interaction: discord.Interaction[Any], value: app_commands.AppCommandChannel, /) -> int:
        return value.id


def add_create(group: app_commands.Group) -> None:
    """Add it to `/challenge`."""

    @group.command(name="create", description=locale_str(text.CREATE_DESCRIPTION))
    @app_commands.describe(**OPTIONS)
    @app_commands.choices(mode=MODES)
    @app_commands.autocomplete(
        from_library=suggest_styles,
        starts=typing.starts,
        lasts=typing.lasts,
        ends=typing.ends,
        voting=typing.voting,
        member_for=typing.member_for,
    )
    async def create(  # noqa: PLR0913  # Discord shows an option for each
        interaction: Interaction,
        *,
        title: app_commands.Range[str, 1, LONGEST_TITLE],
        description: app_commands.Range[str, 1, LONGEST_DESCRIPTION] = "",
        style: discord.Attachment | None = None,
        style2: discord.Attachment | None = None,
        from_library: app_commands.Range[str, 1, LONGEST_NAMES] = "",
        starts: Time = "",
        lasts: Time = "",
        ends: Time = "",
        voting: Time = "",
        mode: str = VotingMode.APPROVAL.value,
        hearts: app_commands.Range[int, 1, MOST_HEARTS] | None = None,
        entries_per_member: app_commands.Range[int, 1, MOST_ENTRIES_PER_MEMBER] = 1,
        needs_approval: bool = False,
        enter_role: discord.Role | None = None,
        vote_role: discord.Role | None = None,
        member_for: Time = "",
        ping_role: discord.Role | None = None,
        winner_role: discord.Role | None = None,
        channel: app_commands.Transform[int, VenueOption] | None = None,
        weekly: bool = False,
    ) -> None:
        wanted = Wanted(
            title=title,
            description=description,
            uploads=tuple(file for file in (style, style2) if file is not None),
            names=from_library,
            times=TypedTimes(starts=starts, lasts=lasts, ends=ends, voting=voting),
            mode=VotingMode(mode),
            hearts=hearts,
            entries_per_member=entries_per_member,
            needs_approval=needs_approval,
            enter_role=enter_role,
            vote_role=vote_role,
            member_for=member_for,
            ping_role=ping_role,
            winner_role=winner_role,
            channel_id=channel,
            is_weekly=weekly,
        )
        async with mistakes_answered(interaction):
            await _create(interaction, wanted)


async def _create(interaction: Interaction, wanted: Wanted) -> None:
    if not await runs_challenges(interaction):
        return
    await hold(interaction)
    await show_preview(interaction, await make_draft(interaction, wanted))
