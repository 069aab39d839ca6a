"""Series of challenges, `bot/challenges/series.py`."""

import asyncio

import pytest

from bot.challenges.desk import ChallengeDesk, challenge_desk
from bot.challenges.errors import NoSuchChallenge
from bot.challenges.series import WEEK_SECONDS, Series
from bot.challenges.values import Challenge, Phase
from nst_engine.queue.database import Database, open_database
from tests.challenge_rig import DAY, HERE, HOUR, NOW, STYLE, THERE, new_challenge, opened, tasks_of

SEA = STYLE.model_copy(update={"name": "Sea"})
SKY = STYLE.model_copy(update={"name": "Sky"})


@pytest.fixture
def desk(database: Database) -> ChallengeDesk:
    return challenge_desk(database)


async def begun(desk: ChallengeDesk, *styles_later: str) -> tuple[Challenge, Series]:
    """Its first challenge is open."""
    first = await opened(desk, entries_per_member=2)
    later = tuple(STYLE.model_copy(update={"name": name}) for name in styles_later)
    series = await desk.series.begin(first.id, styles=later, open_seconds=3 * DAY, now=NOW)
    return await desk.challenges.find(HERE, first.id), series


async def due(desk: ChallengeDesk, now: float) -> list[Challenge]:
    """Those that were started, and not those that only moved on."""
    return [challenge for challenge in await desk.challenges.carry_out_due(now) if challenge.phase is Phase.OPEN]


async def test_every_week_the_next_style_of_the_list_has_its_challenge(desk: ChallengeDesk, database: Database) -> None:
    first, series = await begun(desk, "Sea", "Sky")
    assert (first.series_id, first.number, series.next_at) == (series.id, 1, NOW + WEEK_SECONDS)
    assert await desk.series.listed(HERE) == [series]
    assert await due(desk, NOW + WEEK_SECONDS - 1) == []
    (second,) = await due(desk, NOW + WEEK_SECONDS)
    assert (second.title, second.number, second.series_id, second.channel_id) == ("Waves", 2, series.id, 7)
    assert (second.terms.styles, second.terms.entries_per_member) == ((SEA,), 2)
    assert (second.phase, second.schedule.entries_end_at) == (Phase.OPEN, NOW + WEEK_SECONDS + 3 * DAY)
    assert await tasks_of(database, second.id) == ["announce"]
    (third,) = await due(desk, NOW + 2 * WEEK_SECONDS)
    assert (third.terms.styles, third.number) == ((SKY,), 3)
    assert await due(desk, NOW + 3 * WEEK_SECONDS) == []
    assert await desk.series.listed(HERE) == []


async def test_weeks_that_were_missed_are_left_out_and_the_style_is_not(desk: ChallengeDesk) -> None:
    await begun(desk, "Sea", "Sky")
    back = NOW + 3 * WEEK_SECONDS + HOUR
    (second,) = await due(desk, back)
    assert (second.terms.styles, second.schedule.opens_at) == ((SEA,), back)
    assert await due(desk, back) == []
    assert [series.next_at for series in await desk.series.listed(HERE)] == [NOW + 4 * WEEK_SECONDS]


async def test_a_series_that_is_stopped_lets_the_current_challenge_go_on(desk: ChallengeDesk) -> None:
    first, series = await begun(desk, "Sea")
    for tenant_id, series_id in ((THERE, series.id), (HERE, 99)):
        with pytest.raises(NoSuchChallenge):
            await desk.series.stop(tenant_id, series_id)
    await desk.series.stop(HERE, series.id)
    assert await desk.series.listed(HERE) == []
    assert await due(desk, NOW + WEEK_SECONDS - DAY) == []
    assert await due(desk, NOW + WEEK_SECONDS) == []
    assert (await desk.challenges.find(HERE, first.id)).phase is Phase.CLOSED


async def test_a_draft_that_names_later_styles_begins_its_series_when_it_is_confirmed(desk: ChallengeDesk) -> None:
    draft = await desk.challenges.create(new_challenge(later_styles=(SEA,), ends_at_a_moment=True), NOW)
    assert await desk.series.listed(HERE) == []
    first = await desk.challenges.confirm(HERE, draft.id, NOW + HOUR)
    (series,) = await desk.series.listed(HERE)
    assert (first.series_id, first.number) == (series.id, 1)
    assert first == await desk.challenges.find(HERE, draft.id)
    assert series.styles[series.next_number - 1] == SEA
    assert (series.terms.later_styles, series.terms.ends_at_a_moment) == ((), False)
    assert (series.next_at, series.open_seconds) == (NOW + HOUR + WEEK_SECONDS, DAY - HOUR)
    (second,) = await due(desk, NOW + HOUR + WEEK_SECONDS)
    assert second.schedule.entries_end_at - second.schedule.opens_at == DAY - HOUR


async def test_nothing_follows_a_draft_that_is_thrown_away_or_forgotten(desk: ChallengeDesk) -> None:
    kept, thrown, forgotten = [await desk.challenges.create(new_challenge(), NOW) for _ in range(3)]
    for draft in (kept, thrown, forgotten):
        await desk.series.begin(draft.id, styles=(SEA,), open_seconds=DAY, now=NOW)
    await desk.challenges.confirm(HERE, kept.id, NOW)
    await desk.challenges.discard(HERE, thrown.id)
    await desk.challenges.carry_out_due(NOW + DAY)
    assert len(await desk.series.listed(HERE)) == 1
    assert [challenge.number for challenge in await due(desk, NOW + WEEK_SECONDS)] == [2]


async def test_a_series_begins_once_and_only_with_a_style(desk: ChallengeDesk) -> None:
    first, series = await begun(desk, "Sea")
    assert await desk.series.begin(first.id, styles=(SKY,), open_seconds=DAY, now=NOW) == series
    free = await opened(desk, styles=())
    with pytest.raises(ValueError, match="no style"):
        await desk.series.begin(free.id, styles=(SKY,), open_seconds=DAY, now=NOW)
    with pytest.raises(NoSuchChallenge):
        await desk.series.begin(99, styles=(SKY,), open_seconds=DAY, now=NOW)


async def test_two_bots_start_the_next_challenge_once(database_url: str) -> None:
    async with open_database(database_url) as one, open_database(database_url) as other:
        desks = challenge_desk(one), challenge_desk(other)
        await begun(desks[0], "Sea", "Sky")
        await desks[0].challenges.carry_out_due(NOW + 3 * DAY)
        started = await asyncio.gather(*(due(desk, NOW + WEEK_SECONDS) for desk in desks * 3))
        assert [challenge.number for look in started for challenge in look] == [2]
