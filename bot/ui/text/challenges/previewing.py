"""The preview of a challenge: what happens when it is announced, what will not work, and the form that changes it."""

from collections.abc import Sequence

from bot.challenges.values import Challenge, ChallengeStyle
from bot.ui.text.names import unformatted
from bot.ui.words import Words, later

ANNOUNCE = later("Announce")
OPEN_NOW = later("Announce and open")
CHANGE = later("Change…")
DISCARD = later("Discard")
DISCARDED = later("The draft was discarded. Nothing was announced.")
TIMES_KEPT = later("The times stay as they were; the title and the description are changed.")

FORM_TITLE = later("Change the challenge")
TITLE_LABEL = later("Title")
DESCRIPTION_LABEL = later("Description")
STARTS_LABEL = later("Start")
STARTS_HINT = later("now, in 2h, 18:00 or 2026-12-24 18:00; times are UTC")
ENDS_LABEL = later("End of entries")
ENDS_HINT = later("A length such as 3d, or a time such as 2026-12-24 18:00 (UTC)")
VOTING_LABEL = later("Voting")
VOTING_HINT = later("A length such as 12h or 1d")

FREE_THEME = later("No style was given: this is a free theme, and members bring both pictures.")
DUELS_HAVE_NO_HEARTS = later("In duels nobody gives hearts, so `hearts` changes nothing.")
MOST_STYLES_NAMED = 6


def where(challenge: Challenge, say: Words) -> str:
    """What a press announces."""
    channel, role_id = f"<#{challenge.channel_id}>", challenge.terms.ping_role_id
    if role_id is None:
        return say("Only you see this preview. It will be announced in {channel}.", channel=channel)
    return say(
        "Only you see this preview. It will be announced in {channel}, and {role} is mentioned.",
        channel=channel,
        role=f"<@&{role_id}>",
    )


def series(styles: Sequence[ChallengeStyle], last_at: float, say: Words) -> str:
    """What comes after the first one."""
    names = [f"**{unformatted(style.name)}**" for style in styles[:MOST_STYLES_NAMED]]
    if more := len(styles) - len(names):
        names.append(say.count("{n} other", "{n} others", more))
    return say.count(
        "A week later the next challenge opens, with {styles}: {when}.",
        "After it a challenge opens every week, with {styles}; the last one {when}.",
        len(styles),
        styles=say.listed(names),
        when=f"<t:{round(last_at)}:F>",
    )


def announced(challenge: Challenge, manage: str, say: Words) -> str:
    return say(
        "It is being announced in {channel}. With {manage} you extend it, end it early or cancel it.",
        channel=f"<#{challenge.channel_id}>",
        manage=manage,
    )


def cannot_give(role_id: int, say: Words) -> str:
    return say(
        "I cannot give {role} to the winner: I need the permission **Manage Roles**.",
        role=f"<@&{role_id}>",
    )


def stands_above(role_id: int, say: Words) -> str:
    return say(
        "I cannot give {role} to the winner: move my own role above it in the server's settings.",
        role=f"<@&{role_id}>",
    )


def cannot_mention(role_id: int, say: Words) -> str:
    return say(
        "The mention of {role} will reach nobody: allow everybody to mention that role, or give me the permission "
        "**Mention @everyone, @here, and All Roles**.",
        role=f"<@&{role_id}>",
    )


def nobody_enters(role_id: int, say: Words) -> str:
    return say("Nobody has the role {role}, so nobody can enter.", role=f"<@&{role_id}>")


def nobody_votes(role_id: int, say: Words) -> str:
    return say("Nobody has the role {role}, so nobody can vote.", role=f"<@&{role_id}>")


def role_gone(say: Words) -> str:
    return say("A role of this challenge was deleted.")
