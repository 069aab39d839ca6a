"""What challenges refuse. Each is told to whoever asked, in words of `bot/ui/text/challenges`.

ChallengeRefused
├── NoSuchChallenge   it does not exist in this server
│   └── UnreadableChallenge   another version wrote it
├── WrongPhase        it is not where this is possible
├── NotEligible       who asks may not enter or vote
├── VoterBlocked      the server's moderators have blocked who asks
├── EnoughEntries     as many as one member may have
├── NoSuchEntry       it does not exist, or not for this member any more
│   └── OtherPicture  its author has put another picture in its place
├── OwnEntry          nobody votes for themselves
├── NoHeartsLeft      all were given
└── BadTimes          a start or an end that cannot be
"""

from enum import StrEnum, auto

from bot.challenges.values import Phase


class ChallengeRefused(Exception):
    """Base of what challenges refuse."""


class NoSuchChallenge(ChallengeRefused):
    """It does not exist, or not in this server."""


class UnreadableChallenge(NoSuchChallenge):
    """A row of it, or of its series, has values that this version does not know; a newer version's, most likely."""

    def __init__(self, which: str, problem: str) -> None:
        super().__init__(f"{which} cannot be read by this version: {problem}")
        self.which = which


class WrongPhase(ChallengeRefused):
    """What was asked for is not possible in the phase that the challenge is in by now."""

    def __init__(self, phase: Phase) -> None:
        super().__init__(f"the challenge is {phase.value}")
        self.phase = phase


class Lack(StrEnum):
    """Why somebody may not take part."""

    ENTER_ROLE = auto()
    VOTE_ROLE = auto()
    TIME_HERE = auto()
    NOT_A_MEMBER = auto()


class NotEligible(ChallengeRefused):
    """`role_ids`: one of them is needed. `from_at`: from when on they may, where that is all they lack."""

    def __init__(self, lack: Lack, *, role_ids: tuple[int, ...] = (), from_at: float | None = None) -> None:
        super().__init__(lack.value)
        self.lack = lack
        self.role_ids = role_ids
        self.from_at = from_at


class VoterBlocked(ChallengeRefused):
    """`reason`: as the moderators wrote it; empty where they gave none."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason or "blocked")
        self.reason = reason


class EnoughEntries(ChallengeRefused):
    """The member has as many entries as one may have."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} entries")
        self.limit = limit


class NoSuchEntry(ChallengeRefused):
    """It does not exist, or is no longer what it was taken for: removed, withdrawn, or somebody else's."""


class OtherPicture(NoSuchEntry):
    """Its author has put another picture there since whoever asks saw it."""


class OwnEntry(ChallengeRefused):
    """Nobody votes for themselves."""


class NoHeartsLeft(ChallengeRefused):
    """The member has given all their hearts."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} hearts")
        self.limit = limit


class TimesMistake(StrEnum):
    """What is wrong with a start or a length."""

    NOT_UNDERSTOOD = auto()
    NO_LENGTH = auto()
    """Not understood, where only a length makes sense."""
    PAST = auto()
    TOO_SHORT = auto()
    TOO_LONG = auto()
    TOO_FAR = auto()


class BadTimes(ChallengeRefused):
    """`typed`: what was typed. `limit_seconds`: the shortest, longest or farthest that is possible."""

    def __init__(self, mistake: TimesMistake, typed: str, limit_seconds: float | None = None) -> None:
        super().__init__(f"{mistake.value}: {typed!r}")
        self.mistake = mistake
        self.typed = typed
        self.limit_seconds = limit_seconds
