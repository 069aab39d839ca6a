"""What an agent can ask of its GPU child, and what the child's exit code means. One JSON object per command."""

from enum import IntEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from nst_engine.contract.params import StylizeParams


class _Command(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    job: str
    """Names one attempt at one job, so that a late word about it cannot touch the next."""


class Paint(_Command):
    """Paint this and write it to `output`. Answered by exactly one of Finished, Failed and Stopped."""

    kind: Literal["paint"] = "paint"
    content: Path
    styles: tuple[Path, ...]
    masks: tuple[Path | None, ...] = ()
    """One for each style, or none at all: white is where that style paints."""
    start: Path | None = None
    """What to go on from, for `Init.PICTURE`."""
    params: StylizeParams
    output: Path
    """Painted as its suffix says; an animated content needs one that can hold frames: .webp, .gif or .png."""
    timelapse: Path | None = None
    """Where the pictures of the way go as an animation, a .webp; asked for where `params.timelapse_frames` is."""


class Stop(_Command):
    """Stop between two steps. Without effect on any other job and after the end of its own."""

    kind: Literal["stop"] = "stop"


EngineCommand = Annotated[Paint | Stop, Field(discriminator="kind")]
"""Everything an agent can send to its GPU child."""

ENGINE_COMMAND: TypeAdapter[EngineCommand] = TypeAdapter(EngineCommand)


class ChildExit(IntEnum):
    """How a GPU child ends by its own choice. Python itself takes 1 (a traceback) and 2 (bad arguments)."""

    AGENT_GONE = 0
    """Its standard input ended."""
    CANNOT_START = 3
    """No device or no weights; a Failed event on the wire says which."""
    BAD_COMMAND = 4
    """It did not understand its agent: two versions of this program are talking to each other."""
    DEVICE_BROKEN = 5
    """After a CUDA error nothing works in this process any more; a fresh one may."""
