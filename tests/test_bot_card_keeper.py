"""The life of one card, with time and Discord played by the test."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.jobs.address import Address, address_of
from bot.jobs.card import Finished
from bot.jobs.card_keeper import CardKeeper, Snapshot
from bot.jobs.errors import MessageGone, NotAnswered, PlaceGone, Rejected
from bot.jobs.pace import Pace
from bot.jobs.turns import Turns
from nst_engine.contract.jobs import JobState
from nst_engine.queue.database import Database
from nst_engine.queue.jobs import Job
from nst_engine.queue.store import JobStore
from tests.fake_board import ADDRESS, FakeBoard, painting
from tests.fake_clock import FakeClock
from tests.queue_samples import new_job


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


@pytest.fixture
async def scene(database: Database) -> AsyncIterator[Scene]:
    clock = FakeClock()
    board = FakeBoard(clock)
    store = JobStore(database)
    job = await store.submit(new_job("77", address=ADDRESS.saved()))
    turns = Turns(clock, Pace())
    keeper = CardKeeper(board, store, address=ADDRESS, may_have_card=False, clock=clock, pace=Pace(), turns=turns)
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
        turns=Turns(scene.clock, Pace()),
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
        turns=Turns(scene.clock, Pace()),
    )
    await keeper.show(scene.snapshot())
    assert scene.board.acts == [("find_card", 4), ("edit_card", 66)]


async def test_when_the_thread_is_gone_the_card_moves_to_the_channel(scene: Scene) -> None:
    await scene.show()
    scene.board.errors["edit_card"] = [PlaceGone("deleted")]
    scene.board.errors["find_card"] = [PlaceGone("deleted")]
    for step in (5, 6, 7):
        await scene.show(step=step)
        scene.clock.advance(2)
    assert scene.board.acts[-1] == ("post_card", 2)


async def test_that_a_card_cannot_be_edited_does_not_move_it_out_of_its_thread(scene: Scene) -> None:
    await scene.show()
    scene.board.errors["edit_card"] = [PlaceGone("missing access")]
    scene.board.found = 101
    await scene.show(step=5)
    assert scene.keeper.address.thread_id == 4
    scene.clock.advance(2)
    await scene.show(step=6)
    assert scene.board.acts[-2:] == [("find_card", 4), ("edit_card", 101)]


async def test_a_card_whose_edits_are_refused_for_ever_is_asked_about_less_and_less(scene: Scene) -> None:
    await scene.show()
    scene.board.errors["edit_card"] = [PlaceGone("missing access") for _ in range(300)]
    scene.board.found = 101
    for step in range(300):
        await scene.show(step=step)
        scene.clock.advance(2)
    acts = [act for act, _ in scene.board.acts]
    assert acts.count("edit_card") <= 20
    assert acts.count("post_card") == 1


async def test_where_discord_rejects_the_thread_the_card_goes_into_the_channel(scene: Scene) -> None:
    scene.board.errors["open_thread"] = [Rejected("no")]
    await scene.show()
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
