"""How a painting can end, and what that means when somebody wanted it to end early. Pure."""

from dataclasses import dataclass
from enum import IntEnum
from typing import assert_never

from nst_engine.contract.events import Failed, Stopped, Summary


class Halt(IntEnum):
    """Why a painting must end early. A greater one overrules a smaller."""

    CANCEL = 1
    """Its requester wants no picture any more."""
    DRAIN = 2
    """This engine is shutting down; another shall paint it."""
    FENCED = 3
    """Another engine has the job already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """The picture is in the blob store, and so is the timelapse if there is one."""

    result_blob: str
    result_format: str
    summary: Summary
    timelapse_blob: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbegun:
    """This attempt does not count; the job goes back to its place in the queue."""

    host_fault: str | None = None
    """What is wrong with this host, so that it should rest before it takes another job: a full disk, say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """This attempt came to nothing, by no fault that is known to be the job's own."""

    detail: str


Ending = Delivered | Failed | Stopped | Unbegun | Lost
"""Stopped means here: as its requester wished."""


def ending_after_halt(ending: Ending, halt: Halt | None) -> Ending | None:
    """What to tell the queue; None for nothing. A finished picture is kept even if it came while being stopped."""
    if halt is Halt.FENCED:
        return None
    match ending:
        case Delivered() | Failed():
            return ending
        case Stopped() | Unbegun() | Lost():
            return _unfinished(ending, halt)
        case _:
            assert_never(ending)


def _unfinished(ending: Stopped | Unbegun | Lost, halt: Halt | None) -> Ending:
    if halt is Halt.CANCEL:
        return Stopped()
    if halt is Halt.DRAIN:
        return Unbegun()
    if isinstance(ending, Stopped):
        return Lost(detail="the GPU child stopped, though nobody had asked it to")
    return ending
