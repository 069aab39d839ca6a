"""The life of a challenge as one pure function: draft → open → voting → closed, or cancelled.

Deadlines move it on. One that passed while nobody looked (the bot was down) is carried out when somebody does, and what
comes after it keeps its length: members lose no time to enter or to vote.
"""

from dataclasses import dataclass, replace
from typing import assert_never

from bot.challenges.errors import WrongPhase
from bot.challenges.values import Phase, Schedule

LATE_SECONDS = 60.0
"""A deadline carried out later than this, or than a tenth of what comes after it, moves what comes after it."""
ENTRIES_TO_VOTE_ON = 2
"""With fewer there is nothing to choose from."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A moderator has seen the preview and wants it announced."""


@dataclass(frozen=True, slots=True)
class TimePassed:
    """It is `now`; `entries` can be voted on, or may be once they are approved."""

    entries: int


@dataclass(frozen=True, slots=True)
class EndedEarly:
    """A moderator ends the phase at once. `entries` as in `TimePassed`."""

    entries: int


@dataclass(frozen=True, slots=True)
class Extended:
    """A moderator lets the phase last longer."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A moderator calls it off."""


Event = Confirmed | TimePassed | EndedEarly | Extended | Cancelled


def after(schedule: Schedule, event: Event, now: float) -> Schedule:
    """Where it stands after the event at `now`; the same object where nothing changes. Raises WrongPhase."""
    match event:
        case Confirmed():
            return _confirmed(schedule, now)
        case TimePassed(entries=entries):
            return schedule if not is_due(schedule, now) else _moved_on(schedule, entries, now)
        case EndedEarly(entries=entries):
            _require(schedule, Phase.OPEN, Phase.VOTING)
            return _moved_on(schedule, entries, now)
        case Extended(seconds=seconds):
            return _extended(schedule, seconds, now)
        case Cancelled():
            _require(schedule, Phase.DRAFT, Phase.OPEN, Phase.VOTING)
            return replace(schedule, phase=Phase.CANCELLED)
        case _:
            assert_never(event)


def is_due(schedule: Schedule, now: float) -> bool:
    """Its deadline has passed."""
    return schedule.deadline is not None and schedule.deadline <= now


def phase_by(schedule: Schedule, now: float) -> Phase:
    """The phase for whoever acts now: a deadline that has passed counts, although nobody may have carried it out."""
    if not is_due(schedule, now):
        return schedule.phase
    match schedule.phase:
        case Phase.OPEN:
            return Phase.VOTING
        case Phase.VOTING:
            return Phase.CLOSED
        case Phase.DRAFT | Phase.CLOSED | Phase.CANCELLED:
            return schedule.phase


def _confirmed(schedule: Schedule, now: float) -> Schedule:
    _require(schedule, Phase.DRAFT)
    if schedule.confirmed:
        raise WrongPhase(schedule.phase)
    if schedule.ends_at_a_moment and schedule.opens_at < now < schedule.entries_end_at:
        return replace(schedule, confirmed=True, opens_at=now)
    return replace(schedule, confirmed=True)


def _moved_on(schedule: Schedule, entries: int, now: float) -> Schedule:
    match schedule.phase:
        case Phase.DRAFT:
            return _opened(schedule, now)
        case Phase.OPEN if entries >= ENTRIES_TO_VOTE_ON:
            return _voted_on(schedule, now)
        case Phase.OPEN:
            end = min(schedule.entries_end_at, now)
            return replace(schedule, phase=Phase.CLOSED, entries_end_at=end, voting_ends_at=end)
        case Phase.VOTING:
            return replace(schedule, phase=Phase.CLOSED, voting_ends_at=min(schedule.voting_ends_at, now))
        case Phase.CLOSED | Phase.CANCELLED:
            return schedule


def _opened(schedule: Schedule, now: float) -> Schedule:
    """Opened late, it stays open for as long as it was meant to."""
    opens_at = _start(schedule.opens_at, now, lasts=schedule.entries_end_at - schedule.opens_at)
    shift = opens_at - schedule.opens_at
    return replace(
        schedule,
        phase=Phase.OPEN,
        opens_at=opens_at,
        entries_end_at=schedule.entries_end_at + shift,
        voting_ends_at=schedule.voting_ends_at + shift,
    )


def _voted_on(schedule: Schedule, now: float) -> Schedule:
    entries_end_at = _start(schedule.entries_end_at, now, lasts=schedule.voting_seconds)
    return replace(
        schedule,
        phase=Phase.VOTING,
        entries_end_at=entries_end_at,
        voting_ends_at=entries_end_at + schedule.voting_seconds,
    )


def _extended(schedule: Schedule, seconds: float, now: float) -> Schedule:
    """A deadline that has passed but was not carried out is put off from now on."""
    _require(schedule, Phase.OPEN, Phase.VOTING)
    if schedule.phase is Phase.VOTING:
        return replace(schedule, voting_ends_at=max(schedule.voting_ends_at, now) + seconds)
    entries_end_at = max(schedule.entries_end_at, now) + seconds
    shift = entries_end_at - schedule.entries_end_at
    return replace(schedule, entries_end_at=entries_end_at, voting_ends_at=schedule.voting_ends_at + shift)


def _start(planned: float, now: float, *, lasts: float) -> float:
    """When a phase began that `lasts` so long: as planned if it was about then, else now, be it late or early."""
    return planned if 0 <= now - planned <= min(LATE_SECONDS, lasts / 10) else now


def _require(schedule: Schedule, *phases: Phase) -> None:
    if schedule.phase not in phases:
        raise WrongPhase(schedule.phase)
