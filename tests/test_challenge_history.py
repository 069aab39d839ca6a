"""`/challenge history`: what is over, who won, and the ranking behind it."""

from pathlib import Path
from typing import Any

import discord
from sqlalchemy import Connection

from bot.challenges.archive import Page
from bot.challenges.values import Challenge, EntryState, Phase, Placed, Schedule, Terms, VotingMode
from bot.ui.challenges.history import Past, history_view
from bot.ui.challenges.result_page import result_view
from bot.ui.words import words_for
from tests.bot_world import World, buttons, words
from tests.challenge_acts import page, read
from tests.challenge_past import Result, over
from tests.challenge_rounds import Rounds, challenge_world
from tests.challenge_samples import entry_numbered

FIRST = 10**6
SAY = words_for("en-US")
LONGEST = "*" * 61


async def history(world: World, who: Any, **options: Any) -> Any:
    return await who.slash(world.channel, "challenge history", **options)


def winners(*names: str, state: EntryState = EntryState.SHOWN, votes: int = 5) -> list[Result]:
    """All of them first, and one behind them."""
    first = [Result(user_id=FIRST + n, name=name, place=1, state=state, votes=votes) for n, name in enumerate(names)]
    return [*first, Result(user_id=FIRST + 50, name="Last", place=len(names) + 1, votes=0)]


async def keep(world: World, title: str, results: list[Result], **changes: Any) -> int:
    def save(connection: Connection) -> int:
        return over(connection, world.guild.id, title, results, **changes)

    found: int = await world.app.database.write(save)
    return found


async def test_without_a_challenge_that_is_said(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        assert "No challenge has ended here yet." in read(await history(world, world.ann))


async def test_challenges_are_listed_newest_first_with_their_winners(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        await keep(world, "Old *one*", winners("Ada", "Ben @here"), place_id=77, announcement_id=88)
        await keep(world, "Moved", winners("Ada", state=EntryState.REMOVED))
        await keep(world, "Unloved", winners("Ada", votes=0))
        await keep(world, "Empty", [])
        said = read(await history(world, world.ann))
        assert said.startswith("## Past challenges\n-# 4 challenges\n**Empty**\nThere are no entries.")
        assert "**Unloved**\nNobody voted, so nobody won." in said
        assert "**Moved**\nThe winning entry was removed." in said
        link = f"https://discord.com/channels/{world.guild.id}/77/88"
        assert f"**[Old \\*one\\*]({link})**\n🥇 **Ada** and **Ben \\@here** · 5 hearts\n-# <t:" in said
        assert said.endswith(":D> · 3 entries")


async def test_sixty_challenges_are_paged_and_one_is_looked_at(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        crowd = [Result(user_id=FIRST + n, name=f"Painter {n}", place=n + 1, votes=40 - n) for n in range(40)]

        def save(connection: Connection) -> None:
            for number in range(59):
                over(connection, world.guild.id, f"No. {number}", winners("Ada"))
            over(connection, world.guild.id, "The great one", crowd, place_id=77)

        await world.app.database.write(save)
        shown = await history(world, world.ann)
        assert "60 challenges · page 1 of 12" in read(shown)
        assert read(shown).count("🥇") == 5
        await world.restart()
        following = await world.ann.click(page(shown), label="Next")
        assert following.response.id == shown.response.id
        assert "page 2 of 12" in read(following)
        back = await world.ann.click(page(following), label="Previous")
        result = await world.ann.select(page(back), ["60"], custom_id="challenges:look")
        assert result.response.id != shown.response.id
        assert "## The great one" in read(result)
        assert "40 entries · page 1 of 3" in read(result)
        assert "🥇 **Painter 0** · 40 hearts" in read(result)
        assert "**15.** Painter 14 · 26 hearts" in read(result)
        assert buttons(page(result)) == ["Previous", "Next", "Gallery"]
        await world.restart()
        last = await world.ann.click(page(result), label="Next")
        assert "**16.** Painter 15 · 25 hearts" in read(last)
        gallery = await world.ann.click(page(last), label="Gallery")
        assert "Painter 0" in read(gallery)


async def test_a_public_history_is_turned_for_oneself(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        for number in range(6):
            await keep(world, f"No. {number}", winners("Ada"))
        shown = await history(world, world.ann, public=True)
        assert not shown.response.ephemeral
        message, ben = shown.response.message, world.member("ben")
        assert "page 2 of 2" in read(await ben.click(message, label="Next"))
        assert "## No. 5" in read(await ben.select(message, ["6"], custom_id="challenges:look"))
        (still,) = (one for one in world.history(world.channel) if one.id == message.id)
        assert "page 1 of 2" in words(still)


async def test_before_its_end_no_result_is_shown_and_no_name_is_told(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        await keep(world, "Over", winners("Ada"))
        challenge = await rounds.announced("Secret")
        for number in range(3):
            await rounds.enter_as(challenge, FIRST + number, f"Secret painter {number}")
        await rounds.desk.challenges.end_early(challenge.tenant_id, challenge.id, Phase.OPEN, rounds.now)
        shown = await history(world, world.ann)
        standings = await world.ann.slash(world.channel, "challenge standings")
        assert "Secret" not in read(shown) + read(standings)
        view = page(shown)
        result = await world.ann.select(view, ["1"], custom_id="challenges:look")
        assert "## Over" in read(result)
        said = "\n".join(words(message) for message in world.history(world.channel) if message.flags.components_v2)
        assert "Secret painter" not in said


def closed(number: int, mode: VotingMode = VotingMode.APPROVAL) -> Challenge:
    schedule = Schedule(
        phase=Phase.CLOSED,
        confirmed=True,
        opens_at=0.0,
        entries_end_at=1.0,
        voting_ends_at=2.0,
        voting_seconds=1.0,
    )
    return Challenge(
        id=number,
        tenant_id="1" * 20,
        title="*" * 80,
        terms=Terms(voting_seconds=1.0, mode=mode),
        schedule=schedule,
        channel_id=10**19,
        place_id=10**19,
        announcement_id=10**19,
        created_by="1",
        created_at=0.0,
        end_reason="",
        series_id=1,
        number=10**6,
    )


def ranking_of(count: int) -> list[Placed]:
    return [
        Placed(
            entry=entry_numbered(number, name=f"{number:03}{LONGEST}"),
            place=1,
            votes=10**6,
            duels=10**7,
            score=55.5,
            low=44.4,
            high=66.6,
        )
        for number in range(1, count + 1)
    ]


def length(view: Any) -> int:
    return sum(len(item.content) for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay))


def test_the_longest_pages_fit_into_a_message() -> None:
    for mode in VotingMode:
        past = [Past(challenge=closed(number, mode), ranking=ranking_of(100)) for number in range(1, 6)]
        view = history_view(past, Page(number=2, pages=12, total=60), SAY)
        result = result_view(closed(1, mode), ranking_of(100), 2, SAY)
        for made in (view, result):
            assert length(made) <= 4000
            assert len(list(made.walk_children())) <= 40
