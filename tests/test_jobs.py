"""The life of a job, `nst_engine/contract/jobs.py`."""

from hypothesis import given
from hypothesis import strategies as st

from nst_engine.contract.events import FailureReason
from nst_engine.contract.jobs import (
    FINAL_STATES,
    MAX_ATTEMPTS,
    Broke,
    CancelRequested,
    Claimed,
    Completed,
    EngineDied,
    HandedBack,
    JobEvent,
    JobState,
    JobStatus,
    StoppedEarly,
    apply,
)

RUNNING = JobStatus(state=JobState.RUNNING, epoch=2, attempts=2)


def test_a_claim_starts_a_new_epoch_and_counts_an_attempt() -> None:
    assert apply(JobStatus(), Claimed()) == JobStatus(state=JobState.RUNNING, epoch=1, attempts=1)


def test_a_running_job_cannot_be_claimed_again() -> None:
    assert apply(RUNNING, Claimed()) is None


def test_only_the_newest_epoch_may_end_a_job() -> None:
    assert apply(RUNNING, Completed(epoch=1)) is None
    done = apply(RUNNING, Completed(epoch=2))
    assert done is not None
    assert done.state is JobState.DONE


def test_a_queued_job_is_cancelled_at_once() -> None:
    cancelled = apply(JobStatus(), CancelRequested())
    assert cancelled is not None
    assert cancelled.state is JobState.CANCELLED


def test_a_running_job_is_asked_to_stop_and_runs_on_until_it_has() -> None:
    asked = apply(RUNNING, CancelRequested())
    assert asked is not None
    assert (asked.state, asked.cancel_requested) == (JobState.RUNNING, True)
    stopped = apply(asked, StoppedEarly(epoch=2))
    assert stopped is not None
    assert stopped.state is JobState.CANCELLED


def test_a_picture_that_was_finished_before_the_cancel_arrived_counts() -> None:
    asked = apply(RUNNING, CancelRequested())
    assert asked is not None
    done = apply(asked, Completed(epoch=2))
    assert done is not None
    assert done.state is JobState.DONE


def test_a_failure_after_the_cancel_is_a_cancel() -> None:
    asked = apply(RUNNING, CancelRequested())
    assert asked is not None
    after = apply(asked, Broke(2, FailureReason.ENGINE_ERROR))
    assert after is not None
    assert (after.state, after.failure) == (JobState.CANCELLED, None)


def test_a_job_whose_engine_dies_too_often_fails() -> None:
    status: JobStatus | None = JobStatus()
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert status is not None
        assert status.state is JobState.QUEUED
        status = apply(status, Claimed())
        status = status and apply(status, EngineDied(epoch=attempt))
    assert status is not None
    assert (status.state, status.failure) == (JobState.FAILED, FailureReason.ENGINE_LOST)


def test_a_cancelled_job_is_not_queued_again_when_its_engine_dies() -> None:
    asked = apply(RUNNING, CancelRequested())
    assert asked is not None
    after = apply(asked, EngineDied(epoch=2))
    assert after is not None
    assert after.state is JobState.CANCELLED


def test_a_handed_back_job_has_not_used_up_an_attempt() -> None:
    assert apply(RUNNING, HandedBack(epoch=2)) == JobStatus(state=JobState.QUEUED, epoch=2, attempts=1)


def test_a_failure_keeps_its_reason() -> None:
    failed = apply(RUNNING, Broke(2, FailureReason.OUT_OF_MEMORY))
    assert failed is not None
    assert (failed.state, failed.failure) == (JobState.FAILED, FailureReason.OUT_OF_MEMORY)


EPOCHS = st.integers(0, 5)
EVENTS: st.SearchStrategy[JobEvent] = st.one_of(
    st.just(Claimed()),
    st.just(CancelRequested()),
    EPOCHS.map(Completed),
    EPOCHS.map(StoppedEarly),
    EPOCHS.map(HandedBack),
    EPOCHS.map(EngineDied),
    EPOCHS.map(lambda epoch: Broke(epoch, FailureReason.ENGINE_ERROR)),
)


@given(st.lists(EVENTS, max_size=30))
def test_whatever_happens_a_job_ends_at_most_once_and_attempts_stay_in_bounds(events: list[JobEvent]) -> None:
    status = JobStatus()
    ended = 0
    for event in events:
        after = apply(status, event)
        if after is None:
            continue
        assert status.state not in FINAL_STATES, "an ended job never changes"
        assert after.epoch >= status.epoch
        assert 0 <= after.attempts <= MAX_ATTEMPTS
        assert (after.failure is not None) == (after.state is JobState.FAILED)
        ended += after.state in FINAL_STATES
        status = after
    assert ended <= 1
