"""A try of settings: the pictures of a table, painted as ordinary jobs without cards and messages of their own."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from bot.jobs.address import Address, Webhook
from bot.settings.presets import Grid
from bot.store.trials import KeptTrial
from nst_engine.contract.events import FailureReason
from nst_engine.contract.jobs import JobState
from nst_engine.contract.params import StylizeParams
from nst_engine.contract.presets import estimated_cost
from nst_engine.queue.jobs import Job, NewJob

SIZE_PX = 256
"""The longer side of the pictures: enough to compare, and soon painted."""
SHARE = 0.25
"""Of a member, in fair queueing: whoever asks for one picture does not wait for a table of nine."""


class TrialPlan(BaseModel):
    """What is painted, and for whom; it does not change."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    guild_id: int
    channel_id: int
    user_id: int
    locale: str
    grid: Grid
    cells: tuple[StylizeParams, ...]
    """Row by row."""
    current: int | None
    """The cell that is what holds now, where it is in the table."""
    content_blob: str
    content_size: tuple[int, int]
    content_name: str
    style_blob: str
    style_name: str
    covered: bool = False
    """The pictures are covered until somebody chooses to look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A row of the table of tries, understood."""

    id: int
    tenant_id: str
    plan: TrialPlan
    webhook: Webhook | None
    message_id: int | None
    is_stopped: bool
    has_ended: bool

    def job_id(self, cell: int) -> str:
        return f"trial-{self.id}-{cell + 1}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far it is."""

    painted: int
    failed: int
    running: int
    total: int
    has_engine: bool

    @property
    def is_over(self) -> bool:
        return self.painted + self.failed == self.total


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What became of one picture: a blob, or why there is none."""

    blob: str | None
    failure: FailureReason | None = None


def trial_of(kept: KeptTrial) -> Trial:
    """Raises ValidationError for what another version kept."""
    return Trial(
        id=kept.id,
        tenant_id=kept.tenant_id,
        plan=TrialPlan.model_validate_json(kept.plan),
        webhook=None if kept.webhook is None else Webhook.model_validate_json(kept.webhook),
        message_id=kept.message_id,
        is_stopped=kept.is_stopped,
        has_ended=kept.has_ended,
    )


def new_jobs(trial: Trial) -> list[NewJob]:
    """One for each cell. They belong to nobody, so that they use up no member's day and keep no member waiting."""
    return [_job(trial, cell, params) for cell, params in enumerate(trial.plan.cells)]


def progress_of(jobs: Sequence[Job], *, has_engine: bool) -> Progress:
    states = [job.state for job in jobs]
    return Progress(
        painted=states.count(JobState.DONE),
        failed=states.count(JobState.FAILED) + states.count(JobState.CANCELLED),
        running=states.count(JobState.RUNNING),
        total=len(jobs),
        has_engine=has_engine,
    )


def cell_of(job: Job) -> Cell:
    """Of a job that has ended."""
    if job.state is JobState.DONE:
        return Cell(blob=job.result_blob)
    return Cell(blob=None, failure=job.failure)


def _job(trial: Trial, cell: int, params: StylizeParams) -> NewJob:
    plan = trial.plan
    return NewJob(
        id=trial.job_id(cell),
        owner_id=f"trial:{trial.tenant_id}",
        tenant_id=trial.tenant_id,
        params=params,
        content_blob=plan.content_blob,
        style_blobs=(plan.style_blob,),
        cost=estimated_cost(params, plan.content_size),
        weight=SHARE,
        address=_address(trial).saved(),
    )


def _address(trial: Trial) -> Address:
    plan = trial.plan
    return Address(
        guild_id=plan.guild_id,
        channel_id=plan.channel_id,
        user_id=plan.user_id,
        locale=plan.locale,
        content_name=plan.content_name,
        style_names=(plan.style_name,),
        upload_limit_bytes=0,
        wants_thread=False,
        private=True,
        trial_id=trial.id,
    )
