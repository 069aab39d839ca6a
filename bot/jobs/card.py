"""What the live card of a job says, as values; `bot.ui` turns it into components and sentences."""

from dataclasses import dataclass, replace
from typing import assert_never

from bot.jobs.picture_names import PictureNames
from nst_engine.contract.events import FailureReason, Summary
from nst_engine.contract.jobs import JobState
from nst_engine.contract.params import StylizeParams
from nst_engine.queue.jobs import Job, ProgressReport, Standing

SECONDS_OF_STEADINESS = 20.0
"""An estimated start moves on the card only when it is wrong by more than this."""

SECONDS_THAT_ARE_SOON = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A small JPEG of the picture so far; `number` changes with it."""

    number: int
    jpeg: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """In the queue. `starts_at` is in seconds since 1970, None while nobody can tell, and where it is `soon`."""

    place: int
    starts_at: int | None
    soon: bool
    engine_running: bool
    again: bool
    """It was under way already: its engine stopped in the middle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Painting:
    """An engine has it. `report` is None until the first."""

    report: ProgressReport | None
    stopping: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    summary: Summary | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    reason: FailureReason
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """Stopped by the requester or a moderator."""


CardState = Waiting | Painting | Finished | Failed | Cancelled


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Two equal cards need no edit."""

    job_id: str
    names: PictureNames
    params: StylizeParams
    requester_id: int | None
    """To be named on the card; None where everybody knows, in direct messages."""
    state: CardState
    locale: str
    spoiler: bool
    by_webhook: bool = False
    """It can be shown here for a quarter of an hour only."""
    private: bool = False
    moved: bool = False
    """It goes on in direct messages, and this message is shown for the last time."""
    missing_permissions: tuple[str, ...] = ()
    """What the bot lacks, which is why it is shown here."""
    for_challenge: bool = False
    """Its requester finds the picture in the challenge, too."""

    @property
    def preview(self) -> Preview | None:
        match self.state:
            case Painting(report=ProgressReport(preview=bytes(jpeg), preview_number=number)):
                return Preview(number=number, jpeg=jpeg)
            case _:
                return None

    def without_preview(self) -> "Card":
        match self.state:
            case Painting(report=ProgressReport() as report):
                return replace(self, state=replace(self.state, report=replace(report, preview=None)))
            case _:
                return self


def card_state(job: Job, standing: Standing | None, progress: ProgressReport | None, *, now: float) -> CardState:
    """What is to be said of a job. `now` is in seconds since 1970."""
    match job.state:
        case JobState.QUEUED:
            return _waiting(job, standing, now=now)
        case JobState.RUNNING:
            return Painting(report=progress, stopping=job.cancel_requested)
        case JobState.DONE:
            return Finished(summary=job.summary)
        case JobState.FAILED:
            return Failed(reason=job.failure or FailureReason.ENGINE_ERROR, detail=job.failure_detail or "")
        case JobState.CANCELLED:
            return Cancelled()
        case _:
            assert_never(job.state)


def _waiting(job: Job, standing: Standing | None, *, now: float) -> Waiting:
    if standing is None:
        return Waiting(place=0, starts_at=None, soon=False, engine_running=True, again=job.attempts > 0)
    seconds = standing.seconds_to_start
    soon = seconds is not None and seconds < SECONDS_THAT_ARE_SOON
    return Waiting(
        place=standing.place,
        starts_at=None if seconds is None or soon else round(now + seconds),
        soon=soon,
        engine_running=standing.engines_alive > 0,
        again=job.attempts > 0,
    )


def steady(before: CardState | None, after: CardState) -> CardState:
    """`after` without needless unrest: a place never grows, and an estimate moves only when it was clearly wrong."""
    if not isinstance(before, Waiting) or not isinstance(after, Waiting) or before.again != after.again:
        return after
    place = min(before.place, after.place) if before.place and after.place else after.place or before.place
    starts_at = after.starts_at
    if before.starts_at is not None and starts_at is not None:
        moved = abs(starts_at - before.starts_at)
        starts_at = before.starts_at if moved < SECONDS_OF_STEADINESS else starts_at
    return replace(after, place=place, starts_at=starts_at)
