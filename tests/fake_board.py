"""A board and a courier in the test's own process, and a place for them to show and post things."""

import asyncio
from dataclasses import dataclass, field, replace

from bot.jobs.address import Address
from bot.jobs.card import Card
from bot.jobs.card_keeper import Snapshot
from bot.jobs.errors import BotError
from nst_engine.contract.jobs import JobState
from nst_engine.queue.jobs import Job, ProgressReport
from tests.fake_clock import FakeClock

ADDRESS = Address(
    guild_id=1,
    channel_id=2,
    user_id=3,
    locale="en-US",
    content_name="cat.png",
    style_names=("wave.png",),
    upload_limit_bytes=10 * 2**20,
    wants_thread=True,
    starter_message_id=4,
)


@dataclass
class FakeBoard:
    """Does as told: each method first raises the next error prepared for it."""

    clock: FakeClock
    acts: list[tuple[str, int | None]] = field(default_factory=list)
    shown: list[tuple[float, Card]] = field(default_factory=list)
    errors: dict[str, list[BotError]] = field(default_factory=dict)
    found: int | None = None
    posted: int = 100
    hang: bool = False

    def _act(self, name: str, what: int | None) -> None:
        self.acts.append((name, what))
        if self.errors.get(name):
            raise self.errors[name].pop(0)

    async def open_thread(self, address: Address) -> Address:
        self._act("open_thread", address.starter_message_id)
        return address.with_thread(4)

    async def open_direct(self, address: Address) -> Address:
        self._act("open_direct", address.user_id)
        return address.in_direct_messages(5)

    async def make_room(self, address: Address) -> Address:
        self._act("make_room", address.starter_message_id)
        return address.with_answer(6)

    async def find_card(self, address: Address, job_id: str) -> int | None:
        self._act("find_card", address.place_id)
        return self.found

    async def post_card(self, address: Address, card: Card) -> int:
        self._act("post_card", address.place_id)
        if self.hang:
            await asyncio.Event().wait()
        self.posted += 1
        self.shown.append((self.clock.now(), card))
        return self.posted

    async def edit_card(self, address: Address, card: Card, *, shown: Card | None) -> None:
        self._act("edit_card", address.card_message_id)
        self.shown.append((self.clock.now(), card))

    async def remove_card(self, address: Address) -> None:
        self._act("remove_card", address.card_message_id)


class FakeCourier:
    """Delivers everything at once."""

    def __init__(self) -> None:
        self.delivered: list[Job] = []

    async def deliver(self, job: Job, address: Address, *, may_have_posted: bool) -> None:
        self.delivered.append(job)

    async def apologize(self, job: Job, address: Address) -> None:
        raise AssertionError("nobody has given up")


def painting(job: Job, step: int = 0) -> Snapshot:
    report = ProgressReport(step=step, steps=100, steps_per_second=1.0, seconds_left=9.0)
    return Snapshot(job=replace(job, state=JobState.RUNNING), standing=None, progress=report)
