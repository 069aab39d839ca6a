"""What a challenge is, as values. Times are seconds since 1970 on the bot's clock; ids are Discord's, as text."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MOST_STYLES = 4
MOST_ENTRIES_PER_MEMBER = 10
LONGEST_TITLE = 80
LONGEST_DESCRIPTION = 600
LONGEST_REASON = 300


class Phase(StrEnum):
    """The life of a challenge; `bot.challenges.phases` says how one follows another."""

    DRAFT = "draft"
    """Being prepared, or announced for later."""
    OPEN = "open"
    """Members enter pictures."""
    VOTING = "voting"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class VotingMode(StrEnum):
    APPROVAL = "approval"
    """Members give hearts, one to an entry."""
    DUELS = "duels"
    """Members choose between two entries, over and over."""


class EntryState(StrEnum):
    WAITING = "waiting"
    """For a moderator's approval; nobody else sees it."""
    SHOWN = "shown"
    REMOVED = "removed"
    """By a moderator."""
    WITHDRAWN = "withdrawn"
    """By its author, who may enter another."""


class ChallengeStyle(BaseModel):
    """A picture that every entry is painted in the style of. It stays when a library loses it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    blob: str
    thumbnail_blob: str
    width: int
    height: int


class Terms(BaseModel):
    """What was laid down when the challenge was made; only dates and the phase change afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    description: str = ""
    """In the moderator's own words."""
    styles: Annotated[tuple[ChallengeStyle, ...], Field(max_length=MOST_STYLES)] = ()
    """None is a free theme: members bring both pictures."""
    mode: VotingMode = VotingMode.APPROVAL
    hearts: int | None = None
    """How many one member may give in all; None is one to every entry."""
    entries_per_member: Annotated[int, Field(ge=1, le=MOST_ENTRIES_PER_MEMBER)] = 1
    voting_seconds: float
    """How long is voted, from the end of entries on."""
    enter_role_ids: tuple[int, ...] = ()
    """Who has one of them may enter; none is everybody."""
    vote_role_ids: tuple[int, ...] = ()
    """Who has one of them may vote; none is everybody."""
    member_for_seconds: float = 0.0
    """Who enters or votes has to have been in the server for so long."""
    ping_role_id: int | None = None
    """Mentioned with the announcement."""
    winner_role_id: int | None = None
    needs_approval: bool = False
    """A moderator sees every entry before anybody else does."""
    locale: str = "en-US"
    """What is said in public is said in this language."""
    ends_at_a_moment: bool = False
    """The end of entries was given as a moment: a draft that is announced late keeps it."""
    later_styles: tuple[ChallengeStyle, ...] = ()
    """Of a draft that begins a weekly series: what the challenges after it are painted in, one a week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Where a challenge stands and when it moves on by itself."""

    phase: Phase
    confirmed: bool
    """A moderator has seen the preview and said yes. A draft that is not confirmed never opens."""
    opens_at: float
    entries_end_at: float
    voting_ends_at: float
    """Of a closed challenge: when it ended."""
    voting_seconds: float
    ends_at_a_moment: bool = False
    """Announced late, entries still end when it was said, and not after the length that was planned."""

    @property
    def deadline(self) -> float | None:
        """When it moves on by itself; None where it does not."""
        match self.phase:
            case Phase.DRAFT:
                return self.opens_at if self.confirmed else None
            case Phase.OPEN:
                return self.entries_end_at
            case Phase.VOTING:
                return self.voting_ends_at
            case Phase.CLOSED | Phase.CANCELLED:
                return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """One challenge of a server."""

    id: int
    tenant_id: str
    title: str
    terms: Terms
    schedule: Schedule
    channel_id: int
    """Where it is announced: a text channel, or a forum."""
    place_id: int | None
    """Where its messages are once it was announced: that channel, or the post in the forum."""
    announcement_id: int | None
    """The message with the live card; None before there is one, and after it was deleted."""
    created_by: str
    created_at: float
    end_reason: str
    """Why it was cancelled, as the moderator wrote it."""
    series_id: int | None
    number: int | None
    """Which of its series it is, from 1."""

    @property
    def phase(self) -> Phase:
        return self.schedule.phase


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChallenge:
    tenant_id: str
    title: str
    terms: Terms
    channel_id: int
    opens_at: float
    entries_end_at: float
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A finished picture that can be entered."""

    job_id: str
    blob: str
    thumbnail_blob: str
    """A JPEG of at most `ENTRY_SIDE_PX`, as galleries and ballots show it."""
    width: int
    height: int
    covered: bool
    """Shown only to whoever chooses to look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """As the archive keeps them, also after they left."""

    user_id: str
    name: str
    """As the server shows it."""
    username: str
    """Discord's own, of plain letters."""
    locale: str
    """What is said to them alone is said in this language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    id: int
    challenge_id: int
    author: Author
    picture: Picture
    state: EntryState
    entered_at: float
    decided_by: str | None
    """The moderator who approved or removed it."""
    reason: str
    """Why it was removed; told to its author."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What the live card shows. How many votes an entry has is nobody's business until the end."""

    entries: int
    waiting: int
    authors: int
    voters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Duel:
    """Two entries, in the order in which they are shown."""

    left: Entry
    right: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An entry in the final ranking."""

    entry: Entry
    place: int
    """Counts from 1; who ties shares it, and the next place is left out: 1, 2, 2, 4."""
    votes: int
    """Hearts, or duels won."""
    duels: int
    """Duels that it was shown in; 0 under approval."""
    score: float
    """Hearts; for duels the chance in percent to win against an average entry."""
    low: float
    high: float
    """The 95 % interval of the score; both are the score itself under approval."""

    @property
    def has_won(self) -> bool:
        """First, and somebody voted for it: where nobody votes at all, all are first and none has won."""
        return self.place == 1 and self.votes > 0

    @property
    def is_on_podium(self) -> bool:
        return self.place <= 3 and self.votes > 0
