"""An engine in the test's own process: real leases on the real database, pictures by command, no network."""

import io
from dataclasses import dataclass

from PIL import Image

from nst_engine.contract.events import FailureReason, Summary
from nst_engine.queue.blobs import BlobStore
from nst_engine.queue.database import Database
from nst_engine.queue.jobs import EngineInfo, Job, ProgressReport
from nst_engine.queue.leases import Leases

STEPS = 100


def picture(colour: str = "teal", size: tuple[int, int] = (64, 48), kind: str = "PNG") -> bytes:
    """A small real picture."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind)
    return buffer.getvalue()


def summary(seconds: float = 12.0) -> Summary:
    return Summary(
        width=64,
        height=48,
        steps=STEPS,
        seconds=seconds,
        peak_memory_bytes=0,
        content_loss=1.0,
        style_loss=1.0,
        device="fake",
    )


@dataclass
class FakeEngine:
    """Does with jobs what a test says, one call at a time."""

    database: Database
    blobs: BlobStore
    name: str = "engine-1"
    speed: float | None = 1.0
    lease_seconds: float = 60.0

    def __post_init__(self) -> None:
        self.leases = Leases(self.database, lease_seconds=self.lease_seconds)

    async def check_in(self) -> None:
        info = EngineInfo(id=self.name, host="testhost", device="fake", version="0", speed=self.speed)
        await self.leases.check_in(info)

    async def claim(self) -> Job:
        job = await self.leases.claim(self.name)
        if job is None:
            raise AssertionError("no job waits")
        return job

    async def report(self, job: Job, step: int, *, preview: bytes | None = None, seconds_left: float = 5.0) -> None:
        report = ProgressReport(
            step=step, steps=STEPS, steps_per_second=8.0, seconds_left=seconds_left, preview=preview
        )
        await self.leases.report(job, report)

    async def finish(self, job: Job, result: bytes | None = None, *, timelapse: bytes | None = None) -> None:
        key = await self.blobs.put(picture("purple") if result is None else result)
        way = None if timelapse is None else await self.blobs.put(timelapse)
        await self.leases.complete(job, result_blob=key, result_format="png", summary=summary(), timelapse_blob=way)

    async def fail(self, job: Job, reason: FailureReason, detail: str = "") -> None:
        await self.leases.fail(job, reason, detail)

    async def obey_cancel(self, job: Job) -> bool:
        """Look at the cancel flag as a real engine does when it renews its lease; stop if it is set."""
        if not await self.leases.renew(job):
            return False
        await self.leases.stopped(job)
        return True
