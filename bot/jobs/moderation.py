"""What moderators read in a server's log channel, as values; `bot.ui.text.moderation_log` says them."""

from dataclasses import dataclass

from bot.jobs.address import Address
from bot.jobs.challenge_notes import ChallengeNote, ChallengeTrouble, EntryNote
from bot.settings.server import ServerSettings
from nst_engine.contract.jobs import JobState
from nst_engine.contract.params import StylizeParams
from nst_engine.queue.jobs import Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Painted:
    """A finished picture was posted."""

    user_id: int
    params: StylizeParams
    channel_id: int
    message_id: int | None
    """Near the picture, to get there; None where there is no such message."""
    private: bool
    """Nobody but the member sees it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """A moderator cancelled somebody's picture."""

    by: int
    user_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """A moderator deleted somebody's picture."""

    by: int
    user_id: int
    channel_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberBlocked:
    by: int
    user_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberUnblocked:
    by: int
    user_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChanged:
    """By name, from what held before to what holds now."""

    by: int
    name: str
    before: ServerSettings
    after: ServerSettings


Note = (
    Painted
    | Cancelled
    | Deleted
    | MemberBlocked
    | MemberUnblocked
    | SettingChanged
    | ChallengeNote
    | EntryNote
    | ChallengeTrouble
)


def note_of(job: Job, address: Address) -> Painted | None:
    """What there is to note of a delivered job; None where nothing was painted."""
    if job.state is not JobState.DONE:
        return None
    return Painted(
        user_id=address.user_id,
        params=job.params,
        channel_id=address.place_id,
        message_id=address.card_message_id if address.card_channel_id == address.place_id else None,
        private=not address.is_seen_by_others,
    )
