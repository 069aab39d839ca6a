"""Threads are opened a few at a time, and nobody waits for one that Discord does not give."""

import asyncio
from collections.abc import AsyncIterator

import discord
import pytest

from bot.jobs.address import Address
from bot.jobs.errors import PlaceGone
from bot.ui.threads import Threads
from tests.fake_board import ADDRESS
from tests.loopback_discord import Fault, LoopbackDiscord, Message, RateLimits
from tests.loopback_discord.limits import OPEN_A_THREAD, Limit
from tests.loopback_discord.values import Body

AS_MANY_AS = Limit(bucket="threads", calls=5, seconds=300.0)


@pytest.fixture
async def client(stand_in: LoopbackDiscord) -> AsyncIterator[discord.Client]:
    """Logged in; it needs no gateway."""
    stand_in.traffic.limits = RateLimits(special={OPEN_A_THREAD: AS_MANY_AS})
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(stand_in.token)
        yield client


def starter(stand_in: LoopbackDiscord) -> Message:
    return stand_in.world.post(stand_in.world.channel, Body(content="a line"))


def address(stand_in: LoopbackDiscord) -> Address:
    ids = {"channel_id": stand_in.world.channel.id, "starter_message_id": starter(stand_in).id}
    return ADDRESS.model_copy(update=ids)


async def test_a_crowd_gets_the_threads_there_are_and_the_others_stay_in_the_channel(
    stand_in: LoopbackDiscord, client: discord.Client
) -> None:
    threads = Threads(client, patience_seconds=0.3)
    orders = [address(stand_in) for _ in range(12)]
    opened = await asyncio.gather(*(threads.open(order) for order in orders), return_exceptions=True)
    having = [one for one in opened if isinstance(one, Address)]
    assert {one.thread_id for one in having} == {thread.id for thread in stand_in.world.threads}
    assert len(having) == AS_MANY_AS.calls
    assert {type(one) for one in opened if not isinstance(one, Address)} == {PlaceGone}
    limits = stand_in.traffic.limits
    assert limits is not None
    assert max(limits.refused_in_a_row.values(), default=0) <= 1


async def test_a_thread_that_is_there_already_is_taken(stand_in: LoopbackDiscord, client: discord.Client) -> None:
    threads, order = Threads(client), address(stand_in)
    assert await threads.open(order) == await threads.open(order)
    assert len(stand_in.world.threads) == 1


async def test_an_outage_is_no_reason_to_do_without(stand_in: LoopbackDiscord, client: discord.Client) -> None:
    threads, order = Threads(client), address(stand_in)
    stand_in.traffic.fail(0, Fault.RATE_LIMITED)
    assert (await threads.open(order)).thread_id == order.starter_message_id
