"""The buttons under a challenge's messages."""

from bot.ui.words import later

ENTER = later("Enter")
MINE = later("My entry")
GALLERY = later("Gallery")
VOTE = later("Vote")
