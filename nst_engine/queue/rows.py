"""Between rows and values, and the one place where a job's status changes."""

import json
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, select, update

from nst_engine.contract.events import FailureReason, Summary
from nst_engine.contract.jobs import FINAL_STATES, JobEvent, JobState, JobStatus, apply
from nst_engine.contract.params import StylizeParams
from nst_engine.errors import UnreadableJob
from nst_engine.queue.jobs import Job, NewJob, ProgressReport
from nst_engine.queue.schema import database_now, jobs, progress


def job_of(row: RowMapping) -> Job:
    """The job in a full row of the job table. Raises UnreadableJob."""
    try:
        return _job_of(row)
    except ValueError as error:  # pydantic's and json's are ValueErrors, too
        raise UnreadableJob(row["id"], " ".join(str(error).split())[:200]) from error


def _job_of(row: RowMapping) -> Job:
    return Job(
        id=row["id"],
        owner_id=row["owner_id"],
        tenant_id=row["tenant_id"],
        params=StylizeParams.model_validate_json(row["params"]),
        content_blob=row["content_blob"],
        style_blobs=tuple(json.loads(row["style_blobs"])),
        mask_blobs=tuple(json.loads(row["mask_blobs"])),
        start_blob=row["start_blob"],
        cost=float(row["cost"]),
        priority=row["priority"],
        vstart=float(row["vstart"]),
        seq=row["seq"],
        address=json.loads(row["address"]) if row["address"] else None,
        state=JobState(row["state"]),
        epoch=row["epoch"],
        attempts=row["attempts"],
        cancel_requested=row["cancel_requested"],
        engine_id=row["engine_id"],
        created_at=row["created_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        result_blob=row["result_blob"],
        result_format=row["result_format"],
        timelapse_blob=row["timelapse_blob"],
        summary=Summary.model_validate_json(row["summary"]) if row["summary"] else None,
        failure=FailureReason(row["failure"]) if row["failure"] else None,
        failure_detail=row["failure_detail"],
        delivery_attempts=row["delivery_attempts"],
        delivered_at=row["delivered_at"],
    )


def progress_of(row: RowMapping) -> ProgressReport:
    """The report in a full row of the progress table."""
    return ProgressReport(
        step=row["step"],
        steps=row["steps"],
        steps_per_second=row["steps_per_second"],
        seconds_left=row["seconds_left"],
        preview=row["preview"],
        preview_number=row["preview_number"],
    )


def columns_of(job: NewJob) -> dict[str, Any]:
    """The columns that a new job brings with it."""
    status = JobStatus()
    return {
        "id": job.id,
        "owner_id": job.owner_id,
        "tenant_id": job.tenant_id,
        "priority": job.priority,
        "cost": job.cost,
        "params": job.params.model_dump_json(),
        "content_blob": job.content_blob,
        "style_blobs": json.dumps(job.style_blobs),
        "mask_blobs": json.dumps(job.mask_blobs),
        "start_blob": job.start_blob,
        "address": None if job.address is None else json.dumps(job.address),
        "state": status.state,
        "epoch": status.epoch,
        "attempts": status.attempts,
        "cancel_requested": status.cancel_requested,
        "created_at": database_now(),
    }


def find_job(connection: Connection, job_id: str) -> Job | None:
    """The job with this id. Raises UnreadableJob."""
    row = connection.execute(select(jobs).where(jobs.c.id == job_id)).mappings().one_or_none()
    return None if row is None else job_of(row)


def change_status(connection: Connection, job_id: str, event: JobEvent, **columns: Any) -> bool:
    """Let `event` happen to a job, with `columns` set beside. False where the event no longer applies."""
    query = select(jobs).where(jobs.c.id == job_id).with_for_update()
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return False
    before = _status_of(row)
    after = apply(before, event)
    if after is None:
        return False
    if after.state is not before.state:
        columns |= _stamps(after.state)
    connection.execute(
        update(jobs)
        .where(jobs.c.id == job_id)
        .values(
            state=after.state,
            epoch=after.epoch,
            attempts=after.attempts,
            cancel_requested=after.cancel_requested,
            failure=after.failure,
            **columns,
        )
    )
    if after.state in FINAL_STATES:
        connection.execute(delete(progress).where(progress.c.job_id == job_id))
    return True


def _status_of(row: RowMapping) -> JobStatus:
    return JobStatus(
        state=JobState(row["state"]),
        epoch=row["epoch"],
        attempts=row["attempts"],
        cancel_requested=row["cancel_requested"],
        failure=FailureReason(row["failure"]) if row["failure"] else None,
    )


def _stamps(state: JobState) -> dict[str, Any]:
    if state in FINAL_STATES:
        return {"finished_at": database_now(), "lease_until": None, "engine_id": None}
    if state is JobState.QUEUED:
        return {"started_at": None, "lease_until": None, "engine_id": None}
    return {"started_at": database_now()}
