"""Whole challenges in which people do what nobody hopes for: they leave, tie, press twice, delete, and come late."""

from pathlib import Path
from typing import Any

import discord

from tests.bot_world import buttons, told, until, words
from tests.challenge_ballots import entry_ids, heart_labels, pressable
from tests.challenge_fair import DAY, ENTER_IT, HOUR, Fair, ranking, seen
from tests.challenge_photos import results_of
from tests.challenge_rounds import challenge_world
from tests.result_acts import pressed_at_once


async def remove(fair: Fair, page: discord.Message, reason: str) -> Any:
    """The entry that a moderator looks at."""
    form = await fair.mo.click(fair.now(page), label="Remove…")
    return await fair.mo.submit_modal(form, {"reason": reason})


async def test_entries_come_and_go_and_who_ties_shares_a_place(tmp_path: Path) -> None:
    """One is removed, one withdrawn, one is its author's who has left, and what was voted for them is not lost."""
    async with challenge_world(tmp_path) as world:
        fair, ann = Fair(world), world.ann
        ben, cleo, dan, eve, finn = fair.members("ben", "cleo", "dan", "eve", "finn")
        card = await fair.announced(needs_approval=True)
        entries = {who.name: await fair.entered(who, card) for who in (ann, ben, cleo, dan, eve)}
        await fair.shows(card, "**0 entries** · 5 wait for approval")
        assert "There are no entries yet." in words(await fair.opened(finn, card, "Gallery"))
        page = seen(await fair.mo.click(await fair.manage(), label="Entries… (5 waiting)"))
        await fair.entered(finn, card)
        for _ in range(4):
            await fair.press(page, "Approve")
        assert words(seen(await remove(fair, page, "That is *no* boat"))).startswith("🗑️ The entry of eve is removed.")
        await until(lambda: any("That is \\*no\\* boat" in letter for letter in fair.letters(eve)))
        await until(lambda: any("approved your entry" in letter for letter in fair.letters(ann)))
        assert "That is \\*no\\* boat" in words(seen(await eve.click(card, label="My entry")))
        await fair.shows(card, "**4 entries** by 4 members")
        picture = results_of(world, eve)[-1]
        assert "That is \\*no\\* boat" in told(await eve.user.click(picture, label=ENTER_IT)), "it does not come back"

        await fair.later(DAY)
        vote = await fair.posted("## Vote now: Waves")
        await fair.hearts(ann, vote, entries["ben"], entries["cleo"])
        await fair.hearts(finn, vote, entries["ann"], entries["dan"])
        await fair.hearts(eve, vote, entries["dan"], entries["cleo"])
        await fair.hearts(dan, vote, entries["ann"], entries["cleo"], entries["ben"])
        await fair.withdrawn(cleo, fair.now(card))
        assert entries["cleo"] not in entry_ids(await fair.opened(finn, vote))
        world.guild.remove_member(dan)
        await fair.later(12 * HOUR)
        result = await fair.posted("## The result of Waves")
        assert ranking(result) == ["🥇 **ann** · 2 hearts", "🥇 **ben** · 2 hearts", "🥇 **dan** · 2 hearts"]
        assert all(who.mention in words(result) for who in (ann, ben, dan))
        assert "-# 3 entries · 4 members" in words(result)
        gallery = words(await fair.opened(finn, result, "Gallery"))
        assert gallery.count("🥇 Place 1, shared") == 3
        table = {row["name"]: (row["place"], row["state"], row["reason"]) for row in await fair.table()}
        mine = await fair.opened(finn, result, "My entry")
        assert "**Handed in**, but not approved before the end." in words(mine)
        assert table["finn"] == ("", "waiting", "")
        page = seen(await fair.mo.click(await fair.manage(), label="Entries… (1 waiting)"))
        assert "**Not approved before the end**" in words(page)
        assert table["dan"] == ("1", "shown", "")
        assert table["cleo"] == ("", "withdrawn", "")
        assert table["eve"] == ("", "removed", "That is *no* boat")


async def test_a_single_entry_that_is_left_and_was_voted_for_wins(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        fair, ann = Fair(world), world.ann
        (ben,) = fair.members("ben")
        card = await fair.announced()
        entries = [await fair.entered(who, card) for who in (ann, ben)]
        await fair.later(DAY)
        await fair.hearts(ben, await fair.posted("## Vote now: Waves"), entries[0])
        await fair.withdrawn(ben, fair.now(card))
        await fair.later(12 * HOUR)
        result = await fair.posted("## The result of Waves")
        assert f"Congratulations, {ann.mention}!" in words(result)
        assert ranking(result) == ["🥇 **ann** · 1 heart"]


async def test_without_its_announcement_a_challenge_goes_on_in_the_list(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        fair, ann = Fair(world), world.ann
        (ben,) = fair.members("ben")
        lost = await fair.announced()
        await fair.mo.delete(lost)
        listed = seen(await ann.slash(fair.where, "challenge list"))
        assert buttons(listed) == ["Enter", "My entry", "Gallery"]
        entries = [await fair.entered(who, seen(await who.slash(fair.where, "challenge list"))) for who in (ann, ben)]
        listed = seen(await ann.slash(fair.where, "challenge list"))
        assert str(lost.id) not in words(listed), "no link to what is gone"
        await fair.later(DAY)
        vote = await fair.posted("## Vote now: Waves")
        await fair.mo.delete(vote)
        listed = seen(await ann.slash(fair.where, "challenge list"))
        assert buttons(listed) == ["Vote", "Gallery", "My entry"]
        await fair.hearts(ann, listed, entries[1])
        await fair.press(await fair.manage(), "Post it again")
        card = await fair.posted("## Waves")
        await fair.shows(card, "1 member has voted")
        await fair.later(12 * HOUR)
        assert ranking(await fair.posted("## The result of Waves"))[0] == "🥇 **ben** · 1 heart"
        await fair.shows(card, "**Over:** won by **ben**.")


async def twice(
    fair: Fair, who: Any, message: discord.Message, label: str | None = None, custom_id: str | None = None
) -> None:
    """Two presses of one button, the second before the first is answered."""
    presser = who.user if isinstance(message.channel, discord.DMChannel) else who
    press = (presser, fair.now(message), label, custom_id)
    await pressed_at_once(fair.world, press, press)


async def test_a_double_click_is_one_click_wherever_something_changes(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        fair, ann = Fair(world), world.ann
        ben, cleo = fair.members("ben", "cleo")
        preview = await fair.preview(needs_approval=True, entries_per_member=2, title="Hearts")
        await twice(fair, fair.mo, preview, "Announce and open")
        card = await fair.posted("## Hearts")
        for who in (ann, ben):
            await twice(fair, who, await fair.painted(who, card), ENTER_IT)
        assert [len(await fair.mine(who, card)) for who in (ann, ben)] == [1, 1]
        other = await fair.painted(ann, card)
        asked = await ann.click(seen(await ann.click(card, label="My entry")), label="Withdraw")
        await twice(fair, ann, seen(asked), "Yes, withdraw it")
        await twice(fair, ann, other, ENTER_IT)
        await fair.shows(card, "2 wait for approval")
        page = seen(await fair.mo.click(await fair.manage("Hearts"), label="Entries… (2 waiting)"))
        await twice(fair, fair.mo, page, "Approve")
        await fair.shows(card, "**1 entry** by 1 member · 1 waits for approval")
        await fair.press(page, "Approve")
        await until(lambda: sum("approved your entry" in letter for letter in fair.letters(ben)) == 1)
        asked_to_end = await fair.press(await fair.manage("Hearts"), "End entries now")
        await twice(fair, fair.mo, asked_to_end, "End entries now")
        vote = await fair.posted("## Vote now: Hearts")
        ballot = await fair.opened(cleo, vote)
        heart = next(key for key in pressable(ballot) if ":heart:" in key)
        await twice(fair, cleo, ballot, custom_id=heart)
        assert sorted(heart_labels(fair.now(ballot)).values()) == ["Give a heart", "Has your heart"]
        await twice(fair, cleo, ballot, custom_id=heart)
        assert set(heart_labels(fair.now(ballot)).values()) == {"Give a heart"}
        panel = await fair.manage("Hearts")
        await twice(fair, fair.mo, panel, "Post it again")
        await fair.posted("## Vote now: Hearts", times=2)
        asked_to_end = await fair.press(panel, "End voting now")
        await twice(fair, fair.mo, asked_to_end, "End voting now")
        await fair.posted("## The result of Hearts")
        await fair.later(HOUR)
        times = {beginning: len(fair.public(f"## {beginning}")) for beginning in ("Hearts", "Vote now", "The result")}
        assert times == {"Hearts": 1, "Vote now": 2, "The result": 1}


async def test_two_moderators_who_end_a_phase_at_once_end_one_phase(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        fair, ann = Fair(world), world.ann
        (ben,) = fair.members("ben")
        both = (fair.mo, fair.moderator("max"))
        card = await fair.announced()
        entries = [await fair.entered(who, card) for who in (ann, ben)]
        for label, told_to_one, told_to_other in (
            (
                "End entries now",
                "The entries are ended, and members vote now.",
                "The time for entries is over: this challenge is being voted on.",
            ),
            ("End voting now", "The challenge is over. The result is being announced.", "This challenge is over."),
        ):
            panels = [await fair.press(await fair.manage(who=who), label, who=who) for who in both]
            presses = [(who, fair.now(panel), label) for who, panel in zip(both, panels, strict=True)]
            await pressed_at_once(world, *presses)
            first, second = sorted((words(fair.now(panel)).splitlines()[0] for panel in panels), key=len)
            assert first == told_to_one
            assert second == f"Nothing was changed: the challenge has moved on meanwhile. {told_to_other}"
            if label == "End entries now":
                await fair.hearts(ben, await fair.posted("## Vote now: Waves"), entries[0])
        await fair.posted("## The result of Waves")
        assert [len(fair.public(beginning)) for beginning in ("## Vote now", "## The result")] == [1, 1]
        assert ranking(*fair.public("## The result")) == ["🥇 **ann** · 1 heart", "**2.** ben · 0 hearts"]
