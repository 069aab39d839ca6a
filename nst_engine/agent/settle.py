"""Tells the queue how a painting ended, once, however long the database is away; and the log, too."""

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import assert_never

from nst_engine.agent.ending import Delivered, Ending, Lost, Unbegun
from nst_engine.agent.stores import Stores
from nst_engine.contract.events import Failed, Stopped
from nst_engine.contract.jobs import MAX_ATTEMPTS, JobState
from nst_engine.queue.jobs import Job
from nst_engine.queue.leases import Leases

log = logging.getLogger(__name__)


async def settle(job: Job, ending: Ending, stores: Stores) -> None:
    """Record the ending and log it. Raises FencedOut where the job is another engine's by now."""
    log_line = await stores.database_outage.until_done(_record(job, ending, stores.leases))
    log.log(logging.WARNING if isinstance(ending, Failed | Lost) else logging.INFO, "job=%s %s", job.id, log_line)


def _record(job: Job, ending: Ending, leases: Leases) -> Callable[[], Awaitable[str]]:
    match ending:
        case Delivered():
            return partial(_complete, job, ending, leases)
        case Failed():
            return partial(_fail, job, ending, leases)
        case Stopped():
            return partial(_stop, job, leases)
        case Unbegun():
            return partial(_hand_back, job, leases)
        case Lost():
            return partial(_lose, job, ending, leases)
        case _:
            assert_never(ending)


async def _complete(job: Job, ending: Delivered, leases: Leases) -> str:
    done = ending.summary
    await leases.complete(
        job,
        result_blob=ending.result_blob,
        result_format=ending.result_format,
        summary=done,
        timelapse_blob=ending.timelapse_blob,
    )
    return f"done size={done.width}x{done.height} steps={done.steps} seconds={done.seconds:.1f}"


async def _fail(job: Job, ending: Failed, leases: Leases) -> str:
    await leases.fail(job, ending.reason, ending.detail)
    return f"failed reason={ending.reason}: {ending.detail}"


async def _stop(job: Job, leases: Leases) -> str:
    await leases.stopped(job)
    return "cancelled"


async def _hand_back(job: Job, leases: Leases) -> str:
    await leases.hand_back(job)
    return "handed back to the queue, this attempt not counted"


async def _lose(job: Job, ending: Lost, leases: Leases) -> str:
    after = await leases.engine_died(job, f"{ending.detail} (attempt {job.attempts} of {MAX_ATTEMPTS})")
    follows = "queued again" if after.state is JobState.QUEUED else f"now {after.state}"
    return f"attempt {job.attempts} of {MAX_ATTEMPTS} lost, {follows}: {ending.detail}"
