"""What the engine can say about one job. These cross the process border as one JSON object each."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

MAX_PREVIEW_BYTES = 64 * 1024


class FailureReason(StrEnum):
    """Why a job ended without a picture. The bot has one sentence for each."""

    BAD_PICTURE = "bad_picture"
    """An input picture cannot be used; the detail says which and why, in words for its owner."""
    OUT_OF_MEMORY = "out_of_memory"
    NOT_FINITE = "not_finite"
    """The loss became NaN or infinite."""
    TIMED_OUT = "timed_out"
    ENGINE_LOST = "engine_lost"
    """The engine stopped in the middle of the job on every attempt."""
    ENGINE_ERROR = "engine_error"


class Summary(BaseModel):
    """What was done. Losses are those of the written 8-bit picture, under the preset's own normalisation.

    Of an animation they are those of its last frame, and steps and seconds those of all frames.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    width: int
    height: int
    steps: int
    seconds: float
    peak_memory_bytes: int
    content_loss: float
    style_loss: float
    device: str
    tiles: int = 1
    """Into how many parts the picture was cut, at its full size, for want of memory."""


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")


class Ready(_Event):
    """The GPU child has loaded its network and can take a job."""

    kind: Literal["ready"] = "ready"
    device: str


class Started(_Event):
    kind: Literal["started"] = "started"
    width: int
    height: int
    steps: int


class Progress(_Event):
    """A reporting step. `preview` is a small JPEG, at most `MAX_PREVIEW_BYTES`, and not in every report."""

    kind: Literal["progress"] = "progress"
    step: int
    steps: int
    steps_per_second: float
    seconds_left: float
    preview: Annotated[bytes, Field(max_length=MAX_PREVIEW_BYTES)] | None = None


class Finished(_Event):
    """The picture has been written to the path that the job named."""

    kind: Literal["finished"] = "finished"
    summary: Summary


class Failed(_Event):
    """`detail` is a plain sentence with the numbers in it; never a traceback."""

    kind: Literal["failed"] = "failed"
    reason: FailureReason
    detail: str


class Stopped(_Event):
    """The job was cancelled between two steps."""

    kind: Literal["stopped"] = "stopped"


EngineEvent = Annotated[Ready | Started | Progress | Finished | Failed | Stopped, Field(discriminator="kind")]
"""Everything a GPU child can send to its agent."""

ENGINE_EVENT: TypeAdapter[EngineEvent] = TypeAdapter(EngineEvent)
