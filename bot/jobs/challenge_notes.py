"""What moderators read of challenges in a server's log channel, as values; `bot.ui.text.challenges.log` says them.

A title is as the moderator wrote it. `by` is whoever did it.
"""

from dataclasses import dataclass
from enum import StrEnum, auto


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeAnnounced:
    by: int
    title: str
    opens_at: float | None
    """When it opens, in seconds since 1970; None where it is open at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeExtended:
    by: int
    title: str
    until: float
    """In seconds since 1970."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntriesEnded:
    """A moderator ended the time for entries early, and members vote now."""

    by: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeEnded:
    """It is closed. `by` is None where its time had come."""

    by: int | None
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeCancelled:
    by: int
    title: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesStopped:
    by: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeExported:
    by: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryWaits:
    """For a moderator's approval."""

    user_id: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryApproved:
    by: int
    user_id: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRemoved:
    by: int
    user_id: int
    title: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryWithdrawn:
    user_id: int
    title: str


EntryNote = EntryWaits | EntryApproved | EntryRemoved | EntryWithdrawn
ChallengeNote = (
    ChallengeAnnounced
    | ChallengeExtended
    | EntriesEnded
    | ChallengeEnded
    | ChallengeCancelled
    | SeriesStopped
    | ChallengeExported
)


class Trouble(StrEnum):
    """What could not be done."""

    CARD_DELETED = auto()
    """Somebody deleted the announcement."""
    NOT_SAID = auto()
    """The channel takes no messages of the bot."""
    WINNER_LEFT = auto()
    ROLE_REFUSED = auto()
    """The bot may not give the winner's role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeTrouble:
    trouble: Trouble
    title: str
    channel_id: int
    user_id: int | None = None
    """The winner, where it is about one."""
