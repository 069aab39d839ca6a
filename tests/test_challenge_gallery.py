"""The gallery of a challenge: what each viewer sees of the entries, and in which order, before and after the end."""

from dataclasses import replace
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.challenges.values import Author, Challenge, Phase, Placed, Schedule, VotingMode
from bot.ui.challenges.buttons import Verb
from bot.ui.challenges.gallery import GalleryPageButton, _page
from bot.ui.challenges.gallery_view import ENTRIES_ON_A_PAGE, gallery_view
from bot.ui.challenges.hall import Hall
from bot.ui.challenges.pictures import entry_file_name
from bot.ui.paging import nearest
from bot.ui.text.challenges import gallery as text
from tests.bot_world import buttons, told, words
from tests.challenge_ballots import (
    ENGLISH,
    Booth,
    assert_within_limits,
    entry_ids,
    heart_labels,
    pressable,
    shown,
)
from tests.challenge_rounds import DAY, challenge_world, terms
from tests.challenge_samples import entry_numbered


async def test_an_open_gallery_shows_pictures_and_neither_names_nor_numbers(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await booth.open(world.ann, *booth.crowd(3))
        gallery = await booth.gallery(world.ann, challenge)
        lines = words(gallery).splitlines()
        ends = round(challenge.schedule.entries_end_at)
        assert lines[:3] == [
            "## Waves",
            "-# 4 entries",
            f"Open for entries until <t:{ends}:F>, <t:{ends}:R>; then everybody votes.",
        ]
        assert lines[3:] == ["**Yours**", text.order(ENGLISH)]
        assert sorted(entry_ids(gallery)) == [entry.id for entry in booth.entries]
        assert [item.description for item in shown(gallery)] == [f"Entry {n} of 4" for n in range(1, 5)]
        assert buttons(gallery) == []


async def test_only_ones_own_entries_are_marked(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        ben = world.member("ben")
        challenge = await booth.voting(world.ann, world.member("zoe"))
        for viewer, times in ((world.ann, 1), (ben, 0)):
            gallery = await booth.gallery(viewer, challenge)
            assert words(gallery).count("**Yours**") == times
            assert "ann" not in words(gallery)
            assert "zoe" not in words(gallery)


async def test_every_viewer_has_an_order_of_their_own_that_stays(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        painters = booth.crowd(5)
        challenge = await booth.open(*painters)
        orders = {tuple(entry_ids(await booth.gallery(viewer, challenge))) for viewer in painters}
        assert len(orders) > 2, "early entries have no advantage"
        (first, *_) = painters
        before = entry_ids(await booth.gallery(first, challenge))
        await booth.rounds.desk.entries.withdraw(before[2], booth.entry(before[2]).author.user_id)
        assert entry_ids(await booth.gallery(first, challenge)) == before[:2] + before[3:]


async def test_pages_are_turned_in_place_also_after_a_restart(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await booth.open(*booth.crowd(7))
        gallery = await booth.gallery(world.ann, challenge)
        assert "-# 7 entries · page 1 of 2" in words(gallery)
        first = entry_ids(gallery)
        assert {button.label: not button.disabled for button in pressable(gallery).values()} == {
            "Previous": False,
            "Next": True,
        }
        await world.restart()
        await world.ann.click(gallery, label="Next")
        turned = booth.now(gallery)
        assert "-# 7 entries · page 2 of 2" in words(turned)
        assert sorted(first + entry_ids(turned)) == [entry.id for entry in booth.entries]
        assert len(turned.attachments) == 2, "pictures of the other page are gone"
        assert [item.description for item in shown(turned)] == ["Entry 6 of 7", "Entry 7 of 7"]
        await world.ann.click(turned, label="Previous")
        assert entry_ids(booth.now(gallery)) == first


async def test_a_page_that_is_gone_turns_to_the_last_one(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await booth.open(*booth.crowd(6))
        gallery = await booth.gallery(world.ann, challenge)
        for entry in booth.entries[:2]:
            await booth.rounds.desk.entries.remove(
                challenge.tenant_id, entry.id, by="1", reason="", now=booth.rounds.now
            )
        await world.ann.click(gallery, label="Next")
        now = booth.now(gallery)
        assert "-# 4 entries\n" in words(now)
        assert buttons(now) == []
        assert sorted(entry_ids(now)) == [entry.id for entry in booth.entries[2:]]


async def test_covered_pictures_stay_covered_and_what_waits_is_not_shown(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await booth.open(needs_approval=True, entries_per_member=3)
        covered = await booth.rounds.enter(challenge, world.member("eve"), covered=True)
        await booth.rounds.enter(challenge, world.member("ben"))
        await booth.rounds.desk.entries.approve(challenge.tenant_id, covered.id, by="1", now=booth.rounds.now)
        gallery = await booth.gallery(world.ann, challenge)
        assert entry_ids(gallery) == [covered.id]
        assert [item.spoiler for item in shown(gallery)] == [True]
        assert gallery.attachments[0].is_spoiler()


async def test_without_entries_the_gallery_says_so(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        coming = await booth.rounds.confirmed(opens_in=DAY)
        opens = round(coming.schedule.opens_at)
        assert words(await booth.gallery(world.ann, coming)).splitlines()[1:] == [
            "-# 0 entries",
            f"Entries open <t:{opens}:F>, <t:{opens}:R>.",
            "There are no entries yet.",
        ]
        ended = await booth.end(await booth.open())
        assert words(await booth.gallery(world.ann, ended)).splitlines()[2:] == [
            "This is the result.",
            "There are no entries.",
        ]


async def test_a_picture_that_is_lost_keeps_nobody_from_the_others(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await booth.voting(*booth.crowd(2))
        world.blob_path(booth.entries[0].picture.thumbnail_blob).unlink()
        gallery = await booth.gallery(world.ann, challenge)
        assert "This picture cannot be shown at the moment." in words(gallery)
        assert entry_ids(gallery) == [booth.entries[1].id]
        assert set(heart_labels(gallery)) == {entry.id for entry in booth.entries}


async def test_after_the_end_everybody_sees_the_ranking_with_names(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        painters = booth.crowd(6)
        challenge = await booth.voting(*painters)
        for number in (3, 4):
            await booth.rounds.heart(challenge, painters[0], booth.entries[number])
        await booth.rounds.heart(challenge, world.ann, *(booth.entries[number] for number in (1, 3, 4, 5)))
        challenge = await booth.end(challenge)
        gallery = await booth.gallery(painters[3], challenge)
        assert words(gallery).splitlines() == [
            "## Waves",
            "-# 6 entries · page 1 of 2",
            "This is the result.",
            *("🥇 Place 1, shared · **painter4** · **Yours**", "-# 2 hearts"),
            *("🥇 Place 1, shared · **painter5**", "-# 2 hearts"),
            *("🥉 Place 3, shared · **painter2**", "-# 1 heart"),
            *("🥉 Place 3, shared · **painter6**", "-# 1 heart"),
            *("Place 5, shared · **painter1**", "-# 0 hearts"),
        ]
        assert [item.description for item in shown(gallery)][::4] == [
            "Place 1: the entry of painter4",
            "Place 5: the entry of painter1",
        ]
        assert heart_labels(gallery) == {}
        again = await booth.gallery(world.ann, challenge)
        assert entry_ids(again) == entry_ids(gallery), "a ranking has one order"
        await world.ann.click(again, label="Next")
        assert "Place 5, shared · **painter3**" in words(booth.now(again))


async def test_after_duels_the_ranking_says_how_sure_it_is(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await booth.voting(*booth.crowd(3), mode=VotingMode.DUELS)
        best, other, unseen = booth.entries
        gallery = await booth.gallery(world.ann, challenge)
        assert "**Vote** shows you two entries at a time." in words(gallery)
        assert heart_labels(gallery) == {}
        await booth.rounds.desk.votes.judge(
            challenge.id,
            str(world.ann.id),
            winner_id=best.id,
            loser_id=other.id,
            now=booth.rounds.now,
            guard=lambda _: None,
        )
        gallery = await booth.gallery(world.ann, await booth.end(challenge))
        (first, second, _third) = (line for line in words(gallery).splitlines()[3:] if line.startswith("-#"))
        assert entry_ids(gallery) == [best.id, unseen.id, other.id]
        assert first.endswith("%) · won 1 of 1 duel")
        assert second == "-# was in no duel"
        assert "with a certainty of 95 %" in words(gallery)


async def test_a_cancelled_challenge_has_a_gallery_without_names_and_places(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await booth.voting(*booth.crowd(3))
        await booth.rounds.heart(challenge, world.ann, booth.entries[0])
        ballot = await booth.ballot(world.ann, challenge)
        await booth.cancel(challenge)
        gallery = await booth.gallery(world.ann, challenge)
        assert words(gallery).splitlines() == [
            "## Waves",
            "-# 3 entries",
            "This challenge was cancelled: there is no result.",
            text.order(ENGLISH),
        ]
        assert entry_ids(gallery) == entry_ids(ballot), "in the viewer's own order"
        assert buttons(gallery) == []


async def test_of_what_is_removed_after_the_end_nothing_is_seen(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await booth.end(await booth.voting(*booth.crowd(3)))
        await booth.rounds.desk.entries.remove(
            challenge.tenant_id, booth.entries[0].id, by="1", reason="stolen", now=booth.rounds.now
        )
        gallery = await booth.gallery(world.ann, challenge)
        assert entry_ids(gallery) == [entry.id for entry in booth.entries[1:]]
        assert "painter1" not in words(gallery)


async def test_a_challenge_of_another_server_is_not_shown(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await booth.voting(*booth.crowd(2))
        other = world.env.create_guild("Elsewhere", id=4712)
        channel = other.create_text_channel("studio")
        eve = other.add_member(world.env.create_user("eve"))
        world.channel = channel
        for verb in (Verb.GALLERY, Verb.VOTE):
            answer = await booth.press(eve, verb, challenge)
            assert told(answer) == "This challenge is not there any more."


async def test_a_fault_under_a_page_button_is_admitted(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await booth.open(*booth.crowd(6))
        gallery = await booth.gallery(world.ann, challenge)

        async def broken(*_: Any) -> None:
            raise ZeroDivisionError("a bug")

        booth.rounds.desk.entries.shown_to = broken  # type: ignore[method-assign, assignment]  # the database's part
        assert told(await world.ann.click(gallery, label="Next")).startswith("Something went wrong on my side")
        assert told(await booth.press(world.ann, Verb.GALLERY, challenge)).startswith("Something went wrong")


LONG_NAMES = ("W" * 32, "𒐫" * 32, "ﷺ" * 32, "*_~|`" * 6, "👩‍👩‍👧‍👦" * 4, "[x](https://e.x)" * 2)


def challenge_in(phase: Phase, mode: VotingMode, hearts: int | None) -> Challenge:
    schedule = Schedule(
        phase=phase, confirmed=True, opens_at=0.0, entries_end_at=1.9e9, voting_ends_at=2e9, voting_seconds=1e8
    )
    return Challenge(
        id=10**17,
        tenant_id="1",
        title="*" * 80,
        terms=terms(mode=mode, hearts=hearts),
        schedule=schedule,
        channel_id=1,
        place_id=1,
        announcement_id=1,
        created_by="1",
        created_at=0.0,
        end_reason="",
        series_id=None,
        number=None,
    )


def hall_of_a_hundred(challenge: Challenge) -> Hall:
    entries = tuple(
        entry_numbered(n, name=(LONG_NAMES[n % len(LONG_NAMES)] * 2)[:64], covered=True) for n in range(1, 101)
    )
    placed = {
        entry.id: Placed(entry=entry, place=7, votes=4321, duels=9876, score=99.9, low=88.8, high=100.0)
        for entry in entries
    }
    is_ballot = challenge.phase is Phase.VOTING and challenge.terms.mode is VotingMode.APPROVAL
    return Hall(
        challenge=challenge,
        viewer_id="1003",
        entries=entries,
        placed=placed if challenge.phase is Phase.CLOSED else {},
        hearts=frozenset(range(1, 100, 2)) if is_ballot else None,
        remark="x" * 1000,
    )


@pytest.mark.parametrize(("phase", "mode", "hearts"), list(product(Phase, VotingMode, (None, 10))))
def test_every_page_of_a_hundred_entries_keeps_within_the_limits_of_discord(
    phase: Phase, mode: VotingMode, hearts: int | None
) -> None:
    hall = hall_of_a_hundred(challenge_in(phase, mode, hearts))
    files = frozenset(entry_file_name(entry) for entry in hall.entries)
    for number in range(1, 100 // ENTRIES_ON_A_PAGE + 1):
        part = nearest(number, 100, ENTRIES_ON_A_PAGE)
        view = gallery_view(_page(hall, part, ENGLISH), files, ENGLISH)
        assert_within_limits(view)
        kinds = [type(item) for item in view.walk_children() if isinstance(item, discord.ui.DynamicItem)]
        assert GalleryPageButton in kinds


def test_names_can_neither_format_nor_mention_nor_link() -> None:
    author = Author(user_id="9", name="[x](https://e.x) <@1>\n# big", username="x", locale="en-US")
    placed = Placed(
        entry=replace(entry_numbered(1), author=author),
        place=4,
        votes=1,
        duels=0,
        score=1.0,
        low=1.0,
        high=1.0,
    )
    assert text.placed_caption(placed, "1", ENGLISH, is_shared=False) == (
        "Place 4 · **\\[x\\]\\(https\\://e.x\\) \\<\\@1\\> \\# big**"
    )


async def test_a_hundred_entries_are_shown_in_a_server(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        booth = Booth(world)
        challenge = await booth.open(hearts=5)
        eve = world.member("eve")
        await booth.enter(challenge, *(SimpleNamespace(id=5000 + number, name="W" * 64) for number in range(100)))
        gallery = await booth.gallery(eve, challenge)
        assert "-# 100 entries · page 1 of 20" in words(gallery)
        voting = await booth.end(challenge)
        ballot = await booth.ballot(eve, voting)
        assert len(heart_labels(ballot)) == ENTRIES_ON_A_PAGE
        gallery = await booth.gallery(eve, await booth.end(voting))
        assert "Place 1, shared" in words(gallery)
