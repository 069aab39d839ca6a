"""`/challenge` and its subcommands in Discord's menu."""

from bot.ui.words import later

GROUP_DESCRIPTION = later("Community style challenges: enter a picture, vote, and see who won")
