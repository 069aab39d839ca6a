"""Who handed in a photo for a challenge that is not entered yet: their entries may still come."""

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import Connection, or_, select

from bot.store.schema import challenge_entries
from nst_engine.contract.jobs import JobState
from nst_engine.queue.quota import OPEN_STATES
from nst_engine.queue.schema import database_now, jobs

SECONDS_TO_LOOK_AT_IT = 900.0
"""A picture that was finished so long ago, and has not been entered since, is not waited for."""


class _Purpose(BaseModel):
    """What matters here of a job's address."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    challenge_id: int | None = None
    replaces_entry_id: int | None = None
    deleted: bool = False


def on_the_way(connection: Connection, challenge_id: int) -> int:
    """How many pictures for new entries are still before the engine, or were only just finished."""
    just_finished = (jobs.c.state == JobState.DONE) & (jobs.c.finished_at > database_now() - SECONDS_TO_LOOK_AT_IT)
    query = select(jobs.c.id, jobs.c.address).where(
        or_(jobs.c.state.in_(OPEN_STATES), just_finished), jobs.c.address.is_not(None)
    )
    entered = select(challenge_entries.c.job_id).where(challenge_entries.c.challenge_id == challenge_id)
    known = set(connection.execute(entered).scalars())
    return sum(job_id not in known and _is_for(address, challenge_id) for job_id, address in connection.execute(query))


def _is_for(address: str, challenge_id: int) -> bool:
    try:
        purpose = _Purpose.model_validate_json(address)
    except ValidationError:
        return False
    return purpose.challenge_id == challenge_id and purpose.replaces_entry_id is None and not purpose.deleted
