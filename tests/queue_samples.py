"""Jobs and engines for tests of the queue."""

from typing import Any

from nst_engine.contract.events import Summary
from nst_engine.contract.params import StylizeParams
from nst_engine.queue.jobs import EngineInfo, NewJob, ProgressReport


def new_job(job_id: str = "1", **changes: Any) -> NewJob:
    fields: dict[str, Any] = {
        "id": job_id,
        "owner_id": "ann",
        "tenant_id": "server",
        "params": StylizeParams(),
        "content_blob": "c" * 64,
        "style_blobs": ("s" * 64,),
        "cost": 10.0,
    }
    return NewJob(**(fields | changes))


def engine(engine_id: str = "engine", **changes: Any) -> EngineInfo:
    fields: dict[str, Any] = {"id": engine_id, "host": "host", "device": "cpu", "version": "0", "speed": None}
    return EngineInfo(**(fields | changes))


def report(step: int = 1, **changes: Any) -> ProgressReport:
    fields: dict[str, Any] = {"step": step, "steps": 10, "steps_per_second": 2.0, "seconds_left": (10 - step) / 2}
    return ProgressReport(**(fields | changes))


SUMMARY = Summary(
    width=64, height=48, steps=10, seconds=5.0, peak_memory_bytes=1, content_loss=1.0, style_loss=2.0, device="cpu"
)
