"""Places are closed and messages deleted in the middle of a job: its picture goes once to the best place left."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import pytest
import pytest_asyncio

from tests.bot_world import QUICK
from tests.fake_engine import picture
from tests.loopback_bot import LoopbackBot, buttons, loopback_bot
from tests.loopback_discord import Channel, Interaction, Permission
from tests.loopback_discord.values import ChannelKind
from tests.loopback_discord.world import Happening, MessageCreated

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATIENCE = replace(QUICK, retries=(0.02, 0.02, 0.05, 0.05, 0.05, 30.0))
"""Five quick attempts, and then none for a while: who tries again and again is not served by it."""
CALLS_AFTER_A_LOSS = 25
"""Of which the edits and posts of an undisturbed job are five."""
SPEAK = Permission.SEND_MESSAGES | Permission.SEND_MESSAGES_IN_THREADS


class Place(StrEnum):
    THREAD = "thread"
    CHANNEL = "channel"
    DIRECT = "direct message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Something that a moderator or an admin does. `left` is the best place that is left, None where there is none."""

    name: str
    act: Callable[[LoopbackBot, Interaction], None]
    left: Place | None
    card: Place | None
    """Where the job's card ends in its last state; None where none can be reached."""


def deny(permission: Permission) -> Callable[[LoopbackBot, Interaction], None]:
    return lambda bot, job: bot.discord.world.deny(bot.channel(job), permission)


def archive(bot: LoopbackBot, job: Interaction) -> None:
    bot.discord.world.archived.add(bot.thread(job).id)


def lock(bot: LoopbackBot, job: Interaction) -> None:
    bot.discord.world.locked.add(bot.thread(job).id)


def delete_thread(bot: LoopbackBot, job: Interaction) -> None:
    bot.discord.world.delete_channel(bot.thread(job))


def delete_channel(bot: LoopbackBot, job: Interaction) -> None:
    bot.discord.world.delete_channel(bot.channel(job))


def delete_channel_of_who_takes_no_messages(bot: LoopbackBot, job: Interaction) -> None:
    bot.discord.world.taking_no_direct_messages.add(job.person)
    bot.discord.world.delete_channel(bot.channel(job))


def delete_card(bot: LoopbackBot, job: Interaction) -> None:
    (card,) = bot.cards(job)
    bot.discord.world.delete(card)


def delete_starter(bot: LoopbackBot, job: Interaction) -> None:
    (starter,) = [one for one in bot.since(job) if one.interaction_id == job.id]
    bot.discord.world.delete(starter)


LOSSES = (
    Loss(name="thread archived", act=archive, left=Place.THREAD, card=Place.THREAD),
    Loss(name="thread locked", act=lock, left=Place.CHANNEL, card=None),
    Loss(name="thread deleted", act=delete_thread, left=Place.CHANNEL, card=Place.CHANNEL),
    Loss(name="channel deleted", act=delete_channel, left=Place.DIRECT, card=None),
    Loss(name="channel deleted, no direct messages", act=delete_channel_of_who_takes_no_messages, left=None, card=None),
    Loss(name="no sending", act=deny(Permission.SEND_MESSAGES), left=Place.THREAD, card=Place.THREAD),
    Loss(
        name="no sending in threads",
        act=deny(Permission.SEND_MESSAGES_IN_THREADS),
        left=Place.CHANNEL,
        card=Place.THREAD,
    ),
    Loss(name="no sending anywhere", act=deny(SPEAK), left=Place.DIRECT, card=Place.THREAD),
    Loss(name="no attaching", act=deny(Permission.ATTACH_FILES), left=Place.DIRECT, card=Place.THREAD),
    Loss(name="no seeing", act=deny(Permission.VIEW_CHANNEL), left=Place.DIRECT, card=None),
    Loss(name="no history", act=deny(Permission.READ_MESSAGE_HISTORY), left=Place.THREAD, card=Place.THREAD),
    Loss(name="card deleted", act=delete_card, left=Place.THREAD, card=None),
    Loss(name="starter deleted", act=delete_starter, left=Place.THREAD, card=Place.THREAD),
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LoopbackBot]:
    """One for all tests here but the last, each in a channel of its own."""
    async with loopback_bot(tmp_path_factory.mktemp("lost"), pace=PATIENCE) as running:
        yield running


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.name)
async def test_a_loss_while_a_job_waits_leaves_one_picture_in_the_best_place_left(bot: LoopbackBot, loss: Loss) -> None:
    job = bot.stylize(channel=bot.discord.world.new_channel(loss.name))
    await bot.queued(job)
    calls = len(bot.discord.traffic.calls)
    loss.act(bot, job)
    begun = await bot.engine.claim()
    await bot.beats()
    await bot.engine.report(begun, 7, preview=picture("red", kind="JPEG"))
    await bot.beats()
    await bot.engine.finish(begun)
    await ends_as_it_should(bot, job, loss, calls)


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.name)
async def test_a_loss_while_it_is_painted_leaves_one_picture_in_the_best_place_left(
    bot: LoopbackBot, loss: Loss
) -> None:
    job = bot.stylize(channel=bot.discord.world.new_channel(loss.name))
    begun = await bot.begun(job)
    await bot.engine.report(begun, 7, preview=picture("red", kind="JPEG"))
    await bot.shows(job, "step 7")
    calls = len(bot.discord.traffic.calls)
    loss.act(bot, job)
    await bot.engine.report(begun, 8, preview=picture("blue", kind="JPEG"))
    await bot.beats()
    await bot.engine.report(begun, 9)
    await bot.beats()
    await bot.engine.finish(begun)
    await ends_as_it_should(bot, job, loss, calls)


async def ends_as_it_should(bot: LoopbackBot, job: Interaction, loss: Loss, calls: int) -> None:
    await bot.delivered(job)
    await bot.left_alone(job)
    assert [place_of(bot, job, one.channel_id) for one in bot.pictures(job)] == ([loss.left] if loss.left else [])
    if loss.card is not None:
        (card,) = [one for one in bot.cards(job) if place_of(bot, job, one.channel_id) is loss.card]
        assert "Finished" in card.words
        assert buttons(card) == []
    assert len(bot.discord.traffic.calls) - calls <= CALLS_AFTER_A_LOSS
    bot.discord.world.taking_no_direct_messages.clear()


async def test_a_starter_that_was_deleted_before_its_thread_was_opened_leaves_the_job_in_the_channel(
    bot: LoopbackBot,
) -> None:
    bot.when(is_a_message, lambda _: delete_newest(bot))
    job = bot.stylize(channel=bot.discord.world.new_channel("deleted at once"))
    begun = await bot.begun(job)
    await bot.engine.finish(begun)
    await bot.delivered(job)
    card = await bot.shows(job, "Finished")
    assert place_of(bot, job, card.channel_id) is Place.CHANNEL
    assert [place_of(bot, job, one.channel_id) for one in bot.pictures(job)] == [Place.CHANNEL]


async def test_a_bot_that_was_removed_from_the_server_gives_its_jobs_up(tmp_path: Path) -> None:
    """It may not write to people with whom it shares no server."""
    async with loopback_bot(tmp_path, pace=PATIENCE) as bot:
        waiting = bot.stylize(bot.discord.world.moderator)
        painted = bot.stylize()
        await bot.until(lambda: len(bot.cards(painted)) + len(bot.cards(waiting)) >= 2 or None, "both cards")
        jobs = [await bot.engine.claim()]
        bot.discord.world.remove_bot()
        await bot.engine.report(jobs[0], 7, preview=picture("red", kind="JPEG"))
        await bot.beats()
        jobs.append(await bot.engine.claim())
        calls = len(bot.discord.traffic.calls)
        for job in jobs:
            await bot.engine.finish(job)
        for order in (waiting, painted):
            await bot.delivered(order)
            await bot.left_alone(order)
            assert bot.pictures(order) == []
        assert len(bot.discord.traffic.calls) - calls <= 2 * CALLS_AFTER_A_LOSS


def place_of(bot: LoopbackBot, job: Interaction, channel_id: int) -> Place | Channel:
    channel = bot.discord.world.channels[channel_id]
    if channel.kind is ChannelKind.DM and channel.recipient == job.person:
        return Place.DIRECT
    if channel.parent_id == job.channel_id:
        return Place.THREAD
    return Place.CHANNEL if channel.id == job.channel_id else channel


def is_a_message(happening: Happening) -> bool:
    return isinstance(happening, MessageCreated)


def delete_newest(bot: LoopbackBot) -> None:
    bot.discord.world.delete(bot.discord.world.messages()[-1])
