"""The Cancel button: for the requester and for moderators."""

from pathlib import Path
from typing import Any

import discord
import pytest

from nst_engine.contract.jobs import JobState
from tests.bot_world import World, bot_world, buttons, until

MODERATOR = discord.Permissions(manage_messages=True)


async def card_of(world: World, where: Any = None) -> discord.Message:
    card = await until(lambda: world.card(where))
    assert isinstance(card, discord.Message)
    return card


async def state_of(world: World, job_id: str) -> JobState:
    job = await world.app.store.get(job_id)
    assert job is not None
    return job.state


async def test_the_requester_cancels_a_waiting_picture_at_once(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        (job,) = await world.app.store.open_jobs()
        answer = await world.ann.click(await card_of(world), label="Cancel")
        assert answer.ephemeral
        assert answer.response.content == "Cancelled. It had not been started."
        assert await state_of(world, job.id) is JobState.CANCELLED
        await until(lambda: "**Cancelled**" in world.card_text())
        assert buttons(await card_of(world)) == []
        await until_delivered(world, job.id)
        assert world.results() == []
        assert world.letters() == []


async def test_the_requester_stops_a_picture_that_is_being_painted(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        job = await world.engine.claim()
        await world.engine.report(job, 10)
        await until(lambda: "step 10" in world.card_text())
        answer = await world.ann.click(await card_of(world), label="Cancel")
        assert answer.response.content == "Stopping. A picture that was finished just before is still posted."
        await until(lambda: "**Stopping**" in world.card_text())
        assert await world.engine.obey_cancel(job)
        await until(lambda: "**Cancelled**" in world.card_text())
        await until_delivered(world, job.id)
        assert world.results() == []


async def test_a_moderator_may_cancel(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        moderators = world.guild.create_role("Mods", permissions=MODERATOR)
        moderator = world.guild.add_member(world.env.create_user("mo"), roles=[moderators])
        await world.stylize()
        answer = await moderator.click(await card_of(world), label="Cancel")
        assert answer.response.content == "Cancelled. It had not been started."


async def test_a_stranger_is_told_so_in_private(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        stranger = world.guild.add_member(world.env.create_user("eve"))
        await world.stylize()
        (job,) = await world.app.store.open_jobs()
        answer = await stranger.click(await card_of(world), label="Cancel")
        assert answer.ephemeral
        assert answer.response.content.startswith("Only the person who asked for this picture, or a moderator")
        assert await state_of(world, job.id) is JobState.QUEUED


async def test_in_a_direct_message_the_requester_cancels(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        bob = world.env.create_user("bob")
        await world.stylize(bob)
        answer = await bob.click(await card_of(world, bob.dm_channel), label="Cancel")
        assert answer.response.content == "Cancelled. It had not been started."


async def test_cancel_comes_too_late_for_a_finished_picture(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        card = await card_of(world)
        world.env.inject_error("PATCH", "/channels/*/messages/*", status=500, times=None)
        world.env.inject_error("POST", "/channels/*/messages", status=500, times=None)
        await world.engine.finish(await world.engine.claim())
        answer = await world.ann.click(card, label="Cancel")
        assert answer.response.content == "This has ended already."


async def test_a_card_from_before_the_database_was_lost_says_so(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        card = await card_of(world)

        async def forgotten(job_id: str) -> None:
            return None

        world.app.store.get = forgotten  # type: ignore[method-assign]  # the database's part
        answer = await world.ann.click(card, label="Cancel")
        assert answer.response.content == "I no longer know this picture."


async def test_a_fault_under_the_button_is_admitted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        card = await card_of(world)

        async def broken(job_id: str) -> None:
            raise ZeroDivisionError("a bug")

        world.app.store.request_cancel = broken  # type: ignore[method-assign]  # the database's part
        answer = await world.ann.click(card, label="Cancel")
        assert "Something went wrong on my side" in answer.response.content
        assert "ZeroDivisionError" in caplog.text


async def test_a_picture_cancelled_before_it_had_a_card_is_answered_all_the_same(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        world.env.inject_error("POST", "/channels/*/messages", status=503, times=1)
        await world.stylize()
        (job,) = await world.app.store.open_jobs()
        await world.app.store.request_cancel(job.id)
        await until_delivered(world, job.id)
        assert "was cancelled" in world.letters()[0].content or "**Cancelled**" in world.card_text()


async def until_delivered(world: World, job_id: str) -> None:
    open_ids = {job_id}
    while job_id in open_ids:
        seen = await world.app.store.open_jobs()
        open_ids = {job.id for job in seen}
