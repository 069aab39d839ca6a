"""The requester's side of the queue, `nst_engine/queue/store.py` and `fairness.py`."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import pytest
from sqlalchemy import Connection

from nst_engine.contract.jobs import JobState
from nst_engine.errors import QueueFull
from nst_engine.queue.database import Database
from nst_engine.queue.jobs import Job, Standing
from nst_engine.queue.leases import Leases
from nst_engine.queue.quota import QueueLimits
from nst_engine.queue.store import JobStore
from tests.queue_samples import engine, new_job, report

Result = TypeVar("Result")


async def standing(store: JobStore, job: Job) -> Standing:
    return (await store.standings([job]))[job.id]


async def test_a_job_comes_back_as_it_was_handed_in(store: JobStore) -> None:
    handed_in = new_job(address={"channel": 7}, style_blobs=("a", "b"), mask_blobs=("m", None), start_blob="p")
    await store.submit(handed_in)
    job = await store.get("1")
    assert job is not None
    assert (job.params, job.content_blob, job.style_blobs) == (handed_in.params, "c" * 64, ("a", "b"))
    assert (job.mask_blobs, job.start_blob) == (("m", None), "p")
    assert (job.state, job.address, job.cost) == (JobState.QUEUED, {"channel": 7}, 10.0)


async def test_submitting_the_same_id_again_changes_nothing(store: JobStore) -> None:
    first = await store.submit(new_job(cost=10.0))
    assert await store.submit(new_job(cost=99.0)) == first
    assert await store.open_count() == 1


async def test_a_job_nobody_knows_is_none(store: JobStore) -> None:
    assert await store.get("nobody") is None
    assert await store.request_cancel("nobody") is None


async def test_the_cap_per_owner_holds_when_submissions_race(store: JobStore) -> None:
    limits = QueueLimits(open_per_owner=3)
    submissions = [store.submit(new_job(str(number)), limits) for number in range(10)]
    outcomes = await asyncio.gather(*submissions, return_exceptions=True)
    assert sum(isinstance(outcome, Job) for outcome in outcomes) == 3
    refused = [outcome for outcome in outcomes if isinstance(outcome, QueueFull)]
    assert len(refused) == 7
    assert all(refusal.of_owner and refusal.limit == 3 for refusal in refused)


async def test_the_cap_in_all_counts_everybody(store: JobStore) -> None:
    limits = QueueLimits(open_per_owner=9, open_in_all=2)
    for number in range(2):
        await store.submit(new_job(str(number), owner_id=f"member {number}"), limits)
    with pytest.raises(QueueFull) as refusal:
        await store.submit(new_job("3", owner_id="late"), limits)
    assert not refusal.value.of_owner


async def test_places_count_from_one_in_the_order_of_starting(store: JobStore) -> None:
    jobs = [await store.submit(new_job(str(number))) for number in range(3)]
    assert [(await standing(store, job)).place for job in jobs] == [1, 2, 3]


async def test_all_standings_are_of_one_moment_and_one_look(store: JobStore, database: Database) -> None:
    jobs = [await store.submit(new_job(str(number), priority=number % 2)) for number in range(6)]
    looks: list[object] = []

    class Counted(Database):
        def __init__(self) -> None: ...

        async def read(self, transaction: Callable[[Connection], Result]) -> Result:
            looks.append(transaction)
            return await database.read(transaction)

    found = await JobStore(Counted()).standings(jobs)
    assert [found[job.id].place for job in jobs] == [1, 4, 2, 5, 3, 6]
    assert len(looks) == 1


async def test_a_job_that_began_since_it_was_read_is_told_no_less_than_the_first_place(
    store: JobStore, leases: Leases
) -> None:
    job = await store.submit(new_job("1"))
    await store.submit(new_job("2"))
    await leases.claim("engine")
    assert (await standing(store, job)).place == 1


async def test_a_second_member_goes_before_the_first_members_backlog(store: JobStore, leases: Leases) -> None:
    for number in range(4):
        await store.submit(new_job(f"ann {number}", owner_id="ann"))
    await leases.claim("engine")
    bob = await store.submit(new_job("bob 0", owner_id="bob"))
    assert (await standing(store, bob)).place == 1
    order = [await leases.claim("engine") for _ in range(4)]
    assert [job.id for job in order if job] == ["bob 0", "ann 1", "ann 2", "ann 3"]


async def test_two_backlogs_take_turns_by_cost_and_weight(store: JobStore, leases: Leases) -> None:
    for number in range(3):
        await store.submit(new_job(f"ann {number}", owner_id="ann", cost=10.0))
        await store.submit(new_job(f"bob {number}", owner_id="bob", cost=10.0, weight=2.0))
    order = [await leases.claim("engine") for _ in range(6)]
    assert [job.id for job in order if job] == ["ann 0", "bob 0", "bob 1", "ann 1", "bob 2", "ann 2"]


async def test_an_idle_queue_does_not_hold_the_past_against_anybody(store: JobStore, leases: Leases) -> None:
    """After a busy period everybody starts level, so a newcomer cannot starve a regular."""
    for number in range(5):
        await store.submit(new_job(f"ann {number}", owner_id="ann"))
        claimed = await leases.claim("engine")
        assert claimed is not None
        await leases.stopped(claimed)
    await store.submit(new_job("bob 0", owner_id="bob"))
    await store.submit(new_job("bob 1", owner_id="bob"))
    ann = await store.submit(new_job("ann 9", owner_id="ann"))
    assert (await standing(store, ann)).place == 2


async def test_a_job_cancelled_while_waiting_costs_its_owner_nothing(store: JobStore) -> None:
    await store.submit(new_job("other", owner_id="bob"))
    first = await store.submit(new_job("first", cost=1000.0))
    await store.request_cancel("first")
    assert (await store.submit(new_job("second"))).vstart == first.vstart


async def test_a_lower_lane_number_goes_first(store: JobStore, leases: Leases) -> None:
    await store.submit(new_job("ordinary", priority=1))
    await store.submit(new_job("urgent", priority=0))
    claimed = await leases.claim("engine")
    assert claimed is not None
    assert claimed.id == "urgent"


async def test_time_to_start_is_the_cost_ahead_over_the_speed(store: JobStore, leases: Leases) -> None:
    jobs = [await store.submit(new_job(str(number), cost=10.0)) for number in range(4)]
    await leases.check_in(engine(speed=2.0))
    running = await leases.claim("engine")
    assert running is not None
    await leases.report(running, report(seconds_left=3.0))
    seconds = (await standing(store, jobs[3])).seconds_to_start
    assert seconds == pytest.approx(3.0 + 20.0 / 2.0, abs=0.5)


async def test_another_job_would_be_finished_after_all_others_by_one_engine_of_several(
    store: JobStore, leases: Leases
) -> None:
    await leases.check_in(engine(speed=2.0))
    assert await store.seconds_to_finish(10.0) == pytest.approx(5.0)
    await store.submit(new_job("1", cost=10.0))
    await store.submit(new_job("2", cost=10.0))
    running = await leases.claim("engine")
    assert running is not None
    await leases.report(running, report(seconds_left=3.0))
    assert await store.seconds_to_finish(10.0) == pytest.approx(3.0 + 5.0 + 5.0, abs=0.5)


@pytest.mark.parametrize("speed", [None, 0.0])
async def test_without_a_measured_engine_nobody_can_tell_when_another_job_would_be_finished(
    store: JobStore, leases: Leases, speed: float | None
) -> None:
    assert await store.seconds_to_finish(10.0) is None
    await leases.check_in(engine(speed=speed))
    assert await store.seconds_to_finish(10.0) is None


async def test_a_job_that_an_idle_engine_will_take_starts_now(store: JobStore, leases: Leases) -> None:
    await leases.check_in(engine())
    job = await store.submit(new_job())
    assert (await standing(store, job)).seconds_to_start == 0.0


async def test_the_next_in_line_waits_for_what_is_running_even_where_no_speed_is_known(
    store: JobStore, leases: Leases
) -> None:
    await store.submit(new_job("running"))
    job = await store.submit(new_job("waiting"))
    await leases.check_in(engine(speed=None))
    running = await leases.claim("engine")
    assert running is not None
    assert (await standing(store, job)).seconds_to_start is None
    await leases.report(running, report(seconds_left=600.0))
    assert (await standing(store, job)).seconds_to_start == pytest.approx(600.0, abs=1.0)


async def test_time_to_start_is_unknown_without_a_measured_engine(store: JobStore) -> None:
    job = await store.submit(new_job())
    found = await standing(store, job)
    assert (found.seconds_to_start, found.engines_alive) == (None, 0)


async def test_a_running_job_has_no_place(store: JobStore, leases: Leases) -> None:
    await store.submit(new_job())
    running = await leases.claim("engine")
    assert running is not None
    assert (await standing(store, running)).place == 0


async def test_a_queued_job_is_cancelled_at_once(store: JobStore) -> None:
    await store.submit(new_job())
    job = await store.request_cancel("1")
    assert job is not None
    assert job.state is JobState.CANCELLED
    assert job.finished_at is not None


async def test_the_address_can_change(store: JobStore) -> None:
    await store.submit(new_job(address={"thread": None}))
    await store.set_address("1", {"thread": 5})
    job = await store.get("1")
    assert job is not None
    assert job.address == {"thread": 5}
