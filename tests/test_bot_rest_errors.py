"""Every call to Discord that a job makes may fail in every way: there is one finished picture all the same."""

import asyncio
from collections.abc import AsyncIterator
from itertools import product

import pytest
import pytest_asyncio

from tests.bot_world import CAT
from tests.fake_engine import picture
from tests.loopback_bot import LoopbackBot, buttons, loopback_bot
from tests.loopback_discord import Fault, Interaction
from tests.loopback_discord.values import Flag
from tests.loopback_discord.world import Happening, MessageCreated

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROAD = (
    "POST /interactions/{interaction}/{token}/callback",
    "GET /cdn/{file}/{name}",
    "GET /cdn/{file}/{name}",
    "POST /channels/{channel}/messages/{message}/threads",
    "POST /channels/{channel}/messages",
    "PATCH /channels/{channel}/messages/{message}",
    "PATCH /channels/{channel}/messages/{message}",
    "POST /channels/{channel}/messages",
    "PATCH /channels/{channel}/messages/{message}",
)
"""The answer, both files, the thread, the card, its beginning, its progress, the picture, and the card's last word."""

ANOTHER = (Fault.UNAVAILABLE, Fault.RESET, Fault.LOST_ANSWER)
"""What the library does not meet itself; the others it tries again."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LoopbackBot]:
    """One for all tests here, each of which leaves it idle."""
    async with loopback_bot(tmp_path_factory.mktemp("rest")) as running:
        yield running


async def painted(bot: LoopbackBot) -> Interaction:
    """A whole job, with its card in each state before the next one comes."""
    job = bot.stylize()
    begun = await bot.begun(job)
    await bot.shows(job, "Starting")
    await bot.engine.report(begun, 7, preview=picture("red", kind="JPEG"))
    await bot.shows(job, "step 7")
    await bot.engine.finish(begun)
    await bot.delivered(job)
    await bot.shows(job, "Finished")
    await bot.until(nobody_is_at_work, "the end of what was tried again")
    return job


def nobody_is_at_work() -> bool:
    return not any(task.get_name().startswith("steward of job") for task in asyncio.all_tasks())


def shown_as_it_should_be(bot: LoopbackBot, job: Interaction) -> None:
    """One answer, one card in its last state, and one picture, all three in their places."""
    answer, card, finished = bot.since(job)
    assert bot.pictures(job) == [finished]
    assert bot.cards(job) == [card]
    assert buttons(card) == []
    assert card.files == ()
    assert bot.discord.world.interactions[job.id].message_id == answer.id
    assert {card.channel_id, finished.channel_id} == {bot.thread(job).id}


async def test_a_job_that_nothing_disturbs_makes_these_calls_and_no_more(bot: LoopbackBot) -> None:
    before = len(bot.discord.traffic.calls)
    shown_as_it_should_be(bot, await painted(bot))
    assert tuple(call.route for call in bot.discord.traffic.calls[before:]) == ROAD


@pytest.mark.parametrize(("number", "fault"), list(product(range(len(ROAD)), Fault)))
async def test_one_failure_anywhere_leaves_one_picture_and_a_closed_card(
    bot: LoopbackBot, number: int, fault: Fault
) -> None:
    bot.discord.traffic.fail(number, fault)
    shown_as_it_should_be(bot, await painted(bot))
    assert bot.discord.traffic.prepared == []


@pytest.mark.parametrize(("number", "fault"), list(product(range(len(ROAD)), ANOTHER)))
async def test_a_failure_behind_a_lost_answer_leaves_one_picture_and_a_closed_card(
    bot: LoopbackBot, number: int, fault: Fault
) -> None:
    """The call behind it is the one that finds out what became of it."""
    bot.discord.traffic.fail(number, Fault.LOST_ANSWER, fault)
    shown_as_it_should_be(bot, await painted(bot))


@pytest.mark.parametrize(("number", "fault"), list(product(range(1, len(ROAD)), ANOTHER)))
async def test_three_failures_in_a_row_leave_one_picture_and_a_closed_card(
    bot: LoopbackBot, number: int, fault: Fault
) -> None:
    bot.discord.traffic.fail(number, fault, fault, fault)
    shown_as_it_should_be(bot, await painted(bot))


REFUSAL = (
    "POST /interactions/{interaction}/{token}/callback",
    "GET /cdn/{file}/{name}",
    "GET /cdn/{file}/{name}",
    "POST /webhooks/{application}/{token}",
    "DELETE /webhooks/{application}/{token}/messages/{message}",
)
"""The answer, both files, the sentence for the member alone, and the answer taken back."""
SENTENCE = "The content picture is junk."


async def refused(bot: LoopbackBot, sentence: str) -> Interaction:
    """A whole request that comes to nothing, because a picture cannot be used."""
    bot.check.bad[CAT[1]] = "is junk"
    request = bot.stylize()

    def only_the_sentence() -> bool:
        return {one.words for one in bot.since(request)} == {sentence}

    await bot.until(only_the_sentence, "the sentence and nothing else")
    bot.check.bad.clear()
    return request


async def test_a_refusal_that_nothing_disturbs_makes_these_calls_and_no_more(bot: LoopbackBot) -> None:
    before = len(bot.discord.traffic.calls)
    (said,) = bot.since(await refused(bot, SENTENCE))
    assert Flag.EPHEMERAL in said.body.flags
    assert tuple(call.route for call in bot.discord.traffic.calls[before:]) == REFUSAL


@pytest.mark.parametrize(("number", "fault"), list(product(range(len(REFUSAL)), Fault)))
async def test_a_member_whose_picture_is_refused_reads_why_whatever_fails(
    bot: LoopbackBot, number: int, fault: Fault
) -> None:
    """And no public line goes on promising a picture."""
    bot.discord.traffic.fail(number, fault)
    await refused(bot, SENTENCE)
    assert bot.discord.traffic.prepared == []


async def test_a_member_whose_token_runs_out_while_the_pictures_are_read_reads_why_in_public(bot: LoopbackBot) -> None:
    bot.when(is_a_message, lambda _: bot.discord.world.expire_tokens())
    (said,) = bot.since(await refused(bot, SENTENCE))
    assert Flag.EPHEMERAL not in said.body.flags


@pytest.mark.parametrize("fault", Fault)
async def test_cancelling_is_carried_out_and_answered_whatever_happens_to_the_first_answer(
    bot: LoopbackBot, fault: Fault
) -> None:
    job = bot.stylize()
    card = await bot.queued(job)
    bot.discord.traffic.fail(0, fault)
    click = bot.discord.world.click(card, f"job:{job.id}:cancel")
    await bot.shows(job, "Cancelled")
    await bot.until(
        lambda: any(one.interaction_id == click.id and one.words for one in bot.since(click)), "an answer to the click"
    )


async def test_a_picture_needs_no_token_of_its_command(bot: LoopbackBot) -> None:
    """It runs out while the job waits."""
    job = bot.stylize()
    begun = await bot.begun(job)
    bot.discord.world.expire_tokens()
    before = len(bot.discord.traffic.calls)
    await bot.engine.finish(begun)
    await bot.delivered(job)
    await bot.shows(job, "Finished")
    shown_as_it_should_be(bot, job)
    assert not [call for call in bot.discord.traffic.calls[before:] if "/webhooks/" in call.route]


async def test_a_picture_needs_no_token_of_its_command_even_before_its_files_are_read(bot: LoopbackBot) -> None:
    bot.when(is_a_message, lambda _: bot.discord.world.expire_tokens())
    shown_as_it_should_be(bot, await painted(bot))


def is_a_message(happening: Happening) -> bool:
    return isinstance(happening, MessageCreated)
