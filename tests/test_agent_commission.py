"""What the child is told to do for a job, `nst_engine/agent/commission.py`."""

from pathlib import Path

import pytest

from nst_engine.agent.commission import commission, pictures
from nst_engine.contract.params import StylizeParams
from nst_engine.queue.store import JobStore
from tests.queue_samples import new_job

HERE = Path("folder")


async def test_every_picture_of_a_job_has_a_place_and_a_style_without_a_mask_leaves_a_gap(store: JobStore) -> None:
    job = await store.submit(new_job(style_blobs=("s1", "s2", "s3"), mask_blobs=("m1", None, "m3"), start_blob="p"))
    paint = commission(job, HERE)
    assert paint.masks == (HERE / "mask-1", None, HERE / "mask-3")
    assert pictures(job, paint) == [
        (HERE / "content", "c" * 64),
        *((HERE / f"style-{number}", f"s{number}") for number in (1, 2, 3)),
        *((HERE / f"mask-{number}", f"m{number}") for number in (1, 3)),
        (HERE / "start", "p"),
    ]


async def test_a_plain_job_needs_its_content_and_style_and_names_its_attempt(store: JobStore) -> None:
    job = await store.submit(new_job())
    paint = commission(job, HERE)
    assert [path.name for path, _ in pictures(job, paint)] == ["content", "style-1"]
    assert (paint.job, paint.masks, paint.start, paint.timelapse) == ("1/0", (), None, None)


@pytest.mark.parametrize(
    ("params", "output", "timelapse"),
    [
        (StylizeParams(), "result.png", None),
        (StylizeParams(frames=2), "result.webp", None),
        (StylizeParams(timelapse_frames=1), "result.png", "timelapse.webp"),
    ],
)
async def test_only_an_animation_is_asked_for_as_webp_and_a_timelapse_only_where_it_was_chosen(
    store: JobStore, params: StylizeParams, output: str, timelapse: str | None
) -> None:
    paint = commission(await store.submit(new_job(params=params)), HERE)
    assert (paint.output, paint.timelapse) == (HERE / output, HERE / timelapse if timelapse else None)
