"""The life of one card, with time and Discord played by the test."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import pytest

from bot.jobs.address import Address, address_of
from bot.jobs.card import Card, Finished, Painting
from bot.jobs.card_keeper import CardKeeper, Snapshot
from bot.jobs.errors import BotError, MessageGone, NotAnswered, PlaceGone
from bot.jobs.pace import Pace
from bot.jobs.steward import Desk, Steward
from nst_engine.contract.jobs import JobState
from nst_engine.queue.database import Database
from nst_engine.queue.jobs import Job, ProgressReport, Standing
from nst_engine.queue.outbox import Outbox
from nst_engine.queue.store import JobStore
from tests.fake_clock import FakeClock
from tests.queue_samples import new_job

ADDRESS = Address(
    guild_id=1,
    channel_id=2,
    user_id=3,
    locale="en-US",
    content_name="cat.png",
    style_name="wave.png",
    upload_limit_bytes=10 * 2**20,
    wants_thread=True,
    starter_message_id=4,
)


@dataclass
class FakeBoard:
    """Does as told: each method first raises the next error prepared for it."""

    clock: FakeClock
    acts: list[tuple[str, int | None]] = field(default_factory=list)
    shown: list[tuple[float, Card]] = field(default_factory=list)
    errors: dict[str, list[BotError]] = field(default_factory=dict)
    found: int | None = None
    posted: int = 100
    hang: bool = False

    def _act(self, name: str, what: int | None) -> None:
        self.acts.append((name, what))
        if self.errors.get(name):
            raise self.errors[name].pop(0)

    async def open_thread(self, address: Address) -> Address:
        self._act("open_thread", address.starter_message_id)
        return address.with_thread(4)

    async def find_card(self, address: Address, job_id: str) -> int | None:
        self._act("find_card", address.place_id)
        return self.found

    async def post_card(self, address: Address, card: Card) -> int:
        self._act("post_card", address.place_id)
        if self.hang:
            await asyncio.Event().wait()
        self.posted += 1
        self.shown.append((self.clock.now(), card))
        return self.posted

    async def edit_card(self, address: Address, card: Card, *, shown: Card | None) -> None:
        self._act("edit_card", address.card_message_id)
        self.shown.append((self.clock.now(), card))

    async def remove_card(self, address: Address) -> None:
        self._act("remove_card", address.card_message_id)


class FakeCourier:
    """Delivers everything at once."""

    def __init__(self) -> None:
        self.delivered: list[Job] = []

    async def deliver(self, job: Job, address: Address, *, may_have_posted: bool) -> None:
        self.delivered.append(job)


@dataclass
class Scene:
    clock: FakeClock
    board: FakeBoard
    store: JobStore
    job: Job
    keeper: CardKeeper

    async def show(self, **changes: Any) -> None:
        await self.keeper.show(self.snapshot(**changes))

    def snapshot(self, **changes: Any) -> Snapshot:
        return painting(self.job, **changes)

    async def saved(self) -> Address | None:
        job = await self.store.get(self.job.id)
        return address_of(job) if job else None


def painting(job: Job, step: int = 0) -> Snapshot:
    report = ProgressReport(step=step, steps=100, steps_per_second=1.0, seconds_left=9.0)
    return Snapshot(job=replace(job, state=JobState.RUNNING), standing=None, progress=report)


@pytest.fixture
async def scene(database: Database) -> AsyncIterator[Scene]:
    clock = FakeClock()
    board = FakeBoard(clock)
    store = JobStore(database)
    job = await store.submit(new_job("77", address=ADDRESS.saved()))
    keeper = CardKeeper(board, store, address=ADDRESS, may_have_card=False, clock=clock, pace=Pace())
    yield Scene(clock=clock, board=board, store=store, job=job, keeper=keeper)


async def test_the_first_card_opens_the_thread_and_is_saved(scene: Scene) -> None:
    await scene.show()
    assert scene.board.acts == [("open_thread", 4), ("post_card", 4)]
    saved = await scene.saved()
    assert saved is not None
    assert (saved.thread_id, saved.card_message_id, saved.card_channel_id) == (4, 101, 4)


async def test_a_card_that_says_the_same_is_not_edited(scene: Scene) -> None:
    await scene.show(step=1)
    await scene.show(step=1)
    await scene.show(step=2)
    assert [act for act, _ in scene.board.acts[2:]] == ["edit_card"]


async def test_where_no_thread_opens_the_card_goes_into_the_channel(scene: Scene) -> None:
    scene.board.errors["open_thread"] = [PlaceGone("no")]
    await scene.show()
    assert scene.board.acts[-1] == ("post_card", 2)
    assert (await scene.saved()) == scene.keeper.address


async def test_an_unanswered_thread_is_tried_again_and_not_given_up(scene: Scene) -> None:
    scene.board.errors["open_thread"] = [NotAnswered("502")]
    await scene.show()
    assert not scene.keeper.address.has_card
    scene.clock.advance(10)
    await scene.show()
    assert scene.keeper.address.place_id == 4


async def test_after_an_unanswered_post_the_card_is_looked_for_before_another_is_posted(scene: Scene) -> None:
    scene.board.errors["post_card"] = [NotAnswered("reset")]
    scene.board.found = 55
    await scene.show()
    scene.clock.advance(10)
    await scene.show(step=3)
    assert [act for act, _ in scene.board.acts].count("post_card") == 1
    assert scene.keeper.address.card_message_id == 55
    assert scene.board.acts[-1] == ("edit_card", 55)


async def test_a_card_that_discord_keeps_waiting_is_let_go(scene: Scene) -> None:
    """So that a rate limit on the card cannot hold up the picture."""
    scene.board.hang = True
    keeper = CardKeeper(
        scene.board,
        scene.store,
        address=ADDRESS.with_thread(4),
        may_have_card=False,
        clock=scene.clock,
        pace=Pace(card_attempt=0.01),
    )
    await keeper.show(scene.snapshot())
    assert not keeper.address.has_card


async def test_after_a_restart_an_unrecorded_card_is_found(scene: Scene) -> None:
    scene.board.found = 66
    keeper = CardKeeper(
        scene.board,
        scene.store,
        address=ADDRESS.with_thread(4),
        may_have_card=True,
        clock=scene.clock,
        pace=Pace(),
    )
    await keeper.show(scene.snapshot())
    assert scene.board.acts == [("find_card", 4), ("edit_card", 66)]


async def test_when_the_thread_is_gone_the_card_moves_to_the_channel(scene: Scene) -> None:
    await scene.show()
    scene.board.errors["edit_card"] = [PlaceGone("deleted")]
    await scene.show(step=5)
    scene.clock.advance(2)
    await scene.show(step=6)
    assert scene.board.acts[-1] == ("post_card", 2)


async def test_a_card_that_somebody_deleted_does_not_come_back(scene: Scene) -> None:
    await scene.show()
    scene.board.errors["edit_card"] = [MessageGone("deleted")]
    await scene.show(step=5)
    scene.clock.advance(10_000)
    await scene.show(step=6)
    assert scene.board.acts[-1][0] == "edit_card"
    assert [act for act, _ in scene.board.acts].count("post_card") == 1


async def test_an_old_card_is_replaced_because_discord_hardly_lets_it_be_edited(scene: Scene) -> None:
    await scene.show()
    scene.clock.advance(50 * 60 + 1)
    await scene.show(step=5)
    assert scene.board.acts[-2:] == [("post_card", 4), ("remove_card", 101)]
    saved = await scene.saved()
    assert saved is not None
    assert saved.card_message_id == 102


async def test_the_last_word_goes_out_and_a_missing_card_is_no_trouble(scene: Scene) -> None:
    await scene.show()
    done = Snapshot(job=replace(scene.job, state=JobState.DONE), standing=None, progress=None)
    await scene.keeper.close(done)
    assert scene.board.shown[-1][1].state == Finished(summary=None)
    scene.board.errors["edit_card"] = [MessageGone("deleted")]
    await scene.keeper.close(done)


async def test_an_unanswered_last_word_is_reported_so_that_it_is_tried_again(scene: Scene) -> None:
    await scene.show()
    scene.board.errors["edit_card"] = [NotAnswered("503")]
    with pytest.raises(NotAnswered):
        await scene.keeper.close(scene.snapshot())


async def test_a_hundred_quick_reports_become_few_edits_two_seconds_apart_and_the_last_one_shows(
    database: Database, scene: Scene
) -> None:
    desk = Desk(
        store=scene.store,
        outbox=Outbox(database),
        board=scene.board,
        courier=FakeCourier(),
        clock=scene.clock,
        pace=Pace(),
    )
    steward = Steward(desk, painting(scene.job, 0), ADDRESS, may_have_card=False)
    await scene.store.request_cancel(scene.job.id)  # so that there is something to deliver at the end
    for step in range(100):
        steward.offer(painting(scene.job, step))
        scene.clock.advance(0.1)
        await steward.act()
    ended = await scene.store.get(scene.job.id)
    assert ended is not None
    steward.offer(
        Snapshot(job=ended, standing=Standing(place=0, seconds_to_start=None, engines_alive=1), progress=None)
    )
    await steward.run()
    times = [when for when, _ in scene.board.shown]
    assert all(later - earlier >= 2.0 - 1e-6 for earlier, later in pairwise(times))
    assert not isinstance(scene.board.shown[-1][1].state, Painting)
    after = await scene.store.get(scene.job.id)
    assert after is not None
    assert after.delivered_at is not None
