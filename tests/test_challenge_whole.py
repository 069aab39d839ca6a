"""Whole challenges as five members and a moderator live through them, from the command to the podium."""

from pathlib import Path
from typing import Any

import discord

from tests.bot_world import CAT, PERMISSIONS, WAVE, World, buttons, told, until, words
from tests.challenge_ballots import entry_ids, heart_labels, shown
from tests.challenge_fair import DAY, ENTER_IT, HOUR, Fair, labels, ranking, seen
from tests.challenge_photos import results_of
from tests.challenge_rounds import challenge_world
from tests.result_acts import pressed_at_once

GIVES_ROLES = PERMISSIONS | discord.Permissions(manage_roles=True)
WEEK = 7 * DAY


def roles(world: World, who: Any) -> set[int]:
    return set(world.env.backend.guilds[world.guild.id].members[who.id].role_ids)


async def page(fair: Fair, name: str) -> str:
    return words(seen(await fair.world.ann.slash(fair.where, f"challenge {name}")))


async def enter_all(fair: Fair, card: discord.Message, *who: Any) -> dict[str, int]:
    return {member.name: await fair.entered(member, card) for member in who}


async def test_five_members_live_through_a_challenge_with_hearts(tmp_path: Path) -> None:
    async with challenge_world(tmp_path, permissions=GIVES_ROLES) as world:
        fair, ann = Fair(world), world.ann
        ben, cleo, dan, eve = fair.members("ben", "cleo", "dan", "eve")
        champion = world.guild.create_role("Champion")
        preview = await fair.preview(winner_role=champion, description="Paint the *sea*.")
        assert fair.public() == []
        await fair.press(preview, "Announce and open")
        card = await fair.posted("## Waves")
        above = words(preview).split("\n-# Only you see this preview.")[0]
        assert words(card) == above, "the preview showed what is announced"

        picture = await fair.painted(ann, card)
        assert await fair.mine(ann, card) == [], "painted is not entered"
        assert told(await ann.user.click(picture, label=ENTER_IT)).startswith("Your picture is in the challenge")
        entries = {"ann": (await fair.mine(ann, card))[0], **await enter_all(fair, card, ben, cleo, dan)}
        await fair.shows(card, "**4 entries** by 4 members")
        gallery = await fair.opened(eve, card, "Gallery")
        assert set(entry_ids(gallery)) == set(entries.values())
        assert not any(name in words(gallery) for name in entries)

        await fair.later(DAY)
        vote = await fair.posted("## Vote now: Waves")
        assert buttons(fair.now(card)) == ["Vote", "Gallery", "My entry"]
        ballot = await fair.opened(ann, vote)
        assert set(heart_labels(ballot)) == set(entries.values()) - {entries["ann"]}, "nobody votes for themselves"
        ballot = await fair.heart(ann, ballot, entries["cleo"])
        ballot = await fair.heart(ann, ballot, entries["cleo"])
        await fair.heart(ann, ballot, entries["ben"])
        await fair.hearts(ben, vote, entries["dan"])
        await fair.hearts(cleo, vote, entries["ben"], entries["dan"])
        await fair.hearts(eve, vote, entries["ben"])
        await fair.shows(card, "4 members have voted")
        assert not any("heart" in words(one) for one in world.history(fair.where) if "Give a heart" not in words(one))

        await fair.later(12 * HOUR)
        result = await fair.posted("## The result of Waves")
        places = ["🥇 **ben** · 3 hearts", "🥈 **dan** · 2 hearts", "**3.** ann · 0 hearts", "**3.** cleo · 0 hearts"]
        assert ranking(result) == places
        gallery = await fair.opened(ann, result, "Gallery")
        told_in_gallery = [line for line in words(gallery).splitlines() if "Place" in line]
        assert told_in_gallery == [
            "🥇 Place 1 · **ben**",
            "🥈 Place 2 · **dan**",
            "Place 3, shared · **ann** · **Yours**",
            "Place 3, shared · **cleo**",
        ], "no medals without votes, as on the podium"
        assert f"Congratulations, {ben.mention}!" in words(result)
        (podium,) = shown(result)
        assert podium.description == "The podium: 1. ben and 2. dan"
        await until(lambda: champion.id in roles(world, ben))
        assert not any(champion.id in roles(world, other) for other in (ann, cleo, dan, eve))
        assert "**Over:** won by **ben**." in words(await fair.shows(card, "**Over:**"))
        assert "🥇 **ben** · 3 hearts" in await page(fair, "history")
        assert (await page(fair, "standings")).splitlines()[2:] == [
            "**1.** ben · 🥇 1 · 1 entry",
            "**2.** dan · 🥈 1 · 1 entry",
            "**3.** **ann** (you) · 1 entry",
            "**3.** cleo · 1 entry",
        ]
        table = await fair.table()
        assert [(row["place"], row["name"], row["hearts or duels won"]) for row in table] == [
            ("1", "ben", "3"),
            ("2", "dan", "2"),
            ("3", "ann", "0"),
            ("3", "cleo", "0"),
        ]
        assert len(fair.public()) == 3, "the card, the vote and the result"


async def judge_all(fair: Fair, who: Any, vote: discord.Message, best_first: list[int]) -> int:
    """Choose by a taste, with double clicks, until there is nothing left; how many pairs that were."""
    duel, judged = await fair.opened(who, vote), 0
    while "Left" in labels(duel):
        left, right = entry_ids(duel)
        press = (who, duel, "Left" if min(left, right, key=best_first.index) == left else "Right")
        await pressed_at_once(fair.world, press, press)
        duel, judged = fair.now(duel), judged + 1
    assert words(duel).splitlines()[1].startswith("Thank you!")
    return judged


async def test_five_members_live_through_a_challenge_with_duels(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        fair, ann = Fair(world), world.ann
        ben, cleo, dan, eve = fair.members("ben", "cleo", "dan", "eve")
        card = await fair.announced(mode="duels")
        entries = await enter_all(fair, card, ann, ben, cleo, dan)
        await fair.later(DAY)
        vote = await fair.posted("## Vote now: Waves")
        taste = [entries[name] for name in ("cleo", "ann", "dan", "ben")]
        pairs = [await judge_all(fair, who, vote, taste) for who in (ann, ben, cleo, dan, eve)]
        assert pairs == [3, 3, 3, 3, 6], "pairs with one's own entry are left out"
        duel = await fair.press(await fair.opened(eve, vote), "Back", who=eve)
        assert "You can choose again." in words(duel)
        await fair.press(duel, "Go on", who=eve)
        await fair.shows(card, "5 members have voted")
        await fair.later(12 * HOUR)
        result = await fair.posted("## The result of Waves")
        assert [line.split(" · ")[0] for line in ranking(result)] == [
            "🥇 **cleo**",
            "🥈 **ann**",
            "🥉 **dan**",
            "**4.** ben",
        ]
        assert "certainty of 95 %" in words(result)
        table = await fair.table()
        counts = [(row["name"], row["hearts or duels won"], row["duels shown in"]) for row in table]
        assert counts == [("cleo", "9", "9"), ("ann", "6", "9"), ("dan", "3", "9"), ("ben", "0", "9")]
        assert sum(int(won) for _, won, _ in counts) == sum(pairs)
        gallery = words(await fair.opened(eve, result, "Gallery"))
        assert "won 9 of 9 duels" in gallery
        history = seen(await ann.slash(fair.where, "challenge history"))
        assert ranking(history)[0].split(" · ")[0] == "🥇 **cleo**"
        look = seen(await ann.select(history, ["1"]))
        assert [line.split(" · ")[0] for line in ranking(look)] == [line.split(" · ")[0] for line in ranking(result)]
        assert (await page(fair, "standings")).splitlines()[2] == "**1.** cleo · 🥇 1 · 1 entry"


async def test_two_challenges_at_once_do_not_mix(tmp_path: Path) -> None:
    """In one channel, by the same members, with other styles, other ends and another vote."""
    async with challenge_world(tmp_path) as world:
        fair, ann = Fair(world), world.ann
        ben, cleo = fair.members("ben", "cleo")
        sea = await fair.announced(title="Sea", lasts="1d", voting="20h")
        sky = await fair.announced(title="Sky", lasts="2d", voting="1d", mode="duels", style=("stars.png", CAT[1]))
        in_sea = await enter_all(fair, sea, ann, ben)
        in_sky = await enter_all(fair, sky, ben, ann, cleo)
        assert "in the style of **stars**" in results_of(world, cleo)[-1].content
        assert set(entry_ids(await fair.opened(cleo, sea, "Gallery"))) == set(in_sea.values())
        assert set(entry_ids(await fair.opened(cleo, sky, "Gallery"))) == set(in_sky.values())
        await fair.later(DAY)
        vote_sea = await fair.posted("## Vote now: Sea")
        await fair.hearts(cleo, vote_sea, in_sea["ann"])
        assert "**Open for entries**" in words(fair.now(sky))
        assert "waiting for your vote" not in words(fair.now(sky))
        listed = words(seen(await cleo.slash(fair.where, "challenge list")))
        assert listed.index("[Sea]") < listed.index("[Sky]"), "what ends first comes first"
        await fair.later(DAY)
        vote_sky = await fair.posted("## Vote now: Sky")
        assert ranking(await fair.posted("## The result of Sea")) == ["🥇 **ann** · 1 heart", "**2.** ben · 0 hearts"]
        assert "0 members have voted" in words(await fair.shows(sky, "**Open for votes**"))
        taste = [in_sky[name] for name in ("ben", "cleo", "ann")]
        assert [await judge_all(fair, who, vote_sky, taste) for who in (ann, cleo)] == [1, 1]
        await fair.later(DAY)
        assert "🥇 **ben**" in words(await fair.posted("## The result of Sky"))
        assert (await page(fair, "history")).count("🥇") == 2
        assert (await page(fair, "standings")).splitlines()[2:] == [
            "**1.** **ann** (you) · 🥇 1 · 2 entries",
            "**1.** ben · 🥇 1 · 2 entries",
            "**3.** cleo · 1 entry",
        ]
        assert [row["name"] for row in await fair.table("Sea")] == ["ann", "ben"]
        assert {row["name"] for row in await fair.table("Sky")} == {"ann", "ben", "cleo"}


async def test_to_a_free_theme_members_bring_both_pictures(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        fair = Fair(world)
        (ben,) = fair.members("ben")
        card = await fair.announced(style=None)
        assert "Free theme: bring a photo, and the picture in whose style it is painted." in words(card)
        assert card.attachments == []
        await fair.entered(world.ann, card, painting=[WAVE])
        await fair.entered(ben, card, painting=[("stars.png", CAT[1])])
        styles = [results_of(world, who)[-1].content.splitlines()[0] for who in (world.ann, ben)]
        assert [line.split(" in the style of ")[1] for line in styles] == ["**wave**", "**stars**"]
        await fair.shows(card, "**2 entries** by 2 members")


async def test_a_week_later_a_series_goes_on_with_the_next_style(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        fair, ann = Fair(world), world.ann
        (ben,) = fair.members("ben")
        librarian = world.member("ada", manage_guild=True)
        for name in ("Wave", "Night"):
            await librarian.slash(fair.where, "style add", name=name, picture=WAVE)
        card = await fair.announced(style=None, from_library="Wave, Night", weekly=True, lasts="5d", voting="4d")
        assert "No. 1 of the series" in words(card)
        assert "in the style of **Wave**." in words(card)
        first = await enter_all(fair, card, ann, ben)
        await fair.later(5 * DAY)
        vote = await fair.posted("## Vote now: Waves")
        await fair.later(2 * DAY - HOUR)
        assert len(fair.public("## Waves")) == 1
        await fair.later(HOUR)
        second = await fair.posted("## Waves", times=2)
        assert "No. 2 of the series" in words(second)
        assert "in the style of **Night**." in words(second)
        later = await fair.entered(ben, second)
        assert "in the style of **Night**" in results_of(world, ben)[-1].content
        await fair.hearts(ben, vote, first["ann"])
        assert later not in entry_ids(await fair.opened(ann, vote))
        await fair.later(2 * DAY)
        assert ranking(await fair.posted("## The result of Waves"))[0] == "🥇 **ann** · 1 heart"
        await fair.later(WEEK)
        await fair.posted("## The result of Waves", times=2)
        await fair.later(WEEK)
        assert len(fair.public("-# No. ")) == 2, "the list has two styles"
        assert "Waves #1" in await page(fair, "history")
        assert "Waves #2" in await page(fair, "history")
