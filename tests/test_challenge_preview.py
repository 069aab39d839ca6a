"""The preview of a challenge: nobody but its maker sees it, it outlives a restart, and one press announces it once."""

import asyncio
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.challenges.times import DAY, HOUR, MINUTE, WEEK
from bot.challenges.values import Phase
from bot.ui.challenges.preview import as_announced
from nst_engine.errors import QueueUnavailable
from tests.bot_world import PERMISSIONS, World, WorldClock, bot_world, buttons, told, until, words
from tests.challenge_acts import page
from tests.challenge_drafts import (
    card_words,
    create,
    drafts,
    field_values,
    files,
    is_announced,
    moderator,
    store,
)
from tests.test_bot_library import hang

ROLES = PERMISSIONS | discord.Permissions(manage_roles=True)
GONE = "This draft is not there any more. Please make the challenge again."
ANNOUNCED = "This challenge has been announced already."


async def announced(world: World) -> Any:
    (challenge,) = [one for one in await drafts(world) if one.schedule.confirmed]
    return challenge


async def change(world: World, who: Any, shown: discord.Message, **typed: str) -> Any:
    """Send the form of a preview with what it begins with, but for what is typed."""
    form = await who.click(shown, label="Change…")
    return await who.submit_modal(form, {name: value for name, value in (field_values(form) | typed).items() if value})


async def test_the_card_in_the_preview_is_the_one_that_is_announced(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        mo = moderator(world)
        answer = await create(world, mo, description="Paint the night.")
        card, _, below = words(page(answer)).rpartition("\n")
        (draft,) = await drafts(world)
        assert card == card_words(as_announced(draft, world.app.client.services.clock.now()))
        assert below == f"-# Only you see this preview. It will be announced in <#{world.channel.id}>."
        assert world.history(world.channel) == []
        await mo.click(page(answer), label="Announce and open")
        message = await is_announced(world, world.channel, "Night sky")
        assert words(message) == card
        assert files(message) == files(page(answer)) == ["style-1.jpg"]


async def test_a_press_opens_it_and_leaves_no_buttons_behind(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        mo = moderator(world)
        answer = await create(world, mo)
        await mo.click(page(answer), label="Announce and open")
        challenge = await announced(world)
        assert (challenge.phase, challenge.created_by) == (Phase.OPEN, str(mo.id))
        assert buttons(page(answer)) == []
        assert f"It is being announced in <#{world.channel.id}>." in words(page(answer))


async def test_the_clock_starts_when_it_is_announced(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        mo = moderator(world)
        shown = page(await create(world, mo))
        await world.env.advance_time(HOUR)
        now = world.app.client.services.clock.now()
        await mo.click(shown, label="Announce and open")
        schedule = (await announced(world)).schedule
        assert schedule.opens_at == pytest.approx(now, abs=2)
        assert schedule.entries_end_at - schedule.opens_at == pytest.approx(3 * DAY)
        assert schedule.voting_ends_at - schedule.entries_end_at == pytest.approx(DAY)


async def test_an_end_that_was_given_as_a_moment_stays_where_it_is(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        mo = moderator(world)
        shown = page(await create(world, mo, ends="2026-01-03 18:00"))
        (draft,) = await drafts(world)
        await world.env.advance_time(HOUR)
        now = world.app.client.services.clock.now()
        await mo.click(shown, label="Announce and open")
        schedule = (await announced(world)).schedule
        assert schedule.opens_at == pytest.approx(now, abs=2)
        assert schedule.entries_end_at == draft.schedule.entries_end_at
        assert schedule.voting_ends_at == draft.schedule.voting_ends_at


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [(3.0, "“2026-01-01 03:00 UTC” is in the past."), (2.95, "“2026-01-01 03:00 UTC” is too short: it takes at least")],
)
async def test_an_end_that_has_come_meanwhile_is_told(tmp_path: Path, hours: float, sentence: str) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        mo = moderator(world)
        shown = page(await create(world, mo, ends="03:00"))
        await world.env.advance_time(hours * HOUR)
        assert told(await mo.click(shown, label="Announce and open")).replace("\\", "").startswith(sentence)
        assert [draft.schedule.confirmed for draft in await drafts(world)] == [False]


async def test_what_starts_later_is_announced_now_and_opens_then(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        mo = moderator(world)
        shown = page(await create(world, mo, starts="in 2h"))
        assert buttons(shown) == ["Announce", "Change…", "Discard"]
        assert "**Opens** <t:" in words(shown)
        await mo.click(shown, label="Announce")
        await is_announced(world, world.channel, "Night sky")
        assert (await announced(world)).phase is Phase.DRAFT
        await world.env.advance_time(2 * HOUR)
        found: list[Any] = []

        async def look() -> None:
            while not found:
                found.extend(await store(world).listed(str(world.guild.id), Phase.OPEN))
                await asyncio.sleep(0.01)

        await asyncio.wait_for(look(), 8)


async def test_a_preview_works_after_a_restart_and_for_another_moderator(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        mo = moderator(world)
        shown = page(await create(world, mo))
        form = await mo.click(shown, label="Change…")
        await world.restart()
        await mo.submit_modal(form, field_values(form) | {"title": "Day sky", "description": "Sun."})
        await world.restart()
        await mo.click(shown, label="Announce and open")
        await is_announced(world, world.channel, "Day sky")


async def test_two_presses_announce_once(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        mo = moderator(world)
        answer = await create(world, mo)
        (draft,) = await drafts(world)
        old = page(answer)
        await mo.click(old, label="Announce and open")
        for verb in ("announce", "change", "discard"):
            said = told(await press(world, mo, old, draft.id, verb))
            assert said == ANNOUNCED
        await is_announced(world, world.channel, "Night sky")
        await until(lambda: len(world.history(world.channel)) == 1)


async def press(world: World, who: Any, shown: discord.Message, challenge_id: int, verb: str) -> Any:
    """A button that an old copy of the preview still has."""
    stored = world.env.backend.get_message(shown.channel.id, shown.id)
    row = {"type": 2, "style": 2, "label": "old", "custom_id": f"challenge:{challenge_id}:{verb}"}
    stored.components = [{"type": 1, "components": [row]}]
    return await who.click(shown, custom_id=row["custom_id"])


async def test_a_draft_that_is_gone_is_told_of(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        mo = moderator(world)
        answer = await create(world, mo)
        (draft,) = await drafts(world)
        form = await mo.click(page(answer), label="Change…")
        await mo.click(page(answer), label="Discard")
        assert await drafts(world) == []
        assert words(page(answer)) == "The draft was discarded. Nothing was announced."
        assert (buttons(page(answer)), files(page(answer))) == ([], [])
        for verb in ("announce", "change", "discard"):
            assert told(await press(world, mo, page(answer), draft.id, verb)) == GONE
        assert told(await mo.submit_modal(form, field_values(form) | {"description": "x"})) == GONE
        assert world.history(world.channel) == []


async def test_a_draft_of_another_server_is_none_here(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        mo = moderator(world)
        shown = page(await create(world, mo))
        (draft,) = await drafts(world)
        other = world.env.create_guild("Elsewhere")
        room = other.create_text_channel("room")
        role = other.create_role("chiefs", permissions=discord.Permissions(administrator=True))
        chief = other.add_member(world.env.create_user("chief"), roles=[role])
        there = page(await chief.slash(room, "challenge create", title="Mine"))
        assert told(await press(world, chief, there, draft.id, "announce")) == GONE
        await mo.click(shown, label="Announce and open")


async def test_who_lost_the_right_meanwhile_announces_nothing(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        mo = moderator(world)
        shown = page(await create(world, mo))
        form = await mo.click(shown, label="Change…")
        world.guild._guild.members[mo.id].role_ids.clear()
        said = "Only members with the permission **Manage Events** can do this."
        for label in ("Announce and open", "Change…", "Discard"):
            assert told(await mo.click(shown, label=label)) == said
        assert told(await mo.submit_modal(form, field_values(form) | {"description": "x"})) == said
        assert [draft.title for draft in await drafts(world)] == ["Night sky"]


async def test_a_channel_that_was_closed_meanwhile_is_told_of(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        mo = moderator(world)
        where = world.guild.create_text_channel("where")
        shown = page(await create(world, mo, channel=where))
        world.env.backend.delete_channel(where.id)
        await world.env.settle()
        said = told(await mo.click(shown, label="Announce and open"))
        assert said == "Choose a text channel, an announcement channel or a forum that I can see."
        assert [draft.schedule.confirmed for draft in await drafts(world)] == [False]


async def test_words_and_times_are_changed_in_the_same_preview(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        mo = moderator(world)
        answer = await create(world, mo, starts="18:00", ends="2026-01-05", voting="36h")
        form = await mo.click(page(answer), label="Change…")
        assert field_values(form) == {
            "title": "Night sky",
            "description": "",
            "starts": "2026-01-01 18:00 UTC",
            "ends": "2026-01-05 00:00 UTC",
            "voting": "1d 12h",
        }
        typed = {
            "title": " Day  sky ",
            "description": "Sun\nand clouds",
            "starts": "now",
            "ends": "2d",
            "voting": "12h",
        }
        changed = await mo.submit_modal(form, typed)
        assert changed.followups == []
        (draft,) = await drafts(world)
        assert (draft.title, draft.terms.description) == ("Day sky", "Sun\nand clouds")
        schedule = draft.schedule
        assert schedule.opens_at == pytest.approx(world.app.client.services.clock.now(), abs=2)
        assert schedule.entries_end_at - schedule.opens_at == 2 * DAY
        assert schedule.voting_ends_at - schedule.entries_end_at == draft.terms.voting_seconds == 12 * HOUR
        assert not draft.terms.ends_at_a_moment
        shown = page(answer)
        assert words(shown).startswith("## Day sky\nSun\nand clouds")
        assert (buttons(shown)[0], files(shown)) == ("Announce and open", ["style-1.jpg"])
        again = field_values(await mo.click(shown, label="Change…"))
        assert (again["starts"], again["ends"]) == ("now", "2d")


async def test_words_are_kept_where_the_times_cannot_be(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        mo = moderator(world)
        answer = await create(world, mo)
        (before,) = await drafts(world)
        said = told(await change(world, mo, page(answer), title="Day sky", voting="never"))
        assert said.startswith("“never” is not understood as a length of time.")
        assert said.endswith("The times stay as they were; the title and the description are changed.")
        (draft,) = await drafts(world)
        assert (draft.title, draft.schedule) == ("Day sky", before.schedule)
        assert words(page(answer)).startswith("## Day sky")
        assert told(await change(world, mo, page(answer), title="\u2003")) == "A challenge needs a title."


async def test_what_will_not_work_is_told_before(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock(), permissions=ROLES) as world:
        mo = moderator(world, manage_roles=True, mention_everyone=True)
        nobody, shy = world.guild.create_role("Nobody"), world.guild.create_role("Shy")
        everything = {"enter_role": nobody, "vote_role": nobody, "ping_role": shy, "winner_role": nobody}
        shown = words(page(await create(world, mo, mode="duels", hearts=3, **everything)))
        assert shown.splitlines()[-5:] == [
            f"-# Only you see this preview. It will be announced in <#{world.channel.id}>, "
            f"and <@&{shy.id}> is mentioned.",
            "⚠️ In duels nobody gives hearts, so `hearts` changes nothing.",
            f"⚠️ The mention of <@&{shy.id}> will reach nobody: allow everybody to mention that role, or give me the "
            "permission **Mention @everyone, @here, and All Roles**.",
            f"⚠️ Nobody has the role <@&{nobody.id}>, so nobody can enter.",
            f"⚠️ Nobody has the role <@&{nobody.id}>, so nobody can vote.",
        ]
        above = world.guild.create_role("Above", position=50)
        all_rights = discord.Permissions(administrator=True)
        lords = world.guild.create_role("Lords", position=60, permissions=all_rights)
        lord = world.guild.add_member(world.env.create_user("lord"), roles=[lords])
        shown = words(page(await create(world, lord, winner_role=above)))
        assert f"⚠️ I cannot give <@&{above.id}> to the winner: move my own role above it" in shown


async def test_without_manage_roles_no_winner_is_given_a_role(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        mo, crown = moderator(world, manage_roles=True), world.guild.create_role("Crown")
        shown = words(page(await create(world, mo, winner_role=crown, enter_role=crown)))
        assert f"⚠️ I cannot give <@&{crown.id}> to the winner: I need the permission **Manage Roles**." in shown
        assert "Nobody has" not in shown


async def test_in_a_forum_it_becomes_a_post(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        mo, forum = moderator(world), world.guild.create_forum_channel("challenges")
        shown = page(await create(world, mo, channel=forum))
        await mo.click(shown, label="Announce and open")
        (post,) = await until(lambda: forum.threads)
        assert post.name == "Night sky"
        await is_announced(world, post, "Night sky")


async def test_a_series_begins_when_its_first_challenge_is_announced(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        mo = moderator(world)
        for name in ("Wave", "Night", "Field"):
            await hang(world, name)
        series = world.app.client.services.challenges.series
        weekly = {"style": None, "from_library": "Wave, Night, Field", "weekly": True, "lasts": "6d"}
        shown = page(await create(world, mo, **weekly))
        assert "No. 1 of the series" in words(shown)
        last = round(world.app.client.services.clock.now() + 2 * WEEK)
        line = words(shown).splitlines()[-1]
        assert line.startswith(
            "-# After it a challenge opens every week, with **Night** and **Field**; the last one <t:"
        )
        assert abs(int(line.split("<t:")[1].split(":")[0]) - last) < 5 * MINUTE
        assert await series.listed(str(world.guild.id)) == []
        await world.restart()
        series = world.app.client.services.challenges.series
        await world.env.advance_time(HOUR)
        await mo.click(shown, label="Announce and open")
        challenge = await announced(world)
        (running,) = await series.listed(str(world.guild.id))
        assert [style.name for style in challenge.terms.styles] == ["Wave"]
        assert (challenge.series_id, challenge.number) == (running.id, 1)
        assert [style.name for style in running.styles[1:]] == ["Night", "Field"]
        assert running.open_seconds == pytest.approx(6 * DAY)
        assert running.next_at == pytest.approx(challenge.schedule.opens_at + WEEK)
        assert running.terms.later_styles == ()


async def test_a_discarded_series_never_begins(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        mo = moderator(world)
        await hang(world, "Wave")
        shown = page(await create(world, mo, style=None, from_library="Wave, Wave", weekly=True))
        await mo.click(shown, label="Discard")
        assert await world.app.client.services.challenges.series.listed(str(world.guild.id)) == []


async def test_moderators_read_of_it_in_the_log(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        mo, diary = moderator(world), world.guild.create_text_channel("diary")
        await world.app.client.services.settings.set(world.guild.id, "log_channel_id", diary.id, by=1)
        await mo.click(page(await create(world, mo)), label="Announce and open")
        said = f"📣 <@{mo.id}> announced the challenge **Night sky**."
        await until(lambda: any(said in message.content for message in world.history(diary)))


async def test_a_database_that_is_away_leaves_the_preview_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        mo = moderator(world)
        answer = await create(world, mo)

        async def away(*_: Any, **__: Any) -> Any:
            raise QueueUnavailable("away")

        with monkeypatch.context() as gone:
            gone.setattr(store(world), "confirm", away)
            said = told(await mo.click(page(answer), label="Announce and open"))
            assert said == "I cannot reach my queue at the moment. Please try again in a minute."
        await mo.click(page(answer), label="Announce and open")
        await is_announced(world, world.channel, "Night sky")


async def test_a_title_formats_nothing_and_the_longest_words_fit(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock(), permissions=ROLES) as world:
        mo = moderator(world, manage_roles=True)
        names = ["*" * 32, "_" * 31, "~" * 30]
        for name in names:
            await hang(world, name)
        weekly = ", ".join(names * 8)
        roles = [world.guild.create_role(str(number), mentionable=True) for number in range(3)]
        answer = await create(
            world,
            mo,
            title="*" * 80,
            description="_" * 600,
            style=None,
            from_library=weekly,
            weekly=True,
            enter_role=roles[0],
            vote_role=roles[1],
            winner_role=roles[2],
            ping_role=roles[2],
            member_for="30d",
        )
        assert len(words(page(answer))) <= 4000
