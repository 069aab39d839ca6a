"""What cannot be posted is given up in plain words; what cannot be shown on the card is given up in the log."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bot_world import QUICK, World, bot_world, buttons, until
from tests.fake_engine import summary
from tests.test_bot_delivery import all_delivered, running


async def card_is_closed(world: World) -> None:
    """It has no button any more."""
    await until(lambda: (card := world.card()) is not None and not buttons(card))


async def test_a_picture_that_discord_rejects_is_given_up_in_plain_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with bot_world(tmp_path) as world:
        job = await running(world)
        world.env.inject_error("POST", "/channels/*/messages", status=400, code=20009, times=3)
        await world.engine.finish(job)
        await card_is_closed(world)
        (letter,) = world.letters()
        assert "was painted, but I could not post it" in letter.content
        assert f"Reference: {job.id}" in letter.content
        assert [user.id for user in letter.mentions] == [world.ann.id]
        assert world.results() == []
        assert f"undeliverable job={job.id} attempts=3" in caplog.text


async def test_where_discord_rejects_even_the_plain_words_the_job_is_closed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with bot_world(tmp_path) as world:
        job = await running(world)
        world.env.inject_error("POST", "/channels/*/messages", status=400, code=20009, times=None)
        await world.engine.finish(job)
        await card_is_closed(world)
        assert f"nobody could be told job={job.id} attempts=6" in caplog.text
        assert await world.app.store.open_jobs() == []


async def test_an_outage_does_not_use_up_the_patience_with_a_refusal_after_it(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        job = await running(world)
        world.env.inject_error("POST", "/channels/*/messages", status=503, times=4)
        world.env.inject_error("POST", "/channels/*/messages", status=400, code=20009, times=2)
        await world.engine.finish(job)
        await all_delivered(world)
        assert len(world.results()) == 1


async def test_after_eight_hours_of_silence_the_requester_is_told(tmp_path: Path) -> None:
    async with bot_world(tmp_path, pace=replace(QUICK, delivery_attempts=4)) as world:
        job = await running(world)
        world.env.inject_error("POST", "/channels/*/messages", status=503, times=5)
        await world.engine.finish(job)
        await all_delivered(world)
        (letter,) = world.letters()
        assert "was painted, but I could not post it" in letter.content


async def test_a_picture_that_was_lost_in_the_store_is_given_up_in_plain_words(tmp_path: Path) -> None:
    async with bot_world(tmp_path, pace=replace(QUICK, retries=(0.01,))) as world:
        job = await running(world)
        await world.engine.leases.complete(job, result_blob="ab" * 32, result_format="png", summary=summary())
        await card_is_closed(world)
        (letter,) = world.letters()
        assert "was painted, but I could not post it" in letter.content
        after = await world.app.store.get(job.id)
        assert after is not None
        assert after.delivery_attempts == 21


async def test_a_damaged_picture_is_given_up_in_plain_words(tmp_path: Path) -> None:
    async with bot_world(tmp_path, pace=replace(QUICK, retries=(0.01,))) as world:
        await world.engine.finish(await running(world), b"not a picture")
        await all_delivered(world)
        (letter,) = world.letters()
        assert "was painted, but I could not post it" in letter.content


@pytest.mark.parametrize(("status", "code"), [(400, 50035), (429, 30046), (503, 0)])
async def test_a_card_that_cannot_be_edited_keeps_no_posted_picture_undelivered(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, status: int, code: int
) -> None:
    async with bot_world(tmp_path) as world:
        job = await running(world)
        world.env.inject_error("PATCH", "/channels/*/messages/*", status=status, code=code, times=None)
        await world.engine.finish(job)
        await until(lambda: f"card stays open job={job.id}" in caplog.text)
        after = await world.app.store.get(job.id)
        assert after is not None
        assert after.delivered_at is not None
        assert after.delivery_attempts == 1
        assert len(world.results()) == 1
