"""What is to be told of challenges, `bot/challenges/tasks.py`."""

import asyncio

import pytest

from bot.challenges.desk import ChallengeDesk, challenge_desk
from bot.challenges.tasks import AGAIN, Task, TaskKind, add_task
from bot.challenges.values import Phase
from nst_engine.queue.database import Database, open_database
from tests.challenge_rig import HOUR, NOW, closed, opened, tasks_of, voted_on

LEASE = 30.0


@pytest.fixture
def desk(database: Database) -> ChallengeDesk:
    return challenge_desk(database)


async def begun(desk: ChallengeDesk, now: float = NOW, limit: int = 20) -> list[Task]:
    return await desk.tasks.begin_due(now, lease_seconds=LEASE, limit=limit)


def kinds(tasks: list[Task]) -> list[TaskKind]:
    return [task.kind for task in tasks]


async def test_a_task_comes_back_as_it_was_added_and_counted_as_begun(desk: ChallengeDesk) -> None:
    await desk.tasks.add(1, TaskKind.REMOVED, NOW, "7")
    (task,) = await begun(desk)
    assert task == Task(id=task.id, challenge_id=1, kind=TaskKind.REMOVED, subject="7", attempts=1)


async def test_nobody_else_is_given_it_until_its_lease_is_over(desk: ChallengeDesk) -> None:
    await desk.tasks.add(1, TaskKind.ANNOUNCE, NOW)
    (first,) = await begun(desk)
    assert await begun(desk, NOW + LEASE - 1) == []
    (again,) = await begun(desk, NOW + LEASE)
    assert (again.id, again.attempts) == (first.id, 2)


async def test_it_is_not_due_before_its_time(desk: ChallengeDesk) -> None:
    await desk.tasks.add(1, TaskKind.ANNOUNCE, NOW)
    assert await begun(desk, NOW - 1) == []
    (task,) = await begun(desk)
    await desk.tasks.postpone(task.id, NOW + 5)
    assert await begun(desk, NOW + 4) == []
    assert kinds(await begun(desk, NOW + 5)) == [TaskKind.ANNOUNCE]


async def test_what_is_done_is_done(desk: ChallengeDesk) -> None:
    await desk.tasks.add(1, TaskKind.ANNOUNCE, NOW)
    (task,) = await begun(desk)
    await desk.tasks.done(task.id, NOW)
    await desk.tasks.postpone(task.id, NOW)
    assert await begun(desk, NOW + 9 * LEASE) == []


async def test_what_is_said_of_one_challenge_comes_in_order_and_of_others_meanwhile(
    desk: ChallengeDesk, database: Database
) -> None:
    for challenge_id, kind in ((1, TaskKind.ANNOUNCE), (1, TaskKind.VOTE), (2, TaskKind.PODIUM)):
        await desk.tasks.add(challenge_id, kind, NOW)
    first, other = await begun(desk)
    assert kinds([first, other]) == [TaskKind.ANNOUNCE, TaskKind.PODIUM]
    await desk.tasks.postpone(first.id, NOW + 60)
    await desk.tasks.done(other.id, NOW)
    assert await begun(desk, NOW + 59) == []
    (first,) = await begun(desk, NOW + 60)
    await desk.tasks.done(first.id, NOW + 60)
    assert kinds(await begun(desk, NOW + 60)) == [TaskKind.VOTE]


async def test_roles_and_letters_wait_for_nothing_and_keep_nothing_waiting(desk: ChallengeDesk) -> None:
    for kind in (TaskKind.REMOVED, TaskKind.VOTE, TaskKind.APPROVED, TaskKind.WINNER_ROLE, TaskKind.PODIUM):
        await desk.tasks.add(1, kind, NOW, "7")
    assert kinds(await begun(desk)) == [TaskKind.REMOVED, TaskKind.VOTE, TaskKind.APPROVED, TaskKind.WINNER_ROLE]


async def test_the_oldest_are_begun_first_and_no_more_than_wanted(desk: ChallengeDesk) -> None:
    for challenge_id in range(5):
        await desk.tasks.add(challenge_id, TaskKind.VOTE, NOW)
    assert [task.challenge_id for task in await begun(desk, limit=3)] == [0, 1, 2]
    assert [task.challenge_id for task in await begun(desk, limit=3)] == [3, 4]


async def test_two_bots_begin_each_task_once(database_url: str) -> None:
    async with open_database(database_url) as one, open_database(database_url) as other:
        desks = challenge_desk(one), challenge_desk(other)
        for challenge_id in range(10):
            await desks[0].tasks.add(challenge_id, TaskKind.VOTE, NOW)
        looks = await asyncio.gather(*(begun(desk) for desk in desks * 3))
        assert sorted(task.challenge_id for look in looks for task in look) == list(range(10))
        assert {task.attempts for look in looks for task in look} == {1}


async def test_what_is_still_to_be_done_is_not_added_again(desk: ChallengeDesk, database: Database) -> None:
    for _ in range(3):
        await desk.tasks.add(1, TaskKind.REPOST, NOW)
    assert await tasks_of(database, 1) == ["repost"]
    (task,) = await begun(desk)
    await desk.tasks.done(task.id, NOW)
    await desk.tasks.add(1, TaskKind.REPOST, NOW)
    assert await tasks_of(database, 1) == ["repost", "repost"]


async def test_an_extension_is_told_with_its_end_and_no_more_once_it_is_called_off(
    desk: ChallengeDesk, database: Database
) -> None:
    challenge = await opened(desk)
    for task in await begun(desk):
        await desk.tasks.done(task.id, NOW)
    for _ in range(2):
        await desk.challenges.extend(challenge.tenant_id, challenge.id, Phase.OPEN, HOUR, NOW)
    end = round(challenge.schedule.entries_end_at)
    assert await tasks_of(database, challenge.id) == [
        "announce",
        f"extended {end + round(HOUR)}",
        f"extended {end + round(2 * HOUR)}",
    ]
    await desk.challenges.cancel(challenge.tenant_id, challenge.id, "Rain.", NOW)
    assert await tasks_of(database, challenge.id) == ["announce", "called_off"]


async def test_what_is_said_again_is_what_belongs_to_the_phase(desk: ChallengeDesk, database: Database) -> None:
    challenge, _entries = await voted_on(desk, "ann", "bob")
    await desk.tasks.say_again(challenge, NOW)
    assert await tasks_of(database, challenge.id) == ["announce", "vote", "repost"], "the call to vote is still to come"
    while tasks := await begun(desk, challenge.schedule.voting_ends_at):
        for task in tasks:
            await desk.tasks.done(task.id, NOW)
    for _ in range(2):
        await desk.tasks.say_again(challenge, NOW)
    await desk.tasks.say_again(await closed(desk, challenge), NOW)
    told = await tasks_of(database, challenge.id)
    assert told == ["announce", "vote", "repost", "repost", f"vote {AGAIN}", "podium"]


async def test_a_kind_that_a_newer_version_knows_is_left_to_it(desk: ChallengeDesk, database: Database) -> None:
    await database.write(lambda connection: add_task(connection, 1, "fanfare", NOW))  # type: ignore[arg-type]  # on purpose
    await desk.tasks.add(1, TaskKind.PODIUM, NOW)
    assert kinds(await begun(desk)) == [TaskKind.PODIUM]
