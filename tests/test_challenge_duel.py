"""Duels as members judge them, one pair after the other in one message."""

from pathlib import Path
from typing import Any

import discord
import pytest

from bot.challenges.values import Challenge, Phase, VotingMode
from bot.ui.challenges.buttons import Verb
from bot.ui.challenges.duel import DuelButton, _row
from bot.ui.challenges.duel_values import Bout, Record, arranged
from bot.ui.challenges.duel_view import DuelPage, duel_view
from bot.ui.challenges.pictures import entry_file_name
from tests.bot_world import World, buttons, told, words
from tests.challenge_ballots import ENGLISH, Booth, assert_within_limits, entry_ids, pressable, shown
from tests.challenge_rounds import DAY, challenge_world
from tests.challenge_samples import entry_numbered
from tests.result_acts import pressed_at_once
from tests.test_challenge_gallery import LONG_NAMES, challenge_in
from tests.test_challenge_hearts import BLOCKED, OVER, block, take_roles

FIRST = ["Left", "Right", "Skip"]
LATER = ["Left", "Right", "Skip", "Back"]


async def duels(booth: Booth, *authors: Any, **changes: Any) -> Challenge:
    return await booth.voting(*authors, mode=VotingMode.DUELS, **changes)


async def judged(booth: Booth, member: Any, challenge: Challenge) -> list[tuple[int, int]]:
    """Winner and loser, newest first."""
    return await booth.rounds.desk.votes.judged(challenge.id, str(member.id))


async def press(booth: Booth, member: Any, duel: discord.Message, label: str) -> discord.Message:
    answer = await member.click(duel, label=label)
    assert answer.followups == []
    return booth.now(duel)


async def test_a_duel_shows_two_entries_side_by_side_and_saves_each_choice(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await duels(booth, world.ann, *booth.crowd(3))
        duel = await booth.ballot(world.ann, challenge)
        ends = round(challenge.schedule.voting_ends_at)
        assert words(duel).splitlines() == [
            "## Waves",
            "Which of the two do you like better?",
            "-# 0 of 3 pairs judged; stop whenever you like.",
            f"-# Nobody sees what you choose. Voting ends <t:{ends}:R>.",
        ]
        assert [item.description for item in shown(duel)] == ["The left entry", "The right entry"]
        assert "painter" not in words(duel)
        assert buttons(duel) == FIRST
        left, right = entry_ids(duel)
        assert booth.entries[0].id not in (left, right), "nobody votes for their own"
        second = await press(booth, world.ann, duel, "Right")
        assert await judged(booth, world.ann, challenge) == [(right, left)]
        assert "-# 1 of 3 pairs judged; stop whenever you like." in words(second)
        assert buttons(second) == LATER
        assert set(entry_ids(second)) != {left, right}
        assert len(second.attachments) == 2


async def test_all_pairs_are_judged_once_and_then_the_voter_is_thanked(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await duels(booth, *booth.crowd(4))
        duel = await booth.ballot(world.ann, challenge)
        pairs = []
        while "Left" in buttons(duel):
            pairs.append(frozenset(entry_ids(duel)))
            duel = await press(booth, world.ann, duel, "Left")
        assert len(pairs) == len(set(pairs)) == 6
        assert words(duel).splitlines() == ["## Waves", "Thank you! You have judged all 6 pairs."]
        assert (buttons(duel), duel.attachments) == (["Back"], [])
        assert words(await booth.ballot(world.ann, challenge)) == words(duel)
        assert "0 of 6 pairs" in words(await booth.ballot(world.member("ben"), challenge))


async def test_a_choice_is_changed_by_going_back(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await duels(booth, *booth.crowd(4))
        duel = await booth.ballot(world.ann, challenge)
        first = entry_ids(duel)
        duel = await press(booth, world.ann, duel, "Left")
        second = entry_ids(duel)
        duel = await press(booth, world.ann, duel, "Right")
        duel = await press(booth, world.ann, duel, "Back")
        assert entry_ids(duel) == second, "on the same sides"
        assert "You chose the right one. You can choose again." in words(duel)
        assert [button.style for button in pressable(duel).values()][:2] == [
            discord.ButtonStyle.primary,
            discord.ButtonStyle.success,
        ]
        assert buttons(duel) == ["Left", "Right", "Go on", "Back"]
        duel = await press(booth, world.ann, duel, "Back")
        assert entry_ids(duel) == first
        assert "You chose the left one. You can choose again." in words(duel)
        assert buttons(duel) == ["Left", "Right", "Go on"], "there is nothing before the first"
        duel = await press(booth, world.ann, duel, "Right")
        assert await judged(booth, world.ann, challenge) == [(first[1], first[0]), (second[1], second[0])]
        assert "-# 2 of 6 pairs judged" in words(duel)
        assert set(entry_ids(duel)) not in (set(first), set(second))


async def test_going_on_from_a_pair_that_was_judged_leaves_the_choice(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await duels(booth, *booth.crowd(2))
        duel = await booth.ballot(world.ann, challenge)
        (left, right) = entry_ids(duel)
        thanks = await press(booth, world.ann, duel, "Left")
        assert "Thank you! You have judged the only pair there is." in words(thanks)
        duel = await press(booth, world.ann, thanks, "Back")
        assert entry_ids(duel) == [left, right]
        assert "Thank you!" in words(await press(booth, world.ann, duel, "Go on"))
        assert await judged(booth, world.ann, challenge) == [(left, right)]


async def test_skipping_leads_through_all_other_pairs(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await duels(booth, *booth.crowd(4))
        duel = await booth.ballot(world.ann, challenge)
        seen = []
        for _ in range(6):
            seen.append(frozenset(entry_ids(duel)))
            duel = await press(booth, world.ann, duel, "Skip")
            assert frozenset(entry_ids(duel)) != seen[-1]
        assert len(set(seen)) == 6
        assert frozenset(entry_ids(duel)) == seen[0], "after the last the first comes again"
        assert await judged(booth, world.ann, challenge) == []


async def test_the_only_pair_cannot_be_skipped(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await duels(booth, *booth.crowd(2))
        duel = await booth.ballot(world.ann, challenge)
        again = await press(booth, world.ann, duel, "Skip")
        assert entry_ids(again) == entry_ids(duel)
        assert "There is no other pair left." in words(again)


async def test_skipping_leads_elsewhere_also_while_others_vote(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await duels(booth, *booth.crowd(5))
        ben = world.member("ben")
        mine, theirs = await booth.ballot(world.ann, challenge), await booth.ballot(ben, challenge)
        for _ in range(6):
            before = entry_ids(booth.now(mine))
            await press(booth, ben, booth.now(theirs), "Left")
            await press(booth, world.ann, booth.now(mine), "Skip")
            assert set(entry_ids(booth.now(mine))) != set(before)


async def test_whoever_could_choose_between_nothing_is_told_why(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await duels(booth, world.ann, *booth.crowd(1))
        assert words(await booth.ballot(world.ann, challenge)).splitlines() == [
            "## Waves",
            "There are no two entries that you could choose between: nobody votes for their own.",
        ]


async def test_each_button_works_after_a_restart(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await duels(booth, *booth.crowd(4))
        duel = await booth.ballot(world.ann, challenge)
        for label in ("Skip", "Left", "Back", "Go on", "Right"):
            await world.restart()
            duel = await press(booth, world.ann, duel, label)
        assert len(await judged(booth, world.ann, challenge)) == 2


async def test_a_double_click_and_an_old_message_judge_once(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await duels(booth, *booth.crowd(4))
        old = await booth.ballot(world.ann, challenge)
        duel = await booth.ballot(world.ann, challenge)
        left, right = entry_ids(duel)
        await pressed_at_once(world, (world.ann, duel, "Left"), (world.ann, duel, "Left"))
        assert await judged(booth, world.ann, challenge) == [(left, right)]
        assert entry_ids(old) == [left, right]
        await press(booth, world.ann, old, "Right")
        assert await judged(booth, world.ann, challenge) == [(right, left)], "the same pair, judged anew"
        assert entry_ids(booth.now(old)) == entry_ids(booth.now(duel))


async def test_an_entry_that_was_withdrawn_meanwhile_makes_room_for_the_next_pair(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await duels(booth, *booth.crowd(4))
        duel = await booth.ballot(world.ann, challenge)
        gone = booth.entry(entry_ids(duel)[0])
        await booth.rounds.desk.entries.withdraw(gone.id, gone.author.user_id)
        now = await press(booth, world.ann, duel, "Left")
        assert "One of the two is not in the challenge any more. Here is the next pair." in words(now)
        assert "-# 0 of 3 pairs judged" in words(now)
        assert gone.id not in entry_ids(now)
        assert await judged(booth, world.ann, challenge) == []


async def test_a_choice_about_what_was_removed_cannot_be_gone_back_to(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await duels(booth, *booth.crowd(3))
        duel = await booth.ballot(world.ann, challenge)
        gone, _ = entry_ids(duel)
        duel = await press(booth, world.ann, duel, "Left")
        await booth.rounds.desk.entries.remove(challenge.tenant_id, gone, by="1", reason="", now=booth.rounds.now)
        duel = await press(booth, world.ann, duel, "Back")
        assert "-# 0 of 1 pair judged" in words(duel)
        assert buttons(duel) == FIRST


async def test_when_voting_has_ended_meanwhile_the_duel_says_so(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await duels(booth, *booth.crowd(3))
        duel = await booth.ballot(world.ann, challenge)
        await booth.end(challenge)
        await world.restart()
        now = await press(booth, world.ann, duel, "Left")
        assert (words(now), buttons(now), now.attachments) == (OVER, [], [])
        assert await judged(booth, world.ann, challenge) == []


@pytest.mark.parametrize("label", ["Left", "Skip"])
async def test_who_may_not_vote_any_more_is_told_at_the_next_press(tmp_path: Path, label: str) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        judge = world.guild.create_role("Judge")
        judith = world.member("judith", judge)
        challenge = await duels(booth, *booth.crowd(3), vote_role_ids=(judge.id,))
        assert told(await booth.press(world.ann, Verb.VOTE, challenge)).startswith("Only members with")
        duel = await booth.ballot(judith, challenge)
        await block(world, judith)
        assert told(await judith.click(duel, label=label)) == BLOCKED
        await world.app.client.services.blocked.unblock(str(world.guild.id), str(judith.id))
        take_roles(world, judith)
        assert told(await judith.click(duel, label=label)).startswith("Only members with")
        assert await judged(booth, judith, challenge) == []


async def test_a_newcomer_waits_before_judging(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await duels(booth, *booth.crowd(2), member_for_seconds=DAY / 2)
        answer = await booth.press(world.ann, Verb.VOTE, challenge)
        assert told(answer).startswith("You have not been in this server for long enough yet")


async def test_a_pair_with_a_lost_picture_cannot_be_judged_but_skipped(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await duels(booth, *booth.crowd(2))
        world.blob_path(booth.entries[0].picture.thumbnail_blob).unlink()
        duel = await booth.ballot(world.ann, challenge)
        assert "One of the two pictures cannot be shown at the moment." in words(duel)
        assert {button.label: button.disabled for button in pressable(duel).values()} == {
            "Left": True,
            "Right": True,
            "Skip": False,
        }


async def test_covered_entries_stay_covered_in_a_duel(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await booth.open(*booth.crowd(1), mode=VotingMode.DUELS)
        covered = await booth.rounds.enter(challenge, world.member("eve"), covered=True)
        duel = await booth.ballot(world.ann, await booth.end(challenge))
        assert [item.spoiler for item in shown(duel)] == [entry == covered.id for entry in entry_ids(duel)]


async def test_several_voters_make_one_ranking_and_nothing_is_public(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await booth.rounds.when(
            await duels(booth, *booth.crowd(3)), lambda found: found.phase is Phase.VOTING
        )
        best = booth.entries[2].id
        voters = [world.member(f"voter{n}") for n in range(3)]
        ballots = [await booth.ballot(voter, challenge) for voter in voters]
        public = said(world)
        for voter, ballot in zip(voters, ballots, strict=True):
            duel = ballot
            while "Left" in buttons(duel):
                left, _ = entry_ids(duel)
                duel = await press(booth, voter, duel, "Left" if left == best else "Right")
        assert said(world) == public
        (first, *_) = await booth.rounds.desk.archive.ranking((await booth.end(challenge)).id)
        assert (first.entry.id, first.place) == (best, 1)


def said(world: World) -> list[int]:
    return [message.id for message in world.channel.history() if not message.flags.ephemeral]


def test_which_entry_stands_left_is_chance_and_the_same_again() -> None:
    one, other = entry_numbered(1), entry_numbered(2)
    sides = [arranged(str(voter), one, other) for voter in range(1000)]
    assert 400 < sum(duel.left is one for duel in sides) < 600
    assert [arranged(str(voter), other, one) for voter in range(1000)] == sides


def test_a_record_is_gone_through_backwards() -> None:
    record = Record(choices=((3, 1), (2, 3)), possible=3)
    assert record.before(frozenset((9, 8))) == (3, 1)
    assert record.before(frozenset((1, 3))) == (2, 3)
    assert record.before(frozenset((2, 3))) is None
    assert record.winner_of(frozenset((1, 3))) == 3
    assert record.winner_of(frozenset((1, 2))) is None


@pytest.mark.parametrize("skipped", [0, 9999])
def test_a_duel_keeps_within_the_limits_of_discord(skipped: int) -> None:
    huge = 10**18 - 1
    entries = [entry_numbered(huge - n, name=LONG_NAMES[n], covered=True) for n in range(2)]
    left, right = entries
    bout = Bout(challenge_id=huge, left_id=left.id, right_id=right.id, skipped=skipped)
    record = Record(choices=((left.id, right.id), (1, 2)), possible=4950)
    page = DuelPage(
        challenge=challenge_in(Phase.VOTING, VotingMode.DUELS, None),
        duel=arranged("1", left, right),
        judged=2,
        possible=4950,
        remark="x" * 200,
    )
    files = frozenset(map(entry_file_name, entries))
    view = duel_view(page, _row(bout, record, ENGLISH, can_judge=True), files, ENGLISH)
    assert_within_limits(view)
    ids = [item.custom_id for item in view.walk_children() if isinstance(item, DuelButton)]
    assert len(ids) == 4
    assert all(DuelButton.__discord_ui_compiled_template__.fullmatch(key) for key in ids)
