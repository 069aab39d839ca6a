"""Wherever somebody asks for a picture they see it being painted and get it once, also where the bot is no member."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from simcord.http.client import FakeWebhookAdapter

from bot.jobs.address import Address
from nst_engine.contract.events import FailureReason
from nst_engine.queue.database import open_database
from tests.bot_world import CAT, World, bot_world, buttons, until, words
from tests.elsewhere import Elsewhere, LateClock, ask, closes_direct_messages, forum_post, tokens_run_out
from tests.fake_engine import FakeEngine, picture
from tests.test_bot_delivery import all_delivered

LIMIT = "If it takes longer than 15 minutes, it comes as a direct message."


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Elsewhere:
    return Elsewhere(monkeypatch)


async def address_of_the_job(world: World) -> Address:
    (job,) = await world.app.store.open_jobs()
    return Address.model_validate(job.address)


async def saved_address(world: World, job_id: str) -> Address:
    job = await world.app.store.get(job_id)
    assert job is not None
    return Address.model_validate(job.address)


def calls(world: World, part: str) -> list[str]:
    return [f"{entry.method} {entry.path}" for entry in world.env.http_requests if part in entry.path]


def carries_result(_route: Any, options: dict[str, Any]) -> bool:
    return any(file.filename.startswith("stylized-") for file in options.get("files") or [])


def is_a_follow_up(route: Any, _options: dict[str, Any]) -> bool:
    return bool(route.method == "POST" and "/webhooks/" in route.url)


def lose_webhook_answers(
    patch: pytest.MonkeyPatch, is_meant: Callable[[Any, dict[str, Any]], bool], *, for_ever: bool
) -> list[str]:
    """Discord does the first of these that it is asked for, and the bot hears nothing of it."""
    original = FakeWebhookAdapter.request
    lost: list[str] = []

    async def request(self: Any, route: Any, *args: Any, **options: Any) -> Any:
        answer = await original(self, route, *args, **options)
        if not lost and is_meant(route, options):
            lost.append(route.method)
            if for_ever:
                await asyncio.Event().wait()
            raise ConnectionResetError("the answer was lost")
        return answer

    patch.setattr(FakeWebhookAdapter, "request", request)
    return lost


async def in_place(world: World, elsewhere: Elsewhere, kind: str) -> tuple[Any, Any]:
    """Somebody in such a place, and the place."""
    user = world.env.create_user("bob")
    if kind == "group":
        return user, elsewhere.group(world, user, world.env.create_user("eve"))
    if kind == "foreign server":
        return elsewhere.foreign_server(world, user)
    if kind == "own messages":
        return user, elsewhere.own_messages(world, user)
    bob = world.guild.add_member(user)
    if kind == "forum post":
        return bob, forum_post(world, world.guild.create_forum_channel("gallery"), bob)
    made = {
        "channel": world.guild.create_text_channel,
        "announcement channel": world.guild.create_news_channel,
        "voice chat": world.guild.create_voice_channel,
        "stage chat": world.guild.create_stage_channel,
    }
    return bob, made[kind]("here")


@pytest.mark.parametrize(
    ("kind", "with_thread"),
    [
        ("channel", True),
        ("announcement channel", True),
        ("voice chat", False),
        ("stage chat", False),
        ("forum post", False),
        ("own messages", False),
        ("group", False),
        ("foreign server", False),
    ],
)
async def test_a_picture_is_painted_and_posted_once_wherever_it_was_asked_for(
    tmp_path: Path, elsewhere: Elsewhere, kind: str, with_thread: bool
) -> None:
    async with bot_world(tmp_path) as world:
        who, place = await in_place(world, elsewhere, kind)
        answer = await ask(world, who, place)
        assert not answer.ephemeral
        if with_thread:
            place = (await until(lambda: list(place.threads)))[0]
        card = await until(lambda: world.card(place))
        assert buttons(card) == ["Cancel"]
        job = await world.engine.claim()
        await world.engine.report(job, 10, preview=picture("red", kind="JPEG"))
        await until(lambda: "step 10" in world.card_text(place))
        await world.engine.finish(job)
        await until(lambda: "Finished" in world.card_text(place))
        await all_delivered(world)
        (result,) = world.results(place)
        assert result.content.startswith(f"<@{who.id}>")
        assert await result.attachments[0].read() == picture("purple")


async def test_in_a_group_the_answer_becomes_the_card_and_says_how_long_it_can(
    tmp_path: Path, elsewhere: Elsewhere
) -> None:
    async with bot_world(tmp_path) as world:
        who, group = await in_place(world, elsewhere, "group")
        answer = await ask(world, who, group)
        card = await until(lambda: world.card(group))
        assert card.id == answer.response.id
        assert LIMIT in words(card)
        assert calls(world, f"/channels/{group.id}") == []
        assert (await address_of_the_job(world)).webhook is not None


async def test_where_the_picture_is_there_the_card_says_no_more_how_long_it_can_be_shown(
    tmp_path: Path, elsewhere: Elsewhere
) -> None:
    async with bot_world(tmp_path) as world:
        who, group = await in_place(world, elsewhere, "group")
        await ask(world, who, group)
        await until(lambda: world.card(group))  # a picture that is finished sooner needs no card
        job = await world.engine.claim()
        await world.engine.finish(job)
        await until(lambda: "Finished" in world.card_text(group))
        assert LIMIT not in world.card_text(group)
        assert (await saved_address(world, job.id)).webhook is None


async def test_one_follow_up_is_enough_for_a_picture(tmp_path: Path, elsewhere: Elsewhere) -> None:
    """Discord allows five where only the requester has installed the bot."""
    async with bot_world(tmp_path) as world:
        who, place = await in_place(world, elsewhere, "foreign server")
        await ask(world, who, place)
        await until(lambda: world.card(place))
        await world.engine.finish(await world.engine.claim())
        await all_delivered(world)
        token = world.env.backend.interactions[max(world.env.backend.interactions)].token
        assert [call for call in calls(world, token) if call.startswith("POST") and "callback" not in call] == [
            f"POST /webhooks/{world.env.backend.application_id}/{token}"
        ]


async def test_the_button_in_a_group_works_also_after_a_restart(tmp_path: Path, elsewhere: Elsewhere) -> None:
    async with bot_world(tmp_path) as world:
        who, group = await in_place(world, elsewhere, "group")
        await ask(world, who, group)
        card = await until(lambda: world.card(group))
        await world.restart()
        answer = await who.click(card, label="Cancel")
        assert answer.response.content == "Cancelled. It had not been started."
        await until(lambda: "**Cancelled**" in world.card_text(group))
        await all_delivered(world)
        assert world.letters(group) == []


async def test_a_job_in_a_group_goes_on_after_a_restart_on_the_same_card(tmp_path: Path, elsewhere: Elsewhere) -> None:
    async with bot_world(tmp_path) as world:
        who, group = await in_place(world, elsewhere, "group")
        await ask(world, who, group)
        before = await until(lambda: world.card(group))
        await world.restart()
        job = await world.engine.claim()
        await world.engine.report(job, 20)
        await until(lambda: "step 20" in world.card_text(group))
        await world.engine.finish(job)
        await all_delivered(world)
        assert len(world.results(group)) == 1
        assert world.card(group).id == before.id  # type: ignore[union-attr]  # it was there before


async def test_a_token_that_runs_out_midway_moves_the_job_to_direct_messages_and_says_so(
    tmp_path: Path, elsewhere: Elsewhere
) -> None:
    clock = LateClock()
    async with bot_world(tmp_path, clock=clock) as world:
        who, group = await in_place(world, elsewhere, "group")
        await ask(world, who, group)
        await until(lambda: world.card(group))
        job = await world.engine.claim()
        clock.ahead += 14.5 * 60  # a little before Discord's own end
        await until(lambda: "This goes on in a direct message from me." in world.card_text(group))
        assert buttons(world.card(group)) == []  # type: ignore[arg-type]  # it was there before
        assert (await saved_address(world, job.id)).webhook is None
        card = await until(lambda: world.card(who.dm_channel))
        assert buttons(card) == ["Cancel"]
        assert LIMIT not in words(card)
        world.env.backend.advance_clock(20 * 60)
        await world.engine.finish(job)
        await all_delivered(world)
        assert len(world.results(who.dm_channel)) == 1
        assert world.results(group) == []


async def test_a_token_that_ran_out_while_the_bot_was_away_leaves_direct_messages(
    tmp_path: Path, elsewhere: Elsewhere
) -> None:
    clock = LateClock()
    async with bot_world(tmp_path, clock=clock) as world:
        who, group = await in_place(world, elsewhere, "group")
        await ask(world, who, group)
        await until(lambda: world.card(group))
        job = await world.engine.claim()
        await world.stack.aclose()
        tokens_run_out(world, clock)
        async with open_database(world.config.database.url) as database:
            await FakeEngine(database, world.app.blobs).finish(job)
        await world.start_again()
        await all_delivered(world)
        assert len(world.results(who.dm_channel)) == 1
        assert (await saved_address(world, job.id)).webhook is None


async def test_a_token_that_discord_no_longer_knows_moves_the_job_whatever_our_clock_says(
    tmp_path: Path, elsewhere: Elsewhere
) -> None:
    async with bot_world(tmp_path) as world:
        who, group = await in_place(world, elsewhere, "group")
        await ask(world, who, group)
        await until(lambda: world.card(group))
        job = await world.engine.claim()
        world.env.backend.advance_clock(20 * 60)
        await world.engine.report(job, 5)
        await until(lambda: "step 5" in world.card_text(who.dm_channel))
        await world.engine.finish(job)
        await all_delivered(world)
        assert len(world.results(who.dm_channel)) == 1


async def test_a_token_that_runs_out_at_the_last_word_sends_it_directly(tmp_path: Path, elsewhere: Elsewhere) -> None:
    async with bot_world(tmp_path) as world:
        who, group = await in_place(world, elsewhere, "group")
        await ask(world, who, group)
        await until(lambda: world.card(group))
        job = await world.engine.claim()
        world.env.inject_error("PATCH", "/webhooks/*", status=404, code=10015, times=None)
        world.env.inject_error("POST", "/webhooks/*", status=404, code=10015, times=None)
        await world.engine.finish(job)
        await all_delivered(world)
        assert len(world.results(who.dm_channel)) == 1


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize("status", [429, 500, 503])
async def test_an_outage_in_a_group_delays_the_picture_and_does_not_double_it(
    tmp_path: Path, elsewhere: Elsewhere, method: str, status: int
) -> None:
    async with bot_world(tmp_path) as world:
        who, group = await in_place(world, elsewhere, "group")
        await ask(world, who, group)
        await until(lambda: world.card(group))
        job = await world.engine.claim()
        world.env.inject_error(method, "/webhooks/*", status=status, times=2)
        await world.engine.finish(job)
        await all_delivered(world)
        await until(lambda: "Finished" in world.card_text(group))
        assert len(world.results(group)) == 1
        assert world.results(who.dm_channel) == []


async def test_a_bot_that_ends_between_the_picture_and_its_note_of_it_puts_it_into_the_same_message(
    tmp_path: Path, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bot_world(tmp_path) as world:
        who, group = await in_place(world, elsewhere, "group")
        await ask(world, who, group)
        await until(lambda: world.card(group))
        job = await world.engine.claim()
        with monkeypatch.context() as patch:
            lost = lose_webhook_answers(patch, carries_result, for_ever=True)
            await world.engine.finish(job)
            await until(lambda: lost)
            await world.stack.aclose()
        await world.start_again()
        await all_delivered(world)
        assert len(world.results(group)) == 1
        assert len(world.letters(group)) == 1
        assert world.results(who.dm_channel) == []


async def test_a_failure_in_a_group_is_told_there(tmp_path: Path, elsewhere: Elsewhere) -> None:
    async with bot_world(tmp_path) as world:
        who, group = await in_place(world, elsewhere, "group")
        await ask(world, who, group)
        await until(lambda: world.card(group))
        await world.engine.fail(await world.engine.claim(), FailureReason.TIMED_OUT)
        await all_delivered(world)
        (letter,) = world.letters(group)
        assert "The engine took too long" in letter.content


async def test_a_bad_picture_in_a_group_is_refused_to_the_requester_alone(tmp_path: Path, elsewhere: Elsewhere) -> None:
    async with bot_world(tmp_path) as world:
        who, group = await in_place(world, elsewhere, "group")
        world.check.bad[CAT[1]] = "is junk"
        answer = await ask(world, who, group)
        (said,) = answer.followups
        assert said.ephemeral
        assert "is junk" in said.content
        assert group.history() == []


async def test_a_request_in_a_group_that_a_restart_cut_short_is_explained_there(
    tmp_path: Path, elsewhere: Elsewhere
) -> None:
    async with bot_world(tmp_path) as world:
        who, group = await in_place(world, elsewhere, "group")
        world.check.fault = asyncio.CancelledError()
        await ask(world, who, group)
        world.check.fault = None
        await world.restart()
        await until(lambda: "I was restarted" in world.history(group)[0].content)


async def test_where_direct_messages_are_closed_too_the_log_says_that_nobody_could_be_told(
    tmp_path: Path, elsewhere: Elsewhere, caplog: pytest.LogCaptureFixture
) -> None:
    clock = LateClock()
    async with bot_world(tmp_path, clock=clock) as world:
        who, group = await in_place(world, elsewhere, "group")
        await ask(world, who, group)
        await until(lambda: world.card(group))
        job = await world.engine.claim()
        closes_direct_messages(world, who)
        tokens_run_out(world, clock)
        await world.engine.finish(job)
        await all_delivered(world)
        assert f"nobody could be told job={job.id}" in caplog.text


async def test_a_token_is_in_no_log(tmp_path: Path, elsewhere: Elsewhere, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    clock = LateClock()
    async with bot_world(tmp_path, clock=clock) as world:
        who, group = await in_place(world, elsewhere, "group")
        await ask(world, who, group)
        address = await address_of_the_job(world)
        assert address.webhook is not None
        await until(lambda: world.card(group))
        world.env.inject_error("*", "/webhooks/*", status=503, times=3)
        await world.engine.finish(await world.engine.claim())
        await all_delivered(world)
        assert address.webhook.token not in caplog.text
        assert address.webhook.token not in repr(address)


@pytest.mark.parametrize("for_ever", [True, False])
async def test_a_bot_that_does_not_hear_that_room_was_made_makes_it_again_and_posts_one_picture(
    tmp_path: Path, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch, for_ever: bool
) -> None:
    """The line that stood there for it stands twice then."""
    async with bot_world(tmp_path) as world:
        who, group = await in_place(world, elsewhere, "group")
        await ask(world, who, group)
        await until(lambda: world.card(group))
        with monkeypatch.context() as patch:
            lost = lose_webhook_answers(patch, is_a_follow_up, for_ever=for_ever)
            await world.engine.finish(await world.engine.claim())
            await until(lambda: lost)
            await world.stack.aclose()
        await world.start_again()
        await all_delivered(world)
        assert len(world.results(group)) == 1
        assert len(world.letters(group)) == 2
