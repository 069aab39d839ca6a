"""Requests that are not jobs yet, `nst_engine/queue/intake.py`."""

import pytest

from nst_engine.errors import QueueFull
from nst_engine.queue.database import Database
from nst_engine.queue.intake import Intake
from nst_engine.queue.quota import QueueLimits
from nst_engine.queue.store import JobStore
from tests.queue_samples import new_job


@pytest.fixture
async def intake(database: Database) -> Intake:
    """With one request noted."""
    intake = Intake(database)
    await intake.begin("1", {"channel": 7})
    return intake


async def test_a_request_is_left_over_until_it_ends(intake: Intake) -> None:
    assert await intake.left_over() == [("1", {"channel": 7})]
    await intake.end("1")
    assert await intake.left_over() == []


async def test_noting_a_request_again_replaces_its_address(intake: Intake) -> None:
    await intake.begin("1", {"channel": 7, "starter": 8})
    assert await intake.left_over() == [("1", {"channel": 7, "starter": 8})]


async def test_saving_the_job_ends_the_request_in_the_same_transaction(database: Database, intake: Intake) -> None:
    await JobStore(database).submit(new_job("1"))
    assert await intake.left_over() == []


async def test_a_job_that_was_not_taken_leaves_the_request_as_it_was(database: Database, intake: Intake) -> None:
    with pytest.raises(QueueFull):
        await JobStore(database).submit(new_job("1"), QueueLimits(open_in_all=0))
    assert await intake.left_over() == [("1", {"channel": 7})]
