"""Thirty members send `/stylize` at the same moment, and Discord keeps its rate limits: everybody is served, once."""

import asyncio
import math
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from bot.jobs.pace import Pace
from tests.fake_engine import FakeEngine, picture
from tests.loopback_bot import LoopbackBot, in_haste, loopback_bot
from tests.loopback_discord import Interaction, Message, Permission, RateLimits
from tests.loopback_discord.values import Flag

MEMBERS = 30
ENGINES = 6
SECONDS_A_PICTURE = 8.0
SECONDS_A_REPORT = 0.5
SECONDS_TO_A_FIRST_SIGN = 1.0
SECONDS_BETWEEN_EDITS = 3.0
PLACE = re.compile(r"number (\d+) in the queue|(next) in the queue")


@dataclass(slots=True)
class Stalls:
    """When this machine kept the event loop waiting, which is no fault of the bot's."""

    found: list[tuple[float, float]] = field(default_factory=list)

    def between(self, start: float, end: float) -> float:
        return sum(length for at, length in self.found if start <= at <= end + length)

    async def watch(self) -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            lost = time.monotonic() - before - 0.01
            if lost > 0.005:
                self.found.append((time.time(), lost))


@asynccontextmanager
async def beside(*work: asyncio.Task[None]) -> AsyncIterator[None]:
    try:
        yield
    finally:
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)


async def paint(engine: FakeEngine, haste: float) -> None:
    """What waits, one after the other, at the pace of a real engine."""
    await engine.check_in()
    steps = round(SECONDS_A_PICTURE / SECONDS_A_REPORT)
    preview = picture("red", kind="JPEG")
    while True:
        job = await engine.leases.claim(engine.name)
        await asyncio.sleep(SECONDS_A_REPORT / haste)
        if job is None:
            continue
        for step in range(steps):
            await engine.report(job, step, preview=preview if step % 2 else None)
            await asyncio.sleep(SECONDS_A_REPORT / haste)
        await engine.finish(job)


async def everybody_is_served(
    bot: LoopbackBot, haste: float, *, count: int = MEMBERS
) -> tuple[list[Interaction], Stalls]:
    members = [bot.discord.world.new_member(f"member {number}") for number in range(count)]
    engines = [FakeEngine(bot.app.database, bot.app.blobs, name=f"engine {number}") for number in range(ENGINES)]
    stalls = Stalls()
    work = [asyncio.create_task(paint(engine, haste)) for engine in engines]
    async with beside(*work, asyncio.create_task(stalls.watch())):
        jobs = [bot.stylize(member) for member in members]
        for job in jobs:
            await bot.delivered(job, within=120.0)
    return jobs, stalls


def places(card: Message) -> list[int]:
    """As a member reads them, one after the other."""
    found = (PLACE.search(state.words) for state in card.states)
    return [1 if match[2] else int(match[1]) for match in found if match]


def gaps(card: Message) -> Iterator[tuple[float, float]]:
    """Beginning and end of each time in which the card of a running job stayed as it was."""
    running = [state.at for state in card.states if "in the queue" not in state.words]
    return pairwise(running)


async def test_a_crowd_is_served(tmp_path: Path) -> None:
    """With everybody's clocks four times faster: the bot's, the engines' and Discord's."""
    haste = 4.0
    async with loopback_bot(tmp_path, pace=in_haste(Pace(), haste), haste=1.0) as bot:
        bot.discord.traffic.limits = limits = RateLimits(haste=haste)
        jobs, stalls = await everybody_is_served(bot, haste)
        for job in map(bot.answered, jobs):
            card = bot.card_in_thread(job)
            assert len(bot.pictures(job)) == 1
            assert places(card) == sorted(places(card), reverse=True)
            for start, end in gaps(card):
                assert end - start <= SECONDS_BETWEEN_EDITS / haste + stalls.between(start, end)
            seen = job.answered_at or math.inf
            assert seen - job.created_at <= SECONDS_TO_A_FIRST_SIGN + stalls.between(job.created_at, seen)
    assert max(limits.refused_in_a_row.values(), default=0) <= 1
    assert not [bucket for bucket in limits.refused if bucket.startswith("edit")]


async def test_a_crowd_in_a_channel_without_threads_is_served_though_all_share_its_limits(tmp_path: Path) -> None:
    haste = 4.0
    async with loopback_bot(tmp_path, pace=in_haste(Pace(), haste), haste=1.0) as bot:
        bot.discord.traffic.limits = limits = RateLimits(haste=haste)
        bot.discord.world.deny(bot.discord.world.channel, Permission.CREATE_PUBLIC_THREADS)
        jobs, _ = await everybody_is_served(bot, haste, count=12)
        for job in map(bot.answered, jobs):
            await bot.left_alone(job)
            assert len(bot.pictures(job)) == 1
    cards = [one for one in bot.discord.world.messages() if Flag.COMPONENTS_V2 in one.body.flags]
    assert len(cards) == len(jobs)
    assert all("Finished" in card.words for card in cards)
    assert max((n for bucket, n in limits.refused_in_a_row.items() if bucket.startswith("edit")), default=0) <= 1
