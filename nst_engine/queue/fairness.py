"""Start-time fair queueing (Goyal, Vin, Cheng, SIGCOMM 1996): who starts next, as two numbers on each job.

A job's start tag is the later of the queue's virtual time and its owner's last finish tag; its finish tag lies
the job's cost over the owner's weight behind. Jobs start in the order of start tags, so that nobody's tenth job
goes before another's first.
"""

from sqlalchemy import Connection, func, or_, select

from nst_engine.contract.jobs import JobState
from nst_engine.queue.jobs import NewJob
from nst_engine.queue.schema import jobs


def tags_for(connection: Connection, job: NewJob) -> dict[str, float]:
    """Columns `vstart` and `vfinish` of a job about to be inserted."""
    vstart = max(_virtual_time(connection), _last_finish_tag(connection, job.owner_id))
    return {"vstart": vstart, "vfinish": vstart + job.cost / job.weight}


def _virtual_time(connection: Connection) -> float:
    """The start tag in service; between busy periods, the largest finish tag ever given."""
    in_service = select(func.max(jobs.c.vstart)).where(jobs.c.state == JobState.RUNNING)
    next_up = select(func.min(jobs.c.vstart)).where(jobs.c.state == JobState.QUEUED)
    after_all = select(func.max(jobs.c.vfinish))
    for query in (in_service, next_up, after_all):
        tag = connection.execute(query).scalar()
        if tag is not None:
            return float(tag)
    return 0.0


def _last_finish_tag(connection: Connection, owner_id: str) -> float:
    """What the owner has used up so far; a job cancelled before it started cost nothing."""
    counts = or_(jobs.c.started_at.is_not(None), jobs.c.state != JobState.CANCELLED)
    query = select(func.max(jobs.c.vfinish)).where(jobs.c.owner_id == owner_id, counts)
    return float(connection.execute(query).scalar() or 0.0)
