"""Members on their way from a photo to an entry, as the tests of that send them again and again."""

import asyncio
from typing import Any

import discord

from bot.challenges.values import Challenge, Entry
from nst_engine.queue.jobs import Job
from tests.bot_world import CAT, World
from tests.challenge_rounds import Rounds


def card(world: World) -> discord.Message:
    """The challenge's, with its buttons."""
    return world.history(world.channel)[0]


async def pressed_enter(world: World, who: Any = None) -> Any:
    return await (who or world.ann).click(card(world), label="Enter")


async def hand_in(world: World, who: Any = None, **values: Any) -> Any:
    """Fill in the form behind Enter; the answer to it."""
    member = who or world.ann
    return await member.submit_modal(await pressed_enter(world, member), {"photo": [CAT]} | values)


async def delivered(world: World, job_id: str) -> None:
    async with asyncio.timeout(8):
        while (job := await world.app.store.get(job_id)) is None or job.delivered_at is None:
            pass


async def finish(world: World, result: bytes | None = None) -> Job:
    """The engine paints what waits next, and its owner is told."""
    job = await world.engine.claim()
    await world.engine.finish(job, result)
    await delivered(world, job.id)
    return job


async def shown_first(world: World, who: Any = None, **values: Any) -> discord.Message:
    """A photo is handed in and painted; the message with the picture, in direct messages."""
    member = who or world.ann
    await hand_in(world, member, **values)
    await finish(world)
    return results_of(world, member)[-1]


def results_of(world: World, who: Any) -> list[discord.Message]:
    return world.results(who.user.dm_channel)


async def entries_of(world: World, challenge: Challenge, who: Any = None) -> list[Entry]:
    found: list[Entry] = await Rounds(world).desk.entries.of_member(challenge.id, str((who or world.ann).id))
    return found


async def open_job(world: World) -> Job:
    """The only one that waits or is being painted."""
    (job,) = [job for job in await world.app.store.open_jobs() if not job.is_final]
    return job


async def mine(world: World, message: discord.Message | None = None) -> Any:
    """What My entry shows to Ann."""
    return await world.ann.click(message or card(world), label="My entry")
