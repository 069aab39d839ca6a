"""What the GPU child is told to do for one job, and which pictures it needs for that. Pure."""

from pathlib import Path

from nst_engine.contract.commands import Paint
from nst_engine.contract.params import StylizeParams
from nst_engine.queue.jobs import Job


def result_format(params: StylizeParams) -> str:
    """What the child is asked to write.

    PNG for a still picture: without loss, so that the bot may encode it to fit. WebP for an animation: frames in full
    colour, and a still picture without loss where the content turns out not to move.
    """
    return "webp" if params.frames > 1 else "png"


def commission(job: Job, folder: Path) -> Paint:
    """The command for a claimed job whose pictures lie, or will lie, in `folder`. Names this one attempt at it."""
    return Paint(
        job=f"{job.id}/{job.epoch}",
        content=folder / "content",
        styles=tuple(folder / f"style-{number}" for number, _ in enumerate(job.style_blobs, 1)),
        masks=tuple(key and folder / f"mask-{number}" for number, key in enumerate(job.mask_blobs, 1)),
        start=folder / "start" if job.start_blob else None,
        params=job.params,
        output=folder / f"result.{result_format(job.params)}",
        timelapse=folder / "timelapse.webp" if job.params.timelapse_frames else None,
    )


def pictures(job: Job, paint: Paint) -> list[tuple[Path, str]]:
    """Where each picture of the job must lie for `paint`, and its key in the blob store."""
    paths = (paint.content, *paint.styles, *paint.masks, paint.start)
    keys = (job.content_blob, *job.style_blobs, *job.mask_blobs, job.start_blob)
    return [(path, key) for path, key in zip(paths, keys, strict=True) if path is not None and key is not None]
