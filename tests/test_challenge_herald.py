"""What a challenge says in public: in every phase, once, and on time."""

from pathlib import Path
from typing import Any

import discord

from bot.challenges.values import Phase
from tests.bot_world import buttons, until, words
from tests.challenge_rounds import DAY, HOUR, Rounds, challenge_world


async def test_a_challenge_is_announced_with_its_style_its_rules_and_its_buttons(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        challenge = await rounds.announced(description="Boats, please.")
        (card,) = world.history(world.channel)
        assert card.id == challenge.announcement_id
        assert challenge.place_id == world.channel.id
        assert [file.filename for file in card.attachments] == ["style-1.jpg"]
        assert buttons(card) == ["Enter", "My entry", "Gallery"]
        ends = round(challenge.schedule.entries_end_at)
        for said in ("## Waves\nBoats, please.", f"<t:{ends}:F>, <t:{ends}:R>", "No entries yet", "**Great Wave**"):
            assert said in words(card)


async def test_the_ping_role_is_mentioned_once_and_nobody_else(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        role = world.guild.create_role("artists")
        world.env.backend.guilds[world.guild.id].roles[role.id].mentionable = True
        rounds = Rounds(world)
        challenge = await rounds.announced(
            ping_role_id=role.id, title=f"@everyone {world.ann.mention}", description=f"{world.ann.mention} @here"
        )
        (card,) = world.history(world.channel)
        assert words(card).startswith(f"<@&{role.id}>\n## ")
        assert rounds.called(card) == ([], [role.id])
        await rounds.enter(challenge, world.ann)
        await until(lambda: "1 entry" in rounds.said()[0])
        assert words(world.history(world.channel)[0]).startswith(f"<@&{role.id}>\n## ")


async def test_what_is_announced_for_later_opens_on_time(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        challenge = await rounds.announced(opens_in=HOUR)
        (card,) = world.history(world.channel)
        assert "**Opens** <t:" in words(card)
        assert buttons(card) == []
        await world.env.advance_time(HOUR - 5)
        await world.restart()
        assert (await rounds.desk.challenges.find(challenge.tenant_id, challenge.id)).phase is Phase.DRAFT
        await world.env.advance_time(6)
        await rounds.when_in(challenge, Phase.OPEN)
        card, opened = world.history(world.channel)
        assert buttons(card) == buttons(opened) == ["Enter", "My entry", "Gallery"]
        assert words(opened).startswith("### Waves is open\nEnter until <t:")


async def test_a_whole_challenge_is_told_once_and_in_order_with_a_restart_in_every_phase(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        bob, cleo = world.member("bob"), world.member("cleo")
        challenge = await rounds.announced()
        await world.restart()
        first, second = await rounds.enter(challenge, world.ann), await rounds.enter(challenge, bob, colour="red")
        await until(lambda: "**2 entries** by 2 members" in rounds.said()[0])
        await world.env.advance_time(DAY + 1)
        challenge = await rounds.when_in(challenge, Phase.VOTING)
        await world.restart()
        _card, vote = world.history(world.channel)
        assert buttons(vote) == ["Vote", "Gallery"]
        assert "2 entries are waiting for your vote." in words(vote)
        await rounds.heart(challenge, cleo, first, second)
        await rounds.heart(challenge, bob, first)
        await until(lambda: "2 members have voted" in rounds.said()[0])
        assert buttons(world.history(world.channel)[0]) == ["Vote", "Gallery", "My entry"]
        await world.env.advance_time(DAY + 1)
        await rounds.when_in(challenge, Phase.CLOSED)
        await world.restart()
        card, _vote, podium = world.history(world.channel)
        assert f"Congratulations, {world.ann.mention}!" in words(podium)
        assert "🥇 **ann** · 2 hearts\n🥈 **bob** · 1 heart" in words(podium)
        assert [file.filename for file in podium.attachments] == ["podium.jpg"]
        assert rounds.called(podium) == ([world.ann.id], [])
        assert "won by **ann**" in words(card)
        assert (buttons(card), buttons(podium)) == (["Gallery", "My entry"], ["Gallery", "My entry"])
        assert [file.filename for file in card.attachments] == ["style-1.jpg"]


async def test_a_covered_winner_covers_the_podium(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        podium = await result_of_one_heart(world, covered=True)
        assert [file.filename for file in podium.attachments] == ["SPOILER_podium.jpg"]
        gallery = next(c for c in discord.ui.LayoutView.from_message(podium).walk_children() if hasattr(c, "items"))
        assert gallery.items[0].spoiler


async def test_a_podium_without_its_pictures_is_told_in_words(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        podium = await result_of_one_heart(world, lose_pictures=True)
        assert podium.attachments == []
        assert "🥇 **ann** · 1 heart" in words(podium)


async def test_a_challenge_without_entries_ends_with_one_friendly_line(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        challenge = await rounds.announced()
        await world.env.advance_time(DAY + 1)
        await rounds.when_in(challenge, Phase.CLOSED)
        card, end = rounds.said()
        assert end == "**Waves** is over, and nobody entered. Maybe next time!"
        assert "There are no entries." in card


async def test_deadlines_that_passed_while_the_bot_was_down_are_carried_out_once(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        challenge = await rounds.announced(opens_in=HOUR)
        await world.stack.aclose()
        await world.env.advance_time(HOUR + 600)
        await world.start_again()
        challenge = await rounds.when_in(challenge, Phase.OPEN)
        assert len(rounds.said()) == 2
        assert challenge.schedule.entries_end_at - challenge.schedule.opens_at == DAY
        await rounds.enter(challenge, world.ann)
        await rounds.enter(challenge, world.member("bob"))
        await world.stack.aclose()
        await world.env.advance_time(DAY + 600)
        await world.start_again()
        challenge = await rounds.when_in(challenge, Phase.VOTING)
        await world.stack.aclose()
        await world.env.advance_time(DAY + 600)
        await world.start_again()
        await rounds.when_in(challenge, Phase.CLOSED)
        await world.restart()
        assert [line.split("\n")[0] for line in rounds.said()] == [
            "## Waves",
            "### Waves is open",
            "## Vote now: Waves",
            "## The result of Waves",
        ]


async def test_a_challenge_that_is_called_off_says_why(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        challenge = await rounds.announced()
        await rounds.desk.challenges.cancel(challenge.tenant_id, challenge.id, "too windy", rounds.now)
        await rounds.when_in(challenge, Phase.CANCELLED)
        card, end = world.history(world.channel)
        assert words(end) == "The challenge **Waves** was cancelled: too windy"
        assert "**Cancelled:** too windy" in words(card)
        assert buttons(card) == []


async def test_two_challenges_in_one_server_do_not_meet(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        waves, boats = await rounds.announced("Waves"), await rounds.announced("Boats", lasts=2 * DAY)
        await rounds.enter(waves, world.ann)
        await rounds.enter(waves, world.member("bob"))
        await rounds.enter(boats, world.ann)
        await world.env.advance_time(DAY + 1)
        await rounds.when_in(waves, Phase.VOTING)
        await until(lambda: "1 entry" in rounds.said()[1])
        first, second, vote = rounds.said()
        assert "2 entries" in first
        assert "**Open for entries**" in second
        assert "Vote now: Waves" in vote


async def result_of_one_heart(world: Any, *, covered: bool = False, lose_pictures: bool = False) -> discord.Message:
    rounds = Rounds(world)
    challenge = await rounds.announced()
    first = await rounds.enter(challenge, world.ann, covered=covered)
    await rounds.enter(challenge, world.member("bob"), colour="red")
    await world.env.advance_time(DAY + 1)
    await rounds.when_in(challenge, Phase.VOTING)
    await rounds.heart(challenge, world.member("cleo"), first)
    if lose_pictures:
        world.blob_path(first.picture.blob).unlink()
    await world.env.advance_time(DAY + 1)
    await rounds.when_in(challenge, Phase.CLOSED)
    podium: discord.Message = world.history(world.channel)[-1]
    return podium
