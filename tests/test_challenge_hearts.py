"""Hearts as members give them in the gallery, and what happens when things change in between."""

from pathlib import Path
from typing import Any

import discord
import pytest

from bot.challenges.values import EntryState, Phase
from bot.ui.challenges.buttons import Verb
from bot.ui.text.refusals import QUEUE_UNAVAILABLE
from nst_engine.errors import QueueUnavailable
from tests.bot_world import World, told, words
from tests.challenge_ballots import Booth, entry_ids, heart_labels, pressable, shown
from tests.challenge_rounds import DAY, challenge_world
from tests.result_acts import pressed_at_once

GIVE, GIVEN = "Give a heart", "Has your heart"
BLOCKED = "The moderators of this server have blocked you, so you cannot vote here: too many cats"
OVER = "Voting is over. **Gallery** shows the result."


async def block(world: World, member: Any) -> None:
    blocked = world.app.client.services.blocked
    await blocked.block(str(world.guild.id), str(member.id), reason="too many cats", by="1")


def take_roles(world: World, member: Any) -> None:
    world.env.backend.guilds[world.guild.id].members[member.id].role_ids.clear()


async def test_a_heart_is_given_and_taken_back_in_place(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await booth.voting(world.ann, *booth.crowd(3))
        own, wanted, *_ = booth.entries
        ballot = await booth.ballot(world.ann, challenge)
        assert heart_labels(ballot) == {entry.id: GIVE for entry in booth.entries if entry is not own}
        ends = round(challenge.schedule.voting_ends_at)
        assert words(ballot).splitlines()[2:4] == [
            f"Voting ends <t:{ends}:R>. Nobody sees who votes for what.",
            "Give a heart to every entry that you like.",
        ]
        assert "**0 hearts given**" in words(ballot)
        answer = await booth.heart(world.ann, ballot, wanted)
        assert answer.followups == []
        given = booth.now(ballot)
        assert heart_labels(given)[wanted.id] == GIVEN
        heart = pressable(given)[f"challenge:{challenge.id}:heart:{wanted.id}"]
        assert (heart.style, str(heart.emoji)) == (discord.ButtonStyle.success, "❤️")
        assert list(heart_labels(given).values()).count(GIVEN) == 1
        assert "**1 heart given**" in words(given)
        assert await booth.hearts(world.ann, challenge) == {wanted.id}
        await booth.heart(world.ann, given, wanted)
        assert heart_labels(booth.now(ballot)) == heart_labels(ballot)
        assert await booth.hearts(world.ann, challenge) == set()


async def test_the_pictures_are_not_sent_again_for_a_heart(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await booth.open(*booth.crowd(3))
        covered = await booth.rounds.enter(challenge, world.member("eve"), covered=True)
        ballot = await booth.ballot(world.ann, await booth.end(challenge))
        for entry in (*booth.entries, covered):
            world.blob_path(entry.picture.thumbnail_blob).unlink(missing_ok=True)
        await booth.heart(world.ann, ballot, booth.entries[0])
        now = booth.now(ballot)
        assert [file.id for file in now.attachments] == [file.id for file in ballot.attachments]
        assert [item.media.url for item in shown(now)] == [item.media.url for item in shown(ballot)]
        assert [item.spoiler for item in shown(now)].count(True) == 1


async def test_a_heart_on_the_second_page_leaves_it_open(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await booth.voting(*booth.crowd(7))
        ballot = await booth.ballot(world.ann, challenge)
        await world.ann.click(ballot, label="Next")
        second = booth.now(ballot)
        wanted = booth.entry(entry_ids(second)[-1])
        await booth.heart(world.ann, second, wanted)
        now = booth.now(ballot)
        assert "page 2 of 2" in words(now)
        assert entry_ids(now) == entry_ids(second)
        assert heart_labels(now)[wanted.id] == GIVEN


async def test_everybody_has_hearts_of_their_own_and_nothing_is_public(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        painters = booth.crowd(3)
        challenge = await booth.voting(*painters)
        challenge = await booth.rounds.when(challenge, lambda found: found.phase is Phase.VOTING)
        ballots = [await booth.ballot(painter, challenge) for painter in painters]
        public = [message.id for message in world.channel.history() if not message.flags.ephemeral]
        for number, painter in enumerate(painters):
            await booth.heart(painter, ballots[number], booth.entries[number - 1])
        for number, painter in enumerate(painters):
            assert await booth.hearts(painter, challenge) == {booth.entries[number - 1].id}
            assert list(heart_labels(booth.now(ballots[number])).values()).count(GIVEN) == 1
            assert f":{booth.entries[number].id}'" not in str(list(pressable(ballots[number])))
        assert [message.id for message in world.channel.history() if not message.flags.ephemeral] == public
        closed = await booth.end(challenge)
        assert {placed.votes for placed in await booth.rounds.desk.archive.ranking(closed.id)} == {1}


async def test_limited_hearts_are_counted_and_moved(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await booth.voting(*booth.crowd(4), hearts=2)
        ballot = await booth.ballot(world.ann, challenge)
        assert "You have 2 hearts to give." in words(ballot)
        for entry in booth.entries[:2]:
            await booth.heart(world.ann, booth.now(ballot), entry)
        assert "**2 of 2 hearts given**" in words(booth.now(ballot))
        refused = await booth.heart(world.ann, booth.now(ballot), booth.entries[2])
        assert told(refused) == "You have given all 2 hearts. Take one back from another entry first."
        assert heart_labels(booth.now(ballot))[booth.entries[2].id] == GIVE
        await booth.heart(world.ann, booth.now(ballot), booth.entries[0])
        await booth.heart(world.ann, booth.now(ballot), booth.entries[2])
        assert await booth.hearts(world.ann, challenge) == {booth.entries[1].id, booth.entries[2].id}


async def test_a_double_click_gives_one_heart_and_so_do_two_ballots(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await booth.voting(world.ann, *booth.crowd(1))
        _, wanted = booth.entries
        first, second = await booth.ballot(world.ann, challenge), await booth.ballot(world.ann, challenge)
        await pressed_at_once(world, *((world.ann, first, GIVE) for _ in range(2)))
        assert await booth.hearts(world.ann, challenge) == {wanted.id}
        await booth.heart(world.ann, second, wanted)
        assert await booth.hearts(world.ann, challenge) == {wanted.id}, "the second ballot still offered to give it"
        assert heart_labels(booth.now(second)) == {wanted.id: GIVEN}


async def test_a_heart_is_given_after_a_restart(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await booth.voting(*booth.crowd(2))
        ballot = await booth.ballot(world.ann, challenge)
        await world.restart()
        await booth.heart(world.ann, ballot, booth.entries[0])
        assert await booth.hearts(world.ann, challenge) == {booth.entries[0].id}
        await world.restart()
        await booth.heart(world.ann, booth.now(ballot), booth.entries[0])
        assert await booth.hearts(world.ann, challenge) == set()


@pytest.mark.parametrize("verb", [Verb.GALLERY, Verb.VOTE])
async def test_a_vote_takes_one_of_the_roles_at_every_press(tmp_path: Path, verb: Verb) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        judge = world.guild.create_role("Judge")
        judith = world.member("judith", judge)
        challenge = await booth.voting(*booth.crowd(2), vote_role_ids=(judge.id,))
        only = f"Only members with <@&{judge.id}> can vote in this challenge."
        answer = await booth.press(world.ann, verb, challenge)
        if verb is Verb.VOTE:
            assert told(answer) == only
        else:
            assert only in words(answer.response.message)
            assert heart_labels(answer.response.message) == {}
        ballot = (await booth.press(judith, verb, challenge)).response.message
        take_roles(world, judith)
        assert told(await booth.heart(judith, ballot, booth.entries[0])) == only
        assert await booth.hearts(judith, challenge) == set()
        assert heart_labels(booth.now(ballot)) == {}


async def test_a_vote_takes_time_in_the_server(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await booth.voting(*booth.crowd(2), member_for_seconds=DAY / 2)
        assert "You have not been in this server for long enough yet: you can take part <t:" in told(
            await booth.press(world.ann, Verb.VOTE, challenge)
        )
        await world.env.advance_time(DAY / 2 + 1)
        ballot = await booth.ballot(world.ann, challenge)
        await booth.heart(world.ann, ballot, booth.entries[0])
        assert await booth.hearts(world.ann, challenge) == {booth.entries[0].id}


async def test_a_blocked_member_does_not_vote(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await booth.voting(*booth.crowd(2))
        ballot = await booth.ballot(world.ann, challenge)
        await block(world, world.ann)
        assert told(await booth.heart(world.ann, ballot, booth.entries[0])) == BLOCKED
        assert await booth.hearts(world.ann, challenge) == set()
        assert told(await booth.press(world.ann, Verb.VOTE, challenge)) == BLOCKED
        gallery = await booth.gallery(world.ann, challenge)
        assert BLOCKED in words(gallery)
        assert len(entry_ids(gallery)) == 2, "they may look"


async def test_when_voting_has_ended_meanwhile_the_ballot_turns_into_the_result(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await booth.voting(*booth.crowd(2))
        ballot = await booth.ballot(world.ann, challenge)
        await booth.end(challenge)
        await world.restart()
        assert told(await booth.heart(world.ann, ballot, booth.entries[0])) == OVER
        now = booth.now(ballot)
        assert "Place 1, shared · **painter1**" in words(now)
        assert heart_labels(now) == {}
        assert {placed.votes for placed in await booth.rounds.desk.archive.ranking(challenge.id)} == {0}


async def test_a_deadline_holds_although_nobody_has_carried_it_out_yet(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await booth.voting(*booth.crowd(2), voting_seconds=3600.0)
        ballot = await booth.ballot(world.ann, challenge)
        world.env.backend.clock.advance(3601.0)
        assert told(await booth.heart(world.ann, ballot, booth.entries[0])).startswith("Voting is over")
        assert await booth.hearts(world.ann, challenge) == set()


async def test_who_wants_to_vote_at_another_time_is_told_when(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)

        async def said() -> str:
            answer = await booth.press(world.ann, Verb.VOTE, challenge)
            assert answer.ephemeral
            return str(answer.response.content)

        challenge = await booth.rounds.confirmed(opens_in=DAY)
        times = challenge.schedule
        opens, ends = round(times.opens_at), round(times.entries_end_at)
        assert (
            await said() == f"This challenge is not open yet. It opens <t:{opens}:R>, and voting begins <t:{ends}:R>."
        )
        challenge = await booth.open(*booth.crowd(2))
        ends = round(challenge.schedule.entries_end_at)
        assert await said() == f"Voting begins <t:{ends}:F>, <t:{ends}:R>: until then entries come in."
        challenge = await booth.end(await booth.end(challenge))
        assert await said() == OVER
        challenge = await booth.open()
        await booth.cancel(challenge)
        assert await said() == "This challenge was cancelled, so there is no vote."


@pytest.mark.parametrize("how", [EntryState.WITHDRAWN, EntryState.REMOVED])
async def test_an_entry_that_went_meanwhile_gets_no_heart_and_leaves_the_ballot(
    tmp_path: Path, how: EntryState
) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        painters = booth.crowd(7)
        challenge = await booth.voting(*painters)
        ballot = await booth.ballot(world.ann, challenge)
        await world.ann.click(ballot, label="Next")
        ballot = booth.now(ballot)
        gone = booth.entry(entry_ids(ballot)[0])
        entries = booth.rounds.desk.entries
        if how is EntryState.WITHDRAWN:
            await entries.withdraw(gone.id, gone.author.user_id)
        else:
            await entries.remove(challenge.tenant_id, gone.id, by="1", reason="stolen", now=booth.rounds.now)
        answer = await booth.heart(world.ann, ballot, gone)
        assert told(answer) == "This entry is not in the challenge any more."
        now = booth.now(ballot)
        assert "page 2 of 2" in words(now)
        assert entry_ids(now) == entry_ids(ballot)[1:]
        assert len(now.attachments) == 1
        assert await booth.hearts(world.ann, challenge) == set()


async def test_hearts_of_what_was_withdrawn_can_be_given_again(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await booth.voting(*booth.crowd(3), hearts=1)
        ballot = await booth.ballot(world.ann, challenge)
        await booth.heart(world.ann, ballot, booth.entries[0])
        await booth.rounds.desk.entries.withdraw(booth.entries[0].id, booth.entries[0].author.user_id)
        await booth.heart(world.ann, booth.now(ballot), booth.entries[1])
        assert "**1 of 1 heart given**" in words(booth.now(ballot))
        assert await booth.hearts(world.ann, challenge) == {booth.entries[1].id}


async def test_a_database_that_is_away_is_admitted_and_no_heart_is_shown(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await booth.voting(*booth.crowd(2))
        ballot = await booth.ballot(world.ann, challenge)

        async def away(*_: Any, **__: Any) -> None:
            raise QueueUnavailable("the disk is gone")

        booth.rounds.desk.votes.give_heart = away  # type: ignore[method-assign, assignment]  # the database's part
        answer = await booth.heart(world.ann, ballot, booth.entries[0])
        assert told(answer) == QUEUE_UNAVAILABLE
        assert set(heart_labels(booth.now(ballot)).values()) == {GIVE}


async def test_two_challenges_at_once_keep_their_votes_apart(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        painters = booth.crowd(2)
        waves = await booth.voting(*painters)
        in_waves = list(booth.entries)
        stars = await booth.voting(*painters, title="Stars")
        in_stars = booth.entries[2:]
        first, second = await booth.ballot(world.ann, waves), await booth.ballot(world.ann, stars)
        await booth.heart(world.ann, first, in_waves[0])
        await booth.heart(world.ann, second, in_stars[1])
        assert await booth.hearts(world.ann, waves) == {in_waves[0].id}
        assert await booth.hearts(world.ann, stars) == {in_stars[1].id}
