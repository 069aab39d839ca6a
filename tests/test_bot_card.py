"""What the card says, and that it says it calmly."""

from dataclasses import replace

import pytest

from bot.jobs.card import Cancelled, Failed, Finished, Painting, Waiting, card_state, steady
from bot.jobs.pace import Pace, seconds_until_edit
from nst_engine.contract.events import FailureReason
from nst_engine.contract.jobs import JobState
from nst_engine.contract.params import StylizeParams
from nst_engine.queue.jobs import Job, ProgressReport, Standing
from tests.fake_engine import summary

NOW = 1_000_000.0
WAITING = Waiting(place=3, starts_at=1_000_100, soon=False, engine_running=True, again=False)
JOB = Job(
    id="1",
    owner_id="2",
    tenant_id="3",
    params=StylizeParams(),
    content_blob="c",
    style_blobs=("s",),
    mask_blobs=(),
    start_blob=None,
    cost=1.0,
    priority=1,
    vstart=0.0,
    seq=1,
    address=None,
    state=JobState.QUEUED,
    epoch=0,
    attempts=0,
    cancel_requested=False,
    engine_id=None,
    created_at=NOW,
    started_at=None,
    finished_at=None,
    result_blob=None,
    result_format=None,
    timelapse_blob=None,
    summary=None,
    failure=None,
    failure_detail=None,
    delivery_attempts=0,
    delivered_at=None,
)
REPORT = ProgressReport(step=1, steps=2, steps_per_second=3.0, seconds_left=4.0)


@pytest.mark.parametrize(
    ("job", "standing", "progress", "state"),
    [
        (JOB, Standing(place=3, seconds_to_start=100.0, engines_alive=1), None, WAITING),
        (
            JOB,
            Standing(place=1, seconds_to_start=3.0, engines_alive=1),
            None,
            replace(WAITING, place=1, starts_at=None, soon=True),
        ),
        (
            JOB,
            Standing(place=1, seconds_to_start=None, engines_alive=0),
            None,
            replace(WAITING, place=1, starts_at=None, engine_running=False),
        ),
        (
            replace(JOB, attempts=1),
            Standing(place=3, seconds_to_start=100.0, engines_alive=1),
            None,
            replace(WAITING, again=True),
        ),
        (replace(JOB, state=JobState.RUNNING), None, None, Painting(report=None, stopping=False)),
        (
            replace(JOB, state=JobState.RUNNING, cancel_requested=True),
            None,
            REPORT,
            Painting(report=REPORT, stopping=True),
        ),
        (replace(JOB, state=JobState.DONE, summary=summary()), None, None, Finished(summary=summary())),
        (
            replace(JOB, state=JobState.FAILED, failure=FailureReason.TIMED_OUT, failure_detail="after 9 s"),
            None,
            None,
            Failed(reason=FailureReason.TIMED_OUT, detail="after 9 s"),
        ),
        (replace(JOB, state=JobState.CANCELLED), None, None, Cancelled()),
    ],
)
def test_a_job_has_one_state_on_its_card(
    job: Job, standing: Standing | None, progress: ProgressReport | None, state: object
) -> None:
    assert card_state(job, standing, progress, now=NOW) == state


def test_a_place_in_the_queue_never_grows() -> None:
    assert steady(WAITING, replace(WAITING, place=5)) == WAITING
    assert steady(WAITING, replace(WAITING, place=2)) == replace(WAITING, place=2)


def test_a_job_whose_engine_stopped_gets_its_true_new_place() -> None:
    again = replace(WAITING, place=7, again=True)
    assert steady(WAITING, again) == again


def test_an_estimate_moves_only_when_it_was_clearly_wrong() -> None:
    assert steady(WAITING, replace(WAITING, starts_at=1_000_110)) == WAITING
    moved = replace(WAITING, starts_at=1_000_160)
    assert steady(WAITING, moved) == moved


def test_a_place_that_is_not_known_for_a_moment_stays() -> None:
    assert steady(WAITING, replace(WAITING, place=0)) == WAITING


def test_edits_keep_two_seconds_between_them() -> None:
    pace = Pace()
    assert seconds_until_edit(now=10.0, last_edit=None, pace=pace) == 0.0
    assert seconds_until_edit(now=10.0, last_edit=9.5, pace=pace) == 1.5
    assert seconds_until_edit(now=12.0, last_edit=9.5, pace=pace) == 0.0


def test_waits_between_retries_grow_to_a_last_one_that_repeats() -> None:
    pace = Pace(retries=(1.0, 5.0))
    assert [pace.retry_after(attempts) for attempts in (1, 2, 3, 99)] == [1.0, 5.0, 5.0, 5.0]
