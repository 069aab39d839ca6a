"""What is left of challenges that are over, `bot/challenges/archive.py`."""

import pytest

from bot.challenges.archive import Page, Standing
from bot.challenges.desk import ChallengeDesk, challenge_desk
from bot.challenges.values import Challenge, Entry
from nst_engine.queue.database import Database
from tests.challenge_rig import (
    DAY,
    HERE,
    NOW,
    THERE,
    author,
    closed,
    entered,
    heart,
    nobody_minds,
    opened,
    picture,
    voted_on,
)


@pytest.fixture
def desk(database: Database) -> ChallengeDesk:
    return challenge_desk(database)


async def over(desk: ChallengeDesk, *members: str, hearts: tuple[int, ...], tenant_id: str = HERE) -> list[Entry]:
    """A challenge in which the members' entries had so many hearts."""
    challenge, entries = await voted_on(desk, *members, tenant_id=tenant_id)
    for entry, count in zip(entries, hearts, strict=True):
        for number in range(count):
            await heart(desk, challenge, f"voter {number}", entry)
    await closed(desk, challenge)
    return entries


async def standings(desk: ChallengeDesk) -> list[tuple[int, str, int, int, int, int]]:
    found, _ = await desk.archive.standings(HERE, 1, per_page=20)
    return [(one.place, one.user_id, one.firsts, one.seconds, one.thirds, one.entries) for one in found]


async def test_a_server_where_nothing_has_ended_has_one_empty_page(desk: ChallengeDesk) -> None:
    await opened(desk)
    empty = Page(number=1, pages=1, total=0)
    assert await desk.archive.standings(HERE, 3, per_page=5) == ([], empty)
    assert await desk.archive.history(HERE, 3, per_page=5) == ([], empty)
    assert await desk.archive.standing_of(HERE, "ann") is None
    assert await desk.archive.ranking(1) == []


async def test_members_stand_by_firsts_then_seconds_then_thirds_then_entries(desk: ChallengeDesk) -> None:
    await over(desk, "ann", "bob", "cleo", "dora", hearts=(3, 2, 1, 0))
    await over(desk, "dora", "cleo", "bob", hearts=(3, 2, 0))
    await over(desk, "emil", "fred", "ann", hearts=(0, 0, 1))
    assert await standings(desk) == [
        (1, "ann", 2, 0, 0, 2),
        (2, "dora", 1, 0, 0, 2),
        (3, "cleo", 0, 1, 1, 2),
        (4, "bob", 0, 1, 0, 2),
        (5, "emil", 0, 0, 0, 1),
        (5, "fred", 0, 0, 0, 1),
    ]
    assert await desk.archive.standing_of(HERE, "cleo") == Standing(
        user_id="cleo", name="Cleo", place=3, firsts=0, seconds=1, thirds=1, entries=2
    )


async def test_who_nobody_voted_for_has_won_nothing_as_on_the_podium(desk: ChallengeDesk) -> None:
    first, *_ = await over(desk, "ann", "bob", hearts=(0, 0))
    assert await standings(desk) == [(1, "ann", 0, 0, 0, 1), (1, "bob", 0, 0, 0, 1)]
    placed = await desk.archive.ranking(first.challenge_id)
    assert not any(one.is_on_podium for one in placed)


async def test_another_servers_challenges_and_those_that_were_called_off_do_not_count(desk: ChallengeDesk) -> None:
    await over(desk, "ann", "bob", hearts=(1, 0), tenant_id=THERE)
    challenge, (entry, _) = await voted_on(desk, "ann", "bob")
    await heart(desk, challenge, "cleo", entry)
    await desk.challenges.cancel(HERE, challenge.id, "", NOW + DAY)
    assert await standings(desk) == []
    assert await desk.archive.history(HERE, 1, per_page=5) == ([], Page(number=1, pages=1, total=0))


async def test_a_removed_entry_counts_no_more(desk: ChallengeDesk) -> None:
    ann, _ = await over(desk, "ann", "bob", hearts=(2, 1))
    await desk.entries.remove(HERE, ann.id, by="moderator", reason="", now=NOW + 3 * DAY)
    assert await standings(desk) == [(1, "bob", 0, 1, 0, 1)]


async def test_a_member_is_called_as_they_were_last(desk: ChallengeDesk) -> None:
    await over(desk, "ann", "bob", hearts=(1, 0))
    challenge = await opened(desk)
    renamed = author("ann", "Queen Ann")
    await desk.entries.enter(challenge.id, renamed, picture("new"), asked_at=NOW, now=NOW, guard=nobody_minds)
    await desk.challenges.carry_out_due(NOW + DAY)
    ann = await desk.archive.standing_of(HERE, "ann")
    assert ann is not None
    assert (ann.name, ann.entries) == ("Queen Ann", 2)


async def test_pages_are_as_long_as_wanted_and_one_that_is_not_there_is_the_nearest(desk: ChallengeDesk) -> None:
    await over(desk, *(f"member {number}" for number in range(7)), hearts=(0,) * 7)
    pages = [await desk.archive.standings(HERE, page, per_page=3) for page in (0, 1, 2, 3, 4)]
    assert [(page.number, page.pages, page.total, len(found)) for found, page in pages] == [
        *((1, 3, 7, 3), (1, 3, 7, 3), (2, 3, 7, 3)),
        *((3, 3, 7, 1), (3, 3, 7, 1)),
    ]
    assert len({one.user_id for found, _ in pages for one in found}) == 7


async def test_history_has_the_challenge_that_ended_last_first(desk: ChallengeDesk) -> None:
    async def ended(*, voting_seconds: float) -> Challenge:
        challenge = await opened(desk, voting_seconds=voting_seconds)
        for name in ("ann", "bob"):
            await entered(desk, challenge, name)
        return challenge

    lengths = (2 * DAY, 3 * DAY, DAY)
    challenges = [await ended(voting_seconds=seconds) for seconds in lengths]
    for now in (NOW + DAY, NOW + 9 * DAY):
        await desk.challenges.carry_out_due(now)
    found, page = await desk.archive.history(HERE, 1, per_page=2)
    assert [challenge.id for challenge in found] == [challenges[1].id, challenges[0].id]
    assert page == Page(number=1, pages=2, total=3)
    found, _ = await desk.archive.history(HERE, 2, per_page=2)
    assert [challenge.id for challenge in found] == [challenges[2].id]
