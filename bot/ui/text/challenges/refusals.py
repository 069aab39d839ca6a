"""What is said where a challenge refuses something."""

from typing import assert_never

from bot.challenges.creation import CannotCreate
from bot.challenges.errors import (
    BadTimes,
    ChallengeRefused,
    EnoughEntries,
    Lack,
    NoHeartsLeft,
    NoSuchChallenge,
    NoSuchEntry,
    NotEligible,
    OwnEntry,
    TimesMistake,
    VoterBlocked,
    WrongPhase,
)
from bot.challenges.values import Phase
from bot.ui.text.challenges import buttons, card
from bot.ui.text.challenges.creating import cannot_create
from bot.ui.text.challenges.lengths import length
from bot.ui.text.names import unformatted
from bot.ui.words import Words

HOW_LENGTHS_ARE_WRITTEN = ("30m", "12h", "3d", "1w 2d")
HOW_MOMENTS_ARE_WRITTEN = "2026-12-24 18:00"


def refused(error: ChallengeRefused, say: Words) -> str:
    """One sentence for whoever asked."""
    match error:
        case NoSuchChallenge():
            return say("This challenge is not there any more.")
        case NoSuchEntry():
            return say("This entry is not in the challenge any more.")
        case WrongPhase(phase=phase):
            return _wrong_phase(phase, say)
        case NotEligible() | VoterBlocked():
            return _not_allowed(error, say)
        case EnoughEntries(limit=limit):
            return say.count(
                "You have {n} entry already, which is all that one member may have. **{mine}** shows it.",
                "You have {n} entries already, which is all that one member may have. **{mine}** shows them.",
                limit,
                mine=say(buttons.MINE),
            )
        case OwnEntry():
            return say("This is your own entry: vote for the others.")
        case NoHeartsLeft(limit=limit):
            return say.count(
                "You have given your only heart. Take it back from another entry first.",
                "You have given all {n} hearts. Take one back from another entry first.",
                limit,
            )
        case BadTimes():
            return _bad_times(error, say)
        case CannotCreate(obstacle=why):
            return cannot_create(why, say)
        case _:
            return say("This is not possible in this challenge.")


def _wrong_phase(phase: Phase, say: Words) -> str:
    match phase:
        case Phase.DRAFT:
            return say("This challenge is not open yet.")
        case Phase.OPEN:
            return say("This challenge is still open for entries.")
        case Phase.VOTING:
            return say("The time for entries is over: this challenge is being voted on.")
        case Phase.CLOSED:
            return say(card.OVER)
        case Phase.CANCELLED:
            return say(card.CANCELLED)
        case _:
            assert_never(phase)


def _not_allowed(error: NotEligible | VoterBlocked, say: Words) -> str:
    match error:
        case NotEligible():
            return _not_eligible(error, say)
        case VoterBlocked(reason=""):
            return say("The moderators of this server have blocked you, so you cannot vote here.")
        case VoterBlocked(reason=reason):
            return say(
                "The moderators of this server have blocked you, so you cannot vote here: {reason}",
                reason=unformatted(reason),
            )
        case _:
            assert_never(error)


def _not_eligible(error: NotEligible, say: Words) -> str:
    roles = say.either([f"<@&{role_id}>" for role_id in error.role_ids])
    match error.lack:
        case Lack.ENTER_ROLE:
            return say("Only members with {roles} can enter this challenge.", roles=roles)
        case Lack.VOTE_ROLE:
            return say("Only members with {roles} can vote in this challenge.", roles=roles)
        case Lack.NOT_A_MEMBER:
            return say("Only members of the server can take part in its challenges.")
        case Lack.TIME_HERE if error.from_at is not None:
            when = f"<t:{round(error.from_at)}:R>"
            return say("You have not been in this server for long enough yet: you can take part {when}.", when=when)
        case Lack.TIME_HERE:
            return say("Discord does not say how long you have been in this server, which this challenge asks for.")
        case _:
            assert_never(error.lack)


def _bad_times(error: BadTimes, say: Words) -> str:
    typed = unformatted(error.typed)
    limit = length(error.limit_seconds or 0.0, say)
    match error.mistake:
        case TimesMistake.NOT_UNDERSTOOD:
            return say(
                "“{typed}” is not understood as a time. Write for example {examples}.",
                typed=typed,
                examples=_either(*HOW_LENGTHS_ARE_WRITTEN, HOW_MOMENTS_ARE_WRITTEN, say=say),
            )
        case TimesMistake.NO_LENGTH:
            return say(
                "“{typed}” is not understood as a length of time. Write for example {examples}.",
                typed=typed,
                examples=_either(*HOW_LENGTHS_ARE_WRITTEN, say=say),
            )
        case TimesMistake.PAST:
            return say("“{typed}” is in the past.", typed=typed)
        case TimesMistake.TOO_SHORT:
            return say("“{typed}” is too short: it takes at least {limit}.", typed=typed, limit=limit)
        case TimesMistake.TOO_LONG:
            return say("“{typed}” is too long: {limit} is the most.", typed=typed, limit=limit)
        case TimesMistake.TOO_FAR:
            return say("“{typed}” is too far away: it may begin in {limit} at the latest.", typed=typed, limit=limit)
        case _:
            assert_never(error.mistake)


def _either(*examples: str, say: Words) -> str:
    """As they are typed."""
    return say.either([f"`{example}`" for example in examples])
