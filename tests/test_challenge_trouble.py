"""Challenges where something goes wrong: the bot is killed, Discord refuses, something was deleted, somebody left."""

import asyncio
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord.backend.serializers import channel_payload

from bot.challenges.tasks import TaskKind
from bot.challenges.values import Challenge, Phase
from tests.bot_world import PERMISSIONS, World, until, words
from tests.challenge_rounds import DAY, Rounds, challenge_world
from tests.elsewhere import closes_direct_messages

REQUIRES_TAG = 1 << 4


async def log_channel(world: World) -> Any:
    channel = world.guild.create_text_channel("logs")
    settings = world.app.client.services.settings
    await settings.set(world.guild.id, "log_channel_id", channel.id, by=1)
    return channel


async def noted(world: World, logs: Any, words_: str) -> None:
    await until(lambda: any(words_ in message.content for message in world.history(logs)))


async def voted_on(rounds: Rounds, *members: Any, **options: Any) -> Challenge:
    """A challenge with an entry of each member, the first of whom wins."""
    challenge = await rounds.announced(**options)
    entries = [await rounds.enter(challenge, member) for member in members]
    await rounds.world.env.advance_time(DAY + 1)
    challenge = await rounds.when_in(challenge, Phase.VOTING)
    await rounds.heart(challenge, rounds.world.member("judge"), entries[0])
    return challenge


async def until_in(rounds: Rounds, challenge: Challenge, phase: Phase) -> None:
    """Whatever is still to be told."""
    async with asyncio.timeout(8):
        while (await rounds.desk.challenges.find(challenge.tenant_id, challenge.id)).phase is not phase:  # noqa: ASYNC110  # nobody tells when it is
            await asyncio.sleep(0.005)


async def closed(rounds: Rounds, challenge: Challenge) -> Challenge:
    await rounds.world.env.advance_time(DAY + 1)
    return await rounds.when_in(challenge, Phase.CLOSED)


@pytest.mark.parametrize("in_forum", [False, True], ids=["channel", "forum"])
async def test_a_bot_killed_between_posting_and_noting_does_not_post_twice(tmp_path: Path, in_forum: bool) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        forum = world.guild.create_forum_channel("challenges") if in_forum else None
        challenge = await rounds.announced(channel=forum)
        place = forum.threads[0] if forum else world.channel
        before = [message.id for message in world.history(place)]
        await rounds.killed_before_noting(challenge)
        assert [message.id for message in world.history(place)] == before
        assert (await rounds.desk.challenges.find(challenge.tenant_id, challenge.id)).announcement_id == before[0]
        await rounds.enter(challenge, world.ann)
        await rounds.enter(challenge, world.member("bob"))
        for phase in (Phase.VOTING, Phase.CLOSED):
            await world.env.advance_time(DAY + 1)
            await rounds.when_in(challenge, phase)
            before = [message.id for message in world.history(place)]
            await rounds.killed_before_noting(challenge)
            assert [message.id for message in world.history(place)] == before
        assert forum is None or len(forum.threads) == 1


async def test_what_discord_refuses_at_first_is_said_when_it_takes_it(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        world.env.inject_error("POST", "/channels/*/messages", status=503, times=2)
        challenge = await rounds.confirmed()
        await rounds.when_tried_again(challenge, lambda found: found.announcement_id is not None)
        assert len(rounds.said()) == 1


async def test_what_was_overtaken_while_discord_was_away_is_not_said(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        challenge = await rounds.announced()
        await rounds.enter(challenge, world.ann)
        await rounds.enter(challenge, world.member("bob"))
        world.env.inject_error("POST", "/channels/*/messages", status=503, times=None)
        for phase in (Phase.VOTING, Phase.CLOSED):
            await world.env.advance_time(DAY + 1)
            await until_in(rounds, challenge, phase)
        world.env.backend.faults.clear()
        await rounds.when_tried_again(challenge, lambda found: found.phase is Phase.CLOSED)
        assert [line.split("\n")[0] for line in rounds.said()] == ["## Waves", "## The result of Waves"]


async def test_a_card_that_cannot_be_edited_for_a_while_does_not_post_anything_twice(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        challenge = await rounds.announced()
        world.env.inject_error("PATCH", "/channels/*/messages/*", status=503, times=2)
        await world.env.advance_time(DAY + 1)
        await rounds.when_tried_again(challenge, lambda found: found.phase is Phase.CLOSED)
        await until(lambda: "This challenge is over" in rounds.said()[0])
        assert len(rounds.said()) == 2


async def test_a_deleted_announcement_is_noted_and_comes_back_when_a_moderator_asks(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, logs = Rounds(world), await log_channel(world)
        role = world.guild.create_role("artists")
        world.env.backend.guilds[world.guild.id].roles[role.id].mentionable = True
        challenge = await rounds.announced(ping_role_id=role.id)
        world.env.backend.delete_message(world.channel.id, challenge.announcement_id)
        await rounds.enter(challenge, world.ann)
        await noted(world, logs, "The announcement of the challenge **Waves** was deleted.")
        challenge = await rounds.when(challenge, lambda found: found.announcement_id is None)
        assert rounds.said() == []
        await rounds.desk.tasks.add(challenge.id, TaskKind.REPOST, rounds.now)
        challenge = await rounds.when(challenge, lambda found: found.announcement_id is not None)
        (card,) = world.history(world.channel)
        assert "**1 entry**" in words(card)
        assert rounds.called(card) == ([], [])
        await closed(rounds, challenge)
        assert "This challenge is over" in rounds.said()[0]


async def test_a_deleted_channel_is_noted_and_the_challenge_goes_on(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, logs = Rounds(world), await log_channel(world)
        elsewhere = world.guild.create_text_channel("short-lived")
        challenge = await voted_on(rounds, world.ann, world.member("bob"), channel=elsewhere)
        world.env.backend.delete_channel(elsewhere.id)
        await world.env.advance_time(DAY + 1)
        await rounds.when_tried_again(challenge, lambda found: found.phase is Phase.CLOSED)
        await noted(world, logs, "Nothing can be posted about the challenge **Waves**")
        assert [placed.place for placed in await rounds.desk.archive.ranking(challenge.id)] == [1, 2]


async def test_a_forum_gets_a_post_with_the_tag_that_it_asks_for(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        forum = world.guild.create_forum_channel("challenges")
        asks_for_a_tag(world, forum)
        challenge = await rounds.announced(channel=forum)
        (post,) = forum.threads
        assert post.name == "Waves"
        assert challenge.place_id == post.id
        assert world.env.backend.channels[post.id].applied_tags == [72]


async def test_an_archived_post_is_opened_again_for_the_card(tmp_path: Path) -> None:
    """SimCord asks for a permission for it that Discord does not ask for."""
    async with challenge_world(tmp_path, permissions=PERMISSIONS | discord.Permissions(manage_channels=True)) as world:
        rounds = Rounds(world)
        forum = world.guild.create_forum_channel("challenges")
        challenge = await rounds.announced(channel=forum)
        (post,) = forum.threads
        world.env.backend.channels[post.id].thread_metadata.archived = True
        world.env.inject_error("PATCH", f"/channels/{post.id}/messages/*", status=400, code=50083, times=1)
        await rounds.enter(challenge, world.ann)
        await until(lambda: "**1 entry**" in rounds.said(post)[0])
        assert not world.env.backend.channels[post.id].thread_metadata.archived


async def test_winners_get_their_role_and_who_left_is_noted(tmp_path: Path) -> None:
    async with challenge_world(tmp_path, permissions=PERMISSIONS | discord.Permissions(manage_roles=True)) as world:
        rounds, logs = Rounds(world), await log_channel(world)
        role = world.guild.create_role("champion")
        bob = world.member("bob")
        challenge = await voted_on(rounds, world.ann, bob, winner_role_id=role.id)
        await closed(rounds, challenge)
        assert role.id in world.env.backend.guilds[world.guild.id].members[world.ann.id].role_ids
        challenge = await voted_on(rounds, bob, world.ann, winner_role_id=role.id)
        world.guild.remove_member(bob)
        await closed(rounds, challenge)
        await noted(world, logs, f"{bob.mention} won the challenge **Waves** and has left the server.")
        assert f"Congratulations, {bob.mention}!" in rounds.said()[-1]


async def test_a_role_that_may_not_be_given_is_noted_and_not_tried_for_ever(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, logs = Rounds(world), await log_channel(world)
        role = world.guild.create_role("champion")
        challenge = await voted_on(rounds, world.ann, world.member("bob"), winner_role_id=role.id)
        await closed(rounds, challenge)
        await noted(world, logs, "the bot cannot give the role for it")


async def test_an_author_is_told_alone_what_became_of_their_entry(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        challenge = await rounds.announced(needs_approval=True)
        entry = await rounds.enter(challenge, world.ann)
        await rounds.desk.entries.approve(challenge.tenant_id, entry.id, by="1", now=rounds.now)
        await rounds.when(challenge, lambda _: True)
        direct = world.ann.user.dm_channel
        (letter,) = world.history(direct)
        link = f"https://discord.com/channels/{world.guild.id}/{world.channel.id}/{challenge.announcement_id}"
        assert words(letter) == (
            f"A moderator approved your entry in **[Waves]({link})**: everybody can see it now.\n-# Art School"
        )
        await rounds.killed_before_noting(challenge)
        assert len(world.history(direct)) == 1
        await rounds.desk.entries.remove(challenge.tenant_id, entry.id, by="1", reason="not a *boat*", now=rounds.now)
        await rounds.when(challenge, lambda _: True)
        assert "not a \\*boat\\*" in words(world.history(direct)[1])


async def test_closed_direct_messages_keep_nothing_waiting(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        challenge = await rounds.announced()
        entry = await rounds.enter(challenge, world.ann)
        closes_direct_messages(world, world.ann.user)
        await rounds.desk.entries.remove(challenge.tenant_id, entry.id, by="1", reason="", now=rounds.now)
        await rounds.when(challenge, lambda _: True)


def asks_for_a_tag(world: World, forum: Any) -> None:
    """Every post has to have one; the first may be used by moderators only. SimCord knows the tags, not the demand."""
    tags = [
        {"id": "71", "name": "news", "moderated": True, "emoji_id": None, "emoji_name": None},
        {"id": "72", "name": "fun", "moderated": False, "emoji_id": None, "emoji_name": None},
    ]
    stored = world.env.backend.channels[forum.id]
    stored.available_tags = tags
    channel: Any = world.app.client.get_channel(forum.id)
    channel._update(channel.guild, {**channel_payload(world.env.backend, stored), "flags": REQUIRES_TAG})


async def test_a_card_that_is_posted_again_after_its_post_was_deleted_gets_a_new_one(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, forum = Rounds(world), world.guild.create_forum_channel("challenges")
        challenge = await rounds.announced(channel=forum)
        world.env.backend.delete_channel(challenge.place_id)
        await rounds.desk.tasks.add(challenge.id, TaskKind.REPOST, rounds.now)
        again = await rounds.when(challenge, lambda found: found.place_id != challenge.place_id)
        (post,) = forum.threads
        assert again.place_id == post.id
        assert "Waves" in rounds.said(post)[0]
