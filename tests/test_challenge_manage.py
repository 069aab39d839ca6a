"""`/challenge manage`: what moderators do with a running challenge."""

from pathlib import Path
from typing import Any

import discord
import pytest

from bot.challenges.values import Challenge, EntryState, Phase
from bot.ui.text.challenges import managing as text
from tests.bot_world import World, buttons, told, until, words
from tests.challenge_acts import moderator, page, read
from tests.challenge_rig import tasks_of
from tests.challenge_rounds import DAY, HOUR, Rounds, challenge_world


async def manage(world: World, who: Any, challenge: Challenge | str) -> Any:
    typed = challenge if isinstance(challenge, str) else str(challenge.id)
    return await who.slash(world.channel, "challenge manage", challenge=typed)


async def now(rounds: Rounds, challenge: Challenge) -> Challenge:
    found: Challenge = await rounds.desk.challenges.find(challenge.tenant_id, challenge.id)
    return found


async def with_entries(rounds: Rounds, count: int = 3, **changes: Any) -> Challenge:
    challenge = await rounds.announced(**changes)
    for number in range(count):
        await rounds.enter_as(challenge, 10**6 + number, f"Painter {number}")
    return await now(rounds, challenge)


async def test_the_panel_tells_where_a_challenge_stands_and_what_can_be_done(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo = Rounds(world), moderator(world)
        challenge = await with_entries(rounds, title="*Waves* of @everyone", needs_approval=True)
        one, two, _ = await rounds.desk.entries.all(challenge.id)
        await rounds.desk.entries.approve(challenge.tenant_id, one.id, by="1", now=rounds.now)
        await rounds.desk.entries.remove(challenge.tenant_id, two.id, by="1", reason="no", now=rounds.now)
        answer = await manage(world, mo, challenge)
        said = read(answer)
        assert "\\*Waves\\* of \\@everyone" in said
        assert "**Open for entries**" in said
        assert f"Entries until <t:{round(challenge.schedule.entries_end_at)}:f>" in said
        assert "1 entry shown · **1 waits for approval** · 1 removed" in said
        assert "voted" not in said
        assert buttons(page(answer)) == [
            "Entries… (1 waiting)",
            "Extend…",
            "End entries now",
            "Post it again",
            "Export (CSV)",
            "Export pictures",
            "Cancel the challenge…",
        ]


async def test_whoever_only_judges_entries_is_shown_the_entries_alone(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, judge = Rounds(world), world.member("judge", manage_messages=True)
        challenge = await with_entries(rounds)
        assert buttons(page(await manage(world, judge, challenge))) == ["Entries…"]


async def test_others_are_told_what_they_lack_and_offered_nothing(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        challenge = await with_entries(rounds)
        assert told(await manage(world, world.ann, challenge)) == (
            "Only members with the permission **Manage Messages** can do this."
        )
        assert await world.ann.autocomplete(world.channel, "challenge manage", "challenge", "") == []


async def test_challenges_are_offered_by_title_and_understood_when_typed(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo = Rounds(world), moderator(world)
        waves = await rounds.announced("Great Waves")
        await rounds.announced("Night", opens_in=HOUR)
        await rounds.drafted("A secret draft")
        offered = await mo.autocomplete(world.channel, "challenge manage", "challenge", "")
        assert [choice["name"] for choice in offered] == [
            "Great Waves · Open for entries",
            "Night · Announced for later",
        ]
        assert offered[0]["value"] == str(waves.id)
        for typed in ("great waves", " WAVES ", str(waves.id)):
            assert "Great Waves" in read(await manage(world, mo, typed))
        assert told(await manage(world, mo, "Tuesday's *")).startswith(
            "I found no challenge called **Tuesday's \\*** here."
        )
        assert told(await manage(world, mo, "a secret draft")).startswith("I found no challenge called")


@pytest.mark.parametrize("after_restart", [False, True])
async def test_entries_are_ended_after_a_second_thought(tmp_path: Path, *, after_restart: bool) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo = Rounds(world), moderator(world)
        challenge = await with_entries(rounds)
        panel = page(await manage(world, mo, challenge))
        if after_restart:
            await world.restart()
        asked = await mo.click(panel, label="End entries now")
        assert "### End the entries now?" in read(asked)
        assert (await now(rounds, challenge)).phase is Phase.OPEN
        back = await mo.click(page(asked), label="No, go back")
        assert "Extend…" in buttons(page(back))
        asked = await mo.click(page(back), label="End entries now")
        if after_restart:
            await world.restart()
        done = await mo.click(page(asked), label="End entries now")
        assert read(done).startswith("The entries are ended, and members vote now.")
        assert "**Open for votes**" in read(done)
        assert "0 members have voted" in read(done)
        assert (await now(rounds, challenge)).phase is Phase.VOTING
        asked = await mo.click(page(done), label="End voting now")
        done = await mo.click(page(asked), label="End voting now")
        assert read(done).startswith("The challenge is over.")
        assert (await now(rounds, challenge)).phase is Phase.CLOSED
        assert buttons(page(done)) == ["Entries…", "Post it again", "Export (CSV)", "Export pictures"]


async def test_two_moderators_at_once_end_one_phase(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo, ada = Rounds(world), moderator(world), moderator(world, "ada")
        challenge = await with_entries(rounds)
        asked = [
            await who.click(page(await manage(world, who, challenge)), label="End entries now") for who in (mo, ada)
        ]
        await mo.click(page(asked[0]), label="End entries now")
        late = await ada.click(page(asked[1]), label="End entries now")
        assert read(late).startswith("Nothing was changed: the challenge has moved on meanwhile.")
        assert "being voted on" in read(late)
        assert (await now(rounds, challenge)).phase is Phase.VOTING


async def test_a_question_about_a_phase_that_is_over_is_not_asked(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo = Rounds(world), moderator(world)
        challenge = await with_entries(rounds)
        panel = page(await manage(world, mo, challenge))
        await rounds.desk.challenges.end_early(challenge.tenant_id, challenge.id, Phase.OPEN, rounds.now)
        late = await mo.click(panel, label="End entries now")
        assert read(late).startswith("Nothing was changed")
        assert "End voting now" in buttons(page(late))


async def test_the_question_warns_of_too_few_entries_and_of_those_that_wait(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo = Rounds(world), moderator(world)
        few = await with_entries(rounds, 1, title="Few")
        asked = await mo.click(page(await manage(world, mo, few)), label="End entries now")
        assert "fewer than two entries" in read(asked)
        many = await with_entries(rounds, 3, title="Many", needs_approval=True)
        asked = await mo.click(page(await manage(world, mo, many)), label="End entries now")
        assert "3 entries still wait for approval" in read(asked)


@pytest.mark.parametrize("after_restart", [False, True])
async def test_a_challenge_is_extended_by_a_form(tmp_path: Path, *, after_restart: bool) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo = Rounds(world), moderator(world)
        challenge = await with_entries(rounds)
        form = await mo.click(page(await manage(world, mo, challenge)), label="Extend…")
        if after_restart:
            await world.restart()
        done = await mo.submit_modal(form, {"length": "1d 12h"})
        end = challenge.schedule.entries_end_at + 1.5 * DAY
        assert read(done).startswith(f"Extended: members can enter until <t:{round(end)}:f>.")
        after = await now(rounds, challenge)
        assert after.schedule.entries_end_at == end
        assert after.schedule.voting_ends_at == challenge.schedule.voting_ends_at + 1.5 * DAY


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("soon", "“soon” is not understood as a length of time. Write for example `30m`, `12h`, `3d` or `1w 2d`."),
        ("1m", "“1m” is too short: it takes at least 5 minutes."),
        ("90d", "“90d” is too long: "),
    ],
)
async def test_a_length_that_cannot_be_is_told_and_changes_nothing(tmp_path: Path, typed: str, said: str) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo = Rounds(world), moderator(world)
        challenge = await with_entries(rounds)
        form = await mo.click(page(await manage(world, mo, challenge)), label="Extend…")
        assert told(await mo.submit_modal(form, {"length": typed})).startswith(said)
        assert (await now(rounds, challenge)).schedule == challenge.schedule


@pytest.mark.parametrize("after_restart", [False, True])
async def test_a_challenge_is_cancelled_with_a_reason(tmp_path: Path, *, after_restart: bool) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo, ada = Rounds(world), moderator(world), moderator(world, "ada")
        challenge = await with_entries(rounds)
        form = await mo.click(page(await manage(world, mo, challenge)), label="Cancel the challenge…")
        other = await ada.click(page(await manage(world, ada, challenge)), label="Cancel the challenge…")
        if after_restart:
            await world.restart()
        done = await mo.submit_modal(form, {"reason": "The style *was* taken."})
        assert read(done).startswith("The challenge is cancelled")
        assert "Reason: The style \\*was\\* taken." in read(done)
        late = await ada.submit_modal(other, {"reason": "Another one."})
        assert "This challenge was cancelled." in read(late)
        after = await now(rounds, challenge)
        assert (after.phase, after.end_reason) == (Phase.CANCELLED, "The style *was* taken.")
        assert (await tasks_of(world.app.database, challenge.id)).count("called_off") == 1


async def test_a_challenge_announced_for_later_can_be_cancelled(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo = Rounds(world), moderator(world)
        challenge = await rounds.announced(opens_in=DAY)
        panel = page(await manage(world, mo, challenge))
        assert "**Announced for later**" in words(panel)
        assert buttons(panel) == ["Post it again", "Cancel the challenge…"]
        await mo.submit_modal(await mo.click(panel, label="Cancel the challenge…"), {"reason": "Rain."})
        assert (await now(rounds, challenge)).phase is Phase.CANCELLED


@pytest.mark.parametrize("after_restart", [False, True])
async def test_the_card_is_posted_again(tmp_path: Path, *, after_restart: bool) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo = Rounds(world), moderator(world)
        challenge = await with_entries(rounds)
        panel = page(await manage(world, mo, challenge))
        if after_restart:
            await world.restart()
        done = await mo.click(panel, label="Post it again")
        assert read(done).startswith(text.REPOSTED)
        assert "repost" in await tasks_of(world.app.database, challenge.id)


async def test_a_series_is_stopped_after_a_second_thought(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo = Rounds(world), moderator(world)
        draft = await rounds.drafted("Weekly")
        await rounds.desk.series.begin(draft.id, styles=(await rounds.style("Next"),), open_seconds=DAY, now=rounds.now)
        await rounds.desk.challenges.confirm(draft.tenant_id, draft.id, rounds.now)
        panel = page(await manage(world, mo, draft))
        asked = await mo.click(panel, label="Stop the series")
        assert "### Stop the series?" in read(asked)
        await world.restart()
        done = await mo.click(page(asked), label="Stop the series")
        assert read(done).startswith("The series is stopped")
        assert "Stop the series" not in buttons(page(done))
        assert await rounds.desk.series.listed(draft.tenant_id) == []


async def test_a_right_that_was_taken_away_is_noticed_at_the_press(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        role = world.guild.create_role("events", permissions=discord.Permissions(manage_events=True))
        mo = world.guild.add_member(world.env.create_user("mo"), roles=[role])
        challenge = await with_entries(rounds)
        panel = page(await manage(world, mo, challenge))
        extend = await mo.click(panel, label="Extend…")
        asked = await mo.click(panel, label="End entries now")
        world.env.backend.guilds[world.guild.id].roles[role.id].permissions = 0
        refused = "Only members with the permission **Manage Events** can do this."
        assert told(await mo.click(page(asked), label="End entries now")) == refused
        assert told(await mo.submit_modal(extend, {"length": "1d"})) == refused
        assert (await now(rounds, challenge)).schedule == challenge.schedule


async def test_another_servers_challenge_is_not_found(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo = Rounds(world), moderator(world)
        challenge = await with_entries(rounds)
        elsewhere = world.env.create_guild("Elsewhere")
        channel = elsewhere.create_text_channel("hall")
        role = elsewhere.create_role("all", permissions=discord.Permissions(administrator=True))
        stranger = elsewhere.add_member(mo.user, roles=[role])
        said = told(await stranger.slash(channel, "challenge manage", challenge=str(challenge.id)))
        assert said.startswith("I found no challenge called")


async def test_what_moderators_do_stands_in_the_log_channel(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo = Rounds(world), moderator(world)
        logs = world.guild.create_text_channel("logs")
        await world.app.client.services.settings.set(world.guild.id, "log_channel_id", logs.id, by=1)
        challenge = await with_entries(rounds)
        panel = page(await manage(world, mo, challenge))
        await mo.submit_modal(await mo.click(panel, label="Extend…"), {"length": "2h"})
        await mo.submit_modal(await mo.click(panel, label="Cancel the challenge…"), {"reason": "Rain."})
        cancelled = f"🚫 {mo.mention} cancelled the challenge **Waves**: Rain."
        said = await until(
            lambda: (text := "\n".join(m.content for m in world.history(logs))).count(cancelled) and text
        )
        assert f"⏳ {mo.mention} extended the challenge **Waves** until <t:" in said


async def test_entries_of_the_panel_are_counted_by_state(tmp_path: Path) -> None:
    tally = text.Tally(entries={EntryState.SHOWN: 1, EntryState.WAITING: 2}, voters=0)
    assert (tally.waiting, tally.to_vote_on, tally.of(EntryState.REMOVED)) == (2, 3, 0)
