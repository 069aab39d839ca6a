"""What an author is told alone about an entry of theirs, in direct messages."""

from bot.challenges.values import Challenge, Entry
from bot.ui.text.challenges.card import name
from bot.ui.text.challenges.links import linked
from bot.ui.text.names import unformatted
from bot.ui.words import Words


def approved(challenge: Challenge, say: Words) -> str:
    return say(
        "A moderator approved your entry in **{title}**: everybody can see it now.",
        title=linked(name(challenge), challenge),
    )


def removed(challenge: Challenge, entry: Entry, say: Words) -> str:
    title = linked(name(challenge), challenge)
    if not entry.reason:
        return say("A moderator removed your entry from **{title}**.", title=title)
    reason = unformatted(entry.reason)
    return say("A moderator removed your entry from **{title}**: {reason}", title=title, reason=reason)


def sent_by(server: str) -> str:
    """Which server it is about."""
    return f"-# {unformatted(server)}"
