"""What an owner has asked for, and whether more is allowed: `nst_engine/queue/quota.py`."""

import asyncio

import pytest

from nst_engine.contract.events import FailureReason
from nst_engine.contract.jobs import JobState
from nst_engine.errors import QueueFull, QuotaUsed, TooSoon
from nst_engine.queue.database import Database
from nst_engine.queue.jobs import Job
from nst_engine.queue.leases import Leases
from nst_engine.queue.quota import DAY_SECONDS, QueueLimits, Usage, excess, left_today, next_possible_at
from nst_engine.queue.store import JobStore
from tests.queue_samples import engine, new_job

NOW = 1_000_000.0


def used(*hours_ago: float, **changes: int) -> Usage:
    made = tuple(NOW - 3600 * hours for hours in hours_ago)
    return Usage(now=NOW, made_here=made, last_here=made[0] if made else None, **changes)


def test_without_limits_anything_is_allowed() -> None:
    assert excess(used(0, 1, 2, open_of_owner=99, open_here=99, open_in_all=99), QueueLimits()) is None


def test_the_next_is_possible_when_the_first_of_a_full_day_is_a_day_old() -> None:
    assert next_possible_at(used(1, 5, 20), 3) == NOW - 20 * 3600 + DAY_SECONDS
    assert next_possible_at(used(1, 5, 20), 2) == NOW - 5 * 3600 + DAY_SECONDS
    assert next_possible_at(used(1, 5, 20), 4) == NOW
    assert next_possible_at(used(), 0) is None


def test_what_is_left_is_never_less_than_nothing() -> None:
    assert [left_today(used(1, 2), quota) for quota in (0, 1, 2, 5)] == [0, 0, 0, 3]


def test_a_used_up_day_says_how_many_and_when() -> None:
    why = excess(used(1, 2), QueueLimits(per_day=2))
    assert isinstance(why, QuotaUsed)
    assert (why.limit, why.next_at) == (2, NOW - 2 * 3600 + DAY_SECONDS)


@pytest.mark.parametrize(("seconds_apart", "left"), [(7200, 3600), (3601, 1), (3600, None), (0, None)])
def test_two_jobs_keep_their_distance(seconds_apart: float, left: float | None) -> None:
    why = excess(used(1), QueueLimits(seconds_apart=seconds_apart))
    assert (why.seconds if isinstance(why, TooSoon) else why) == left


def test_a_tenants_own_cap_counts_what_is_open_there() -> None:
    limits = QueueLimits(open_per_owner=3, open_per_owner_here=1)
    assert excess(used(open_of_owner=2, open_here=0), limits) is None
    why = excess(used(open_of_owner=2, open_here=1), limits)
    assert isinstance(why, QueueFull)
    assert (why.limit, why.of_owner) == (1, True)


async def test_a_quota_holds_when_submissions_race(store: JobStore) -> None:
    limits = QueueLimits(per_day=3)
    outcomes = await asyncio.gather(
        *(store.submit(new_job(str(number)), limits) for number in range(10)), return_exceptions=True
    )
    assert sum(isinstance(outcome, Job) for outcome in outcomes) == 3
    assert sum(isinstance(outcome, QuotaUsed) for outcome in outcomes) == 7


async def test_a_wait_holds_when_submissions_race(store: JobStore) -> None:
    limits = QueueLimits(seconds_apart=60)
    outcomes = await asyncio.gather(
        *(store.submit(new_job(str(number)), limits) for number in range(5)), return_exceptions=True
    )
    assert sum(isinstance(outcome, TooSoon) for outcome in outcomes) == 4


async def test_a_quota_is_of_one_owner_in_one_tenant(store: JobStore) -> None:
    limits = QueueLimits(per_day=1)
    await store.submit(new_job("1"), limits)
    await store.submit(new_job("2", owner_id="bob"), limits)
    await store.submit(new_job("3", tenant_id="elsewhere"), limits)
    with pytest.raises(QuotaUsed):
        await store.submit(new_job("4"), limits)


async def test_what_failed_or_never_began_does_not_count(store: JobStore, database: Database) -> None:
    leases = Leases(database, lease_seconds=60)
    await leases.check_in(engine())
    for number, end in enumerate(("fail", "cancel before", "cancel after"), 1):
        await store.submit(new_job(str(number)))
        if end == "cancel before":
            await store.request_cancel(str(number))
            continue
        job = await leases.claim("engine")
        assert job is not None
        if end == "fail":
            await leases.fail(job, FailureReason.ENGINE_ERROR, "")
        else:
            await store.request_cancel(job.id)
            await leases.stopped(job)
    usage = await store.usage(tenant_id="server", owner_id="ann")
    assert len(usage.made_here) == 1
    assert usage.last_here is not None
    assert usage.open_here == 0


async def test_only_what_waits_is_cancelled_for_an_owner(store: JobStore, database: Database) -> None:
    leases = Leases(database, lease_seconds=60)
    await leases.check_in(engine())
    await store.submit(new_job("running"))
    await leases.claim("engine")
    await store.submit(new_job("waiting"))
    await store.submit(new_job("bob's", owner_id="bob"))
    await store.submit(new_job("elsewhere", tenant_id="elsewhere"))
    assert await store.cancel_queued(tenant_id="server", owner_id="ann") == ["waiting"]
    states = {name: job.state for name in ("running", "bob's", "elsewhere") if (job := await store.get(name))}
    assert states["running"] is JobState.RUNNING
    assert states["bob's"] is states["elsewhere"] is JobState.QUEUED


async def test_a_guard_looks_in_the_transaction_that_saves(store: JobStore) -> None:
    def forbid(_connection: object) -> None:
        raise PermissionError("not here")

    with pytest.raises(PermissionError):
        await store.submit(new_job("1"), guard=forbid)
    assert await store.get("1") is None
