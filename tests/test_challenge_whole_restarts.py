"""Whole challenges with a bot that ends and starts again: in every phase, in the moment of closing, and for days."""

import asyncio
from pathlib import Path
from typing import Any

import discord

from tests.bot_world import CAT, PERMISSIONS, told, words
from tests.challenge_ballots import entry_ids
from tests.challenge_fair import DAY, ENTER_IT, HOUR, Fair, labels, ranking, seen
from tests.challenge_photos import delivered, results_of
from tests.challenge_rounds import challenge_world


async def judged_after_restart(fair: Fair, entries: list[int]) -> None:
    """A moderator approves what waits, in pages from before."""
    panel = await fair.manage()
    await fair.world.restart()
    page = seen(await fair.mo.click(panel, label=f"Entries… ({len(entries)} waiting)"))
    for _ in entries:
        await fair.world.restart()
        await fair.press(page, "Approve")
    assert "none waits for approval" in words(fair.now(page))


async def entered_with_restarts(fair: Fair, who: Any, card: discord.Message) -> int:
    world = fair.world
    shown = await who.click(card, label="Enter")
    await world.restart()
    await who.submit_modal(shown, {"photo": [CAT]})
    await world.restart()
    job = await world.engine.claim()
    await world.restart()
    await world.engine.finish(job)
    await delivered(world, job.id)
    await world.restart()
    picture = results_of(world, who)[-1]
    assert told(await who.user.click(picture, label=ENTER_IT)).startswith("Your picture is handed in for **Waves**.")
    await world.restart()
    return (await fair.mine(who, card))[0]


async def test_a_restart_in_every_phase_loses_nothing_and_old_buttons_go_on(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        fair, ann = Fair(world), world.ann
        ben, cleo = fair.members("ben", "cleo")
        preview = await fair.preview(starts="in 2h", needs_approval=True)
        await world.restart()
        await fair.press(preview, "Announce")
        card = await fair.posted("## Waves")
        await world.restart()
        await fair.later(2 * HOUR)
        opened = await fair.posted("### Waves is open")
        await world.restart()
        first = await entered_with_restarts(fair, ann, opened)
        second = await fair.entered(ben, card)
        third = await fair.entered(cleo, card)
        mine = seen(await cleo.click(card, label="My entry"))
        await world.restart()
        await fair.press(mine, "Withdraw", who=cleo)
        await world.restart()
        assert words(await fair.press(mine, "Yes, withdraw it", who=cleo)).startswith("Your entry is withdrawn.")
        await world.restart()
        await cleo.user.click(results_of(world, cleo)[-1], label=ENTER_IT)
        await judged_after_restart(fair, [first, second, third])
        await fair.shows(card, "**3 entries** by 3 members")

        await world.restart()
        await fair.later(DAY)
        vote = await fair.posted("## Vote now: Waves")
        await world.restart()
        ballot = await fair.opened(ann, vote)
        for entry_id in (second, third, third):
            await world.restart()
            await fair.heart(ann, ballot, entry_id)
        await world.restart()
        await fair.hearts(ben, opened, third)  # "Gallery" of an old message is the ballot by now
        await fair.hearts(cleo, vote, second)
        panel = await fair.press(await fair.manage(), "End voting now")
        await world.restart()
        await fair.press(panel, "End voting now")
        result = await fair.posted("## The result of Waves")
        places = ["🥇 **ben** · 2 hearts", "🥈 **cleo** · 1 heart", "**3.** ann · 0 hearts"]
        await world.restart()
        assert ranking(result) == places
        assert entry_ids(await fair.opened(ann, card, "Gallery")) == [second, third, first]
        history = seen(await ann.slash(fair.where, "challenge history"))
        await world.restart()
        assert ranking(seen(await ann.select(history, ["1"]))) == places
        assert "This is the result." in words(await fair.opened(ann, opened, "Gallery"))
        assert len(fair.public()) == 4


async def test_a_restart_in_the_moment_of_closing_tells_the_result_once(tmp_path: Path) -> None:
    """The votes are counted and Discord takes nothing: the next bot tells what this one counted."""
    rights = PERMISSIONS | discord.Permissions(manage_roles=True)
    async with challenge_world(tmp_path, permissions=rights) as world:
        fair, ann = Fair(world), world.ann
        (ben,) = fair.members("ben")
        champion = world.guild.create_role("Champion")
        card = await fair.announced(winner_role=champion)
        entries = [await fair.entered(who, card) for who in (ann, ben)]
        await fair.later(DAY)
        await fair.hearts(ben, await fair.posted("## Vote now: Waves"), entries[0])
        for method, path in (("POST", "/channels/*/messages"), ("PUT", "/guilds/*/members/*/roles/*")):
            world.env.inject_error(method, path, status=503, times=None)
        await fair.later(12 * HOUR)
        async with asyncio.timeout(8):
            while "**Closed**" not in words(await fair.manage()):
                pass
        assert fair.public("## The result of Waves") == []
        await world.restart()
        world.env.backend.faults.clear()
        await until_told(fair, "## The result of Waves")
        await world.restart()
        await fair.later(HOUR)
        assert ranking(*fair.public("## The result of Waves")) == ["🥇 **ann** · 1 heart", "**2.** ben · 0 hearts"]
        members = world.env.backend.guilds[world.guild.id].members
        assert [champion.id in members[who.id].role_ids for who in (ann, ben)] == [True, False]
        await fair.shows(card, "**Over:** won by **ann**.")


async def until_told(fair: Fair, beginning: str) -> None:
    """What Discord did not take is tried again after some of the bot's time."""
    async with asyncio.timeout(8):
        while not fair.public(beginning):
            await fair.later(1)


async def test_deadlines_during_downtime_are_carried_out_once_and_nobody_loses_their_time(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        fair, ann = Fair(world), world.ann
        (ben,) = fair.members("ben")
        card = await fair.announced(mode="duels", voting="12h")
        for who in (ann, ben):
            await fair.entered(who, card)
        eve = world.member("eve")
        await world.stack.aclose()
        await fair.later(5 * DAY)
        assert fair.public("## Vote now") == []
        await world.start_again()
        vote = await fair.posted("## Vote now: Waves")
        ends = round(world.env.now().timestamp() + 12 * HOUR)
        until_when = [int(line.split("<t:")[1].split(":")[0]) for line in words(vote).splitlines() if "<t:" in line]
        assert abs(until_when[0] - ends) < 60, "the whole length of the vote is left"
        await fair.later(11 * HOUR)
        duel = await fair.opened(eve, vote)
        assert labels(duel) == ["Left", "Right", "Skip"]
        await world.stack.aclose()
        await fair.later(DAY)
        await world.start_again()
        await fair.posted("## The result of Waves")
        assert words(await fair.press(duel, "Left", who=eve)) == "Voting is over. **Gallery** shows the result."
        await world.restart()
        assert [len(fair.public(beginning)) for beginning in ("## Waves", "## Vote now", "## The result")] == [1, 1, 1]
        assert "Nobody voted, so nobody won." in words(fair.public("## The result")[0])
