"""The last word reaches the requester exactly once, whatever Discord does meanwhile."""

import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import discord
import pytest
from PIL import Image
from sqlalchemy import update

from bot.ui.courier import MESSAGES_TO_SEARCH
from bot.ui.text.last_word import failure
from bot.ui.words import words_for
from nst_engine.contract.events import FailureReason
from nst_engine.queue.jobs import Job
from nst_engine.queue.schema import jobs
from tests.bot_world import PERMISSIONS, World, bot_world, until
from tests.fake_engine import picture

Request = Callable[..., Any]


def noise_picture(side: int) -> bytes:
    """A PNG that does not compress."""
    buffer = io.BytesIO()
    Image.frombytes("RGB", (side, side), random.Random(1).randbytes(3 * side * side)).save(buffer, "PNG")
    return buffer.getvalue()


async def painted(world: World, result: bytes | None = None) -> None:
    """A job with its card up, and then its picture."""
    await world.stylize()
    await until(world.card)
    await world.engine.finish(await world.engine.claim(), result)


async def all_delivered(world: World) -> None:
    while await world.app.store.open_jobs():
        pass


def lose_answers(world: World, *, times: int, is_meant: Callable[[Any, dict[str, Any]], bool]) -> list[str]:
    """Discord does what it is asked, but its answer gets lost on the way back."""
    original: Request = world.app.client.http.request
    lost: list[str] = []

    async def request(route: Any, **options: Any) -> Any:
        answer = await original(route, **options)
        if len(lost) < times and is_meant(route, options):
            lost.append(route.url)
            raise ConnectionResetError("the answer was lost")
        return answer

    world.app.client.http.request = request  # type: ignore[method-assign]  # the network's part
    return lost


async def running(world: World) -> Job:
    """A job that an engine has begun, with its card up."""
    await world.stylize()
    await until(world.card)
    job = await world.engine.claim()
    await until(lambda: "Starting" in world.card_text())
    return job


async def an_hour_passes(world: World) -> None:
    """On Discord's clock and, for the job, on the database's."""
    world.env.backend.advance_clock(3600.0)
    earlier = update(jobs).values(created_at=jobs.c.created_at - 3600.0)
    await world.app.database.write(lambda connection: connection.execute(earlier))


def answer_pages_as_discord(world: World) -> None:
    """What comes next after a message, not what came last of all."""
    original = world.app.client.http.logs_from

    async def logs_from(channel_id: int, limit: int, **options: Any) -> Any:
        found = await original(channel_id, 10_000 if "after" in options else limit, **options)
        return found[-limit:]

    world.app.client.http.logs_from = logs_from  # type: ignore[method-assign,assignment]  # Discord's part


def carries_result(_route: Any, options: dict[str, Any]) -> bool:
    return any(file.filename.startswith("stylized-") for file in options.get("files") or [])


@pytest.mark.parametrize(("status", "times"), [(500, 3), (502, 1), (503, 2), (429, 2)])
async def test_an_outage_at_the_last_post_delays_the_picture_and_does_not_double_it(
    tmp_path: Path, status: int, times: int
) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        await until(world.card)
        world.env.inject_error("POST", "/channels/*/messages", status=status, times=times)
        await world.engine.finish(await world.engine.claim())
        await all_delivered(world)
        assert len(world.results()) == 1
        await until(lambda: "Finished" in world.card_text())


async def test_a_picture_that_arrived_while_its_answer_was_lost_is_not_posted_again(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        lost = lose_answers(world, times=1, is_meant=carries_result)
        await painted(world)
        await all_delivered(world)
        assert len(lost) == 1
        assert len(world.results()) == 1


async def test_a_failure_whose_answer_was_lost_is_told_once(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        await until(world.card)
        lost = lose_answers(world, times=1, is_meant=lambda route, options: route.method == "POST")
        await world.engine.fail(await world.engine.claim(), FailureReason.TIMED_OUT)
        await all_delivered(world)
        assert len(lost) == 1
        assert len(world.letters()) == 1


async def test_a_card_whose_answer_was_lost_is_found_and_not_posted_again(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        lost = lose_answers(
            world, times=1, is_meant=lambda route, _: route.method == "POST" and route.url.endswith("/messages")
        )
        await world.stylize()
        await until(lambda: lost)
        await world.engine.report(await world.engine.claim(), 7)
        await until(lambda: "step 7" in world.card_text())
        assert sum(message.flags.components_v2 for message in world.history()) == 1


async def test_an_outage_at_the_cards_last_edit_does_not_post_the_picture_twice(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        await until(world.card)
        world.env.inject_error("PATCH", "/channels/*/messages/*", status=503, times=3)
        await world.engine.finish(await world.engine.claim())
        await all_delivered(world)
        assert len(world.results()) == 1
        await until(lambda: "Finished" in world.card_text())


async def test_a_fault_of_ours_in_a_delivery_is_logged_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with bot_world(tmp_path) as world:
        original = world.app.client.http.request
        faults: list[str] = []

        async def request(route: Any, **options: Any) -> Any:
            if carries_result(route, options) and not faults:
                faults.append("one")
                raise ZeroDivisionError("a bug")
            return await original(route, **options)

        world.app.client.http.request = request  # type: ignore[method-assign]  # the fault's place
        await painted(world)
        await all_delivered(world)
        assert len(world.results()) == 1
        assert "ZeroDivisionError" in caplog.text
        assert "delivery fault job=" in caplog.text


async def test_a_picture_posted_in_the_dark_is_found_in_a_busy_channel(tmp_path: Path) -> None:
    no_threads = discord.Permissions(PERMISSIONS.value)
    no_threads.update(create_public_threads=False)
    async with bot_world(tmp_path, permissions=no_threads) as world:
        await world.stylize()
        await until(lambda: world.card(world.channel))
        for number in range(MESSAGES_TO_SEARCH + 1):
            world.env.backend.create_message(world.channel.id, world.ann.id, content=f"chat {number}")
        await an_hour_passes(world)
        answer_pages_as_discord(world)
        lost = lose_answers(world, times=1, is_meant=carries_result)
        await world.engine.finish(await world.engine.claim())
        await all_delivered(world)
        assert len(lost) == 1
        assert len(world.results(world.channel)) == 1


@pytest.mark.parametrize("reason", FailureReason)
async def test_every_failure_ends_as_one_sentence_in_the_thread(tmp_path: Path, reason: FailureReason) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        await until(world.card)
        await world.engine.fail(await world.engine.claim(), reason, "The style picture is 3×3 pixels.")
        await all_delivered(world)
        (letter,) = world.letters()
        sentence = failure(reason, "The style picture is 3×3 pixels.", words_for("en-US"))
        assert sentence in letter.content
        assert [user.id for user in letter.mentions] == [world.ann.id]
        await until(lambda: sentence in world.card_text())
        assert world.results() == []


async def test_a_picture_too_large_for_the_server_is_made_to_fit_and_says_so(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize()
        await until(world.card)
        world.env.inject_error("POST", "/channels/*/messages", status=413, code=40005, times=4)
        await world.engine.finish(await world.engine.claim(), noise_picture(640))
        await all_delivered(world)
        (result,) = world.results()
        (file,) = result.attachments
        assert file.size <= 10 * 2**20 // 2**4
        assert "Posted as " in result.content


async def test_a_picture_finished_before_its_card_still_comes_into_a_thread(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        world.env.inject_error("POST", "/channels/*/messages/*/threads", status=503, times=1)
        await world.stylize()
        await world.engine.finish(await world.engine.claim())
        await all_delivered(world)
        assert len(world.results()) == 1
        assert world.results(world.channel) == []


async def test_the_picture_is_what_the_engine_painted(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await painted(world, picture("gold"))
        (result,) = await until(world.results)
        assert isinstance(result, discord.Message)
        assert await result.attachments[0].read() == picture("gold")
