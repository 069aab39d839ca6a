"""`/challenge list`: what goes on in a server, with the buttons to take part, whatever became of the announcements."""

import asyncio
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.challenges.creation import MOST_UNFINISHED
from bot.challenges.series import Series
from bot.challenges.times import DAY, WEEK
from bot.challenges.values import Challenge, ChallengeStyle, NewChallenge, Phase, Schedule, Terms
from bot.settings.language import Language
from bot.ui.challenges.buttons import ChallengeButton
from bot.ui.challenges.listing import CHALLENGES_ON_A_PAGE, Page, list_view
from bot.ui.words import words_in
from nst_engine.errors import QueueUnavailable
from tests.bot_world import World, WorldClock, bot_world, buttons, told, words
from tests.challenge_drafts import is_announced, moderator, store

NOW = 1_780_000_000.0
STYLE = ChallengeStyle(name="_" * 48, blob="b", thumbnail_blob="t", width=9, height=9)


async def going_on(world: World, title: str, *, opens_in: float = 0.0, lasts: float = DAY, **terms: Any) -> Challenge:
    """A challenge that was announced."""
    now = world.app.client.services.clock.now()
    new = NewChallenge(
        tenant_id=str(world.guild.id),
        title=title,
        terms=Terms(voting_seconds=DAY, **terms),
        channel_id=world.channel.id,
        opens_at=now + opens_in,
        entries_end_at=now + opens_in + lasts,
        created_by="1",
    )
    draft = await store(world).create(new, now)
    return await store(world).confirm(draft.tenant_id, draft.id, now)


async def listed(world: World, who: Any) -> discord.Message:
    answer = await who.slash(world.channel, "challenge list")
    assert answer.response.ephemeral
    message: discord.Message = answer.response.message
    return message


def titles(message: discord.Message) -> list[str]:
    return [line.removeprefix("### ") for line in words(message).splitlines() if line.startswith("### ")]


async def test_everybody_sees_what_goes_on_what_ends_first_first(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        later = await going_on(world, "Later", opens_in=DAY)
        long = await going_on(world, "Long *one*", lasts=2 * DAY)
        short = await going_on(world, "Short")
        await store(world).create(
            NewChallenge(
                tenant_id=later.tenant_id,
                title="A secret",
                terms=Terms(voting_seconds=DAY),
                channel_id=world.channel.id,
                opens_at=0.0,
                entries_end_at=DAY,
                created_by="1",
            ),
            world.app.client.services.clock.now(),
        )
        over = await going_on(world, "Over")
        await store(world).cancel(over.tenant_id, over.id, "no", 0.0)
        links = {}
        for challenge, heading in ((later, "Later"), (long, "Long \\*one\\*"), (short, "Short")):
            links[challenge.id] = (await is_announced(world, world.channel, heading)).jump_url
        await until_announced(world, later.id, long.id, short.id)
        shown = await listed(world, world.ann)
        assert titles(shown) == [
            f"[Short]({links[short.id]})",
            f"[Long \\*one\\*]({links[long.id]})",
            f"[Later]({links[later.id]})",
        ]
        assert buttons(shown) == ["Enter", "My entry", "Gallery"] * 2
        assert f"**Opens** <t:{round(later.schedule.opens_at)}:F>" in words(shown)
        assert f"**Open for entries** until <t:{round(short.schedule.entries_end_at)}:F>" in words(shown)


async def until_announced(world: World, *challenge_ids: int) -> None:
    """The bot has noted where the announcements are."""
    async with asyncio.timeout(8):
        for challenge_id in challenge_ids:
            while (await stored(world, challenge_id)).announcement_id is None:  # noqa: ASYNC110  # nobody tells when
                await asyncio.sleep(0.01)


async def stored(world: World, challenge_id: int) -> Challenge:
    return await store(world).find(str(world.guild.id), challenge_id)


async def test_the_buttons_are_those_of_the_phase_also_after_a_restart(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        challenge = await going_on(world, "Night sky")
        shown = await listed(world, world.ann)
        message = await is_announced(world, world.channel, "Night sky")
        await until_announced(world, challenge.id)
        world.env.backend.delete_message(world.channel.id, message.id)
        await world.restart()
        assert (await world.ann.click(shown, label="Enter")).modal is not None
        assert buttons(await listed(world, world.ann)) == ["Enter", "My entry", "Gallery"]


async def test_while_there_is_a_vote_there_is_a_button_for_it() -> None:
    view = list_view(page_of(example(1, Phase.VOTING)), words_in(Language.ENGLISH))
    labels = [item.item.label for item in view.walk_children() if isinstance(item, ChallengeButton)]
    assert labels == ["Vote", "Gallery", "My entry"]


async def test_nothing_is_told_as_nothing(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        assert words(await listed(world, world.ann)) == "## Challenges\nThere is no challenge here at the moment."
        said = words(await listed(world, moderator(world)))
        assert said.startswith(
            "## Challenges\nThere is no challenge here at the moment. You can make one with </challenge"
        )


async def test_pages_are_turned_also_after_a_restart(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        for number in range(CHALLENGES_ON_A_PAGE + 1):
            await going_on(world, f"No {number}", opens_in=DAY + number)
        shown = await listed(world, world.ann)
        assert "page 1 of 2" in words(shown)
        assert [title.strip("[").partition("]")[0] for title in titles(shown)] == [
            f"No {number}" for number in range(5)
        ]
        await world.restart()
        answer = await world.ann.click(shown, label="Next")
        assert [title.strip("[").partition("]")[0] for title in titles(answer.response.message)] == ["No 5"]
        assert "page 2 of 2" in words(answer.response.message)


async def test_running_series_are_for_those_who_run_challenges(tmp_path: Path) -> None:
    async with bot_world(tmp_path, clock=WorldClock()) as world:
        styles = tuple(STYLE.model_copy(update={"name": name}) for name in ("Wave", "Night", "Field"))
        first = await going_on(world, "Weekly", styles=styles[:1], later_styles=styles[1:])
        said = words(await listed(world, moderator(world)))
        when = f"<t:{round(first.schedule.opens_at + WEEK)}:F>"
        assert said.endswith(f"**Every week**\n- **Weekly**: the next of 2 opens {when}, with Night.")
        assert "Every week" not in words(await listed(world, world.ann))


async def test_a_database_that_is_away_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with bot_world(tmp_path) as world:

        async def away(*_: Any) -> Any:
            raise QueueUnavailable("away")

        monkeypatch.setattr(store(world), "listed", away)
        said = told(await world.ann.slash(world.channel, "challenge list"))
        assert said == "I cannot reach my queue at the moment. Please try again in a minute."


def test_the_fullest_page_fits_into_a_message() -> None:
    series = Series(
        id=1,
        tenant_id="1" * 19,
        title="*" * 80,
        terms=Terms(voting_seconds=DAY),
        styles=(STYLE,) * 9,
        channel_id=1,
        open_seconds=DAY,
        next_number=2,
        next_at=NOW,
        created_by="1",
    )
    challenges = tuple(example(10**17 + number, Phase.VOTING) for number in range(CHALLENGES_ON_A_PAGE))
    page = Page(number=1, pages=9, challenges=challenges, series=(series,) * MOST_UNFINISHED, create=None)
    for language in Language:
        view = list_view(page, words_in(language))
        assert view.total_children_count <= 40
        assert view.content_length() <= 4000


def page_of(*challenges: Challenge) -> Page:
    return Page(number=1, pages=1, challenges=challenges, series=(), create=None)


def example(number: int, phase: Phase) -> Challenge:
    return Challenge(
        id=number,
        tenant_id="9" * 19,
        title="*" * 80,
        terms=Terms(voting_seconds=DAY),
        schedule=Schedule(
            phase=phase,
            confirmed=True,
            opens_at=NOW,
            entries_end_at=NOW + DAY,
            voting_ends_at=NOW + 2 * DAY,
            voting_seconds=DAY,
        ),
        channel_id=9,
        place_id=10**19 - 1,
        announcement_id=10**19 - 1,
        created_by="1",
        created_at=NOW,
        end_reason="",
        series_id=None,
        number=None,
    )
