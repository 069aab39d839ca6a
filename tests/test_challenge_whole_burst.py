"""A rush in the last two minutes, as its members and somebody who is in no challenge meet it."""

from pathlib import Path
from typing import Any

import discord

from nst_engine.queue.jobs import Job
from tests.bot_world import World, words
from tests.challenge_fair import DAY, ENTER_IT, HOUR, MINUTE, Fair, ranking
from tests.challenge_photos import delivered, results_of
from tests.challenge_rounds import challenge_world


async def paint_all(world: World) -> list[Job]:
    """In the order in which the engine is given them."""
    painted = []
    while any(not job.is_final for job in await world.app.store.open_jobs()):
        job = await world.engine.claim()
        await world.engine.finish(job)
        await delivered(world, job.id)
        painted.append(job)
    return painted


async def enter_newest(fair: Fair, who: Any, card: discord.Message) -> int:
    await who.user.click(results_of(fair.world, who)[-1], label=ENTER_IT)
    return (await fair.mine(who, card))[0]


async def test_a_rush_at_the_end_is_painted_in_turn_and_everybody_still_enters(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        fair = Fair(world)
        rush = fair.members(*(f"member{number}" for number in range(8)))
        greedy, stranger = rush[0], world.ann
        card = await fair.announced(entries_per_member=2)
        await fair.later(DAY - 2 * MINUTE)
        await fair.hand_in(greedy, card)
        await fair.hand_in(greedy, card)
        for who in rush[1:5]:
            await fair.hand_in(who, card)
        await world.stylize(stranger)
        for who in rush[5:]:
            await fair.hand_in(who, card)
            await fair.later(10)
        await fair.later(3 * MINUTE)
        vote = await fair.posted("## Vote now: Waves")
        assert "The entries are not ready yet: look again in a while." in words(vote)
        painted = await paint_all(world)
        order = [job.owner_id for job in painted]
        assert order[:5] == [str(who.id) for who in rush[:5]]
        assert order[5] == str(stranger.id), "an ordinary picture waits for nobody who came later"
        assert order[6:] == [*(str(who.id) for who in rush[5:]), str(greedy.id)], "second pictures come last"
        assert len({job.style_blobs for job in painted if job.owner_id != str(stranger.id)}) == 1, "measured once"
        entries = [await enter_newest(fair, who, fair.now(card)) for who in rush]
        await fair.shows(card, "**8 entries** by 8 members")
        await fair.hearts(stranger, vote, entries[3])
        await fair.later(12 * HOUR)
        assert ranking(await fair.posted("## The result of Waves"))[0] == "🥇 **member3** · 1 heart"
        assert len(fair.public("## Vote now")) == 1
