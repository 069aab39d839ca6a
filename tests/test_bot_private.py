"""What is private is seen by its requester alone, from the first answer to the last word, whatever happens."""

import asyncio
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.jobs.address import Address
from nst_engine.contract.events import FailureReason
from tests.bot_world import CAT, World, bot_world, buttons, until, words
from tests.elsewhere import Elsewhere, LateClock, ask, closes_direct_messages, tokens_run_out, without
from tests.test_bot_delivery import all_delivered


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Elsewhere:
    return Elsewhere(monkeypatch)


def nothing_in_public(world: World) -> bool:
    """Nobody but the requester has seen anything."""
    return world.channel.history() == [] and world.threads() == []


def seen_by_ann(world: World) -> list[discord.Message]:
    """Also what only she sees."""
    return list(world.channel.history(viewer=world.ann))


def results(messages: list[discord.Message]) -> list[discord.Message]:
    return [one for one in messages if any(file.filename.startswith("stylized-") for file in one.attachments)]


def direct(world: World) -> Any:
    return world.ann.user.dm_channel


async def test_a_private_picture_is_painted_in_direct_messages(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        answer = await world.stylize(private=True)
        assert answer.ephemeral
        starter = world.history(direct(world))[0]
        assert answer.response.content == (
            "Only you will see this picture. It comes as a direct message: "
            f"https://discord.com/channels/@me/{direct(world).id}/{starter.id}"
        )
        card = await until(lambda: world.card(direct(world)))
        assert buttons(card) == ["Cancel"]
        await world.engine.finish(await world.engine.claim())
        await until(lambda: "Finished" in world.card_text(direct(world)))
        await all_delivered(world)
        assert len(world.results(direct(world))) == 1
        assert nothing_in_public(world)


async def test_a_private_picture_keeps_no_token_of_its_command(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize(private=True)
        (job,) = await world.app.store.open_jobs()
        assert Address.model_validate(job.address).webhook is None


async def test_a_private_picture_stays_private_over_a_restart_and_its_button_works(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize(private=True)
        card = await until(lambda: world.card(direct(world)))
        await world.restart()
        answer = await world.ann.user.click(card, label="Cancel")
        assert answer.response.content == "Cancelled. It had not been started."
        await until(lambda: "**Cancelled**" in world.card_text(direct(world)))
        assert nothing_in_public(world)


async def test_a_private_failure_is_told_in_private(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.stylize(private=True)
        await until(lambda: world.card(direct(world)))
        await world.engine.fail(await world.engine.claim(), FailureReason.TIMED_OUT)
        await all_delivered(world)
        assert "The engine took too long" in world.letters(direct(world))[-1].content
        assert nothing_in_public(world)


async def test_a_private_picture_that_cannot_be_posted_is_never_posted_in_public(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the picture nor the apology for it."""
    async with bot_world(tmp_path) as world:
        await world.stylize(private=True)
        await until(lambda: world.card(direct(world)))
        job = await world.engine.claim()
        closes_direct_messages(world, world.ann.user)
        await world.engine.finish(job)
        await all_delivered(world)
        assert f"nobody could be told job={job.id}" in caplog.text
        assert nothing_in_public(world)


async def test_a_bad_picture_is_refused_in_private_and_leaves_no_line_in_direct_messages(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        world.check.bad[CAT[1]] = "is junk"
        await world.stylize(private=True)
        (said,) = seen_by_ann(world)
        assert said.flags.ephemeral
        assert "is junk" in said.content
        assert world.history(direct(world)) == []


async def test_a_private_request_cut_short_by_a_restart_is_explained_in_direct_messages(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        world.check.fault = asyncio.CancelledError()
        await world.stylize(private=True)
        world.check.fault = None
        await world.restart()
        await until(lambda: "I was restarted" in world.history(direct(world))[0].content)
        assert nothing_in_public(world)


async def test_a_moment_in_which_discord_does_not_answer_is_not_taken_for_closed_direct_messages(
    tmp_path: Path,
) -> None:
    async with bot_world(tmp_path) as world:
        world.env.inject_error("POST", "/channels/*/messages", status=503, times=1)
        answer = await world.stylize(private=True)
        assert "It comes as a direct message" in answer.response.content
        assert len(world.letters(direct(world))) == 1


async def test_in_direct_messages_everything_is_private_anyway(tmp_path: Path, elsewhere: Elsewhere) -> None:
    async with bot_world(tmp_path) as world:
        bob = world.env.create_user("bob")
        place = elsewhere.own_messages(world, bob)
        answer = await ask(world, bob, place, private=True)
        assert not answer.ephemeral
        await until(lambda: world.card(place))
        await world.engine.finish(await world.engine.claim())
        await all_delivered(world)
        assert len(world.results(place)) == 1


async def test_in_a_group_a_private_picture_comes_as_a_direct_message(tmp_path: Path, elsewhere: Elsewhere) -> None:
    async with bot_world(tmp_path) as world:
        bob = world.env.create_user("bob")
        group = elsewhere.group(world, bob, world.env.create_user("eve"))
        answer = await ask(world, bob, group, private=True)
        assert answer.ephemeral
        await until(lambda: world.card(bob.dm_channel))
        await world.engine.finish(await world.engine.claim())
        await all_delivered(world)
        assert len(world.results(bob.dm_channel)) == 1
        assert group.history() == []


async def test_with_closed_direct_messages_a_quick_picture_is_shown_in_the_answer_to_its_requester_alone(
    tmp_path: Path,
) -> None:
    async with bot_world(tmp_path) as world:
        await world.engine.check_in()
        closes_direct_messages(world, world.ann.user)
        answer = await world.stylize(private=True)
        assert answer.ephemeral
        await until(lambda: answer.response.flags.components_v2)
        card = answer.response.message
        assert "Only you see this. Discord does not keep it" in words(card)
        job = await world.engine.claim()
        await world.engine.report(job, 10)
        await until(lambda: "step 10" in words(answer.response.message))
        await world.engine.finish(job)
        await all_delivered(world)
        await until(lambda: "Finished" in words(answer.response.message))
        (result,) = results(seen_by_ann(world))
        assert result.flags.ephemeral
        assert nothing_in_public(world)
        assert world.history(direct(world)) == []


async def test_the_button_of_a_card_that_only_its_requester_sees_works_after_a_restart(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        await world.engine.check_in()
        closes_direct_messages(world, world.ann.user)
        answer = await world.stylize(private=True)
        await until(lambda: answer.response.flags.components_v2)
        await world.restart()
        clicked = await world.ann.click(answer.response.message, label="Cancel")
        assert clicked.response.content == "Cancelled. It had not been started."
        await until(lambda: "**Cancelled**" in words(answer.response.message))


@pytest.mark.parametrize("queue", ["no engine", "a long queue"])
async def test_with_closed_direct_messages_a_picture_that_may_take_long_is_refused_with_what_to_do(
    tmp_path: Path, queue: str
) -> None:
    async with bot_world(tmp_path) as world:
        if queue == "a long queue":
            world.engine.speed = 0.001
            await world.engine.check_in()
        closes_direct_messages(world, world.ann.user)
        await world.stylize(private=True)
        (said,) = seen_by_ann(world)
        assert said.content == (
            "Your direct messages are closed to me, and this picture may take longer than the 15 minutes for which I "
            "can answer here. Allow direct messages from this server's members, or try a smaller size."
        )
        assert await world.app.store.open_jobs() == []
        assert nothing_in_public(world)


async def test_a_private_answer_whose_token_ran_out_leaves_direct_messages_and_nothing_in_public(
    tmp_path: Path,
) -> None:
    """They may have been opened meanwhile."""
    clock = LateClock()
    async with bot_world(tmp_path, clock=clock) as world:
        await world.engine.check_in()
        closes_direct_messages(world, world.ann.user, times=1)
        answer = await world.stylize(private=True)
        await until(lambda: answer.response.flags.components_v2)
        job = await world.engine.claim()
        tokens_run_out(world, clock)
        await world.engine.finish(job)
        await all_delivered(world)
        assert len(world.results(direct(world))) == 1
        assert nothing_in_public(world)


async def test_where_files_may_not_be_attached_the_picture_comes_directly_and_the_answer_says_why(
    tmp_path: Path,
) -> None:
    async with bot_world(tmp_path, permissions=without("attach_files")) as world:
        answer = await world.stylize()
        assert answer.ephemeral
        assert answer.response.content.startswith(
            "I lack the permission **Attach Files** in this channel, so your picture comes as a direct message: https://"
        )
        await until(lambda: world.card(direct(world)))
        await world.engine.finish(await world.engine.claim())
        await all_delivered(world)
        assert len(world.results(direct(world))) == 1
        assert nothing_in_public(world)


async def test_where_nothing_is_possible_the_refusal_names_the_permission_and_the_closed_messages(
    tmp_path: Path,
) -> None:
    async with bot_world(tmp_path, permissions=without("attach_files")) as world:
        closes_direct_messages(world, world.ann.user)
        await world.stylize()
        (said,) = seen_by_ann(world)
        assert said.flags.ephemeral
        assert said.content.startswith(
            "I lack the permission **Attach Files** in this channel, and your direct messages are closed to me."
        )
        assert await world.app.store.open_jobs() == []
