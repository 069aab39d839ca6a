"""Entries of challenges in the database, `bot/challenges/entries.py` and `entering.py`."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from bot.challenges.desk import ChallengeDesk, challenge_desk
from bot.challenges.entering import late_until
from bot.challenges.errors import EnoughEntries, NoSuchChallenge, NoSuchEntry, WrongPhase
from bot.challenges.values import Challenge, Entry, EntryState, Phase
from nst_engine.queue.database import Database, open_database
from tests.challenge_rig import (
    DAY,
    HERE,
    HOUR,
    NOW,
    THERE,
    author,
    closed,
    entered,
    heart,
    new_challenge,
    nobody_minds,
    opened,
    picture,
    tasks_of,
    voted_on,
)

END = NOW + DAY


@pytest.fixture
def desk(database: Database) -> ChallengeDesk:
    return challenge_desk(database)


async def handed_in(desk: ChallengeDesk, challenge: Challenge, job_id: str, *, asked_at: float, now: float) -> Entry:
    return await desk.entries.enter(
        challenge.id, author("ann"), picture(job_id), asked_at=asked_at, now=now, guard=nobody_minds
    )


async def replaced(desk: ChallengeDesk, entry: Entry, job_id: str, *, user_id: str = "ann", now: float = NOW) -> Entry:
    return await desk.entries.replace(
        entry.id, author(user_id, "Ann II"), picture(job_id), asked_at=NOW, now=now, guard=nobody_minds
    )


async def test_an_entry_comes_back_as_it_was_entered(desk: ChallengeDesk) -> None:
    challenge = await opened(desk)
    entry = await entered(desk, challenge, "ann")
    assert (entry.author, entry.picture, entry.challenge_id) == (author("ann"), picture("ann"), challenge.id)
    assert (entry.state, entry.entered_at, entry.decided_by, entry.reason) == (EntryState.SHOWN, NOW + 1, None, "")
    assert await desk.entries.get(entry.id) == entry
    assert await desk.entries.of_member(challenge.id, "ann") == [entry]
    assert await desk.entries.get(entry.id + 1) is None


async def test_the_same_picture_twice_is_one_entry_even_if_the_second_press_comes_late(desk: ChallengeDesk) -> None:
    challenge = await opened(desk)
    entry = await entered(desk, challenge, "ann")
    assert await entered(desk, challenge, "ann") == entry
    assert await handed_in(desk, challenge, "ann", asked_at=NOW, now=END + DAY) == entry
    assert await desk.entries.all(challenge.id) == [entry]


async def test_a_member_has_as_many_entries_as_the_terms_allow(desk: ChallengeDesk) -> None:
    challenge = await opened(desk, entries_per_member=2)
    for job in ("1", "2"):
        await entered(desk, challenge, "ann", job)
    with pytest.raises(EnoughEntries) as refused:
        await entered(desk, challenge, "ann", "3")
    assert refused.value.limit == 2
    await entered(desk, challenge, "bob", "4")


async def test_entries_that_wait_for_approval_take_room_and_removed_ones_do_not(desk: ChallengeDesk) -> None:
    challenge = await opened(desk, needs_approval=True)
    entry = await entered(desk, challenge, "ann", "1")
    assert entry.state is EntryState.WAITING
    with pytest.raises(EnoughEntries):
        await entered(desk, challenge, "ann", "2")
    await desk.entries.remove(HERE, entry.id, by="moderator", reason="Not the sea.", now=NOW)
    await entered(desk, challenge, "ann", "2")


async def test_twenty_entries_of_one_member_at_once_are_one(database_url: str) -> None:
    async with open_database(database_url) as one, open_database(database_url) as other:
        desks = challenge_desk(one), challenge_desk(other)
        challenge = await opened(desks[0])
        outcomes = await asyncio.gather(
            *(entered(desks[number % 2], challenge, "ann", str(number)) for number in range(20)),
            return_exceptions=True,
        )
        assert sum(isinstance(outcome, Entry) for outcome in outcomes) == 1
        assert sum(isinstance(outcome, EnoughEntries) for outcome in outcomes) == 19
        assert (await desks[1].challenges.counts(challenge.id)).entries == 1


async def test_a_double_click_on_two_bots_is_one_entry(database_url: str) -> None:
    async with open_database(database_url) as one, open_database(database_url) as other:
        desks = challenge_desk(one), challenge_desk(other)
        challenge = await opened(desks[0], entries_per_member=5)
        both = await asyncio.gather(*(entered(desks[number % 2], challenge, "ann") for number in range(6)))
        assert len({entry.id for entry in both}) == 1


async def test_nobody_enters_before_the_start_or_after_the_end(desk: ChallengeDesk) -> None:
    draft = await desk.challenges.create(new_challenge(opens_at=NOW + HOUR), NOW)
    challenge = await opened(desk)
    for each, phase in ((draft, Phase.DRAFT), (challenge, Phase.VOTING)):
        with pytest.raises(WrongPhase) as refused:
            await handed_in(desk, each, "1", asked_at=END, now=END)
        assert refused.value.phase is phase
    with pytest.raises(NoSuchChallenge):
        await handed_in(desk, replace(challenge, id=99), "1", asked_at=NOW, now=NOW)


async def test_a_photo_handed_in_before_the_end_is_entered_for_an_hour_after_it(desk: ChallengeDesk) -> None:
    challenge, _ = await voted_on(desk, "bob", "cleo")
    assert late_until(challenge.schedule) == END + HOUR
    with pytest.raises(WrongPhase):
        await handed_in(desk, challenge, "1", asked_at=END, now=END + 1)
    with pytest.raises(WrongPhase):
        await handed_in(desk, challenge, "1", asked_at=END - 1, now=END + HOUR)
    entry = await handed_in(desk, challenge, "1", asked_at=END - 1, now=END + HOUR - 1)
    assert entry.state is EntryState.SHOWN


async def test_but_not_in_the_second_half_of_a_short_voting(desk: ChallengeDesk) -> None:
    challenge, _ = await voted_on(desk, "bob", "cleo", voting_seconds=HOUR)
    with pytest.raises(WrongPhase):
        await handed_in(desk, challenge, "1", asked_at=END - 1, now=END + HOUR / 2)
    await handed_in(desk, challenge, "1", asked_at=END - 1, now=END + HOUR / 2 - 1)


async def test_who_may_not_take_part_is_refused_in_the_same_transaction(desk: ChallengeDesk) -> None:
    class Blocked(Exception):
        pass

    def guard(_connection: Connection) -> None:
        raise Blocked

    challenge = await opened(desk)
    entry = await entered(desk, challenge, "ann")
    with pytest.raises(Blocked):
        await desk.entries.enter(challenge.id, author("bob"), picture("1"), asked_at=NOW, now=NOW, guard=guard)
    with pytest.raises(Blocked):
        await desk.entries.replace(entry.id, author("ann"), picture("1"), asked_at=NOW, now=NOW, guard=guard)
    assert await desk.entries.all(challenge.id) == [entry]


async def test_a_withdrawn_picture_leaves_room_and_can_be_entered_again(desk: ChallengeDesk) -> None:
    challenge = await opened(desk)
    entry = await entered(desk, challenge, "ann")
    assert (await desk.entries.withdraw(entry.id, "ann")).state is EntryState.WITHDRAWN
    assert await desk.entries.shown_to(challenge.id, "bob") == []
    again = await entered(desk, challenge, "ann", now=NOW + 5)
    assert (again.id, again.state, again.entered_at) == (entry.id, EntryState.SHOWN, NOW + 5)
    await desk.entries.withdraw(entry.id, "ann")
    await entered(desk, challenge, "ann", "other")
    with pytest.raises(EnoughEntries):
        await entered(desk, challenge, "ann")


async def test_only_its_author_withdraws_an_entry_and_only_once(desk: ChallengeDesk) -> None:
    entry = await entered(desk, await opened(desk), "ann")
    with pytest.raises(NoSuchEntry):
        await desk.entries.withdraw(entry.id, "bob")
    await desk.entries.withdraw(entry.id, "ann")
    with pytest.raises(NoSuchEntry):
        await desk.entries.withdraw(entry.id, "ann")
    with pytest.raises(NoSuchEntry):
        await desk.entries.withdraw(99, "ann")


async def test_who_withdraws_during_the_voting_has_withdrawn_for_good(desk: ChallengeDesk) -> None:
    challenge, (entry, *_) = await voted_on(desk, "ann", "bob", "cleo")
    await desk.entries.withdraw(entry.id, "ann")
    with pytest.raises(EnoughEntries):
        await handed_in(desk, challenge, "ann", asked_at=END - 1, now=END + 1)
    with pytest.raises(EnoughEntries):
        await handed_in(desk, challenge, "other", asked_at=END - 1, now=END + 1)


async def test_where_there_is_room_for_another_it_is_not_the_one_that_was_withdrawn(desk: ChallengeDesk) -> None:
    challenge, (entry, *_) = await voted_on(desk, "ann", "bob", entries_per_member=2)
    await desk.entries.withdraw(entry.id, "ann")
    with pytest.raises(WrongPhase):
        await handed_in(desk, challenge, "ann", asked_at=END - 1, now=END + 1)
    await handed_in(desk, challenge, "other", asked_at=END - 1, now=END + 1)


async def test_when_it_is_over_nothing_is_withdrawn_replaced_or_approved(desk: ChallengeDesk) -> None:
    challenge, (entry, *_) = await voted_on(desk, "ann", "bob")
    await closed(desk, challenge)
    with pytest.raises(WrongPhase):
        await desk.entries.withdraw(entry.id, "ann")
    with pytest.raises(WrongPhase):
        await replaced(desk, entry, "2", now=NOW + 3 * DAY)


async def test_a_replaced_picture_is_the_same_entry_and_waits_for_approval_anew(desk: ChallengeDesk) -> None:
    challenge = await opened(desk, needs_approval=True)
    entry = await entered(desk, challenge, "ann")
    await desk.entries.approve(HERE, entry.id, by="moderator", now=NOW)
    other = await replaced(desk, entry, "2", now=NOW + 7)
    assert (other.id, other.picture.job_id, other.author.name) == (entry.id, "2", "Ann II")
    assert (other.state, other.entered_at, other.decided_by) == (EntryState.WAITING, NOW + 7, None)
    assert await replaced(desk, entry, "2", now=NOW + 8) == other
    assert await desk.entries.all(challenge.id) == [other]


async def test_a_picture_that_is_entered_already_replaces_no_other(desk: ChallengeDesk) -> None:
    challenge = await opened(desk, entries_per_member=2)
    first, second = [await entered(desk, challenge, "ann", job) for job in ("1", "2")]
    assert await replaced(desk, first, "2") == second
    assert await desk.entries.of_member(challenge.id, "ann") == [first, second]


async def test_a_picture_that_was_withdrawn_can_replace_another(desk: ChallengeDesk) -> None:
    challenge = await opened(desk)
    first = await entered(desk, challenge, "ann", "1")
    await desk.entries.withdraw(first.id, "ann")
    second = await entered(desk, challenge, "ann", "2")
    assert (await replaced(desk, second, "1")).id == first.id
    states = [entry.state for entry in await desk.entries.of_member(challenge.id, "ann")]
    assert states == [EntryState.SHOWN, EntryState.WITHDRAWN]


async def test_during_the_voting_nothing_is_replaced(desk: ChallengeDesk) -> None:
    _, (entry, *_) = await voted_on(desk, "ann", "bob")
    with pytest.raises(WrongPhase):
        await replaced(desk, entry, "2", now=END + 1)


async def test_only_an_entry_of_ones_own_that_takes_part_is_replaced(desk: ChallengeDesk) -> None:
    challenge = await opened(desk)
    entry = await entered(desk, challenge, "ann")
    with pytest.raises(NoSuchEntry):
        await replaced(desk, entry, "2", user_id="bob")
    await desk.entries.withdraw(entry.id, "ann")
    with pytest.raises(NoSuchEntry):
        await replaced(desk, entry, "2")


async def test_an_entry_is_approved_once_and_its_author_told(desk: ChallengeDesk, database: Database) -> None:
    challenge = await opened(desk, needs_approval=True)
    entry = await entered(desk, challenge, "ann")
    with pytest.raises(NoSuchEntry):
        await desk.entries.approve(THERE, entry.id, by="moderator", now=NOW)
    approved = await desk.entries.approve(HERE, entry.id, by="moderator", now=NOW)
    assert (approved.state, approved.decided_by) == (EntryState.SHOWN, "moderator")
    with pytest.raises(NoSuchEntry):
        await desk.entries.approve(HERE, entry.id, by="other", now=NOW)
    assert await tasks_of(database, challenge.id) == ["announce", f"approved {entry.id}"]


async def test_after_the_end_nothing_is_approved(desk: ChallengeDesk) -> None:
    challenge, (entry, *_) = await voted_on(desk, "ann", "bob", needs_approval=True)
    with pytest.raises(WrongPhase) as refused:
        await desk.entries.approve(HERE, entry.id, by="moderator", now=challenge.schedule.voting_ends_at)
    assert refused.value.phase is Phase.CLOSED


async def test_a_removed_entry_is_gone_for_good_and_its_author_told_why(
    desk: ChallengeDesk, database: Database
) -> None:
    challenge = await opened(desk)
    entry = await entered(desk, challenge, "ann")
    with pytest.raises(NoSuchEntry):
        await desk.entries.remove(THERE, entry.id, by="moderator", reason="", now=NOW)
    removed = await desk.entries.remove(HERE, entry.id, by="moderator", reason="Not the sea.", now=NOW)
    assert (removed.state, removed.decided_by, removed.reason) == (EntryState.REMOVED, "moderator", "Not the sea.")
    assert await tasks_of(database, challenge.id) == ["announce", f"removed {entry.id}"]
    assert await desk.entries.shown_to(challenge.id, "bob") == []
    assert await desk.entries.all(challenge.id) == [removed]
    with pytest.raises(NoSuchEntry):
        await entered(desk, challenge, "ann")
    with pytest.raises(NoSuchEntry):
        await desk.entries.remove(HERE, entry.id, by="moderator", reason="", now=NOW)


async def test_an_entry_is_removed_also_after_the_end_and_the_places_stay(desk: ChallengeDesk) -> None:
    challenge, (ann, bob) = await voted_on(desk, "ann", "bob")
    await heart(desk, challenge, "cleo", ann)
    await closed(desk, challenge)
    await desk.entries.remove(HERE, ann.id, by="moderator", reason="", now=NOW + 3 * DAY)
    assert [(one.entry.id, one.place) for one in await desk.archive.ranking(challenge.id)] == [(bob.id, 2)]


async def test_two_moderators_decide_on_one_entry_at_once_and_one_of_them_does(database_url: str) -> None:
    async with open_database(database_url) as one, open_database(database_url) as other:
        desks = challenge_desk(one), challenge_desk(other)
        challenge = await opened(desks[0], needs_approval=True)
        entry = await entered(desks[0], challenge, "ann")
        approvals = [desk.entries.approve(HERE, entry.id, by="moderator", now=NOW) for desk in desks * 3]
        outcomes = await asyncio.gather(*approvals, return_exceptions=True)
        assert sum(isinstance(outcome, Entry) for outcome in outcomes) == 1
        assert await tasks_of(one, challenge.id) == ["announce", f"approved {entry.id}"]


async def test_everybody_sees_the_entries_in_an_order_of_their_own_that_stays(desk: ChallengeDesk) -> None:
    challenge = await opened(desk)
    for number in range(12):
        await entered(desk, challenge, f"member {number}")
    orders = [[entry.id for entry in await desk.entries.shown_to(challenge.id, f"viewer {n}")] for n in range(8)]
    assert len({tuple(order) for order in orders}) == 8
    assert all(sorted(order) == sorted(orders[0]) for order in orders)
    assert len({order[0] for order in orders}) > 3
    assert [entry.id for entry in await desk.entries.shown_to(challenge.id, "viewer 0")] == orders[0]
