"""The bot's process ends at any moment, another one starts on the same database, and nobody notices but the log."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.jobs.address import Address
from nst_engine.contract.jobs import JobState
from tests.bot_world import QUICK, WAVE, World, bot_world, buttons, until
from tests.fake_engine import picture


async def all_delivered(world: World) -> None:
    while await world.app.store.open_jobs():
        pass


def answer_nothing(world: World) -> None:
    """Discord does what it is asked to post, and this bot hears nothing of it any more."""
    original = world.app.client.http.request

    async def request(route: Any, **options: Any) -> Any:
        answer = await original(route, **options)
        return await asyncio.Event().wait() if route.method == "POST" else answer

    world.app.client.http.request = request  # type: ignore[method-assign]  # the network's part


async def test_a_waiting_job_keeps_its_card_and_its_button(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.engine.check_in()
        await world.stylize()
        before = await until(world.card)
        await world.restart()
        answer = await world.ann.click(before, label="Cancel")
        assert answer.response.content == "Cancelled. It had not been started."
        await until(lambda: "**Cancelled**" in world.card_text())
        after = world.card()
        assert after is not None
        assert after.id == before.id


async def test_a_button_works_before_the_new_process_has_shown_any_card(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        card = await until(world.card)
        world.env.inject_error("PATCH", "/channels/*/messages/*", status=503, times=None)
        await world.restart()
        answer = await world.ann.click(card, label="Cancel")
        assert answer.response.content == "Cancelled. It had not been started."


async def test_a_running_job_goes_on_on_the_same_card_and_ends_with_one_picture(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        job = await world.engine.claim()
        await world.engine.report(job, 10, preview=picture("red", kind="JPEG"))
        await until(lambda: "step 10" in world.card_text())
        before = world.card()
        assert before is not None
        await world.restart()
        await world.engine.report(job, 20)
        await until(lambda: "step 20" in world.card_text())
        await world.engine.finish(job)
        await all_delivered(world)
        after = world.card()
        assert after is not None
        assert after.id == before.id
        assert len(world.results()) == 1


async def test_a_running_job_can_be_stopped_after_the_restart(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        job = await world.engine.claim()
        card = await until(world.card)
        await world.restart()
        answer = await world.ann.click(card, label="Cancel")
        assert answer.response.content.startswith("Stopping")
        assert await world.engine.obey_cancel(job)
        await until(lambda: "**Cancelled**" in world.card_text())


async def test_a_picture_finished_while_the_bot_was_away_is_delivered_once(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        await until(world.card)
        job = await world.engine.claim()
        world.env.inject_error("POST", "/channels/*/messages", status=503, times=None)
        await world.engine.finish(job)
        await until(lambda: world.env.backend.faults)
        world.env.backend.faults.clear()
        await world.restart()
        await all_delivered(world)
        assert len(world.results()) == 1
        await until(lambda: "Finished" in world.card_text())


async def test_a_picture_posted_but_not_recorded_is_not_posted_again(tmp_path: Path) -> None:
    """The bot dies between Discord's answer and its own note of it."""
    async with bot_world(tmp_path) as world:
        await world.stylize()
        await until(world.card)
        answer_nothing(world)
        await world.engine.finish(await world.engine.claim())
        await until(world.results)
        (job,) = await world.app.store.open_jobs()
        assert job.delivered_at is None
        await world.restart()
        await all_delivered(world)
        assert len(world.results()) == 1
        await until(lambda: "Finished" in world.card_text())


async def test_a_bot_stopped_between_the_picture_and_the_cards_last_edit_leaves_that_edit_to_the_next(
    tmp_path: Path,
) -> None:
    async with bot_world(tmp_path, pace=replace(QUICK, between_edits=60.0)) as world:
        await world.stylize()
        await until(world.card)
        await world.engine.finish(await world.engine.claim())
        await until(world.results)
        await world.restart()
        await until(lambda: "Finished" in world.card_text())
        assert len(world.results()) == 1


async def test_a_delivered_job_is_left_alone(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        await until(world.card)
        await world.engine.finish(await world.engine.claim())
        await until(lambda: "Finished" in world.card_text())
        count = len(world.env.http_requests)
        await world.restart()
        await world.stylize(style=WAVE)
        await until(lambda: len(world.threads()) == 2 and world.card(world.threads()[1]))
        first_thread = world.threads()[0].id
        assert not [entry for entry in world.env.http_requests[count:] if f"/channels/{first_thread}/" in entry.path]
        assert len(world.results(world.threads()[0])) == 1


@pytest.mark.parametrize("recorded", ["nothing", "thread"])
async def test_a_job_saved_just_before_the_end_gets_its_thread_and_card_afterwards(
    tmp_path: Path, recorded: str
) -> None:
    async with bot_world(tmp_path) as world:
        path = "/channels/*/messages/*/threads" if recorded == "nothing" else "/channels/*/messages"
        world.env.inject_error("POST", path, status=503, times=None)
        await world.stylize()
        await until(lambda: any(path.rsplit("/", maxsplit=1)[-1] in entry.path for entry in world.env.http_requests))
        await world.stack.aclose()
        world.env.backend.faults.clear()
        await world.restart()
        card = await until(world.card)
        assert buttons(card) == ["Cancel"]
        assert len(world.threads()) == 1


async def test_a_card_posted_but_not_recorded_is_found_again(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        card = await until(world.card)
        (job,) = await world.app.store.open_jobs()
        address = Address.model_validate(job.address)
        await world.stack.aclose()
        await world.start_again(lambda store: store.set_address(job.id, address.without_card().saved()))
        await world.engine.report(await world.engine.claim(), 3)
        await until(lambda: "step 3" in world.card_text())
        after = world.card()
        assert after is not None
        assert after.id == card.id
        assert sum(message.flags.components_v2 for message in world.history()) == 1


async def test_the_same_bot_object_may_be_started_again(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        card = await until(world.card)
        await world.env.restart_bot()
        answer = await world.ann.click(card, label="Cancel")
        assert answer.response.content == "Cancelled. It had not been started."


async def test_a_job_without_an_address_is_left_to_its_owner(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        await until(world.card)
        (job,) = await world.app.store.open_jobs()
        await world.app.store.set_address(job.id, {"made_by": "another version"})
        await world.restart()
        await world.stylize()
        await until(lambda: len(world.threads()) == 2 and world.card(world.threads()[1]))
        after = await world.app.store.get(job.id)
        assert after is not None
        assert after.state is JobState.QUEUED
