"""What is told of an extension, and what is told again because a moderator asked for it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.challenges.desk import challenge_desk
from bot.challenges.values import Challenge, Phase
from nst_engine.queue.database import open_database
from tests.bot_world import World, buttons, words
from tests.challenge_acts import moderator, page, read
from tests.challenge_rounds import DAY, HOUR, Rounds, challenge_world

TIME = "More time for **Waves**"


async def extend(rounds: Rounds, challenge: Challenge, seconds: float = HOUR) -> Challenge:
    store = rounds.desk.challenges
    seen = await store.find(challenge.tenant_id, challenge.id)
    return await store.extend(seen.tenant_id, seen.id, seen.phase, seconds, rounds.now)


async def on_time(rounds: Rounds, challenge: Challenge, phase: Phase) -> Challenge:
    await rounds.world.env.advance_time(DAY + 1)
    return await rounds.when_in(challenge, phase)


async def entered(rounds: Rounds, challenge: Challenge) -> None:
    await rounds.enter(challenge, rounds.world.ann)
    await rounds.enter(challenge, rounds.world.member("bob"))


async def hearts(rounds: Rounds, challenge: Challenge) -> None:
    """The first entry wins."""
    await rounds.heart(challenge, rounds.world.member("cleo"), (await rounds.desk.entries.all(challenge.id))[0])


async def post_it_again(world: World, challenge: Challenge, *, after_restart: bool = False) -> str:
    mo = moderator(world)
    panel = page(await mo.slash(world.channel, "challenge manage", challenge=str(challenge.id)))
    if after_restart:
        await world.restart()
    return read(await mo.click(panel, label="Post it again"))


def closes(world: World, place: Any) -> None:
    world.env.inject_error("POST", f"/channels/{place.id}/messages", status=403, code=50001, times=None)


def opens(world: World) -> None:
    world.env.backend.faults.clear()


async def test_an_extension_is_told_once_with_the_buttons_of_the_phase(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        role = world.guild.create_role("artists")
        world.env.backend.guilds[world.guild.id].roles[role.id].mentionable = True
        challenge = await rounds.announced(ping_role_id=role.id)
        await entered(rounds, challenge)
        after = await extend(rounds, challenge)
        challenge = await rounds.when_in(challenge, Phase.OPEN)
        ends = round(after.schedule.entries_end_at)
        card, told = world.history(world.channel)
        assert words(told) == f"{TIME}: enter until <t:{ends}:F>, <t:{ends}:R>."
        assert buttons(told) == ["Enter", "My entry", "Gallery"]
        assert rounds.called(told) == ([], [])
        assert f"<t:{ends}:F>" in words(card)
        await rounds.killed_before_noting(challenge)
        assert len(world.history(world.channel)) == 2
        await world.env.advance_time(HOUR)
        challenge = await on_time(rounds, challenge, Phase.VOTING)
        after = await extend(rounds, challenge, DAY)
        await world.restart()
        challenge = await rounds.when_in(challenge, Phase.VOTING)
        ends = round(after.schedule.voting_ends_at)
        told = world.history(world.channel)[-1]
        assert words(told) == f"{TIME}: vote until <t:{ends}:F>, <t:{ends}:R>."
        assert buttons(told) == ["Vote", "Gallery"]


async def test_of_two_extensions_the_newest_end_is_told_alone(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        challenge = await rounds.announced()
        world.env.inject_error("POST", "/channels/*/messages", status=503, times=None)
        await extend(rounds, challenge)
        await extend(rounds, challenge)
        opens(world)
        after = await rounds.when_tried_again(challenge, lambda _: True)
        assert [line for line in rounds.said() if TIME in line] == [
            f"{TIME}: enter until <t:{(ends := round(after.schedule.entries_end_at))}:F>, <t:{ends}:R>."
        ]
        assert after.schedule.entries_end_at == challenge.schedule.entries_end_at + 2 * HOUR


@pytest.mark.parametrize("ended", ["in time", "by a moderator", "as called off"])
async def test_an_extension_of_a_phase_that_is_over_is_not_told(tmp_path: Path, ended: str) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        challenge = await rounds.announced()
        world.env.inject_error("POST", "/channels/*/messages", status=503, times=None)
        await extend(rounds, challenge)
        now = rounds.now
        await world.stack.aclose()
        opens(world)
        async with open_database(world.config.database.url) as database:
            store = challenge_desk(database).challenges
            match ended:
                case "in time":
                    await world.env.advance_time(DAY + HOUR + 1)
                case "by a moderator":
                    await store.end_early(challenge.tenant_id, challenge.id, Phase.OPEN, now)
                case _:
                    await store.cancel(challenge.tenant_id, challenge.id, "Rain.", now)
        await world.start_again()
        after = await rounds.when_tried_again(challenge, lambda found: found.phase is not Phase.OPEN)
        assert after.phase is (Phase.CANCELLED if ended == "as called off" else Phase.CLOSED)
        assert len(rounds.said()) == 2
        assert TIME not in "".join(rounds.said())


@pytest.mark.parametrize("after_restart", [False, True])
async def test_what_a_deleted_post_took_with_it_is_told_in_a_new_one(tmp_path: Path, *, after_restart: bool) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, forum = Rounds(world), world.guild.create_forum_channel("challenges")
        challenge = await rounds.announced(channel=forum)
        await entered(rounds, challenge)
        world.env.backend.delete_channel(challenge.place_id)
        await world.env.advance_time(DAY + 1)
        await rounds.when_tried_again(challenge, lambda found: found.phase is Phase.VOTING)
        said = await post_it_again(world, challenge, after_restart=after_restart)
        assert said.startswith("The call to vote will be posted again in a moment.")
        challenge = await rounds.when(challenge, lambda found: found.place_id != challenge.place_id)
        card, vote = world.history(forum.threads[0])
        assert words(card).startswith("## Waves")
        assert words(vote).startswith("## Vote now: Waves")
        assert buttons(vote) == ["Vote", "Gallery"]
        assert challenge.announcement_id == card.id
        await hearts(rounds, challenge)
        world.env.backend.delete_channel(challenge.place_id)
        await world.env.advance_time(DAY + 1)
        await rounds.when_tried_again(challenge, lambda found: found.phase is Phase.CLOSED)
        said = await post_it_again(world, challenge, after_restart=after_restart)
        assert said.startswith("The result will be posted again in a moment. Nobody is notified again.")
        await rounds.when(challenge, lambda found: found.place_id != challenge.place_id)
        card, podium = world.history(forum.threads[0])
        assert "won by **ann**" in words(card)
        assert f"Congratulations, {world.ann.mention}!" in words(podium)
        assert [file.filename for file in podium.attachments] == ["podium.jpg"]
        assert rounds.called(podium) == ([], [])
        await rounds.killed_before_noting(challenge)
        assert len(world.history(forum.threads[0])) == 2


async def test_a_result_that_nobody_could_read_is_told_once_the_bot_may_write_again(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, elsewhere = Rounds(world), world.guild.create_text_channel("challenges")
        challenge = await rounds.announced(channel=elsewhere)
        await entered(rounds, challenge)
        closes(world, elsewhere)
        await world.env.advance_time(DAY + 1)
        await rounds.when_tried_again(challenge, lambda found: found.phase is Phase.VOTING)
        await hearts(rounds, challenge)
        await world.env.advance_time(DAY + 1)
        await rounds.when_tried_again(challenge, lambda found: found.phase is Phase.CLOSED)
        assert len(rounds.said(elsewhere)) == 1
        opens(world)
        await post_it_again(world, challenge)
        await rounds.when_in(challenge, Phase.CLOSED)
        card, podium = world.history(elsewhere)
        assert card.id == challenge.announcement_id, "it is still there"
        assert "won by **ann**" in words(card)
        assert words(podium).startswith("## The result of Waves")
        assert rounds.called(podium) == ([], [])


async def test_what_is_still_to_be_told_is_not_told_again(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        challenge = await rounds.announced()
        await entered(rounds, challenge)
        challenge = await on_time(rounds, challenge, Phase.VOTING)
        await hearts(rounds, challenge)
        world.env.inject_error("POST", "/channels/*/messages", status=503, times=None)
        await world.env.advance_time(DAY + 1)
        await until_closed(rounds, challenge)
        await post_it_again(world, challenge)
        opens(world)
        await rounds.when_tried_again(challenge, lambda found: found.phase is Phase.CLOSED)
        _card, _vote, podium = world.history(world.channel)
        assert rounds.called(podium) == ([world.ann.id], [])


async def test_a_result_that_is_told_again_leaves_out_what_was_removed_since(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        challenge = await rounds.announced()
        await entered(rounds, challenge)
        challenge = await on_time(rounds, challenge, Phase.VOTING)
        await hearts(rounds, challenge)
        await on_time(rounds, challenge, Phase.CLOSED)
        first, _second = await rounds.desk.entries.all(challenge.id)
        await rounds.desk.entries.remove(challenge.tenant_id, first.id, by="1", reason="no", now=rounds.now)
        await post_it_again(world, challenge)
        await rounds.when_in(challenge, Phase.CLOSED)
        *_, podium = world.history(world.channel)
        assert "The winning entry was removed." in words(podium)
        assert "ann" not in words(podium)
        assert podium.attachments == []


async def test_a_challenge_that_was_called_off_is_not_posted_again(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo = Rounds(world), moderator(world)
        challenge = await rounds.announced()
        await rounds.desk.challenges.cancel(challenge.tenant_id, challenge.id, "Rain.", rounds.now)
        panel = page(await mo.slash(world.channel, "challenge manage", challenge=str(challenge.id)))
        assert "Post it again" not in buttons(panel)


async def until_closed(rounds: Rounds, challenge: Challenge) -> None:
    """Whatever is still to be told."""
    async with asyncio.timeout(8):
        while (await rounds.desk.challenges.find(challenge.tenant_id, challenge.id)).phase is not Phase.CLOSED:  # noqa: ASYNC110  # nobody tells when it is
            await asyncio.sleep(0.005)
