"""The life of a job: its states, what can happen to it, and `apply`, the one function that decides what follows."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from nst_engine.contract.events import FailureReason

MAX_ATTEMPTS = 3
"""A job that takes its engine down this often has failed: a poison job must not loop."""


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


FINAL_STATES = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStatus:
    """The part of a job that decides what may happen next. `epoch` counts the claims and fences out stale engines."""

    state: JobState = JobState.QUEUED
    epoch: int = 0
    attempts: int = 0
    cancel_requested: bool = False
    failure: FailureReason | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """An engine took the job."""


@dataclass(frozen=True, slots=True)
class CancelRequested:
    """The requester or a moderator wants it to stop."""


@dataclass(frozen=True, slots=True)
class Completed:
    """The engine that holds `epoch` delivered a picture."""

    epoch: int


@dataclass(frozen=True, slots=True)
class Broke:
    """The engine that holds `epoch` found that the job cannot succeed."""

    epoch: int
    reason: FailureReason


@dataclass(frozen=True, slots=True)
class StoppedEarly:
    """The engine that holds `epoch` obeyed a cancel."""

    epoch: int


@dataclass(frozen=True, slots=True)
class HandedBack:
    """The engine that holds `epoch` is shutting down in good order; this attempt does not count."""

    epoch: int


@dataclass(frozen=True, slots=True)
class EngineDied:
    """The engine that held `epoch` vanished: its lease ran out, or its agent saw the GPU child die."""

    epoch: int


JobEvent = Claimed | CancelRequested | Completed | Broke | StoppedEarly | HandedBack | EngineDied


def apply(status: JobStatus, event: JobEvent) -> JobStatus | None:
    """The status after `event`, or None where the event no longer applies (a stale epoch, an ended job)."""
    if isinstance(event, CancelRequested):
        return _cancel(status)
    if isinstance(event, Claimed):
        return _claim(status)
    if status.state is not JobState.RUNNING or event.epoch != status.epoch:
        return None
    match event:
        case Completed():
            return replace(status, state=JobState.DONE)
        case Broke() if status.cancel_requested:
            return replace(status, state=JobState.CANCELLED)
        case Broke(reason=reason):
            return replace(status, state=JobState.FAILED, failure=reason)
        case StoppedEarly():
            return replace(status, state=JobState.CANCELLED)
        case HandedBack():
            return _back_to_queue(replace(status, attempts=status.attempts - 1))
        case EngineDied():
            return _after_death(status)
        case _:
            assert_never(event)


def _claim(status: JobStatus) -> JobStatus | None:
    if status.state is not JobState.QUEUED:
        return None
    return replace(status, state=JobState.RUNNING, epoch=status.epoch + 1, attempts=status.attempts + 1)


def _cancel(status: JobStatus) -> JobStatus | None:
    match status.state:
        case JobState.QUEUED:
            return replace(status, state=JobState.CANCELLED, cancel_requested=True)
        case JobState.RUNNING:
            return replace(status, cancel_requested=True)
        case JobState.DONE | JobState.FAILED | JobState.CANCELLED:
            return None
        case _:
            assert_never(status.state)


def _after_death(status: JobStatus) -> JobStatus:
    if status.attempts >= MAX_ATTEMPTS and not status.cancel_requested:
        return replace(status, state=JobState.FAILED, failure=FailureReason.ENGINE_LOST)
    return _back_to_queue(status)


def _back_to_queue(status: JobStatus) -> JobStatus:
    return replace(status, state=JobState.CANCELLED if status.cancel_requested else JobState.QUEUED)
