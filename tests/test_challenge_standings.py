"""`/challenge standings`: who has won most in a server's challenges."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.challenges.values import EntryState
from tests.bot_world import World, buttons, words
from tests.challenge_acts import page, read
from tests.challenge_past import Result, over
from tests.challenge_rounds import challenge_world

FIRST = 10**6


async def standings(world: World, who: Any, **options: Any) -> Any:
    return await who.slash(world.channel, "challenge standings", **options)


async def keep(world: World, *challenges: list[Result]) -> None:
    def save(connection: Connection) -> None:
        for number, results in enumerate(challenges):
            over(connection, world.guild.id, f"No. {number}", results)

    await world.app.database.write(save)


def lines(message: Any) -> list[str]:
    return [line for line in words(message).splitlines() if line.startswith("**")]


async def hundred_members(world: World, last_id: int = FIRST + 99) -> None:
    """In sixty challenges, in each of which two share the second place; the last member was in one of them."""
    members = [Result(user_id=FIRST + n, name=f"Painter {n}", place=n + 1) for n in range(99)]
    members.append(Result(user_id=last_id, name="Painter 99", place=100))
    first, second, third, *others = members
    shared = Result(user_id=third.user_id, name=third.name, place=2)
    alike = [Result(user_id=one.user_id, name=one.name, place=4, votes=0) for one in others]
    few = [first, second, shared, *alike[:5]]
    await keep(world, [first, second, shared, *alike], *[few] * 59)


async def test_without_a_challenge_there_is_nobody(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        said = read(await standings(world, world.ann))
        assert "Nobody has taken part in a finished challenge here yet." in said


async def test_medals_are_counted_and_who_ties_shares_a_place(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        ann, ben, cleo = (
            (world.ann.id, "ann"),
            (FIRST, "*Ben* @everyone"),
            (FIRST + 1, "Cleo"),
        )
        await keep(
            world,
            [Result(user_id=one[0], name=one[1], place=place) for one, place in ((ann, 1), (ben, 1), (cleo, 3))],
            [Result(user_id=one[0], name=one[1], place=place) for one, place in ((ben, 1), (ann, 1), (cleo, 3))],
            [Result(user_id=FIRST + 2, name="Gone", place=1, state=EntryState.REMOVED)],
        )
        answer = await standings(world, world.ann)
        assert "## All-time standings\n-# 3 members" in read(answer)
        assert sorted(lines(page(answer))) == [
            "**1.** **ann** (you) · 🥇 2 · 2 entries",
            "**1.** \\*Ben\\* \\@everyone · 🥇 2 · 2 entries",
            "**3.** Cleo · 🥉 2 · 2 entries",
        ]
        assert buttons(page(answer)) == []


async def test_pages_are_turned_in_place_and_whoever_looks_always_sees_themselves(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        me = world.member("last")
        await hundred_members(world, me.id)
        shown = await standings(world, me)
        assert "100 members · page 1 of 10" in read(shown)
        assert lines(page(shown))[0] == "**1.** Painter 0 · 🥇 60 · 60 entries"
        assert lines(page(shown))[1:3] == [
            "**2.** Painter 1 · 🥈 60 · 60 entries",
            "**2.** Painter 2 · 🥈 60 · 60 entries",
        ]
        assert lines(page(shown))[-1] == "**9.** **Painter 99** (you) · 1 entry"
        assert len(lines(page(shown))) == 11
        await world.restart()
        following = await me.click(page(shown), label="Next")
        assert following.response.id == shown.response.id
        assert "page 2 of 10" in read(following)
        back = await me.click(page(following), label="Previous")
        assert "page 1 of 10" in read(back)


async def test_whoever_never_took_part_is_told_so(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        await keep(world, [Result(user_id=FIRST, name="Ben", place=1)])
        assert "You have not taken part in a finished challenge here yet." in read(await standings(world, world.ann))


async def test_a_public_page_shows_nobodys_own_line_and_is_turned_for_oneself(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        await hundred_members(world)
        shown = await standings(world, world.ann, public=True)
        assert not shown.response.ephemeral
        message = shown.response.message
        assert "(you)" not in words(message)
        assert "You have not taken part" not in words(message)
        before = words(message)
        ben = world.member("ben")
        turned = await ben.click(message, label="Next")
        assert "page 2 of 10" in read(turned)
        assert turned.response.id != shown.response.id
        (still,) = (one for one in world.history(world.channel) if one.id == message.id)
        assert words(still) == before


@pytest.mark.parametrize("number", [0, 9999])
async def test_a_page_that_is_not_there_any_more_is_the_nearest(tmp_path: Path, number: int) -> None:
    async with challenge_world(tmp_path) as world:
        await hundred_members(world)
        archive = world.app.client.services.challenges.archive
        _, found = await archive.standings(str(world.guild.id), number, per_page=10)
        assert found.number == (1 if number == 0 else 10)


async def test_other_servers_do_not_count(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        await world.app.database.write(
            lambda connection: over(connection, 99, "Elsewhere", [Result(user_id=FIRST, name="Ben", place=1)])
        )
        assert "Ben" not in read(await standings(world, world.ann))
