"""One job's news and last word, in order, with time and Discord played by the test."""

from itertools import pairwise

import pytest

from bot.jobs.address import Address
from bot.jobs.card import Card, Painting
from bot.jobs.card_keeper import Snapshot
from bot.jobs.errors import NotAnswered, Rejected
from bot.jobs.pace import Pace
from bot.jobs.steward import Desk, Steward
from bot.jobs.turns import Turns
from nst_engine.queue.database import Database
from nst_engine.queue.jobs import Job, Standing
from nst_engine.queue.outbox import Outbox
from nst_engine.queue.store import JobStore
from tests.fake_board import ADDRESS, FakeBoard, FakeCourier, painting
from tests.fake_clock import FakeClock
from tests.queue_samples import new_job

CARD_AT = ADDRESS.with_thread(4).with_card(101, posted_at=1_000_000.0)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def board(clock: FakeClock) -> FakeBoard:
    return FakeBoard(clock)


@pytest.fixture
def desk(database: Database, clock: FakeClock, board: FakeBoard) -> Desk:
    return Desk(
        store=JobStore(database),
        outbox=Outbox(database),
        board=board,
        courier=FakeCourier(),
        clock=clock,
        pace=Pace(),
        turns=Turns(clock, Pace()),
    )


async def test_a_hundred_quick_reports_become_few_edits_two_seconds_apart_and_the_last_one_shows(
    desk: Desk, clock: FakeClock, board: FakeBoard
) -> None:
    job = await desk.store.submit(new_job("77", address=ADDRESS.saved()))
    steward = Steward(desk, painting(job, 0), ADDRESS, may_have_card=False)
    for step in range(100):
        steward.offer(painting(job, step))
        clock.advance(0.1)
        await steward.act()
    steward.offer(await ended(desk, job))
    await steward.run()
    times = [when for when, _ in board.shown]
    assert all(later - earlier >= 2.0 - 1e-6 for earlier, later in pairwise(times))
    assert not isinstance(board.shown[-1][1].state, Painting)
    assert await is_delivered(desk)


async def test_a_delivery_is_recorded_before_the_card_is_closed(desk: Desk, board: FakeBoard) -> None:
    """So that a bot that ends, or a card that cannot be edited, never has the picture posted again."""
    job = await desk.store.submit(new_job("77", address=ADDRESS.saved()))
    board.errors["edit_card"] = [Rejected("too many edits"), NotAnswered("503")]
    recorded: list[bool] = []
    edit_card = board.edit_card

    async def look_and_edit(address: Address, card: Card, *, shown: Card | None) -> None:
        recorded.append(await is_delivered(desk))
        await edit_card(address, card, shown=shown)

    board.edit_card = look_and_edit  # type: ignore[method-assign]  # the moment to look at
    await Steward(desk, await ended(desk, job), CARD_AT, may_have_card=False).run()
    assert recorded == [True, True, True]
    assert len(board.shown) == 1


async def test_tries_to_close_a_card_are_few_and_at_a_decent_distance(
    desk: Desk, clock: FakeClock, board: FakeBoard, caplog: pytest.LogCaptureFixture
) -> None:
    job = await desk.store.submit(new_job("77", address=ADDRESS.saved()))
    board.errors["edit_card"] = [NotAnswered("503") for _ in range(9)]
    await Steward(desk, await ended(desk, job), CARD_AT, may_have_card=False).run()
    assert [act for act, _ in board.acts] == ["edit_card"] * 5
    assert clock.waits[-4:] == [2.0, 3.0, 10.0, 30.0]
    assert "card stays open job=77" in caplog.text


async def ended(desk: Desk, job: Job) -> Snapshot:
    """The job after somebody cancelled it."""
    await desk.store.request_cancel(job.id)
    after = await desk.store.get(job.id)
    assert after is not None
    return Snapshot(job=after, standing=Standing(place=0, seconds_to_start=None, engines_alive=1), progress=None)


async def is_delivered(desk: Desk) -> bool:
    job = await desk.store.get("77")
    return job is not None and job.delivered_at is not None
