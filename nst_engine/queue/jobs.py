"""What the queue holds, as values."""

from dataclasses import dataclass
from typing import Any

from nst_engine.contract.events import FailureReason, Summary
from nst_engine.contract.jobs import FINAL_STATES, JobState
from nst_engine.contract.params import StylizeParams


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """A job as it is handed in. `id` makes a resubmission idempotent: the bot uses the Discord interaction id."""

    id: str
    owner_id: str
    tenant_id: str
    """The server it was asked in, or where a direct message has none, the owner."""
    params: StylizeParams
    content_blob: str
    style_blobs: tuple[str, ...]
    mask_blobs: tuple[str | None, ...] = ()
    """One for each style, or none at all: where that style paints. None is everywhere."""
    start_blob: str | None = None
    """What to go on from, for `Init.PICTURE`."""
    cost: float
    """Estimated work in megapixel evaluations of the network."""
    weight: float = 1.0
    """Share of the owner in fair queueing."""
    priority: int = 1
    """Lane: a lower number goes first."""
    address: dict[str, Any] | None = None
    """Where the requester is answered. The queue keeps it and does not read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A row of the job table. Times are seconds since 1970 on the database's clock."""

    id: str
    owner_id: str
    tenant_id: str
    params: StylizeParams
    content_blob: str
    style_blobs: tuple[str, ...]
    mask_blobs: tuple[str | None, ...]
    start_blob: str | None
    cost: float
    priority: int
    vstart: float
    seq: int
    address: dict[str, Any] | None
    state: JobState
    epoch: int
    attempts: int
    cancel_requested: bool
    engine_id: str | None
    created_at: float
    started_at: float | None
    finished_at: float | None
    result_blob: str | None
    result_format: str | None
    """What the engine was asked to write: "png", or "webp" for an animation."""
    timelapse_blob: str | None
    """An animated WebP of the way to the result, where it was asked for and there is one."""
    summary: Summary | None
    failure: FailureReason | None
    failure_detail: str | None
    delivery_attempts: int
    delivered_at: float | None

    @property
    def is_final(self) -> bool:
        """Nothing more will be painted for it."""
        return self.state in FINAL_STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a queued job stands. `place` 1 is the next to start; 0 means that it is not waiting."""

    place: int
    seconds_to_start: float | None
    """None while no engine's speed is known."""
    engines_alive: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressReport:
    """The newest report of a running job. `preview` is a small JPEG; `preview_number` changes with it."""

    step: int
    steps: int
    steps_per_second: float
    seconds_left: float
    preview: bytes | None = None
    preview_number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineInfo:
    """An engine agent in the registry. `speed` is in cost units per second, None until it has finished a job."""

    id: str
    host: str
    device: str
    version: str
    speed: float | None = None
