"""The clockwork of challenges, with a herald that only takes notes."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.challenges.conductor import Conductor
from bot.challenges.desk import ChallengeDesk, challenge_desk
from bot.challenges.live_cards import LiveCards, facts
from bot.challenges.tasks import Task, TaskKind
from bot.challenges.values import Challenge, Counts, NewChallenge, Phase
from bot.jobs.errors import NotAnswered, PlaceGone
from bot.jobs.pace import Pace
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.database import open_database
from tests.bot_world import until
from tests.challenge_rounds import DAY, terms
from tests.fake_clock import FakeClock

PACE = Pace(between_challenge_edits=8.0, between_old_challenge_edits=60.0)


async def nothing() -> None:
    """Discord took it."""


async def for_ever() -> None:
    """Discord does not answer."""
    await asyncio.Event().wait()


@dataclass
class FakeHerald:
    """Says nothing to anybody; `answers` are what Discord would do about a challenge."""

    done: list[tuple[int, TaskKind, bool]] = field(default_factory=list)
    edited: list[int] = field(default_factory=list)
    given_up: list[TaskKind] = field(default_factory=list)
    over: list[int] = field(default_factory=list)
    answers: defaultdict[int, Callable[[], Awaitable[None]]] = field(
        default_factory=lambda: defaultdict(lambda: nothing)
    )

    async def carry_out(self, task: Task, challenge: Challenge, *, may_be_done: bool) -> None:
        self.done.append((challenge.id, task.kind, may_be_done))
        await self.answers[challenge.id]()

    async def refresh(self, challenge: Challenge, _counts: Counts) -> None:
        self.edited.append(challenge.id)
        await self.answers[challenge.id]()

    def moved_on(self, challenge: Challenge) -> None:
        self.over.append(challenge.id)

    def gave_up(self, task: Task, _challenge: Challenge) -> None:
        self.given_up.append(task.kind)


@dataclass
class Stage:
    desk: ChallengeDesk
    herald: FakeHerald
    clock: FakeClock
    conductor: Conductor

    async def confirmed(self, *, opens_in: float = 0.0) -> Challenge:
        now = self.clock.now()
        new = NewChallenge(
            tenant_id="1",
            title="Waves",
            terms=terms(),
            channel_id=7,
            opens_at=now + opens_in,
            entries_end_at=now + opens_in + DAY,
            created_by="1",
        )
        draft = await self.desk.challenges.create(new, now)
        return await self.desk.challenges.confirm("1", draft.id, now)

    async def look(self, *, after: float = 0.0) -> None:
        """One look, and everything that it begins."""
        self.clock.advance(after)
        async with asyncio.TaskGroup() as group:
            assert await self.conductor.look(group)

    def told(self) -> list[TaskKind]:
        return [kind for _, kind, _ in self.herald.done]


@asynccontextmanager
async def stage(folder: Path, pace: Pace = PACE) -> AsyncIterator[Stage]:
    async with open_database(f"sqlite:///{folder}/queue.sqlite") as database:
        desk, herald, clock = challenge_desk(database), FakeHerald(), FakeClock()
        yield Stage(desk, herald, clock, Conductor(desk, herald, clock, pace))


async def test_deadlines_are_carried_out_once_and_told_in_order(tmp_path: Path) -> None:
    async with stage(tmp_path) as scene:
        challenge = await scene.confirmed(opens_in=60)
        await scene.look()
        assert scene.told() == [TaskKind.ANNOUNCE]
        await scene.look(after=59)
        assert scene.told() == [TaskKind.ANNOUNCE]
        await scene.look(after=1)
        await scene.look()
        await scene.look(after=DAY)
        await scene.look()
        assert scene.told() == [TaskKind.ANNOUNCE, TaskKind.OPENED, TaskKind.PODIUM]
        assert scene.herald.over == [challenge.id, challenge.id]


async def test_what_is_not_answered_is_tried_again_and_may_have_been_done(tmp_path: Path) -> None:
    async with stage(tmp_path) as scene:
        challenge = await scene.confirmed()
        scene.herald.answers[challenge.id] = raising(NotAnswered("503"), NotAnswered("503"))
        await scene.look()
        await scene.look()
        await scene.look(after=PACE.retries[0])
        await scene.look(after=PACE.retries[1])
        await scene.look(after=DAY / 2)
        assert scene.herald.done == [
            (challenge.id, TaskKind.ANNOUNCE, False),
            (challenge.id, TaskKind.ANNOUNCE, True),
            (challenge.id, TaskKind.ANNOUNCE, True),
        ]


async def test_what_is_refused_for_good_is_given_up_and_the_challenge_goes_on(tmp_path: Path) -> None:
    async with stage(tmp_path) as scene:
        challenge = await scene.confirmed()
        scene.herald.answers[challenge.id] = raising(*[PlaceGone("no channel")] * 3)
        for _ in range(5):
            await scene.look(after=60)
        assert scene.herald.given_up == [TaskKind.ANNOUNCE]
        await scene.look(after=DAY)
        assert scene.told()[3:] == [TaskKind.PODIUM]


async def test_an_error_nobody_expected_is_tried_again_and_holds_up_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path) as scene:
        broken, sound = await scene.confirmed(), await scene.confirmed()
        scene.herald.answers[broken.id] = raising(ZeroDivisionError())
        await scene.look()
        await scene.look(after=PACE.retries[0])
        assert sorted(scene.herald.done) == [
            (broken.id, TaskKind.ANNOUNCE, False),
            (broken.id, TaskKind.ANNOUNCE, True),
            (sound.id, TaskKind.ANNOUNCE, False),
        ]


async def test_a_slow_server_does_not_hold_up_another(tmp_path: Path) -> None:
    async with stage(tmp_path) as scene:
        slow, quick = await scene.confirmed(), await scene.confirmed()
        quick_is_done = asyncio.Event()

        async def after_the_quick_one() -> None:
            await quick_is_done.wait()

        async def at_once() -> None:
            quick_is_done.set()

        scene.herald.answers.update({slow.id: after_the_quick_one, quick.id: at_once})
        await scene.look()
        assert sorted(scene.herald.done) == [(one.id, TaskKind.ANNOUNCE, False) for one in (slow, quick)]


async def test_what_takes_too_long_is_ended_and_tried_again(tmp_path: Path) -> None:
    async with stage(tmp_path, replace(PACE, delivery_attempt=0.02)) as scene:
        challenge = await scene.confirmed()
        scene.herald.answers[challenge.id] = for_ever
        await scene.look()
        del scene.herald.answers[challenge.id]
        await scene.look(after=PACE.retries[0])
        assert scene.told() == [TaskKind.ANNOUNCE, TaskKind.ANNOUNCE]
        assert await scene.desk.challenges.shown(challenge.id) == ""  # nobody knows which of the two it shows


async def test_a_bot_that_ends_leaves_what_it_began_to_the_next_at_once(tmp_path: Path) -> None:
    async with stage(tmp_path) as scene:
        challenge = await scene.confirmed()
        scene.herald.answers[challenge.id] = for_ever
        running = asyncio.create_task(scene.conductor.run())
        await until(lambda: scene.herald.done)
        running.cancel()
        await asyncio.wait([running])
        (begun,) = await scene.desk.tasks.begin_due(scene.clock.now(), lease_seconds=30)
        assert begun.kind is TaskKind.ANNOUNCE
        assert begun.attempts > 1  # the clock runs fast here: it may have been given anew while it was under way


async def test_a_database_that_is_away_is_waited_for(tmp_path: Path) -> None:
    async with stage(tmp_path) as scene:
        await scene.confirmed()

        async def away(_now: float) -> list[Challenge]:
            raise QueueUnavailable("locked")

        scene.desk.challenges.carry_out_due = away  # type: ignore[method-assign, assignment]  # as the database would answer
        await scene.look()
        assert scene.told() == [TaskKind.ANNOUNCE]


async def test_a_card_is_edited_where_its_facts_changed_and_not_more_often(tmp_path: Path) -> None:
    async with stage(tmp_path) as scene:
        challenge = await opened(scene)
        cards = LiveCards(scene.desk, scene.herald, scene.clock, PACE)
        await edited(cards)
        assert scene.herald.edited == []  # it shows what was posted
        await extended(scene, challenge)
        await edited(cards)
        await edited(cards)
        assert scene.herald.edited == [challenge.id]
        scene.clock.advance(PACE.card_lasts)
        await extended(scene, challenge)
        await edited(cards)
        await extended(scene, challenge)
        await edited(cards)
        assert scene.herald.edited == [challenge.id] * 2  # an old one less often
        scene.clock.advance(PACE.between_old_challenge_edits)
        await edited(cards)
        assert scene.herald.edited == [challenge.id] * 3


async def test_a_card_out_of_reach_is_tried_again_when_there_is_something_new_to_show(tmp_path: Path) -> None:
    async with stage(tmp_path) as scene:
        challenge = await opened(scene)
        cards = LiveCards(scene.desk, scene.herald, scene.clock, PACE)
        scene.herald.answers[challenge.id] = raising(NotAnswered("503"), PlaceGone("closed"))
        await extended(scene, challenge)
        for _ in range(4):
            await edited(cards)
        assert len(scene.herald.edited) == 2  # once more after no answer, and not after the refusal
        await extended(scene, challenge)
        await edited(cards)
        assert len(scene.herald.edited) == 3


async def test_an_edit_that_is_under_way_does_not_come_after_somebody_elses(tmp_path: Path) -> None:
    async with stage(tmp_path) as scene:
        challenge = await opened(scene)
        cards = LiveCards(scene.desk, scene.herald, scene.clock, PACE)
        scene.herald.answers[challenge.id] = for_ever
        await extended(scene, challenge)
        async with asyncio.TaskGroup() as group:
            await cards.look(group)
            await until(lambda: scene.herald.edited)
            async with cards.left_alone(challenge.id):
                await cards.look(group)
                assert len(scene.herald.edited) == 1
            del scene.herald.answers[challenge.id]
            await cards.look(group)
        assert len(scene.herald.edited) == 2


async def test_votes_change_the_card_only_while_they_are_given(tmp_path: Path) -> None:
    async with stage(tmp_path) as scene:
        challenge = await scene.confirmed()
        before, after = (Counts(entries=2, waiting=0, authors=2, voters=n) for n in (0, 5))
        assert facts(challenge, before) == facts(challenge, after)
        voting = replace(challenge, schedule=replace(challenge.schedule, phase=Phase.VOTING))
        assert facts(voting, before) != facts(voting, after)


async def opened(scene: Stage) -> Challenge:
    """Open, and announced."""
    challenge = await scene.confirmed()
    await scene.look()
    await scene.desk.challenges.announced(challenge.id, place_id=7, message_id=8)
    return challenge


async def extended(scene: Stage, challenge: Challenge) -> None:
    await scene.desk.challenges.extend("1", challenge.id, Phase.OPEN, 60, scene.clock.now())


async def edited(cards: LiveCards) -> None:
    async with asyncio.TaskGroup() as group:
        await cards.look(group)


def raising(*errors: Exception) -> Callable[[], Awaitable[None]]:
    """One after the other, and then nothing."""
    left = list(errors)

    async def answer() -> None:
        if left:
            raise left.pop(0)

    return answer
