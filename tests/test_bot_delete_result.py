"""The Delete button, also where Discord does not do at once what it is told."""

from pathlib import Path
from typing import Any

import pytest

from tests.bot_world import bot_world, until
from tests.result_acts import (
    all_delivered,
    filled_in,
    finished,
    job_of,
    moderator,
    said_in_private,
    stranger,
)

DELETED_MESSAGES = ("/channels/*/messages/*", "/webhooks/*/*/messages/*")


async def test_a_picture_that_discord_did_not_delete_can_be_deleted_with_another_press(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world)
        for path in DELETED_MESSAGES:
            world.env.inject_error("DELETE", path, status=403, code=50001, times=1)
        answer = await world.ann.click(message, label="Delete")
        assert said_in_private(answer) == "I cannot delete it here. A moderator of this server can."
        assert len(world.results()) == 1
        answer = await world.ann.click(message, label="Delete")
        assert said_in_private(answer) == "Deleted."
        assert world.results() == []


async def test_an_outage_at_a_delete_is_not_told_as_files_that_could_not_be_fetched(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world)
        for path in DELETED_MESSAGES:
            world.env.inject_error("DELETE", path, status=503, times=None)
        answer = await world.ann.click(message, label="Delete")
        assert said_in_private(answer).startswith("Something went wrong on my side")


async def test_a_deletion_by_a_moderator_is_noted_once(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world)
        for path in DELETED_MESSAGES:
            world.env.inject_error("DELETE", path, status=403, code=50001, times=1)
        mo = moderator(world)
        await mo.click(message, label="Delete")
        assert said_in_private(await mo.click(message, label="Delete")) == "Deleted."


async def test_a_moderator_deletes_a_picture(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world)
        answer = await moderator(world).click(message, label="Delete")
        assert said_in_private(answer) == "Deleted."
        assert world.results() == []


@pytest.mark.parametrize("after_restart", [False, True], ids=["at once", "after a restart"])
async def test_who_asked_for_a_picture_deletes_it_and_the_card_stays(tmp_path: Path, after_restart: bool) -> None:
    async with bot_world(tmp_path) as world:
        message, job = await finished(world)
        await until(lambda: "Finished" in world.card_text())
        if after_restart:
            await world.restart()
        answer = await world.ann.click(message, label="Delete")
        assert said_in_private(answer) == "Deleted."
        assert world.results() == []
        assert "Finished" in world.card_text()
        assert (await job_of(world, job.id)).address is not None


async def test_a_stranger_cannot_delete_a_picture(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world)
        answer = await stranger(world).click(message, label="Delete")
        assert said_in_private(answer).startswith("Only the person who asked for this picture, or a moderator")
        assert len(world.results()) == 1


async def test_in_a_direct_message_a_picture_can_be_deleted(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        bob = world.env.create_user("bob")
        await world.stylize(bob)
        await world.engine.finish(await world.engine.claim())
        await all_delivered(world)
        (message,) = world.results(bob.dm_channel)
        await bob.click(message, label="Delete")
        assert world.results(bob.dm_channel) == []


async def test_nobody_goes_on_from_a_deleted_picture(tmp_path: Path) -> None:
    """A form may be open still, and a press on its way."""
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world)
        eve = stranger(world)
        form = await eve.click(message, label="Tweak…")
        await world.ann.click(message, label="Delete")
        form._interaction.source_message_id = None  # the message with the button is not there any more
        answer = await eve.submit_modal(form, filled_in(form))
        assert said_in_private(answer) == "This picture was deleted."
        assert await world.app.store.open_jobs() == []


async def test_a_picture_deleted_before_we_knew_that_it_was_posted_does_not_come_back(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        await until(world.card)
        original = world.app.client.http.request
        lost: list[str] = []

        async def request(route: Any, **options: Any) -> Any:
            answer = await original(route, **options)
            if not lost and any(file.filename.startswith("stylized-") for file in options.get("files") or []):
                lost.append(route.url)
                await world.ann.click(world.results()[0], label="Delete")
                raise ConnectionResetError("the answer was lost")
            return answer

        world.app.client.http.request = request  # type: ignore[method-assign]  # the network's part
        await world.engine.finish(await world.engine.claim())
        await all_delivered(world)
        assert lost
        assert world.results() == []
