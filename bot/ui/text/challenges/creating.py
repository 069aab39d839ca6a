"""`/challenge create`: its options, and why a challenge cannot be made."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import assert_never

from bot.challenges.creation import (
    MOST_WEEKS,
    BotLacks,
    Clash,
    DraftState,
    MemberLacks,
    NoTag,
    NotForGiving,
    NotForPinging,
    NotTheirsToGive,
    NotTheirsToPing,
    NoVenue,
    Obstacle,
    TooManyUnfinished,
)
from bot.challenges.values import VotingMode
from bot.ui.text.challenges.lengths import length
from bot.ui.text.names import cut
from bot.ui.text.refusals import PERMISSION_NAMES
from bot.ui.words import Words, later

LONGEST_CHOICE = 100

CREATE_DESCRIPTION = later("Make a challenge; you see it before anybody else does")
CREATE_OPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "title": later("What it is called"),
        "description": later("What it is about, in your own words"),
        "style": later("All entries are painted in its style; without one the theme is free"),
        "style2": later("A second style"),
        "from_library": later("Styles of this server by name, with commas between them"),
        "starts": later("When it opens: in 2h, 18:00 or 2026-12-24 18:00 (UTC); otherwise now"),
        "lasts": later("How long entries are open: 12h, 3d or 1w; 3d unless you say otherwise"),
        "ends": later("Or until when entries are open: 18:00 or 2026-12-24 18:00 (UTC)"),
        "voting": later("How long members vote: 12h, 3d or 1w; 1d unless you say otherwise"),
        "mode": later("How members vote"),
        "hearts": later("How many hearts each member has; no limit unless you say otherwise"),
        "entries_per_member": later("How many entries one member may have; 1 unless you say otherwise"),
        "needs_approval": later("A moderator looks at each entry before it is shown"),
        "enter_role": later("Only members with this role can enter"),
        "vote_role": later("Only members with this role can vote"),
        "member_for": later("How long members must have been here to enter and vote: 7d, for example"),
        "ping_role": later("The role that is mentioned with the announcement"),
        "winner_role": later("The role that winners are given"),
        "channel": later("Where it is announced; here unless you say otherwise"),
        "weekly": later("One challenge a week, each with the next style of from_library"),
    }
)
MODES: Mapping[VotingMode, str] = MappingProxyType(
    {
        VotingMode.APPROVAL: later("hearts: one for every entry that a member likes"),
        VotingMode.DUELS: later("duels: two entries side by side, the better one is chosen"),
    }
)

_CLASHES: Mapping[Clash, str] = MappingProxyType(
    {
        Clash.NO_TITLE: later("A challenge needs a title."),
        Clash.LENGTH_AND_END: later("Give `lasts` or `ends`, not both of them."),
        Clash.TOO_FEW_WEEKS: later("A weekly series needs at least two styles: name them with `from_library`."),
        Clash.UPLOADS_EVERY_WEEK: later(
            "A weekly series takes its styles from the library: name them with `from_library`, and attach none."
        ),
    }
)
_DRAFTS: Mapping[DraftState, str] = MappingProxyType(
    {
        DraftState.GONE: later("This draft is not there any more. Please make the challenge again."),
        DraftState.ANNOUNCED: later("This challenge has been announced already."),
    }
)


def cannot_create(why: Obstacle, say: Words) -> str:  # one sentence for each
    """One sentence."""
    match why:
        case Clash.TOO_MANY_WEEKS:
            return say("A weekly series has at most {most} styles.", most=MOST_WEEKS)
        case Clash():
            return say(_CLASHES[why])
        case DraftState():
            return say(_DRAFTS[why])
        case TooManyUnfinished(limit=limit):
            return say(
                "There are {limit} challenges here that are not over yet, which is the most. End or cancel one first.",
                limit=limit,
            )
        case NoVenue() | BotLacks() | MemberLacks() | NoTag():
            return _channel(why, say)
        case NotForGiving(role_id=role_id):
            return say("{role} cannot be given to a winner: choose another role.", role=_role(role_id))
        case NotTheirsToGive(role_id=role_id):
            return say("You may not give {role} to members yourself, so I do not either.", role=_role(role_id))
        case NotForPinging():
            return say("I do not mention everybody: choose another role.")
        case NotTheirsToPing(role_id=role_id):
            return say("You may not mention {role} there yourself, so I do not either.", role=_role(role_id))
        case _:
            assert_never(why)


def now_choice(say: Words) -> str:
    return cut(say("now: as soon as it is announced"), LONGEST_CHOICE)


def start_choice(seconds: float, at: float, say: Words) -> str:
    """A start so long from now."""
    when = moment_choice(at, say)
    return cut(say("in {length} ({when})", length=length(seconds, say), when=when), LONGEST_CHOICE)


def end_choice(seconds: float, at: float, say: Words) -> str:
    """Of something that lasts so long."""
    when = moment_choice(at, say)
    return cut(say("{length} (until {when})", length=length(seconds, say), when=when), LONGEST_CHOICE)


def moment_choice(at: float, say: Words) -> str:
    """Where Discord shows no timestamps in the reader's own time."""
    return cut(say("{day}, {time} UTC", day=say.day(at), time=say.time(at)), LONGEST_CHOICE)


def _channel(why: NoVenue | BotLacks | MemberLacks | NoTag, say: Words) -> str:
    match why:
        case NoVenue():
            return say("Choose a text channel, an announcement channel or a forum that I can see.")
        case BotLacks(channel_id=channel_id, permissions=permissions):
            return say.count(
                "I lack the permission {permissions} in {channel}.",
                "I lack the permissions {permissions} in {channel}.",
                len(permissions),
                permissions=say.listed([f"**{say(PERMISSION_NAMES[name])}**" for name in permissions]),
                channel=f"<#{channel_id}>",
            )
        case MemberLacks(channel_id=channel_id):
            return say("You may not post in {channel} yourself, so I do not either.", channel=f"<#{channel_id}>")
        case NoTag(channel_id=channel_id):
            return say(
                "Posts in {channel} need a tag, and there is none that I may use. Add one to the forum first.",
                channel=f"<#{channel_id}>",
            )
        case _:
            assert_never(why)


def _role(role_id: int) -> str:
    return f"<@&{role_id}>"
