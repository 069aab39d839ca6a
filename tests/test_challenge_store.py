"""Challenges in the database, `bot/challenges/store.py`, `moves.py` and `deadlines.py`."""

import asyncio
import json
import logging

import pytest
from sqlalchemy import update

from bot.challenges.desk import ChallengeDesk, challenge_desk
from bot.challenges.errors import NoSuchChallenge, WrongPhase
from bot.challenges.values import Challenge, Counts, Phase
from bot.store.schema import challenges
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.database import Database, open_database
from nst_engine.queue.schema import database_now, jobs
from nst_engine.queue.store import JobStore
from tests.challenge_rig import (
    DAY,
    DUELS,
    HERE,
    HOUR,
    NOW,
    THERE,
    closed,
    entered,
    heart,
    judge,
    new_challenge,
    opened,
    tasks_of,
    terms,
    voted_on,
)
from tests.queue_samples import new_job


@pytest.fixture
def desk(database: Database) -> ChallengeDesk:
    return challenge_desk(database)


async def scribble(database: Database, challenge_id: int, **columns: object) -> None:
    """What another version might have written."""
    statement = update(challenges).where(challenges.c.id == challenge_id).values(**columns)
    await database.write(lambda connection: connection.execute(statement))


async def test_a_draft_comes_back_as_it_was_made_and_nobody_else_sees_it(desk: ChallengeDesk) -> None:
    new = new_challenge(description="Paint the sea.", mode=DUELS, ping_role_id=5)
    draft = await desk.challenges.create(new, NOW)
    assert await desk.challenges.find(HERE, draft.id) == draft
    assert (draft.title, draft.terms, draft.channel_id, draft.created_by) == ("Waves", new.terms, 7, "moderator")
    assert (draft.phase, draft.schedule.confirmed, draft.created_at) == (Phase.DRAFT, False, NOW)
    assert (draft.schedule.opens_at, draft.schedule.entries_end_at) == (NOW, NOW + DAY)
    assert draft.schedule.voting_ends_at == NOW + 2 * DAY
    assert await desk.challenges.listed(HERE, *Phase) == []


async def test_another_server_has_nothing_to_do_with_it(desk: ChallengeDesk) -> None:
    challenge = await opened(desk)
    assert await desk.challenges.get(challenge.id) == challenge
    assert await desk.challenges.listed(THERE, *Phase) == []
    for act in (
        desk.challenges.find(THERE, challenge.id),
        desk.challenges.confirm(THERE, challenge.id, NOW),
        desk.challenges.discard(THERE, challenge.id),
        desk.challenges.end_early(THERE, challenge.id, Phase.OPEN, NOW),
        desk.challenges.extend(THERE, challenge.id, Phase.OPEN, HOUR, NOW),
        desk.challenges.cancel(THERE, challenge.id, "", NOW),
    ):
        with pytest.raises(NoSuchChallenge):
            await act
    assert await desk.challenges.find(HERE, challenge.id) == challenge


async def test_a_challenge_that_begins_now_is_open_once_it_is_confirmed(
    desk: ChallengeDesk, database: Database
) -> None:
    challenge = await opened(desk)
    assert (challenge.phase, challenge.schedule.deadline) == (Phase.OPEN, NOW + DAY)
    assert await tasks_of(database, challenge.id) == ["announce"]
    with pytest.raises(WrongPhase):
        await desk.challenges.confirm(HERE, challenge.id, NOW)


async def test_a_whole_life_is_told_step_by_step_and_each_step_once(desk: ChallengeDesk, database: Database) -> None:
    draft = await desk.challenges.create(new_challenge(opens_at=NOW + HOUR, winner_role_id=5), NOW)
    assert await desk.challenges.carry_out_due(NOW + 2 * HOUR) == []
    challenge = await desk.challenges.confirm(HERE, draft.id, NOW)
    assert (challenge.phase, await tasks_of(database, draft.id)) == (Phase.DRAFT, ["announce"])
    assert await desk.challenges.listed(HERE, Phase.DRAFT) == [challenge]
    (challenge,) = await desk.challenges.carry_out_due(NOW + HOUR)
    entries = [await entered(desk, challenge, name, now=NOW + 2 * HOUR) for name in ("ann", "bob")]
    (challenge,) = await desk.challenges.carry_out_due(NOW + HOUR + DAY)
    await heart(desk, challenge, "cleo", entries[1], now=NOW + 2 * DAY)
    await closed(desk, challenge)
    for _ in range(2):
        assert await desk.challenges.carry_out_due(NOW + 9 * DAY) == []
    assert await tasks_of(database, draft.id) == ["announce", "opened", "vote", "podium", "winner_role bob"]
    assert [(one.entry.id, one.place, one.votes) for one in await desk.archive.ranking(draft.id)] == [
        (entries[1].id, 1, 1),
        (entries[0].id, 2, 0),
    ]


async def test_a_deadline_that_passed_in_a_downtime_is_carried_out_once_and_voting_keeps_its_length(
    desk: ChallengeDesk, database: Database
) -> None:
    challenge = await opened(desk)
    for name in ("ann", "bob"):
        await entered(desk, challenge, name)
    back = NOW + 5 * DAY
    (late,) = await desk.challenges.carry_out_due(back)
    assert (late.phase, late.schedule.voting_ends_at) == (Phase.VOTING, back + DAY)
    assert await desk.challenges.carry_out_due(back) == []
    assert await tasks_of(database, challenge.id) == ["announce", "vote"]


@pytest.mark.parametrize("members", [[], ["ann"]])
async def test_with_fewer_than_two_entries_it_is_over_and_nobody_has_won(
    members: list[str], desk: ChallengeDesk, database: Database
) -> None:
    challenge = await opened(desk, winner_role_id=5)
    for name in members:
        await entered(desk, challenge, name)
    (after,) = await desk.challenges.carry_out_due(NOW + DAY)
    assert after.phase is Phase.CLOSED
    assert await tasks_of(database, challenge.id) == ["announce", "podium"]
    assert [one.place for one in await desk.archive.ranking(challenge.id)] == [1] * len(members)


async def test_photos_that_are_still_being_painted_at_the_end_are_waited_for(
    desk: ChallengeDesk, store: JobStore
) -> None:
    crowded, empty = await opened(desk), await opened(desk)
    await entered(desk, crowded, "ann")
    await store.submit(new_job("1", address={"challenge_id": crowded.id}))
    await store.submit(new_job("2", address={"challenge_id": empty.id, "replaces_entry_id": 7}))
    await store.submit(new_job("3", address={"guild_id": 1}))
    await store.submit(new_job("4", address=None))
    after = {each.id: each.phase for each in await desk.challenges.carry_out_due(NOW + DAY)}
    assert after == {crowded.id: Phase.VOTING, empty.id: Phase.CLOSED}


async def test_pictures_that_were_just_finished_at_the_end_are_waited_for_unless_entered_or_deleted(
    desk: ChallengeDesk, store: JobStore, database: Database
) -> None:
    crowded, stale, deleted = await opened(desk), await opened(desk), await opened(desk)
    for challenge in (crowded, stale, deleted):
        await entered(desk, challenge, "ann")
    for job_id, address in (
        ("1", {"challenge_id": crowded.id}),
        ("2", {"challenge_id": stale.id}),
        ("3", {"challenge_id": deleted.id, "deleted": True}),
    ):
        await store.submit(new_job(job_id, address=address))
    done = update(jobs).values(state="done", finished_at=database_now())
    long_ago = update(jobs).where(jobs.c.id == "2").values(finished_at=database_now() - 3600.0)
    await database.write(lambda connection: (connection.execute(done), connection.execute(long_ago)))
    after = {each.id: each.phase for each in await desk.challenges.carry_out_due(NOW + DAY)}
    assert after == {crowded.id: Phase.VOTING, stale.id: Phase.CLOSED, deleted.id: Phase.CLOSED}


async def test_entries_that_wait_for_approval_at_the_end_are_voted_on_once_they_are_approved(
    desk: ChallengeDesk,
) -> None:
    challenge, entries = await voted_on(desk, "ann", "bob", needs_approval=True)
    for entry in entries:
        await desk.entries.approve(HERE, entry.id, by="moderator", now=NOW + DAY + 1)
    assert await heart(desk, challenge, "cleo", entries[0]) == {entries[0].id}


async def test_every_author_of_a_first_place_gets_the_role_and_each_one_task(
    desk: ChallengeDesk, database: Database
) -> None:
    challenge = await opened(desk, winner_role_id=5, entries_per_member=2)
    ann, also_ann = await entered(desk, challenge, "ann"), await entered(desk, challenge, "ann", "other")
    bob, cleo = await entered(desk, challenge, "bob"), await entered(desk, challenge, "cleo")
    (challenge,) = await desk.challenges.carry_out_due(NOW + DAY)
    for entry in (ann, also_ann, bob):
        await heart(desk, challenge, "dora", entry)
    await closed(desk, challenge)
    assert await tasks_of(database, challenge.id) == [
        *("announce", "vote", "podium"),
        *("winner_role ann", "winner_role bob"),
    ]
    assert [one.place for one in await desk.archive.ranking(challenge.id)] == [1, 1, 1, 4]
    assert cleo.id == (await desk.archive.ranking(challenge.id))[-1].entry.id


async def test_duels_are_ranked_by_who_won_them(desk: ChallengeDesk) -> None:
    challenge, (ann, bob, cleo) = await voted_on(desk, "ann", "bob", "cleo", mode=DUELS)
    for voter in ("dora", "emil"):
        await judge(desk, challenge, voter, bob, ann)
        await judge(desk, challenge, voter, ann, cleo)
    await closed(desk, challenge)
    ranking = await desk.archive.ranking(challenge.id)
    assert [(one.entry.id, one.votes, one.duels) for one in ranking] == [
        (bob.id, 2, 2),
        (ann.id, 2, 4),
        (cleo.id, 0, 2),
    ]
    assert all(one.low < one.score < one.high for one in ranking)


async def test_two_moderators_who_end_it_at_once_end_one_phase(database_url: str) -> None:
    async with open_database(database_url) as one, open_database(database_url) as other:
        desks = challenge_desk(one), challenge_desk(other)
        challenge = await opened(desks[0])
        for name in ("ann", "bob"):
            await entered(desks[0], challenge, name)
        ends = [desk.challenges.end_early(HERE, challenge.id, Phase.OPEN, NOW + HOUR) for desk in desks * 3]
        outcomes = await asyncio.gather(*ends, return_exceptions=True)
        assert [outcome.phase for outcome in outcomes if isinstance(outcome, Challenge)] == [Phase.VOTING]
        refused = [outcome for outcome in outcomes if isinstance(outcome, WrongPhase)]
        assert [error.phase for error in refused] == [Phase.VOTING] * 5
        assert await tasks_of(one, challenge.id) == ["announce", "vote"]


async def test_two_bots_carry_out_a_deadline_once(database_url: str) -> None:
    async with open_database(database_url) as one, open_database(database_url) as other:
        desks = challenge_desk(one), challenge_desk(other)
        first, (entry, _) = await voted_on(desks[0], "ann", "bob", winner_role_id=5)
        await heart(desks[1], first, "cleo", entry)
        looks = [desk.challenges.carry_out_due(first.schedule.voting_ends_at) for desk in desks * 3]
        changed = [each for look in await asyncio.gather(*looks) for each in look]
        assert [each.phase for each in changed] == [Phase.CLOSED]
        assert await tasks_of(one, first.id) == ["announce", "vote", "podium", "winner_role ann"]


async def test_an_end_and_a_deadline_at_the_same_moment_are_one_step(database_url: str) -> None:
    async with open_database(database_url) as one, open_database(database_url) as other:
        bot, moderator = challenge_desk(one), challenge_desk(other)
        challenge, _ = await voted_on(bot, "ann", "bob")
        end = challenge.schedule.voting_ends_at
        await asyncio.gather(
            bot.challenges.carry_out_due(end),
            moderator.challenges.end_early(HERE, challenge.id, Phase.VOTING, end),
            return_exceptions=True,
        )
        assert await tasks_of(one, challenge.id) == ["announce", "vote", "podium"]


async def test_extended_it_goes_on_and_is_due_later(desk: ChallengeDesk) -> None:
    challenge = await opened(desk)
    longer = await desk.challenges.extend(HERE, challenge.id, Phase.OPEN, HOUR, NOW + 1)
    assert longer.schedule.entries_end_at == NOW + DAY + HOUR
    assert await desk.challenges.carry_out_due(NOW + DAY) == []
    with pytest.raises(WrongPhase):
        await desk.challenges.extend(HERE, challenge.id, Phase.VOTING, HOUR, NOW + 1)


async def test_called_off_it_says_why_and_what_was_not_told_yet_is_not_told_any_more(
    desk: ChallengeDesk, database: Database
) -> None:
    challenge, _ = await voted_on(desk, "ann", "bob")
    (announce,) = await desk.tasks.begin_due(NOW + DAY, lease_seconds=30)
    await desk.tasks.done(announce.id, NOW + DAY)
    gone = await desk.challenges.cancel(HERE, challenge.id, "Spam.", NOW + DAY + 1)
    assert (gone.phase, gone.end_reason, gone.schedule.deadline) == (Phase.CANCELLED, "Spam.", None)
    assert await tasks_of(database, challenge.id) == ["announce", "called_off"]
    assert await desk.archive.ranking(challenge.id) == []
    with pytest.raises(WrongPhase):
        await desk.challenges.cancel(HERE, challenge.id, "", NOW + DAY + 2)


async def test_an_announcement_that_has_begun_is_followed_by_the_news_that_it_is_off(
    desk: ChallengeDesk, database: Database
) -> None:
    challenge = await opened(desk)
    await desk.tasks.begin_due(NOW, lease_seconds=30)
    await desk.challenges.cancel(HERE, challenge.id, "", NOW + 1)
    assert await tasks_of(database, challenge.id) == ["announce", "called_off"]


async def test_what_was_never_announced_is_called_off_in_silence(desk: ChallengeDesk, database: Database) -> None:
    challenge = await opened(desk)
    await desk.challenges.cancel(HERE, challenge.id, "", NOW)
    assert await tasks_of(database, challenge.id) == []


async def test_a_draft_can_be_thrown_away_until_it_is_confirmed(desk: ChallengeDesk) -> None:
    draft = await desk.challenges.create(new_challenge(), NOW)
    await desk.challenges.discard(HERE, draft.id)
    assert await desk.challenges.get(draft.id) is None
    challenge = await opened(desk)
    with pytest.raises(WrongPhase):
        await desk.challenges.discard(HERE, challenge.id)


async def test_a_draft_that_nobody_confirms_is_forgotten_after_a_day(desk: ChallengeDesk) -> None:
    draft, planned = [await desk.challenges.create(new_challenge(opens_at=NOW + 3 * DAY), NOW) for _ in range(2)]
    await desk.challenges.confirm(HERE, planned.id, NOW)
    await desk.challenges.carry_out_due(NOW + DAY - 1)
    assert await desk.challenges.get(draft.id) is not None
    await desk.challenges.carry_out_due(NOW + DAY)
    assert await desk.challenges.get(draft.id) is None
    assert await desk.challenges.get(planned.id) is not None


async def test_a_draft_is_revised_until_it_is_confirmed(desk: ChallengeDesk) -> None:
    draft = await desk.challenges.create(new_challenge(), NOW)
    changed = terms(voting_seconds=HOUR)
    revised = await desk.challenges.revise(
        HERE, draft.id, title="Sea", terms=changed, opens_at=NOW + DAY, entries_end_at=NOW + 2 * DAY
    )
    assert await desk.challenges.find(HERE, draft.id) == revised
    assert (revised.title, revised.terms, revised.schedule.voting_ends_at) == ("Sea", changed, NOW + 2 * DAY + HOUR)
    await desk.challenges.confirm(HERE, draft.id, NOW)
    with pytest.raises(WrongPhase):
        await desk.challenges.revise(HERE, draft.id, title="x", terms=changed, opens_at=NOW, entries_end_at=NOW + 1)


async def test_lists_are_by_phase_with_the_newest_first(desk: ChallengeDesk) -> None:
    first, second, third = [await opened(desk, tenant_id=tenant) for tenant in (HERE, HERE, THERE)]
    await desk.challenges.cancel(HERE, first.id, "", NOW)
    fourth = await opened(desk)
    assert [each.id for each in await desk.challenges.listed(HERE, Phase.OPEN)] == [fourth.id, second.id]
    assert [each.id for each in await desk.challenges.listed(HERE, Phase.CANCELLED)] == [first.id]
    assert {each.id for each in await desk.challenges.active()} == {second.id, third.id, fourth.id}


async def test_counts_are_of_what_is_shown_and_of_members_who_voted(desk: ChallengeDesk) -> None:
    challenge = await opened(desk, entries_per_member=2, needs_approval=True)
    entries = [await entered(desk, challenge, who, job) for who, job in (("ann", "1"), ("ann", "2"), ("bob", "3"))]
    await entered(desk, challenge, "bob", "4")
    for entry in entries:
        await desk.entries.approve(HERE, entry.id, by="moderator", now=NOW + 2)
    (challenge,) = await desk.challenges.carry_out_due(NOW + DAY)
    for voter, entry in (("cleo", entries[0]), ("cleo", entries[1]), ("dora", entries[0]), ("bob", entries[0])):
        await heart(desk, challenge, voter, entry)
    assert await desk.challenges.counts(challenge.id) == Counts(entries=3, waiting=1, authors=2, voters=3)
    fresh, lively = await opened(desk), await opened(desk)
    await entered(desk, lively, "ann", "5")
    assert await desk.challenges.counts_of([fresh.id, lively.id, challenge.id]) == {
        fresh.id: Counts(entries=0, waiting=0, authors=0, voters=0),
        lively.id: Counts(entries=1, waiting=0, authors=1, voters=0),
        challenge.id: Counts(entries=3, waiting=1, authors=2, voters=3),
    }


async def test_where_the_card_is_and_what_it_shows_is_remembered(desk: ChallengeDesk) -> None:
    challenge = await opened(desk)
    assert await desk.challenges.shown(challenge.id) == ""
    await desk.challenges.note_shown(challenge.id, "digest")
    await desk.challenges.announced(challenge.id, place_id=2**62, message_id=2**62 + 1)
    found = await desk.challenges.find(HERE, challenge.id)
    assert (found.place_id, found.announcement_id) == (2**62, 2**62 + 1)
    await desk.challenges.announced(challenge.id, place_id=2**62, message_id=None)
    assert (await desk.challenges.find(HERE, challenge.id)).announcement_id is None
    assert await desk.challenges.shown(challenge.id) == "digest"


@pytest.mark.parametrize(
    "written", [{"terms": json.dumps({"voting_seconds": 1.0, "of_tomorrow": True})}, {"phase": "paused"}]
)
async def test_what_a_newer_version_wrote_is_left_alone_and_said_once(
    written: dict[str, object], desk: ChallengeDesk, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    strange, usual = await opened(desk), await opened(desk)
    await scribble(database, strange.id, **written)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert usual.id in [each.id for each in await desk.challenges.active()]
            assert await desk.challenges.get(strange.id) is None
        assert [each.id for each in await desk.challenges.listed(HERE, *Phase)] == [usual.id]
        assert [each.id for each in await desk.challenges.carry_out_due(NOW + DAY)] == [usual.id]
    assert sum("left alone" in record.message for record in caplog.records) == 1
    with pytest.raises(NoSuchChallenge):
        await entered(desk, strange, "ann")


async def test_one_that_cannot_be_carried_out_does_not_keep_the_others(
    desk: ChallengeDesk, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    broken, usual = await opened(desk), await opened(desk)
    nonsense = "UPDATE challenges SET entries_end_at = 'never' WHERE id = ?"  # SQLite keeps anything
    await database.write(lambda connection: connection.exec_driver_sql(nonsense, (broken.id,)))
    assert [each.id for each in await desk.challenges.carry_out_due(NOW + DAY)] == [usual.id]
    assert f"challenge={broken.id}" in caplog.text
    assert "Traceback" in caplog.text
    caplog.clear()
    assert await desk.challenges.carry_out_due(NOW + DAY + 1) == []
    assert not caplog.text, "once a second, for days"


async def test_a_database_that_takes_nothing_is_said_to_whoever_asks(
    desk: ChallengeDesk, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await opened(desk)
    await database.write(lambda connection: connection.exec_driver_sql("PRAGMA query_only = ON"))
    with pytest.raises(QueueUnavailable):
        await desk.challenges.carry_out_due(NOW + DAY)
