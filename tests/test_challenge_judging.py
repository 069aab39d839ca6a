"""Moderators look through the entries of a challenge, approve and remove them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.challenges.values import Challenge, Entry, EntryState, Phase
from bot.ui.challenges.judging_order import in_order, neighbour, next_to_judge, page_of
from tests.bot_world import World, buttons, told, until, words
from tests.challenge_acts import moderator, page, read, states
from tests.challenge_rig import tasks_of
from tests.challenge_rounds import Rounds, challenge_world, unguarded
from tests.challenge_samples import entry_numbered

NAMES = ("Ada", "Ben *", "Cleo")
FIRST = 10**6


async def waiting(rounds: Rounds, count: int = 3, **changes: Any) -> Challenge:
    """A challenge with entries that wait for approval."""
    challenge = await rounds.announced(needs_approval=True, **changes)
    for number in range(count):
        await rounds.enter_as(challenge, FIRST + number, NAMES[number])
    return challenge


async def open_entries(world: World, who: Any, challenge: Challenge) -> Any:
    panel = await who.slash(world.channel, "challenge manage", challenge=str(challenge.id))
    label = next(label for label in buttons(page(panel)) if label.startswith("Entries…"))
    return await who.click(page(panel), label=label)


def picture_of(message: Any) -> discord.MediaGalleryItem:
    view = discord.ui.LayoutView.from_message(message)
    (gallery,) = (item for item in view.walk_children() if isinstance(item, discord.ui.MediaGallery))
    return gallery.items[0]


def ids(entries: list[Entry]) -> list[int]:
    return [entry.id for entry in entries]


def test_those_that_wait_come_first_and_what_is_gone_is_left_out() -> None:
    entries = [
        entry_numbered(1, state=EntryState.SHOWN),
        entry_numbered(2, state=EntryState.REMOVED),
        entry_numbered(3, state=EntryState.WAITING),
        entry_numbered(4, state=EntryState.WITHDRAWN),
        entry_numbered(5, state=EntryState.WAITING),
    ]
    assert ids(in_order(entries)) == [3, 5, 1]
    found = page_of(in_order(entries), 5)
    assert found is not None
    assert (found.number, found.entries, found.waiting) == (2, 3, 2)
    assert page_of([], None) is None


def test_pages_end_at_both_ends() -> None:
    entries = [entry_numbered(number) for number in (1, 2, 3)]
    assert [neighbour(entries, 2, step) for step in (-1, 1)] == [1, 3]
    assert (neighbour(entries, 1, -1), neighbour(entries, 3, 1)) == (1, 3)
    assert (neighbour(entries, 9, 1), neighbour([], 9, 1)) == (1, None)


def test_after_a_decision_comes_what_waits_next() -> None:
    one, two, three = (entry_numbered(number, state=EntryState.WAITING) for number in (1, 2, 3))
    shown = entry_numbered(2, state=EntryState.SHOWN)
    assert next_to_judge([one, two, three], [one, three, shown], 2) == 3
    assert next_to_judge([one, two], [one, shown], 2) == 1
    assert next_to_judge([two], [shown], 2) == 2
    assert next_to_judge([two], [], 2) is None


@pytest.mark.parametrize("after_restart", [False, True])
async def test_entries_are_approved_one_after_another(tmp_path: Path, *, after_restart: bool) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo = Rounds(world), moderator(world)
        challenge = await waiting(rounds)
        shown = await open_entries(world, mo, challenge)
        assert "Entry 1 of 3 · 3 wait for approval" in read(shown)
        assert f"<@{FIRST}> (Ada), entered <t:" in read(shown)
        assert "**Waits for approval**" in read(shown)
        assert picture_of(page(shown)).description == "The entry of Ada"
        assert buttons(page(shown)) == ["Approve", "Remove…", "Previous", "Next"]
        if after_restart:
            await world.restart()
        done = await mo.click(page(shown), label="Approve")
        assert read(done).startswith("✅ The entry of Ada is approved.")
        assert "(Ben \\*)" in read(done)
        assert "Entry 1 of 3 · 2 wait for approval" in read(done)
        done = await mo.click(page(done), label="Approve")
        done = await mo.click(page(done), label="Approve")
        assert "none waits for approval" in read(done)
        assert f"**Shown, approved by {mo.mention}**" in read(done)
        assert buttons(page(done)) == ["Remove…", "Previous", "Next"]
        assert set((await states(rounds, challenge)).values()) == {EntryState.SHOWN}
        entries = await rounds.desk.entries.all(challenge.id)
        assert {entry.decided_by for entry in entries} == {str(mo.id)}
        letters = [task for task in await tasks_of(world.app.database, challenge.id) if task.startswith("approved")]
        assert sorted(letters) == sorted(f"approved {entry.id}" for entry in entries)


@pytest.mark.parametrize("after_restart", [False, True])
async def test_an_entry_is_removed_with_a_reason_that_its_author_is_told(
    tmp_path: Path, *, after_restart: bool
) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo = Rounds(world), moderator(world)
        challenge = await rounds.announced()
        entry = await rounds.enter_as(challenge, world.ann.id, "ann")
        await rounds.enter_as(challenge, FIRST, "Ada")
        shown = await open_entries(world, mo, challenge)
        assert "**Shown to everybody**" in read(shown)
        form = await mo.click(page(shown), label="Remove…")
        if after_restart:
            await world.restart()
        done = await mo.submit_modal(form, {"reason": "Not your *own* photo"})
        assert read(done).startswith("🗑️ The entry of ann is removed.")
        assert "(Ada)" in read(done)
        assert (await states(rounds, challenge)) == {"ann": EntryState.REMOVED, "Ada": EntryState.SHOWN}
        kept = await rounds.desk.entries.get(entry.id)
        assert kept is not None
        assert (kept.reason, kept.decided_by) == ("Not your *own* photo", str(mo.id))
        assert f"removed {entry.id}" in await tasks_of(world.app.database, challenge.id)
        letters = await until(lambda: world.history(world.ann.user.dm_channel))
        assert "Not your \\*own\\* photo" in words(letters[0])


async def test_two_moderators_at_once_decide_once_and_the_second_is_told(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo, ada = Rounds(world), moderator(world), moderator(world, "ada")
        challenge = await waiting(rounds)
        mine, theirs = [await open_entries(world, who, challenge) for who in (mo, ada)]
        form = await ada.click(page(theirs), label="Remove…")
        await mo.click(page(mine), label="Approve")
        late = await ada.click(page(theirs), label="Approve")
        assert read(late).startswith("Somebody else has decided about this entry meanwhile.")
        assert "(Ben \\*)" in read(late)
        await ada.submit_modal(form, {"reason": "Now I remove what was approved."})
        assert (await states(rounds, challenge))["Ada"] is EntryState.REMOVED
        late = await mo.click(page(await open_entries(world, mo, challenge)), label="Approve")
        assert read(late).startswith("✅ The entry of Ben \\* is approved.")


@pytest.mark.parametrize("label", ["Approve", "Remove…"])
async def test_nothing_is_decided_about_a_picture_that_the_moderator_has_not_seen(tmp_path: Path, label: str) -> None:
    """A harmless picture is handed in, and replaced while a moderator looks at it."""
    async with challenge_world(tmp_path) as world:
        rounds, mo = Rounds(world), moderator(world)
        challenge = await waiting(rounds)
        shown = await open_entries(world, mo, challenge)
        entry = (await rounds.desk.entries.all(challenge.id))[0]
        other = replace(entry.picture, job_id="another")
        await rounds.desk.entries.replace(
            entry.id, entry.author, other, asked_at=rounds.now, now=rounds.now, guard=unguarded
        )
        late = await mo.click(page(shown), label=label)
        if label == "Remove…":
            late = await mo.submit_modal(late, {"reason": "no"})
        assert read(late).startswith("Nothing was decided: the author has replaced the picture meanwhile.")
        assert "(Ada)" in read(late)
        assert (await states(rounds, challenge))["Ada"] is EntryState.WAITING
        done = await mo.click(page(late), label="Approve")
        assert read(done).startswith("✅ The entry of Ada is approved.")


async def test_pages_are_turned_and_what_was_withdrawn_meanwhile_is_left_out(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo = Rounds(world), moderator(world)
        challenge = await waiting(rounds)
        shown = await open_entries(world, mo, challenge)
        following = await mo.click(page(shown), label="Next")
        assert "Entry 2 of 3" in read(following)
        await world.restart()
        third = await mo.click(page(following), label="Next")
        assert "Entry 3 of 3" in read(third)
        back = await mo.click(page(third), label="Previous")
        assert "(Ben \\*)" in read(back)
        entries = await rounds.desk.entries.all(challenge.id)
        await rounds.desk.entries.withdraw(entries[1].id, entries[1].author.user_id)
        late = await mo.click(page(back), label="Approve")
        assert read(late).startswith("Somebody else has decided about this entry meanwhile.")
        assert "Entry 2 of 2" in read(late)
        assert "(Cleo)" in read(late)


async def test_after_the_end_an_entry_can_be_removed_but_not_approved(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo = Rounds(world), moderator(world)
        challenge = await waiting(rounds)
        entries = await rounds.desk.entries.all(challenge.id)
        for entry in entries[:2]:
            await rounds.desk.entries.approve(challenge.tenant_id, entry.id, by="1", now=rounds.now)
        shown = await open_entries(world, mo, challenge)
        for phase in (Phase.OPEN, Phase.VOTING):
            await rounds.desk.challenges.end_early(challenge.tenant_id, challenge.id, phase, rounds.now)
        late = await mo.click(page(shown), label="Approve")
        assert told(late) == "This challenge is over."
        shown = await open_entries(world, mo, challenge)
        assert buttons(page(shown)) == ["Remove…", "Previous", "Next"]
        before = await rounds.desk.archive.ranking(challenge.id)
        shown = await mo.click(page(shown), label="Next")
        await mo.submit_modal(await mo.click(page(shown), label="Remove…"), {"reason": "Copied."})
        after = await rounds.desk.archive.ranking(challenge.id)
        assert len(before) == 2
        assert [one.entry.author.name for one in after] == ["Ben *"]


async def test_where_there_is_nothing_that_is_said(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo = Rounds(world), moderator(world)
        challenge = await rounds.announced()
        shown = await open_entries(world, mo, challenge)
        assert "There are no entries." in read(shown)
        assert buttons(page(shown)) == []


async def test_a_covered_picture_stays_covered_and_a_lost_one_keeps_nobody_from_judging(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo = Rounds(world), moderator(world)
        challenge = await rounds.announced()
        await rounds.enter_as(challenge, FIRST, "Ada", covered=True)
        lost = await rounds.enter_as(challenge, FIRST + 1, "Ben")
        shown = await open_entries(world, mo, challenge)
        assert picture_of(page(shown)).spoiler
        world.blob_path(lost.picture.thumbnail_blob).unlink()
        following = await mo.click(page(shown), label="Next")
        assert "This picture cannot be shown at the moment." in read(following)
        await mo.submit_modal(await mo.click(page(following), label="Remove…"), {"reason": "Broken."})
        assert (await states(rounds, challenge))["Ben"] is EntryState.REMOVED


async def test_a_right_that_was_taken_away_is_noticed_at_the_press(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        role = world.guild.create_role("judges", permissions=discord.Permissions(manage_messages=True))
        judge = world.guild.add_member(world.env.create_user("judge"), roles=[role])
        challenge = await waiting(rounds)
        shown = await open_entries(world, judge, challenge)
        form = await judge.click(page(shown), label="Remove…")
        world.env.backend.guilds[world.guild.id].roles[role.id].permissions = 0
        refused = "Only members with the permission **Manage Messages** can do this."
        for label in ("Approve", "Remove…", "Next"):
            assert told(await judge.click(page(shown), label=label)) == refused
        assert told(await judge.submit_modal(form, {"reason": "no"})) == refused
        assert set((await states(rounds, challenge)).values()) == {EntryState.WAITING}


async def test_decisions_stand_in_the_log_channel(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo = Rounds(world), moderator(world)
        logs = world.guild.create_text_channel("logs")
        await world.app.client.services.settings.set(world.guild.id, "log_channel_id", logs.id, by=1)
        challenge = await waiting(rounds)
        shown = await mo.click(page(await open_entries(world, mo, challenge)), label="Approve")
        await mo.submit_modal(await mo.click(page(shown), label="Remove…"), {"reason": "Blurred."})
        said = await until(lambda: (text := "\n".join(m.content for m in world.history(logs))).count("\n") and text)
        assert f"✅ {mo.mention} approved the entry of <@{FIRST}> in the challenge **Waves**." in said
        assert f"🗑️ {mo.mention} removed the entry of <@{FIRST + 1}> from the challenge **Waves**: Blurred." in said
