"""`/challenge`: everybody sees it; what only some may do says so itself."""

from discord import app_commands

from bot.ui.challenges.create import add_create
from bot.ui.challenges.history import add_history
from bot.ui.challenges.listing import add_list
from bot.ui.challenges.manage import add_manage
from bot.ui.challenges.standings import add_standings
from bot.ui.text.challenges import commands as text


def challenge_commands() -> app_commands.Group:
    """A fresh `/challenge` for a command tree."""
    group = app_commands.Group(
        name="challenge",
        description=app_commands.locale_str(text.GROUP_DESCRIPTION),
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )
    for add in (add_list, add_standings, add_history, add_create, add_manage):
        add(group)
    return group
