"""What a moderator asks for as a new challenge: when it is to be, and what stands in its way. Knows no Discord."""

from dataclasses import dataclass
from enum import StrEnum, auto

from bot.challenges.errors import ChallengeRefused
from bot.challenges.times import ENTRIES, NOW, VOTING, WEEK, End, Range, parse_end, parse_length, parse_start
from bot.challenges.values import Challenge

MOST_UNFINISHED = 10
"""Challenges of one server that are announced, open or being voted on."""
LEAST_WEEKS = 2
MOST_WEEKS = 26
DEFAULT_LASTS = "3d"
DEFAULT_VOTING = "1d"
ENTRIES_IN_A_WEEK = Range(ENTRIES.least, WEEK)
"""In a series entries for one challenge are over when the next one opens; its voting may go on beside it."""


class Clash(StrEnum):
    """Choices that do not go together, or that nothing could be made of."""

    NO_TITLE = auto()
    LENGTH_AND_END = auto()
    TOO_FEW_WEEKS = auto()
    TOO_MANY_WEEKS = auto()
    UPLOADS_EVERY_WEEK = auto()


class DraftState(StrEnum):
    """Why the preview of a draft is out of date."""

    GONE = auto()
    ANNOUNCED = auto()


@dataclass(frozen=True, slots=True)
class TooManyUnfinished:
    limit: int


@dataclass(frozen=True, slots=True)
class NoVenue:
    """Not a place that challenges can be announced in, or one that is gone."""


@dataclass(frozen=True, slots=True)
class BotLacks:
    """Permissions in the channel, by Discord's names."""

    channel_id: int
    permissions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MemberLacks:
    """Whoever asks may not write in the channel themselves."""

    channel_id: int


@dataclass(frozen=True, slots=True)
class NoTag:
    """The forum wants a tag on every post, and has none that the bot may use."""

    channel_id: int


@dataclass(frozen=True, slots=True)
class NotForGiving:
    """A role that nobody can be given: everybody's, or one of an application's."""

    role_id: int


@dataclass(frozen=True, slots=True)
class NotTheirsToGive:
    """Whoever asks may not give the role themselves."""

    role_id: int


@dataclass(frozen=True, slots=True)
class NotForPinging:
    """The role that everybody has."""


@dataclass(frozen=True, slots=True)
class NotTheirsToPing:
    """Whoever asks may not mention the role themselves."""

    role_id: int


Obstacle = (
    Clash
    | DraftState
    | TooManyUnfinished
    | NoVenue
    | BotLacks
    | MemberLacks
    | NoTag
    | NotForGiving
    | NotTheirsToGive
    | NotForPinging
    | NotTheirsToPing
)


class CannotCreate(ChallengeRefused):
    """A challenge cannot be made, or not announced, as it was asked for."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(repr(obstacle))
        self.obstacle = obstacle


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedTimes:
    """As a moderator wrote them; empty is as usual."""

    starts: str = ""
    lasts: str = ""
    ends: str = ""
    voting: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    opens_at: float
    end: End
    voting_seconds: float


def plan(typed: TypedTimes, now: float, *, is_weekly: bool) -> Plan:
    """When it is to be. Raises BadTimes and CannotCreate."""
    if typed.lasts.strip() and typed.ends.strip():
        raise CannotCreate(Clash.LENGTH_AND_END)
    opens_at = parse_start(typed.starts or NOW, now)
    within = ENTRIES_IN_A_WEEK if is_weekly else ENTRIES
    lasts = typed.lasts.strip()
    if lasts:
        end = End(opens_at + parse_length(lasts, within), is_fixed=False)
    else:
        end = parse_end(typed.ends.strip() or DEFAULT_LASTS, opens_at, now, within)
    voting_seconds = parse_length(typed.voting.strip() or DEFAULT_VOTING, VOTING)
    return Plan(opens_at=opens_at, end=end, voting_seconds=voting_seconds)


def check_weeks(named: int, *, uploads: int) -> None:
    """A series has the styles that were named, one a week. Raises CannotCreate."""
    if uploads:
        raise CannotCreate(Clash.UPLOADS_EVERY_WEEK)
    if named < LEAST_WEEKS:
        raise CannotCreate(Clash.TOO_FEW_WEEKS)
    if named > MOST_WEEKS:
        raise CannotCreate(Clash.TOO_MANY_WEEKS)


def end_of(challenge: Challenge) -> End:
    """When its entries end, as it was given."""
    return End(challenge.schedule.entries_end_at, is_fixed=challenge.terms.ends_at_a_moment)


def last_start(opens_at: float, later_styles: int) -> float:
    """When the last challenge of a series opens."""
    return opens_at + later_styles * WEEK
