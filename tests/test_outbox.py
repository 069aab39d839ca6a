"""Deliveries, `nst_engine/queue/outbox.py`."""

import pytest

from nst_engine.queue.database import Database
from nst_engine.queue.outbox import Outbox
from nst_engine.queue.store import JobStore
from tests.queue_samples import new_job


@pytest.fixture
async def store(database: Database) -> JobStore:
    """A queue with one job that has ended and one that has not."""
    store = JobStore(database)
    await store.submit(new_job("ended"))
    await store.submit(new_job("open"))
    await store.request_cancel("ended")
    return store


async def test_only_ended_jobs_are_due(database: Database, store: JobStore) -> None:
    assert await Outbox(database).due() == ["ended"]


async def test_a_delivery_under_way_is_not_given_to_anybody_else(database: Database, store: JobStore) -> None:
    outbox = Outbox(database)
    job = await outbox.begin("ended", lease_seconds=60)
    assert job is not None
    assert job.delivery_attempts == 1
    assert await outbox.begin("ended", lease_seconds=60) is None
    assert await outbox.due() == []


async def test_a_delivery_whose_bot_died_is_due_again_and_counts(database: Database, store: JobStore) -> None:
    outbox = Outbox(database)
    await outbox.begin("ended", lease_seconds=-1)
    job = await outbox.begin("ended", lease_seconds=60)
    assert job is not None
    assert job.delivery_attempts == 2


async def test_a_delivered_job_is_never_due_again(database: Database, store: JobStore) -> None:
    outbox = Outbox(database)
    await outbox.begin("ended", lease_seconds=-1)
    await outbox.delivered("ended")
    assert await outbox.due() == []
    assert await outbox.begin("ended", lease_seconds=60) is None
    assert [job.id for job in await store.open_jobs()] == ["open"]


async def test_a_postponed_delivery_waits_for_its_time(database: Database, store: JobStore) -> None:
    outbox = Outbox(database)
    await outbox.begin("ended", lease_seconds=60)
    await outbox.postpone("ended", seconds=60)
    assert await outbox.due() == []
    await outbox.postpone("ended", seconds=-1)
    assert await outbox.due() == ["ended"]


async def test_an_open_job_cannot_be_delivered(database: Database, store: JobStore) -> None:
    assert await Outbox(database).begin("open", lease_seconds=60) is None


async def test_what_is_kept_of_the_address_may_change_with_the_delivery(database: Database, store: JobStore) -> None:
    """What was needed for it is forgotten with the very note of it."""
    await store.set_address("ended", {"token": "secret"})
    await Outbox(database).begin("ended", lease_seconds=60)
    await Outbox(database).delivered("ended", address={})
    job = await store.get("ended")
    assert job is not None
    assert job.address == {}
    assert job.delivered_at is not None
